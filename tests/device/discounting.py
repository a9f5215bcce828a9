"""What tests of discounts share: the commands, and what they leave in the receipt and in the document."""

from protocol.atol.commands.discounts import AddDiscount, CancelDiscount, DiscountArea
from protocol.atol.commands.receipt import CloseReceipt
from protocol.ffd.tags import T

from .desk import Desk

ITEM = DiscountArea.LAST_ITEM
PERCENT, SUM = 0, 1
DISCOUNT, SURCHARGE = 0, 1
CLOSE = CloseReceipt()
CANCEL = CancelDiscount()


def on_item(size: int, kind: int = SUM, sign: int = DISCOUNT) -> AddDiscount:
    return AddDiscount(area=ITEM, type=kind, sign=sign, size=size)


def on_receipt(size: int, sign: int = DISCOUNT) -> AddDiscount:
    return AddDiscount(size=size, sign=sign)


def total(desk: Desk) -> object:
    return desk.register(0x14)["sum_kopecks"]


def costs(desk: Desk) -> list[int]:
    return [item.number(T.ITEM_SUM) for item in desk.told().structures(T.ITEM)]
