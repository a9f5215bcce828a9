"""The requisites that the FN itself forms: which ones in which document, and how they are encoded.

A document is: FN number, registration number, INN, document number, date-time, ФПД, then what else the FN forms, then
the TLVs of 07h in the order they came. The order is that of published registration reports of test FNs; for other
documents it is an inference. Source of who forms what: FNS, «Описание интерфейса ФН» 1.2, commands 03h and 16h; that
counters, shift numbers and warnings are formed by the FN is an inference, nobody else knows them. What
the FN forms besides under FFD 1.1 and 1.2 is in ``composition_1_1``.
"""

from datetime import datetime
from struct import Struct

from fn_model.counters import ShiftCounters
from fn_model.state import AnyRegistration, FnState
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.ffd.tlv import byte_tlv, tlv, unix_time, vln_tlv
from protocol.fn.commands import FnWarning, WorkMode
from protocol.fn.layouts import FN_NUMBER_SIZE, INN_SIZE, REGISTRATION_NUMBER_SIZE, pack_text
from protocol.fn.requests import CommitReceipt, Registration

Tlvs = dict[int, bytes]
"""TLVs by tag, each with its header, in the order of the document."""

_word = Struct("<HHH").pack
_number = Struct("<HHI").pack

MODE_TAGS: dict[int, WorkMode] = {
    T.ENCRYPTION: WorkMode.ENCRYPTION,
    T.AUTONOMOUS_MODE: WorkMode.AUTONOMOUS,
    T.AUTOMATIC_MODE: WorkMode.AUTOMATIC,
    T.SERVICES: WorkMode.SERVICES,
    T.STRICT_FORM_SYSTEM: WorkMode.STRICT_FORM,
    T.INTERNET_ONLY: WorkMode.INTERNET,
}
"""Tags of the registration report by flag of 03h."""

WARNING_TAGS: dict[int, FnWarning] = {
    T.FN_REPLACE_URGENTLY: FnWarning.URGENT_REPLACEMENT,
    T.FN_EXHAUSTED: FnWarning.REPLACEMENT_30_DAYS,
    T.FN_MEMORY_FULL: FnWarning.ARCHIVE_NEARLY_FULL,
    T.OFD_TIMEOUT: FnWarning.OFD_TIMEOUT,
}
"""Tags of the shift reports by warning flag; written only when it is set."""

_COMMON = (T.FN_NUMBER, T.REGISTRATION_NUMBER, T.USER_INN, T.DOCUMENT_NUMBER, T.DATE_TIME, T.FISCAL_SIGN)
_REGISTRATION = frozenset({*_COMMON, *MODE_TAGS, T.TAX_SYSTEMS, T.RE_REGISTRATION_REASON, T.KEY_RESOURCE})
_RECEIPT = frozenset({*_COMMON, T.OPERATION, T.TOTAL, T.RECEIPT_NUMBER, T.SHIFT_NUMBER})

FORMED_TAGS: dict[DocumentType, frozenset[int]] = {
    DocumentType.REGISTRATION: _REGISTRATION,
    DocumentType.RE_REGISTRATION: _REGISTRATION,
    DocumentType.SHIFT_OPEN: frozenset({*_COMMON, T.SHIFT_NUMBER, *WARNING_TAGS}),
    DocumentType.RECEIPT: _RECEIPT,
    DocumentType.STRICT_FORM: _RECEIPT,
    DocumentType.CORRECTION: _RECEIPT,
    DocumentType.STRICT_FORM_CORRECTION: _RECEIPT,
    DocumentType.SHIFT_CLOSE: frozenset(
        {
            *_COMMON,
            T.SHIFT_NUMBER,
            T.SHIFT_DOCUMENTS,
            T.SHIFT_RECEIPTS,
            T.UNSENT_DOCUMENTS,
            T.FIRST_UNSENT_DATE,
            T.KEY_RESOURCE,
            *WARNING_TAGS,
        }
    ),
    DocumentType.SETTLEMENT: frozenset(
        {
            *_COMMON,
            T.SHIFT_NUMBER,
            T.AUTONOMOUS_MODE,
            T.UNSENT_DOCUMENTS,
            T.FIRST_UNSENT_NUMBER,
            T.FIRST_UNSENT_DATE,
        }
    ),
    DocumentType.CLOSE_ARCHIVE: frozenset({*_COMMON, T.SHIFT_NUMBER}),
}
"""Requisites that the KKT must not bring in 07h (code 0Bh), under FFD 1.05."""


def identity(fn_number: str, registration: AnyRegistration) -> Tlvs:
    """What every document of a registered FN begins with."""
    return {
        T.FN_NUMBER: tlv(T.FN_NUMBER, pack_text(fn_number, FN_NUMBER_SIZE)),
        T.REGISTRATION_NUMBER: tlv(
            T.REGISTRATION_NUMBER, pack_text(registration.registration_number, REGISTRATION_NUMBER_SIZE)
        ),
        T.USER_INN: tlv(T.USER_INN, pack_text(registration.inn, INN_SIZE)),
    }


