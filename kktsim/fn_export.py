"""«Отчет о считывании ФД»: what an FN keeps, as a file that other programs read (docs/fn-export.md).

A header of 326 bytes, then a container for each document: 65001 for one that the OFD has not confirmed or never gets,
65002 for one with its confirmation behind it. Inside is the document under its code where the FN must keep it whole
for five years, otherwise its short form under 100 and its code. Documents whose record is damaged are left out.

Source: FNS order ЕД-7-20/662@, appendix 2 (fields of the header, check sum, containers and codes); which tags a short
form carries, and that FFD 1.1 and 1.2 differ in the number of the container alone, is a guess.
"""

from collections.abc import Callable, Iterator, Mapping
from struct import Struct
from zlib import crc32

from fn_model import FiscalStorage, sign
from fn_model.archive import ALWAYS_WHOLE, Document
from protocol.ffd.documents import DocumentType
from protocol.ffd.formats import FFD_1_05, FFD_1_1, FFD_1_2
from protocol.ffd.tags import T
from protocol.ffd.tlv import Input, encode, text, tlv
from protocol.fn.archive_answers import DETAILS, ReceiptDetails, SettlementDetails, ShiftDetails, StoredConfirmation

TITLE = "Отчет о считывании ФД"
_HEADER = Struct("<21s256s20s16sBII")
_CRC = Struct("<I")
UNCONFIRMED: Mapping[int, int] = {FFD_1_05: 65001, FFD_1_1: 65011, FFD_1_2: 65021}
CONFIRMED: Mapping[int, int] = {FFD_1_05: 65002, FFD_1_1: 65012, FFD_1_2: 65022}
"""Code of the container by format of the document."""
SHORT = 100
"""What is added to the code of a document of which only the short form is written."""
MESSAGE_SIGN = 301
"""«ФПС» of a document that is written whole."""


def export(fn: FiscalStorage, program: str, *, whole: bool = False) -> bytes:
    """The file. ``program``: who writes it. ``whole``: every document that the FN still has whole is written so."""
    last = fn.state.document_number
    numbers = (number for number in range(1, last + 1) if number not in fn.archive.damaged)
    documents = [one for number in numbers if (one := fn.archive.get(number)) is not None]
    body = b"".join(_containers(fn, documents, whole))
    shifts = sum(one.type is DocumentType.SHIFT_OPEN for one in documents)
    reports = fn.state.reports
    number = reports[-1].request.registration_number if reports else ""
    header = _HEADER.pack(
        text(TITLE),
        text(program).ljust(256),
        text(number).ljust(20),
        fn.number.encode("ascii"),
        documents[-1].ffd if documents else 0,
        shifts,
        len(documents),
    )
    return header + _CRC.pack(crc32(header + body)) + body


def _containers(fn: FiscalStorage, documents: list[Document], whole: bool) -> Iterator[bytes]:
    for one in documents:
        confirmation = fn.archive.confirmation(one.number)
        is_whole = bool(one.body) and (whole or one.type in ALWAYS_WHOLE)
        inside = _whole(fn.number, one) if is_whole else tlv(SHORT + one.type, _short(one))
        if confirmation is None:
            yield tlv(UNCONFIRMED[one.ffd], inside)
        else:
            yield tlv(CONFIRMED[one.ffd], inside + _confirmation(confirmation))


def _whole(fn_number: str, one: Document) -> bytes:
    message_sign = sign.message_sign(fn_number, tlv(one.type, one.body))
    return tlv(one.type, one.body + tlv(MESSAGE_SIGN, message_sign))


def _confirmation(one: StoredConfirmation) -> bytes:
    parts = ((T.DATE_TIME, one.at), (T.OFD_SIGN, one.sign), (T.DOCUMENT_NUMBER, one.number))
    return tlv(SHORT + DocumentType.CONFIRMATION, _encoded(parts))


def _short(one: Document) -> bytes:
    fiscal_sign = sign.SIGN_PREFIX + one.sign.to_bytes(4, "big")
    head = ((T.DATE_TIME, one.at), (T.DOCUMENT_NUMBER, one.number), (T.FISCAL_SIGN, fiscal_sign))
    further = _FURTHER.get(DETAILS[one.type])
    return _encoded((*head, *(further(one.short) if further is not None else ())))


def _encoded(parts: "Tags") -> bytes:
    return b"".join(encode(tag, value) for tag, value in parts)


Tags = tuple[tuple[int, Input], ...]


def _shift(short: bytes) -> Tags:
    return ((T.SHIFT_NUMBER, ShiftDetails.parse(short).shift),)


def _receipt(short: bytes) -> Tags:
    details = ReceiptDetails.parse(short)
    return ((T.OPERATION, int(details.operation)), (T.TOTAL, details.total_kopecks))


def _settlement(short: bytes) -> Tags:
    details = SettlementDetails.parse(short)
    since = () if details.first_unsent is None else ((T.FIRST_UNSENT_DATE, details.first_unsent),)
    return ((T.UNSENT_DOCUMENTS, details.unsent_documents), *since)


_FURTHER: Mapping[type, Callable[[bytes], Tags]] = {
    ShiftDetails: _shift,
    ReceiptDetails: _receipt,
    SettlementDetails: _settlement,
}
"""What a short form tells besides date-time, number and sign, by layout of its details."""
