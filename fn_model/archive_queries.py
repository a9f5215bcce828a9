"""Chapter «Данные из архива ФН»: 40h-47h.

The short form of a document is kept for ever, the whole one for 30 days and until it is confirmed; registration and
closing reports are kept whole. Sources: FNS, «Описание интерфейса ФН» 1.2, section 6.7; FNS order
ЕД-7-20/662@, appendix 2 (what is stored for 5 years).
"""

from collections.abc import Callable
from datetime import timedelta

from fn_model.archive import Document
from fn_model.command import DOCUMENT_NUMBER, Command, arguments, document_number
from fn_model.refusal import FnRefusal
from fn_model.state import RegistrationReport
from fn_model.storage import FiscalStorage
from protocol.ffd.documents import DocumentType
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.ffd.tlv import split, tlv
from protocol.fn.answers import build_word
from protocol.fn.archive_answers import (
    CloseArchiveDetails,
    Details,
    DocumentHeader,
    FoundDocument,
    ReceiptDetails,
    RegistrationDetails,
    RegistrationResult,
    SettlementDetails,
    ShiftDetails,
)
from protocol.fn.commands import FnCode, FnCommand, Operation
from protocol.fn.requests import EVERY_TAG, RegistrationRequisite

WHOLE_FOR = timedelta(days=30)
ALWAYS_WHOLE = frozenset({DocumentType.REGISTRATION, DocumentType.RE_REGISTRATION, DocumentType.CLOSE_ARCHIVE})
"""Documents whose every requisite is stored for 5 years."""


