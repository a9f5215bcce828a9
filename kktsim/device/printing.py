"""What the printing mechanism refuses, and what 3Fh, 45h and register 3Bh tell of it.

A till that cannot print refuses every command that prints, and every document, before anything is changed. Paper may
also end while something prints. A document is then made all the same: the command is answered EEh with 0301h, and the
document waits for «допечатать» (EEh). Other lines wait in the till and come out on the next roll (a guess).

Sources: ATOL protocol 3.1, commands 3F and 45, error bytes 103-105 and 209, register 37 code 0301h; ATOL's driver 10.8
as observed (any of the four high bits of register 3Bh makes it send EEh). That an open cover is answered like missing
paper, and a knife or a jam like a mechanical failure, are guesses: there are no bytes of their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from kktsim.device.kkt import Kkt
from kktsim.device.printer_state import PrinterFault, PrinterFlags
from kktsim.device.refusal import Refusal
from kktsim.printer.paper import Paper
from protocol.atol.command import Command
from protocol.atol.commands.flags import CommandFlags
from protocol.atol.commands.receipt import OpenReceipt
from protocol.atol.commands.shift import CloseShift, OpenShift
from protocol.atol.kkt_codes import E

_OF_RECEIPT = frozenset(
    {0x41, 0x43, 0x4A, 0x4E, 0x52, 0x57, 0x59, 0x78, 0x99, 0x9B, 0xB8, 0xB9, 0xE6, 0xE7, 0xEB},
)
"""Commands that print nothing while the open receipt is one without paper."""
NEEDS_PRINTER = frozenset(
    {
        *(0x49, 0x4F, 0x55, 0x5A, 0x67, 0x77, 0x92, 0x9A, 0xA6, 0xA7),  # documents, reports and slips
        *(0x4C, 0x6C, 0x73, 0x75, 0x7C, 0x82, 0x87, 0x8D, 0x8E, 0x95, 0xA8, 0xAB, 0xBF, 0xC1, 0xC2, 0xEE),
        *_OF_RECEIPT,
    }
)
"""Commands that want paper, and a mechanism that moves it."""
_CODES: tuple[tuple[PrinterFault, E], ...] = (
    (PrinterFault.NO_LINK, E.NO_PRINTER),
    (PrinterFault.MECHANICAL, E.PRINTER_MECHANICAL),
    (PrinterFault.PAPER_JAM, E.PRINTER_MECHANICAL),
    (PrinterFault.PRESENTER, E.PRINTER_MECHANICAL),
    (PrinterFault.CUTTER, E.PRINTER_MECHANICAL),
    (PrinterFault.OVERHEATED, E.HEAD_OVERHEATED),
)
"""Fault and what a command that prints is answered, the gravest first."""
UNPRINTED_DOCUMENT = 0x10
"""Bit of register 3Bh. ATOL's driver takes 20h, 40h and 80h as the same; which is which is not known."""
PAPER_PRESENT, COVER_OPEN = 0x08, 0x20
"""Bits of the flags of 3Fh."""
TO_BUFFER = 0x02
"""Bit of table 2, field 121."""
RESTED_CELSIUS, OVERHEATED_CELSIUS = 30, 70
"""Of the head (guesses)."""


def flags(kkt: Kkt) -> PrinterFlags:
    """The second byte of 45h."""
    told = PrinterFlags.NONE
    for fault in kkt.memory.printer.faults:
        told |= fault.flag
    if not kkt.paper.has_paper:
        told |= PrinterFlags.NO_PAPER
    elif kkt.paper.is_near_end:
        told |= PrinterFlags.PAPER_NEAR_END
    return told


def status_flags(kkt: Kkt, healthy: int) -> int:
    """The flags of 3Fh of a till whose printer is not ``healthy``."""
    told = healthy if kkt.paper.has_paper else healthy & ~PAPER_PRESENT
    return told | COVER_OPEN if kkt.memory.printer.cover_is_open else told


def celsius(kkt: Kkt) -> int:
    """How hot the head is."""
    return OVERHEATED_CELSIUS if PrinterFault.OVERHEATED in kkt.memory.printer.faults else RESTED_CELSIUS


def keeps_reports(kkt: Kkt) -> bool:
    """Whether reports on the shift go to the buffer instead of the paper."""
    return bool(kkt.memory.tables.get((2, 1, 121), b"\0")[0] & TO_BUFFER)


@contextmanager
def elsewhere(kkt: Kkt) -> Iterator[Paper]:
    """Another paper meanwhile."""
    tape, kkt.paper = kkt.paper, Paper(kkt.paper.width)
    try:
        yield kkt.paper
    finally:
        kkt.paper = tape


@contextmanager
def report(kkt: Kkt, *, is_printed: bool = True) -> Iterator[None]:
    """Where the report on the shift goes that is printed meanwhile: paper, buffer, or nowhere."""
    is_kept = keeps_reports(kkt)
    if is_printed and not is_kept:
        yield
        return
    with elsewhere(kkt) as paper:
        yield
    if is_kept and is_printed:
        kkt.memory.totals.reports.buffered += (tuple(paper.lines()),)


def print_buffered(kkt: Kkt) -> None:
    """Print every report in the buffer; they stay there."""
    for lines in kkt.memory.totals.reports.buffered:
        for line in lines:
            kkt.paper.reprint(line)


Standing = tuple[bool, str, int]
"""Whether something waits for paper; FN and number of the last document."""


def standing(kkt: Kkt) -> Standing:
    """What `interrupted` has to know of the time before a command."""
    return kkt.paper.is_waiting, kkt.memory.mirror.fn_number, kkt.memory.mirror.document_number


def interrupted(kkt: Kkt, before: Standing) -> bool:
    """Whether the paper ended while a command printed the document it made; EEh will print it then, from the FN."""
    has_waited, *document = before
    if has_waited or not kkt.paper.is_waiting or standing(kkt)[1:] == tuple(document):
        return False
    kkt.paper.drop_waiting()
    kkt.memory.unprinted_report = kkt.memory.mirror.document_number
    kkt.stop_printing()
    return True


def check(kkt: Kkt, request: Command) -> None:
    """Raise `Refusal` when the command prints and the mechanism cannot."""
    printer = kkt.memory.printer
    can_feed = kkt.paper.has_paper and not printer.cover_is_open
    if (can_feed and not printer.faults) or request.code not in NEEDS_PRINTER or is_without_paper(kkt, request):
        return
    if isinstance(request, (OpenShift, CloseShift)) and keeps_reports(kkt):
        return
    for fault, code in _CODES:
        if fault in printer.faults:
            raise Refusal(code)
    if not can_feed:
        raise Refusal(E.NO_PAPER)


def is_without_paper(kkt: Kkt, request: Command) -> bool:
    """Whether the command is of a receipt that is not printed (flag of 92h)."""
    receipt = kkt.memory.receipt
    if receipt is None:
        return isinstance(request, OpenReceipt) and CommandFlags.NO_PRINT in request.flags
    return not receipt.prints and request.code in _OF_RECEIPT
