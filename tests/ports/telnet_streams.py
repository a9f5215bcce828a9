"""Telnet streams for Hypothesis: commands of a COM port, whole, broken and mixed with data."""

from hypothesis import strategies as st

OPTIONS = st.builds(
    lambda word, option: bytes((0xFF, word, option)),
    st.sampled_from((0xFB, 0xFC, 0xFD, 0xFE)),
    st.sampled_from((0x00, 0x01, 0x03, 0x2C, 0x18, 0xFF)),
)
COMMANDS = st.builds(
    lambda command, value, end: b"\xff\xfa\x2c" + bytes((command,)) + value + end,
    st.integers(0, 13),
    st.binary(max_size=5) | st.integers(0, 21).map(lambda value: bytes((value,))),
    st.sampled_from((b"\xff\xf0", b"\xff\xf0", b"\xff\xf0", b"\xff", b"")),
)
NOISE = st.lists(st.sampled_from((0xFF, 0xFA, 0xF0, 0x2C, 0x00, 0xFE, 0x05, 0x41)), max_size=8).map(bytes)


def streams() -> st.SearchStrategy[bytes]:
    """A stream of any of these."""
    return st.lists(OPTIONS | COMMANDS | NOISE | st.binary(max_size=8), max_size=12).map(b"".join)


def split(stream: bytes, data: st.DataObject) -> list[bytes]:
    """The stream cut at places of Hypothesis' choice."""
    places = data.draw(st.lists(st.integers(0, len(stream)), max_size=6).map(sorted))
    return [stream[start:end] for start, end in zip([0, *places], [*places, len(stream)], strict=True)]
