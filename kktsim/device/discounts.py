"""Chapter «Скидки и надбавки»: 43 78.

A discount on the last item changes its cost. One on the receipt is divided among the items in proportion to their
costs, by largest remainder, and their taxes are reckoned anew, so that the document adds up: FFD 1.05 has no requisite
for a discount, and 1020 is the sum of 1043.
"""

from kktsim.device import payments
from kktsim.device.dispatch import Need, handles
from kktsim.device.forming import WIDEST_SUM, change, open_receipt, share
from kktsim.device.items import (
    ITEM_DISCOUNTS,
    RECEIPT_DISCOUNTS,
    check_allowed,
    percent_of,
    print_discount,
    recosted,
)
from kktsim.device.kkt import Kkt
from kktsim.device.printing import Prints
from kktsim.device.receipt import Item, LastOperation, Receipt
from kktsim.device.refusal import Refusal, extended
from kktsim.device.taxes import check_told
from protocol.atol.commands.discounts import AddDiscount, CancelDiscount, DiscountArea
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E

_BY_SUM = 1
"""Lowest bit of the type."""
_ROUBLE = 100


@handles(AddDiscount, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True, prints=Prints.OF_RECEIPT)
def add_discount(kkt: Kkt, request: AddDiscount, at: float) -> bytes:
    """«Скидка (надбавка)». 7Bh: more than there is; 7Ch: the receipt has its discount already; 80h: forbidden by
    table 4.
    """
    receipt = open_receipt(kkt)
    if receipt.last is LastOperation.RECEIPT_DISCOUNT:
        raise Refusal(E.NOT_AFTER_DISCOUNT)
    if request.area is DiscountArea.LAST_ITEM:
        _discount_item(kkt, receipt, request)
    else:
        _discount_receipt(kkt, receipt, request)
    return b""


def _discount_item(kkt: Kkt, receipt: Receipt, request: AddDiscount) -> None:
    """0Fh: it has a discount; 10h: the last operation was no item, or the receipt is being paid."""
    if receipt.last is LastOperation.ITEM_DISCOUNT:
        raise Refusal(E.DISCOUNT_REPEATED)
    if receipt.last is not LastOperation.ITEM or kkt.paying:
        raise Refusal(E.DISCOUNT_IMPOSSIBLE)
    item = receipt.items[-1]
    if item.discount_refusal:
        raise extended(item.discount_refusal)
    if item.discount_kopecks:
        raise Refusal(E.DISCOUNT_REPEATED)
    size = request.size if request.type & _BY_SUM else percent_of(item.cost_kopecks, request.size)
    discount = -size if request.sign else size
    check_allowed(kkt, discount, ITEM_DISCOUNTS, is_surcharge=discount < 0)
    if discount > item.cost_kopecks or item.cost_kopecks - discount > WIDEST_SUM:
        raise Refusal(E.BAD_DISCOUNT)
    other = recosted(kkt, item, item.cost_kopecks - discount, discount_kopecks=discount)
    _apply(kkt, receipt, [*receipt.items[:-1], other], LastOperation.ITEM_DISCOUNT)
    print_discount(kkt, discount)


def _discount_receipt(kkt: Kkt, receipt: Receipt, request: AddDiscount) -> None:
    """By sum only (7Bh), and within what the setting allows (10h); also when the receipt is being paid."""
    if not request.type & _BY_SUM:
        raise Refusal(E.BAD_DISCOUNT)
    size = request.size or receipt.sum_kopecks % _ROUBLE
    discount = -size if request.sign and request.size else size
    check_allowed(kkt, discount, RECEIPT_DISCOUNTS, is_surcharge=discount < 0)
    if not receipt.items or size > kkt.settings.largest_receipt_discount_kopecks:
        raise Refusal(E.DISCOUNT_IMPOSSIBLE)
    if discount > receipt.sum_kopecks:
        raise Refusal(E.BAD_DISCOUNT)
    parts = share(discount, [item.cost_kopecks for item in receipt.items])
    items = [
        recosted(kkt, item, item.cost_kopecks - part) if part else item
        for item, part in zip(receipt.items, parts, strict=True)
    ]
    _apply(kkt, receipt, items, LastOperation.RECEIPT_DISCOUNT)
    receipt.discount_kopecks = discount
    kkt.volatile.change_kopecks = change(receipt)
    print_discount(kkt, discount, " НА ЧЕК")


def _apply(kkt: Kkt, receipt: Receipt, items: list[Item], operation: LastOperation) -> None:
    """Take the new items, if taxes and payments allow it."""
    total = sum(item.cost_kopecks for item in items)
    if total > WIDEST_SUM:
        raise Refusal(E.RECEIPT_OVERFLOW)
    check_told(receipt, total)
    payments.check_non_cash(kkt, receipt, total)
    receipt.before_discount = (receipt.last, receipt.items)
    receipt.replace_items(items)
    receipt.last = operation


@handles(CancelDiscount, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True, prints=Prints.OF_RECEIPT)
def cancel_discount(kkt: Kkt, request: CancelDiscount, at: float) -> bytes:
    """«Отмена последней скидки (надбавки)»: only as long as nothing else was done to the receipt, else B2h."""
    receipt = open_receipt(kkt)
    if receipt.before_discount is None:
        raise Refusal(E.DISCOUNT_NOT_CANCELLABLE)
    total = receipt.sum_kopecks
    last, items = receipt.before_discount
    receipt.replace_items(items.copy())
    receipt.last = last
    receipt.before_discount = None
    receipt.discount_kopecks = 0
    kkt.volatile.change_kopecks = change(receipt)
    kkt.paper.line("ОТМЕНА")
    print_discount(kkt, total - receipt.sum_kopecks)
    return b""
