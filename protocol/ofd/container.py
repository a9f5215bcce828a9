"""Application level of the OFD exchange: the FN's container around a document, and back.

========  ====  ==============================================================
offset    size  field
========  ====  ==============================================================
0         2     length of the whole container with this header, little-endian
2         2     CRC-16 over the container with these two bytes left out, little-endian
4         1     message type, A5h
5         1     document type
6         1     version, 1
7         2     service data 1: ``10 09`` in every published message
9         8     FN number, packed decimal, Fh behind a short one
17        3     document number, big-endian
20        12    service data 2: 4 bytes that vary, ``C2`` or ``C4``, document number
                big-endian, ``00 04`` or ``00 02``, length of the document big-endian
32              the document (one STLV), then the raw sign of the message
========  ====  ==============================================================

The sign is «ФПС» in a KKT's message (10 bytes: type 81h, length 6, padding: an inference) and «ФПП» in a confirmation
(8 bytes). Signs are made elsewhere and passed in. Documents are plain: encryption (tag 1056) is not public.
Source: two messages of test FNs published with an OFD library (length, CRC and service data checked on both); field
names and sizes by independent clients. The meaning of the service data is a guess.
"""

import struct
from dataclasses import dataclass

from protocol.checksums import crc16
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.ffd.tlv import TlvError, split
from protocol.fn.commands import OfdRefusal
from protocol.ofd.errors import OfdFormatError

HEADER_SIZE = 32
"""Bytes of the header."""
MAX_CONTAINER = 0xFFFF
"""Bytes: what the length field can tell."""
SERVICE = b"\x10\x09"

_HEAD = struct.Struct("<HH")
_HEADER = struct.Struct(">BBB2s8s3s12s")
_STLV = struct.Struct("<HH")
_MESSAGE_TYPE = 0xA5
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Message:
    """«Контейнер сообщения». ``document``: the STLV with its header; ``sign``: the raw bytes behind it."""

    document_type: int
    fn_number: str
    document_number: int
    document: bytes
    sign: bytes
    service_1: bytes = SERVICE
    service_2: bytes = bytes(12)

    def build(self) -> bytes:
        """The bytes of the container. Raises OfdFormatError when a field does not fit."""
        size = HEADER_SIZE + len(self.document) + len(self.sign)
        if size > MAX_CONTAINER:
            raise OfdFormatError(OfdRefusal.LENGTH, f"a container of {size} bytes, at most {MAX_CONTAINER} fit")
        if len(self.service_1) != 2 or len(self.service_2) != 12:
            raise OfdFormatError(OfdRefusal.FORMAT, "service data of a container are 2 and 12 bytes")
        try:
            header = _HEADER.pack(
                _MESSAGE_TYPE,
                self.document_type,
                _VERSION,
                self.service_1,
                pack_fn_number(self.fn_number),
                self.document_number.to_bytes(3, "big"),
                self.service_2,
            )
        except (struct.error, OverflowError) as error:
            raise OfdFormatError(OfdRefusal.FORMAT, f"a container header does not hold {self}: {error}") from None
        body = header + self.document + self.sign
        return _HEAD.pack(size, crc16(size.to_bytes(2, "little") + body)) + body

    def requisites(self) -> Requisites:
        """The decoded document. Raises OfdFormatError."""
        try:
            return Requisites.parse(self.document[4:])
        except TlvError as error:
            raise OfdFormatError(OfdRefusal.FORMAT, str(error)) from None

    def check_numbers(self) -> None:
        """Compare the header with the requisites 1041 and 1040 inside. Raises OfdFormatError."""
        try:
            values = dict(split(self.document[4:]))
        except TlvError as error:
            raise OfdFormatError(OfdRefusal.FORMAT, str(error)) from None
        if values.get(T.FN_NUMBER, b"").rstrip(b" ") != self.fn_number.encode():
            raise OfdFormatError(OfdRefusal.FN_NUMBER, f"FN {self.fn_number} in the header only")
        if int.from_bytes(values.get(T.DOCUMENT_NUMBER, b""), "little") != self.document_number:
            raise OfdFormatError(OfdRefusal.DOCUMENT_NUMBER, f"document {self.document_number} in the header only")


def build_document(
    fn_number: str, document_number: int, document: bytes, sign: bytes, varying: bytes = bytes(4)
) -> bytes:
    """The container of a document. ``document``: STLV with its header, its tag is the document type.

    ``varying``: the four bytes of the service data that differ between messages. Raises OfdFormatError.
    """
    if len(document) < 4 or not 0 <= document_number < 1 << 24:
        raise OfdFormatError(OfdRefusal.FORMAT, f"no STLV, or a number beyond 3 bytes: {document_number}")
    number, size = document_number.to_bytes(3, "big"), (len(document) & 0xFFFF).to_bytes(2, "big")
    return Message(
        document_type=_STLV.unpack_from(document)[0],
        fn_number=fn_number,
        document_number=document_number,
        document=document,
        sign=sign,
        service_2=b"".join((varying, b"\xc2", number, b"\x00\x04", size)),
    ).build()


def parse(data: bytes) -> Message:
    """The message in a container. Raises OfdFormatError.

    Judged here: length, CRC, type, version, packed number, STLV inside and its tag. Not judged: the requisites
    (``Message.check_numbers``, ``documents.check``) and the sign, whose length is whatever follows the document.
    """
    if len(data) < HEADER_SIZE + 4:
        raise OfdFormatError(OfdRefusal.LENGTH, f"a container has at least {HEADER_SIZE + 4} bytes, not {len(data)}")
    length, crc = _HEAD.unpack_from(data)
    if length != len(data):
        raise OfdFormatError(OfdRefusal.LENGTH, f"the container says {length} bytes and has {len(data)}")
    expected = crc16(data[:2] + data[4:])
    if crc != expected:
        raise OfdFormatError(OfdRefusal.CRC, f"container CRC is {crc:04X}h, should be {expected:04X}h")
    message_type, document_type, version, service_1, number, document_number, service_2 = _HEADER.unpack_from(data, 4)
    if message_type != _MESSAGE_TYPE or version != _VERSION:
        raise OfdFormatError(OfdRefusal.FORMAT, f"message {message_type:02X}h, version {version}; not A5h, 1")
    tag, stlv_length = _STLV.unpack_from(data, HEADER_SIZE)
    end = HEADER_SIZE + 4 + stlv_length
    if tag != document_type or end > length:
        raise OfdFormatError(OfdRefusal.FORMAT, f"not a document {document_type}: STLV {tag}, {stlv_length} bytes")
    return Message(
        document_type=document_type,
        fn_number=unpack_fn_number(number),
        document_number=int.from_bytes(document_number, "big"),
        document=data[HEADER_SIZE:end],
        sign=data[end:],
        service_1=service_1,
        service_2=service_2,
    )


def pack_fn_number(fn_number: str) -> bytes:
    """Eight bytes of packed decimal; Fh fills a short number. Raises OfdFormatError."""
    if not (fn_number.isascii() and fn_number.isdigit() and len(fn_number) <= 16):
        raise OfdFormatError(OfdRefusal.FN_NUMBER, f"an FN number is 1..16 digits, not {fn_number!r}")
    return bytes.fromhex(fn_number.ljust(16, "F"))


def unpack_fn_number(data: bytes) -> str:
    """The digits in eight bytes of packed decimal. Raises OfdFormatError."""
    digits = data.hex().rstrip("f")
    if not digits.isdigit():
        raise OfdFormatError(OfdRefusal.FN_NUMBER, f"no packed FN number: {data.hex(' ')}")
    return digits
