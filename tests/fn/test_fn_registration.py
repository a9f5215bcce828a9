"""Registration: which values are accepted, what a re-registration may change, and which numbers an FN may have."""

from dataclasses import replace

import pytest

from fn_model import FiscalStorage, load_model
from protocol.fn.commands import FnCode, FnCommand, WorkMode
from protocol.fn.requests import CloseArchive, Registration
from tests.fn.fn_till import INN, REGISTRATION_DATA, REGISTRATION_NUMBER, START, Till, receipt_data

GOOD = Registration(START, INN, REGISTRATION_NUMBER, 1, WorkMode.NONE)


def begun(registration_type: int) -> Till:
    till = Till()
    if registration_type == 2:
        till.register()
    till.do(FnCommand.BEGIN_REGISTRATION, bytes((registration_type,)))
    till.do(FnCommand.ADD_DATA, REGISTRATION_DATA)
    return till


@pytest.mark.parametrize(
    "wrong",
    [
        replace(GOOD, registration_number="000000000500857"),
        replace(GOOD, registration_number="000000000500857X"),
        replace(GOOD, registration_number="00000000050085700000"),
        replace(GOOD, registration_number=""),
        replace(GOOD, inn="770220327"),
        replace(GOOD, inn="77022032769"),
        replace(GOOD, inn="7702203X76"),
        replace(GOOD, tax_systems=0),
        replace(GOOD, tax_systems=64),
        replace(GOOD, work_mode=WorkMode.ENCRYPTION),
        replace(GOOD, work_mode=WorkMode(0x80)),
    ],
)
def test_impossible_values_are_09(wrong: Registration) -> None:
    till = begun(0)
    assert till.refused(FnCommand.REGISTER, wrong.build()) == FnCode.BAD_VALUE
    till.do(FnCommand.REGISTER, GOOD.build())


@pytest.mark.parametrize(
    "wrong",
    [
        replace(GOOD, reason=4, inn="7704358518"),
        replace(GOOD, reason=4, registration_number="0000000005008571"),
        replace(GOOD, reason=0),
        replace(GOOD, reason=1),
        replace(GOOD, reason=5),
    ],
)
def test_a_re_registration_keeps_its_numbers_and_has_a_reason(wrong: Registration) -> None:
    till = begun(2)
    assert till.refused(FnCommand.REGISTER, wrong.build()) == FnCode.BAD_VALUE
    till.do(FnCommand.REGISTER, replace(GOOD, reason=2).build())


@pytest.mark.parametrize(("registration_type", "reason"), [(0, 4), (1, 1), (2, None)])
def test_only_a_re_registration_tells_its_reason(registration_type: int, reason: int | None) -> None:
    till = begun(registration_type)
    assert till.refused(FnCommand.REGISTER, replace(GOOD, reason=reason).build()) == FnCode.BAD_FORMAT


def test_an_absent_type_is_a_first_registration_and_an_unknown_one_is_09() -> None:
    till = Till()
    assert till.refused(FnCommand.BEGIN_REGISTRATION, b"\3") == FnCode.BAD_VALUE
    till.do(FnCommand.BEGIN_REGISTRATION)
    till.do(FnCommand.ADD_DATA, REGISTRATION_DATA)
    till.do(FnCommand.REGISTER, GOOD.build())


def test_re_registration_changes_the_tax_systems_from_then_on() -> None:
    till = Till()
    till.register(tax_systems=2)
    till.open_shift()
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    assert till.refused(FnCommand.ADD_DATA, receipt_data()) == FnCode.CONTRADICTS_REGISTRATION
    till.cancel()
    till.close_shift()
    till.re_register(tax_systems=3)
    till.open_shift()
    till.sell()


def test_a_re_registration_is_not_dated_before_the_last_document() -> None:
    till = begun(2)
    earlier = replace(GOOD, reason=4, at=START.replace(hour=8))
    assert till.refused(FnCommand.REGISTER, earlier.build()) == FnCode.BAD_DATE


def test_registrations_are_counted_down_to_none() -> None:
    till = Till(replace(load_model(), registrations=2))
    till.register()
    till.re_register()
    assert till.refused(FnCommand.BEGIN_REGISTRATION, b"\2") == FnCode.RESOURCE_EXHAUSTED


def test_the_archive_is_closed_only_with_the_registration_number() -> None:
    till = Till()
    till.register()
    till.begin_close_archive()
    wrong = CloseArchive(till.at, "0000000005008571")
    assert till.refused(FnCommand.CLOSE_ARCHIVE, wrong.build()) == FnCode.BAD_VALUE
    till.do(FnCommand.CLOSE_ARCHIVE, till.closing())


def test_nothing_fiscal_happens_after_the_closing() -> None:
    till = Till()
    till.register()
    till.close_archive()
    for command, data in (
        (FnCommand.BEGIN_REGISTRATION, b"\2"),
        (FnCommand.BEGIN_OPEN_SHIFT, till.dated()),
        (FnCommand.BEGIN_RECEIPT, till.dated()),
        (FnCommand.BEGIN_CLOSE_ARCHIVE, b""),
    ):
        assert till.refused(command, data) == FnCode.WRONG_STATE


@pytest.mark.parametrize("number", ["", "9999", "99990789000000011", "999907890000000X", "９999078900000001"])
def test_an_fn_number_has_16_digits(number: str) -> None:
    with pytest.raises(ValueError, match="16 digits"):
        FiscalStorage.new(load_model(), number)


@pytest.mark.parametrize("number", ["9961078900000001", "9289000100000001", "8710000100000001"])
def test_real_looking_fn_numbers_are_refused(number: str) -> None:
    with pytest.raises(ValueError, match="begin it with 9999"):
        FiscalStorage.new(load_model(), number)