def head(state: FnState, document_number: int, at: datetime) -> Tlvs:
    """The requisites up to the place of the fiscal sign, which is left empty."""
    return {
        **state.identity,
        T.DOCUMENT_NUMBER: _number(T.DOCUMENT_NUMBER, 4, document_number),
        T.DATE_TIME: tlv(T.DATE_TIME, unix_time(at)),
        T.FISCAL_SIGN: b"",
    }


def registration(request: Registration, reason: int | None, days_left: int) -> Tlvs:
    """Flags and tax systems of 03h, the reason of a re-registration, the rest of the term."""
    formed = {tag: byte_tlv(tag, flag in request.work_mode) for tag, flag in MODE_TAGS.items()}
    formed[T.TAX_SYSTEMS] = byte_tlv(T.TAX_SYSTEMS, request.tax_systems)
    if reason is not None:
        formed[T.RE_REGISTRATION_REASON] = byte_tlv(T.RE_REGISTRATION_REASON, reason)
    formed[T.KEY_RESOURCE] = key_resource(days_left)
    return formed


def shift_open(shift: ShiftCounters, warnings: int) -> Tlvs:
    """Number of the new shift and the warnings."""
    return {T.SHIFT_NUMBER: _number(T.SHIFT_NUMBER, 4, shift.number), **_warnings(warnings)}


def receipt(shift: ShiftCounters, request: CommitReceipt) -> Tlvs:
    """Operation and total of 16h, numbers of the shift and of the receipt in it."""
    return {
        T.OPERATION: byte_tlv(T.OPERATION, request.operation),
        T.TOTAL: vln_tlv(T.TOTAL, request.total_kopecks),
        T.RECEIPT_NUMBER: _number(T.RECEIPT_NUMBER, 4, shift.receipts),
        T.SHIFT_NUMBER: _number(T.SHIFT_NUMBER, 4, shift.number),
    }


def shift_close(
    shift: ShiftCounters, unsent: int | None, first_unsent: datetime | None, days_left: int, warnings: int
) -> Tlvs:
    """Counters of the shift, the queue for the OFD (``unsent``: None is not told), the term, the warnings."""
    formed: Tlvs = {
        T.SHIFT_NUMBER: _number(T.SHIFT_NUMBER, 4, shift.number),
        T.SHIFT_DOCUMENTS: _number(T.SHIFT_DOCUMENTS, 4, shift.documents),
        T.SHIFT_RECEIPTS: _number(T.SHIFT_RECEIPTS, 4, shift.receipts),
    }
    if unsent is not None:
        formed[T.UNSENT_DOCUMENTS] = _number(T.UNSENT_DOCUMENTS, 4, unsent)
    if first_unsent is not None:
        formed[T.FIRST_UNSENT_DATE] = _day(first_unsent)
    formed[T.KEY_RESOURCE] = key_resource(days_left)
    return {**formed, **_warnings(warnings)}


def settlement(shift: int | None, is_autonomous: bool, unsent: int, number: int, first_unsent: datetime | None) -> Tlvs:
    """The queue for the OFD: how many documents, number and date of the first. ``shift``: number of the open shift.

    Autonomous mode is told instead, or beside it when documents from before still wait (a guess).
    """
    formed: Tlvs = {} if shift is None else {T.SHIFT_NUMBER: _number(T.SHIFT_NUMBER, 4, shift)}
    if is_autonomous:
        formed[T.AUTONOMOUS_MODE] = byte_tlv(T.AUTONOMOUS_MODE, 1)
    if unsent or not is_autonomous:
        formed[T.UNSENT_DOCUMENTS] = _number(T.UNSENT_DOCUMENTS, 4, unsent)
    if first_unsent is not None:
        formed[T.FIRST_UNSENT_NUMBER] = _number(T.FIRST_UNSENT_NUMBER, 4, number)
        formed[T.FIRST_UNSENT_DATE] = _day(first_unsent)
    return formed


def close_archive(shift: ShiftCounters) -> Tlvs:
    """Number of the last shift."""
    return {T.SHIFT_NUMBER: _number(T.SHIFT_NUMBER, 4, shift.number)}


def key_resource(days_left: int) -> bytes:
    """1213: what is left of the term."""
    return _word(T.KEY_RESOURCE, 2, days_left)


def _day(at: datetime) -> bytes:
    """1098: the day, its time is midnight."""
    return tlv(T.FIRST_UNSENT_DATE, unix_time(at.replace(hour=0, minute=0)))


def _warnings(warnings: int) -> Tlvs:
    return {tag: byte_tlv(tag, 1) for tag, flag in WARNING_TAGS.items() if warnings & flag}
