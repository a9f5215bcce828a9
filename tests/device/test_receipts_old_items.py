"""The items of old drivers, 52h 57h 41h 4Eh: receipts that open themselves, returns, storno."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.flags import CommandFlags, ReceiptType
from protocol.atol.commands.items import AddItem, EndItem, ReturnItem, SellItem, VoidItem
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.receipt import CloseReceipt
from protocol.atol.commands.taxes import AddTax
from protocol.atol.kkt_codes import E
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T

from .desk import Desk

MakeBench = Callable[..., Bench]
UNCONTROLLED = CommandFlags.NO_CASH_CONTROL
CLOSE = CloseReceipt()
SOLD = SellItem(price_kopecks=10_000)
RETURNED = ReturnItem(price_kopecks=10_000)


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    """Shift open, mode 1."""
    return Desk(make_bench("shift-open"))


def document(desk: Desk) -> Requisites:
    fn = desk.bench.fn
    assert fn is not None
    made = fn.archive.tail()
    assert made is not None
    return Requisites.parse(made.body)


def lines(desk: Desk) -> list[tuple[int, int]]:
    """Quantity in thousandths and cost of each item in the last document."""
    items = document(desk).structures(T.ITEM)
    return [(int(item.decimal(T.QUANTITY) * 1000), item.number(T.ITEM_SUM)) for item in items]


# ---- opening by an item

OPENERS = {"52": (SOLD, ReceiptType.SELL), "57": (RETURNED, ReceiptType.SELL_RETURN)}
openers = pytest.mark.parametrize(("asked", "kind"), OPENERS.values(), ids=OPENERS)


@openers
def test_an_old_item_opens_its_receipt(desk: Desk, asked: SellItem | ReturnItem, kind: ReceiptType) -> None:
    desk.does("49 00 00 00 01 00 00", asked)
    assert desk.register(0x13)["receipt_state"] == kind
    desk.does(asked.__class__(price_kopecks=1, flags=UNCONTROLLED), CLOSE)
    assert desk.register(0x01, kind)["sum_kopecks"] == 10_001


@openers
def test_an_old_item_opens_the_shift_before_its_receipt(
    make_bench: MakeBench, asked: SellItem | ReturnItem, kind: ReceiptType
) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.REGISTRATION)
    desk.does("49 00 00 00 01 00 00", asked, CLOSE)
    assert desk.bench.state().shift_is_open
    assert document(desk).number(T.OPERATION) == {1: 1, 2: 2}[kind]


@openers
def test_where_no_driver_relies_on_it_an_old_item_wants_an_open_receipt(
    make_bench: MakeBench, asked: SellItem | ReturnItem, kind: ReceiptType
) -> None:
    desk = Desk(make_bench("shift-open", old_item_opens_receipt=False))
    desk.does("49 00 00 00 01 00 00")
    desk.refuses(asked, E.RECEIPT_CLOSED)
    desk.does(f"92 00 {kind:02X}", asked, CLOSE)


def test_a_wrong_item_opens_nothing(desk: Desk) -> None:
    desk.refuses(SellItem(price_kopecks=1, quantity_milli=0), E.BAD_QUANTITY)
    desk.refuses(SellItem(price_kopecks=1, section=31), E.WRONG_SECTION)
    desk.refuses(RETURNED, E.NOT_ENOUGH_CASH)
    assert desk.register(0x13)["receipt_state"] == 0


def test_checking_an_old_item_opens_nothing(desk: Desk) -> None:
    """An observed driver tries every item by the check-only flag first."""
    desk.does(SellItem(price_kopecks=1, flags=CommandFlags.CHECK_ONLY))
    assert desk.register(0x13)["receipt_state"] == 0
    assert desk.bench.fn is not None and desk.bench.fn.volatile.begun is None


# ---- 57h


def test_a_return_is_an_item_of_a_return_receipt(desk: Desk) -> None:
    for kind, code in ((ReceiptType.SELL, E.SELL_RECEIPT_OPEN), (ReceiptType.BUY, E.WRONG_RECEIPT_TYPE)):
        desk.open_receipt(type_=kind)
        desk.refuses(RETURNED, code)
        desk.does("59")
    desk.open_receipt(type_=ReceiptType.BUY_RETURN)
    desk.does(RETURNED, CLOSE)
    assert desk.register(0x01, 5)["sum_kopecks"] == 10_000


def test_a_return_needs_the_cash_of_all_that_is_given_back(desk: Desk) -> None:
    desk.does("49 00 00 00 01 50 00")
    desk.does(RETURNED)
    desk.refuses(RETURNED, E.NOT_ENOUGH_CASH)
    desk.does(ReturnItem(price_kopecks=10_000, flags=UNCONTROLLED), CLOSE)
    assert desk.bench.state().cash_kopecks == 15_000 - 20_000


# ---- 41h


def test_items_of_annulment_ended_with_the_fiscal_memory(desk: Desk) -> None:
    desk.refuses("41 00 00 00 01 00 00 00 00 00 10 00", E.UNKNOWN_COMMAND)
    desk.refuses("92 00 03", E.WRONG_RECEIPT_TYPE)
    desk.open_receipt(10_000)
    desk.refuses("41 00 00 00 01 00 00 00 00 00 10 00", E.UNKNOWN_COMMAND)


# ---- 4Eh


def test_a_voided_item_is_in_no_sum_and_no_document(desk: Desk) -> None:
    desk.open_receipt(10_000, 5_000)
    printed = desk.tape_of(VoidItem(price_kopecks=10_000))
    assert [line.split() for line in printed] == [["СТОРНО", "Чай"], ["1", "x", "100.00", "=-100.00"]]
    assert desk.register(0x14)["sum_kopecks"] == 5_000
    desk.does(CLOSE)
    assert lines(desk) == [(1_000, 5_000)]
    assert desk.register(0x06, 1) == {"count": 1}


def test_some_of_a_quantity_is_voided(desk: Desk) -> None:
    desk.open_receipt()
    desk.does(AddItem(name="Чай", price_kopecks=12_000, quantity_milli=3_000, tax=1))
    desk.does(VoidItem(price_kopecks=12_000, quantity_milli=500))
    assert desk.register(0x3D, 1)["sum_kopecks"] == 5_000
    desk.does(CLOSE)
    assert lines(desk) == [(2_500, 30_000)]


def test_a_discount_shrinks_with_what_it_was_on(desk: Desk) -> None:
    desk.open_receipt()
    item = AddItem(name="Чай", price_kopecks=10_000, quantity_milli=4_000, tax=6, discount_type=1, discount_size=4_000)
    desk.does(item, VoidItem(price_kopecks=10_000), CLOSE)
    assert lines(desk) == [(3_000, 27_000)]
    assert desk.register(0x2A, 1)["discounts_kopecks"] == 3_000


def test_the_last_of_the_items_that_are_enough_is_voided(desk: Desk) -> None:
    desk.open_receipt()
    for quantity in (2_000, 5_000, 1_000):
        desk.does(AddItem(name="Чай", price_kopecks=100, quantity_milli=quantity, tax=6))
    desk.does(VoidItem(price_kopecks=100, quantity_milli=2_000), CLOSE)
    assert lines(desk) == [(2_000, 200), (3_000, 300), (1_000, 100)]


def test_what_was_not_sold_is_not_voided(desk: Desk) -> None:
    desk.open_receipt(10_000)
    desk.refuses(VoidItem(price_kopecks=9_999), E.ITEM_NOT_IN_RECEIPT)
    desk.refuses(VoidItem(price_kopecks=10_000, quantity_milli=1_001), E.VOID_EXCEEDS_SOLD)
    desk.refuses(VoidItem(price_kopecks=10_000, quantity_milli=0), E.BAD_QUANTITY)
    desk.does(VoidItem(price_kopecks=10_000))
    desk.refuses(VoidItem(price_kopecks=10_000), E.ITEM_NOT_IN_RECEIPT)


def test_a_receipt_that_is_being_paid_or_taxed_keeps_its_items(desk: Desk) -> None:
    desk.open_receipt(10_000, 100, tax=1)
    desk.does(AddTax(tax=1, sum_kopecks=1_000))
    desk.refuses(VoidItem(price_kopecks=10_000), E.TAX_EXCEEDS_SUM)
    desk.does(AddPayment(sum_kopecks=1))
    desk.refuses(VoidItem(price_kopecks=100), E.WRONG_MODE)


# ---- what no till can hold


def test_a_price_wider_than_any_sum_is_refused(desk: Desk) -> None:
    desk.open_receipt()
    wide = {"quantity_milli": 1, "cost_kopecks": 1, "tax": 6, "name": "Чай"}
    desk.does("EA 00 01 00")
    desk.refuses(EndItem(price_kopecks=10**10, **wide), E.BAD_PRICE)  # type: ignore[arg-type]
    desk.does(EndItem(price_kopecks=10**10 - 1, **wide))  # type: ignore[arg-type]


def test_the_buffer_of_a_receipt_has_an_end(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", receipt_buffer_bytes=200))
    desk.open_receipt(100, 100, 100)
    receipt = desk.bench.kkt.memory.receipt
    assert receipt is not None
    each = receipt.bytes_used // 3
    desk.does(*[AddItem(name="Чай", price_kopecks=100, tax=6)] * (200 // each - 3))
    desk.refuses(AddItem(name="Чай", price_kopecks=100, tax=6), E.RECEIPT_BUFFER_OVERFLOW)
    desk.does(CLOSE)


def test_a_full_buffer_still_fits_into_the_fn(desk: Desk) -> None:
    desk.open_receipt()
    item = AddItem(name="Ж" * 64, price_kopecks=99_999, tax=1)
    while desk.answer(item).is_ok:
        continue
    desk.refuses(item, E.RECEIPT_BUFFER_OVERFLOW)
    desk.does(CLOSE)


# ---- cancelled receipts


def test_cancelled_receipts_are_counted_with_their_sums(desk: Desk) -> None:
    desk.open_receipt(10_000)
    desk.does("59")
    desk.open_receipt(500)
    desk.bench.power_off()
    desk.bench.power_on()
    assert desk.register(0x41, 1) == {"closed_receipts": 0, "cancelled_receipts": 2}
    assert desk.register(0x2E, 1) == {"sum_kopecks": 10_500}
