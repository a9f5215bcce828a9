"""What the reports by section, cashier, hour and goods are made of: counted from closed receipts, until the Z report.

Sums in kopecks, quantities in thousandths.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)


class Amount(NamedTuple):
    """How often, how much of it, and for how much together. ``times``: items or receipts."""

    times: int = 0
    kopecks: int = 0
    milli: int = 0

    def with_more(self, other: "Amount") -> "Amount":
        """Both together."""
        return Amount(self.times + other.times, self.kopecks + other.kopecks, self.milli + other.milli)


class Goods(NamedTuple):
    """What is counted apart: an item of this name in receipts of this type, of a section and a tax system."""

    type: int
    tax_system: int
    section: int
    name: str


@dataclass(slots=True)
class ReportCounters:
    """«Счётчики отчётов» of the open shift."""

    goods: dict[Goods, Amount] = field(default_factory=dict)
    cashiers: dict[tuple[int, int], Amount] = field(default_factory=dict)
    """(Row of table 3, receipt type) to receipts."""
    hours: dict[tuple[int, int], Amount] = field(default_factory=dict)
    """(Hour of the till's clock, receipt type) to receipts."""
    buffered: tuple[tuple[str, ...], ...] = ()
    """«Буфер отчётов»: lines of the reports that were to be kept instead of printed. It outlives the shift."""

    def copy(self) -> "ReportCounters":
        """Independent counters."""
        return replace(self, goods=self.goods.copy(), cashiers=self.cashiers.copy(), hours=self.hours.copy())

    def reset(self) -> None:
        """The shift is closed."""
        for counter in (self.goods, self.cashiers, self.hours):
            counter.clear()


def increase(counter: dict[K, Amount], key: K, amount: Amount) -> None:
    """Add ``amount`` to what is counted under ``key``."""
    held = counter.get(key)
    counter[key] = amount if held is None else held.with_more(amount)
