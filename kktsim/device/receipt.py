"""The receipt that is open: its items, payments and discounts.

Money in kopecks, quantities in thousandths, world times in seconds of civil time since 1970-01-01 00:00.
"""

from dataclasses import dataclass, field
from enum import IntEnum

from protocol.atol.commands.flags import ReceiptType


@dataclass(slots=True)
class Item:
    """«Предмет расчёта» in the open receipt. Requisites: tag to value bytes, as E8h brought them."""

    name: str
    price_kopecks: int
    """Of one unit, as the program told it: without discounts."""
    quantity_milli: int
    cost_kopecks: int
    """«Стоимость» with discounts and surcharges."""
    tax: int
    tax_sum_kopecks: int
    section: int
    subject: int = 0
    """«Признак предмета расчёта», tag 1212; 0: not told."""
    method: int = 0
    """«Признак способа расчёта», tag 1214; 0: not told."""
    requisites: dict[int, bytes] = field(default_factory=dict)
    discount_kopecks: int = 0
    """«Скидка» on this item alone; negative: «надбавка»."""
    discount_refusal: int = 0
    """Extended code that a discount on it is refused with; 0: it may have one."""
    tlv: bytes = b""
    """Tag 1059 as the FN gets it."""


class LastOperation(IntEnum):
    """What was done last to the items of a receipt: decides which discount may follow."""

    NOTHING = 0
    ITEM = 1
    VOID = 2
    ITEM_DISCOUNT = 3
    RECEIPT_DISCOUNT = 4


@dataclass(slots=True)
class Receipt:
    """«Чек» that is open: made by 92h, gone by 4Ah or 59h. Items never change once added, so copies share them."""

    type: ReceiptType
    begun_world: float
    """World time when the FN was told of it."""
    prints: bool = True
    checks_cash: bool = True
    items: list[Item] = field(default_factory=list)
    payments: dict[int, int] = field(default_factory=dict)
    """Payment form to kopecks."""
    sum_kopecks: int = 0
    """«Итог чека»: what the items cost together."""
    bytes_used: int = 0
    """What the items take in the document."""
    discount_kopecks: int = 0
    """«Скидка на чек», which the items have been given their parts of; negative: «надбавка»."""
    told_taxes: dict[int, int] = field(default_factory=dict)
    """Row of table 13 to kopecks: what B8h told instead of what the till reckons."""
    last: LastOperation = LastOperation.NOTHING
    before_discount: tuple[LastOperation, list[Item]] | None = None
    """The operation and the items before the last discount, for 78h; None: there is nothing to cancel."""
    told: dict[int, bool] = field(default_factory=dict)
    """Requisites that E8h has brought since 92h: tag to whether it is printed already."""

    @property
    def paid_kopecks(self) -> int:
        """What has been tendered so far."""
        return sum(self.payments.values())

    def add(self, item: Item) -> None:
        """One more item."""
        self.items.append(item)
        self.sum_kopecks += item.cost_kopecks
        self.bytes_used += len(item.tlv)

    def replace_items(self, items: list[Item]) -> None:
        """Other items instead of these."""
        self.items = items
        self.sum_kopecks = sum(item.cost_kopecks for item in items)
        self.bytes_used = sum(len(item.tlv) for item in items)

    def copy(self) -> "Receipt":
        """An independent receipt."""
        return Receipt(
            type=self.type,
            begun_world=self.begun_world,
            prints=self.prints,
            checks_cash=self.checks_cash,
            items=self.items.copy(),
            payments=self.payments.copy(),
            sum_kopecks=self.sum_kopecks,
            bytes_used=self.bytes_used,
            discount_kopecks=self.discount_kopecks,
            told_taxes=self.told_taxes.copy(),
            last=self.last,
            before_discount=self.before_discount,
            told=self.told.copy(),
        )
