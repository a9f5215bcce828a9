"""Fields of application messages: packed BCD numbers, money, quantities, dates, passwords, text.

Numbers are big-endian packed BCD, money in kopecks, quantities in thousandths. A field that does not fit its type
raises `FieldError` with the wire code the till answers.

Source: ATOL protocol 3.1, application level, numbers and text.
"""

from datetime import date, datetime, time
from enum import IntEnum
from typing import Any

from construct import Adapter, Byte, Bytes, Construct, GreedyBytes

from protocol.atol import code_page
from protocol.atol.kkt_codes import E


class FieldError(ValueError):
    """A field of a command is no value of its type. ``code``: what the till answers."""

    def __init__(self, code: E) -> None:
        super().__init__(f"{code.name} ({int(code):02X}h)")
        self.code = code


def from_bcd(data: bytes) -> int:
    """The number in packed BCD; raises `FieldError` on a nibble above 9."""
    try:
        return int(data.hex())
    except ValueError:
        raise FieldError(E.BAD_FORMAT) from None


def to_bcd(number: int, width: int) -> bytes:
    """``width`` bytes of packed BCD; a number that needs more digits keeps its low ones, as a counter that wraps."""
    return bytes.fromhex(f"{number % 100**width:0{2 * width}d}")


def emit_byte_reader(field: Any, code: Any) -> str:
    """Source of reading one byte by ``field.read_byte``, for construct's compiler (it knows no adapters)."""
    field._compileinstance(code)
    return f"linkedinstances[{id(field)}].read_byte(io.read(1)[0])"


class _Bcd(Adapter):  # type: ignore[misc]
    def __init__(self, width: int) -> None:
        super().__init__(Bytes(width))
        self._width = width

    def _emitparse(self, code: Any) -> str:
        code.append("from protocol.atol.fields import from_bcd")
        return f"from_bcd(io.read({self._width}))"

    def _decode(self, obj: bytes, context: object, path: str) -> int:
        return from_bcd(obj)

    def _encode(self, obj: int, context: object, path: str) -> bytes:
        return to_bcd(obj, self._width)


class _Enum(Adapter):  # type: ignore[misc]
    def __init__(self, members: type[IntEnum], refusal: E) -> None:
        super().__init__(Byte)
        self._members = members
        self._refusal = refusal

    def _decode(self, obj: int, context: object, path: str) -> IntEnum:
        return self.read_byte(obj)

    def _emitparse(self, code: Any) -> str:
        return emit_byte_reader(self, code)

    def read_byte(self, obj: int) -> IntEnum:
        """The member of a byte; raises `FieldError`."""
        try:
            return self._members(obj)
        except ValueError:
            raise FieldError(self._refusal) from None

    def _encode(self, obj: IntEnum, context: object, path: str) -> int:
        return int(obj)


class _DateTime(Adapter):  # type: ignore[misc]
    """Day, month, year [hour, minute [, second]] in BCD."""

    def __init__(self, width: int) -> None:
        super().__init__(Bytes(width))
        self._width = width

    def _decode(self, obj: bytes, context: object, path: str) -> datetime:
        return date_time_from_bcd(obj)

    def _encode(self, obj: datetime, context: object, path: str) -> bytes:
        return date_time_to_bcd(obj, self._width)


class _OptionalDateTime(Adapter):  # type: ignore[misc]
    """The same, where zeros say that there is none."""

    def __init__(self, width: int) -> None:
        super().__init__(Bytes(width))
        self._width = width

    def _decode(self, obj: bytes, context: object, path: str) -> datetime | None:
        return date_time_from_bcd(obj) if any(obj) else None

    def _encode(self, obj: datetime | None, context: object, path: str) -> bytes:
        return bytes(self._width) if obj is None else date_time_to_bcd(obj, self._width)


class _Time(Adapter):  # type: ignore[misc]
    """Hour, minute, second in BCD."""

    def _decode(self, obj: bytes, context: object, path: str) -> time:
        hour, minute, second = (from_bcd(obj[index : index + 1]) for index in range(3))
        try:
            return time(hour, minute, second)
        except ValueError:
            raise FieldError(E.WRONG_TIME) from None

    def _encode(self, obj: time, context: object, path: str) -> bytes:
        return bytes.fromhex(obj.strftime("%H%M%S"))


class _Text(Adapter):  # type: ignore[misc]
    def _emitparse(self, code: Any) -> str:
        code.append("from protocol.atol import code_page")
        return "code_page.decode(io.read())"

    def _decode(self, obj: bytes, context: object, path: str) -> str:
        return code_page.decode(obj)

    def _encode(self, obj: str, context: object, path: str) -> bytes:
        return code_page.encode(obj)


class _FixedText(Adapter):  # type: ignore[misc]
    """Text of a fixed width, padded with zeros or spaces."""

    def __init__(self, width: int) -> None:
        super().__init__(Bytes(width))
        self._width = width

    def _decode(self, obj: bytes, context: object, path: str) -> str:
        return code_page.decode(obj.rstrip(b"\x00 "))

    def _encode(self, obj: str, context: object, path: str) -> bytes:
        return code_page.encode(obj)[: self._width].ljust(self._width, b"\x00")


def date_time_from_bcd(data: bytes) -> datetime:
    """Date and time of 3, 5 or 6 bytes DD MM YY [hh mm [ss]]; raises `FieldError`: wrong date or wrong time."""
    day, month, year, *clock = (from_bcd(data[index : index + 1]) for index in range(len(data)))
    try:
        on = date(2000 + year, month, day)
    except ValueError:
        raise FieldError(E.WRONG_DATE) from None
    try:
        hour, minute, second = (*clock, 0, 0, 0)[:3]
        return datetime(on.year, on.month, on.day, hour, minute, second)
    except ValueError:
        raise FieldError(E.WRONG_TIME) from None


def date_time_to_bcd(moment: datetime, width: int) -> bytes:
    """The first ``width`` (3, 5 or 6) bytes of DD MM YY hh mm ss."""
    return bytes.fromhex(moment.strftime("%d%m%y%H%M%S"))[:width]


def bcd(width: int) -> Construct:
    """A number of ``width`` bytes of packed BCD."""
    return _Bcd(width)


def byte_enum(members: type[IntEnum], refusal: E = E.BAD_FORMAT) -> Construct:
    """One byte out of ``members``; anything else is answered ``refusal``."""
    return _Enum(members, refusal)


def bcd_date_time(width: int) -> Construct:
    """Date and time of 3, 5 or 6 bytes."""
    return _DateTime(width)


def optional_date_time(width: int) -> Construct:
    """Date and time of 3, 5 or 6 bytes; None is all zeros."""
    return _OptionalDateTime(width)


def fixed_text(width: int) -> Construct:
    """Text of exactly ``width`` bytes."""
    return _FixedText(width)


BYTE: Any = Byte
REST: Any = GreedyBytes
TEXT: Any = _Text(GreedyBytes)
TIME: Any = _Time(Bytes(3))
