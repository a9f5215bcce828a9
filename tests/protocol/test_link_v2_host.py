"""The host's side of link v2: with a till played by hand, then joined to the till's side by a wire that loses bytes."""

from collections import deque
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.atol.link_v2 import DeviceLink
from protocol.atol.link_v2_frame import ACK, ENQ, ENQ_TRIES, EOT, FRAME_TRIES, NAK, encode
from protocol.atol.link_v2_host import CONFLICT_ROUNDS, HostLink, reply_timeout

STATE = bytes.fromhex("00003F")
DONE = bytes.fromhex("550000")
SILENT_TICKS = 40
"""More timeouts than any exchange of one request can have on a line that carries nothing."""

bytes_on_the_line = st.lists(
    st.one_of(
        st.sampled_from([ENQ, ACK, NAK, EOT, ENQ + ACK, b"\x02", b"\x03", b"\x10", b"\xfe"]),
        st.sampled_from([STATE, DONE]).map(encode),
        st.binary(max_size=6),
    ),
    max_size=30,
).map(b"".join)


def damaged(frame: bytes) -> bytes:
    return frame[:-1] + bytes((frame[-1] ^ 1,))


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    ends = sorted(cut % (len(data) + 1) for cut in cuts)
    return [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]


class Call:
    """A till played by hand against the host's side."""

    def __init__(self) -> None:
        self.link = HostLink()
        self.now = 100.0
        assert self.link.request(STATE, self.now) == ENQ

    def say(self, data: bytes) -> bytes:
        self.now += 0.001
        return self.link.receive(data, self.now)

    def wait(self) -> bytes:
        assert self.link.deadline is not None
        self.now = self.link.deadline
        return self.link.tick(self.now)

    def send(self) -> None:
        assert self.say(ACK) == encode(STATE)
        assert self.say(ACK) == EOT

    def wait_in_vain(self) -> list[bytes]:
        """What the host writes until it gives up."""
        written = []
        while not self.link.failed:
            written.append(self.wait())
        assert self.link.answer is None and self.link.deadline is None
        return written


@pytest.fixture
def call() -> Call:
    return Call()


def test_the_host_asks_and_takes_the_answer(call: Call) -> None:
    call.send()
    assert call.say(ENQ) == ACK
    assert call.say(encode(DONE)) == ACK
    assert call.link.answer is None
    assert call.say(EOT) == b""
    assert call.link.answer == DONE and not call.link.failed and call.link.deadline is None


def test_the_host_calls_five_times_and_ends_with_eot(call: Call) -> None:
    assert call.wait_in_vain() == [ENQ] * (ENQ_TRIES - 1) + [EOT]


def test_a_busy_till_is_called_again(call: Call) -> None:
    assert call.say(NAK) == b""
    assert call.wait() == ENQ
    call.send()


def test_a_host_that_meets_the_tills_enq_calls_again_and_not_for_ever(call: Call) -> None:
    for _ in range(CONFLICT_ROUNDS):
        assert call.say(ENQ) == b""
        assert call.wait() == ENQ
    assert call.say(ENQ) == EOT
    assert call.link.failed


def test_a_till_that_yields_after_all_gets_the_frame(call: Call) -> None:
    assert call.say(ENQ) == b""
    assert call.say(ENQ) == b""
    call.send()


def test_a_frame_is_sent_ten_times(call: Call) -> None:
    assert call.say(ACK) == encode(STATE)
    assert call.say(NAK) == encode(STATE)
    assert call.wait_in_vain() == [encode(STATE)] * (FRAME_TRIES - 2) + [EOT]


def test_enq_after_a_repeated_frame_means_that_the_reply_is_ready(call: Call) -> None:
    assert call.say(ACK) == encode(STATE)
    assert call.say(ENQ) == b""
    assert call.wait() == encode(STATE)
    assert call.say(ENQ) == ACK
    assert call.say(encode(DONE)) == ACK


