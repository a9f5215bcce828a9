"""Whatever is written to a port, the till neither raises nor hangs, and the next host in good order is served."""

from collections.abc import Callable
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.device.pace import OFF, PACES
from kktsim.host.loop_wire import LoopWire
from kktsim.host.till import Till
from protocol.atol import link_v2_frame, link_v3
from protocol.atol.command import COMMANDS
from tests.atol.values import requests

from .talk import PASSWORD, Talk

MakeBench = Callable[..., Bench]
STATES = st.sampled_from(("factory", "registered", "shift-open", "receipt-open", "archive-closed"))
DECLARED = sorted(COMMANDS)

messages = (
    st.sampled_from(DECLARED).flatmap(lambda code: requests(COMMANDS[code])).map(lambda one: PASSWORD + one.to_wire())
    | st.tuples(st.sampled_from(DECLARED), st.binary(max_size=40)).map(
        lambda pair: PASSWORD + bytes((pair[0],)) + pair[1]
    )
    | st.binary(max_size=20)
)
v3_payloads = (
    st.tuples(st.integers(0, 7), st.integers(0, 0xDF), messages).map(lambda one: bytes((0xC1, one[0], one[1])) + one[2])
    | st.tuples(st.sampled_from((0xC1, 0xC2, 0xC3, 0xC4, 0xC5)), st.binary(max_size=5)).map(
        lambda one: bytes((one[0],)) + one[1]
    )
    | st.binary(max_size=30)
)
v3_frames = st.builds(link_v3.encode, st.integers(0, 0xF0), v3_payloads)
v2_frames = messages.map(link_v2_frame.encode)
controls = st.lists(st.sampled_from(list(link_v2_frame.Control)), max_size=6).map(bytes)
anything = st.binary(max_size=40) | v3_frames | v2_frames | controls
nearly = st.tuples(anything, st.integers(0, 60)).map(lambda one: one[0][: one[1]])


@settings(max_examples=300)
@given(
    state=STATES,
    writes=st.lists(anything | nearly, max_size=12),
    pauses=st.lists(st.floats(0, 3), max_size=3),
    pace=st.sampled_from(sorted(PACES)),
)
@example(
    state="registered", writes=[link_v3.encode(1, bytes.fromhex("C1 01 01 00 00 64 00 00 00"))], pauses=[], pace=OFF
)
@example(state="registered", writes=[link_v3.encode(1, bytes.fromhex("C1 01 01 00 00 50 02"))], pauses=[], pace=OFF)
def test_garbage_of_any_kind_never_raises_and_never_hangs(
    make_bench: MakeBench, state: str, writes: list[bytes], pauses: list[float], pace: str
) -> None:
    talk = Talk(make_bench(state))
    talk.bench.executor.pace = PACES[pace]
    for number, write in enumerate(writes):
        talk.says(write)
        if number < len(pauses):
            talk.waits(pauses[number])
    settle(talk)
    talk.line.dropped()
    talk.bench.power_on()
    for link in ("v2", "v3"):
        till = Till(LoopWire(talk.line, talk.bench.clock), link=link, password=talk.bench.kkt.access_password)
        assert till.send(b"\x3f")[0] == 0x44


def settle(talk: Talk) -> None:
    """Let everything come to its end; link v2 repeats what is not acknowledged, but not for ever."""
    for _ in range(200):
        deadline = talk.line.session.next_deadline()
        if deadline is None or not talk.bench.kkt.is_on:
            return
        talk.waits(max(deadline - talk.bench.clock.now(), 0.0))
    raise AssertionError("the till never comes to rest")


@given(writes=st.lists(anything | nearly, max_size=8), cuts=st.lists(st.integers(0, 400), max_size=20))
def test_any_split_of_anything_gives_the_same_bytes(
    make_bench: MakeBench, writes: list[bytes], cuts: list[int]
) -> None:
    stream = b"".join(writes)
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    whole, split = Talk(make_bench("receipt-open")), Talk(make_bench("receipt-open"))
    said = b"".join(split.says(stream[start:end]) for start, end in pairwise(places))
    assert said == whole.says(stream)
    assert split.line.session.next_deadline() == whole.line.session.next_deadline()


@given(junk=st.lists(st.binary(max_size=80), max_size=8))
def test_bytes_that_begin_no_link_are_not_answered(make_bench: MakeBench, junk: list[bytes]) -> None:
    talk = Talk(make_bench())
    quiet = [part.replace(b"\xfe", b"").replace(b"\x05", b"") for part in junk]
    assert all(talk.says(part) == b"" for part in quiet)
    assert not talk.line.session.spoke
