"""Chapter «Оплата»: 99 9B, cash in and out (49 4F), and what the drawer allows."""

from kktsim.device import shift, tables
from kktsim.device.dispatch import Need, handles
from kktsim.device.forming import WIDEST_SUM, change, open_receipt, remainder
from kktsim.device.kkt import Kkt
from kktsim.device.printing import Prints
from kktsim.device.receipt import Receipt
from kktsim.device.refusal import Refusal
from kktsim.printer.paper import roubles
from protocol.atol.commands.flags import CommandFlags, PaymentGroup
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.payment import AddPayment, VoidPayment
from protocol.atol.commands.receipt import CashIn, CashOut
from protocol.atol.fields import to_bcd
from protocol.atol.kkt_codes import E

WIDEST_CASH = 10**14 - 1
"""Kopecks: seven BCD bytes, the width of the drawer's counter."""


def check(kkt: Kkt, receipt: Receipt, form: int, sum_kopecks: int) -> None:
    """Raise `Refusal` when a payment cannot be taken: unknown form, too large a sum, non-cash above the total."""
    group = tables.payment_group(kkt, form)
    if receipt.paid_kopecks + sum_kopecks > WIDEST_SUM:
        raise Refusal(E.PAYMENTS_OVERFLOW)
    if group != PaymentGroup.CASH and sum_kopecks > remainder(receipt):
        raise Refusal(E.NON_CASH_EXCEEDS_TOTAL)


def check_non_cash(kkt: Kkt, receipt: Receipt, total_kopecks: int) -> None:
    """Raise `Refusal` (71h) when what was paid otherwise than in cash is more than the receipt would come to."""
    forms = receipt.payments.items()
    if sum(paid for form, paid in forms if tables.payment_group(kkt, form) != PaymentGroup.CASH) > total_kopecks:
        raise Refusal(E.NON_CASH_EXCEEDS_TOTAL)


@handles(AddPayment, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True)
def add_payment(kkt: Kkt, request: AddPayment, at: float) -> bytes:
    """«Расчёт по чеку»: the answer tells what remains and the change."""
    receipt = open_receipt(kkt)
    check(kkt, receipt, request.payment_form, request.sum_kopecks)
    receipt.payments[request.payment_form] = receipt.payments.get(request.payment_form, 0) + request.sum_kopecks
    return _paid(kkt, receipt)


@handles(VoidPayment, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True)
def void_payment(kkt: Kkt, request: VoidPayment, at: float) -> bytes:
    """«Сторно расчёта по чеку», answered as 99h; 70h: less was tendered in that form.

    When nothing is left of the payments the receipt takes items again (a guess).
    """
    receipt = open_receipt(kkt)
    tables.payment_group(kkt, request.payment_form)
    left = receipt.payments.get(request.payment_form, 0) - request.sum_kopecks
    if left < 0:
        raise Refusal(E.VOID_EXCEEDS_PAYMENT)
    receipt.payments[request.payment_form] = left
    if not left:
        del receipt.payments[request.payment_form]
    return _paid(kkt, receipt)


def _paid(kkt: Kkt, receipt: Receipt) -> bytes:
    """Go on after a payment or its storno: a discount before it is final. The remainder and the change."""
    receipt.before_discount = None
    kkt.volatile.change_kopecks = change(receipt)
    return to_bcd(remainder(receipt), 5) + to_bcd(change(receipt), 5)


def check_drawer(kkt: Kkt, sum_kopecks: int, *, is_controlled: bool) -> None:
    """Raise `Refusal` when the drawer cannot take so much, 0Bh, or give it (a negative sum), 98h.

    Without control of cash the drawer's counter goes below zero; registers tell 0 then (a guess).
    """
    cash = kkt.memory.totals.cash_kopecks
    if cash + sum_kopecks > WIDEST_CASH:
        raise Refusal(E.CASH_OVERFLOW)
    if is_controlled and sum_kopecks < 0 and cash + sum_kopecks < 0:
        raise Refusal(E.NOT_ENOUGH_CASH)


@handles(
    CashIn,
    mode=Mode.REGISTRATION,
    receipt=Need.CLOSED,
    registered=True,
    within_24_hours=True,
    makes_document=True,
    prints=Prints.ALWAYS,
)
def cash_in(kkt: Kkt, request: CashIn, at: float) -> bytes:
    """«Внесение денег»; with a closed shift it opens the shift first, as a receipt does."""
    totals = kkt.memory.totals
    check_drawer(kkt, request.sum_kopecks, is_controlled=True)
    shift.ensure_open(kkt, at)
    totals.cash_kopecks += request.sum_kopecks
    totals.cash_in_kopecks += request.sum_kopecks
    totals.cash_in_count += 1
    _print(kkt, "ВНЕСЕНИЕ", request.sum_kopecks)
    return b""


@handles(
    CashOut,
    mode=Mode.REGISTRATION,
    receipt=Need.CLOSED,
    registered=True,
    within_24_hours=True,
    makes_document=True,
    prints=Prints.ALWAYS,
)
def cash_out(kkt: Kkt, request: CashOut, at: float) -> bytes:
    """«Выплата денег»: 98h when the drawer holds less. It opens a closed shift, as 49h does."""
    totals = kkt.memory.totals
    check_drawer(kkt, -request.sum_kopecks, is_controlled=CommandFlags.NO_CASH_CONTROL not in request.flags)
    shift.ensure_open(kkt, at)
    totals.cash_kopecks -= request.sum_kopecks
    totals.cash_out_kopecks += request.sum_kopecks
    totals.cash_out_count += 1
    _print(kkt, "ВЫПЛАТА", request.sum_kopecks)
    return b""


def _print(kkt: Kkt, title: str, sum_kopecks: int) -> None:
    kkt.paper.centre(title)
    kkt.paper.pair("ИТОГ", f"={roubles(sum_kopecks)}")
    kkt.paper.cut()
