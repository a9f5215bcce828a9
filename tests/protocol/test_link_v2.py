"""The till's side of link v2, told by a host played by hand; then with noise on the line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.atol.link_v2 import REPEAT_WINDOW, DeviceLink
from protocol.atol.link_v2_frame import ACK, ENQ, ENQ_TRIES, EOT, FRAME_TRIES, NAK, T1, T2, T8, encode

STATE = bytes.fromhex("00003F")
BEEP = bytes.fromhex("000047")
DONE = bytes.fromhex("550000")
SILENT_TICKS = 40
"""More timeouts than any exchange of one request can have on a line that carries nothing."""

bytes_on_the_line = st.lists(
    st.one_of(
        st.sampled_from([ENQ, ACK, NAK, EOT, ENQ + ACK, b"\x02", b"\x03", b"\x10", b"\xfe"]),
        st.sampled_from([STATE, BEEP, DONE]).map(encode),
        st.binary(max_size=6),
    ),
    max_size=30,
).map(b"".join)


def damaged(frame: bytes) -> bytes:
    return frame[:-1] + bytes((frame[-1] ^ 1,))


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    ends = sorted(cut % (len(data) + 1) for cut in cuts)
    return [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]


class Talk:
    """A host played by hand against the till's side."""

    def __init__(self, *, naks_when_busy: bool = False) -> None:
        self.link = DeviceLink(naks_when_busy=naks_when_busy)
        self.now = 100.0

    def say(self, data: bytes) -> bytes:
        self.now += 0.001
        return self.link.receive(data, self.now)

    def wait(self) -> bytes:
        """Stay silent until the till's patience ends."""
        assert self.link.deadline is not None
        self.now = self.link.deadline
        return self.link.tick(self.now)

    def ask(self, message: bytes) -> None:
        assert self.say(ENQ) == ACK
        assert self.say(encode(message)) == ACK
        assert self.say(EOT) == b""

    def execute(self, message: bytes) -> None:
        """Ask, and see that the till has to execute it."""
        self.ask(message)
        assert self.link.take_message() == message

    def reply(self, data: bytes = DONE) -> bytes:
        return self.link.reply(data, self.now)

    def fetch(self, answer: bytes = DONE) -> None:
        """Take the answer after the till's ENQ."""
        assert self.say(ACK) == encode(answer)
        assert self.say(ACK) == EOT
        assert self.link.is_idle and self.link.deadline is None


@pytest.fixture
def talk() -> Talk:
    return Talk()


def test_an_exchange_goes_one_control_byte_at_a_time(talk: Talk) -> None:
    talk.execute(STATE)
    assert talk.link.take_message() is None
    assert talk.reply() == ENQ
    talk.fetch()


def test_bytes_that_belong_to_no_exchange_are_ignored(talk: Talk) -> None:
    assert talk.say(ACK + EOT + NAK + bytes(4) + b"junk" + encode(BEEP)) == b""
    assert talk.link.is_idle and talk.link.take_message() is None
    assert talk.say(ENQ) == ACK
    assert talk.say(ACK + NAK + bytes(4) + encode(STATE)) == ACK


def test_enq_and_frame_in_one_piece_are_both_answered(talk: Talk) -> None:
    assert talk.say(ENQ + encode(STATE)) == ACK + ACK
    assert talk.say(EOT) == b""
    assert talk.link.take_message() == STATE


def test_a_till_that_only_acknowledged_enq_is_idle_until_a_frame_begins(talk: Talk) -> None:
    talk.say(ENQ)
    assert talk.link.is_idle
    talk.say(b"\x02")
    assert not talk.link.is_idle


def test_a_damaged_frame_gets_nak_and_may_come_again(talk: Talk) -> None:
    assert talk.say(ENQ) == ACK
    assert talk.say(damaged(encode(STATE))) == NAK
    assert talk.say(encode(STATE)) == ACK
    assert talk.say(EOT) == b""
    assert talk.link.take_message() == STATE


def test_a_repeated_frame_is_acknowledged_again_and_executed_once(talk: Talk) -> None:
    assert talk.say(ENQ) == ACK
    assert talk.say(encode(STATE)) == ACK
    assert talk.say(damaged(encode(STATE))) == NAK
    assert talk.say(encode(STATE)) == ACK
    assert talk.link.take_message() is None
    talk.say(EOT)
    assert [talk.link.take_message(), talk.link.take_message()] == [STATE, None]


