"""One receipt in the book of `ledger`: its lines, discounts, taxes and payments, in decimal arithmetic and fractions.

Raises `LedgerError` on what a till should have refused. Sums in kopecks, quantities in thousandths.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

from protocol.atol.commands.flags import ReceiptType

CASH = 1
"""Payment form."""


class LedgerError(AssertionError):
    """The till accepted what the money does not allow."""


def rounded(exact: Decimal) -> int:
    """Whole kopecks, halves up."""
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def cost_of(price: int, quantity: int) -> int:
    """Price by quantity."""
    return rounded(Decimal(price) * quantity / 1000)


def percent_of(sum_: int, hundredths: int) -> int:
    """So many hundredths of a percent."""
    return rounded(Decimal(sum_) * hundredths / 10_000)


@dataclass(slots=True)
class Rules:
    """Settings that money depends on."""

    rates: dict[int, Decimal] = field(
        default_factory=lambda: {1: Decimal(20), 2: Decimal(10), 3: Decimal(20), 4: Decimal(10)}
    )
    """Percent by tax number; the others are no tax."""
    tax_is_of_total: bool = False
    """A tax of the receipt is reckoned of what its items cost together."""
    discounts: dict[int, int] = field(default_factory=lambda: {1: 3, 2: 3})
    """Row of table 4 (discounts, surcharges) to what they are allowed on."""

    def tax_of(self, tax: int, cost: int) -> int:
        """Tax inside a cost."""
        rate = self.rates.get(tax, Decimal(0))
        return rounded(cost * rate / (100 + rate))


@dataclass(frozen=True, slots=True)
class Line:
    """One item. ``discount``: negative when it is a surcharge; ``is_fixed``: it may have no other."""

    price: int
    quantity: int
    cost: int
    tax: int
    tax_sum: int = 0
    discount: int = 0
    is_fixed: bool = False

    @property
    def unit_price(self) -> int:
        """What a document tells as the price of one: to the nearest kopeck, when the price asked does not do."""
        if cost_of(self.price, self.quantity) == self.cost:
            return self.price
        return rounded(Decimal(self.cost) * 1000 / self.quantity)


@dataclass(slots=True)
class Receipt:
    """A receipt from 92h on. ``payments``: form to sum."""

    type: ReceiptType
    rules: Rules
    lines: list[Line] = field(default_factory=list)
    payments: dict[int, int] = field(default_factory=dict)
    checks_cash: bool = True
    discount: int = 0
    """On the whole; negative when it is a surcharge."""
    told_taxes: Counter[int] = field(default_factory=Counter)
    is_discounted: bool = False
    """The whole has had its discount, if only of nothing."""
    last_is_item: bool = False
    """The last operation added the last line, or gave it its discount."""
    undo: tuple[list[Line], bool] | None = None
    """The lines before a discount that may be cancelled, and what `last_is_item` was."""

    @property
    def total(self) -> int:
        """«Итог чека»."""
        return sum(line.cost for line in self.lines)

    @property
    def rest(self) -> int:
        """What remains to be paid."""
        return max(0, self.total - sum(self.payments.values()))

    @property
    def change(self) -> int:
        """«Сдача»."""
        return max(0, sum(self.payments.values()) - self.total)

    def kept(self, form: int) -> int:
        """What was paid in ``form`` and not given back."""
        paid = self.payments.get(form, 0)
        return paid - self.change if form == CASH else paid

    def vat(self) -> Counter[int]:
        """Tax sums by tax number; of 0 % and no VAT the settled sums, as the document tells them."""
        sums: Counter[int] = Counter()
        costs: Counter[int] = Counter()
        for line in self.lines:
            sums[line.tax] += line.tax_sum if line.tax in self.rules.rates else line.cost
            costs[line.tax] += line.cost
        if self.rules.tax_is_of_total:
            for tax in costs.keys() & self.rules.rates.keys():
                sums[tax] = self.rules.tax_of(tax, costs[tax])
        sums.update({tax: told - sums[tax] for tax, told in self.told_taxes.items()})
        return sums

    def add(self, line: Line, tax_sum: int = 0) -> None:
        """One more item. ``tax_sum``: told by the program; 0: not told."""
        self._takes_items()
        self.lines.append(replace(line, tax_sum=tax_sum or self.rules.tax_of(line.tax, line.cost)))
        self.last_is_item, self.undo = True, None

    def void(self, price: int, quantity: int) -> None:
        """Some of the last line of that price that is enough."""
        self._takes_items()
        fitting = [line for line in self.lines if line.price == price and line.quantity >= quantity]
        if not fitting or not quantity:
            raise LedgerError(f"{quantity} thousandths at {price} were taken out of {self.lines}")
        line = fitting[-1]
        index = max(index for index, one in enumerate(self.lines) if one is line)
        left = Fraction(line.quantity - quantity, line.quantity)
        rest = self._recosted(line, rounded_fraction(line.cost * left))
        rest = replace(rest, quantity=line.quantity - quantity, discount=floor(line.discount * left))
        self.lines[index : index + 1] = [rest] if left else []
        self.last_is_item, self.undo = False, None
        self._taxes_fit()

    def discount_item(self, discount: int) -> None:
        """43h on the last item."""
        line = self.lines[-1] if self.lines else None
        if line is None or not self.last_is_item or line.discount or line.is_fixed or self.payments:
            raise LedgerError(f"43h was done on {line} in a receipt paid with {self.payments}")
        other = replace(self._recosted(line, line.cost - discount), discount=discount)
        self._discounted([*self.lines[:-1], other])

    def discount_all(self, discount: int) -> None:
        """43h on the receipt: by largest remainder, the first of equal ones first."""
        if not self.lines:
            raise LedgerError("43h was done on nothing")
        total, size = self.total, abs(discount)
        exact = [Fraction(size * line.cost, total) if total else Fraction(0) for line in self.lines]
        parts = [floor(one) for one in exact]
        for index in sorted(range(len(exact)), key=lambda one: parts[one] - exact[one])[: size - sum(parts)]:
            parts[index] += 1
        sign = -1 if discount < 0 else 1
        lines = [
            self._recosted(line, line.cost - sign * part) if part else line
            for line, part in zip(self.lines, parts, strict=True)
        ]
        self._discounted(lines)
        self.discount, self.is_discounted = discount, True

    def cancel_discount(self) -> None:
        """78h."""
        if self.undo is None:
            raise LedgerError("78h was done with nothing to cancel")
        self.lines, self.last_is_item = self.undo
        self.undo, self.discount, self.is_discounted = None, 0, False

    def tell_tax(self, tax: int, sum_: int) -> None:
        """B8h, and with a negative sum B9h."""
        self.told_taxes[tax] += sum_
        if self.told_taxes[tax] < 0:
            raise LedgerError(f"{-sum_} of tax {tax} were taken back, less was told")
        if not self.told_taxes[tax]:
            del self.told_taxes[tax]
        if sum_ > 0:
            self._taxes_fit()
        self.undo = None

    def pay(self, form: int, tendered: int) -> None:
        """99h, and the payment in 4Ah."""
        if form != CASH and tendered > self.rest:
            raise LedgerError(f"{tendered} kopecks of form {form} were taken, {self.rest} were due")
        self.payments[form] = self.payments.get(form, 0) + tendered
        self.undo = None

    def take_back(self, form: int, sum_: int) -> None:
        """9Bh."""
        left = self.payments.pop(form, 0) - sum_
        if left < 0:
            raise LedgerError(f"{sum_} kopecks of form {form} were taken back, less was paid")
        if left:
            self.payments[form] = left
        self.undo = None

    def _takes_items(self) -> None:
        if self.payments:
            raise LedgerError("items were changed in a receipt that is being paid")
        if self.is_discounted:
            raise LedgerError("items were changed in a receipt that has its discount")

    def _discounted(self, lines: list[Line]) -> None:
        if self.is_discounted or any(line.cost < 0 for line in lines):
            raise LedgerError(f"43h made {lines} of {self.lines}")
        self.undo = (self.lines, self.last_is_item)
        self.lines = lines
        self._taxes_fit()
        if sum(paid for form, paid in self.payments.items() if form != CASH) > self.total:
            raise LedgerError("43h left less than was paid by card")

    def _recosted(self, line: Line, cost: int) -> Line:
        """At another cost: a tax that the till would have reckoned is reckoned anew, another shrinks with the cost."""
        tax_sum = self.rules.tax_of(line.tax, cost)
        if line.cost and line.tax_sum != self.rules.tax_of(line.tax, line.cost):
            tax_sum = rounded_fraction(Fraction(line.tax_sum * cost, line.cost))
        return replace(line, cost=cost, tax_sum=tax_sum)

    def _taxes_fit(self) -> None:
        if any(told > self.total for told in self.told_taxes.values()):
            raise LedgerError(f"taxes {self.told_taxes} were told of {self.total}")


def rounded_fraction(exact: Fraction) -> int:
    """Whole kopecks, halves up."""
    return floor(exact + Fraction(1, 2))
