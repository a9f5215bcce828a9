"""What the registers tell after a day of trade, after a Z report, of the FN and of the machine."""

from collections.abc import Callable
from datetime import datetime

import pytest

from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.device import wear
from kktsim.device.kkt import to_world
from kktsim.device.printer_state import PrinterFault
from kktsim.kkt_models import load
from kktsim.testing.presets import build
from protocol.atol.commands.flags import ReceiptType
from protocol.atol.commands.items import AddItem, SellItem
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import CashIn, CashOut, CloseReceipt
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]
EVOTOR, ATOL = "evotor-st2f", "atol-77f"


def test_the_last_document_is_told_as_the_support_article_prints_it() -> None:
    """«55 00 00 00 00 00 93 17 01 18 12 44 01 84 61 00 09»: document 93 of 17.01.2018 12:44, sign 0184610009."""
    bench = build(load(EVOTOR), "shift-open", to_world(datetime(2018, 1, 17, 12, 44)), ClockKind.FROZEN, virtual=True)
    bench.inject_sign(93, 184_610_009)
    desk = Desk(bench)
    while bench.state().last_document < 93:
        desk.does("92 00 01", SellItem(price_kopecks=100), CloseReceipt())
    assert desk.reply("91 34 00 00") == bytes.fromhex("55 00 00 00 00 00 93 17 01 18 12 44 01 84 61 00 09")


@pytest.fixture
def day(make_bench: MakeBench) -> Desk:
    """A shift with two sales, a return, a purchase, a cancelled sale, cash in and out."""
    desk = Desk(make_bench("shift-open"))
    desk.does(CashIn(sum_kopecks=50_000))
    desk.open_receipt(10_000, 2_000, tax=1)
    desk.does("99 00 02 00 00 01 00 00", "4A 00 01 00 00 00 00 00")
    desk.does("92 00 01", AddItem(name="Чай", price_kopecks=30_100, discount_type=1, discount_size=100, tax=6))
    desk.does("4A 00 01 00 00 00 00 00")
    for kind, price in ((ReceiptType.SELL_RETURN, 1_200), (ReceiptType.BUY, 500)):
        desk.open_receipt(price, type_=kind, tax=2)
        desk.does("4A 00 01 00 00 00 00 00")
    desk.open_receipt(7)
    desk.does("59", CashOut(sum_kopecks=1))
    return desk


TOTALS: tuple[tuple[int, int, int, dict[str, object]], ...] = (
    (0x01, 1, 0, {"sum_kopecks": 42_000}),
    (0x01, 2, 0, {"sum_kopecks": 1_200}),
    (0x01, 4, 0, {"sum_kopecks": 500}),
    (0x01, 5, 0, {"sum_kopecks": 0}),
    (0x03, 1, 1, {"sum_kopecks": 32_000}),
    (0x03, 1, 2, {"sum_kopecks": 10_000}),
    (0x03, 2, 1, {"sum_kopecks": 1_200}),
    (0x04, 0, 0, {"sum_kopecks": 50_000}),
    (0x05, 0, 0, {"sum_kopecks": 1}),
    (0x06, 1, 0, {"count": 3}),
    (0x06, 2, 0, {"count": 1}),
    (0x08, 0, 0, {"count": 1}),
    (0x09, 0, 0, {"count": 1}),
    (0x0A, 0, 0, {"sum_kopecks": 50_000 + 32_000 - 1_200 - 500 - 1}),
    (0x0B, 0, 0, {"sign": 0, "sum_kopecks": 42_000 - 1_200 - 500}),
    (0x0C, 0, 0, {"sum_kopecks": 42_000}),
    (0x0C, 1, 0, {"sum_kopecks": 500}),
    (0x0C, 2, 0, {"sum_kopecks": 1_200}),
    (0x28, 1, 0, {"sum_kopecks": 42_000}),
    (0x2A, 1, 0, {"discounts_kopecks": 100, "surcharges_kopecks": 0}),
    (0x2E, 1, 0, {"sum_kopecks": 7}),
    (0x38, 1, 1, {"sum_kopecks": 32_000}),
    (0x38, 1, 2, {"sum_kopecks": 10_000}),
    (0x3C, 1, 1, {"sum_kopecks": 2_000}),
    (0x3C, 1, 6, {"sum_kopecks": 30_000}),
    (0x3C, 2, 2, {"sum_kopecks": 109}),
    (0x41, 1, 0, {"closed_receipts": 2, "cancelled_receipts": 1}),
    (0x41, 4, 0, {"closed_receipts": 1, "cancelled_receipts": 0}),
    (0x35, 0, 0, {"receipts": 4, "shift_number": 1}),
)


