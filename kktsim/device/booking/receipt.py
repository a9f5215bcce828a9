"""What a closed receipt leaves: totals, reports, register 33h, the end of its paper; and an annulled one."""

from kktsim.device import corrections, documents, reports, tables
from kktsim.device.documents import Made
from kktsim.device.forming import by_group, change
from kktsim.device.kkt import Kkt, to_datetime
from kktsim.device.names import payment_name, tax_name
from kktsim.device.receipt import Receipt
from kktsim.device.state import Closing, Intent, LastReceipt
from kktsim.printer.paper import roubles
from protocol.atol.commands.flags import PaymentGroup, ReceiptType
from protocol.ffd.documents import DocumentType, qr

OPERATIONS = {
    ReceiptType.SELL: 1,
    ReceiptType.SELL_RETURN: 2,
    ReceiptType.BUY: 3,
    ReceiptType.BUY_RETURN: 4,
    **corrections.OPERATIONS,
}
"""Receipt type to «признак расчёта» (tag 1054, first byte behind the date in 16h)."""
_TYPES = {(kind in corrections.OPERATIONS, operation): kind for kind, operation in OPERATIONS.items()}
"""Whether it is a correction, and the operation, to the receipt type."""
MADE_UNHEARD = "ЧЕК ВОССТАНОВЛЕН ИЗ ФН"
"""A guess, by the line about document numbers."""
CASH_COMES_IN = frozenset((ReceiptType.SELL, ReceiptType.BUY_RETURN, *corrections.CASH_COMES_IN))


def cash_kopecks(kkt: Kkt, receipt: Receipt) -> int:
    """What a paid receipt puts into the drawer; negative: takes out of it."""
    cash = by_group(kkt, receipt).get(PaymentGroup.CASH, 0)
    return cash if receipt.type in CASH_COMES_IN else -cash


def complete(kkt: Kkt, intent: Intent, made: Made) -> None:
    """«Чек» or «кассовый чек коррекции». When what was being closed is lost, the FN tells what it was in all."""
    documents.adopt(kkt, made)
    closing = kkt.memory.closing
    forget(kkt)
    if closing is None:
        _complete_lost(kkt, intent, made)
        return
    receipt = closing.receipt
    reports.count(kkt, closing, made.world)
    _count(kkt, receipt, closing.taxes)
    _remember(kkt, made, receipt.type, receipt.sum_kopecks)
    kkt.volatile.change_kopecks = change(receipt)
    if receipt.prints:
        _print_end(kkt, closing)
        _print_footer(kkt, intent, made, receipt.type, receipt.sum_kopecks)


def _complete_lost(kkt: Kkt, intent: Intent, made: Made) -> None:
    """Book a receipt of which the FN alone knows: operation and total, but no items, payments and taxes (a guess).

    A record that the FN cannot read either leaves its number on the paper, and no sum.
    """
    kkt.paper.centre(MADE_UNHEARD)
    if made.receipt is None:
        documents.print_footer(kkt, made)
        return
    is_correction = intent.type == DocumentType.CORRECTION
    kind, total = _TYPES[is_correction, made.receipt.operation], made.receipt.total_kopecks
    _count_whole(kkt, kind, total)
    _remember(kkt, made, kind, total)
    kkt.paper.pair("ИТОГ", f"={roubles(total)}")
    _print_footer(kkt, intent, made, kind, total)


def _remember(kkt: Kkt, made: Made, kind: ReceiptType, total: int) -> None:
    kkt.memory.last_receipt = LastReceipt(made.number, kind, total, made.world, made.sign)


def _print_footer(kkt: Kkt, intent: Intent, made: Made, kind: ReceiptType, total: int) -> None:
    code = qr(to_datetime(made.world), total, intent.fn_number, made.number, made.sign, OPERATIONS[kind])
    documents.print_footer(kkt, made, code)


def annul(kkt: Kkt, receipt: Receipt) -> None:
    """«Чек аннулирован»: what the FN has of it is not looked at here."""
    kkt.memory.totals.count_cancelled(receipt)
    forget(kkt)
    if receipt.prints:
        kkt.paper.centre("ЧЕК АННУЛИРОВАН")
        kkt.paper.cut()


def forget(kkt: Kkt) -> None:
    """No receipt is open any more."""
    kkt.memory.receipt = None
    kkt.volatile.item_requisites = None
    documents.forget_requisites(kkt)


def _count(kkt: Kkt, receipt: Receipt, tax_sums: dict[int, int]) -> None:
    totals, kind = kkt.memory.totals, receipt.type
    _count_whole(kkt, kind, receipt.sum_kopecks)
    totals.registrations[kind] = totals.registrations.get(kind, 0) + len(receipt.items)
    back = change(receipt)
    for form, paid in receipt.payments.items():
        given = min(back, paid) if tables.payment_group(kkt, form) == PaymentGroup.CASH else 0
        back -= given
        totals.paid[kind, form] = totals.paid.get((kind, form), 0) + paid - given
        totals.non_nullable_paid[kind, form] = totals.non_nullable_paid.get((kind, form), 0) + paid - given
    for tax, amount in tax_sums.items():
        totals.taxes[kind, tax] = totals.taxes.get((kind, tax), 0) + amount
    for discount in (receipt.discount_kopecks, *[item.discount_kopecks for item in receipt.items]):
        if discount:
            counter = totals.discounts if discount > 0 else totals.surcharges
            counter[kind] = counter.get(kind, 0) + abs(discount)
    totals.cash_kopecks += cash_kopecks(kkt, receipt)


def _count_whole(kkt: Kkt, kind: ReceiptType, total: int) -> None:
    totals = kkt.memory.totals
    totals.registered[kind] = totals.registered.get(kind, 0) + total
    totals.receipts[kind] = totals.receipts.get(kind, 0) + 1
    totals.non_nullable[kind] = totals.non_nullable.get(kind, 0) + total
    totals.running_receipts += 1


def _print_end(kkt: Kkt, closing: Closing) -> None:
    paper, receipt = kkt.paper, closing.receipt
    paper.pair("ИТОГ", f"={roubles(receipt.sum_kopecks)}")
    for tax, amount in sorted(closing.taxes.items()):
        paper.pair(f"СУММА {tax_name(kkt, tax)}", f"={roubles(amount)}")
    for form, paid in receipt.payments.items():
        paper.pair(payment_name(kkt, form), f"={roubles(paid)}")
    back = change(receipt)
    if back:
        paper.pair("СДАЧА", f"={roubles(back)}")
