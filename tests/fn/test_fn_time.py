"""Time: the FN knows only what it is told, and its timer. Every rule as an example on both sides of its edge."""

from datetime import timedelta
from typing import Any

import pytest

from protocol.fn.commands import FnCode, FnCommand, Operation, WorkMode
from protocol.fn.requests import CommitReceipt
from tests.fn.fn_till import START, Till


def registered(mode: WorkMode = WorkMode.NONE, **settings: Any) -> Till:
    till = Till(**settings)
    till.register(mode)
    return till


def working(mode: WorkMode = WorkMode.NONE, **settings: Any) -> Till:
    till = registered(mode, **settings)
    till.open_shift()
    return till


@pytest.mark.parametrize(
    ("lag", "code"),
    [
        (timedelta(hours=-5), FnCode.OK),
        (timedelta(0), FnCode.OK),
        (timedelta(hours=1), FnCode.OK),
        (timedelta(hours=1, minutes=1), FnCode.BAD_DATE),
    ],
)
def test_a_shift_opening_may_lag_an_hour_behind_the_last_document(lag: timedelta, code: FnCode) -> None:
    till = working()
    till.wait(hours=3)
    till.close_shift()
    till.set_clock(till.at - lag)
    assert till.ask(FnCommand.BEGIN_OPEN_SHIFT, till.dated())[0] == code


@pytest.mark.parametrize("command", [FnCommand.BEGIN_RECEIPT, FnCommand.BEGIN_CLOSE_SHIFT])
def test_nothing_in_a_shift_is_dated_before_its_last_document(command: FnCommand) -> None:
    till = working()
    till.wait(minutes=30)
    till.sell()
    till.set_clock(till.at - timedelta(minutes=1))
    assert till.refused(command, till.dated()) == FnCode.BAD_DATE
    till.set_clock(till.at + timedelta(minutes=1))
    till.do(command, till.dated())


@pytest.mark.parametrize(
    ("age", "begin", "commit"),
    [
        (timedelta(hours=24), FnCode.OK, FnCode.OK),
        (timedelta(hours=24, minutes=1), FnCode.SHIFT_TOO_LONG, FnCode.BAD_DATE),
    ],
)
def test_a_shift_sells_for_24_hours(age: timedelta, begin: FnCode, commit: FnCode) -> None:
    till = working()
    till.wait(minutes=1)
    till.begin_receipt()
    till.at = START + age
    assert till.ask(FnCommand.COMMIT_RECEIPT, till.receipt())[0] == commit
    till.cancel()
    assert till.ask(FnCommand.BEGIN_RECEIPT, till.dated())[0] == begin


def test_a_shift_can_be_closed_after_any_time() -> None:
    till = working()
    till.wait(days=20)
    till.close_shift()


def test_a_receipt_does_not_end_before_it_begins() -> None:
    till = working()
    till.wait(minutes=10)
    till.begin_receipt()
    early = CommitReceipt(till.at - timedelta(minutes=1), Operation.SELL, 1).build()
    assert till.refused(FnCommand.COMMIT_RECEIPT, early) == FnCode.BAD_DATE
    till.do(FnCommand.COMMIT_RECEIPT, CommitReceipt(till.at + timedelta(minutes=1), Operation.SELL, 1).build())


@pytest.mark.parametrize("data", [bytes.fromhex("1A 0D 01 00 00"), bytes.fromhex("1A 02 1E 00 00")])
def test_a_date_that_does_not_exist_is_07(data: bytes) -> None:
    till = registered()
    assert till.refused(FnCommand.BEGIN_OPEN_SHIFT, data) == FnCode.BAD_DATE


@pytest.mark.parametrize(
    ("ahead", "one_sided", "symmetric"),
    [
        (timedelta(minutes=5), FnCode.OK, FnCode.OK),
        (timedelta(minutes=6), FnCode.BAD_TIME_STEP, FnCode.BAD_TIME_STEP),
        (timedelta(minutes=-6), FnCode.OK, FnCode.BAD_TIME_STEP),
    ],
)
def test_dates_run_no_faster_than_the_timer(ahead: timedelta, one_sided: FnCode, symmetric: FnCode) -> None:
    for is_one_sided, code in ((True, one_sided), (False, symmetric)):
        till = working(time_step_one_sided=is_one_sided)
        till.wait(minutes=20)
        till.set_clock(till.at + ahead)
        assert till.ask(FnCommand.BEGIN_RECEIPT, till.dated())[0] == code


def test_the_timer_counts_from_the_last_document_not_from_a_cancelled_one() -> None:
    till = working()
    till.wait(minutes=10)
    till.begin_receipt()
    till.cancel()
    till.wait(minutes=10)
    till.set_clock(till.at + timedelta(minutes=6))
    assert till.refused(FnCommand.BEGIN_RECEIPT, till.dated()) == FnCode.BAD_TIME_STEP


def test_the_timer_counts_from_when_the_date_was_told_not_from_when_the_document_was_formed() -> None:
    till = registered()
    till.begin_open_shift()
    till.wait(minutes=10)
    till.do(FnCommand.OPEN_SHIFT)
    till.sell()


def test_after_power_on_the_timer_does_not_know_the_date_of_the_first_document() -> None:
    till = working()
    till.fn.power_off()
    till.fn.power_on(till.world)
    till.set_clock(till.at + timedelta(hours=2))
    till.sell()
    till.set_clock(till.at + timedelta(hours=2))
    assert till.refused(FnCommand.BEGIN_RECEIPT, till.dated()) == FnCode.BAD_TIME_STEP


def test_setting_the_clock_of_a_closed_till_forward_is_no_bad_step() -> None:
    till = registered(WorkMode.AUTONOMOUS)
    till.set_clock(till.at + timedelta(days=100))
    till.open_shift()
    till.sell()


def test_a_document_from_the_future_is_the_new_floor() -> None:
    till = registered(WorkMode.AUTONOMOUS)
    till.set_clock(START + timedelta(days=100))
    till.open_shift()
    till.close_shift()
    till.set_clock(START + timedelta(days=1))
    assert till.refused(FnCommand.BEGIN_OPEN_SHIFT, till.dated()) == FnCode.BAD_DATE
    till.wait(days=99)
    till.open_shift()


@pytest.mark.parametrize(
    ("lead_seconds", "code"),
    [(299, FnCode.OK), (300, FnCode.OK), (301, FnCode.BAD_TIME_STEP), (-299, FnCode.OK), (-100_000, FnCode.OK)],
)
@pytest.mark.parametrize("command", [FnCommand.BEGIN_RECEIPT, FnCommand.BEGIN_CORRECTION])
def test_the_fifth_minute_ends_at_its_second(command: FnCommand, lead_seconds: int, code: FnCode) -> None:
    till = working()
    till.wait(minutes=30)
    till.skew -= timedelta(seconds=lead_seconds)
    assert till.ask(command, till.dated())[0] == code


@pytest.mark.parametrize("survives", [True, False])
def test_a_timer_that_runs_without_power_is_a_setting(survives: bool) -> None:
    till = working(timer_survives_power_off=survives)
    till.fn.power_off()
    till.wait(hours=2)
    till.fn.power_on(till.world)
    till.set_clock(till.at + timedelta(minutes=5))
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    till.cancel()
    till.set_clock(till.at + timedelta(minutes=1))
    expected = FnCode.BAD_TIME_STEP if survives else FnCode.OK
    assert till.ask(FnCommand.BEGIN_RECEIPT, till.dated())[0] == expected
