"""Which link a port speaks: chosen anew whenever nothing is begun or owed; junk in between is skipped."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.decode import Side
from kktsim.trace import Trace, read
from protocol.atol import link_v2_frame, link_v3

from .talk import ASYNC, PASSWORD, Talk, add, told

PROBE = bytes.fromhex("24 40 0D 00 20 01 F7 40 74 65 73 74 65")
"""What ATOL's driver 10 writes first, to find tills of another platform."""
ABORT = link_v3.encode(0, b"\xc4")
STATE = "55 00 00"
"""What 45h is answered in selection mode."""

TRACES = Path(__file__).parents[1] / "traces"
NAMES = ("open-shift", "sale", "z-report")
DIALOGUES = [read((TRACES / f"atol-{name}.jsonl").read_text("utf-8")) for name in NAMES]
by_name = pytest.mark.parametrize("dialogue", DIALOGUES, ids=NAMES)

MakeBench = Callable[..., Bench]


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """A registered till in selection mode."""
    Talk(bench).does("48")
    return bench


def v2_frame(command: str) -> bytes:
    return link_v2_frame.encode(PASSWORD + bytes.fromhex(command))


def v2_writes(*commands: str) -> list[bytes]:
    """What a v2 host writes for these commands, one control byte or frame at a time."""
    return [part for command in commands for part in (b"\x05", v2_frame(command), b"\x04", b"\x06", b"\x06")]


def test_the_probe_of_a_real_driver_is_skipped_and_its_abort_answered(bench: Bench) -> None:
    assert Talk(bench).says(PROBE + ABORT) == bytes.fromhex("FE 01 00 00 A3 2E")


@pytest.mark.parametrize("junk", [bytes(4), b"\x06", b"\x15\x06", b"\x04", b"\x02\x03", b"AT\r", PROBE])
def test_junk_before_either_link_is_skipped_in_silence(bench: Bench, junk: bytes) -> None:
    talk = Talk(bench)
    assert talk.says(junk) == b""
    assert talk.does("45") == STATE
    assert talk.says(junk) == b""
    assert talk.v2("45") == STATE
    assert talk.says(junk) == b""
    assert talk.v2("45") == STATE
    assert talk.says(junk + ABORT) == link_v3.encode(0, b"\xa3")


def test_one_port_serves_both_links_by_turns(bench: Bench) -> None:
    talk = Talk(bench)
    for number in range(3):
        assert talk.v2("45") == STATE
        assert talk.does("45", task=number) == STATE
        assert talk.does("45", task=number) == STATE


def test_a_host_that_was_let_in_may_still_choose_the_other_link(bench: Bench) -> None:
    talk = Talk(bench)
    assert talk.says("05") == b"\x06"
    assert talk.does("45") == STATE


def test_the_first_byte_of_the_other_link_inside_a_frame_is_data(bench: Bench) -> None:
    talk = Talk(bench)
    assert talk.does("4C 05 05 05") == STATE
    assert talk.v2("4C FE FE FE") == STATE
    frame = link_v3.encode(1, add(1, "4C 05 05"))
    assert told(b"".join(talk.says(frame[at : at + 1]) for at in range(len(frame))))[-1] == (ASYNC, "A6 01 55 00 00")
    frame = v2_frame("4C FE 05")
    assert b"".join(talk.says(bytes((byte,))) for byte in b"\x05" + frame + b"\x04") == b"\x06\x06\x05"


def test_a_v3_frame_that_is_cut_off_costs_only_itself(bench: Bench) -> None:
    talk = Talk(bench)
    assert talk.says(link_v3.encode(7, add(7, "45"))[:6]) == b""
    assert talk.does("45") == STATE


def test_a_client_that_closes_in_the_middle_of_a_frame_leaves_nothing_begun(bench: Bench) -> None:
    talk = Talk(bench)
    for begun in (link_v3.encode(7, add(7, "45"))[:6], b"\x05" + v2_frame("45")[:3], b"\x05" + v2_frame("45")):
        talk.says(begun)
        talk.line.dropped()
        assert talk.v2("45") == STATE
        talk.says(begun)
        talk.line.dropped()
        assert talk.does("45") == STATE


def test_several_frames_in_one_write_are_answered_in_order(bench: Bench) -> None:
    frames = [link_v3.encode(number, add(number, "45")) for number in range(4)]
    expected = [(ASYNC, f"A6 {number:02X} 55 00 00") for number in range(4)]
    answers = told(Talk(bench).says(b"".join(frames)))
    assert answers == [pair for number in range(4) for pair in ((number, "A2"), expected[number])]


@by_name
@given(cuts=st.lists(st.integers(0, 2000), max_size=40))
def test_any_split_of_a_real_dialogue_gives_the_same_bytes(
    make_bench: MakeBench, dialogue: Trace, cuts: list[int]
) -> None:
    stream, state = written(dialogue), dialogue.header.state
    assert split(make_bench(state), stream, cuts) == Talk(make_bench(state)).says(stream)


@by_name
def test_a_real_dialogue_byte_by_byte_gives_the_same_bytes(make_bench: MakeBench, dialogue: Trace) -> None:
    stream, state = written(dialogue), dialogue.header.state
    assert split(make_bench(state), stream, list(range(len(stream)))) == Talk(make_bench(state)).says(stream)


@given(cuts=st.lists(st.integers(0, 2000), max_size=40))
def test_any_split_of_a_dialogue_in_v2_and_then_in_v3_gives_the_same_bytes(
    make_bench: MakeBench, cuts: list[int]
) -> None:
    stream = b"".join(v2_writes("3F", "56 01 00 00 00 30", "9A 00", "4C 05 FE 03 10", "FF", "92 00 01", "59"))
    stream += PROBE + ABORT + b"".join(link_v3.encode(number, add(number, "3F")) for number in range(3))
    assert split(make_bench(), stream, cuts) == Talk(make_bench()).says(stream)


def written(dialogue: Trace) -> bytes:
    """What the driver writes, in a row."""
    return b"".join(entry.data for entry in dialogue.entries if entry.side is Side.HOST)


def split(bench: Bench, stream: bytes, cuts: list[int]) -> bytes:
    """What the till writes to a stream in pieces."""
    talk = Talk(bench)
    places = sorted({0, len(stream), *(cut % len(stream) for cut in cuts)})
    return b"".join(talk.says(stream[start:end]) for start, end in pairwise(places))


def test_a_stray_fe_does_not_keep_link_v2_out_for_ever(bench: Bench) -> None:
    line = bench.open_line()
    now = bench.clock.now()
    assert line.session.receive(b"\xfe", now, bench.world) == b""
    assert line.session.receive(b"\x05", now + 0.5, bench.world) == b""
    assert line.session.receive(b"\x05", now + 3.0, bench.world) == b"\x06"
