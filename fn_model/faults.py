"""Faults of an FN that the operator of the bench sets and takes back."""

from enum import StrEnum

from protocol.fn.commands import FnCode, FnCommand


class FnFault(StrEnum):
    """«Неисправность ФН»."""

    SILENT = "silent"
    """Nothing is answered at all."""
    SILENT_ON_SIGNING = "silent_on_signing"
    """Status is answered, but commands that sign a document hang and leave nothing behind."""
    UNHEARD_ON_SIGNING = "unheard_on_signing"
    """Commands that sign a document are done, but their answers never come: the document is made unheard."""
    MISREADS = "misreads"
    """What is to be signed arrives damaged inside: code 01h."""
    CRYPTO_FAILED = "crypto_failed"
    """The crypto coprocessor refuses to sign: code 04h."""
    FAILED = "failed"
    """The FN itself refuses: code 03h, and the critical warning flag is set."""


SIGNING = frozenset(
    {
        FnCommand.REGISTER,
        FnCommand.REGISTER_FULLY,
        FnCommand.CLOSE_ARCHIVE,
        FnCommand.OPEN_SHIFT,
        FnCommand.CLOSE_SHIFT,
        FnCommand.COMMIT_RECEIPT,
        FnCommand.COMMIT_SETTLEMENT,
    }
)
"""Commands that make a fiscal sign."""

SIGNING_CODES: dict[FnFault, FnCode] = {
    FnFault.FAILED: FnCode.FAILURE,
    FnFault.CRYPTO_FAILED: FnCode.CRYPTO_FAILURE,
    FnFault.MISREADS: FnCode.BAD_FORMAT,
}
"""Code of a signing command by fault, the more serious one first."""