def test_nothing_is_executed_before_eot_and_everything_without_it_in_the_end(talk: Talk) -> None:
    talk.say(ENQ)
    talk.say(encode(STATE))
    assert talk.link.take_message() is None
    begun = talk.now
    assert talk.wait() == b""
    assert talk.now == pytest.approx(begun + T8)
    assert talk.link.take_message() == STATE
    assert talk.reply() == ENQ
    assert talk.say(EOT) == b"", "the end of the host's session comes late"
    talk.fetch()


def test_enq_instead_of_eot_begins_anew_without_executing(talk: Talk) -> None:
    talk.say(ENQ)
    talk.say(encode(STATE))
    talk.execute(BEEP)


def test_a_cut_frame_costs_only_itself(talk: Talk) -> None:
    talk.say(ENQ)
    talk.say(encode(STATE)[:-2])
    assert talk.wait() == b""
    assert talk.say(encode(BEEP)) == ACK
    talk.say(EOT)
    assert talk.link.take_message() == BEEP


def test_a_host_that_sends_no_frame_is_forgotten(talk: Talk) -> None:
    talk.say(ENQ)
    begun = talk.now
    assert talk.wait() == b""
    assert talk.now == pytest.approx(begun + T2)
    assert talk.link.is_idle and talk.link.deadline is None
    assert talk.say(encode(STATE)) == b""


def test_the_till_calls_five_times_and_then_rests(talk: Talk) -> None:
    talk.execute(STATE)
    calls = [talk.reply(), *(talk.wait() for _ in range(ENQ_TRIES))]
    assert calls == [ENQ] * ENQ_TRIES + [b""]
    assert talk.link.is_idle and talk.link.deadline is None


def test_nak_to_the_call_is_answered_by_the_next_call(talk: Talk) -> None:
    talk.execute(STATE)
    assert talk.reply() == ENQ
    begun = talk.now
    assert talk.say(NAK) == b""
    assert talk.wait() == ENQ
    assert talk.now == pytest.approx(begun + T1)
    talk.fetch()


def test_a_reply_that_nobody_acknowledges_is_sent_ten_times(talk: Talk) -> None:
    talk.execute(STATE)
    talk.reply()
    sent = [talk.say(ACK), *(talk.wait() for _ in range(FRAME_TRIES))]
    assert sent == [encode(DONE)] * FRAME_TRIES + [b""]
    assert talk.link.is_idle and talk.link.deadline is None


@pytest.mark.parametrize("refusal", [NAK, NAK + ACK, NAK + NAK])
def test_a_refused_reply_is_repeated_whatever_is_glued_to_the_nak(talk: Talk, refusal: bytes) -> None:
    talk.execute(STATE)
    talk.reply()
    assert talk.say(ACK) == encode(DONE)
    assert b"".join(talk.say(bytes((byte,))) for byte in refusal) == b""
    assert talk.wait() == encode(DONE)
    assert talk.say(ACK) == EOT


def test_a_reply_is_refused_ten_times_at_most(talk: Talk) -> None:
    talk.execute(STATE)
    talk.reply()
    frames = [talk.say(ACK)]
    while not talk.link.is_idle:
        assert talk.say(NAK) == b""
        frames.append(talk.wait())
    assert frames == [encode(DONE)] * FRAME_TRIES + [b""]


@pytest.mark.parametrize("refusal", [b"", NAK])
def test_a_host_that_gives_up_ends_the_exchange(talk: Talk, refusal: bytes) -> None:
    talk.execute(STATE)
    talk.reply()
    talk.say(ACK)
    assert talk.say(refusal + EOT) == b""
    assert talk.link.is_idle and talk.link.deadline is None


def test_when_both_call_the_till_yields_and_takes_the_new_command(talk: Talk) -> None:
    talk.execute(STATE)
    assert talk.reply() == ENQ
    talk.execute(BEEP)
    assert talk.reply(b"new") == ENQ
    talk.fetch(b"new")


@pytest.mark.parametrize("enqs", [1, 3])
def test_enq_during_execution_is_acknowledged_when_the_reply_is_there(talk: Talk, enqs: int) -> None:
    talk.execute(STATE)
    assert talk.say(ENQ * enqs) == b""
    assert not talk.link.is_idle
    assert talk.reply() == ACK
    assert talk.say(encode(BEEP)) == ACK
    talk.say(EOT)
    assert talk.link.take_message() == BEEP
    assert talk.reply() == ENQ


