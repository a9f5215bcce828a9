"""Bytes as the ledger reads and writes them: numbers, dates, TLVs. None of it is borrowed from the product."""

from collections.abc import Mapping
from datetime import datetime

SUMMED = (1031, 1081, 1215, 1216, 1217, 1102, 1103, 1104, 1105, 1106, 1107)
"""Payments and taxes of a receipt, in the order of the FN's counters."""


def number(data: bytes) -> int:
    """Little-endian."""
    return int.from_bytes(data, "little")


def u16(value: int) -> bytes:
    """Two bytes."""
    return value.to_bytes(2, "little")


def u32(value: int) -> bytes:
    """Four bytes."""
    return value.to_bytes(4, "little")


def u48(value: int) -> bytes:
    """Six bytes."""
    return value.to_bytes(6, "little")


def date_time(at: datetime | None) -> bytes:
    """DATE_TIME: five binary bytes, zeros for none."""
    return bytes(5) if at is None else bytes((at.year - 2000, at.month, at.day, at.hour, at.minute))


def day(at: datetime | None) -> bytes:
    """DATE: the first three bytes of DATE_TIME."""
    return date_time(at)[:3]


def read_date_time(data: bytes) -> datetime:
    """Of the first five bytes."""
    return datetime(2000 + data[0], data[1], data[2], data[3], data[4])


def split(data: bytes) -> list[tuple[int, bytes]]:
    """Tags and values of whole TLVs."""
    parts = []
    while data:
        size = number(data[2:4])
        parts.append((number(data[:2]), data[4 : 4 + size]))
        data = data[4 + size :]
    return parts


def is_broken(data: bytes) -> bool:
    """Whether the lengths do not add up."""
    while data:
        size = 4 + number(data[2:4])
        if len(data) < max(4, size):
            return True
        data = data[size:]
    return False


def sums_of(data: bytes) -> tuple[int, ...]:
    """Payments and taxes that the KKT told of a receipt."""
    values: Mapping[int, bytes] = dict(split(data))
    return tuple(number(values.get(tag, b"")) for tag in SUMMED)
