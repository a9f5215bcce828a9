"""Money by a book of its own: what a till must show after the commands that it has accepted.

Nothing is shared with the till: every sum is counted anew from the requests, in decimal arithmetic. Sums in kopecks.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from protocol.atol.command import Command
from protocol.atol.commands.flags import CommandFlags, ReceiptType
from protocol.atol.commands.items import AddItem, EndItem, SellItem
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CashOut, CloseReceipt, OpenReceipt
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.shift import CloseShift
from protocol.atol.commands.tables import WriteTable

CASH = 1
"""Payment form."""
FORMS = range(1, 11)
"""Payment forms."""
TYPES = (ReceiptType.SELL, ReceiptType.SELL_RETURN, ReceiptType.BUY, ReceiptType.BUY_RETURN)
BRINGS_CASH = frozenset({ReceiptType.SELL, ReceiptType.BUY_RETURN})
DEFAULT_TAX = 1
"""Tax number of every section by default (table 7, field 2)."""
RATES = {1: 20, 2: 10, 3: 20, 4: 10}
"""Percent by tax number; the others are no tax."""
CASH_AT_Z = (2, 1, 18)
"""Table, row and field of the setting whose bit 2 empties the drawer's counter at the Z report."""
_EMPTIES_DRAWER = 0x04


DRAWER_WRAPS_AT = 10**14
"""Seven BCD bytes: a drawer that was emptied below zero (cash control off) is told so."""


class LedgerError(AssertionError):
    """The till accepted what the money does not allow."""