@pytest.mark.parametrize(("glued", "answer"), [(ENQ, ACK), (ENQ + EOT, ENQ)])
def test_enq_glued_to_eot_counts_as_during_execution(talk: Talk, glued: bytes, answer: bytes) -> None:
    assert talk.say(ENQ + encode(STATE) + EOT + glued) == ACK + ACK
    assert talk.link.take_message() == STATE
    assert talk.reply() == answer


def test_a_till_that_is_told_to_answers_enq_during_execution_with_nak_and_forgets_it() -> None:
    talk = Talk(naks_when_busy=True)
    talk.ask(STATE)
    assert talk.say(ENQ) == NAK
    assert talk.link.take_message() == STATE
    assert talk.say(ENQ + ENQ) == NAK + NAK
    assert talk.link.reply(DONE, talk.now) == ENQ
    talk.fetch()
    talk.link.reset()
    talk.execute(STATE)
    assert talk.say(ENQ) == NAK, "a new beginning changes nothing about it"


def test_eot_takes_back_an_enq_during_execution(talk: Talk) -> None:
    talk.execute(STATE)
    assert talk.say(ENQ + EOT) == b""
    assert talk.reply() == ENQ
    talk.fetch()


def test_a_repeated_command_whose_reply_was_never_sent_is_answered_and_not_executed(talk: Talk) -> None:
    talk.execute(BEEP)
    talk.say(ENQ)
    assert talk.reply() == ACK
    talk.say(encode(BEEP))
    assert talk.say(EOT) == ENQ
    assert talk.link.take_message() is None
    talk.fetch()
    talk.execute(BEEP)


def test_a_repeated_command_whose_reply_was_refused_is_not_executed(talk: Talk) -> None:
    talk.execute(BEEP)
    talk.reply()
    talk.say(ACK)
    talk.say(NAK)
    assert talk.say(ENQ) == ACK
    talk.say(encode(BEEP))
    assert talk.say(EOT) == ENQ
    talk.fetch()


def test_an_undelivered_reply_does_not_outlive_its_time(talk: Talk) -> None:
    talk.execute(BEEP)
    assert talk.reply() == ENQ
    while talk.link.deadline is not None:
        talk.wait()
    talk.now += REPEAT_WINDOW
    talk.execute(BEEP)


def test_an_undelivered_reply_does_not_outlive_another_command(talk: Talk) -> None:
    talk.execute(BEEP)
    talk.reply()
    talk.execute(STATE)
    talk.reply()
    talk.execute(BEEP)


def test_a_host_that_goes_on_instead_of_the_last_ack_has_its_reply(talk: Talk) -> None:
    talk.execute(BEEP)
    talk.reply()
    talk.say(ACK)
    talk.execute(BEEP)


def test_after_a_reset_the_reply_to_an_earlier_command_goes_nowhere(talk: Talk) -> None:
    talk.execute(STATE)
    talk.link.reset()
    assert talk.reply() == b""
    talk.ask(BEEP)
    assert talk.reply() == b""
    assert talk.link.take_message() == BEEP


@given(bytes_on_the_line, st.lists(st.integers(0, 400), max_size=20), st.booleans())
def test_any_split_of_bytes_gives_the_till_the_same_dialogue(data: bytes, cuts: list[int], replies: bool) -> None:
    whole, split = DeviceLink(), DeviceLink()
    if replies:
        for link in (whole, split):
            link.receive(ENQ + encode(BEEP) + EOT, 0.0)
            link.take_message()
            link.reply(DONE, 0.0)
    assert whole.receive(data, 0.1) == b"".join(split.receive(piece, 0.1) for piece in pieces(data, cuts))
    assert whole.deadline == split.deadline
    assert whole.is_idle == split.is_idle
    assert whole.take_message() == split.take_message()


@given(st.lists(st.tuples(bytes_on_the_line, st.booleans(), st.booleans()), max_size=20))
def test_no_garbage_keeps_the_till_from_the_next_exchange(noise: list[tuple[bytes, bool, bool]]) -> None:
    talk = Talk()

    def execute() -> None:
        if talk.link.take_message() is not None:
            talk.reply()

    for data, replies, waits in noise:
        talk.say(data)
        if replies:
            execute()
        if waits and talk.link.deadline is not None:
            talk.wait()
    talk.reply()
    for _ in range(SILENT_TICKS):
        execute()
        if talk.link.deadline is not None:
            talk.wait()
    assert talk.link.is_idle and talk.link.deadline is None
    talk.now += REPEAT_WINDOW
    talk.execute(STATE)
    assert talk.reply() == ENQ
    talk.fetch()
