"""Registers: how wide each is on each model, and what it tells after what was done."""

from collections.abc import Callable
from datetime import datetime

import pytest

from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.device.kkt import to_world
from kktsim.kkt_models import load
from kktsim.testing.presets import build
from protocol.atol.commands.flags import ReceiptType
from protocol.atol.commands.items import AddItem, SellItem
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import CashIn, CashOut, CloseReceipt
from protocol.atol.commands.registers import REGISTERS
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]
EVOTOR, ATOL = "evotor-st2f", "atol-77f"

_ROWS = (
    (2, (0x06, 0x08, 0x09, 0x15, 0x19)),
    (6, (0x01, 0x03, 0x04, 0x05, 0x11, 0x35, 0x36, 0x39, 0x3C)),
    (7, (0x0A, 0x0B, 0x0C, 0x12, 0x16, 0x28)),
    (1, (0x3B,)),
    (3, (0x17, 0x2C)),
    (4, (0x24,)),
    (5, (0x1A, 0x2D, 0x3D)),
    (8, (0x13, 0x37)),
    (9, (0x18, 0x2B)),
    (10, (0x30, 0x41)),
    (15, (0x14, 0x34, 0x3A)),
    (17, (0x2F,)),
    (26, (0x33,)),
)
WIDTHS = {register: width for width, registers in _ROWS for register in registers}
"""Bytes of each register: ATOL protocol 3.1, command 91; what ATOL's driver 10.8 reads."""
WIDTHS_OF_MODELS = {ATOL: WIDTHS, EVOTOR: WIDTHS | {0x2B: 8, 0x36: 3}}  # Evotor: a real log of its sister СТ3Ф


@pytest.mark.parametrize("model", WIDTHS_OF_MODELS)
@pytest.mark.parametrize("register", REGISTERS)
def test_every_register_is_as_wide_as_the_model_has_it(make_bench: MakeBench, model: str, register: int) -> None:
    for state in ("registered", "shift-open", "receipt-open", "shift-25h", "fn-expired"):
        answer = Desk(make_bench(state, model)).answer(f"91 {register:02X} 01 01")
        assert answer.is_ok and len(answer.data) == WIDTHS_OF_MODELS[model][register]


@pytest.mark.parametrize("register", sorted(set(range(256)) - set(REGISTERS)))
def test_a_register_that_there_is_not_is_told(bench: Bench, register: int) -> None:
    Desk(bench).refuses(f"91 {register:02X} 00 00", E.WRONG_REGISTER)


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
    """A shift with two sales, a return, a purchase, cash in and out."""
    desk = Desk(make_bench("shift-open"))
    desk.does(CashIn(sum_kopecks=50_000))
    desk.open_receipt(10_000, 2_000, tax=1)
    desk.does("99 00 02 00 00 01 00 00", "4A 00 01 00 00 00 00 00")
    desk.sell(30_000)
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
    (0x3C, 1, 1, {"sum_kopecks": 2_000}),
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


KEPT = ((0x0A, 0, 80_299), (0x28, 1, 42_000), (0x28, 2, 1_200))
RESET = tuple(row for row in TOTALS if row[0] not in (0x0A, 0x28, 0x35))


@pytest.mark.parametrize(("register", "first", "second", "values"), RESET)
def test_the_z_report_resets_what_belongs_to_the_shift(
    day: Desk, register: int, first: int, second: int, values: dict[str, object]
) -> None:
    day.close_shift()
    assert set(day.register(register, first, second).values()) == {0}


@pytest.mark.parametrize(("register", "first", "kopecks"), KEPT)
def test_the_z_report_keeps_cash_and_non_nullable_sums(day: Desk, register: int, first: int, kopecks: int) -> None:
    day.close_shift()
    assert day.register(register, first)["sum_kopecks"] == kopecks


def test_the_z_report_zeroes_cash_when_table_2_says_so(day: Desk) -> None:
    day.enter(Mode.PROGRAMMING)
    day.does("50 02 00 01 12 04")
    day.close_shift()
    assert day.register(0x0A)["sum_kopecks"] == 0


def test_the_shift_ends_24_hours_after_its_opening_or_where_it_was_closed(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    assert desk.register(0x12) == {"shift_is_open": 1, "ends_at": datetime(2026, 3, 3, 11, 5)}
    desk.close_shift()
    assert desk.register(0x12) == {"shift_is_open": 0, "ends_at": datetime(2026, 3, 2, 12, 0)}


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
    assert desk.register(0x2B)["network_error"] == 1
    desk.bench.ofd_up()
    assert desk.register(0x2C) == {"unsent_documents": 0}
    assert desk.register(0x2B)["network_error"] == 0
    assert desk.register(0x39)["last_sent_at"] == datetime(2026, 3, 2, 12, 10)


def test_the_extended_error_is_that_of_the_last_ee(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("receipt-open"))
    assert desk.does("91 37 00 00") == bytes(8)
    desk.refuses(AddItem(name="Чай", price_kopecks=1, tax=7), E.EXTENDED)
    assert desk.does("91 37 00 00") == bytes.fromhex("00 E6 01 04 00 00 00 00")
    desk.does("45")
    assert desk.does("91 37 00 00") == bytes.fromhex("00 E6 01 04 00 00 00 00")


def test_payment_forms_outside_of_1_to_10_are_wrong(bench: Bench) -> None:
    for form in (0, 11, 0xFF):
        Desk(bench).refuses(f"91 03 01 {form:02X}", E.WRONG_PAYMENT_TYPE)
