"""Chapter «Данные из архива ФН»: 40h-47h, 50h.

The short form of a document is kept for ever, the whole one for 30 days and until it is confirmed; registration and
closing reports are kept whole. Sources: FNS, «Описание интерфейса ФН» 1.2, section 6.7; FNS order
ЕД-7-20/662@, appendix 2 (what is stored for 5 years).
"""

from fn_model.archive import ALWAYS_WHOLE, WHOLE_FOR, Document
from fn_model.command import DOCUMENT_NUMBER, Command, arguments, document_number
from fn_model.refusal import FnRefusal
from fn_model.short_forms import registration_details, type_byte
from fn_model.state import RegistrationReport
from fn_model.storage import FiscalStorage
from protocol.ffd.documents import DocumentType
from protocol.ffd.tlv import split, tlv
from protocol.fn.answers import build_word
from protocol.fn.archive_answers import TIME_OF_DATE, DocumentHeader, RegistrationResult, build_found
from protocol.fn.commands import FnCode, FnCommand
from protocol.fn.requests import EVERY_TAG, RegistrationRequisite


def find_document(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Найти фискальный документ по номеру», 40h. Of a damaged record all that comes is zeros (a vendor's article)."""
    document = _document(fn, data)
    is_confirmed = fn.archive.confirmation(document.number) is not None
    code = type_byte(document.type, document.ffd)
    short = document.short
    if document.type is DocumentType.SETTLEMENT and not fn.settings.settlement_record_has_time:
        short = short[: -len(TIME_OF_DATE)]
    found = build_found(code, is_confirmed, document.at, document.number, document.sign, short)
    return bytes(len(found)) if document.number in fn.archive.damaged else found


def find_document_with_format(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """The same behind the value of 1209 (a guess), 50h."""
    return bytes((_document(fn, data).ffd,)) + find_document(fn, data, world)


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
    document = _the(fn.archive.get(report.document_number))
    details = registration_details(report, (report.reason or 0) if data else None)
    return RegistrationResult(document.at, details, document.number, document.sign).build()


def registration_requisite(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос параметра фискализации ФН», 44h: a TLV of a report, or the beginning of a listing by 47h."""
    request = arguments(RegistrationRequisite.parse, data)
    body = _body(fn, _the(fn.archive.get(_report(fn, request.report or 0).document_number)))
    if request.tag == EVERY_TAG:
        fn.volatile.registration_rest = body
        return b""
    for tag, value in split(body):
        if tag == request.tag:
            return tlv(tag, value)
    raise FnRefusal(FnCode.NO_DATA)


def begin_document_tlv(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос фискального документа в TLV-формате», 45h."""
    document = _document(fn, data)
    fn.volatile.document_rest = body = _body(fn, document)
    return DocumentHeader(document.type, len(body)).build()


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


def _body(fn: FiscalStorage, document: Document) -> bytes:
    """The whole document; raises FnRefusal 08h when it is forgotten, 03h when it cannot be read (a guess)."""
    if document.number in fn.archive.damaged:
        raise FnRefusal(FnCode.FAILURE)
    if not document.body or not _is_kept_whole(fn, document):
        raise FnRefusal(FnCode.NO_DATA)
    return document.body


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


COMMANDS = {
    FnCommand.FIND_DOCUMENT: Command(find_document, DOCUMENT_NUMBER),
    FnCommand.FIND_DOCUMENT_WITH_FORMAT: Command(find_document_with_format, DOCUMENT_NUMBER),
    FnCommand.FIND_CONFIRMATION: Command(find_confirmation, DOCUMENT_NUMBER),
    FnCommand.UNSENT_COUNT: Command(unsent_count),
    FnCommand.REGISTRATION_RESULT: Command(registration_result, (0, 1)),
    FnCommand.REGISTRATION_REQUISITE: Command(registration_requisite, (2, 3)),
    FnCommand.BEGIN_DOCUMENT_TLV: Command(begin_document_tlv, DOCUMENT_NUMBER),
    FnCommand.NEXT_DOCUMENT_TLV: Command(next_document_tlv),
    FnCommand.NEXT_REGISTRATION_TLV: Command(next_registration_tlv),
}
