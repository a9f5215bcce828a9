"""Money by a book of its own: what a till must show after the commands that it has accepted.

Nothing is shared with the till: every sum is counted anew from the requests, in decimal arithmetic. Sums in kopecks.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from kktsim.testing.ledger_receipt import CASH, LedgerError, Line, Receipt, Rules, cost_of, percent_of
from protocol.atol.command import Command
from protocol.atol.commands.discounts import AddDiscount, CancelDiscount, DiscountArea
from protocol.atol.commands.flags import CommandFlags, ReceiptType
from protocol.atol.commands.items import TAX_IS_PER_UNIT, AddItem, EndItem, ReturnItem, SellItem, VoidItem
from protocol.atol.commands.payment import AddPayment, VoidPayment
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CashOut, CloseReceipt, OpenReceipt
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.shift import CloseShift
from protocol.atol.commands.tables import WriteTable
from protocol.atol.commands.taxes import AddTax, VoidTax

FORMS = range(1, 11)
"""Payment forms."""
CORRECTIONS = frozenset({ReceiptType.SELL_CORRECTION, ReceiptType.BUY_CORRECTION})
TYPES = (ReceiptType.SELL, ReceiptType.SELL_RETURN, ReceiptType.BUY, ReceiptType.BUY_RETURN, *sorted(CORRECTIONS))
BRINGS_CASH = frozenset({ReceiptType.SELL, ReceiptType.BUY_RETURN, ReceiptType.SELL_CORRECTION})
DEFAULT_TAX = 1
"""Tax number of every section by default (table 7, field 2)."""
CASH_AT_Z = (2, 1, 18)
"""Table, row and field of the setting whose bit 2 empties the drawer's counter at the Z report."""
TAX_OF_TOTAL = (2, 1, 114)
"""Table, row and field of the setting that has taxes reckoned of the total."""
RATES_TABLE, DISCOUNTS_TABLE = 13, 4
_EMPTIES_DRAWER = 0x04
_ON_RECEIPT, _ON_ITEM = 1, 2


@dataclass(slots=True)
class Shift:
    """What a Z report resets. Keys: receipt type, with payment form or tax number."""

    registered: Counter[int] = field(default_factory=Counter)
    items: Counter[int] = field(default_factory=Counter)
    receipts: Counter[int] = field(default_factory=Counter)
    cancelled: Counter[int] = field(default_factory=Counter)
    cancelled_sums: Counter[int] = field(default_factory=Counter)
    paid: Counter[tuple[int, int]] = field(default_factory=Counter)
    taxes: Counter[tuple[int, int]] = field(default_factory=Counter)
    discounts: Counter[int] = field(default_factory=Counter)
    surcharges: Counter[int] = field(default_factory=Counter)
    cash_in: list[int] = field(default_factory=list)
    cash_out: list[int] = field(default_factory=list)


