"""Entering and leaving modes: from where, by whom, with which password."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.modes import EnterMode, Mode
from protocol.atol.commands.tables import WriteTable
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]

CASHIER, ADMINISTRATOR, SYSTEM_ADMINISTRATOR = 1, 29, 30
WHO_OPENS_WHAT = {
    CASHIER: {Mode.REGISTRATION, Mode.X_REPORTS, Mode.Z_REPORTS},
    28: {Mode.REGISTRATION, Mode.X_REPORTS, Mode.Z_REPORTS},
    ADMINISTRATOR: {Mode.REGISTRATION, Mode.X_REPORTS, Mode.Z_REPORTS, Mode.PROGRAMMING},
    SYSTEM_ADMINISTRATOR: set(Mode) - {Mode.SELECTION, Mode.EXTRA},
}


@pytest.fixture
def desk(bench: Bench) -> Desk:
    desk = Desk(bench)
    desk.enter(Mode.SELECTION)
    return desk


def shown(desk: Desk) -> tuple[int, int]:
    """Mode byte by 45h and by 3Fh."""
    return desk.does("45")[0], desk.does("3F")[16]


@pytest.mark.parametrize("mode", sorted(WHO_OPENS_WHAT[SYSTEM_ADMINISTRATOR]))
def test_every_mode_is_entered_shown_and_left(desk: Desk, mode: Mode) -> None:
    desk.does(EnterMode(mode=mode))
    assert shown(desk) == (mode, mode)
    desk.does("48")
    assert shown(desk) == (0, 0)


@pytest.mark.parametrize("row", WHO_OPENS_WHAT)
@pytest.mark.parametrize("mode", sorted(WHO_OPENS_WHAT[SYSTEM_ADMINISTRATOR]))
def test_the_row_of_the_password_decides_what_opens(desk: Desk, row: int, mode: Mode) -> None:
    asked = EnterMode(mode=mode, password=row)
    if mode in WHO_OPENS_WHAT[row]:
        desk.does(asked)
        assert desk.does("3F")[0] == int(str(row), 16)
    else:
        desk.refuses(asked, E.WRONG_PASSWORD)


@pytest.mark.parametrize("password", [0, 31, 99_999_999])
def test_a_password_of_no_row_is_refused(desk: Desk, password: int) -> None:
    desk.refuses(EnterMode(mode=1, password=password), E.WRONG_PASSWORD)


def test_a_changed_password_replaces_the_old_one(desk: Desk) -> None:
    desk.enter(Mode.PROGRAMMING)
    desk.does(WriteTable(table=3, row=30, field=1, value=bytes.fromhex("00 00 12 34")))
    desk.does("48")
    desk.refuses(EnterMode(mode=1), E.WRONG_PASSWORD)
    desk.does(EnterMode(mode=1, password=1234))


def test_of_two_rows_with_one_password_the_higher_is_meant(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(same_passwords="accept"))
    desk.enter(Mode.PROGRAMMING)
    desk.does(WriteTable(table=3, row=5, field=1, value=bytes.fromhex("00 00 00 30")))
    desk.does("48", EnterMode(mode=6))


def test_a_setting_keeps_cashiers_out_of_reports(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(cashier_modes="registration"))
    desk.enter(Mode.SELECTION)
    for mode in (Mode.X_REPORTS, Mode.Z_REPORTS):
        desk.refuses(EnterMode(mode=mode, password=CASHIER), E.WRONG_PASSWORD)
    desk.does(EnterMode(mode=Mode.REGISTRATION, password=CASHIER))


@pytest.mark.parametrize("mode", sorted(WHO_OPENS_WHAT[SYSTEM_ADMINISTRATOR]))
@pytest.mark.parametrize("wanted", [1, 3, 4])
def test_a_mode_is_entered_from_selection_only_and_a_driver_heals_by_48(desk: Desk, mode: Mode, wanted: int) -> None:
    desk.does(EnterMode(mode=mode))
    desk.refuses(EnterMode(mode=wanted), E.WRONG_MODE)
    desk.does("48", EnterMode(mode=wanted))


WHAT_IS_NO_MODE = {"evotor-st2f": E.BAD_FORMAT, "atol-77f": E.WRONG_MODE}
of_each_model = pytest.mark.parametrize(("model", "code"), WHAT_IS_NO_MODE.items())


@of_each_model
def test_what_is_no_mode_cannot_be_entered(make_bench: MakeBench, model: str, code: E) -> None:
    desk = Desk(make_bench(model=model))
    desk.enter(Mode.SELECTION)
    for number in (8, 0x0F, 0x41, 0xFF):
        desk.refuses(EnterMode(mode=number), code)


@of_each_model
def test_the_tills_own_mode_is_not_active_for_hosts(make_bench: MakeBench, model: str, code: E) -> None:
    desk = Desk(make_bench(model=model))
    desk.enter(Mode.SELECTION)
    desk.refuses(EnterMode(mode=Mode.EXTRA), E.MODE_NOT_ACTIVE)


@of_each_model
def test_selection_is_not_entered_by_56(make_bench: MakeBench, model: str, code: E) -> None:
    desk = Desk(make_bench(model=model))
    for mode in (Mode.SELECTION, Mode.REGISTRATION):
        desk.enter(mode)
        desk.refuses(EnterMode(mode=0), code)


ALL_BUT_REGISTRATION = [Mode.X_REPORTS, Mode.Z_REPORTS, Mode.PROGRAMMING, Mode.SERIAL_ENTRY, Mode.FN_ACCESS]


def test_an_fn_that_went_on_without_the_till_locks_registration_and_nothing_else(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.SELECTION)
    desk.bench.kkt.memory.mirror.document_number -= 1
    desk.refuses(EnterMode(mode=Mode.REGISTRATION), E.MODE_LOCKED)
    for mode in ALL_BUT_REGISTRATION:
        desk.does(EnterMode(mode=mode), "48")
    desk.close_shift()
    desk.enter(Mode.REGISTRATION)


def test_another_shift_in_the_fn_locks_it_too_until_the_report_on_settlements(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.SELECTION)
    desk.bench.kkt.memory.mirror.shift_is_open = True
    desk.refuses(EnterMode(mode=Mode.REGISTRATION), E.MODE_LOCKED)
    desk.does(EnterMode(mode=Mode.X_REPORTS), "67 09")
    desk.enter(Mode.REGISTRATION)


def test_an_fn_that_is_silent_or_another_is_complained_of_later(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.SELECTION)
    desk.bench.unplug()
    desk.does(EnterMode(mode=Mode.REGISTRATION))
    desk.refuses("9A 00", E.FN_NO_ANSWER)


def test_a_setting_lets_the_till_enter_registration_without_asking(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", registration_mode_asks_fn=False))
    desk.enter(Mode.SELECTION)
    desk.bench.kkt.memory.mirror.document_number -= 1
    desk.does(EnterMode(mode=Mode.REGISTRATION))
    desk.refuses("92 00 01", E.MODE_LOCKED)


def test_a_setting_holds_the_modes_until_an_interrupted_report_is_printed(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", interrupted_report_locks=True))
    desk.enter(Mode.Z_REPORTS)
    desk.does("5A")
    desk.bench.power_off()
    desk.bench.power_on()
    for mode in (Mode.REGISTRATION, Mode.X_REPORTS, Mode.PROGRAMMING):
        desk.refuses(EnterMode(mode=mode), E.Z_INTERRUPTED)
    desk.does(EnterMode(mode=Mode.Z_REPORTS), "48", "EE")
    desk.print_out()
    desk.does(EnterMode(mode=Mode.REGISTRATION))


def test_leaving_selection_does_nothing_and_succeeds(desk: Desk) -> None:
    assert desk.reply("48") == bytes.fromhex("55 00 00")
    assert shown(desk) == (0, 0)


def test_an_open_receipt_holds_the_mode(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("receipt-open"))
    desk.refuses("48", E.RECEIPT_OPEN)
    desk.does("59", "48")


def test_payments_are_a_submode_that_ends_with_the_receipt(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("receipt-open"))
    desk.does("99 00 01 00 00 00 00 01")
    assert shown(desk) == (0x41, 0x41)
    desk.does("59")
    assert shown(desk) == (0x01, 0x01)


def test_power_off_leads_back_to_selection(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    assert shown(desk) == (1, 1)
    desk.bench.power_off()
    desk.bench.power_on()
    assert shown(desk) == (0, 0)
    assert desk.does("3F")[0] == 0