def rounded(exact: Decimal) -> int:
    """Whole kopecks, halves up."""
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a receipt."""

    cost: int
    tax: int
    tax_sum: int


@dataclass(slots=True)
class Receipt:
    """A receipt from 92h on. ``payments``: (form, sum) in their order."""

    type: ReceiptType
    lines: list[Line] = field(default_factory=list)
    payments: list[tuple[int, int]] = field(default_factory=list)
    checks_cash: bool = True

    @property
    def total(self) -> int:
        """«Итог чека»."""
        return sum(line.cost for line in self.lines)

    @property
    def rest(self) -> int:
        """What remains to be paid."""
        return max(0, self.total - sum(paid for _, paid in self.payments))

    @property
    def change(self) -> int:
        """«Сдача»."""
        return max(0, sum(paid for _, paid in self.payments) - self.total)

    def kept(self, form: int) -> int:
        """What was paid in ``form`` and not given back."""
        paid = sum(sum_ for one, sum_ in self.payments if one == form)
        return paid - self.change if form == CASH else paid

    def vat(self) -> Counter[int]:
        """Tax sums by tax number; of 0 % and no VAT the settled sums, as the document tells them."""
        sums: Counter[int] = Counter()
        for line in self.lines:
            sums[line.tax] += line.tax_sum if line.tax in RATES else line.cost
        return sums


@dataclass(slots=True)
class Shift:
    """What a Z report resets. Keys: receipt type, with payment form or tax number."""

    registered: Counter[int] = field(default_factory=Counter)
    items: Counter[int] = field(default_factory=Counter)
    receipts: Counter[int] = field(default_factory=Counter)
    cancelled: Counter[int] = field(default_factory=Counter)
    paid: Counter[tuple[int, int]] = field(default_factory=Counter)
    taxes: Counter[tuple[int, int]] = field(default_factory=Counter)
    cash_in: list[int] = field(default_factory=list)
    cash_out: list[int] = field(default_factory=list)


class Ledger:
    """«Книга кассира». ``last``: the last closed receipt; ``receipt``: the open one."""

    def __init__(self) -> None:
        self.cash = 0
        self.shift = Shift()
        self.since_registration: Counter[int] = Counter()
        self.receipt: Receipt | None = None
        self.last: Receipt | None = None
        self.empties_drawer = False

    def accept(self, request: Command) -> None:
        """Enter an accepted command; raises `LedgerError` when it should have been refused."""
        entry = _ENTRIES.get(type(request))
        if entry is not None:
            entry(self, request)

    def end_shift(self) -> None:
        """A new page."""
        self.shift = Shift()
        if self.empties_drawer:
            self.cash = 0

    def change_fn(self) -> None:
        """The first registration of an FN ends whatever shift the last one had; the drawer stays as it is."""
        self.shift = Shift()

    def drop_receipt(self) -> None:
        """The till lost its power: an open receipt is annulled without being counted."""
        self.receipt = None

    def registers(self) -> Iterator[tuple[ReadRegister, dict[str, int]]]:
        """What registers must tell, each with the values that are checked."""
        shift = self.shift
        for kind in map(int, TYPES):
            yield ReadRegister(register=0x01, first=kind), {"sum_kopecks": shift.registered[kind]}
            yield ReadRegister(register=0x06, first=kind), {"count": shift.items[kind]}
            yield ReadRegister(register=0x28, first=kind), {"sum_kopecks": self.since_registration[kind]}
            counts = {"closed_receipts": shift.receipts[kind], "cancelled_receipts": shift.cancelled[kind]}
            yield ReadRegister(register=0x41, first=kind), counts
        for kind, form in sorted({*shift.paid, *((int(one), CASH) for one in TYPES)}):
            yield ReadRegister(register=0x03, first=kind, second=form), {"sum_kopecks": shift.paid[kind, form]}
        for kind, tax in sorted(shift.taxes):
            yield ReadRegister(register=0x3C, first=kind, second=tax), {"sum_kopecks": shift.taxes[kind, tax]}
        yield ReadRegister(register=0x04), {"sum_kopecks": sum(shift.cash_in)}
        yield ReadRegister(register=0x05), {"sum_kopecks": sum(shift.cash_out)}
        yield ReadRegister(register=0x08), {"count": len(shift.cash_in)}
        yield ReadRegister(register=0x09), {"count": len(shift.cash_out)}
        yield ReadRegister(register=0x0A), {"sum_kopecks": self.cash % DRAWER_WRAPS_AT}
        yield ReadRegister(register=0x35), {"receipts": sum(shift.receipts.values())}
        yield from self.registers_of_receipt()
        if self.last is not None:
            values = {"receipt_type": int(self.last.type), "sum_kopecks": self.last.total}
            yield ReadRegister(register=0x33), values

    def registers_of_receipt(self) -> Iterator[tuple[ReadRegister, dict[str, int]]]:
        """The register of the open receipt."""
        receipt = self.receipt
        if receipt is not None:
            values = {"remainder_kopecks": receipt.rest, "change_kopecks": receipt.change}
            yield ReadRegister(register=0x14), {"sum_kopecks": receipt.total, **values}

    # ---- entries

    def _open(self, request: OpenReceipt) -> None:
        self.receipt = Receipt(request.type)

    def _sell(self, request: SellItem) -> None:
        cost = rounded(Decimal(request.price_kopecks) * request.quantity_milli / 1000)
        self._add(cost, DEFAULT_TAX, 0, request.flags)

    def _add_item(self, request: AddItem) -> None:
        full = rounded(Decimal(request.price_kopecks) * request.quantity_milli / 1000)
        change = request.discount_size
        if request.discount_type == 0:
            change = rounded(Decimal(full) * request.discount_size / 10_000)
        cost = full + change if request.discount_sign else full - change
        self._add(cost, request.tax or DEFAULT_TAX, 0, request.flags)

    def _end_item(self, request: EndItem) -> None:
        full = rounded(Decimal(request.price_kopecks) * request.quantity_milli / 1000)
        self._add(request.cost_kopecks or full, request.tax or DEFAULT_TAX, request.tax_sum_kopecks, request.flags)

    def _add(self, cost: int, tax: int, tax_sum: int, flags: CommandFlags) -> None:
        receipt = self._open_receipt()
        if receipt.payments:
            raise LedgerError("an item was added to a receipt that is being paid")
        rate = RATES.get(tax, 0)
        receipt.lines.append(Line(cost, tax, tax_sum or rounded(Decimal(cost) * rate / (100 + rate))))
        receipt.checks_cash &= CommandFlags.NO_CASH_CONTROL not in flags

    def _pay(self, request: AddPayment | CloseReceipt, tendered: int) -> Receipt:
        receipt = self._open_receipt()
        if request.payment_form != CASH and tendered > receipt.rest:
            raise LedgerError(f"{tendered} kopecks of form {request.payment_form} were taken, {receipt.rest} were due")
        receipt.payments.append((request.payment_form, tendered))
        return receipt

    def _add_payment(self, request: AddPayment) -> None:
        self._pay(request, request.sum_kopecks)

    def _close(self, request: CloseReceipt) -> None:
        receipt = self._open_receipt()
        if (tendered := request.sum_kopecks or receipt.rest) > 0:
            receipt = self._pay(request, tendered)
        if receipt.rest:
            raise LedgerError(f"a receipt was closed with {receipt.rest} kopecks to pay")
        kind, shift, cash = receipt.type, self.shift, receipt.kept(CASH)
        checks_cash = receipt.checks_cash and CommandFlags.NO_CASH_CONTROL not in request.flags
        if kind not in BRINGS_CASH and checks_cash and cash > self.cash:
            raise LedgerError(f"{cash} kopecks were paid out of {self.cash}")
        self.cash += cash if kind in BRINGS_CASH else -cash
        shift.registered[kind] += receipt.total
        shift.items[kind] += len(receipt.lines)
        shift.receipts[kind] += 1
        self.since_registration[kind] += receipt.total
        for form in {form for form, _ in receipt.payments}:
            shift.paid[kind, form] += receipt.kept(form)
        for line in receipt.lines:
            shift.taxes[kind, line.tax] += line.tax_sum
        self.last, self.receipt = receipt, None

    def _cancel(self, request: CancelReceipt) -> None:
        self.shift.cancelled[self._open_receipt().type] += 1
        self.receipt = None

    def _cash_in(self, request: CashIn) -> None:
        self.cash += request.sum_kopecks
        self.shift.cash_in.append(request.sum_kopecks)

    def _cash_out(self, request: CashOut) -> None:
        if request.sum_kopecks > self.cash and CommandFlags.NO_CASH_CONTROL not in request.flags:
            raise LedgerError(f"{request.sum_kopecks} kopecks were paid out of {self.cash}")
        self.cash -= request.sum_kopecks
        self.shift.cash_out.append(request.sum_kopecks)

    def _close_shift(self, request: CloseShift) -> None:
        self.end_shift()

    def _write_table(self, request: WriteTable) -> None:
        if (request.table, request.row, request.field) == CASH_AT_Z:
            self.empties_drawer = bool(request.value[0] & _EMPTIES_DRAWER)

    def _open_receipt(self) -> Receipt:
        if self.receipt is None:
            raise LedgerError("the till works on a receipt that is not open")
        return self.receipt


_ENTRIES: dict[type[Command], Callable[..., None]] = {
    OpenReceipt: Ledger._open,
    SellItem: Ledger._sell,
    AddItem: Ledger._add_item,
    EndItem: Ledger._end_item,
    AddPayment: Ledger._add_payment,
    CloseReceipt: Ledger._close,
    CancelReceipt: Ledger._cancel,
    CashIn: Ledger._cash_in,
    CashOut: Ledger._cash_out,
    CloseShift: Ledger._close_shift,
    WriteTable: Ledger._write_table,
}
"""How a command is entered; the others move no money."""
MOVES_MONEY = frozenset(_ENTRIES)
"""Commands that are entered."""
