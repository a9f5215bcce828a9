"""Documents that the FN has made and the till has not heard of: how they enter the book when it finds out."""

from copy import deepcopy
from dataclasses import dataclass, replace

from kktsim.testing.law import Standing
from kktsim.testing.ledger import Ledger
from kktsim.testing.ledger_receipt import Receipt
from protocol.atol.command import Command
from protocol.atol.commands.fn import Register
from protocol.atol.commands.receipt import CloseReceipt
from protocol.atol.commands.shift import CloseShift, OpenShift
from protocol.ffd.documents import DocumentType


@dataclass(frozen=True, slots=True)
class Unheard:
    """One such document. ``receipt``: what was being closed, as it was then."""

    request: Command
    fn_number: str
    number: int
    receipt: Receipt | None

    @classmethod
    def of(cls, request: Command, fn_number: str, number: int, kind: int, ledger: Ledger) -> "Unheard":
        """What ``request`` has made; of one that opens a shift first, that is the report on it."""
        done = OpenShift() if kind == DocumentType.SHIFT_OPEN else request
        return cls(done, fn_number, number, deepcopy(ledger.receipt) if isinstance(done, CloseReceipt) else None)

    def enter(self, ledger: Ledger) -> None:
        """Enter it: a receipt as the FN has it, whatever was put into it since."""
        if self.receipt is not None:
            ledger.receipt = self.receipt
        ledger.accept(self.request)
        if isinstance(self.request, Register) and self.number == 1:
            ledger.change_fn()

    def standing_behind(self, before: Standing) -> Standing:
        """How the till stands once it has found out."""
        match self.request:
            case OpenShift():
                return replace(before, shift_is_open=True, shift_is_too_long=False)
            case CloseShift():
                return replace(before, shift_is_open=False, shift_is_too_long=False)
            case CloseReceipt():
                return replace(before, receipt_type=0)
            case Register():
                return replace(before, is_registered=True, is_fresh=False, is_strange=False)
        return before
