"""Receipts as data, and the calls of the driver that make one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from .fptr import Driver, Value

CASHIER: Final[Mapping[int, Value]] = MappingProxyType({1021: "Кассир Иванов И.", 1203: "123456789047"})
VAT_PERCENT: Final[Mapping[str, int]] = MappingProxyType({"TAX_VAT20": 20, "TAX_VAT10": 10, "TAX_NO": 0})


@dataclass(frozen=True, slots=True)
class Item:
    """«Предмет расчёта»: price in kopecks, quantity in thousandths, tax by its constant, requisites by tag."""

    name: str
    price_kopecks: int
    quantity_milli: int = 1000
    tax: str = "TAX_NO"
    department: int = 0
    requisites: Mapping[int, Value] = field(default_factory=dict)

    @property
    def total_kopecks(self) -> int:
        """Price by quantity, half a kopeck up."""
        return (self.price_kopecks * self.quantity_milli + 500) // 1000

    @property
    def tax_kopecks(self) -> int:
        """VAT inside the total: 20/120 or 10/110, half a kopeck up."""
        percent = VAT_PERCENT[self.tax]
        return (2 * self.total_kopecks * percent + 100 + percent) // (2 * (100 + percent))


@dataclass(frozen=True, slots=True)
class Receipt:
    """«Чек»: its type by constant, items, what the buyer gave, requisites of the whole receipt by tag."""

    items: tuple[Item, ...]
    given_cash_kopecks: int = 0
    electronic_kopecks: int = 0
    type: str = "RT_SELL"
    requisites: Mapping[int, Value] = field(default_factory=dict)

    @property
    def total_kopecks(self) -> int:
        """Sum of the items."""
        return sum(item.total_kopecks for item in self.items)

    @property
    def cash_kopecks(self) -> int:
        """Cash that stays in the drawer, the change taken off."""
        return self.total_kopecks - self.electronic_kopecks

    @property
    def change_kopecks(self) -> int:
        """What the buyer gets back."""
        return self.given_cash_kopecks - self.cash_kopecks

    def tax_kopecks(self, tax: str) -> int:
        """Tax of one rate over the items."""
        return sum(item.tax_kopecks for item in self.items if item.tax == tax)


def begin(driver: Driver, receipt: Receipt) -> None:
    """Log the cashier in, open the receipt and add its items."""
    driver.call("operator_login", CASHIER)
    driver.call("open_receipt", receipt.requisites, RECEIPT_TYPE=getattr(driver.names, receipt.type))
    for item in receipt.items:
        driver.call(
            "registration",
            item.requisites,
            COMMODITY_NAME=item.name,
            PRICE=item.price_kopecks / 100,
            QUANTITY=item.quantity_milli / 1000,
            TAX_TYPE=getattr(driver.names, item.tax),
            DEPARTMENT=item.department,
        )


def pay(driver: Driver, receipt: Receipt) -> tuple[int, int]:
    """Make the payments, cash last; return remainder and change after the last one, kopecks."""
    names = driver.names
    payments = ((names.PT_ELECTRONICALLY, receipt.electronic_kopecks), (names.PT_CASH, receipt.given_cash_kopecks))
    left = receipt.total_kopecks, 0
    for payment_type, kopecks in payments:
        if kopecks:
            driver.call("payment", PAYMENT_TYPE=payment_type, PAYMENT_SUM=kopecks / 100)
            left = driver.kopecks("REMAINDER"), driver.kopecks("CHANGE")
    return left
