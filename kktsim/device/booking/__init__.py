"""Booking a document that the FN has made: one function for each type, whether its answer was heard or not.

They bring mirror, totals, registers and paper up to the document, from what the intent says of it and what the FN
tells: in the answer to the commit, or when it is asked for the document later.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from kktsim.device import documents
from kktsim.device.booking import receipt, reports, shift
from kktsim.device.documents import Made
from kktsim.device.kkt import Kkt, to_world
from kktsim.device.state import Intent
from protocol.ffd.documents import DocumentType
from protocol.fn.archive_answers import FoundDocument, ReceiptDetails, SettlementDetails, ShiftDetails

Completion = Callable[[Kkt, Intent, Made], None]

COMPLETIONS: Mapping[int, Completion] = {
    DocumentType.REGISTRATION: reports.complete_registration,
    DocumentType.RE_REGISTRATION: reports.complete_registration,
    DocumentType.SHIFT_OPEN: shift.complete_opening,
    DocumentType.RECEIPT: receipt.complete,
    DocumentType.STRICT_FORM: receipt.complete,
    DocumentType.CORRECTION: receipt.complete,
    DocumentType.STRICT_FORM_CORRECTION: receipt.complete,
    DocumentType.SHIFT_CLOSE: shift.complete_closing,
    DocumentType.SETTLEMENT: reports.complete_settlement,
    DocumentType.CLOSE_ARCHIVE: reports.complete_archive,
}
"""Type of a document to what books it."""


def complete(kkt: Kkt, intent: Intent, made: Made) -> None:
    """Book the document of the intent, which ends with that, as whatever else was waited for."""
    COMPLETIONS[intent.type](kkt, intent, made)
    documents.forget_intents(kkt)


def is_meant(intent: Intent, found: FoundDocument) -> bool:
    """Whether a document of the FN is the one of the intent: a till for strict forms gets those for receipts."""
    is_of_type = COMPLETIONS.get(found.type) is COMPLETIONS[intent.type]
    return is_of_type and (found.number, to_world(found.at)) == (intent.number, intent.world)


def made_of(found: FoundDocument) -> Made:
    """What the answer to the commit has told, had it been heard."""
    made = Made(found.number, found.sign, to_world(found.at))
    match found.details:
        case ShiftDetails(shift=number):
            return replace(made, shift=number)
        case ReceiptDetails() as receipt_details:
            return replace(made, receipt=receipt_details)
        case SettlementDetails(unsent_documents=unsent, first_unsent=first):
            day = first.date() if isinstance(first, datetime) else None
            return replace(made, unsent_documents=unsent, first_unsent=day)
    return made
