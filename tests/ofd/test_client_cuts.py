"""Every failure with a connection that dies at every byte: the till begins anew, and the document is there once."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest

from kktsim.bench import Bench
from kktsim.ofd.events import NetworkTrouble, OfdTrouble
from kktsim.ofd.failures import LATE_SECONDS, NETWORK_FAILURES, SERVER_FAILURES, Failure, Planned
from kktsim.ofd.server import BEFORE_READING
from kktsim.testing.ofd_calls import Fate
from protocol.atol.kkt_codes import E

from .exchange import NO_ERRORS, PAUSE_SECONDS, WAIT_SECONDS, Errors, Exchange, plan, queued

MESSAGE_BYTES, ANSWER_BYTES, HEADER_BYTES = 369, 157, 30
CLOSED: Errors = (0, OfdTrouble.CLOSED, 0)
NO_ANSWER: Errors = (0, OfdTrouble.NO_ANSWER, 0)
BAD_ANSWER: Errors = (0, OfdTrouble.BAD_ANSWER, 0)
REFUSED_BY_FN: Errors = (0, 0, E.FN_OFD_REFUSED)


class Outcome(NamedTuple):
    """What a call comes to by itself. ``answer``: bytes; ``needed``: how many of them tell the till all; ``seconds``:
    until it knows.
    """

    errors: Errors = NO_ERRORS
    seconds: float = 0.0
    answer: int = ANSWER_BYTES
    needed: int = ANSWER_BYTES
    is_sent: bool = False


CALL_SECONDS = 30.0
ON_THE_WAY: Mapping[Failure, tuple[Errors, float]] = {
    Failure.NO_INTERNET: ((NetworkTrouble.NAME_UNKNOWN, 0, 0), 0.0),
    Failure.BLOCKED: ((NetworkTrouble.TIMED_OUT, 0, 0), CALL_SECONDS),
    Failure.REFUSED: ((NetworkTrouble.REFUSED, 0, 0), 0.0),
    Failure.UNREACHABLE: ((NetworkTrouble.UNREACHABLE, 0, 0), 0.0),
    Failure.NAME: ((NetworkTrouble.NAME_UNKNOWN, 0, 0), 0.0),
}
AT_THE_OPERATOR: Mapping[Failure, Outcome] = {
    Failure.SILENCE: Outcome(NO_ANSWER, WAIT_SECONDS, 0),
    Failure.SLOW: Outcome(seconds=LATE_SECONDS, is_sent=True),
    Failure.SLOW_BYTES: Outcome(seconds=ANSWER_BYTES - 1.0, is_sent=True),
    Failure.CLOSE_BEFORE: Outcome(CLOSED, 0, 0),
    Failure.CLOSE_AFTER: Outcome(CLOSED, 0, 0),
    Failure.GARBAGE: Outcome(BAD_ANSWER, 0, 64, HEADER_BYTES),
    Failure.PARTIAL: Outcome(CLOSED, 0, ANSWER_BYTES // 2),
    Failure.HEADER_ONLY: Outcome(BAD_ANSWER, 0, HEADER_BYTES, HEADER_BYTES),
    Failure.WRONG_FN: Outcome(REFUSED_BY_FN),
    Failure.WRONG_NUMBER: Outcome(REFUSED_BY_FN),
    Failure.WRONG_CRC: Outcome(REFUSED_BY_FN),
    Failure.WRONG_SIGN: Outcome(REFUSED_BY_FN),
    Failure.NOT_RECOGNISED: Outcome((0, OfdTrouble.NOT_RECOGNISED, 0), is_sent=True),
    Failure.FORMAT_LOGIC: Outcome((0, OfdTrouble.FORMAT_LOGIC_ERROR, 0), is_sent=True),
    Failure.DUPLICATE: Outcome(REFUSED_BY_FN),
    Failure.TWO_ANSWERS: Outcome(answer=2 * ANSWER_BYTES, is_sent=True),
    Failure.TARIFF: Outcome(NO_ANSWER, WAIT_SECONDS, 0),
    Failure.LOST_ACK: Outcome(CLOSED, 0, 0),
}
SILENT = frozenset((Failure.NO_INTERNET, Failure.BLOCKED))
"""Of a connection that stands already nobody hears that there is no way any more."""


@pytest.fixture(scope="module")
def waiting(make_bench: Callable[..., Bench]) -> Bench:
    """One receipt waits to be sent."""
    return queued(make_bench("shift-open"))


def check(exchange: Exchange, *ends: tuple[Errors, float]) -> None:
    """The calls must end so, each with what register 2Bh tells and its seconds, and the next come after the pause."""
    exchange.until_sent()
    at, calls = 0.0, []
    for errors, seconds in ends:
        calls.append((at, errors))
        at += seconds + PAUSE_SECONDS
    assert list(zip(exchange.calls.at, exchange.calls.errors, strict=True)) == calls
    assert len(exchange.message()) == MESSAGE_BYTES


def test_every_failure_has_its_outcome() -> None:
    assert ON_THE_WAY.keys() == NETWORK_FAILURES
    assert AT_THE_OPERATOR.keys() == SERVER_FAILURES


@pytest.mark.parametrize("failure", ON_THE_WAY)
@pytest.mark.parametrize("end", ["message", "answer"])
def test_the_way_is_lost_at_any_byte(waiting: Bench, failure: Failure, end: str) -> None:
    is_silent = failure in SILENT
    lost = (NO_ANSWER, WAIT_SECONDS) if is_silent else (CLOSED, 0.0)
    for size in range(MESSAGE_BYTES if end == "message" else ANSWER_BYTES):
        fate = Fate(size, None, is_silent) if end == "message" else Fate(None, size, is_silent)
        exchange = Exchange.of(waiting, fate)
        exchange.step()
        plan(exchange.bench, Planned(failure))
        check(exchange, lost, ON_THE_WAY[failure], (NO_ERRORS, 0.0))


@pytest.mark.parametrize("failure", AT_THE_OPERATOR)
def test_the_connection_dies_at_any_byte_of_the_message(waiting: Bench, failure: Failure) -> None:
    outcome = AT_THE_OPERATOR[failure]
    alone = (outcome.errors, outcome.seconds)
    for size in range(MESSAGE_BYTES):
        exchange = Exchange.of(waiting, Fate(to_operator=size))
        plan(exchange.bench, Planned(failure))
        meets_it = [] if failure in BEFORE_READING else [alone]
        check(exchange, (CLOSED, 0.0), *meets_it, *([] if meets_it and outcome.is_sent else [(NO_ERRORS, 0.0)]))


@pytest.mark.parametrize("failure", AT_THE_OPERATOR)
def test_the_connection_dies_at_any_byte_of_the_answer(waiting: Bench, failure: Failure) -> None:
    outcome = AT_THE_OPERATOR[failure]
    alone, sent = (outcome.errors, outcome.seconds), (NO_ERRORS, 0.0)
    code = outcome.errors if outcome.is_sent else NO_ERRORS  # an answer code is repeated with the confirmation
    for size in range(outcome.answer or ANSWER_BYTES):
        exchange = Exchange.of(waiting, *([] if outcome.answer else [Fate()]), Fate(to_till=size))
        plan(exchange.bench, Planned(failure))
        if not outcome.answer:
            check(exchange, alone, (CLOSED, 0.0), sent)
        elif size < outcome.needed:
            late = max(size - 1.0, 0.0) if failure is Failure.SLOW_BYTES else outcome.seconds
            check(exchange, (CLOSED, late), (code, 0.0))
        else:
            check(exchange, alone, *([] if outcome.is_sent else [sent]))
