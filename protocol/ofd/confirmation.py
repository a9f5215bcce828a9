"""The operator's confirmation (document 7): made by an OFD, read by the FN that waits for it.

A container like any other; its document holds 1017, 1041, 1040, 1012, 1068 {1022} and 1078, its sign is «ФПП».
The signs «ФПО» (1078) and «ФПП» come from outside: with real GOST keys only the FN and its operator can make them.
Sources: FNS order ЕД-7-20/662@, appendix 2, tables 32-34; FNS, «Описание интерфейса ФН» 1.2, commands 26h, 41h.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from protocol.ffd.composition import COMPOSITIONS
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.ffd.tlv import TlvError, encode, tlv, unix_time
from protocol.fn.commands import OfdRefusal
from protocol.ofd.container import build_document
from protocol.ofd.container import parse as parse_container
from protocol.ofd.errors import OfdFormatError

MAX_SIZE = 1024
"""Bytes of a container that an FN takes (command 26h)."""
OFD_SIGN_SIZES = (16, 18)
"""Bytes of 1078: 16 in the order, 18 in the FN interface (command 41h); written as 18."""
SIGN_SIZES = (8, 10)
"""Bytes of the sign behind the document: 8 in the order; 10, by analogy with a KKT's message, is read too (guess)."""


class OfdAnswer(IntEnum):
    """«Код ответа ОФД», tag 1022. The document is confirmed with any of them."""

    ACCEPTED = 0
    NOT_RECOGNISED = 11
    FORMAT_LOGIC_ERROR = 14


@dataclass(frozen=True, slots=True)
class Confirmation:
    """«Подтверждение оператора». ``received_at``: UTC; ``answer``: 1022, 0 when the operator has nothing to say."""

    fn_number: str
    document_number: int
    inn: str
    received_at: datetime
    answer: int
    ofd_sign: bytes
    sign: bytes
    document: bytes
    """The STLV, for the archive and for the check of ``sign``."""
    operator_message: int = 0
    """Bits of 1206, 0 when it did not come."""


def document(
    fn_number: str,
    document_number: int,
    inn: str,
    world: float,
    code: int,
    ofd_sign: bytes,
    operator_message: int = 0,
) -> bytes:
    """The STLV of a confirmation, what its sign is made over. ``world``: UTC seconds. Raises OfdFormatError.

    ``operator_message``: bits of 1206, left out when there are none; where it stands is a guess.
    """
    try:
        requisites = (
            encode(T.OFD_INN, inn),
            encode(T.FN_NUMBER, fn_number),
            encode(T.DOCUMENT_NUMBER, document_number),
            tlv(T.DATE_TIME, unix_time(world)),
            encode(T.MESSAGE_TO_FN, [(T.OFD_ANSWER_CODE, code)]),
            encode(T.OFD_SIGN, ofd_sign),
            encode(T.OPERATOR_MESSAGE, operator_message) if operator_message else b"",
        )
        return tlv(DocumentType.CONFIRMATION, b"".join(requisites))
    except TlvError as error:
        raise OfdFormatError(OfdRefusal.FORMAT, str(error)) from None


def build(
    fn_number: str,
    document_number: int,
    inn: str,
    world: float,
    code: int,
    ofd_sign: bytes,
    sign: bytes,
    operator_message: int = 0,
) -> bytes:
    """The container of a confirmation. ``ofd_sign``: ФПО, 18 bytes; ``sign``: ФПП, 8 bytes. Raises OfdFormatError."""
    _check_sizes(ofd_sign, sign)
    stlv = document(fn_number, document_number, inn, world, code, ofd_sign, operator_message)
    return build_document(fn_number, document_number, stlv, sign)


def parse(data: bytes, *, needs_signs: bool = True, header_counts: bool = True) -> Confirmation:
    """The confirmation in a container. Raises OfdFormatError.

    Judged here: everything but whom it is for and whether its signs are right. The order of checks is a guess.
    ``needs_signs``: it must have both signs, of their sizes; ``header_counts``: the numbers in the container's header
    must be those of the requisites.
    """
    if len(data) > MAX_SIZE:
        raise OfdFormatError(OfdRefusal.LENGTH, f"a confirmation of {len(data)} bytes, at most {MAX_SIZE} are taken")
    message = parse_container(data)
    if message.document_type != DocumentType.CONFIRMATION:
        raise OfdFormatError(OfdRefusal.FORMAT, f"document {message.document_type} is no confirmation (7)")
    requisites = message.requisites()
    missing = {tag for tag in COMPOSITIONS[DocumentType.CONFIRMATION].mandatory if tag not in requisites}
    if missing - (set() if needs_signs else {T.OFD_SIGN}):
        raise OfdFormatError(OfdRefusal.FORMAT, f"the confirmation lacks {sorted(missing)}")
    if header_counts:
        message.check_numbers()
    ofd_sign = requisites.raw(T.OFD_SIGN)
    if needs_signs:
        _check_sizes(ofd_sign, message.sign)
    return Confirmation(
        fn_number=requisites.text(T.FN_NUMBER).rstrip(" "),
        document_number=requisites.number(T.DOCUMENT_NUMBER),
        inn=requisites.text(T.OFD_INN),
        received_at=requisites.time(T.DATE_TIME),
        answer=next((part.number(T.OFD_ANSWER_CODE) for part in requisites.structures(T.MESSAGE_TO_FN)), 0),
        ofd_sign=ofd_sign,
        sign=message.sign,
        document=message.document,
        operator_message=requisites.number(T.OPERATOR_MESSAGE),
    )


def _check_sizes(ofd_sign: bytes, sign: bytes) -> None:
    if len(ofd_sign) not in OFD_SIGN_SIZES:
        raise OfdFormatError(OfdRefusal.FORMAT, f"1078 has 16 or 18 bytes, not {len(ofd_sign)}")
    if len(sign) not in SIGN_SIZES:
        raise OfdFormatError(OfdRefusal.SIGN, f"the sign behind a confirmation has 8 or 10 bytes, not {len(sign)}")
