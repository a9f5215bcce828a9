"""Stand-ins for the fiscal signs: the real ones are GOST ciphers with secret keys, these are keyed check sums.

All of them are HMAC-SHA-256 with a key that follows from the FN number, so that the test OFD can make and check them.
What a document's sign covers is documented (FNS order ЕД-7-20/662@, appendix 2, attribute «1» of the compositions).
"""

import hmac
from collections.abc import Mapping
from functools import lru_cache

from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T

_RECEIPT = (T.DATE_TIME, T.OPERATION, T.TOTAL, T.DOCUMENT_NUMBER, T.FN_NUMBER)
_REGISTRATION = (T.USER_INN, T.DATE_TIME, T.REGISTRATION_NUMBER, T.OFD_INN, T.DOCUMENT_NUMBER, T.FN_NUMBER)
_SHIFT = (T.DATE_TIME, T.SHIFT_NUMBER, T.REGISTRATION_NUMBER, T.DOCUMENT_NUMBER, T.FN_NUMBER)
_SETTLEMENT = (
    T.DATE_TIME,
    T.UNSENT_DOCUMENTS,
    T.FIRST_UNSENT_DATE,
    T.REGISTRATION_NUMBER,
    T.DOCUMENT_NUMBER,
    T.FN_NUMBER,
)
_CLOSE_ARCHIVE = (T.DATE_TIME, T.REGISTRATION_NUMBER, T.DOCUMENT_NUMBER, T.FN_NUMBER)

SIGNED_TAGS: dict[DocumentType, tuple[int, ...]] = {
    DocumentType.REGISTRATION: _REGISTRATION,
    DocumentType.RE_REGISTRATION: _REGISTRATION,
    DocumentType.SHIFT_OPEN: _SHIFT,
    DocumentType.SHIFT_CLOSE: _SHIFT,
    DocumentType.RECEIPT: _RECEIPT,
    DocumentType.STRICT_FORM: _RECEIPT,
    DocumentType.CORRECTION: _RECEIPT,
    DocumentType.STRICT_FORM_CORRECTION: _RECEIPT,
    DocumentType.SETTLEMENT: _SETTLEMENT,
    DocumentType.CLOSE_ARCHIVE: _CLOSE_ARCHIVE,
}
"""Requisites that ФПД covers, besides the code of the document. An absent one counts as empty."""

SIGN_PREFIX = b"\x21\x04"
"""Service bytes of 1077 in every published message."""
MESSAGE_SIGN_PREFIX = b"\x81\x06"
"""Service bytes of ФПС in every published message: perhaps its type and length."""


def fiscal_sign(fn_number: str, document_type: DocumentType, tlvs: Mapping[int, bytes]) -> int:
    """«ФПД», the printed number. ``tlvs``: the requisites of the document by tag, each with its header."""
    covered = b"".join([tlvs.get(tag, b"") for tag in SIGNED_TAGS[document_type]])
    return int.from_bytes(_mac(fn_number, bytes((document_type,)) + covered)[:4], "big")


def message_sign(fn_number: str, document: bytes) -> bytes:
    """«ФПС», 10 bytes behind the document in a message to the OFD. ``document``: the STLV with its header."""
    return MESSAGE_SIGN_PREFIX + _mac(fn_number, b"message" + document)[:6] + b"\0\0"


def ofd_sign(fn_number: str, document_number: int) -> bytes:
    """«ФПО», tag 1078 of a confirmation, 18 bytes (two service bytes and 16: by analogy with 1077)."""
    covered = b"ofd" + document_number.to_bytes(4, "little")
    return b"\x21\x10" + _mac(fn_number, covered)[:16]


def confirmation_sign(fn_number: str, document: bytes) -> bytes:
    """«ФПП», 8 bytes behind a confirmation. ``document``: its STLV with the header."""
    return _mac(fn_number, b"confirmation" + document)[:8]


def keys_sign(fn_number: str, request_number: int) -> bytes:
    """The sign of keys for checking codes, 8 bytes, in the answer to the request of that number."""
    return _mac(fn_number, b"keys" + request_number.to_bytes(4, "little"))[:8]


def _mac(fn_number: str, data: bytes) -> bytes:
    mac = _keyed(fn_number).copy()
    mac.update(data)
    return mac.digest()


@lru_cache(maxsize=64)
def _keyed(fn_number: str) -> hmac.HMAC:
    """The check sum before its data: taking the key in costs more than a document does."""
    return hmac.new(hmac.digest(b"kktsim test fiscal storage", fn_number.encode("ascii"), "sha256"), None, "sha256")
