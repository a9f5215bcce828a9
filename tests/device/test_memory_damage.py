"""Damage to each region of the till's memory, and what commands then answer.

Spoilt under its check sum a region is found lost at the next power-on; altered under a good one it is used as it is.
Sources: articles err_3905, err_3825, err_3969, err_3933, err_1057, counters_zeroed_fd_restored, protection_code.
"""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.device import execute
from kktsim.device.regions import DAMAGEABLE, Region
from kktsim.device.restoring import RESTORED
from kktsim.device.state import ClockRegion
from kktsim.device.tables import number
from kktsim.device.totals import Totals
from kktsim.hands.bench import BenchHands
from kktsim.hands.error import HandsError
from kktsim.testing.snapshot import differences, snapshot
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E, X

from .desk import Desk

MakeBench = Callable[..., Bench]
NOTHING = "00" * 5


def restart(desk: Desk) -> list[str]:
    """Switch off and on; what was printed meanwhile."""
    start = len(desk.bench.kkt.paper)
    desk.bench.power_off()
    desk.bench.power_on()
    return [line.strip() for line in desk.bench.tape(start)]


def zero(desk: Desk) -> None:
    """Technological zeroing, and the clock set anew."""
    desk.enter(Mode.SELECTION)
    desk.does("6B")
    desk.bench.clock.wait(desk.bench.kkt.settings.zeroing_seconds)
    assert desk.bench.state().is_on
    desk.does("64 02 03 26", "4B 12 00 00")


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    """An open shift with a receipt in it."""
    desk = Desk(make_bench("shift-open"))
    desk.sell(12_300)
    return desk


# ---- until the power goes off nothing is found; afterwards one region alone is lost


@pytest.mark.parametrize("region", DAMAGEABLE)
def test_a_till_that_is_on_does_not_notice_spoilt_memory(desk: Desk, region: Region) -> None:
    before = snapshot(desk.bench)
    desk.bench.memory.spoil(region)
    assert differences(before, snapshot(desk.bench), {}) == []
    desk.sell(100)


@pytest.mark.parametrize("region", DAMAGEABLE)
def test_memory_that_was_restored_is_as_good_as_any_other(desk: Desk, region: Region) -> None:
    desk.bench.memory.spoil(region)
    restart(desk)
    assert desk.bench.memory.bad() == []
    before = snapshot(desk.bench)
    restart(desk)
    assert differences(before, snapshot(desk.bench), {"kkt.paper", "kkt.volatile", "fn"}) == []


def test_without_its_clock_the_till_takes_the_time_and_goes_on(desk: Desk) -> None:
    desk.bench.memory.spoil(Region.CLOCK)
    restart(desk)
    assert desk.bench.state().mode == ClockRegion.NEEDS_DATE
    desk.refuses("56 01 00 00 00 30", E.DATE_ENTRY_LOCK)
    desk.does("64 02 03 26", "4B 12 00 00")
    desk.enter(Mode.REGISTRATION)
    desk.sell()


def test_lost_tables_have_their_defaults_and_passwords_stay(desk: Desk) -> None:
    desk.enter(Mode.PROGRAMMING)
    desk.does("50 02 00 01 13 07", "50 03 00 05 01 00 00 12 34", "8B FF", "9E")
    desk.bench.memory.spoil(Region.TABLES)
    restart(desk)
    assert desk.does("46 02 00 01 13") != b"\x07"
    assert desk.bench.kkt.memory.graphics.pictures == ()
    assert desk.does("46 03 00 05 01") == bytes.fromhex("00 00 12 34")


def test_lost_passwords_are_those_of_a_new_till_and_tables_stay(desk: Desk) -> None:
    desk.enter(Mode.PROGRAMMING)
    desk.does("50 02 00 01 13 07", "50 03 00 1E 01 00 00 12 34", "50 02 00 01 17 00 77")
    desk.bench.memory.spoil(Region.PASSWORDS)
    restart(desk)
    assert desk.bench.kkt.access_password == b"\x00\x00"
    assert desk.does("46 02 00 01 13") == b"\x07"
    desk.does("56 01 00 00 00 30")


