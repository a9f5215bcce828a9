"""TLV and STLV of fiscal documents <-> bytes and Python values.

TLV = tag u16, length u16 (of the value alone), value; everything little-endian. An STLV is a TLV whose value is TLVs;
a document is one STLV whose tag is the code of the document. Repeatable tags simply repeat; the order is free.
The path of every receipt leads through here, so framing is plain ``struct``: no declarative layouts.

Python values by kind of tag (``tags.Kind``):

=========================  ====================================================================================
byte, uint16, uint32, bits  int
vln                         int; money is kopecks. Zero-length values are 0
fvln                        Decimal, not negative; the number of digits after the point is kept
unix_time                   naive datetime, whole seconds: local civil time written as if it were UTC
text                        str (CP866); fixed-length text loses the spaces on the right that pad it
bytes, unknown tags         bytes
stlv                        list of (tag, value); encoding takes ready TLV bytes as well
=========================  ====================================================================================

Sources: FNS order ЕД-7-20/662@, appendix 2, tables 1, 2 and 5; messages of test FNs published with an OFD library.
"""

import codecs
import struct
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TypeAlias

from protocol.ffd.tags import TAGS, Kind, Tag

Value: TypeAlias = int | str | bytes | Decimal | datetime | list[tuple[int, "Value"]]
"""What ``decode`` gives."""
Input: TypeAlias = int | str | bytes | Decimal | datetime | Sequence[tuple[int, "Input"]]
"""What ``encode`` takes."""
Json: TypeAlias = int | str | list["Json"] | dict[str, "Json"]

MAX_DEPTH = 8
"""STLVs inside each other at most (a guess; real documents need four). Deeper ones are refused, not followed."""

_HEADER = struct.Struct("<HH")
_BYTE = struct.Struct("<HHB")
_CHARACTERS = bytes(range(256)).decode("cp866")
_CP866 = codecs.charmap_build(_CHARACTERS)
"""Fifteen times as fast as the dictionary of Python's own encoder."""
_EPOCH = datetime(1970, 1, 1)
_SECOND = timedelta(seconds=1)


class TlvError(ValueError):
    """Bytes that are no TLVs, or a value that does not fit its tag. The message names the tag."""


def tlv(tag: int, value: bytes) -> bytes:
    """One TLV: ``tag`` and ``value`` with its length. Raises TlvError when either does not fit 16 bits."""
    try:
        return _HEADER.pack(tag, len(value)) + value
    except struct.error:
        raise TlvError(f"tag {tag} with {len(value)} bytes does not fit a TLV header: both are at most 65535") from None


def split(data: bytes) -> list[tuple[int, bytes]]:
    """The (tag, value) pairs of concatenated TLVs, in order. Raises TlvError when a length runs past the end."""
    parts: list[tuple[int, bytes]] = []
    unpack = _HEADER.unpack_from
    end = len(data)
    position = 0
    while position < end:
        start = position + 4
        if start > end:
            raise TlvError(f"{end - position} bytes are left at offset {position}, a TLV header has 4")
        tag, length = unpack(data, position)
        position = start + length
        if position > end:
            raise TlvError(f"tag {tag}: length {length}, but {end - start} bytes are left")
        parts.append((tag, data[start:position]))
    return parts


def byte_tlv(tag: int, number: int) -> bytes:
    """One TLV of one byte. ``number``: 0..255, as the caller has made sure."""
    return _BYTE.pack(tag, 1, number)


def vln_tlv(tag: int, number: int) -> bytes:
    """One TLV of a VLN."""
    try:
        size = (number.bit_length() + 7) // 8 or 1
        return _HEADER.pack(tag, size) + number.to_bytes(size, "little")
    except OverflowError:
        raise TlvError(f"tag {tag}: VLN is unsigned, {number} is not") from None


def text(value: str, errors: str = "replace") -> bytes:
    """CP866 text; what the page lacks becomes a question mark, or raises UnicodeEncodeError if ``errors`` is strict."""
    return codecs.charmap_encode(value, errors, _CP866)[0]


def text_of(data: bytes) -> str:
    """What CP866 bytes say: every byte has a character."""
    return codecs.charmap_decode(data, "strict", _CHARACTERS)[0]