class Ledger:
    """«Книга кассира». ``last``: the last closed receipt; ``receipt``: the open one."""

    def __init__(self) -> None:
        self.cash = 0
        self.shift = Shift()
        self.since_registration: Counter[int] = Counter()
        self.paid_since_registration: Counter[tuple[int, int]] = Counter()
        self.receipt: Receipt | None = None
        self.last: Receipt | None = None
        self.empties_drawer = False
        self.rules = Rules()

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
        """The till lost its power: an open receipt is annulled."""
        if self.receipt is not None:
            self._cancel()

    def registers(self) -> Iterator[tuple[ReadRegister, dict[str, int]]]:
        """What registers must tell, each with the values that are checked."""
        shift = self.shift
        for kind in map(int, TYPES):
            yield ReadRegister(register=0x01, first=kind), {"sum_kopecks": shift.registered[kind]}
            yield ReadRegister(register=0x06, first=kind), {"count": shift.items[kind]}
            yield ReadRegister(register=0x28, first=kind), {"sum_kopecks": self.since_registration[kind]}
            discounts = {"discounts_kopecks": shift.discounts[kind], "surcharges_kopecks": shift.surcharges[kind]}
            yield ReadRegister(register=0x2A, first=kind), discounts
            yield ReadRegister(register=0x2E, first=kind), {"sum_kopecks": shift.cancelled_sums[kind]}
            counts = {"closed_receipts": shift.receipts[kind], "cancelled_receipts": shift.cancelled[kind]}
            yield ReadRegister(register=0x41, first=kind), counts
        for kind, form in sorted({*shift.paid, *((int(one), CASH) for one in TYPES)}):
            yield ReadRegister(register=0x03, first=kind, second=form), {"sum_kopecks": shift.paid[kind, form]}
        for (kind, form), paid in sorted(self.paid_since_registration.items()):
            yield ReadRegister(register=0x38, first=kind, second=form), {"sum_kopecks": paid}
        for kind, tax in sorted(shift.taxes):
            yield ReadRegister(register=0x3C, first=kind, second=tax), {"sum_kopecks": shift.taxes[kind, tax]}
        yield ReadRegister(register=0x04), {"sum_kopecks": sum(shift.cash_in)}
        yield ReadRegister(register=0x05), {"sum_kopecks": sum(shift.cash_out)}
        yield ReadRegister(register=0x08), {"count": len(shift.cash_in)}
        yield ReadRegister(register=0x09), {"count": len(shift.cash_out)}
        yield ReadRegister(register=0x0A), {"sum_kopecks": max(0, self.cash)}
        yield ReadRegister(register=0x35), {"receipts": sum(shift.receipts.values())}
        yield from self.registers_of_receipt()
        if self.last is not None:
            values = {"receipt_type": int(self.last.type), "sum_kopecks": self.last.total}
            yield ReadRegister(register=0x33), values

    def registers_of_receipt(self) -> Iterator[tuple[ReadRegister, dict[str, int]]]:
        """The registers of the open receipt."""
        receipt = self.receipt
        if receipt is not None:
            values = {"remainder_kopecks": receipt.rest, "change_kopecks": receipt.change}
            yield ReadRegister(register=0x14), {"sum_kopecks": receipt.total, **values}
            taxes = receipt.vat()
            for tax in range(1, 7):
                yield ReadRegister(register=0x3D, first=tax), {"sum_kopecks": taxes[tax]}

    # ---- items

    def _open(self, request: OpenReceipt) -> None:
        self.receipt = Receipt(request.type, self.rules)

    def _old_item(self, request: SellItem | ReturnItem) -> None:
        opens = ReceiptType.SELL if isinstance(request, SellItem) else ReceiptType.SELL_RETURN
        receipt = self.receipt = self.receipt or Receipt(opens, self.rules)
        if isinstance(request, ReturnItem) and receipt.type not in (ReceiptType.SELL_RETURN, ReceiptType.BUY_RETURN):
            raise LedgerError(f"57h put an item into a receipt of type {receipt.type}")
        cost = cost_of(request.price_kopecks, request.quantity_milli)
        self._add(Line(request.price_kopecks, request.quantity_milli, cost, DEFAULT_TAX), request.flags)

    def _add_item(self, request: AddItem) -> None:
        full = cost_of(request.price_kopecks, request.quantity_milli)
        size = request.discount_size if request.discount_type else percent_of(full, request.discount_size)
        discount = -size if request.discount_sign else size
        self._is_allowed(discount, _ON_ITEM)
        tax = request.tax or DEFAULT_TAX
        line = Line(request.price_kopecks, request.quantity_milli, full - discount, tax, discount=discount)
        self._add(line, request.flags)

    def _end_item(self, request: EndItem) -> None:
        cost = request.cost_kopecks or cost_of(request.price_kopecks, request.quantity_milli)
        discount = -request.discount_kopecks if request.discount_sign else request.discount_kopecks
        tax_sum, is_per_unit = request.tax_sum_kopecks, bool(request.flags & TAX_IS_PER_UNIT)
        if tax_sum and is_per_unit:
            tax_sum = cost_of(tax_sum, request.quantity_milli)
        is_fixed = bool(discount) or bool(request.tax_sum_kopecks and is_per_unit)
        tax = request.tax or DEFAULT_TAX
        line = Line(request.price_kopecks, request.quantity_milli, cost, tax, discount=discount, is_fixed=is_fixed)
        self._add(line, request.flags, tax_sum)

    def _add(self, line: Line, flags: CommandFlags, tax_sum: int = 0) -> None:
        receipt = self._open_receipt()
        receipt.add(line, tax_sum)
        receipt.checks_cash &= CommandFlags.NO_CASH_CONTROL not in flags

    def _void_item(self, request: VoidItem) -> None:
        self._open_receipt().void(request.price_kopecks, request.quantity_milli)

    # ---- discounts and taxes

    def _discount(self, request: AddDiscount) -> None:
        receipt = self._open_receipt()
        if request.area is DiscountArea.LAST_ITEM:
            by_sum = request.type & 1
            size = request.size if by_sum else percent_of(receipt.lines[-1].cost, request.size)
            discount = -size if request.sign else size
            self._is_allowed(discount, _ON_ITEM)
            receipt.discount_item(discount)
        else:
            discount = (-request.size if request.sign else request.size) or receipt.total % 100
            self._is_allowed(discount, _ON_RECEIPT)
            receipt.discount_all(discount)

    def _is_allowed(self, discount: int, where: int) -> None:
        if discount and not self.rules.discounts[1 if discount > 0 else 2] & where:
            raise LedgerError("a discount that table 4 forbids was taken")

    def _cancel_discount(self, request: CancelDiscount) -> None:
        self._open_receipt().cancel_discount()

    def _tax(self, request: AddTax | VoidTax) -> None:
        sum_ = request.sum_kopecks if isinstance(request, AddTax) else -request.sum_kopecks
        self._open_receipt().tell_tax(request.tax, sum_)

    # ---- payments

    def _add_payment(self, request: AddPayment) -> None:
        self._open_receipt().pay(request.payment_form, request.sum_kopecks)

    def _void_payment(self, request: VoidPayment) -> None:
        self._open_receipt().take_back(request.payment_form, request.sum_kopecks)

    def _close(self, request: CloseReceipt) -> None:
        receipt = self._open_receipt()
        if (tendered := request.sum_kopecks or receipt.rest) > 0:
            receipt.pay(request.payment_form, tendered)
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
        for form in receipt.payments:
            shift.paid[kind, form] += receipt.kept(form)
            self.paid_since_registration[kind, form] += receipt.kept(form)
        for tax, sum_ in receipt.vat().items():
            shift.taxes[kind, tax] += sum_
        for discount in (receipt.discount, *(line.discount for line in receipt.lines)):
            shift.discounts[kind] += max(discount, 0)
            shift.surcharges[kind] += max(-discount, 0)
        self.last, self.receipt = receipt, None

    def _cancel(self, request: CancelReceipt | None = None) -> None:
        receipt = self._open_receipt()
        self.shift.cancelled[receipt.type] += 1
        self.shift.cancelled_sums[receipt.type] += receipt.total
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
        place = (request.table, request.row, request.field)
        if place == CASH_AT_Z:
            self.empties_drawer = bool(request.value[0] & _EMPTIES_DRAWER)
        elif place == TAX_OF_TOTAL:
            self.rules.tax_is_of_total = request.value == b"\x01"
        elif request.table == DISCOUNTS_TABLE:
            self.rules.discounts[request.row] = request.value[0]
        elif request.table == RATES_TABLE and request.field == 2 and request.row in self.rules.rates:
            self.rules.rates[request.row] = Decimal(request.value.hex()) / 100

    def _open_receipt(self) -> Receipt:
        if self.receipt is None:
            raise LedgerError("the till works on a receipt that is not open")
        return self.receipt


_ENTRIES: dict[type[Command], Callable[..., None]] = {
    OpenReceipt: Ledger._open,
    SellItem: Ledger._old_item,
    ReturnItem: Ledger._old_item,
    AddItem: Ledger._add_item,
    EndItem: Ledger._end_item,
    VoidItem: Ledger._void_item,
    AddDiscount: Ledger._discount,
    CancelDiscount: Ledger._cancel_discount,
    AddTax: Ledger._tax,
    VoidTax: Ledger._tax,
    AddPayment: Ledger._add_payment,
    VoidPayment: Ledger._void_payment,
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