def test_a_lost_receipt_is_gone_without_being_counted(desk: Desk) -> None:
    desk.open_receipt(500)
    desk.bench.memory.spoil(Region.RECEIPT)
    assert restart(desk) == []
    assert desk.bench.kkt.memory.totals.cancelled == {}
    desk.enter(Mode.REGISTRATION)
    desk.refuses("59", E.RECEIPT_CLOSED)
    desk.sell()


def test_lost_totals_are_zero_and_the_paper_tells(desk: Desk) -> None:
    desk.bench.memory.spoil(Region.TOTALS)
    assert restart(desk)[0] == RESTORED
    assert desk.bench.kkt.memory.totals == Totals()
    desk.enter(Mode.REGISTRATION)
    desk.sell(100)
    assert desk.does("4D")[-3:] == bytes.fromhex("00 01 00")


def test_a_lost_mirror_comes_from_the_fn(desk: Desk) -> None:
    mirror = desk.bench.kkt.memory.mirror.copy()
    desk.bench.memory.spoil(Region.MIRROR)
    assert restart(desk)[0] == RESTORED
    assert desk.bench.kkt.memory.mirror == mirror
    desk.enter(Mode.REGISTRATION)
    desk.sell()


def test_lost_requisites_come_from_the_fn(desk: Desk) -> None:
    requisites = desk.bench.kkt.memory.requisites.copy()
    desk.bench.memory.spoil(Region.REQUISITES)
    assert restart(desk)[0] == RESTORED
    assert desk.bench.kkt.memory.requisites == requisites


def test_without_its_identity_the_till_is_a_board_from_the_spare_parts(desk: Desk) -> None:
    desk.bench.memory.spoil(Region.IDENTITY)
    restart(desk)
    desk.does("56 01 00 00 00 30")
    desk.refuses("92 00 01", E.PROTECTION_CODE_NEEDED)
    desk.does("48")
    desk.refuses("6D 01" + "00" * 8, E.NO_SERIAL)


def test_jumper_and_printer_are_no_memory(desk: Desk) -> None:
    desk.bench.jumper(True)
    desk.bench.printer.open_cover()
    desk.bench.memory.lose()
    restart(desk)
    assert desk.bench.kkt.memory.board.jumper_is_on
    assert desk.bench.state().printer_troubles == ("cover_open",)
    with pytest.raises(HandsError, match="mechanism is no memory"):
        desk.bench.memory.spoil(Region.MECHANISM)


def test_a_flat_battery_takes_all_but_the_identity(desk: Desk) -> None:
    desk.enter(Mode.PROGRAMMING)
    desk.does("50 02 00 01 13 07")
    memory = desk.bench.kkt.memory
    mirror, requisites, board = memory.mirror.copy(), memory.requisites.copy(), memory.board
    desk.bench.memory.lose()
    assert restart(desk)[0] == RESTORED
    memory = desk.bench.kkt.memory
    assert (memory.tables, memory.totals, memory.receipt) == ({}, Totals(), None)
    assert memory.clock_region is ClockRegion.NEEDS_DATE
    assert (memory.mirror, memory.requisites, memory.board) == (mirror, requisites, board)
    desk.does("64 02 03 26", "4B 12 00 00", "56 01 00 00 00 30")
    desk.sell()


# ---- altered under a good check sum: used at once


def test_a_wrong_clock_refuses_what_would_be_older_than_the_last_document(desk: Desk) -> None:
    desk.bench.memory.alter(Region.CLOCK, "clock_offset", -86_400)
    desk.refuses("92 00 01", E.FN_BAD_DATE)
    desk.bench.memory.alter(Region.CLOCK, "clock_offset", 0)
    desk.sell()


