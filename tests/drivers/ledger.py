"""What the till must have counted: our own book beside its registers.

A figure is one number the driver reads out of the till. The ledger reads all figures when the shift has been
opened, adds what the checks sell, return, pay in and pay out, and then asks the till again. Money is kopecks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from .expect import CheckError, equal
from .fptr import Driver, Value
from .receipts import VAT_BASES, Receipt

RECEIPT_TYPES: Final = ("RT_SELL", "RT_SELL_RETURN", "RT_BUY", "RT_BUY_RETURN")
PAYMENT_FORMS: Final = (
    *("PT_CASH", "PT_ELECTRONICALLY", "PT_PREPAID", "PT_CREDIT", "PT_OTHER", "PT_6", "PT_7", "PT_8", "PT_9", "PT_10"),
)
REVENUE_GROWS: Final = frozenset({"RT_SELL", "RT_BUY_RETURN", "RT_SELL_CORRECTION"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the till: the data type of ``query_data``, its parameters by constant names, where it comes out.

    `is_of_shift` tells figures that start at zero with the shift from those that outlive it.
    """

    data_type: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    result: str = "SUM"
    is_of_shift: bool = True

    def read(self, driver: Driver) -> int:
        """Ask the till; sums come in kopecks, counts as they are."""
        constants: dict[str, Value] = {name: getattr(driver.names, value) for name, value in self.parameters.items()}
        driver.call("query_data", DATA_TYPE=getattr(driver.names, self.data_type), **constants)
        return driver.kopecks(self.result) if self.result == "SUM" else driver.integer(self.result)


def _figures() -> dict[str, Figure]:
    figures = {
        "cash": Figure("DT_CASH_SUM", is_of_shift=False),
        "cash-in sum": Figure("DT_CASHIN_SUM"),
        "cash-in count": Figure("DT_CASHIN_COUNT", result="DOCUMENTS_COUNT"),
        "cash-out sum": Figure("DT_CASHOUT_SUM"),
        "cash-out count": Figure("DT_CASHOUT_COUNT", result="DOCUMENTS_COUNT"),
        "revenue": Figure("DT_REVENUE"),
    }
    for receipt_type in RECEIPT_TYPES:
        of_type = {"RECEIPT_TYPE": receipt_type}
        figures |= {
            f"{receipt_type} receipts": Figure("DT_RECEIPT_COUNT", of_type, result="DOCUMENTS_COUNT"),
            f"{receipt_type} cancelled": Figure("DT_CANCELLATION_COUNT", of_type, result="DOCUMENTS_COUNT"),
            f"{receipt_type} registered": Figure("DT_REGISTRATIONS_SUM", of_type),
            f"{receipt_type} total": Figure("DT_SHIFT_TOTALS", of_type),
            f"{receipt_type} for ever": Figure("DT_NON_NULLABLE_SUM", of_type, is_of_shift=False),
        }
        for payment in PAYMENT_FORMS:
            paid = of_type | {"PAYMENT_TYPE": payment}
            figures[f"{receipt_type} {payment}"] = Figure("DT_PAYMENT_SUM", paid)
            figures[f"{receipt_type} {payment} for ever"] = Figure(
                "DT_NON_NULLABLE_SUM_BY_PAYMENTS", paid, is_of_shift=False
            )
        for tax in VAT_BASES:
            figures[f"{receipt_type} {tax}"] = Figure("DT_SHIFT_TAX_SUM", of_type | {"TAX_TYPE": tax})
    return figures


FIGURES: Final[Mapping[str, Figure]] = MappingProxyType(_figures())


@dataclass(slots=True)
class Ledger:
    """Expected figures, the number of the last fiscal document, and of the receipts of the shift."""

    figures: Counter[str] = field(default_factory=Counter)
    last_document: int = 0
    receipts: int = 0
    last_receipt: Receipt | None = None

    @property
    def sold(self) -> Receipt:
        """The receipt that was closed last; raises CheckError when none was."""
        if self.last_receipt is None:
            raise CheckError("no receipt has been closed before")
        return self.last_receipt

    def open_shift(self, driver: Driver) -> None:
        """Start from what the till holds; a new shift has sold nothing."""
        for name, figure in FIGURES.items():
            self.figures[name] = figure.read(driver)
            if figure.is_of_shift:
                equal(f"{name} in a new shift", self.figures[name], 0)
        self.receipts = 0

    def book(self, receipt: Receipt) -> None:
        """Add a closed receipt."""
        sign = 1 if receipt.type in REVENUE_GROWS else -1
        kind = receipt.type
        self.figures[f"{kind} receipts"] += 1
        self.figures[f"{kind} registered"] += receipt.total_kopecks
        self.figures[f"{kind} total"] += receipt.total_kopecks
        self.figures[f"{kind} for ever"] += receipt.total_kopecks
        paid = {"PT_ELECTRONICALLY": receipt.electronic_kopecks, **receipt.other_payments}
        for form, kopecks in (paid | {"PT_CASH": receipt.cash_kopecks}).items():
            self.figures[f"{kind} {form}"] += kopecks
            self.figures[f"{kind} {form} for ever"] += kopecks
        for tax in VAT_BASES:
            self.figures[f"{kind} {tax}"] += receipt.tax_kopecks(tax)
        self.figures["cash"] += receipt.drawer_kopecks
        self.figures["revenue"] += sign * receipt.total_kopecks
        self.last_document += 1
        self.receipts += 1
        self.last_receipt = receipt

    def book_cancelled(self, receipt_type: str) -> None:
        """Add a receipt that was begun and given up."""
        self.figures[f"{receipt_type} cancelled"] += 1

    def book_cash(self, kind: str, kopecks: int) -> None:
        """Add a payment into the drawer ("cash-in") or out of it ("cash-out")."""
        self.figures[f"{kind} sum"] += kopecks
        self.figures[f"{kind} count"] += 1
        self.figures["cash"] += kopecks if kind == "cash-in" else -kopecks

    def compare(self, driver: Driver) -> None:
        """Ask the till for every figure and compare them all at once."""
        self._compare(driver, FIGURES)

    def compare_lasting(self, driver: Driver) -> None:
        """Ask for the figures that only grow; cash may have been taken out by the Z, as the till is set."""
        self._compare(driver, {name: figure for name, figure in FIGURES.items() if name.endswith("for ever")})

    def _compare(self, driver: Driver, figures: Mapping[str, Figure]) -> None:
        got = {name: figure.read(driver) for name, figure in figures.items()}
        wrong = {name: (value, self.figures[name]) for name, value in got.items() if value != self.figures[name]}
        equal("figures that differ, as (of the till, of the ledger)", wrong, {})
