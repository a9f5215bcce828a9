"""The host's role of link v3: by itself, and joined to a till by a wire that splits, drops and damages bytes."""

from collections.abc import Callable
from random import Random

import pytest

from kktsim.bench import Bench
from kktsim.host.loop_wire import LoopWire
from kktsim.host.till import NoAnswerError, Till
from protocol.atol.link_v3 import ASYNC_ID, Decoder, encode
from protocol.atol.link_v3_host import LAST_ID, POLL_SECONDS, HostLink

MESSAGE = bytes.fromhex("00 00 45")
REPLY = bytes.fromhex("55 00 00")
ABORT = b"\xc4"


def frames(data: bytes) -> list[tuple[int, bytes | None]]:
    return list(Decoder().feed(data))


def add(task: int) -> bytes:
    return bytes((0xC1, 1, task)) + MESSAGE


class Host:
    """A host whose frames are read as soon as it sends them."""

    def __init__(self) -> None:
        self.link = HostLink()
        self.now = 0.0
        self.added_by = 0

    def request(self) -> list[tuple[int, bytes | None]]:
        return self._sent(self.link.request(MESSAGE, self.now))

    def gets(self, frame_id: int, data: str | bytes) -> list[tuple[int, bytes | None]]:
        """What the host sends on when it gets this frame."""
        told = bytes.fromhex(data) if isinstance(data, str) else data
        return self._sent(self.link.receive(encode(frame_id, told), self.now))

    def waits(self, seconds: float) -> list[tuple[int, bytes | None]]:
        self.now += seconds
        return self._sent(self.link.tick(self.now))

    def _sent(self, data: bytes) -> list[tuple[int, bytes | None]]:
        sent = frames(data)
        if sent:
            self.added_by = sent[-1][0]
        return sent


def test_the_host_aborts_first_and_adds_with_need_of_a_result() -> None:
    host = Host()
    assert frames(host.link.connect()) == [(0, ABORT)]
    assert host.request() == [(1, add(0))]


@pytest.mark.parametrize("direct", [True, False])
def test_a_result_comes_directly_or_later(direct: bool) -> None:
    host = Host()
    host.request()
    if direct:
        assert host.gets(host.added_by, b"\xa3" + REPLY) == []
    else:
        assert host.gets(host.added_by, "A2") == []
        assert host.link.answer is None
        assert host.gets(ASYNC_ID, b"\xa6\x00" + REPLY) == []
    assert host.link.answer == REPLY and host.link.deadline is None


@pytest.mark.parametrize(("frame_id", "data"), [(None, "A4 55 9B 00"), (ASYNC_ID, "A7 00 55 9B 00")])
def test_a_refusal_is_an_answer_too(frame_id: int | None, data: str) -> None:
    host = Host()
    host.request()
    host.gets(host.added_by if frame_id is None else frame_id, data)
    assert host.link.answer == bytes.fromhex("55 9B 00")


def test_the_last_task_is_acknowledged_with_the_next_one_or_at_the_end() -> None:
    host = Host()
    host.request()
    host.gets(host.added_by, b"\xa3" + REPLY)
    assert host.request() == [(1, b"\xc2\x00"), (2, add(1))]
    host.gets(host.added_by, b"\xa3" + REPLY)
    assert frames(host.link.farewell()) == [(3, b"\xc2\x01")]
    assert host.link.farewell() == b""


def test_ids_of_frames_and_tasks_wrap_as_those_of_a_real_driver() -> None:
    host = Host()
    tasks = set()
    for _ in range(LAST_ID + 2):
        *_, (_, data) = host.request()
        assert data is not None
        tasks.add(data[2])
        host.gets(host.added_by, b"\xa3" + REPLY)
    assert tasks == set(range(LAST_ID + 1))


def test_after_silence_the_result_is_asked_for_again_and_again() -> None:
    host = Host()
    host.request()
    assert host.waits(POLL_SECONDS / 2) == []
    assert host.waits(POLL_SECONDS / 2) == [(1, b"\xc3\x00")]
    assert host.waits(POLL_SECONDS) == [(2, b"\xc3\x00")]
    host.gets(host.added_by, b"\xa3" + REPLY)
    assert host.link.answer == REPLY


@pytest.mark.parametrize("state", ["A1", "A2", "A8"])
def test_a_task_that_is_not_done_is_waited_for(state: str) -> None:
    host = Host()
    host.request()
    assert host.gets(host.added_by, state) == []
    assert host.link.answer is None and host.link.deadline == POLL_SECONDS


WHAT_THE_HOST_DOES = {
    "stopped": ("A5 D5", [(1, ABORT), (2, add(1))]),
    "not found": ("B3", [(1, add(1))]),
    "already there": ("B2", [(1, add(2))]),
    "overflow": ("B1", [(1, ABORT), (2, add(1))]),
    "empty frame": ("", [(1, b"\xc3\x00")]),
}


