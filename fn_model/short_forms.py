"""«Краткая форма документа»: what 40h tells of a document for ever, taken when it is formed.

Sources: FNS, «Описание интерфейса ФН» 1.2, section 6.7; the format in the type byte by a service program that reads
FNs of all generations.
"""

from collections.abc import Callable

from fn_model.composition import Tlvs
from fn_model.state import FnState, RegistrationReport
from protocol.ffd.documents import DocumentType
from protocol.ffd.formats import FFD_1_1, FFD_1_2
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.fn.archive_answers import (
    AnyRegistrationDetails,
    CloseArchiveDetails,
    Details,
    FullRegistrationDetails,
    ReceiptDetails,
    RegistrationDetails,
    SettlementDetails,
    ShiftDetails,
)
from protocol.fn.commands import Operation
from protocol.fn.requests import FullRegistration

HEADER_SIZE = 4
"""Bytes of tag and length before a value."""


def registration_details(report: RegistrationReport, reason: int | None) -> AnyRegistrationDetails:
    """What 40h and 43h tell of a registration: more of one by A3h, whose flags and OFD are the FN's own business."""
    request = report.request
    if isinstance(request, FullRegistration):
        return FullRegistrationDetails(
            request.inn,
            request.registration_number,
            request.tax_systems,
            request.work_mode,
            request.extended_mode,
            request.ofd_inn,
            reason,
        )
    return RegistrationDetails(request.inn, request.registration_number, request.tax_systems, request.work_mode, reason)


def _registration(state: FnState, own: Tlvs) -> Details:
    return registration_details(state.reports[-1], state.reports[-1].reason)


def _shift(state: FnState, own: Tlvs) -> Details:
    return ShiftDetails(state.shift.number)


def _receipt(state: FnState, own: Tlvs) -> Details:
    operation, total = own[T.OPERATION][HEADER_SIZE], int.from_bytes(own[T.TOTAL][HEADER_SIZE:], "little")
    return ReceiptDetails(Operation(operation), total)


def _settlement(state: FnState, own: Tlvs) -> Details:
    told = Requisites.parse(b"".join(own.values()))
    unsent = told.number(T.UNSENT_DOCUMENTS) if T.UNSENT_DOCUMENTS in told else 0
    return SettlementDetails(unsent, told.time(T.FIRST_UNSENT_DATE) if T.FIRST_UNSENT_DATE in told else None)


def _close_archive(state: FnState, own: Tlvs) -> Details:
    request = state.reports[-1].request
    return CloseArchiveDetails(request.inn, request.registration_number)


DETAILS: dict[DocumentType, Callable[[FnState, Tlvs], Details]] = {
    DocumentType.REGISTRATION: _registration,
    DocumentType.RE_REGISTRATION: _registration,
    DocumentType.SHIFT_OPEN: _shift,
    DocumentType.SHIFT_CLOSE: _shift,
    DocumentType.RECEIPT: _receipt,
    DocumentType.STRICT_FORM: _receipt,
    DocumentType.CORRECTION: _receipt,
    DocumentType.STRICT_FORM_CORRECTION: _receipt,
    DocumentType.SETTLEMENT: _settlement,
    DocumentType.CLOSE_ARCHIVE: _close_archive,
}
"""Short form by type of document."""


_OF_REGISTRATIONS = {FFD_1_1: 0x40, FFD_1_2: 0x40}
_OF_RECEIPTS = {FFD_1_1: 0x80, FFD_1_2: 0xC0}
FORMAT_BITS: dict[DocumentType, dict[int, int]] = {
    DocumentType.REGISTRATION: _OF_REGISTRATIONS,
    DocumentType.RE_REGISTRATION: _OF_REGISTRATIONS,
    DocumentType.RECEIPT: _OF_RECEIPTS,
    DocumentType.STRICT_FORM: _OF_RECEIPTS,
    DocumentType.CORRECTION: _OF_RECEIPTS,
    DocumentType.STRICT_FORM_CORRECTION: _OF_RECEIPTS,
}
"""How the type byte of 40h tells the format of a document, by type and value of 1209; no bits for what is not here."""


def type_byte(document_type: DocumentType, ffd: int) -> int:
    """First byte of 40h for a document of that type and format."""
    return document_type | FORMAT_BITS.get(document_type, {}).get(ffd, 0)


def short_form(document_type: DocumentType, state: FnState, own: Tlvs) -> bytes:
    """Details of 40h. ``state``: as the document leaves it; ``own``: the requisites that the FN formed for it."""
    return DETAILS[document_type](state, own).build()
