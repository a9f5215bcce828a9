"""What each failure of the operator does: to the bytes, to the stored document, and to an FN that gets them."""

from dataclasses import dataclass
from typing import Any

import pytest

from kktsim.ofd import documents
from kktsim.ofd.failures import SERVER_FAILURES, Failure, Planned
from kktsim.ofd.inner import InnerCall
from kktsim.ofd.server import OfdServer, Reply
from protocol.fn.answers import ConfirmationResult
from protocol.fn.commands import FnCode, FnCommand, OfdRefusal
from protocol.ofd import confirmation, container, session
from tests.fn.fn_till import Till
from tests.ofd.messages import EMPTY, FN, OTHER_FN, WORLD, answers, confirmed, in_container, message, said, say

RIGHT = said(say(OfdServer(), message(7)))
"""The answer to document 7 when nothing is wrong."""


def failing(failure: Failure, times: int | None = 1, from_document: int | None = None, **more: Any) -> OfdServer:
    server = OfdServer()
    server.failures.add(Planned(failure, times, from_document, **more))
    return server


def at_once(data: bytes, *, closes: bool = False) -> list[Reply]:
    return [Reply(0.0, data, closes)]


HANGS_UP = at_once(b"", closes=True)


@dataclass(frozen=True)
class Case:
    """What a failure does to document 7. ``replies``: None where a test of its own tells."""

    replies: list[Reply] | None
    is_stored: bool = True


