"""The till's side of the exchange: what it takes for an answer, how long it waits, and when it does not call at all."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kktsim.bench import Bench
from kktsim.ofd.events import NetworkTrouble, OfdTrouble
from kktsim.ofd.failures import Failure, Planned
from kktsim.testing.ofd_calls import Fate
from kktsim.testing.ofd_judge import Judge
from kktsim.testing.presets import open_till
from protocol.atol.commands.fn import Register
from protocol.atol.commands.modes import Mode
from protocol.ffd.tags import T
from protocol.fn.commands import Phase
from protocol.ofd.session import HEADER_SIZE, parse_header
from protocol.ofd.stream import MAX_BODY
from scenarios import routine

from ..device.desk import Desk
from .exchange import (
    NO_ERRORS,
    PAUSE_SECONDS,
    WAIT_SECONDS,
    Exchange,
    errors,
    last_sent,
    plan,
    queued,
    shown,
    unsent,
)

MakeBench = Callable[..., Bench]
ANSWER_BYTES = 157
CALL_SECONDS = 30.0
DAY = 86_400.0
BAD_ANSWER = (0, OfdTrouble.BAD_ANSWER, 0)
NO_ANSWER = (0, OfdTrouble.NO_ANSWER, 0)
OTHER_FN = "9999078900000002"


@pytest.fixture(scope="module")
def waiting(make_bench: MakeBench) -> Bench:
    """Three receipts wait to be sent."""
    return queued(make_bench("shift-open"), 3)


def program(desk: Desk, field: int, value: int) -> None:
    """Write a byte into table 19."""
    desk.enter(Mode.PROGRAMMING)
    desk.does(f"50 13 00 01 {field:02X} {value:02X}")
    desk.enter(Mode.SELECTION)


# --- what is an answer -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", [0.0, 100.0])
def test_an_answer_in_two_pieces_is_one_wherever_it_is_cut(waiting: Bench, gap: float) -> None:
    for split in range(1, ANSWER_BYTES):
        exchange = Exchange.of(waiting, Fate(splits=(split,), gap_seconds=gap))
        exchange.until_sent()
        assert exchange.calls.at == [0.0, gap, gap]


@pytest.mark.parametrize(("gap", "is_in_time"), [(0.0, True), (1.9, True), (2.0, False)])
def test_an_answer_byte_by_byte_is_taken_when_the_last_one_is_in_time(
    waiting: Bench, gap: float, is_in_time: bool
) -> None:
    exchange = Exchange.of(waiting, Fate(splits=tuple(range(1, ANSWER_BYTES)), gap_seconds=gap))
    exchange.until_sent()
    late = gap * (ANSWER_BYTES - 1)
    assert exchange.calls.at[1] == pytest.approx(late if is_in_time else WAIT_SECONDS + PAUSE_SECONDS)
    assert exchange.calls.errors[0] == (NO_ERRORS if is_in_time else NO_ANSWER)


@pytest.mark.parametrize("gap", [0.0, 10.0])
@pytest.mark.parametrize("splits", [(), (ANSWER_BYTES,), (ANSWER_BYTES - 1,), (ANSWER_BYTES + 1,)])
def test_the_second_of_two_answers_is_not_heard(waiting: Bench, splits: tuple[int, ...], gap: float) -> None:
    exchange = Exchange.of(waiting, *[Fate(splits=splits, gap_seconds=gap, alter=lambda answer: answer + answer)] * 3)
    exchange.until_sent()
    assert exchange.calls.errors == [NO_ERRORS] * 3


def with_header(**changed: object) -> Callable[[bytes], bytes]:
    def alter(answer: bytes) -> bytes:
        header = replace(parse_header(answer[:HEADER_SIZE]), **changed)  # type: ignore[arg-type]
        return header.build() + answer[HEADER_SIZE:]

    return alter


WRONG_ANSWERS: dict[str, Callable[[bytes], bytes]] = {
    "another signature": lambda answer: b"\xdd\x80\xca\xa1" + answer[4:],
    "another session protocol": lambda answer: answer[:4] + b"\x82\xa2" + answer[6:],
    "a strange FN": with_header(fn_number=OTHER_FN),
    "no number of an FN": lambda answer: answer[:8] + b"9999 and no more" + answer[24:],
    "no confirmation": lambda answer: with_header(body_size=0)(answer)[:HEADER_SIZE],
    "more than anybody takes": with_header(body_size=MAX_BODY + 1),
    "another answer behind a strange one": lambda answer: with_header(fn_number=OTHER_FN)(answer) + answer,
}
WITH_OTHER_FLAGS: dict[str, Callable[[bytes], bytes]] = {
    "another format": lambda answer: answer[:6] + b"\x01\x20" + answer[8:],
    "flags": lambda answer: answer[:26] + b"\x00\x00" + answer[28:],
    "check sum that nobody asked for": lambda answer: answer[:28] + b"\x12\x34" + answer[30:],
}


@pytest.mark.parametrize("wrong", WRONG_ANSWERS)
def test_what_is_no_answer_to_this_till_is_not_given_to_the_fn(waiting: Bench, wrong: str) -> None:
    exchange = Exchange.of(waiting, Fate(alter=WRONG_ANSWERS[wrong]))
    exchange.step()
    assert (unsent(exchange.bench), exchange.calls.errors) == (3, [BAD_ANSWER])
    exchange.until_sent()
    assert exchange.calls.at == [0.0, *[PAUSE_SECONDS] * 3]
    assert exchange.calls.made[0].said == exchange.calls.made[1].said


@pytest.mark.parametrize("other", WITH_OTHER_FLAGS)
def test_in_the_header_of_an_answer_only_signature_version_and_fn_count(waiting: Bench, other: str) -> None:
    exchange = Exchange.of(waiting, Fate(alter=WITH_OTHER_FLAGS[other]))
    exchange.until_sent()
    assert exchange.calls.errors == [NO_ERRORS] * 3


@pytest.mark.parametrize(("failure", "code"), [(Failure.NOT_RECOGNISED, 11), (Failure.FORMAT_LOGIC, 14)])
def test_a_document_that_the_operator_finds_fault_with_is_sent_all_the_same(
    waiting: Bench, failure: Failure, code: int
) -> None:
    desk = Desk(waiting.fork())
    plan(desk.bench, Planned(failure))
    desk.bench.run_due(1)
    assert (unsent(desk.bench), errors(desk)) == (2, (0, code, 0))
    assert last_sent(desk) == shown(desk.bench)
    desk.bench.run_due(1)
    assert (unsent(desk.bench), errors(desk)) == (1, NO_ERRORS)


def test_the_registers_tell_which_document_is_sent_and_what_is_left(waiting: Bench) -> None:
    desk = Desk(waiting.fork())
    fn = desk.bench.fn
    assert fn is not None
    for left in (3, 2, 1):
        plan(desk.bench, Planned(Failure.CLOSE_BEFORE))
        desk.bench.run_due(1)
        head = fn.archive.head()
        assert head is not None
        assert desk.register(0x2B)["document_number"] == head.number
        assert desk.register(0x2C)["unsent_documents"] == left
        assert desk.register(0x2D)["first_unsent_at"] == head.at
        desk.bench.advance(PAUSE_SECONDS - 1)
        before = unsent(desk.bench)
        desk.bench.clock.set_world(desk.bench.world + 1)
        desk.bench.run_due(1)
        assert unsent(desk.bench) == before - 1
    desk.bench.run_due()
    assert (desk.register(0x2B)["document_number"], desk.register(0x2C)["unsent_documents"]) == (0, 0)


# --- how long it waits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", range(1, 6))
@pytest.mark.parametrize(("late", "is_in_time"), [(-1.0, True), (0.0, True), (1.0, False)])
def test_an_answer_is_waited_for_as_many_minutes_as_field_12_tells(
    waiting: Bench, minutes: int, late: float, is_in_time: bool
) -> None:
    bench = waiting.fork()
    program(Desk(bench), 12, minutes)
    plan(bench, Planned(Failure.SLOW, seconds=60 * minutes + late))
    exchange = Exchange.of(bench)
    exchange.until_sent()
    known_at = 60 * minutes + (late if is_in_time else PAUSE_SECONDS)
    assert exchange.calls.at[1] == known_at
    assert exchange.calls.errors[0] == (NO_ERRORS if is_in_time else NO_ANSWER)


@pytest.mark.parametrize(("seconds", "is_in_time"), [(1.0, True), (CALL_SECONDS, True), (CALL_SECONDS + 1, False)])
def test_a_call_is_answered_soon_or_never(waiting: Bench, seconds: float, is_in_time: bool) -> None:
    exchange = Exchange.of(waiting, Fate(stands_after=seconds))
    exchange.until_sent()
    assert exchange.calls.at[1] == (seconds if is_in_time else CALL_SECONDS + PAUSE_SECONDS)
    assert exchange.calls.errors[0] == (NO_ERRORS if is_in_time else (NetworkTrouble.TIMED_OUT, 0, 0))


def test_a_fork_in_mid_exchange_goes_on_by_itself(waiting: Bench) -> None:
    exchange = Exchange.of(waiting, Fate(stands_after=5.0, splits=(78,), gap_seconds=20.0))
    for _ in range(3):
        twin = exchange.bench.fork()
        assert twin.fn is not None
        twin.advance(60)
        assert Judge(twin.fn, twin.network.server.store).at_rest() == []
        exchange.step()
    assert unsent(exchange.bench) < 3
    exchange.until_sent()


# --- tills that do not call ------------------------------------------------------------------------------------------


def calls_of_a_day(bench: Bench) -> list[float]:
    """When a till calls that is left alone, looked after, and switched off and on."""
    exchange = Exchange(Desk(bench))
    bench.advance(DAY)
    bench.try_ofd()
    bench.power_off()
    bench.power_on()
    bench.advance(DAY)
    return exchange.calls.at


def test_an_autonomous_till_never_calls(make_bench: MakeBench) -> None:
    bench = make_bench("factory")
    till = open_till(bench)
    requisites = {**dict(routine.REQUISITES), T.REGISTRATION_NUMBER: routine.registration_number(till)}
    requisites[T.AUTONOMOUS_MODE] = b"\x01"
    del requisites[T.OFD_INN]
    routine.enter(till, Mode.FN_ACCESS)
    for tag, value in requisites.items():
        routine.write_requisite(till, tag, value)
    routine.ask(till, Register())
    desk = Desk(bench)
    desk.open_shift()
    desk.sell()
    desk.close_shift()
    assert (calls_of_a_day(desk.bench), errors(desk)) == ([], NO_ERRORS)
    assert desk.register(0x2C)["unsent_documents"] == 0


def test_a_till_never_calls_when_its_archive_is_closed_and_sent(make_bench: MakeBench) -> None:
    bench = make_bench("archive-closed")
    bench.run_due()
    assert bench.fn is not None
    assert bench.fn.phase is Phase.ARCHIVE_READ
    assert (calls_of_a_day(bench), errors(Desk(bench))) == ([], NO_ERRORS)


def test_a_till_without_documents_never_calls(make_bench: MakeBench) -> None:
    for state in ("factory", "registered"):
        bench = make_bench(state)
        bench.run_due()
        assert calls_of_a_day(bench) == []


def test_documents_for_a_driver_stay_where_they_are_and_nothing_has_failed(waiting: Bench) -> None:
    exchange = Exchange.of(waiting)
    program(exchange.desk, 4, 5)
    attempts = exchange.bench.client.attempts
    for _ in range(3):
        exchange.bench.advance(10 * DAY)
        exchange.bench.try_ofd()
    client = exchange.bench.client
    assert (exchange.calls.at, unsent(exchange.bench), errors(exchange.desk)) == ([], 3, NO_ERRORS)
    assert (client.attempts, client.failed_attempts) == (attempts, 0)
    program(exchange.desk, 4, 1)
    at = exchange.bench.world
    exchange.until_sent()
    assert exchange.bench.world - at <= PAUSE_SECONDS


@pytest.mark.parametrize("channel", [2, 3, 4])
def test_a_channel_that_the_till_does_not_have_is_a_network_error(waiting: Bench, channel: int) -> None:
    exchange = Exchange.of(waiting)
    program(exchange.desk, 4, channel)
    exchange.bench.advance(DAY)
    assert (exchange.calls.at, errors(exchange.desk)) == ([], (NetworkTrouble.NO_CHANNEL, 0, 0))
    assert exchange.bench.client.failed_attempts == DAY / PAUSE_SECONDS + 1


# --- what ends by itself, in an advance ------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [Failure.CLOSE_BEFORE, Failure.SILENCE, Failure.REFUSED, Failure.WRONG_SIGN])
@pytest.mark.parametrize("times", [1, 2, 7])
def test_a_failure_that_ends_by_itself_is_not_taken_for_one_that_stays(
    waiting: Bench, failure: Failure, times: int
) -> None:
    bench = waiting.fork()
    plan(bench, Planned(failure, times=times))
    bench.advance(DAY)
    assert unsent(bench) == 0


def test_a_noise_that_passes_is_not_taken_for_one_that_stays(waiting: Bench) -> None:
    bench = waiting.fork()
    bench.make_noise(90, 90, times=40)
    bench.advance(DAY)
    assert unsent(bench) == 0


@pytest.mark.parametrize("is_cable", [False, True])
def test_what_stays_is_counted_and_not_tried_one_by_one(waiting: Bench, is_cable: bool) -> None:
    exchange = Exchange.of(waiting)
    attempts = exchange.bench.client.attempts
    if is_cable:
        exchange.bench.make_noise(100, 0)
    else:
        exchange.bench.ofd_down()
    exchange.bench.advance(10 * DAY)
    assert len(exchange.calls.made) <= 2
    assert exchange.bench.client.attempts - attempts == 10 * DAY / PAUSE_SECONDS + 1