@pytest.mark.parametrize(("data", "sent"), WHAT_THE_HOST_DOES.values(), ids=WHAT_THE_HOST_DOES)
def test_a_task_that_cannot_run_is_added_again(data: str, sent: list[tuple[int, bytes | None]]) -> None:
    host = Host()
    host.request()
    assert host.gets(host.added_by, data) == sent


def test_a_till_that_calls_the_task_illegal_is_not_asked_again() -> None:
    host = Host()
    host.request()
    assert host.gets(host.added_by, "B4 01") == []
    assert host.link.failed and host.link.answer is None and host.link.deadline is None
    host.request()
    assert not host.link.failed
    host.gets(host.added_by, b"\xa3" + REPLY)
    assert host.link.answer == REPLY


def test_a_damaged_frame_makes_the_host_ask() -> None:
    host = Host()
    host.request()
    damaged = bytearray(encode(0, b"\xa3" + REPLY))
    damaged[-1] ^= 1
    assert frames(host.link.receive(bytes(damaged), 0.0)) == [(1, b"\xc3\x00")]


def test_what_was_not_asked_is_ignored() -> None:
    host = Host()
    assert host.gets(ASYNC_ID, b"\xa6\x07" + REPLY) == []
    host.request()
    assert host.gets(0x55, b"\xa3" + REPLY) == []
    assert host.gets(ASYNC_ID, b"\xa6\x07" + REPLY) == []
    assert host.gets(0x55, "") == []
    assert host.link.answer is None


# ---- joined to a till


class Wire:
    """A wire to a till in this process. Bytes go in pieces; ``damage`` changes each piece, None on a good wire."""

    def __init__(self, bench: Bench, piece: int, damage: Callable[[bytes], bytes] | None = None) -> None:
        self._loop = LoopWire(bench.open_line(), bench.clock)
        self._piece = piece
        self._arrived = b""
        self.damage = damage

    def write(self, data: bytes) -> None:
        for start in range(0, len(data), self._piece):
            part = data[start : start + self._piece]
            self._loop.write(part if self.damage is None else self.damage(part))

    def read(self, seconds: float) -> bytes:
        if not self._arrived:
            read = self._loop.read(seconds)
            self._arrived = read if self.damage is None else self.damage(read)
        part, self._arrived = self._arrived[: self._piece], self._arrived[self._piece :]
        return part

    def now(self) -> float:
        return self._loop.now()

    def close(self) -> None:
        self._loop.close()


QUESTIONS = (
    "3F",
    "45",
    "A5",
    "91 18 00 00",
    "91 FF 00 00",
    "E9 18 04 00",
    "A4 30",
    "56 01 00 00 00 30",
    "92 00 03",
    "48",
)


@pytest.mark.parametrize("delivery", ["async", "direct"])
@pytest.mark.parametrize("piece", [1, 2, 7, 4096])
def test_the_pieces_in_which_bytes_come_make_no_difference(
    make_bench: Callable[..., Bench], piece: int, delivery: str
) -> None:
    def replies(size: int) -> list[bytes]:
        till = Till(Wire(make_bench(result_delivery=delivery), size))
        return [till.send(bytes.fromhex(question)) for question in QUESTIONS]

    assert replies(piece) == replies(100_000)


class Damage:
    """Drops or changes a byte in some of the pieces that pass."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.count = 0

    def __call__(self, data: bytes) -> bytes:
        if not data or self._random.random() > 0.25:
            return data
        self.count += 1
        at = self._random.randrange(len(data))
        instead = self._random.choice((b"", bytes((data[at] ^ 1 << self._random.randrange(8),))))
        return data[:at] + instead + data[at + 1 :]


@pytest.mark.parametrize("delivery", ["async", "direct"])
@pytest.mark.parametrize("seed", range(25))
def test_on_a_damaged_wire_every_command_is_done_exactly_once(
    make_bench: Callable[..., Bench], seed: int, delivery: str
) -> None:
    damage = Damage(seed)
    bench = make_bench("shift-open", result_delivery=delivery)
    wire = Wire(bench, 4096)
    till = Till(wire)
    till.send(bytes.fromhex("56 01 00 00 00 30"))
    wire.damage = damage
    for number in range(20):
        assert till.send(bytes.fromhex("49 00 00 00 00 00") + bytes((1,))) == REPLY, number
        assert bench.state().cash_kopecks == number + 1
    assert damage.count > 3


def test_a_wire_that_carries_nothing_ends_in_a_clear_sentence(bench: Bench) -> None:
    wire = Wire(bench, 4096)
    till = Till(wire, timeout_seconds=5.0)
    wire.damage = lambda data: b""
    with pytest.raises(NoAnswerError, match=r"did not answer 45h within 5\.0 s: is it switched on"):
        till.send(b"\x45")
