"""How requests and answers of the FN hold numbers, texts and dates; shared by ``requests`` and ``answers``.

Layouts are plain ``struct``: the sale of a receipt passes through them four times.
"""

from datetime import date, datetime
from enum import IntEnum
from struct import Struct
from typing import Any, TypeVar

from protocol.ffd import tlv
from protocol.fn.commands import DATE_SIZE, DATE_TIME_SIZE, DateTimeError, pack_date_time, unpack_date_time

NO_DATE = bytes(DATE_SIZE)
NO_DATE_TIME = bytes(DATE_TIME_SIZE)
INN_SIZE = 12
REGISTRATION_NUMBER_SIZE = 20
FN_NUMBER_SIZE = 16


class LayoutError(ValueError):
    """The data of a request or an answer has a wrong length or holds an impossible value."""


def unpack(layout: Struct, data: bytes) -> tuple[Any, ...]:
    """The fields of ``data``; LayoutError when it has not exactly the size of ``layout``."""
    if len(data) != layout.size:
        raise LayoutError(f"{len(data)} bytes where the layout has {layout.size}")
    return layout.unpack(data)


Named = TypeVar("Named", bound=IntEnum)


def named(kind: type[Named], number: int) -> Named:
    """The member of an enumeration; LayoutError when there is none of that number."""
    try:
        return kind(number)
    except ValueError as error:
        raise LayoutError(str(error)) from None


def pack_text(text: str, size: int) -> bytes:
    """CP866, padded with spaces on the right; LayoutError when it is longer than ``size`` bytes."""
    data = tlv.text(text, "strict")
    if len(data) > size:
        raise LayoutError(f"{text!r} is longer than {size} bytes")
    return data.ljust(size)


def unpack_text(data: bytes) -> str:
    """CP866 text without the padding spaces."""
    return tlv.text_of(data).rstrip(" ")


def pack_optional_date_time(at: datetime | None) -> bytes:
    """DATE_TIME; five zero bytes for None."""
    return NO_DATE_TIME if at is None else pack_date_time(at)


def unpack_optional_date_time(data: bytes) -> datetime | None:
    """Local civil time of DATE_TIME; None for five zero bytes; LayoutError when it is neither."""
    try:
        return None if data == NO_DATE_TIME else unpack_date_time(data)
    except DateTimeError as error:
        raise LayoutError(str(error)) from None


def pack_optional_date(day: date | None) -> bytes:
    """DATE, the first three bytes of DATE_TIME; three zero bytes for None."""
    return NO_DATE if day is None else pack_date_time(datetime(day.year, day.month, day.day))[:DATE_SIZE]


def unpack_optional_date(data: bytes) -> date | None:
    """The day of DATE; None for three zero bytes; LayoutError when it is neither."""
    at = None if data == NO_DATE else unpack_optional_date_time(data + b"\0\0")
    return None if at is None else at.date()