@pytest.mark.parametrize(("message", "seconds"), [("00003F", 10), ("00005A", 40), ("0000A801", 120), ("", 10)])
def test_the_host_waits_as_long_as_the_command_may_take(message: str, seconds: float) -> None:
    assert reply_timeout(bytes.fromhex(message)) == seconds


def test_a_host_that_is_never_called_gives_up(call: Call) -> None:
    call.send()
    begun = call.now
    assert call.wait() == EOT
    assert call.now == pytest.approx(begun + reply_timeout(STATE))
    assert call.link.failed


def test_a_damaged_reply_is_asked_again(call: Call) -> None:
    call.send()
    call.say(ENQ)
    assert call.say(damaged(encode(DONE))) == NAK
    assert call.say(ENQ) == ACK, "the till did not get the ACK of its ENQ"
    assert call.say(encode(DONE)) == ACK
    call.say(EOT)
    assert call.link.answer == DONE


def test_a_reply_that_never_comes_right_is_given_up(call: Call) -> None:
    call.send()
    call.say(ENQ)
    answers = [call.say(damaged(encode(DONE))) for _ in range(FRAME_TRIES)]
    assert answers == [NAK] * (FRAME_TRIES - 1) + [EOT]
    assert call.link.failed


def test_a_reply_that_is_always_cut_is_given_up(call: Call) -> None:
    call.send()
    call.say(ENQ)
    for _ in range(FRAME_TRIES):
        assert not call.link.failed
        call.say(encode(DONE)[:3])
        call.wait()
    assert call.link.failed


def test_a_till_that_missed_the_last_ack_gets_another(call: Call) -> None:
    call.send()
    call.say(ENQ)
    call.say(encode(DONE))
    assert call.say(encode(DONE)) == ACK
    assert call.wait() == b"", "silence instead of EOT is an end too"
    assert call.link.answer == DONE
    assert call.say(encode(DONE)) == ACK
    assert call.link.answer == DONE


def test_control_bytes_in_a_stale_reply_are_not_taken_for_an_answer(call: Call) -> None:
    assert call.say(encode(ACK + NAK + ENQ)) == b""
    call.send()


@given(bytes_on_the_line, st.lists(st.integers(0, 400), max_size=20), st.integers(0, 3))
def test_any_split_of_bytes_gives_the_host_the_same_dialogue(data: bytes, cuts: list[int], steps: int) -> None:
    whole, split = HostLink(), HostLink()
    for link in (whole, split):
        link.request(STATE, 0.0)
        link.receive((ACK + ACK + ENQ)[:steps], 0.0)
    assert whole.receive(data, 0.1) == b"".join(split.receive(piece, 0.1) for piece in pieces(data, cuts))
    assert (whole.answer, whole.failed, whole.deadline) == (split.answer, split.failed, split.deadline)


@given(st.lists(st.tuples(bytes_on_the_line, st.booleans()), max_size=20))
def test_no_garbage_keeps_the_host_waiting_for_ever(noise: list[tuple[bytes, bool]]) -> None:
    call = Call()
    for data, waits in noise:
        call.say(data)
        if waits and call.link.deadline is not None:
            call.wait()
    for _ in range(SILENT_TICKS):
        if call.link.deadline is not None:
            call.wait()
    assert (call.link.answer is not None) != call.link.failed
    assert call.link.deadline is None


# ---- both joined by a wire


