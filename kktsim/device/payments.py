"""Chapter «Оплата»: 99, cash in and out (49 4F), and how payments make change."""

from kktsim.device import tables
from kktsim.device.dispatch import Need, handles
from kktsim.device.items import WIDEST_SUM, open_receipt
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal
from kktsim.device.state import Receipt
from kktsim.printer.paper import roubles
from protocol.atol.commands.flags import CommandFlags, PaymentGroup
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.receipt import CashIn, CashOut
from protocol.atol.fields import to_bcd
from protocol.atol.kkt_codes import E


def remainder(receipt: Receipt) -> int:
    """Kopecks still to be paid."""
    return max(receipt.sum_kopecks - receipt.paid_kopecks, 0)


def change(receipt: Receipt) -> int:
    """«Сдача» in kopecks."""
    return max(receipt.paid_kopecks - receipt.sum_kopecks, 0)


def check(kkt: Kkt, receipt: Receipt, form: int, sum_kopecks: int) -> None:
    """Raise `Refusal` when a payment cannot be taken: unknown form, too large a sum, non-cash above the total."""
    group = tables.payment_group(kkt, form)
    if receipt.paid_kopecks + sum_kopecks > WIDEST_SUM:
        raise Refusal(E.PAYMENTS_OVERFLOW)
    if group != PaymentGroup.CASH and sum_kopecks > remainder(receipt):
        raise Refusal(E.NON_CASH_EXCEEDS_TOTAL)


def by_group(kkt: Kkt, receipt: Receipt) -> dict[int, int]:
    """Payment group to kopecks, the change taken off the cash."""
    groups: dict[int, int] = {}
    for form, paid in receipt.payments.items():
        group = tables.payment_group(kkt, form)
        groups[group] = groups.get(group, 0) + paid
    back = change(receipt)
    if back:
        groups[PaymentGroup.CASH] -= back
    return groups


@handles(AddPayment, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True)
def add_payment(kkt: Kkt, request: AddPayment, at: float) -> bytes:
    """«Расчёт по чеку»: the answer tells what remains and the change."""
    receipt = open_receipt(kkt)
    check(kkt, receipt, request.payment_form, request.sum_kopecks)
    receipt.payments[request.payment_form] = receipt.payments.get(request.payment_form, 0) + request.sum_kopecks
    kkt.volatile.paying = True
    kkt.volatile.change_kopecks = change(receipt)
    return to_bcd(remainder(receipt), 5) + to_bcd(change(receipt), 5)


@handles(CashIn, mode=Mode.REGISTRATION, receipt=Need.CLOSED, registered=True, within_24_hours=True)
def cash_in(kkt: Kkt, request: CashIn, at: float) -> bytes:
    """«Внесение денег»."""
    totals = kkt.memory.totals
    totals.cash_kopecks += request.sum_kopecks
    totals.cash_in_kopecks += request.sum_kopecks
    totals.cash_in_count += 1
    _print(kkt, "ВНЕСЕНИЕ", request.sum_kopecks)
    return b""


@handles(CashOut, mode=Mode.REGISTRATION, receipt=Need.CLOSED, registered=True, within_24_hours=True)
def cash_out(kkt: Kkt, request: CashOut, at: float) -> bytes:
    """«Выплата денег»: 98h when the drawer holds less."""
    totals = kkt.memory.totals
    if request.sum_kopecks > totals.cash_kopecks and CommandFlags.NO_CASH_CONTROL not in request.flags:
        raise Refusal(E.NOT_ENOUGH_CASH)
    totals.cash_kopecks -= request.sum_kopecks
    totals.cash_out_kopecks += request.sum_kopecks
    totals.cash_out_count += 1
    _print(kkt, "ВЫПЛАТА", request.sum_kopecks)
    return b""


def _print(kkt: Kkt, title: str, sum_kopecks: int) -> None:
    kkt.paper.centre(title)
    kkt.paper.pair("ИТОГ", f"={roubles(sum_kopecks)}")
    kkt.paper.cut()