def vln(number: int) -> bytes:
    """«VLN»: an unsigned number in as few bytes as it needs, at least one, little-endian."""
    try:
        return number.to_bytes((number.bit_length() + 7) // 8 or 1, "little")
    except OverflowError:
        raise TlvError(f"VLN is unsigned, {number} is not") from None


def quantity(milli: int) -> bytes:
    """«FVLN» value of a quantity in thousandths: ``03`` and the number."""
    return b"\x03" + vln(milli)


def unix_time(at: datetime | float) -> bytes:
    """«UnixTime»: four bytes, whole seconds. ``at``: local civil time, as a naive datetime or as world seconds."""
    try:
        seconds = (at - _EPOCH) // _SECOND if isinstance(at, datetime) else int(at)
        return seconds.to_bytes(4, "little")
    except (OverflowError, TypeError, ValueError):
        raise TlvError(f"UnixTime holds naive times of the years 1970..2106, not {at}") from None


def encode(tag: int, value: Input) -> bytes:
    """The TLV of a tag and a Python value (the table above). Unknown tags take bytes.

    Raises TlvError when the value has a wrong type, is too long, or cannot be written in CP866.
    """
    return tlv(tag, _encoder(tag)(value))


def decode(tag: int, data: bytes) -> Value:
    """The Python value of a tag (the table above). Raises TlvError.

    Numbers must fit the width of their tag; the length of texts and bytes is not judged here (see ``documents.check``).
    """
    return _decoder(tag)(data, MAX_DEPTH)


def decode_all(data: bytes) -> list[tuple[int, Value]]:
    """The (tag, Python value) pairs of concatenated TLVs, in order. Raises TlvError."""
    return _decode_all(data, MAX_DEPTH)


def to_json(data: bytes) -> dict[str, Json]:
    """Concatenated TLVs, for people: JSON names, ISO times, bytes in hex, decimals as text; nested STLV as objects.

    Repeatable tags, and tags that occur more than once, are lists. A tag without a JSON name of its own goes by its
    number. Raises TlvError.
    """
    return _to_json(decode_all(data))


# Encoding


@cache
def _encoder(tag: int) -> Callable[[Input], bytes]:
    row = TAGS.get(tag)
    if row is None:
        return lambda value: _bytes(tag, value)
    return _ENCODERS[row.kind](row)


def _wrong_type(tag: int, expected: str, value: object) -> TlvError:
    return TlvError(f"tag {tag} takes {expected}, not {type(value).__name__}")


def _bytes(tag: int, value: Input) -> bytes:
    if not isinstance(value, bytes):
        raise _wrong_type(tag, "bytes", value)
    return value


def _fitting(row: Tag, data: bytes) -> bytes:
    if len(data) > row.max_len:
        raise TlvError(f"tag {row.number}: {len(data)} bytes, at most {row.max_len} fit")
    if row.fixed and len(data) < row.max_len:
        raise TlvError(f"tag {row.number}: {len(data)} bytes, exactly {row.max_len} are needed")
    return data


def _fixed_int_encoder(row: Tag) -> Callable[[Input], bytes]:
    number, width = row.number, _width(row)

    def write(value: Input) -> bytes:
        if not isinstance(value, int):
            raise _wrong_type(number, "int", value)
        try:
            return value.to_bytes(width, "little")
        except OverflowError:
            raise TlvError(f"tag {number}: {value} does not fit {width} unsigned bytes") from None

    return write


def _vln_encoder(row: Tag) -> Callable[[Input], bytes]:
    number, most = row.number, row.max_len

    def write(value: Input) -> bytes:
        if not isinstance(value, int):
            raise _wrong_type(number, "int", value)
        data = vln(value)
        if len(data) > most:
            raise TlvError(f"tag {number}: {value} needs {len(data)} bytes, at most {most} fit")
        return data

    return write


def _fvln_encoder(row: Tag) -> Callable[[Input], bytes]:
    def write(value: Input) -> bytes:
        if not isinstance(value, Decimal):
            raise _wrong_type(row.number, "Decimal", value)
        sign, digits, exponent = value.as_tuple()
        if sign or not isinstance(exponent, int) or not -255 <= exponent <= 18 or len(digits) > 18:
            raise TlvError(f"tag {row.number}: {value} is no decimal that FVLN can hold")
        number = int("".join(map(str, digits))) * 10 ** max(exponent, 0)
        return _fitting(row, bytes((max(-exponent, 0),)) + vln(number))

    return write


def _text_encoder(row: Tag) -> Callable[[Input], bytes]:
    number, most, fixed = row.number, row.max_len, row.fixed

    def write(value: Input) -> bytes:
        if not isinstance(value, str):
            raise _wrong_type(number, "str", value)
        try:
            data = text(value, "strict")
        except UnicodeEncodeError as error:
            raise TlvError(f"tag {number}: CP866 has no {value[error.start]!r}") from None
        if len(data) > most:
            raise TlvError(f"tag {number}: {len(data)} characters, at most {most} fit")
        return data.ljust(most) if fixed else data

    return write


def _time_encoder(row: Tag) -> Callable[[Input], bytes]:
    def write(value: Input) -> bytes:
        if not isinstance(value, datetime):
            raise _wrong_type(row.number, "datetime", value)
        return unix_time(value)

    return write


def _bytes_encoder(row: Tag) -> Callable[[Input], bytes]:
    return lambda value: _fitting(row, _bytes(row.number, value))


def _stlv_encoder(row: Tag) -> Callable[[Input], bytes]:
    def write(value: Input) -> bytes:
        if isinstance(value, bytes):
            return _fitting(row, value)
        if isinstance(value, int | str | Decimal | datetime):
            raise _wrong_type(row.number, "(tag, value) pairs or bytes", value)
        return _fitting(row, b"".join([encode(tag, part) for tag, part in value]))

    return write


_ENCODERS: dict[Kind, Callable[[Tag], Callable[[Input], bytes]]] = {
    Kind.BYTE: _fixed_int_encoder,
    Kind.UINT16: _fixed_int_encoder,
    Kind.UINT32: _fixed_int_encoder,
    Kind.BITS: _fixed_int_encoder,
    Kind.VLN: _vln_encoder,
    Kind.FVLN: _fvln_encoder,
    Kind.UNIX_TIME: _time_encoder,
    Kind.TEXT: _text_encoder,
    Kind.BYTES: _bytes_encoder,
    Kind.STLV: _stlv_encoder,
}


# Decoding

_WIDTHS = {Kind.BYTE: 1, Kind.UINT16: 2, Kind.UINT32: 4, Kind.UNIX_TIME: 4}


def _width(row: Tag) -> int:
    """Bytes of a number of fixed width; of a bit mask, its whole length."""
    return _WIDTHS.get(row.kind, row.max_len)


@cache
def _decoder(tag: int) -> Callable[[bytes, int], Value]:
    """What reads the value of a tag, given how deep structures may still lie in it."""
    row = TAGS.get(tag)
    if row is None:
        return lambda data, depth: data
    if row.kind is Kind.STLV:
        return lambda data, depth: _decode_all(data, depth - 1)
    known, read = row, _DECODERS[row.kind]
    return lambda data, depth: read(known, data)


def _decode_all(data: bytes, depth: int) -> list[tuple[int, Value]]:
    if depth < 0:
        raise TlvError(f"STLVs inside each other more than {MAX_DEPTH} deep")
    return [(tag, _decoder(tag)(value, depth)) for tag, value in split(data)]


def _read_int(row: Tag, data: bytes) -> int:
    if len(data) != _width(row):
        raise TlvError(f"tag {row.number}: {len(data)} bytes, a number of {_width(row)} is needed")
    return int.from_bytes(data, "little")


def _read_vln(row: Tag, data: bytes) -> int:
    if len(data) > row.max_len:
        raise TlvError(f"tag {row.number}: {len(data)} bytes, at most {row.max_len} fit")
    return int.from_bytes(data, "little")


def _read_fvln(row: Tag, data: bytes) -> Decimal:
    if not data:
        return Decimal(0)
    if len(data) > row.max_len:
        raise TlvError(f"tag {row.number}: {len(data)} bytes, at most {row.max_len} fit")
    return Decimal(int.from_bytes(data[1:], "little")).scaleb(-data[0])


def _read_time(row: Tag, data: bytes) -> datetime:
    return _EPOCH + timedelta(seconds=_read_int(row, data))


def _read_text(row: Tag, data: bytes) -> str:
    told = text_of(data)
    return told.rstrip(" ") if row.fixed else told


def _read_bytes(_row: Tag, data: bytes) -> bytes:
    return data


_DECODERS: dict[Kind, Callable[[Tag, bytes], Value]] = {
    Kind.BYTE: _read_int,
    Kind.UINT16: _read_int,
    Kind.UINT32: _read_int,
    Kind.BITS: _read_int,
    Kind.VLN: _read_vln,
    Kind.FVLN: _read_fvln,
    Kind.UNIX_TIME: _read_time,
    Kind.TEXT: _read_text,
    Kind.BYTES: _read_bytes,
}


# Readable form


def _to_json(parts: list[tuple[int, Value]]) -> dict[str, Json]:
    grouped: dict[int, list[Json]] = {}
    for tag, value in parts:
        grouped.setdefault(tag, []).append(_json_value(value))
    readable: dict[str, Json] = {}
    for tag, values in grouped.items():
        row = TAGS.get(tag)
        name = row.json_name if row is not None else ""
        key = name if name and name not in readable else str(tag)
        readable[key] = values if len(values) > 1 or (row is not None and row.repeatable) else values[0]
    return readable


def _json_value(value: Value) -> Json:
    if isinstance(value, list):
        return _to_json(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return value.hex()
    return value
