"""FN-1 by the interface description: where its rules of time and resource are not those of the later generations."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from fn_model import load_model
from protocol.fn.commands import FnCode, FnCommand, FnWarning, WorkMode
from tests.fn.fn_till import SHIFT_DATA, START, Till

END = datetime.combine(START.date(), datetime.min.time()) + timedelta(days=410)
AFTER = END + timedelta(days=1)


def fn_1(**changes: Any) -> Till:
    till = Till(replace(load_model("fn-1-13"), **changes))
    till.register()
    return till


# ---- thirty days without the OFD: 15h, when a document is begun


def opening(till: Till) -> tuple[FnCommand, bytes]:
    return FnCommand.BEGIN_OPEN_SHIFT, till.dated()


def closing(till: Till) -> tuple[FnCommand, bytes]:
    return FnCommand.BEGIN_CLOSE_SHIFT, till.dated()


def receipt(till: Till) -> tuple[FnCommand, bytes]:
    return FnCommand.BEGIN_RECEIPT, till.dated()


def correction(till: Till) -> tuple[FnCommand, bytes]:
    return FnCommand.BEGIN_CORRECTION, till.dated()


BEGINNINGS: dict[str, tuple[bool, Callable[[Till], tuple[FnCommand, bytes]]]] = {
    "opening": (False, opening),
    "shift close": (True, closing),
    "receipt": (True, receipt),
    "correction": (True, correction),
}
"""Beginning commands that the 30 days stop, and whether they need an open shift."""


def unsent(needs_shift: bool, days: int) -> Till:
    till = fn_1()
    if needs_shift:
        till.wait(days=days - 1, hours=10)
        till.open_shift()
        till.wait(hours=14)
    else:
        till.wait(days=days)
    return till


@pytest.mark.parametrize("what", BEGINNINGS)
def test_a_document_unsent_for_more_than_30_days_is_15_at_the_beginning(what: str) -> None:
    needs_shift, begin = BEGINNINGS[what]
    till = unsent(needs_shift, 30)
    till.do(*begin(till))
    till = unsent(needs_shift, 31)
    assert till.refused(*begin(till)) == FnCode.SEND_WAIT_EXCEEDED
    till.send_one()
    till.do(*begin(till))


def test_a_receipt_that_was_begun_in_time_is_formed() -> None:
    till = fn_1()
    till.wait(days=30, hours=10)
    till.open_shift()
    till.wait(hours=4)
    till.begin_receipt()
    assert till.at.day != (till.at + timedelta(hours=12)).day
    till.wait(hours=12)
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


def test_the_thirty_days_stop_neither_settlements_nor_re_registration_nor_the_archive_close() -> None:
    till = fn_1()
    till.wait(days=31)
    till.settle()
    till.re_register()
    till.close_archive()


# ---- the end of the term


def sent(**changes: Any) -> Till:
    till = fn_1(**changes)
    till.send_all()
    return till


def test_after_the_term_a_shift_is_begun_and_not_opened_05() -> None:
    till = sent()
    till.set_clock(AFTER)
    till.begin_open_shift()
    assert till.refused(FnCommand.OPEN_SHIFT) == FnCode.TERM_OVER


def test_after_the_term_no_settlement_report_is_formed_05() -> None:
    till = sent()
    till.set_clock(AFTER)
    till.do(FnCommand.BEGIN_SETTLEMENT, till.dated())
    assert till.refused(FnCommand.COMMIT_SETTLEMENT) == FnCode.TERM_OVER


def test_after_the_term_a_receipt_is_begun_and_not_formed_12_and_the_shift_and_the_archive_are_closed() -> None:
    till = sent()
    till.set_clock(END + timedelta(hours=20))
    till.open_shift()
    till.wait(hours=3)
    till.sell()
    till.wait(hours=1)
    assert till.at == AFTER
    till.begin_receipt()
    assert till.refused(FnCommand.COMMIT_RECEIPT, till.receipt()) == FnCode.RESOURCE_EXHAUSTED
    till.cancel()
    till.close_shift()
    till.close_archive()


# ---- time


@pytest.mark.parametrize(
    ("lead_seconds", "code"),
    [
        (299, FnCode.OK),
        (300, FnCode.OK),
        (301, FnCode.BAD_TIME_STEP),
        (-299, FnCode.OK),
        (-300, FnCode.OK),
        (-301, FnCode.BAD_TIME_STEP),
    ],
)
@pytest.mark.parametrize("command", [FnCommand.BEGIN_RECEIPT, FnCommand.BEGIN_CORRECTION])
def test_dates_keep_to_the_timer_within_five_minutes_both_ways(
    command: FnCommand, lead_seconds: int, code: FnCode
) -> None:
    till = fn_1()
    till.open_shift()
    till.wait(minutes=30)
    till.skew -= timedelta(seconds=lead_seconds)
    assert till.ask(command, till.dated())[0] == code


def test_no_settlement_report_in_an_open_shift() -> None:
    till = fn_1()
    till.open_shift()
    assert till.refused(FnCommand.BEGIN_SETTLEMENT, till.dated()) == FnCode.WRONG_STATE


# ---- what fills up


@pytest.mark.parametrize(("documents", "flags"), [(89, FnWarning.NONE), (90, FnWarning.ARCHIVE_NEARLY_FULL)])
def test_an_archive_full_to_90_percent_is_announced(documents: int, flags: FnWarning) -> None:
    till = Till(replace(load_model("fn-1-13"), archive_documents=100))
    till.register(WorkMode.AUTONOMOUS)
    while till.status().last_document < documents:
        till.settle()
    assert till.status().warnings == flags


def test_a_full_archive_stops_shifts_and_settlements_with_06_and_no_receipts() -> None:
    till = Till(replace(load_model("fn-1-13"), archive_documents=3))
    till.register(WorkMode.AUTONOMOUS)
    till.open_shift()
    till.sell()
    till.sell()
    till.close_shift()
    till.do(FnCommand.BEGIN_OPEN_SHIFT, till.dated())
    till.do(FnCommand.ADD_DATA, SHIFT_DATA)
    assert till.refused(FnCommand.OPEN_SHIFT) == FnCode.ARCHIVE_FULL
    till.cancel()
    till.do(FnCommand.BEGIN_SETTLEMENT, till.dated())
    assert till.refused(FnCommand.COMMIT_SETTLEMENT) == FnCode.ARCHIVE_FULL
    till.cancel()
    till.close_archive()


def test_twelve_registrations_are_made() -> None:
    till = fn_1()
    for _ in range(11):
        till.re_register()
    assert till.refused(FnCommand.BEGIN_REGISTRATION, b"\2") == FnCode.RESOURCE_EXHAUSTED


def test_requisites_are_whole_or_not_and_nothing_else_is_looked_at() -> None:
    till = fn_1()
    till.do(FnCommand.BEGIN_OPEN_SHIFT, till.dated())
    till.do(FnCommand.ADD_DATA, b"\xff\xff\1\0\0" * 2)
    assert till.refused(FnCommand.ADD_DATA, b"\xff\xff\2\0\0") == FnCode.BAD_FORMAT
    till.do(FnCommand.OPEN_SHIFT)
