"""Messages about goods with codes: what the FN hands out (81, 82) and what comes back (83, 84).

They travel in the container of the OFD's messages: clients take the length from its first two bytes, and leave bytes 2
and 3 out of the CRC. What is inside is a guess but for the TLVs that the KKT brings; their signs are stand-ins.
"""

from collections.abc import Iterable
from datetime import datetime

from fn_model import sign
from fn_model.refusal import FnRefusal
from fn_model.state import FnState
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv, unix_time
from protocol.fn.commands import FnCode, OfdRefusal
from protocol.fn.marking_codes import MarkingMessage
from protocol.ofd import container
from protocol.ofd.errors import OfdFormatError

_ANSWER_TAGS: dict[MarkingMessage, tuple[int, int]] = {
    MarkingMessage.CODE_ANSWER: (T.REQUEST_NUMBER, T.REQUEST_CODE),
    MarkingMessage.NOTIFICATION_ANSWER: (T.NOTIFICATION_NUMBER, T.NOTIFICATION_CODE),
}
"""What an answer must hold: the number of what it answers, and how that was taken."""


def code_request(state: FnState, fn_number: str, at: datetime, code: bytes, result: int, data: bytes) -> bytes:
    """«Запрос о коде маркировки» with the number of the last request. ``data``: TLVs of the KKT."""
    number = state.marking.requests
    parts = (
        _number(T.REQUEST_NUMBER, number),
        tlv(T.REQUEST_AT, unix_time(at)),
        tlv(T.MARKING_CODE, code),
        tlv(T.CODE_CHECK, bytes((result,))),
        data,
    )
    return _message(MarkingMessage.CODE_REQUEST, fn_number, number, (*state.identity.values(), *parts))


def notification(
    state: FnState, fn_number: str, number: int, at: datetime, document_number: int, data: Iterable[bytes]
) -> bytes:
    """«Уведомление о реализации маркированного товара» of the document of that number. ``data``: TLVs of B7h."""
    parts = (
        _number(T.NOTIFICATION_NUMBER, number),
        _number(T.DOCUMENT_NUMBER, document_number),
        tlv(T.DATE_TIME, unix_time(at)),
        *data,
    )
    return _message(MarkingMessage.NOTIFICATION, fn_number, number, (*state.identity.values(), *parts))


def answered(data: bytes, kind: MarkingMessage, fn_number: str, number: int) -> Requisites:
    """The requisites of an answer to the message of that number; FnRefusal 20h with the reason otherwise."""
    try:
        message = container.parse(data)
        values = message.requisites()
    except OfdFormatError as error:
        raise _refused(error.reason) from None
    number_tag, code_tag = _ANSWER_TAGS[kind]
    if message.document_type != kind or code_tag not in values:
        raise _refused(OfdRefusal.FORMAT)
    if message.fn_number != fn_number:
        raise _refused(OfdRefusal.FN_NUMBER)
    if values.number(number_tag) != number:
        raise _refused(OfdRefusal.DOCUMENT_NUMBER)
    if message.sign != sign.confirmation_sign(fn_number, message.document):
        raise _refused(OfdRefusal.SIGN)
    return values


def _message(kind: MarkingMessage, fn_number: str, number: int, parts: Iterable[bytes]) -> bytes:
    document = tlv(kind, b"".join(parts))
    return container.build_document(fn_number, number, document, sign.message_sign(fn_number, document))


def _number(tag: int, number: int) -> bytes:
    return tlv(tag, number.to_bytes(4, "little"))


def _refused(reason: OfdRefusal) -> FnRefusal:
    return FnRefusal(FnCode.OFD_REFUSED, bytes((reason,)))
