"""Chapter «Позиции чека», the commands of tills older than the FN: 52 57 41 4E.

They know price, quantity and at most a section; the name is that of the section, a program prints the real one before
them by 4Ch. 52h and 57h open the receipt themselves where a program relies on it (a named setting).
"""

from kktsim.device import tables
from kktsim.device.dispatch import Need, handles
from kktsim.device.forming import open_receipt
from kktsim.device.items import check, cost_of, print_cost, put, recosted, section_tax
from kktsim.device.kkt import Kkt
from kktsim.device.payments import check_drawer
from kktsim.device.printing import Prints
from kktsim.device.receipt import Item, LastOperation, Receipt
from kktsim.device.receipts import begin
from kktsim.device.refusal import Refusal
from kktsim.device.taxes import check_told, tax_of
from protocol.atol.commands.flags import CommandFlags, ReceiptType
from protocol.atol.commands.items import ReturnItem, SellItem, VoidItem
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E

_RETURNS = frozenset((ReceiptType.SELL_RETURN, ReceiptType.BUY_RETURN))


@handles(
    SellItem,
    mode=Mode.REGISTRATION,
    registered=True,
    within_24_hours=True,
    makes_document=True,
    prints=Prints.OF_RECEIPT,
)
def sell_item(kkt: Kkt, request: SellItem, at: float) -> bytes:
    """«Регистрация»: an item of the receipt's own type; without a receipt, one of a sale that it opens."""
    item = _item(kkt, request.price_kopecks, request.quantity_milli, request.section)
    _add(kkt, item, request.flags, ReceiptType.SELL, at)
    return b""


@handles(
    ReturnItem,
    mode=Mode.REGISTRATION,
    registered=True,
    within_24_hours=True,
    makes_document=True,
    prints=Prints.OF_RECEIPT,
)
def return_item(kkt: Kkt, request: ReturnItem, at: float) -> bytes:
    """«Возврат»: an item of a return; without a receipt, one of «возврат прихода» that it opens.

    89h in a receipt of a sale, 6Ah in one of a purchase. 98h: the drawer holds less than is given back, unless the
    program forgoes the control of cash. Code 73h, too little accumulated, belongs to tills with a fiscal memory: an FN
    takes back sales of any shift.
    """
    receipt = kkt.memory.receipt
    kind = ReceiptType.SELL_RETURN if receipt is None else receipt.type
    if kind not in _RETURNS:
        raise Refusal(E.SELL_RECEIPT_OPEN if kind is ReceiptType.SELL else E.WRONG_RECEIPT_TYPE)
    item = _item(kkt, request.price_kopecks, request.quantity_milli)
    if kind is ReceiptType.SELL_RETURN:
        given_back = item.cost_kopecks + (receipt.sum_kopecks if receipt else 0)
        check_drawer(kkt, -given_back, is_controlled=CommandFlags.NO_CASH_CONTROL not in request.flags)
    _add(kkt, item, request.flags, ReceiptType.SELL_RETURN, at)
    return b""


@handles(VoidItem, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True, prints=Prints.OF_RECEIPT)
def void_item(kkt: Kkt, request: VoidItem, at: float) -> bytes:
    """«Сторно»: of the items of that price, the last one that is enough; a discount on it shrinks in proportion.

    43h: nothing was sold at that price; 41h: less was. DFh: B8h has told more tax than would be left to pay.
    """
    receipt = open_receipt(kkt)
    if kkt.paying:
        raise Refusal(E.WRONG_MODE)
    if receipt.last is LastOperation.RECEIPT_DISCOUNT:
        raise Refusal(E.NOT_AFTER_DISCOUNT)
    if request.quantity_milli == 0:
        raise Refusal(E.BAD_QUANTITY)
    index = _sold(receipt, request)
    item = receipt.items[index]
    left = item.quantity_milli - request.quantity_milli
    cost = (2 * item.cost_kopecks * left + item.quantity_milli) // (2 * item.quantity_milli)
    discount = item.discount_kopecks * left // item.quantity_milli
    rest = [recosted(kkt, item, cost, left, discount)] if left else []
    check_told(receipt, receipt.sum_kopecks - item.cost_kopecks + cost)
    receipt.replace_items([*receipt.items[:index], *rest, *receipt.items[index + 1 :]])
    receipt.last = LastOperation.VOID
    receipt.before_discount = None
    kkt.paper.line(f"СТОРНО {item.name}")
    print_cost(kkt, item.price_kopecks, request.quantity_milli, cost - item.cost_kopecks)
    return b""


def _sold(receipt: Receipt, request: VoidItem) -> int:
    """Index of the item that a void is about."""
    priced = [index for index, item in enumerate(receipt.items) if item.price_kopecks == request.price_kopecks]
    if not priced:
        raise Refusal(E.ITEM_NOT_IN_RECEIPT)
    enough = [index for index in priced if receipt.items[index].quantity_milli >= request.quantity_milli]
    if not enough:
        raise Refusal(E.VOID_EXCEEDS_SOLD)
    return enough[-1]


def _item(kkt: Kkt, price_kopecks: int, quantity_milli: int, section: int = 0) -> Item:
    tax, cost = section_tax(kkt, section), cost_of(price_kopecks, quantity_milli)
    return Item(
        name=tables.text(kkt, 7, section, 1) if 1 <= section <= 16 else "ТОВАР",
        price_kopecks=price_kopecks,
        quantity_milli=quantity_milli,
        cost_kopecks=cost,
        tax=tax,
        tax_sum_kopecks=tax_of(kkt, tax, cost),
        section=section,
    )


def _add(kkt: Kkt, item: Item, flags: CommandFlags, opens: ReceiptType, at: float) -> None:
    receipt = kkt.memory.receipt
    if receipt is None and not kkt.settings.old_item_opens_receipt:
        raise Refusal(E.RECEIPT_CLOSED)
    check(kkt, receipt, item)
    if receipt is None:
        receipt = begin(kkt, opens, at)
    put(kkt, receipt, item, flags)
    print_cost(kkt, item.price_kopecks, item.quantity_milli, item.cost_kopecks)