def find_document(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Найти фискальный документ по номеру», 40h."""
    document = _document(fn, data)
    is_confirmed = fn.archive.confirmation(document.number) is not None
    details = DETAILS[document.type](fn, document)
    found = FoundDocument(document.type, is_confirmed, document.at, document.number, document.sign, details)
    return found.build()


def find_confirmation(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос квитанции о получении фискального документа ОФД», 41h."""
    confirmation = fn.archive.confirmation(document_number(data))
    if confirmation is None:
        raise FnRefusal(FnCode.NO_DATA)
    return confirmation.build()


def unsent_count(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос количества ФД, на которые нет квитанции», 42h."""
    return build_word(fn.archive.unsent_count())


def registration_result(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос итогов фискализации ФН», 43h: of the last report, or of the one whose number is given."""
    report = _report(fn, data[0] if data else 0)
    request, document = report.request, _the(fn.archive.get(report.document_number))
    return RegistrationResult(
        at=document.at,
        inn=request.inn,
        registration_number=request.registration_number,
        tax_systems=request.tax_systems,
        work_mode=request.work_mode,
        number=document.number,
        sign=document.sign,
        reason=(report.reason or 0) if data else None,
    ).build()


def registration_requisite(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос параметра фискализации ФН», 44h: a TLV of a report, or the beginning of a listing by 47h."""
    request = arguments(RegistrationRequisite.parse, data)
    document = _the(fn.archive.get(_report(fn, request.report or 0).document_number))
    if request.tag == EVERY_TAG:
        fn.volatile.registration_rest = document.body
        return b""
    for tag, value in split(document.body):
        if tag == request.tag:
            return tlv(tag, value)
    raise FnRefusal(FnCode.NO_DATA)


def begin_document_tlv(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос фискального документа в TLV-формате», 45h."""
    document = _document(fn, data)
    if not _is_kept_whole(fn, document):
        raise FnRefusal(FnCode.NO_DATA)
    fn.volatile.document_rest = document.body
    return DocumentHeader(document.type, len(document.body)).build()


def next_document_tlv(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Чтение TLV фискального документа», 46h: one requisite, 08h behind the last."""
    requisite, fn.volatile.document_rest = _first_tlv(fn.volatile.document_rest)
    return requisite


def next_registration_tlv(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Чтение TLV параметров фискализации», 47h: one requisite, 08h behind the last."""
    requisite, fn.volatile.registration_rest = _first_tlv(fn.volatile.registration_rest)
    return requisite


def _the(document: Document | None) -> Document:
    if document is None:
        raise FnRefusal(FnCode.NO_DATA)
    return document


def _document(fn: FiscalStorage, data: bytes) -> Document:
    return _the(fn.archive.get(document_number(data)))


def _report(fn: FiscalStorage, number: int) -> RegistrationReport:
    """The registration report of that number; 0 is the last."""
    reports = fn.state.reports
    if number > len(reports) or not reports:
        raise FnRefusal(FnCode.NO_DATA)
    return reports[number - 1]


def _is_kept_whole(fn: FiscalStorage, document: Document) -> bool:
    told_at = fn.volatile.told_at
    is_young = told_at is None or told_at - document.at <= WHOLE_FOR
    return is_young or document.type in ALWAYS_WHOLE or fn.archive.is_unsent(document.number)


def _first_tlv(rest: bytes | None) -> tuple[bytes, bytes]:
    """The first requisite of a listing and what is left of it."""
    if rest is None:
        raise FnRefusal(FnCode.WRONG_STATE)
    if not rest:
        raise FnRefusal(FnCode.NO_DATA)
    size = 4 + int.from_bytes(rest[2:4], "little")
    return rest[:size], rest[size:]


def _registration_details(fn: FiscalStorage, document: Document) -> Details:
    report = next(one for one in fn.state.reports if one.document_number == document.number)
    request = report.request
    return RegistrationDetails(
        request.inn, request.registration_number, request.tax_systems, request.work_mode, report.reason
    )


def _number(document: Document, *tags: int) -> list[int]:
    values = dict(split(document.body))
    return [int.from_bytes(values[tag], "little") for tag in tags]


def _shift_details(fn: FiscalStorage, document: Document) -> Details:
    return ShiftDetails(*_number(document, T.SHIFT_NUMBER))


def _receipt_details(fn: FiscalStorage, document: Document) -> Details:
    operation, total = _number(document, T.OPERATION, T.TOTAL)
    return ReceiptDetails(Operation(operation), total)


def _settlement_details(fn: FiscalStorage, document: Document) -> Details:
    told = Requisites.parse(document.body)
    first_unsent = told.time(T.FIRST_UNSENT_DATE) if T.FIRST_UNSENT_DATE in told else None
    return SettlementDetails(told.number(T.UNSENT_DOCUMENTS), first_unsent)


def _close_archive_details(fn: FiscalStorage, document: Document) -> Details:
    request = fn.state.reports[-1].request
    return CloseArchiveDetails(request.inn, request.registration_number)


DETAILS: dict[DocumentType, Callable[[FiscalStorage, Document], Details]] = {
    DocumentType.REGISTRATION: _registration_details,
    DocumentType.RE_REGISTRATION: _registration_details,
    DocumentType.SHIFT_OPEN: _shift_details,
    DocumentType.SHIFT_CLOSE: _shift_details,
    DocumentType.RECEIPT: _receipt_details,
    DocumentType.STRICT_FORM: _receipt_details,
    DocumentType.CORRECTION: _receipt_details,
    DocumentType.STRICT_FORM_CORRECTION: _receipt_details,
    DocumentType.SETTLEMENT: _settlement_details,
    DocumentType.CLOSE_ARCHIVE: _close_archive_details,
}
"""Short form of 40h by type of document."""

COMMANDS = {
    FnCommand.FIND_DOCUMENT: Command(find_document, DOCUMENT_NUMBER),
    FnCommand.FIND_CONFIRMATION: Command(find_confirmation, DOCUMENT_NUMBER),
    FnCommand.UNSENT_COUNT: Command(unsent_count),
    FnCommand.REGISTRATION_RESULT: Command(registration_result, (0, 1)),
    FnCommand.REGISTRATION_REQUISITE: Command(registration_requisite, (2, 3)),
    FnCommand.BEGIN_DOCUMENT_TLV: Command(begin_document_tlv, DOCUMENT_NUMBER),
    FnCommand.NEXT_DOCUMENT_TLV: Command(next_document_tlv),
    FnCommand.NEXT_REGISTRATION_TLV: Command(next_registration_tlv),
}
