"""«Печатающее устройство»: paper, cover, head, knife. Faults are physical: they outlive the power, only hands end them.

Source: ATOL protocol 3.1, command 45 (the byte of flags) and 3F (the cover).
"""

from dataclasses import dataclass, replace
from enum import IntFlag, StrEnum


class PrinterFlags(IntFlag):
    """Second byte of 45h."""

    NONE = 0
    NO_PAPER = 0x01
    NO_LINK = 0x02
    MECHANICAL = 0x04
    CUTTER = 0x08
    OVERHEATED = 0x10
    PAPER_JAM = 0x20
    PRESENTER = 0x40
    PAPER_NEAR_END = 0x80


class PrinterFault(StrEnum):
    """What can be wrong besides paper and cover."""

    NO_LINK = "no_link"
    MECHANICAL = "mechanical"
    CUTTER = "cutter"
    OVERHEATED = "overheated"
    PAPER_JAM = "paper_jam"
    PRESENTER = "presenter"

    @property
    def flag(self) -> PrinterFlags:
        """Its bit in 45h."""
        return PrinterFlags[self.name]


@dataclass(frozen=True, slots=True)
class PrinterState:
    """How the mechanism is; the paper itself, and how much of it is left, is `kktsim.printer.paper.Paper`."""

    cover_is_open: bool = False
    faults: frozenset[PrinterFault] = frozenset()
    is_locked: bool = False
    """State 7.15: the till has found a mechanical failure when it was switched on (a guess at what leads there)."""

    def tested(self) -> "PrinterState":
        """After the test at power-up."""
        return replace(self, is_locked=PrinterFault.MECHANICAL in self.faults)