@pytest.mark.parametrize(("register", "first", "second", "values"), TOTALS)
def test_registers_tell_what_the_shift_has_brought(
    day: Desk, register: int, first: int, second: int, values: dict[str, object]
) -> None:
    assert day.register(register, first, second) == values


_KEPT = (0x0A, 0x28, 0x38)
KEPT = tuple(row for row in TOTALS if row[0] in _KEPT)
RESET = tuple(row for row in TOTALS if row[0] not in (*_KEPT, 0x35))


@pytest.mark.parametrize(("register", "first", "second", "values"), RESET)
def test_the_z_report_resets_what_belongs_to_the_shift(
    day: Desk, register: int, first: int, second: int, values: dict[str, object]
) -> None:
    day.close_shift()
    assert set(day.register(register, first, second).values()) == {0}


@pytest.mark.parametrize(("register", "first", "second", "values"), KEPT)
def test_the_z_report_keeps_cash_and_non_nullable_sums(
    day: Desk, register: int, first: int, second: int, values: dict[str, object]
) -> None:
    day.close_shift()
    assert day.register(register, first, second) == values


def test_revenue_below_zero_has_a_sign(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.does(CashIn(sum_kopecks=1_000))
    desk.open_receipt(700, type_=ReceiptType.BUY)
    desk.does("4A 00 01 00 00 00 00 00")
    assert desk.register(0x0B) == {"sign": 1, "sum_kopecks": 700}


def test_the_open_receipt_is_told_with_its_taxes_and_its_size(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    assert (desk.register(0x3D, 1), desk.register(0x42)) == ({"sum_kopecks": 0}, {"bytes": 0})
    desk.open_receipt(12_000, tax=1)
    assert (desk.register(0x3D, 1), desk.register(0x3D, 2)) == ({"sum_kopecks": 2_000}, {"sum_kopecks": 0})
    one = int(str(desk.register(0x42)["bytes"]))
    desk.does(AddItem(name="Чай", price_kopecks=12_000, tax=1))
    assert one > 20 and desk.register(0x42) == {"bytes": 2 * one}
    desk.does("B8 00 00 01 00 00 00 00 01")
    assert desk.register(0x3D, 1) == {"sum_kopecks": 1}
    desk.does("59")
    assert desk.register(0x42) == {"bytes": 0}


def test_the_shift_ends_24_hours_after_its_opening_or_where_it_was_closed(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    assert desk.register(0x12) == {"shift_is_open": 1, "ends_at": datetime(2026, 3, 3, 11, 5)}
    desk.close_shift()
    assert desk.register(0x12) == {"shift_is_open": 0, "ends_at": datetime(2026, 3, 2, 12, 0)}


def test_the_previous_shift_is_the_one_that_was_closed_last(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    assert desk.register(0x46) == {"opened_at": None, "closed_at": None}
    desk.close_shift()
    first = {"opened_at": datetime(2026, 3, 2, 11, 5), "closed_at": datetime(2026, 3, 2, 12, 0)}
    assert desk.register(0x46) == first
    desk.bench.advance(3_600)
    desk.open_shift()
    assert desk.register(0x46) == first
    desk.bench.advance(60)
    desk.close_shift()
    assert desk.register(0x46) == {"opened_at": datetime(2026, 3, 2, 13, 0), "closed_at": datetime(2026, 3, 2, 13, 1)}


def test_the_last_receipt_is_kept_apart_from_the_last_document(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.sell(12_345)
    receipt = desk.register(0x33)
    assert (receipt["receipt_type"], receipt["sum_kopecks"]) == (1, 12_345)
    assert desk.register(0x34)["fiscal_sign"] == receipt["fiscal_sign"]
    desk.close_shift()
    assert desk.register(0x33) == receipt
    assert desk.register(0x34)["document_number"] == int(str(receipt["document_number"])) + 1


def test_documents_are_counted_since_the_shift_was_opened(day: Desk) -> None:
    assert day.register(0x3A) == {"since_reset": 4, "in_shift": 5, "shift_opening_document": 2}
    day.close_shift()
    assert day.register(0x3A)["in_shift"] == 0
    day.open_shift()
    assert day.register(0x3A) == {"since_reset": 4, "in_shift": 1, "shift_opening_document": 8}


def test_what_waits_for_the_ofd_is_told(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.bench.ofd_up()
    assert desk.register(0x2C) == {"unsent_documents": 0}
    desk.bench.ofd_down()
    desk.open_shift()
    desk.sell()
    desk.bench.advance(600)
    assert desk.register(0x2C) == {"unsent_documents": 2}
    assert desk.register(0x2D) == {"first_unsent_at": datetime(2026, 3, 2, 12, 0)}
    assert desk.register(0x2B)["network_error"] == 5
    desk.bench.ofd_up()
    assert desk.register(0x2C) == {"unsent_documents": 0}
    assert desk.register(0x2B)["network_error"] == 0
    assert desk.register(0x39)["last_sent_at"] == datetime(2026, 3, 2, 12, 10)


def test_registration_is_told_by_its_document_and_its_date(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    last = desk.register(0x30)
    assert last["document_number"] == 1 and isinstance(last["at"], datetime)
    assert desk.register(0x1B) == {"registered_on": datetime(last["at"].year, last["at"].month, last["at"].day)}
    assert (desk.register(0x47), Desk(make_bench("factory")).register(0x47)) == ({"state": 1}, {"state": 0})
    assert Desk(make_bench("factory")).register(0x1B) == {"registered_on": None}


def test_the_extended_error_is_that_of_the_last_ee(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("receipt-open"))
    assert desk.does("91 37 00 00") == bytes(8)
    desk.refuses(AddItem(name="Чай", price_kopecks=1, tax=7), E.EXTENDED)
    assert desk.does("91 37 00 00") == bytes.fromhex("00 E6 01 04 00 00 00 00")
    desk.does("45")
    assert desk.does("91 37 00 00") == bytes.fromhex("00 E6 01 04 00 00 00 00")


# ---- the machine


def test_wear_is_counted_from_what_was_really_printed(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(model=ATOL))

    def worn() -> list[int]:
        return [int(str(desk.register(register, 1)["count"])) for register in (0x21, 0x22, 0x23)]

    cuts, steps, cycles = worn()
    desk.does("45", "47", "80")
    assert worn() == [cuts, steps, cycles]
    desk.does("4C 31", "4C 32")
    lines = 2 * wear.ROWS_OF_A_LINE, 2 * (wear.ROWS_OF_A_LINE + wear.ROWS_BETWEEN_LINES)
    assert worn() == [cuts, steps + lines[1], cycles + lines[0]]
    desk.does("75 00")
    assert worn()[0] == cuts + 1
    for register, second in ((0x21, 0), (0x22, 1), (0x23, 0)):
        assert desk.register(register, 2, second) == desk.register(register, 1, second)
    desk.bench.printer.paper_out()
    assert desk.answer("4C 33").code == E.NO_PAPER
    assert worn()[1] == desk.register(0x22, 1, 1)["count"]


def test_counters_of_wear_are_binary_and_little_endian(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(model=ATOL))
    count = int(str(desk.register(0x22, 1)["count"]))
    assert desk.does("91 22 01 00") == count.to_bytes(4, "little")


def test_power_and_temperature_are_those_of_a_healthy_till(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(model=ATOL))
    assert desk.register(0x26, 0) == {"flags": 0, "centivolts": 2400, "charge_percent": 100}
    assert desk.register(0x26, 1)["centivolts"] == 300
    assert desk.does("91 27 00 00") == bytes((30,))
    desk.bench.printer.break_down(PrinterFault.OVERHEATED)
    assert desk.register(0x27) == {"celsius": 70}


def test_uptime_begins_with_every_power_up(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.bench.power_off()
    desk.bench.power_on()
    assert desk.register(0x43) == {"seconds": 0}
    desk.bench.advance(3_661)
    assert desk.register(0x43) == {"seconds": 3_661}
    desk.bench.power_off()
    desk.bench.advance(60)
    desk.bench.power_on()
    assert desk.register(0x43) == {"seconds": 0}


def test_a_board_without_a_serial_number_tells_zeros(bench: Bench) -> None:
    bench.replace_board()
    assert Desk(bench).register(0x16) == {"serial_number": 0}


def test_reports_that_wait_in_the_buffer_are_counted(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", ATOL))
    desk.enter(Mode.PROGRAMMING)
    desk.does("50 02 00 01 79 02")
    desk.close_shift()
    assert desk.register(0x3F) == {"reports": 1}
