"""What hands do to the printer of a till: paper, cover, and what can break."""

from dataclasses import replace
from typing import Any

from kktsim.device import Kkt
from kktsim.device.printer_state import PrinterFault


class PrinterHands:
    """«Оператор у принтера». All of it works with the power off as well."""

    __slots__ = ("_kkt",)

    def __init__(self, kkt: Kkt) -> None:
        self._kkt = kkt

    def paper_out(self, lines: int = 0) -> None:
        """Take the paper out, but for so many lines: the next ones that print are its last."""
        self._kkt.paper.load(lines)

    def paper_in(self) -> None:
        """Put a new roll in; what has waited for it is printed."""
        self._kkt.paper.load()

    def open_cover(self) -> None:
        """Open the cover."""
        self._change(cover_is_open=True)

    def close_cover(self) -> None:
        """Close the cover."""
        self._change(cover_is_open=False)

    def break_down(self, fault: PrinterFault) -> None:
        """Give the mechanism a fault."""
        self._change(faults=self._kkt.memory.printer.faults | {fault})

    def mend(self) -> None:
        """Take every fault off the mechanism; a till that was locked by one must be switched off and on."""
        self._change(faults=frozenset())

    def _change(self, **fields: Any) -> None:
        self._kkt.memory.printer = replace(self._kkt.memory.printer, **fields)
        self._kkt.keep()

    def troubles(self) -> tuple[str, ...]:
        """What is wrong, a word each."""
        printer, paper = self._kkt.memory.printer, self._kkt.paper
        words = ["paper_near_end" if paper.has_paper else "no_paper"] if paper.is_near_end else []
        return (*words, *(["cover_open"] if printer.cover_is_open else []), *sorted(printer.faults))
