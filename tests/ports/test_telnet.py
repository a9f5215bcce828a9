"""Data and commands in a telnet stream."""

from hypothesis import example, given
from hypothesis import strategies as st

from kktsim.ports.telnet import LONGEST_SUBNEGOTIATION, Piece, TelnetDecoder, escape, subnegotiation

from .telnet_streams import split, streams

DATA, OPTION, SUBNEGOTIATION = Piece.DATA, Piece.OPTION, Piece.SUBNEGOTIATION


def pieces(*parts: bytes) -> list[tuple[Piece, bytes]]:
    decoder = TelnetDecoder()
    return [piece for part in parts for piece in decoder.feed(part)]


def joined(found: list[tuple[Piece, bytes]]) -> list[tuple[Piece, bytes]]:
    """Neighbouring runs of data as one."""
    whole: list[tuple[Piece, bytes]] = []
    for kind, data in found:
        if kind is DATA and whole and whole[-1][0] is DATA:
            data = whole.pop()[1] + data  # noqa: PLW2901 - the run goes on
        whole.append((kind, data))
    return whole


def test_data_and_commands_come_in_order() -> None:
    stream = b"\x05\xff\xff\xfe" + b"\xff\xfd\x2c" + b"\x06" + b"\xff\xfa\x2c\x05\xff\xff\xff\xf0" + b"\x15"
    assert pieces(stream) == [
        (DATA, b"\x05\xff\xfe"),
        (OPTION, b"\xff\xfd\x2c"),
        (DATA, b"\x06"),
        (SUBNEGOTIATION, b"\x2c\x05\xff"),
        (DATA, b"\x15"),
    ]


def test_commands_that_mean_nothing_here_are_skipped() -> None:
    stray_end, no_operation, go_ahead = b"\xff\xf0", b"\xff\xf1", b"\xff\xf9"
    assert pieces(b"a" + stray_end + no_operation + b"b" + go_ahead + b"\xff\x00c") == [
        (DATA, b"a"),
        (DATA, b"b"),
        (DATA, b"c"),
    ]


def test_a_subnegotiation_that_breaks_off_is_forgotten_and_the_next_command_is_heard() -> None:
    assert pieces(b"\xff\xfa\x2c\x01\xff\xfb\x00\xff\xfa\x2c\x07\xff\xf0") == [
        (OPTION, b"\xff\xfb\x00"),
        (SUBNEGOTIATION, b"\x2c\x07"),
    ]


def test_a_subnegotiation_without_end_does_not_swallow_the_data_for_ever() -> None:
    longest = b"x" * LONGEST_SUBNEGOTIATION
    assert pieces(b"\xff\xfa" + longest, b"\xff\xf0after") == [(SUBNEGOTIATION, longest), (DATA, b"after")]
    assert pieces(b"\xff\xfa" + longest, b"\x05") == [(DATA, b"\x05")]


@given(streams(), st.data())
@example(b"\xff\xfa\xff\xff", None)
def test_any_split_of_a_stream_gives_the_same_pieces(stream: bytes, data: st.DataObject | None) -> None:
    parts = split(stream, data) if data else [bytes((byte,)) for byte in stream]
    assert joined(pieces(*parts)) == joined(pieces(stream))


@given(st.binary())
def test_what_is_escaped_is_read_back(data: bytes) -> None:
    assert pieces(escape(data)) == ([(DATA, data)] if data else [])
    if len(data) <= LONGEST_SUBNEGOTIATION:
        assert pieces(subnegotiation(data)) == [(SUBNEGOTIATION, data)]
