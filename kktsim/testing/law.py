"""What a till may accept when, and what must come of it: told once more, apart from the till's own tables.

Source: ATOL protocol 3.1, modes and their commands; FNS, «Описание интерфейса ФН» 1.2, section 6.3.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kktsim.testing.audit import Document
from kktsim.testing.ledger import FORMS, Receipt
from protocol.atol.command import Command
from protocol.atol.commands.fn import CloseArchive, Register
from protocol.atol.commands.items import AddItem, BeginItem, EndItem, SellItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode, SetDate, SetDateTime, SetTime
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CashOut, CloseReceipt, OpenReceipt
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.atol.commands.tables import WriteTable
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T

LEGAL: dict[type[Command], tuple[Mode | None, bool | None]] = {
    LeaveMode: (None, False),
    EnterMode: (Mode.SELECTION, None),
    SetDate: (Mode.SELECTION, None),
    SetTime: (Mode.SELECTION, None),
    SetDateTime: (Mode.SELECTION, None),
    OpenShift: (Mode.REGISTRATION, False),
    OpenReceipt: (Mode.REGISTRATION, False),
    SellItem: (Mode.REGISTRATION, True),
    AddItem: (Mode.REGISTRATION, True),
    BeginItem: (Mode.REGISTRATION, True),
    EndItem: (Mode.REGISTRATION, True),
    AddPayment: (Mode.REGISTRATION, True),
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
"""Mode in which a command may be accepted, and whether a receipt must be open; None: either. Source: ATOL protocol
3.1, modes and their commands.
"""
WITHIN_24_HOURS = frozenset(
    {OpenReceipt, SellItem, AddItem, BeginItem, EndItem, AddPayment, CloseReceipt, CashIn, CashOut}
)
"""Commands that are refused once the shift is older."""
MAKERS = frozenset({OpenShift, OpenReceipt, CloseReceipt, CloseShift, Register, CloseArchive})
"""Commands that may make a document."""
ADOPTS = frozenset({CloseShift, Register})
"""Commands by which the till takes over the FN's numbers when the two differ."""
PAYMENT_TAGS = {1: T.CASH, 2: T.ELECTRONIC, 3: T.PREPAID, 4: T.CREDIT, 5: T.OTHER}
"""Payment form to the tag of its sum; forms 6 to 10 are electronic by default (table 12)."""
VAT_TAGS = {1: T.VAT_20, 2: T.VAT_10, 3: T.VAT_20_120, 4: T.VAT_10_110, 5: T.VAT_0, 6: T.VAT_NONE}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the till tells of itself before a command."""

    mode: int
    receipt_is_open: bool
    shift_is_open: bool
    shift_is_too_long: bool
    is_in_step: bool
    is_registered: bool
    is_fresh: bool
    """The FN waits for its first registration."""


def unlawful(request: Command, standing: Standing) -> Iterator[str]:
    """Why ``request`` should not have been accepted by a till that stood so."""
    mode, receipt = LEGAL.get(type(request), (None, None))
    if mode is not None and standing.mode != mode:
        yield f"{request} was accepted in mode {standing.mode}"
    if receipt is not None and standing.receipt_is_open is not receipt:
        yield f"{request} was accepted with {'an open' if standing.receipt_is_open else 'no'} receipt"
    if standing.shift_is_too_long and type(request) in WITHIN_24_HOURS:
        yield f"{request} was accepted in a shift of more than 24 hours"
    if type(request) in MAKERS - ADOPTS and not standing.is_in_step:
        yield f"{request} was accepted though till and FN differ"


def documents_of(request: Command, standing: Standing) -> list[int]:
    """Types of the documents that ``request`` makes when it is done."""
    match request:
        case OpenReceipt():
            return [] if standing.shift_is_open else [DocumentType.SHIFT_OPEN]
        case OpenShift():
            return [DocumentType.SHIFT_OPEN]
        case CloseReceipt():
            return [DocumentType.RECEIPT]
        case CloseShift():
            return [DocumentType.SHIFT_CLOSE]
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
    if len(told.structures(T.ITEM)) != len(receipt.lines):
        yield f"document {document.number} has {len(told.structures(T.ITEM))} items, the book {len(receipt.lines)}"
