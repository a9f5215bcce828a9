"""What a till may accept when, and what must come of it: told once more, apart from the till's own tables.

Source: ATOL protocol 3.1, modes and their commands; FNS, «Описание интерфейса ФН» 1.2, section 6.3.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kktsim.testing.audit import Document
from kktsim.testing.ledger import CORRECTIONS, FORMS
from kktsim.testing.ledger_receipt import Line, Receipt
from protocol.atol.command import Command
from protocol.atol.commands.discounts import AddDiscount, CancelDiscount
from protocol.atol.commands.fn import CloseArchive, Register
from protocol.atol.commands.items import AddItem, BeginItem, EndItem, ReturnItem, SellItem, VoidItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode, SetDate, SetDateTime, SetTime
from protocol.atol.commands.payment import AddPayment, VoidPayment
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CashOut, CloseReceipt, OpenReceipt
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.atol.commands.tables import WriteTable
from protocol.atol.commands.taxes import AddTax, VoidTax
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T

LEGAL: dict[type[Command], tuple[Mode | None, bool | None]] = {
    LeaveMode: (None, False),
    EnterMode: (Mode.SELECTION, None),
    SetDate: (Mode.SELECTION, None),
    SetTime: (Mode.SELECTION, None),
    SetDateTime: (None, None),
    OpenShift: (Mode.REGISTRATION, False),
    OpenReceipt: (Mode.REGISTRATION, False),
    SellItem: (Mode.REGISTRATION, None),
    ReturnItem: (Mode.REGISTRATION, None),
    VoidItem: (Mode.REGISTRATION, True),
    AddItem: (Mode.REGISTRATION, True),
    BeginItem: (Mode.REGISTRATION, True),
    EndItem: (Mode.REGISTRATION, True),
    AddDiscount: (Mode.REGISTRATION, True),
    CancelDiscount: (Mode.REGISTRATION, True),
    AddTax: (Mode.REGISTRATION, True),
    VoidTax: (Mode.REGISTRATION, True),
    AddPayment: (Mode.REGISTRATION, True),
    VoidPayment: (Mode.REGISTRATION, True),
    CloseReceipt: (Mode.REGISTRATION, True),
    CancelReceipt: (Mode.REGISTRATION, True),
    CashIn: (Mode.REGISTRATION, False),
    CashOut: (Mode.REGISTRATION, False),
    XReport: (Mode.X_REPORTS, None),
    CloseShift: (Mode.Z_REPORTS, False),
    WriteTable: (Mode.PROGRAMMING, None),
    Register: (Mode.FN_ACCESS, False),
    CloseArchive: (Mode.FN_ACCESS, False),
}
"""Mode in which a command may be accepted, and whether a receipt must be open; None: any. Source: ATOL protocol
3.1, modes and their commands; EDh in any mode: ATOL's driver 10.8 as observed.
"""
ON_RECEIPT = frozenset(command for command, (_, receipt) in LEGAL.items() if receipt) - {CancelReceipt}
"""Commands that work on an open receipt."""
OPENS_RECEIPT = frozenset({OpenReceipt, SellItem, ReturnItem})
"""Commands that open one when there is none."""
OPENS_SHIFT = OPENS_RECEIPT | {CashIn, CashOut}
"""Commands that open a closed shift first."""
WITHIN_24_HOURS = ON_RECEIPT | OPENS_SHIFT
"""Commands that are refused once the shift is older."""
MAKERS = frozenset({OpenShift, OpenReceipt, CloseReceipt, CloseShift, Register, CloseArchive})
"""Commands that may make a document."""
ADOPTS = frozenset({CloseShift, Register, XReport})
"""Commands by which the till takes over the FN's numbers when the two differ."""
SETTLEMENT_REPORT = 9
"""Type of 67h."""
PAYMENT_TAGS = {1: T.CASH, 2: T.ELECTRONIC, 3: T.PREPAID, 4: T.CREDIT, 5: T.OTHER}
"""Payment form to the tag of its sum; forms 6 to 10 are electronic by default (table 12)."""
SUMS_OF_COST = frozenset((5, 6))
"""Tax numbers under whose tag the settled sum stands."""
VAT_TAGS = {1: T.VAT_20, 2: T.VAT_10, 3: T.VAT_20_120, 4: T.VAT_10_110, 5: T.VAT_0, 6: T.VAT_NONE}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the till tells of itself before a command. ``receipt_type``: 0 when none is open."""

    mode: int
    receipt_type: int
    shift_is_open: bool
    shift_is_too_long: bool
    is_in_step: bool
    is_registered: bool
    is_fresh: bool
    """The FN waits for its first registration."""
    is_strange: bool
    """The till does not know the FN as its own."""

    @property
    def receipt_is_open(self) -> bool:
        """Whether there is one."""
        return self.receipt_type != 0


def unlawful(request: Command, standing: Standing) -> Iterator[str]:
    """Why ``request`` should not have been accepted by a till that stood so."""
    mode, receipt = LEGAL.get(type(request), (None, None))
    if mode is not None and standing.mode != mode:
        yield f"{request} was accepted in mode {standing.mode}"
    if receipt is not None and standing.receipt_is_open is not receipt:
        yield f"{request} was accepted with {'an open' if standing.receipt_is_open else 'no'} receipt"
    if standing.shift_is_too_long and type(request) in WITHIN_24_HOURS:
        yield f"{request} was accepted in a shift of more than 24 hours"
    if may_make(request, standing) and type(request) not in ADOPTS and not standing.is_in_step:
        yield f"{request} was accepted though till and FN differ"


def may_make(request: Command, standing: Standing) -> bool:
    """Whether ``request`` may make documents, or begin one."""
    if type(request) in OPENS_RECEIPT and not standing.receipt_is_open:
        return True
    if type(request) in OPENS_SHIFT and not standing.shift_is_open:
        return True
    return type(request) in MAKERS or is_settlement(request)


def is_settlement(request: Command) -> bool:
    """Whether ``request`` is the report that is a document of the FN."""
    return isinstance(request, XReport) and request.type == SETTLEMENT_REPORT


def documents_of(request: Command, standing: Standing) -> list[int]:
    """Types of the documents that ``request`` makes when it is done."""
    match request:
        case OpenReceipt() | SellItem() | ReturnItem() | CashIn() | CashOut():
            return [] if standing.shift_is_open or standing.receipt_is_open else [DocumentType.SHIFT_OPEN]
        case OpenShift():
            return [DocumentType.SHIFT_OPEN]
        case CloseReceipt():
            is_correction = standing.receipt_type in CORRECTIONS
            return [DocumentType.CORRECTION if is_correction else DocumentType.RECEIPT]
        case CloseShift():
            return [DocumentType.SHIFT_CLOSE]
        case XReport() if is_settlement(request):
            return [DocumentType.SETTLEMENT]
        case CloseArchive():
            return [DocumentType.CLOSE_ARCHIVE]
        case Register():
            is_first = standing.is_fresh and not standing.is_registered
            return [DocumentType.REGISTRATION if is_first else DocumentType.RE_REGISTRATION]
    return []


def wrong_sums(receipt: Receipt, document: Document) -> Iterator[str]:
    """Where a document differs from the receipt in the book."""
    told = document.requisites
    expected = {T.TOTAL: receipt.total}
    for form in FORMS:
        tag = PAYMENT_TAGS.get(form, T.ELECTRONIC)
        expected[tag] = expected.get(tag, 0) + receipt.kept(form)
    expected.update({VAT_TAGS[tax]: sum_ for tax, sum_ in receipt.vat().items()})
    for tag, sum_ in expected.items():
        if told.number(tag) != sum_:
            yield f"document {document.number} has {told.number(tag)} kopecks in {tag.value}, the book {sum_}"
    items = told.structures(T.ITEM)
    lines = [] if receipt.type in CORRECTIONS else receipt.lines
    if len(items) != len(lines):
        yield f"document {document.number} has {len(items)} items, the book {len(lines)}"
    for item, line in zip(items, lines, strict=False):
        for tag, sum_ in _told_of(line).items():
            if item.number(tag) != sum_:
                yield f"document {document.number} tells {item.number(tag)} in {tag.value} of {line}"
        if item.decimal(T.QUANTITY) * 1000 != line.quantity:
            yield f"document {document.number} tells a quantity of {item.decimal(T.QUANTITY)} of {line}"


def _told_of(line: Line) -> dict[T, int]:
    """Sums that an item tells."""
    told = {T.PRICE: line.unit_price, T.ITEM_SUM: line.cost, T.VAT_RATE: line.tax}
    if line.tax not in SUMS_OF_COST:
        told[T.ITEM_VAT] = line.tax_sum
    return told
