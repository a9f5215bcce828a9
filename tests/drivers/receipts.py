"""Receipts as data, and the calls of the driver that make one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from .fptr import Driver, Value

CASHIER: Final[Mapping[int, Value]] = MappingProxyType({1021: "Кассир Иванов И.", 1203: "123456789047"})
VAT_BASES: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"TAX_VAT20": (20, 120), "TAX_VAT10": (10, 110), "TAX_VAT120": (20, 120), "TAX_VAT110": (10, 110)}
)
"""Tax by its constant to the part of the sum that is tax; the others have none."""
CASH_COMES_IN: Final = frozenset({"RT_SELL", "RT_BUY_RETURN", "RT_SELL_CORRECTION"})


@dataclass(frozen=True, slots=True)
class Item:
    """«Предмет расчёта»: price in kopecks, quantity in thousandths, tax by its constant, requisites by tag.

    `paid_kopecks` is the sum of the item when it is not price by quantity; `told_tax_kopecks` a tax that the program
    counted itself; `discount_kopecks` what is told the buyer about a discount and changes no sum.
    """

    name: str
    price_kopecks: int
    quantity_milli: int = 1000
    tax: str = "TAX_NO"
    department: int = 0
    requisites: Mapping[int, Value] = field(default_factory=dict)
    paid_kopecks: int | None = None
    told_tax_kopecks: int | None = None
    discount_kopecks: int = 0

    @property
    def total_kopecks(self) -> int:
        """What the item costs: told, or price by quantity, half a kopeck up."""
        if self.paid_kopecks is not None:
            return self.paid_kopecks
        return (self.price_kopecks * self.quantity_milli + 500) // 1000

    @property
    def tax_kopecks(self) -> int:
        """VAT inside the total, half a kopeck up; the settled sum itself for 0 % and for no VAT is not counted."""
        if self.told_tax_kopecks is not None:
            return self.told_tax_kopecks
        part, whole = VAT_BASES.get(self.tax, (0, 1))
        return (2 * self.total_kopecks * part + whole) // (2 * whole)

    def parameters(self, driver: Driver) -> dict[str, Value]:
        """What ``registration`` wants to know."""
        told: dict[str, Value] = {
            "COMMODITY_NAME": self.name,
            "PRICE": self.price_kopecks / 100,
            "QUANTITY": self.quantity_milli / 1000,
            "TAX_TYPE": getattr(driver.names, self.tax),
            "DEPARTMENT": self.department,
        }
        if self.paid_kopecks is not None:
            told["POSITION_SUM"] = self.paid_kopecks / 100
        if self.told_tax_kopecks is not None:
            told["TAX_SUM"] = self.told_tax_kopecks / 100
        if self.discount_kopecks:
            told["INFO_DISCOUNT_SUM"] = self.discount_kopecks / 100
        return told


@dataclass(frozen=True, slots=True)
class Receipt:
    """«Чек»: its type by constant, items, what the buyer gave, requisites of the whole receipt by tag.

    `other_payments` are the eight forms that are neither cash nor electronic money, by constant, in kopecks.
    `rounding_kopecks` is taken off the total before it is paid.
    """

    items: tuple[Item, ...]
    given_cash_kopecks: int = 0
    electronic_kopecks: int = 0
    type: str = "RT_SELL"
    requisites: Mapping[int, Value] = field(default_factory=dict)
    other_payments: Mapping[str, int] = field(default_factory=dict)
    rounding_kopecks: int = 0

    @property
    def items_kopecks(self) -> int:
        """Sum of the items."""
        return sum(item.total_kopecks for item in self.items)

    @property
    def total_kopecks(self) -> int:
        """What is to be paid."""
        return self.items_kopecks - self.rounding_kopecks

    @property
    def payments(self) -> dict[str, int]:
        """What was given for the receipt by form, cash last and with the change in it."""
        given = {"PT_ELECTRONICALLY": self.electronic_kopecks, **self.other_payments}
        given["PT_CASH"] = self.given_cash_kopecks
        return {form: kopecks for form, kopecks in given.items() if kopecks}

    @property
    def cash_kopecks(self) -> int:
        """Cash that stays in the drawer, the change taken off."""
        return self.total_kopecks - self.electronic_kopecks - sum(self.other_payments.values())

    @property
    def change_kopecks(self) -> int:
        """What the buyer gets back."""
        return self.given_cash_kopecks - self.cash_kopecks

    def group_kopecks(self, form: str) -> int:
        """What was paid in a form that has a sum of its own in the document; forms 6 to 10 are electronic money."""
        if form != "PT_ELECTRONICALLY":
            return self.other_payments.get(form, 0)
        return self.electronic_kopecks + sum(self.other_payments.get(f"PT_{number}", 0) for number in range(6, 11))

    @property
    def drawer_kopecks(self) -> int:
        """By how much the drawer grows."""
        return self.cash_kopecks if self.type in CASH_COMES_IN else -self.cash_kopecks

    def tax_kopecks(self, tax: str) -> int:
        """Tax of one rate over the items."""
        return sum(item.tax_kopecks for item in self.items if item.tax == tax)


def begin(driver: Driver, receipt: Receipt) -> None:
    """Log the cashier in, open the receipt and add its items."""
    driver.call("operator_login", CASHIER)
    driver.call("open_receipt", receipt.requisites, RECEIPT_TYPE=getattr(driver.names, receipt.type))
    for item in receipt.items:
        driver.call("registration", item.requisites, **item.parameters(driver))


def pay(driver: Driver, receipt: Receipt) -> tuple[int, int]:
    """Make the payments, cash last; return remainder and change after the last one, kopecks."""
    left = receipt.total_kopecks, 0
    for form, kopecks in receipt.payments.items():
        driver.call("payment", PAYMENT_TYPE=getattr(driver.names, form), PAYMENT_SUM=kopecks / 100)
        left = driver.kopecks("REMAINDER"), driver.kopecks("CHANGE")
    return left
