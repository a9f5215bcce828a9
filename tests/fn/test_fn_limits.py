"""Limits judged by the date that is sent: the term, the 30 days without the OFD, and the order of all checks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from fn_model.limits import CHECKS, Check
from fn_model.model import load_model
from protocol.fn.answers import Term, parse_word
from protocol.fn.commands import FnCode, FnCommand, FnWarning, WorkMode, pack_date_time
from tests.fn.fn_till import REGISTRATION_DATA, START, Till

END = datetime.combine(START.date(), datetime.min.time()) + timedelta(days=470)
LAST_DAY = END + timedelta(hours=22)


def registered(mode: WorkMode = WorkMode.NONE, **settings: Any) -> Till:
    till = Till(**settings)
    till.register(mode)
    return till


# The term


def test_the_term_is_470_days_from_the_registration() -> None:
    till = registered()
    assert Term.parse(till.do(FnCommand.TERM)) == Term(END.date(), load_model().registrations - 1, 1)
    assert END.date() == datetime(2027, 4, 25).date()
    till.wait(days=100)
    till.send_all()
    till.re_register()
    assert Term.parse(till.do(FnCommand.TERM)) == Term(END.date(), load_model().registrations - 2, 2)


def test_a_term_that_would_end_where_no_date_reaches_is_07() -> None:
    till = Till()
    till.set_clock(datetime(2099, 1, 1))
    till.do(FnCommand.BEGIN_REGISTRATION, b"\0")
    till.do(FnCommand.ADD_DATA, REGISTRATION_DATA)
    assert till.refused(FnCommand.REGISTER, till.registration()) == FnCode.BAD_DATE


def test_before_the_registration_there_is_no_end_date() -> None:
    assert Term.parse(Till().do(FnCommand.TERM)) == Term(None, load_model().registrations, 0)


@pytest.mark.parametrize(("day", "left"), [(0, 470), (469, 1), (470, 0), (500, 0)])
def test_days_left_are_counted_from_the_day_that_is_told(day: int, left: int) -> None:
    till = registered()
    assert parse_word(till.do(FnCommand.DAYS_LEFT, pack_date_time(START + timedelta(days=day)))) == left


def expired_opening(till: Till, at: datetime) -> tuple[FnCommand, bytes]:
    till.set_clock(at)
    till.begin_open_shift()
    return FnCommand.OPEN_SHIFT, b""


def expired_receipt(till: Till, at: datetime) -> tuple[FnCommand, bytes]:
    till.set_clock(at.replace(hour=0, minute=0) - timedelta(hours=1))
    till.open_shift()
    till.wait(seconds=(at - till.at).total_seconds())
    till.at = at
    till.begin_receipt()
    return FnCommand.COMMIT_RECEIPT, till.receipt()


def expired_shift_close(till: Till, at: datetime) -> tuple[FnCommand, bytes]:
    till.open_shift()
    till.send_all()
    till.set_clock(at)
    till.begin_close_shift()
    return FnCommand.CLOSE_SHIFT, b""


def expired_archive_close(till: Till, at: datetime) -> tuple[FnCommand, bytes]:
    till.set_clock(at)
    till.begin_close_archive()
    return FnCommand.CLOSE_ARCHIVE, till.closing()


def expired_settlement(till: Till, at: datetime) -> tuple[FnCommand, bytes]:
    till.set_clock(at)
    till.do(FnCommand.BEGIN_SETTLEMENT, till.dated())
    return FnCommand.COMMIT_SETTLEMENT, b""


EXPIRED: dict[str, Callable[[Till, datetime], tuple[FnCommand, bytes]]] = {
    "expiry_blocks_opening": expired_opening,
    "expiry_blocks_receipt": expired_receipt,
    "expiry_blocks_shift_close": expired_shift_close,
    "expiry_blocks_archive_close": expired_archive_close,
    "expiry_blocks_settlement": expired_settlement,
}
EXPIRED_CODES = dict.fromkeys(EXPIRED, FnCode.RESOURCE_EXHAUSTED) | {"expiry_blocks_archive_close": FnCode.TERM_OVER}
CODE_SETTINGS = dict.fromkeys(EXPIRED, "expired_date_code") | {
    "expiry_blocks_receipt": "expired_receipt_code",
    "expiry_blocks_archive_close": "expired_archive_close_code",
}


def sent(**settings: Any) -> Till:
    till = registered(**settings)
    till.send_all()
    return till


@pytest.mark.parametrize("setting", EXPIRED)
def test_a_document_dated_after_the_term_is_12_or_05_when_it_is_formed(setting: str) -> None:
    till = sent()
    command, data = EXPIRED[setting](till, END + timedelta(days=1))
    assert till.refused(command, data) == EXPIRED_CODES[setting]


@pytest.mark.parametrize("setting", EXPIRED)
def test_the_last_day_of_the_term_works(setting: str) -> None:
    till = sent()
    command, data = EXPIRED[setting](till, LAST_DAY)
    till.do(command, data)


@pytest.mark.parametrize("setting", EXPIRED)
def test_whether_the_last_day_works_is_a_setting(setting: str) -> None:
    till = sent(last_day_works=False)
    command, data = EXPIRED[setting](till, LAST_DAY)
    assert till.refused(command, data) == EXPIRED_CODES[setting]


@pytest.mark.parametrize("setting", EXPIRED)
def test_what_the_end_of_the_term_blocks_is_a_setting_each(setting: str) -> None:
    till = sent(**{setting: False})
    if setting == "expiry_blocks_receipt":
        till.set_clock(END - timedelta(hours=2))
    command, data = EXPIRED[setting](till, END + timedelta(days=1))
    till.do(command, data)


@pytest.mark.parametrize("setting", EXPIRED)
@pytest.mark.parametrize("code", [FnCode.TERM_OVER, FnCode.RESOURCE_EXHAUSTED])
def test_the_code_of_the_end_of_the_term_is_a_setting(setting: str, code: FnCode) -> None:
    till = sent(**{CODE_SETTINGS[setting]: code})
    command, data = EXPIRED[setting](till, END + timedelta(days=1))
    assert till.refused(command, data) == code


def test_setting_the_clock_back_cures_the_end_of_the_term() -> None:
    till = sent()
    command, data = expired_archive_close(till, END + timedelta(days=3))
    assert till.refused(command, data) == FnCode.TERM_OVER
    till.cancel()
    till.set_clock(START + timedelta(minutes=5))
    till.close_archive()


def test_after_the_term_documents_are_still_read_and_sent() -> None:
    till = registered()
    till.open_shift()
    till.set_clock(END + timedelta(days=3))
    till.send_all()
    till.do(FnCommand.FIND_DOCUMENT, b"\1\0\0\0")


def test_after_a_refusal_for_the_term_its_flags_show() -> None:
    till = sent()
    command, data = expired_opening(till, END + timedelta(days=1))
    assert till.refused(command, data) == FnCode.RESOURCE_EXHAUSTED
    assert till.status().warnings == FnWarning.URGENT_REPLACEMENT | FnWarning.REPLACEMENT_30_DAYS


@pytest.mark.parametrize(
    ("days_left", "flags"),
    [
        (31, FnWarning.NONE),
        (30, FnWarning.REPLACEMENT_30_DAYS),
        (4, FnWarning.REPLACEMENT_30_DAYS),
        (3, FnWarning.REPLACEMENT_30_DAYS | FnWarning.URGENT_REPLACEMENT),
        (0, FnWarning.REPLACEMENT_30_DAYS | FnWarning.URGENT_REPLACEMENT),
    ],
)
def test_the_end_of_the_term_is_announced(days_left: int, flags: FnWarning) -> None:
    till = sent()
    till.set_clock(END - timedelta(days=days_left) + timedelta(hours=1))
    till.begin_open_shift()
    assert till.status().warnings == flags


# Thirty days without the OFD


def unsent_opening(till: Till) -> tuple[FnCommand, bytes]:
    till.begin_open_shift()
    return FnCommand.OPEN_SHIFT, b""


def unsent_shift_close(till: Till) -> tuple[FnCommand, bytes]:
    till.begin_close_shift()
    return FnCommand.CLOSE_SHIFT, b""


def unsent_receipt(till: Till) -> tuple[FnCommand, bytes]:
    till.begin_receipt()
    return FnCommand.COMMIT_RECEIPT, till.receipt()


def blocked(what: str, days: int, **settings: Any) -> tuple[Till, FnCommand, bytes]:
    """A till whose oldest unsent document is ``days`` old, about to form a document."""
    till = registered(**settings)
    if what != "opening":
        till.wait(days=days - 1, hours=10)
        till.open_shift()
        till.wait(hours=12)
    else:
        till.wait(days=days)
    prepare = {"opening": unsent_opening, "receipt": unsent_receipt, "shift close": unsent_shift_close}[what]
    return (till, *prepare(till))


@pytest.mark.parametrize("what", ["opening", "receipt", "shift close"])
def test_a_document_unsent_for_more_than_30_days_is_14_with_its_flag(what: str) -> None:
    till, command, data = blocked(what, 30)
    till.do(command, data)
    till, command, data = blocked(what, 31)
    assert till.refused(command, data) == FnCode.STORAGE_EXHAUSTED
    assert till.status().warnings == FnWarning.OFD_TIMEOUT


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(2026, 2, 9, 23, 59), FnCode.OK),
        (datetime(2026, 2, 10, 0, 0), FnCode.STORAGE_EXHAUSTED),
        (datetime(2026, 2, 10, 0, 1), FnCode.STORAGE_EXHAUSTED),
    ],
)
def test_the_30_days_are_calendar_days_and_end_at_midnight(at: datetime, code: FnCode) -> None:
    till = registered()
    assert START.date() == datetime(2026, 1, 10).date()
    till.set_clock(at)
    till.begin_open_shift()
    assert till.ask(FnCommand.OPEN_SHIFT)[0] == code


@pytest.mark.parametrize(
    ("minutes", "code"), [(-1, FnCode.OK), (0, FnCode.RESOURCE_EXHAUSTED), (1, FnCode.RESOURCE_EXHAUSTED)]
)
def test_the_term_ends_at_the_midnight_after_its_last_day(minutes: int, code: FnCode) -> None:
    till = sent()
    till.set_clock(END + timedelta(days=1, minutes=minutes))
    till.begin_open_shift()
    assert till.ask(FnCommand.OPEN_SHIFT)[0] == code


@pytest.mark.parametrize("what", ["opening", "receipt", "shift close"])
def test_sending_the_oldest_document_ends_the_block(what: str) -> None:
    till, command, data = blocked(what, 31)
    assert till.status().warnings == FnWarning.OFD_TIMEOUT
    till.send_one()
    assert till.status().warnings == FnWarning.NONE
    till.do(command, data)


def test_the_block_does_not_concern_the_archive_close() -> None:
    till = registered()
    till.wait(days=100)
    till.close_archive()


def test_an_autonomous_fn_waits_for_nobody() -> None:
    till = registered(WorkMode.AUTONOMOUS)
    till.wait(days=100)
    till.open_shift()
    till.sell()
    assert till.status().warnings == FnWarning.NONE


def test_the_code_of_the_30_days_is_a_setting() -> None:
    till, command, data = blocked("opening", 31, unsent_code=FnCode.SEND_WAIT_EXCEEDED)
    assert till.refused(command, data) == FnCode.SEND_WAIT_EXCEEDED


def test_where_limits_strike_is_a_setting() -> None:
    till = registered(unsent_judged_at="begin", expiry_judged_at="begin")
    till.wait(days=31)
    assert till.refused(FnCommand.BEGIN_OPEN_SHIFT, till.dated()) == FnCode.STORAGE_EXHAUSTED
    till.send_all()
    till.set_clock(END + timedelta(days=1))
    assert till.refused(FnCommand.BEGIN_OPEN_SHIFT, till.dated()) == FnCode.RESOURCE_EXHAUSTED


@pytest.mark.parametrize(
    ("age", "flags"),
    [(timedelta(days=2), FnWarning.NONE), (timedelta(days=2, minutes=1), FnWarning.OFD_TIMEOUT)],
)
def test_two_days_without_a_confirmation_are_announced(age: timedelta, flags: FnWarning) -> None:
    till = registered()
    till.wait(seconds=age.total_seconds())
    till.begin_open_shift()
    assert till.status().warnings == flags


def test_a_warning_sets_bit_7_of_every_answer_refusals_included() -> None:
    till = registered()
    till.wait(days=3)
    till.begin_open_shift()
    for frame in ("04 01 00 31 DE DD", "04 01 00 14"):
        answer = till.port.exchange(bytes.fromhex(frame), till.world)
        assert answer is not None and answer[3] & 0x80


# The order of checks


def test_every_row_of_checks_keeps_to_the_one_order() -> None:
    for row in CHECKS.values():
        assert list(row) == sorted(row)
        assert not {Check.FORMAT, Check.PHASE, Check.STATE, Check.VALUE} & row.keys()


def test_of_several_faults_the_earliest_in_the_order_gives_the_code() -> None:
    till = registered()
    till.set_clock(END + timedelta(days=1))
    till.begin_open_shift()
    assert till.refused(FnCommand.OPEN_SHIFT, b"\0") == FnCode.BAD_FORMAT
    assert till.refused(FnCommand.CLOSE_SHIFT) == FnCode.WRONG_STATE
    assert till.refused(FnCommand.OPEN_SHIFT) == FnCode.RESOURCE_EXHAUSTED
    till.cancel()
    till.set_clock(END)
    till.begin_open_shift()
    assert till.refused(FnCommand.OPEN_SHIFT) == FnCode.STORAGE_EXHAUSTED