class Wire:
    """Host and till with a virtual clock between them: when nobody has bytes to say, time goes to the next deadline."""

    def __init__(self, piece: int = 1000, lost: tuple[str, int] | None = None, till_first: bool = True) -> None:
        self.host, self.till = HostLink(), DeviceLink()
        self.now = 0.0
        self.executed: list[bytes] = []
        self.record: list[str] = []
        self.lost = lost
        self.said = {"host": 0, "till": 0}
        self._piece = piece
        self._till_first = till_first
        self._flying: deque[tuple[str, bytes]] = deque()

    def ask(self, message: bytes, answer: bytes = DONE) -> bytes | None:
        """The answer that the host gets, None when it fails."""
        self._say("host", self.host.request(message, self.now))
        while self._flying or (self.host.answer is None and not self.host.failed):
            if self._flying:
                self._deliver(*self._flying.popleft(), answer)
            else:
                self._tick(answer)
        return self.host.answer

    def _say(self, who: str, data: bytes) -> None:
        carried = bytearray()
        for byte in data:
            if self.lost != (who, self.said[who]):
                carried.append(byte)
            self.said[who] += 1
        if data:
            self.record.append(f"{self.now:6.2f} {who}: {data.hex(' ')}{'' if carried == data else ' LOST A BYTE'}")
        for start in range(0, len(carried), self._piece):
            self._flying.append((who, bytes(carried[start : start + self._piece])))

    def _deliver(self, who: str, data: bytes, answer: bytes) -> None:
        if who == "till":
            self._say("host", self.host.receive(data, self.now))
        else:
            self._say("till", self.till.receive(data, self.now))
            self._execute(answer)

    def _execute(self, answer: bytes) -> None:
        message = self.till.take_message()
        if message is not None:
            self.executed.append(message)
            self._say("till", self.till.reply(answer, self.now))

    def _tick(self, answer: bytes) -> None:
        due = min(deadline for deadline in (self.host.deadline, self.till.deadline) if deadline is not None)
        self.now = max(self.now, due)
        assert self.now < 1000, self.story()
        ticks = [("till", partial(self.till.tick, self.now)), ("host", partial(self.host.tick, self.now))]
        for who, tick in ticks if self._till_first else reversed(ticks):
            self._say(who, tick())
        self._execute(answer)

    def story(self) -> str:
        return "\n".join(self.record)


PLAIN = bytes.fromhex("30315A41")
PLAIN_ANSWER = bytes.fromhex("55414243")
PLAIN_BYTES = {
    "host": len(ENQ + encode(PLAIN) + EOT + ACK + ACK),
    "till": len(ACK + ACK + ENQ + encode(PLAIN_ANSWER) + EOT),
}
"""Neither data has a control byte, nor a zero, whose loss the check byte does not show."""


@given(st.binary(max_size=60), st.binary(max_size=60), st.integers(1, 80))
def test_host_and_till_understand_each_other_whatever_the_data(message: bytes, answer: bytes, piece: int) -> None:
    wire = Wire(piece)
    assert wire.ask(message, answer) == answer
    assert wire.executed == [message]
    assert wire.now == 0.0, wire.story()
    assert [wire.said["host"], wire.said["till"]] == [len(encode(message)) + 4, len(encode(answer)) + 4]


@pytest.mark.parametrize("till_first", [True, False])
@pytest.mark.parametrize("piece", [1, 1000])
@pytest.mark.parametrize("lost", [(who, index) for who, length in PLAIN_BYTES.items() for index in range(length)])
def test_any_one_lost_byte_is_made_good(lost: tuple[str, int], piece: int, till_first: bool) -> None:
    wire = Wire(piece, lost, till_first)
    assert wire.ask(PLAIN, PLAIN_ANSWER) == PLAIN_ANSWER, wire.story()
    assert wire.executed == [PLAIN] and "LOST" in wire.story(), wire.story()
    assert wire.ask(PLAIN, b"again") == b"again", wire.story()
    assert wire.executed == [PLAIN, PLAIN], wire.story()


@given(
    st.binary(max_size=20),
    st.binary(max_size=20),
    st.sampled_from(["host", "till"]),
    st.integers(0, 60),
    st.sampled_from([1, 1000]),
    st.booleans(),
)
def test_a_lost_byte_never_makes_a_command_run_twice(
    message: bytes, answer: bytes, who: str, index: int, piece: int, till_first: bool
) -> None:
    wire = Wire(piece, (who, index), till_first)
    wire.ask(message, answer)
    assert len(wire.executed) <= 1, wire.story()
    wire.lost = None
    wire.now += 100
    assert wire.ask(STATE) == DONE, wire.story()