def test_err_3905_a_value_that_the_terminal_sends_back_is_out_of_range(desk: Desk) -> None:
    line = "87 00 01 00 00 00 {brightness} 01 01 00 00 00 41"
    desk.bench.memory.alter(Region.TABLES, "2/1/19", "FF")
    read = desk.does("46 02 00 01 13")
    assert read == b"\xff"
    desk.refuses(line.format(brightness=read.hex()), E.BAD_FORMAT)
    zero(desk)
    desk.enter(Mode.REGISTRATION)
    desk.does(line.format(brightness=desk.does("46 02 00 01 13").hex()))


def test_a_field_that_is_no_number_is_reckoned_with_as_it_is(desk: Desk) -> None:
    for place in ("13/1/2", "7/1/2", "2/1/32", "2/1/1"):
        desk.bench.memory.alter(Region.TABLES, place, "FFFF" if place == "13/1/2" else "FF")
    desk.bench.memory.alter(Region.PASSWORDS, "3/30/1", "FFFFFFFF")
    tables = desk.bench.kkt.memory.tables
    assert tables[13, 1, 2] == b"\xff\xff" and number(desk.bench.kkt, 13, 1, 2) == 16_665
    desk.does("87 00 01 00 01 00 00 00 01 01 00 00 00 41")
    desk.does("92 00 01")
    desk.refuses("52 00 00 00 01 00 00 00 00 00 10 00 00", E.EXTENDED, X.WRONG_VAT_RATE)
    desk.does("59")
    desk.does("48")
    desk.refuses("56 01 00 00 00 30", E.WRONG_PASSWORD)


def test_err_3825_a_changed_password_opens_no_mode_until_zeroing(desk: Desk) -> None:
    desk.enter(Mode.SELECTION)
    desk.bench.memory.alter(Region.PASSWORDS, "3/30/1", "00000031")
    for mode in range(1, 7):
        desk.refuses(f"56 {mode:02} 00 00 00 30", E.WRONG_PASSWORD)
    zero(desk)
    desk.does("56 01 00 00 00 30")


def test_err_3825_a_changed_access_password_refuses_even_zeroing(desk: Desk) -> None:
    desk.enter(Mode.SELECTION)
    wanted = desk.bench.kkt.access_password
    desk.bench.memory.alter(Region.PASSWORDS, "2/1/23", "1234")
    reply, _ = execute(desk.bench.kkt, wanted + b"\x6b", desk.bench.clock.now(), desk.bench.world)
    assert reply == bytes((0x55, E.WRONG_PASSWORD, 0))


def test_err_3969_taxes_that_a_receipt_has_left_exceed_the_next_until_zeroing(desk: Desk) -> None:
    desk.bench.memory.alter(Region.RECEIPT, "left_taxes.1", 63_333)
    for _ in range(2):
        desk.open_receipt(100, tax=1)
        desk.refuses(f"4A 00 01 {NOTHING}", E.TAX_EXCEEDS_SUM)
        desk.does("59")
    zero(desk)
    desk.enter(Mode.REGISTRATION)
    desk.open_receipt(100, tax=1)
    desk.does(f"4A 00 01 {NOTHING}")


def test_wrong_totals_are_told_as_they_are(desk: Desk) -> None:
    desk.bench.memory.alter(Region.TOTALS, "cash_kopecks", 4_200)
    desk.bench.memory.alter(Region.TOTALS, "paid.1/1", 7)
    assert desk.does("4D")[-3:] == bytes.fromhex("00 42 00")
    assert desk.bench.kkt.memory.totals.paid == {(1, 1): 7}


def test_err_3933_a_mirror_that_differs_locks_registration_mode(desk: Desk) -> None:
    desk.enter(Mode.SELECTION)
    desk.bench.memory.alter(Region.MIRROR, "document_number", 1)
    desk.refuses("56 01 00 00 00 30", E.MODE_LOCKED)
    restart(desk)
    desk.refuses("56 01 00 00 00 30", E.MODE_LOCKED)
    desk.close_shift()
    desk.does("48", "56 01 00 00 00 30")


