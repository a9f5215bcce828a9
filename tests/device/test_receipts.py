"""Receipts: what an item, a payment and a closing may be, what each mistake is answered, and what a receipt leaves."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.testing.snapshot import differences, snapshot
from protocol.atol.commands.discounts import AddDiscount
from protocol.atol.commands.flags import CommandFlags, ReceiptType
from protocol.atol.commands.items import AddItem, EndItem, SellItem, VoidItem
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.payment import AddPayment, VoidPayment
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CashOut, CloseReceipt, OpenReceipt
from protocol.atol.commands.tables import WriteTable
from protocol.atol.commands.taxes import AddTax
from protocol.atol.kkt_codes import E, X

from .desk import Asked, Desk

MakeBench = Callable[..., Bench]
CHECK = CommandFlags.CHECK_ONLY
UNCONTROLLED = CommandFlags.NO_CASH_CONTROL
CASH, CARD, PREPAID, CREDIT, OTHER = 1, 2, 3, 4, 5
WIDEST = 10**10 - 1
MIDDLE = 4 * 10**9


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    """Shift open, mode 1."""
    return Desk(make_bench("shift-open"))


def item(price: int = 10_000, **changed: object) -> AddItem:
    return AddItem(**{"name": "Чай", "price_kopecks": price, "tax": 6} | changed)  # type: ignore[arg-type]


def state(desk: Desk) -> tuple[object, object, object]:
    """Sum, remainder and change of the receipt."""
    read = desk.register(0x14)
    return read["sum_kopecks"], read["remainder_kopecks"], read["change_kopecks"]


# ---- items

BAD_ITEMS: dict[str, tuple[Asked, E, int]] = {
    "no quantity": (item(quantity_milli=0), E.BAD_QUANTITY, 0),
    "no quantity, old form": (SellItem(price_kopecks=1, quantity_milli=0), E.BAD_QUANTITY, 0),
    "tax row 7": (item(tax=7), E.EXTENDED, X.WRONG_VAT_RATE),
    "tax row 255": (item(tax=255), E.EXTENDED, X.WRONG_VAT_RATE),
    "section 31": (item(section=31), E.WRONG_SECTION, 0),
    "section 31, old form": (SellItem(price_kopecks=1, section=31), E.WRONG_SECTION, 0),
    "price by quantity": (item(WIDEST, quantity_milli=1001), E.MULTIPLICATION_OVERFLOW, 0),
    "discount above the price": (item(discount_type=1, discount_size=10_001), E.BAD_DISCOUNT, 0),
    "discount above 100 %": (item(discount_size=10_001), E.BAD_DISCOUNT, 0),
    "price that is no number": ("52 00 00 00 00 00 0A 00 00 00 10 00 00", E.BAD_FORMAT, 0),
    "too short": ("52 00 00 00", E.BAD_LENGTH, 0),
}


@pytest.mark.parametrize(("bad", "code", "detail"), BAD_ITEMS.values(), ids=BAD_ITEMS)
def test_a_wrong_item_is_refused_and_the_receipt_goes_on(desk: Desk, bad: Asked, code: E, detail: int) -> None:
    desk.open_receipt(10_000)
    desk.refuses(bad, code, detail)
    assert state(desk) == (10_000, 10_000, 0)
    desk.does(item(), "4A 00 01 00 00 00 00 00")


def test_the_sum_of_a_receipt_has_ten_digits(desk: Desk) -> None:
    desk.open_receipt(WIDEST)
    desk.refuses(item(1), E.RECEIPT_OVERFLOW)
    desk.does("4A 00 02 00 00 00 00 00")


def formed(**changed: object) -> EndItem:
    values = {"price_kopecks": 10_000, "cost_kopecks": 10_000, "tax": 6, "name": "Чай"} | changed
    return EndItem(**values)  # type: ignore[arg-type]


def test_an_item_is_formed_between_ea_and_eb_only(desk: Desk) -> None:
    desk.open_receipt()
    desk.refuses(formed(), E.EXTENDED, X.NO_ITEM_BEGUN)
    desk.refuses("E8 00 01 00 AD 04 02 00 AA A3", E.EXTENDED, X.NO_ITEM_BEGUN)
    desk.does("EA 00 01 00")
    desk.refuses("E8 00 01 00 F0 03 05 00 61 40 62 2E 72", E.EXTENDED, X.ITEM_BEGUN)
    desk.does("E8 00 01 00 AD 04 02 00 AA A3", formed())
    desk.refuses(formed(), E.EXTENDED, X.NO_ITEM_BEGUN)
    assert state(desk) == (10_000, 10_000, 0)


@pytest.mark.parametrize(("price", "cost", "taken"), [(10_000, 0, 10_000), (0, 0, 0), (10_000, 1, 1), (0, 500, 500)])
def test_an_item_without_a_cost_costs_price_by_quantity(desk: Desk, price: int, cost: int, taken: int) -> None:
    desk.open_receipt()
    desk.does("EA 00 01 00", formed(price_kopecks=price, cost_kopecks=cost))
    assert state(desk)[0] == taken


def test_the_sign_of_the_payment_method_has_seven_values(desk: Desk) -> None:
    desk.open_receipt()
    desk.does("EA 00 01 00")
    desk.refuses(formed(method=8), E.EXTENDED, X.WRONG_PAYMENT_METHOD)
    desk.does(formed(method=7))


def test_excise_goods_want_their_flag_in_the_registration(desk: Desk) -> None:
    desk.open_receipt()
    desk.does("EA 00 01 00")
    desk.refuses(formed(subject=2), E.EXTENDED, X.EXCISE_NOT_ALLOWED)
    desk.does("E8 00 01 00 BC 04 01 00 02")
    desk.refuses(formed(subject=1), E.EXTENDED, X.EXCISE_NOT_ALLOWED)
    desk.bench.kkt.memory.requisites[1207] = b"\x01"
    desk.does(formed(subject=1))


def test_a_till_without_an_ofd_sells_ten_items_with_codes(desk: Desk) -> None:
    desk.open_receipt(*range(1, 10))
    code = ("EA 00 01 00", "E8 00 01 00 8A 04 02 00 44 4D")
    desk.does(*code, formed(), *code)
    desk.bench.kkt.memory.requisites[1002] = b"\x01"
    desk.refuses(formed(), E.EXTENDED, X.TOO_MANY_CODED_ITEMS)
    desk.bench.kkt.memory.requisites[1002] = b"\x00"
    desk.does(formed())


def test_a_tax_above_the_cost_is_refused(desk: Desk) -> None:
    desk.open_receipt()
    desk.does("EA 01 00")
    desk.refuses(formed(tax=1, tax_sum_kopecks=10_001), E.TAX_EXCEEDS_SUM)
    desk.does(formed(tax=1, tax_sum_kopecks=10_000))


COSTS = (
    (item(3, quantity_milli=500), 2),
    (item(3, quantity_milli=333), 1),
    (item(10_000, discount_size=1000), 9_000),
    (item(10_000, discount_size=1000, discount_sign=1), 11_000),
    (item(10_000, discount_type=1, discount_size=9_999), 1),
    (item(10_000, quantity_milli=2000, discount_type=1, discount_size=500), 19_500),
    (SellItem(price_kopecks=199, quantity_milli=1500), 299),
)


@pytest.mark.parametrize(("sold", "cost"), COSTS)
def test_the_cost_is_rounded_to_the_kopeck_and_counts_discounts(desk: Desk, sold: Asked, cost: int) -> None:
    desk.open_receipt()
    desk.does(sold)
    assert state(desk)[0] == cost


TAXES = (
    (1, 12_000, 2_000),
    (2, 11_000, 1_000),
    (3, 12_000, 2_000),
    (4, 11_000, 1_000),
    (5, 12_000, 12_000),
    (6, 12_000, 12_000),
)


@pytest.mark.parametrize(("row", "price", "tax"), TAXES)
def test_the_tax_is_reckoned_by_the_row_of_table_13(desk: Desk, row: int, price: int, tax: int) -> None:
    desk.open_receipt(price, tax=row)
    assert [desk.register(0x3D, other)["sum_kopecks"] for other in range(1, 7) if other != row] == [0] * 5
    assert desk.register(0x3D, row)["sum_kopecks"] == tax
    desk.does("4A 00 01 00 00 00 00 00")
    assert desk.register(0x3C, 1, row)["sum_kopecks"] == tax


# ---- opening and cancelling


@pytest.mark.parametrize("kind", [ReceiptType.SELL, ReceiptType.SELL_RETURN, ReceiptType.BUY, ReceiptType.BUY_RETURN])
def test_the_type_of_the_open_receipt_is_shown(desk: Desk, kind: ReceiptType) -> None:
    desk.does(OpenReceipt(type=kind))
    assert desk.does("3F")[21] == kind
    assert desk.register(0x13)["receipt_state"] == kind
    desk.does("59")
    assert desk.does("3F")[21] == 0


@pytest.mark.parametrize("kind", [0, 3, 6, 8, 255])
def test_a_type_that_there_is_not_is_refused(desk: Desk, kind: int) -> None:
    desk.refuses(f"92 00 {kind:02X}", E.WRONG_RECEIPT_TYPE)


def test_with_a_closed_shift_a_receipt_opens_it_unless_a_setting_forbids(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.REGISTRATION)
    before = desk.bench.state().last_document
    desk.does("92 00 01")
    assert desk.bench.state().last_document == before + 1
    desk = Desk(make_bench(receipt_opens_shift=False))
    desk.enter(Mode.REGISTRATION)
    desk.refuses("92 00 01", E.SHIFT_CLOSED)


def test_cancelling_takes_one_byte_of_flags_at_most(desk: Desk) -> None:
    desk.open_receipt(10_000)
    for length in (2, 50):
        desk.refuses(f"59 {bytes(length).hex()}", E.BAD_LENGTH)
    desk.does("59 01", "59 00")
    desk.refuses("59 01", E.RECEIPT_CLOSED)


@pytest.mark.parametrize("flags", [0, 4], ids=["on paper", "without paper"])
def test_the_power_cancels_a_receipt_as_59h_does(make_bench: MakeBench, flags: int) -> None:
    tapes = []
    for is_cut in (True, False):
        desk = Desk(make_bench("shift-open"))
        desk.does(f"92 {flags:02X} 01", AddItem(name="Чай", price_kopecks=100, tax=6))
        start = len(desk.bench.kkt.paper)
        if is_cut:
            desk.bench.power_off()
            desk.bench.power_on()
        else:
            desk.does("59")
        tapes.append([line.strip() for line in desk.bench.tape(start)])
        assert desk.register(0x41, 1) == {"closed_receipts": 0, "cancelled_receipts": 1}
        assert desk.register(0x2E, 1) == {"sum_kopecks": 100}
    assert tapes[0] == tapes[1]
    assert ("ЧЕК АННУЛИРОВАН" in tapes[0]) is (flags == 0)


def test_a_cancelled_receipt_leaves_no_document_and_no_sum(desk: Desk) -> None:
    before = desk.bench.state()
    desk.open_receipt(10_000)
    assert "ЧЕК АННУЛИРОВАН" in desk.tape_of("59")
    after = desk.bench.state()
    assert (after.last_document, after.cash_kopecks) == (before.last_document, before.cash_kopecks)
    assert desk.register(0x41, 1) == {"closed_receipts": 0, "cancelled_receipts": 1}
    desk.refuses("59", E.RECEIPT_CLOSED)
    desk.sell()


# ---- paying and closing


def test_what_is_paid_is_answered_with_remainder_and_change(desk: Desk) -> None:
    desk.open_receipt(25_550)
    assert desk.does(AddPayment(sum_kopecks=20_000)) == bytes.fromhex("00 00 00 55 50 00 00 00 00 00")
    assert desk.does(AddPayment(sum_kopecks=10_000)) == bytes.fromhex("00 00 00 00 00 00 00 00 44 50")
    assert state(desk) == (25_550, 0, 4_450)
    desk.does("4A 00 01 00 00 00 00 00")
    assert desk.bench.state().cash_kopecks == 25_550


def test_after_a_payment_nothing_more_is_sold(desk: Desk) -> None:
    desk.open_receipt(10_000)
    desk.does(AddPayment(sum_kopecks=1))
    desk.refuses(item(), E.WRONG_MODE)
    desk.does("59")


BAD_CLOSINGS: dict[str, tuple[Asked, E]] = {
    "less than the total": (CloseReceipt(sum_kopecks=9_999), E.TENDERED_BELOW_TOTAL),
    "more than the total by card": (CloseReceipt(payment_form=CARD, sum_kopecks=10_001), E.NON_CASH_EXCEEDS_TOTAL),
    "a payment form that there is not": (CloseReceipt(payment_form=11), E.WRONG_PAYMENT_TYPE),
    "payment form 0": (CloseReceipt(payment_form=0), E.WRONG_PAYMENT_TYPE),
    "payment by form 11": (AddPayment(payment_form=11, sum_kopecks=1), E.WRONG_PAYMENT_TYPE),
    "payment above the total by card": (AddPayment(payment_form=CARD, sum_kopecks=10_001), E.NON_CASH_EXCEEDS_TOTAL),
}


@pytest.mark.parametrize(("bad", "code"), BAD_CLOSINGS.values(), ids=BAD_CLOSINGS)
def test_a_wrong_payment_leaves_the_receipt_as_it_was(desk: Desk, bad: Asked, code: E) -> None:
    desk.open_receipt(10_000)
    desk.refuses(bad, code)
    assert state(desk) == (10_000, 10_000, 0)
    desk.does("4A 00 01 00 00 00 00 00")


def test_too_little_in_several_payments_is_another_code(desk: Desk) -> None:
    desk.open_receipt(10_000)
    desk.does(AddPayment(payment_form=CARD, sum_kopecks=1))
    desk.refuses(CloseReceipt(sum_kopecks=9_998), E.PAYMENTS_BELOW_TOTAL)
    desk.does(CloseReceipt(sum_kopecks=9_999))


def test_payments_have_ten_digits(desk: Desk) -> None:
    desk.open_receipt(10_000)
    desk.does(AddPayment(sum_kopecks=WIDEST))
    desk.refuses(AddPayment(sum_kopecks=1), E.PAYMENTS_OVERFLOW)


def test_each_payment_form_goes_into_its_group(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.PROGRAMMING)
    desk.does(WriteTable(table=12, row=9, field=2, value=bytes((OTHER,))))
    desk.enter(Mode.REGISTRATION)
    desk.open_receipt(60)
    for form in (CARD, PREPAID, CREDIT, OTHER, 10):
        desk.does(AddPayment(payment_form=form, sum_kopecks=form))
    desk.does("4A 00 01 00 00 00 00 00")
    paid = [desk.register(0x03, 1, form)["sum_kopecks"] for form in range(1, 11)]
    assert paid == [36, 2, 3, 4, 5, 0, 0, 0, 0, 10]
    assert desk.bench.state().cash_kopecks == 36


@pytest.mark.parametrize("kind", [ReceiptType.SELL_RETURN, ReceiptType.BUY])
def test_what_pays_out_needs_cash_in_the_drawer(desk: Desk, kind: ReceiptType) -> None:
    desk.sell(5_000)
    desk.open_receipt(5_001, type_=kind)
    desk.refuses(CloseReceipt(), E.NOT_ENOUGH_CASH)
    desk.does(CloseReceipt(flags=UNCONTROLLED))
    assert desk.bench.state().cash_kopecks == -1


def test_what_is_paid_out_by_card_needs_no_cash(desk: Desk) -> None:
    desk.open_receipt(5_000, type_=ReceiptType.SELL_RETURN)
    desk.does(CloseReceipt(payment_form=CARD))


def test_cash_out_needs_cash_in_the_drawer(desk: Desk) -> None:
    desk.does("49 00 00 00 00 50 00")
    desk.refuses(CashOut(sum_kopecks=5_001), E.NOT_ENOUGH_CASH)
    desk.does(CashOut(sum_kopecks=5_000))
    assert desk.does("4D") == bytes(7)


def test_a_receipt_without_items_is_no_document(desk: Desk) -> None:
    """FNS order ЕД-7-20/662@, FFD 1.05: a receipt has at least one «предмет расчёта» (1059)."""
    desk.open_receipt()
    before = desk.bench.state().last_document
    assert desk.answer("4A 00 01 00 00 00 00 00").code != 0
    assert desk.bench.state().last_document == before
    desk.does("59")


# ---- checking only

CHECKED: dict[str, tuple[str, Asked]] = {
    "open": ("shift-open", OpenReceipt(flags=CHECK)),
    "item": ("receipt-open", item(flags=CHECK)),
    "old item": ("receipt-open", SellItem(flags=CHECK, price_kopecks=1)),
    "storno": ("receipt-open", VoidItem(flags=CHECK, price_kopecks=10_000)),
    "discount": ("receipt-open", AddDiscount(flags=CHECK, size=1)),
    "tax": ("receipt-open", AddTax(flags=CHECK, tax=1, sum_kopecks=1)),
    "payment": ("receipt-open", AddPayment(flags=CHECK, sum_kopecks=1)),
    "storno of nothing paid": ("receipt-open", VoidPayment(flags=CHECK, sum_kopecks=0)),
    "old item without a receipt": ("shift-open", SellItem(flags=CHECK, price_kopecks=1)),
    "close": ("receipt-open", CloseReceipt(flags=CHECK)),
    "cancel": ("receipt-open", CancelReceipt(flags=CHECK)),
    "cash in a closed shift": ("registered", CashIn(flags=CHECK, sum_kopecks=1)),
    "cash in": ("shift-open", "49 01 00 00 00 00 01"),
    "shift": ("registered", "9A 01"),
}


@pytest.mark.parametrize(("state_", "asked"), CHECKED.values(), ids=CHECKED)
def test_check_only_answers_as_the_command_would_and_changes_nothing(
    make_bench: MakeBench, state_: str, asked: Asked
) -> None:
    desk = Desk(make_bench(state_))
    if state_ == "registered":
        desk.enter(Mode.REGISTRATION)
    before = snapshot(desk.bench)
    reply = desk.reply(asked)
    assert reply[:2] == b"\x55\x00"
    assert differences(before, snapshot(desk.bench)) == []


def test_check_only_is_refused_as_the_command_would_be(desk: Desk) -> None:
    desk.refuses(item(flags=CHECK), E.RECEIPT_CLOSED)
    desk.open_receipt(10_000)
    desk.refuses(item(flags=CHECK, quantity_milli=0), E.BAD_QUANTITY)
    desk.refuses(CloseReceipt(flags=CHECK, sum_kopecks=1), E.TENDERED_BELOW_TOTAL)


def test_without_a_tax_system_the_receipt_cannot_be_closed(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.bench.kkt.memory.requisites[1062] = b"\x03"
    desk.open_receipt(10_000)
    desk.refuses("4A 00 01 00 00 00 00 00", E.EXTENDED, X.WRONG_TAX_SYSTEM)
    desk.does("E8 00 01 00 1F 04 01 00 02", "4A 00 01 00 00 00 00 00")


def test_a_till_may_want_its_tax_system_when_the_receipt_is_opened(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("registered", tax_system_checked_at="92h"))
    desk.bench.kkt.memory.requisites[1062] = b"\x03"
    desk.enter(Mode.REGISTRATION)
    desk.refuses("92 00 01", E.EXTENDED, X.WRONG_TAX_SYSTEM)
    assert not desk.bench.kkt.memory.mirror.shift_is_open
    desk.does("E8 00 01 00 1F 04 01 00 02", "92 00 01")
