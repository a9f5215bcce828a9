"""What the printing mechanism refuses, and what 3Fh, 45h and register 3Bh tell of it.

A till that cannot print refuses every command that prints, and every document, before anything is changed. Paper may
also end while something prints. A document is then made all the same: the command is answered EEh with 0301h, and the
document waits for «допечатать» (EEh). Other lines wait in the till and come out on the next roll (a guess).

Sources: ATOL protocol 3.1, commands 3F and 45, error bytes 103-105 and 209, register 37 code 0301h; ATOL's driver 10.8
as observed (any of the four high bits of register 3Bh makes it send EEh). That an open cover is answered like missing
paper, and a knife or a jam like a mechanical failure, are guesses: there are no bytes of their own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any

from kktsim.device.kkt import Kkt
from kktsim.device.printer_state import PrinterFault, PrinterFlags
from kktsim.device.refusal import Refusal, extended
from kktsim.printer.paper import Paper
from protocol.atol.command import Command
from protocol.atol.kkt_codes import E, X


class Prints(Enum):
    """What a command wants of the paper: a column of the table of preconditions."""

    NEVER = auto()
    ALWAYS = auto()
    OF_RECEIPT = auto()
    """It prints, but not while the open receipt is one without paper."""
    ON_NOTHING = auto()
    """What it would print is nowhere to be seen, and no paper is wanted."""


Judge = Callable[[Kkt, Any], Prints]
"""Of a command that prints only with some parameters, or in some state: till and request to what it does now."""
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


def of_report(kkt: Kkt, *, is_printed: bool) -> Prints:
    """What a report on the shift wants of the paper."""
    return Prints.ALWAYS if is_printed and not keeps_reports(kkt) else Prints.NEVER


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
    if of_report(kkt, is_printed=is_printed) is Prints.ALWAYS:
        yield
        return
    with elsewhere(kkt) as paper:
        yield
    if is_printed:
        kkt.memory.totals.reports.buffered += (tuple(paper.lines()),)


def print_buffered(kkt: Kkt) -> None:
    """Print every report in the buffer; they stay there."""
    for lines in kkt.memory.totals.reports.buffered:
        for line in lines:
            kkt.paper.reprint(line)


Standing = tuple[bool, str, int]
"""Whether something waits for paper; FN and number of the last document."""


def standing(kkt: Kkt) -> Standing:
    """What `interrupt` has to know of the time before a command."""
    return kkt.paper.is_waiting, kkt.memory.mirror.fn_number, kkt.memory.mirror.document_number


def interrupt(kkt: Kkt, before: Standing) -> None:
    """Raise `Refusal` when the paper ended while a document was printed that was made since; EEh will print it, from
    the FN."""
    has_waited, *document = before
    if has_waited or not kkt.paper.is_waiting or standing(kkt)[1:] == tuple(document):
        return
    kkt.paper.drop_waiting()
    kkt.memory.unprinted_report = kkt.memory.mirror.document_number
    kkt.stop_printing()
    raise extended(X.PRINTING_INTERRUPTED)


def judged(kkt: Kkt, prints: Prints | Judge, request: Command) -> Prints:
    """What a command of this row does now: `Prints.NEVER`, `Prints.ALWAYS` or `Prints.ON_NOTHING`."""
    if not isinstance(prints, Prints):
        prints = prints(kkt, request)
    if prints is Prints.OF_RECEIPT:
        receipt = kkt.memory.receipt
        return Prints.ALWAYS if receipt is None or receipt.prints else Prints.ON_NOTHING
    return prints


def check(kkt: Kkt) -> None:
    """Raise `Refusal` when the mechanism cannot print."""
    printer = kkt.memory.printer
    can_feed = kkt.paper.has_paper and not printer.cover_is_open
    if can_feed and not printer.faults:
        return
    for fault, code in _CODES:
        if fault in printer.faults:
            raise Refusal(code)
    if not can_feed:
        raise Refusal(E.NO_PAPER)