def test_protection_code_a_code_that_is_gone_can_be_entered_again(desk: Desk) -> None:
    desk.enter(Mode.SELECTION)
    desk.bench.memory.alter(Region.IDENTITY, "protection_codes", [])
    desk.does("56 01 00 00 00 30")
    desk.refuses("92 00 01", E.PROTECTION_CODE_NEEDED)
    desk.does("48", f"6D 01 {BenchHands(desk.bench).passport_code(1)}", "56 01 00 00 00 30")
    desk.sell()


def test_err_1057_a_requisite_that_is_gone_refuses_registration_until_it_is_written(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("registered"))
    desk.bench.memory.alter(Region.REQUISITES, "1057", None)
    desk.enter(Mode.FN_ACCESS)
    desk.refuses("A6", E.EXTENDED, X.REQUISITE_MISSING)
    assert desk.does("91 37 00 00") == bytes.fromhex("00 A6 02 06 04 21 00 00")
    desk.does("E8 00 01 00 21 04 01 00 00", "A6")


# ---- what hands can name


@pytest.mark.parametrize(
    ("region", "field", "value", "words"),
    [
        (Region.TABLES, "2/1/255", "00", "is no field of tables"),
        (Region.TABLES, "2/1/19", "0000", "is no field of tables with 2 bytes"),
        (Region.TABLES, "3/30/1", "00000030", "is no field of tables"),
        (Region.TABLES, "2/1/19", "XY", "is no value of 2/1/19 in tables"),
        (Region.TABLES, "2/1/19", None, "tables has no 2/1/19"),
        (Region.TOTALS, "colour", 1, "Totals has no colour"),
        (Region.TOTALS, "cash_kopecks", "much", '"much" is no value of cash_kopecks in totals'),
        (Region.TOTALS, "cash_kopecks.1", 1, "totals has no cash_kopecks.1"),
        (Region.TOTALS, "last_receipt.sign.1", 1, "totals has no last_receipt.sign.1"),
        (Region.RECEIPT, "items.0.tax", 1, "receipt has no items.0.tax"),
        (Region.CLOCK, "clock_region", 1, "is no value of clock_region"),
        (Region.CLOCK, "clock_offset", 2e9, "is not from -1000000000 to 1000000000"),
        (Region.MIRROR, "unprinted_report", -1, "-1 is not from 0 to"),
    ],
)
def test_what_is_no_field_or_no_value_is_refused_and_changes_nothing(
    desk: Desk, region: Region, field: str, value: object, words: str
) -> None:
    before = snapshot(desk.bench)
    with pytest.raises(HandsError) as refused:
        desk.bench.memory.alter(region, field, value)
    assert words in str(refused.value)
    assert f"`kktsim memory show {region}`" in str(refused.value)
    assert differences(before, snapshot(desk.bench), {}) == []


def test_fields_are_named_as_they_are_shown(desk: Desk) -> None:
    desk.open_receipt(500, 700)
    hands = desk.bench.memory
    hands.alter(Region.TABLES, "2/1/19", "0f")
    for name, fields in hands.show().items():
        for field, value in fields.items():
            if value is not None:
                hands.alter(Region(name), field, value)
    shown = hands.show()
    assert shown["tables"]["2/1/19"] == "0f"
    assert shown["receipt"]["sum_kopecks"] == 1_200
    hands.alter(Region.RECEIPT, "items.1.name", "Мёд")
    assert hands.show()["receipt"]["items"][1]["name"] == "Мёд"
    hands.alter(Region.TABLES, "2/1/19", None)
    hands.alter(Region.TOTALS, "cash_kopecks", None)
    hands.alter(Region.TOTALS, "cash_in_count", "12")
    assert "2/1/19" not in hands.show()["tables"]
    assert (hands.show()["totals"]["cash_kopecks"], hands.show()["totals"]["cash_in_count"]) == (0, 12)


def test_hands_work_with_the_power_off(desk: Desk) -> None:
    desk.bench.power_off()
    desk.bench.memory.alter(Region.TOTALS, "cash_kopecks", 77)
    desk.bench.memory.spoil(Region.PASSWORDS)
    desk.bench.power_on()
    assert desk.bench.kkt.memory.totals.cash_kopecks == 77
