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


def test_of_two_rows_with_one_password_the_higher_is_meant(desk: Desk) -> None:
    desk.enter(Mode.PROGRAMMING)
    desk.does(WriteTable(table=3, row=5, field=1, value=bytes.fromhex("00 00 00 30")))
    desk.does("48", EnterMode(mode=6))


@pytest.mark.parametrize("mode", sorted(WHO_OPENS_WHAT[SYSTEM_ADMINISTRATOR]))
@pytest.mark.parametrize("wanted", [1, 3, 4])
def test_a_mode_is_entered_from_selection_only_and_a_driver_heals_by_48(desk: Desk, mode: Mode, wanted: int) -> None:
    desk.does(EnterMode(mode=mode))
    desk.refuses(EnterMode(mode=wanted), E.WRONG_MODE)
    desk.does("48", EnterMode(mode=wanted))


@pytest.mark.parametrize("mode", [7, 8, 0x41, 0xFF])
def test_what_is_no_mode_cannot_be_entered(desk: Desk, mode: int) -> None:
    desk.refuses(EnterMode(mode=mode), E.WRONG_MODE)


@pytest.mark.parametrize(("model", "code"), [("evotor-st2f", E.BAD_FORMAT), ("atol-77f", E.WRONG_MODE)])
def test_selection_is_not_entered_by_56(make_bench: MakeBench, model: str, code: E) -> None:
    desk = Desk(make_bench(model=model))
    for mode in (Mode.SELECTION, Mode.REGISTRATION):
        desk.enter(mode)
        desk.refuses(EnterMode(mode=0), code)


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