CASES = {
    Failure.SILENCE: Case([], is_stored=False),
    Failure.SLOW: Case([Reply(120.0, RIGHT)]),
    Failure.SLOW_BYTES: Case([Reply(float(second), RIGHT[second : second + 1]) for second in range(len(RIGHT))]),
    Failure.CLOSE_BEFORE: Case(HANGS_UP, is_stored=False),
    Failure.CLOSE_AFTER: Case(HANGS_UP, is_stored=False),
    Failure.GARBAGE: Case(None),
    Failure.PARTIAL: Case(at_once(RIGHT[: len(RIGHT) // 2], closes=True)),
    Failure.HEADER_ONLY: Case(at_once(session.build_message(FN, b"", flags=0))),
    Failure.WRONG_FN: Case(None),
    Failure.WRONG_NUMBER: Case(None),
    Failure.WRONG_CRC: Case(None),
    Failure.WRONG_SIGN: Case(None),
    Failure.NOT_RECOGNISED: Case(None),
    Failure.FORMAT_LOGIC: Case(None),
    Failure.DUPLICATE: Case(at_once(RIGHT)),
    Failure.TWO_ANSWERS: Case([*at_once(RIGHT), *at_once(RIGHT)]),
    Failure.TARIFF: Case([], is_stored=False),
    Failure.LOST_ACK: Case(HANGS_UP),
}
FAILURES = pytest.mark.parametrize("failure", sorted(SERVER_FAILURES))


def test_every_failure_of_the_operator_has_its_case() -> None:
    assert CASES.keys() == SERVER_FAILURES


@FAILURES
def test_a_failure_does_what_it_is_for(failure: Failure) -> None:
    server = failing(failure)
    replies = say(server, message(7))
    case = CASES[failure]
    assert len(server.store) == case.is_stored
    assert case.replies is None or replies == case.replies
    assert server.refused == 0


@FAILURES
def test_a_failure_ends_by_itself_and_the_document_is_stored_once(failure: Failure) -> None:
    server = failing(failure)
    say(server, message(7))
    assert server.failures.entries() == []
    again = confirmed(say(server, message(7)))
    assert (again.document_number, again.sign) == (7, confirmation.parse(server.store.received()[0].confirmation).sign)
    assert len(server.store) == 1


@FAILURES
def test_a_failure_until_cleared_goes_on_and_then_the_document_passes(failure: Failure) -> None:
    server = failing(failure, None)
    for _ in range(3):
        say(server, message(7))
    assert len(server.store) == CASES[failure].is_stored
    server.failures.clear(failure)
    assert confirmed(say(server, message(7))).document_number == 7
    assert len(server.store) == 1


@FAILURES
def test_a_failure_from_a_document_on_leaves_those_before_alone(failure: Failure) -> None:
    server = failing(failure, from_document=7)
    before = say(server, message(6))
    assert before == say(OfdServer(), message(6))
    assert say(server, message(7)) != at_once(RIGHT)
    assert server.failures.entries() == []


@FAILURES
def test_a_failure_of_one_till_does_not_touch_another(failure: Failure) -> None:
    server = OfdServer()
    server.failures.add(Planned(failure, None, fn_number=OTHER_FN))
    say(server, message(6, OTHER_FN))
    assert said(say(server, message(7))) == RIGHT
    assert say(server, message(7, OTHER_FN)) != say(OfdServer(), message(7, OTHER_FN))


@FAILURES
@pytest.mark.parametrize("size", [1, 7, 30, 64])
def test_a_failure_does_the_same_whatever_the_pieces(failure: Failure, size: int) -> None:
    data, one, other = message(7), failing(failure), failing(failure)
    line = one.connect()
    replies = line.opened(WORLD)
    for start in range(0, len(data), size):
        replies += line.receive(data[start : start + size], WORLD)
    assert replies == say(other, data)
    assert len(one.store) == len(other.store)


# ---- what is wrong in a confirmation, as an FN sees it

REASONS = {
    Failure.WRONG_FN: OfdRefusal.FN_NUMBER,
    Failure.WRONG_NUMBER: OfdRefusal.DOCUMENT_NUMBER,
    Failure.WRONG_CRC: OfdRefusal.CRC,
    Failure.WRONG_SIGN: OfdRefusal.SIGN,
}


def exchange(till: Till, server: OfdServer) -> tuple[int, bytes]:
    """Code and data of 26h for what the operator answers to the head of the queue."""
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    asked = session.build_message(till.fn.number, till.read_message())
    [answer] = answers(said(say(server, asked, till.world)))
    return till.ask(FnCommand.PUT_CONFIRMATION, answer)


@pytest.fixture
def till() -> Till:
    """A registered till whose registration waits."""
    till = Till()
    till.register()
    return till


@pytest.mark.parametrize(("failure", "reason"), REASONS.items())
def test_an_fn_refuses_a_wrong_confirmation_for_the_one_thing_that_is_wrong(
    till: Till, failure: Failure, reason: OfdRefusal
) -> None:
    server = failing(failure)
    assert exchange(till, server) == (FnCode.OFD_REFUSED, bytes((reason,)))
    assert exchange(till, server)[0] == FnCode.OK
    assert till.exchange_status().unsent_documents == 0


@pytest.mark.parametrize("failure", REASONS)
def test_a_wrong_confirmation_still_goes_to_the_till_that_asked(failure: Failure) -> None:
    answer = said(say(failing(failure), message(7)))
    assert session.parse_header(answer[: session.HEADER_SIZE]).fn_number == FN
    assert len(answer) == len(RIGHT) and answer != RIGHT


@pytest.mark.parametrize(("failure", "code"), [(Failure.NOT_RECOGNISED, 11), (Failure.FORMAT_LOGIC, 14)])
def test_a_document_is_confirmed_with_the_operators_code(till: Till, failure: Failure, code: int) -> None:
    server = failing(failure)
    told, data = exchange(till, server)
    assert (told, ConfirmationResult.parse(data).ofd_code) == (FnCode.OK, code)
    assert till.exchange_status().unsent_documents == 0
    assert server.store.received()[0].answer == code


def test_a_code_that_was_answered_is_answered_again() -> None:
    server = failing(Failure.NOT_RECOGNISED)
    first = said(say(server, message(7)))
    assert said(say(server, message(7), WORLD + 60)) == first != RIGHT


def test_a_code_may_come_for_a_document_that_is_there_and_is_kept_as_its_answer() -> None:
    server = failing(Failure.LOST_ACK)
    server.failures.add(Planned(Failure.FORMAT_LOGIC))
    say(server, message(7))
    told = confirmed(say(server, message(7), WORLD + 60))
    assert (told.answer, told.received_at.minute) == (14, 0)
    [stored] = server.store.versions(FN, 7)
    assert (stored.answer, stored.received_world) == (14, WORLD)
    assert answers(said(say(server, message(7)))) == [stored.confirmation]
    assert documents.listing(server.store)["text"][1].endswith("код ответа / answer 14")


def test_a_duplicate_is_the_confirmation_of_the_document_before() -> None:
    server = OfdServer()
    before = say(server, message(4))
    say(server, message(5, OTHER_FN))
    server.failures.add(Planned(Failure.DUPLICATE))
    assert say(server, message(7)) == before
    assert [one.number for one in server.store.listed(FN, 1, 10)] == [4, 7]


# ---- time


def test_how_late_an_answer_comes_can_be_told() -> None:
    assert [reply.after for reply in say(failing(Failure.SLOW, seconds=5), message(7))] == [5.0]


def test_an_answer_waits_for_the_one_before_it() -> None:
    line = failing(Failure.SLOW).connect()
    late = line.receive(message(1), WORLD)
    behind = line.receive(message(2), WORLD + 20)
    assert [reply.after for reply in late + behind] == [120.0, 100.0]
    assert [reply.after for reply in line.receive(message(3), WORLD + 200)] == [0.0]


def test_byte_by_byte_the_bytes_of_two_answers_do_not_mix() -> None:
    line = failing(Failure.SLOW_BYTES, 2).connect()
    replies = line.receive(message(1) + message(2), WORLD)
    assert [container.parse(one).document_number for one in answers(said(replies))] == [1, 2]
    times = [reply.after for reply in replies]
    assert times == sorted(times)


# ---- before anything is read


def test_a_call_is_ended_when_it_comes() -> None:
    line = failing(Failure.CLOSE_BEFORE).connect()
    assert line.opened(WORLD) == HANGS_UP
    assert not line.listens


@pytest.mark.parametrize("failure", [Failure.CLOSE_BEFORE, Failure.TARIFF])
def test_a_call_with_a_certain_document_ends_when_the_headers_tell_it(failure: Failure) -> None:
    server, data = failing(failure, from_document=7), message(7)
    line = server.connect()
    assert line.opened(WORLD) == []
    headers = session.HEADER_SIZE + container.HEADER_SIZE
    assert line.receive(data[: headers - 1], WORLD) == [] and line.listens
    assert line.receive(data[headers - 1 : headers], WORLD) == CASES[failure].replies
    assert not line.listens and line.receive(data[headers:], WORLD) == []
    assert len(server.store) == 0


def test_a_chance_is_taken_once_for_one_message() -> None:
    server = OfdServer()
    server.failures.add(Planned(Failure.CLOSE_BEFORE, None, from_document=1, percent=50))
    data = message(7)
    lines = [server.connect() for _ in range(400)]
    for line in lines:
        line.opened(WORLD)
        for byte in data:
            line.receive(bytes((byte,)), WORLD)
    assert 160 < sum(line.listens for line in lines) < 240


def test_an_operator_that_is_not_paid_takes_the_call_and_is_deaf() -> None:
    server = failing(Failure.TARIFF)
    line = server.connect()
    assert line.opened(WORLD) == []
    assert line.receive(message(7) + bytes(1000), WORLD) == []
    assert (server.refused, len(server.store)) == (0, 0)


def test_what_is_planned_during_a_call_strikes_the_next_one_where_it_is_a_matter_of_the_call() -> None:
    server = OfdServer()
    line = server.connect()
    line.opened(WORLD)
    server.failures.add(Planned(Failure.CLOSE_BEFORE))
    assert said(line.receive(message(7), WORLD)) == RIGHT
    assert server.connect().opened(WORLD) == HANGS_UP


# ---- other messages


def test_garbage_is_random_by_its_seed_and_no_answer() -> None:
    one, again = (said(say(failing(Failure.GARBAGE, seed=5), message(7))) for _ in range(2))
    other = said(say(failing(Failure.GARBAGE, seed=6), message(7)))
    assert one == again != other
    assert len(one) == 64 and one[:4] != session.SIGNATURE


def test_a_message_that_is_refused_uses_no_failure_up() -> None:
    server = failing(Failure.LOST_ACK)
    say(server, message(7)[:-1] + b"\x55")
    assert server.refused == 1
    assert say(server, message(7)) == HANGS_UP and len(server.store) == 1


EMPTY_ANSWER = session.build_message(FN, b"", flags=0)
OF_EMPTY = {
    Failure.SILENCE: [],
    Failure.SLOW: [Reply(120.0, EMPTY_ANSWER)],
    Failure.CLOSE_AFTER: HANGS_UP,
    Failure.PARTIAL: at_once(EMPTY_ANSWER[:15], closes=True),
    Failure.TWO_ANSWERS: [*at_once(EMPTY_ANSWER), *at_once(EMPTY_ANSWER)],
    Failure.CLOSE_BEFORE: HANGS_UP,
    Failure.TARIFF: [],
}


@pytest.mark.parametrize(("failure", "replies"), OF_EMPTY.items())
def test_a_message_without_a_document_meets_failures_too(failure: Failure, replies: list[Reply]) -> None:
    server = OfdServer()
    server.failures.add(Planned(failure, fn_number=FN))
    assert say(server, EMPTY) == replies
    assert server.failures.entries() == []


@pytest.mark.parametrize("failure", [Failure.WRONG_SIGN, Failure.DUPLICATE, Failure.NOT_RECOGNISED, Failure.LOST_ACK])
def test_a_failure_of_confirmations_waits_for_a_document(failure: Failure) -> None:
    server = failing(failure)
    assert said(say(server, EMPTY)) == EMPTY_ANSWER
    assert len(server.failures.entries()) == 1


def test_a_fork_takes_failures_and_half_sent_answers_along() -> None:
    server = failing(Failure.SLOW, 3)
    call = InnerCall(server, WORLD)
    call.send(message(7), WORLD)
    twin_server = server.copy()
    twin = call.copy(twin_server)
    server.failures.clear()
    assert call.next_event() == twin.next_event() == WORLD
    assert [entry.times for entry in twin_server.failures.entries()] == [2]
    assert twin.line.receive(message(8), WORLD)[0].after == 240.0


def test_the_container_of_a_stored_document_is_what_came() -> None:
    server = failing(Failure.LOST_ACK)
    say(server, message(7))
    assert server.store.received()[0].container == in_container(7)
