"""Payments: what is taken back (9Bh), which form is what, what the drawer holds and what its counters cannot."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.device.payments import WIDEST_CASH
from protocol.atol.commands.flags import CommandFlags, ReceiptType
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.payment import AddPayment, VoidPayment
from protocol.atol.commands.receipt import CashIn, CashOut, CloseReceipt
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.kkt_codes import E
from protocol.ffd.documents import DocumentType
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.ffd.tlv import text, tlv

from .desk import Asked, Desk

MakeBench = Callable[..., Bench]
CASH, CARD, PREPAID, CREDIT, OTHER = 1, 2, 3, 4, 5
UNCONTROLLED = CommandFlags.NO_CASH_CONTROL
GROUP_TAGS = (T.CASH, T.ELECTRONIC, T.PREPAID, T.CREDIT, T.OTHER)
NOTHING_DUE = bytes(10)


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    """Shift open, mode 1."""
    return Desk(make_bench("shift-open"))


def paid(form: int, sum_kopecks: int) -> AddPayment:
    return AddPayment(payment_form=form, sum_kopecks=sum_kopecks)


def back(form: int, sum_kopecks: int) -> VoidPayment:
    return VoidPayment(payment_form=form, sum_kopecks=sum_kopecks)


def groups(desk: Desk) -> list[int]:
    """The payments of the last document."""
    fn = desk.bench.fn
    assert fn is not None
    made = fn.archive.tail()
    assert made is not None
    return [Requisites.parse(made.body).number(tag) for tag in GROUP_TAGS]


def test_a_payment_taken_back_is_answered_as_one_that_is_made(desk: Desk) -> None:
    desk.open_receipt(10_000)
    assert desk.does(paid(CASH, 12_000)) == bytes.fromhex("00 00 00 00 00 00 00 00 20 00")
    assert desk.does(back(CASH, 5_000)) == bytes.fromhex("00 00 00 30 00 00 00 00 00 00")
    assert desk.does(paid(CARD, 3_000)) == NOTHING_DUE
    desk.does(CloseReceipt())
    assert groups(desk) == [7_000, 3_000, 0, 0, 0]


def test_more_than_was_paid_in_that_form_is_not_taken_back(desk: Desk) -> None:
    desk.open_receipt(10_000)
    desk.refuses(back(CASH, 1), E.VOID_EXCEEDS_PAYMENT)
    desk.does(paid(CASH, 500), paid(CARD, 700))
    desk.refuses(back(CASH, 501), E.VOID_EXCEEDS_PAYMENT)
    desk.refuses(back(PREPAID, 1), E.VOID_EXCEEDS_PAYMENT)
    for form in (0, 11):
        desk.refuses(back(form, 1), E.WRONG_PAYMENT_TYPE)
    assert desk.register(0x14)["remainder_kopecks"] == 8_800


def test_a_receipt_that_is_paid_takes_no_items_whatever_modes_were_entered(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", leave_with_open_receipt="accept"))
    desk.open_receipt(10_000)
    desk.does(paid(CASH, 500), "48")
    assert desk.does("45")[0] == 0x00
    desk.does("56 01 00 00 00 30")
    assert desk.does("45")[0] == 0x41
    desk.refuses(AddItem(name="Чай", price_kopecks=1, tax=6), E.WRONG_MODE)
    desk.does(back(CASH, 500))
    assert desk.does("45")[0] == 0x01


def test_with_all_payments_taken_back_the_receipt_takes_items_again(desk: Desk) -> None:
    item = AddItem(name="Чай", price_kopecks=1, tax=6)
    desk.open_receipt(10_000)
    desk.does(paid(CASH, 500), paid(CARD, 700))
    assert desk.does("45")[0] == 0x41
    desk.does(back(CASH, 500))
    assert desk.does("45")[0] == 0x41
    desk.refuses(item, E.WRONG_MODE)
    desk.does(back(CARD, 700))
    assert desk.does("45")[0] == 0x01
    desk.does(item)


def test_ten_forms_go_into_five_groups(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.PROGRAMMING)
    desk.does(*(f"50 0C 00 {form - 1:02X} 02 {form % 5 + 1:02X}" for form in range(2, 11)))
    desk.enter(Mode.REGISTRATION)
    desk.open_receipt(55_000)
    desk.does(*(paid(form, form * 1_000) for form in range(1, 11)), CloseReceipt())
    by_group = [0] * 5
    by_group[0] = 1_000
    for form in range(2, 11):
        by_group[form % 5] += form * 1_000
    assert groups(desk) == by_group
    for register in (0x03, 0x38):
        told = [desk.register(register, 1, form)["sum_kopecks"] for form in range(1, 11)]
        assert told == [form * 1_000 for form in range(1, 11)]


def test_what_was_ever_paid_outlives_the_shift(desk: Desk) -> None:
    desk.open_receipt(100)
    desk.does(CloseReceipt(payment_form=CARD))
    desk.close_shift()
    desk.open_shift()
    desk.open_receipt(30)
    desk.does(CloseReceipt(payment_form=CARD))
    assert desk.register(0x03, 1, CARD)["sum_kopecks"] == 30
    assert desk.register(0x38, 1, CARD)["sum_kopecks"] == 130
    assert desk.register(0x28, 1)["sum_kopecks"] == 130


# ---- the drawer


@pytest.mark.parametrize("asked", [CashIn(sum_kopecks=100), CashOut(sum_kopecks=100, flags=UNCONTROLLED)])
def test_with_a_closed_shift_a_cash_operation_opens_it_unless_a_setting_forbids(
    make_bench: MakeBench, asked: CashIn | CashOut
) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.REGISTRATION)
    number = desk.bench.state().last_document
    desk.does(asked)
    assert desk.bench.state().shift_is_open
    assert (desk.document().number, desk.document().type) == (number + 1, DocumentType.SHIFT_OPEN)
    desk.refuses("9A 00", E.SHIFT_OPEN)
    desk.close_shift()
    desk.open_shift()
    assert [desk.register(register)["count"] for register in (0x08, 0x09)] == [0, 0]
    desk = Desk(make_bench(receipt_opens_shift=False))
    desk.enter(Mode.REGISTRATION)
    desk.refuses(asked, E.SHIFT_CLOSED)


def test_what_is_told_before_a_cash_operation_that_opens_the_shift_stays_told(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.REGISTRATION)
    desk.does(WriteRequisite(data=tlv(T.CASHIER, text("Чижов"))), "49 00 00 00 00 01 00")
    assert desk.told().text(T.CASHIER) == "Чижов"
    desk.sell()
    assert desk.told().text(T.CASHIER) == "Чижов"


def test_a_cash_operation_that_is_refused_opens_no_shift(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.REGISTRATION)
    desk.refuses(CashOut(sum_kopecks=100), E.NOT_ENOUGH_CASH)


def test_a_drawer_below_zero_is_told_as_empty_and_remembered(desk: Desk) -> None:
    desk.open_receipt(5_000, type_=ReceiptType.BUY)
    desk.does(CloseReceipt(flags=UNCONTROLLED))
    assert desk.does("4D") == bytes(7)
    assert desk.register(0x0A) == {"sum_kopecks": 0}
    desk.refuses(CashOut(sum_kopecks=1), E.NOT_ENOUGH_CASH)
    desk.does("49 00 00 00 00 60 00")
    assert desk.register(0x0A) == {"sum_kopecks": 1_000}


def test_one_item_without_control_of_cash_frees_the_receipt(desk: Desk) -> None:
    desk.does("92 00 02", AddItem(name="Чай", price_kopecks=100, tax=6, flags=UNCONTROLLED), CloseReceipt())
    assert desk.bench.state().cash_kopecks == -100


def full(make_bench: MakeBench, state: str) -> Desk:
    """A till whose drawer holds all that its counter can."""
    desk = Desk(make_bench(state))
    desk.bench.kkt.memory.totals.cash_kopecks = WIDEST_CASH
    return desk


OVERFLOWS: dict[str, tuple[str, Asked]] = {
    "cash in": ("shift-open", CashIn(sum_kopecks=1)),
    "a receipt": ("receipt-open", CloseReceipt()),
}


@pytest.mark.parametrize(("state", "asked"), OVERFLOWS.values(), ids=OVERFLOWS)
def test_what_the_drawers_counter_cannot_hold_is_refused(make_bench: MakeBench, state: str, asked: Asked) -> None:
    desk = full(make_bench, state)
    desk.refuses(asked, E.CASH_OVERFLOW)


def test_a_full_drawer_still_takes_cards_and_pays_out(make_bench: MakeBench) -> None:
    desk = full(make_bench, "receipt-open")
    desk.does(CloseReceipt(payment_form=CARD), CashOut(sum_kopecks=1), CashIn(sum_kopecks=1))
