"""«Таблицы настроек»: what each field is called, how wide it is, what it holds in a new till and what it may hold.

The list is ``data/kkt_tables.toml`` (its head explains the columns and names the sources); it is read on first use.
A place is (table, row, field). Values are the bytes of the wire, texts in the till's «внешняя» code page.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from protocol.atol import code_page
from protocol.atol.fields import to_bcd

Place = tuple[int, int, int]
Value = int | str


class Kind(StrEnum):
    """How a value is written."""

    BIN = "bin"
    BCD = "bcd"
    HEAD = "head"
    """One BCD byte in front of zeros."""
    CHAR = "char"
    """Printed text, padded with spaces; 46h may tell it in the printer's code page."""
    ASCII = "ascii"
    """Text that is not printed, padded with spaces or zeros."""
    IP = "ip"
    BYTES = "bytes"
    DATE = "date"
    TIME = "time"


NUMBERS = frozenset((Kind.BIN, Kind.BCD, Kind.HEAD))


class Write(StrEnum):
    """When a field may be written."""

    FREE = "free"
    CLOSED = "closed"
    """With a closed shift only."""
    ONCE = "once"
    """While it has its default."""
    NEVER = "never"
    """By a command of its own only."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a table, in the rows ``rows``."""

    table: int
    rows: range
    number: int
    name_ru: str
    name_en: str
    kind: Kind
    width: int
    defaults: tuple[Value, ...]
    """One for all rows, or one for each from the first on; rows behind the last have zero or spaces."""
    model_fact: str
    """The fact of the model that is the default; empty: ``defaults`` are."""
    low: int
    high: int
    values: frozenset[int]
    """The legal numbers; empty: those from ``low`` to ``high``."""
    bits: tuple[str, ...]
    write: Write
    works_after_restart: bool
    is_special: bool
    """Only models that name it have it."""
    source: str
    guess: str

    def places(self) -> Iterator[Place]:
        """Where the field is."""
        return ((self.table, row, self.number) for row in self.rows)

    def default(self, row: int) -> bytes:
        """The value of a new till in this row."""
        index = row - self.rows.start if len(self.defaults) > 1 else 0
        value = self.defaults[index] if index < len(self.defaults) else (0 if self.kind in NUMBERS else "")
        if value == "{row}":
            value = row
        return self.encode(value.replace("{row}", f"{row:02d}") if isinstance(value, str) else value)

    def encode(self, value: Value) -> bytes:
        """The bytes of a number, a text, a dotted address, or hex; raises ValueError when they do not fit."""
        return _ENCODE[self.kind](value, self.width)

    def read(self, value: bytes, decode: Callable[[bytes], str] = code_page.decode) -> Value:
        """A number, or text for people. ``decode``: the code page the text came in."""
        if self.kind is Kind.BIN:
            return int.from_bytes(value, "big")
        if self.kind in NUMBERS:
            digits = value[:1].hex() if self.kind is Kind.HEAD else value.hex()
            return int(digits) if digits.isdecimal() else value.hex(" ").upper()
        if self.kind is Kind.CHAR:
            return decode(value).rstrip(" ")
        if self.kind is Kind.ASCII:
            return code_page.decode(value.rstrip(b"\x00 "))
        if self.kind is Kind.IP:
            return ".".join(map(str, value))
        return value.hex(" ").upper()

    def bit_names(self, value: bytes) -> list[str]:
        """Names of the bits that are set; those without a name by their number."""
        number = int.from_bytes(value, "big")
        names = (*self.bits, *("" for _ in range(8 * self.width)))
        return [names[bit] or f"бит {bit}" for bit in range(8 * self.width) if self.bits and number >> bit & 1]

    def is_legal(self, value: bytes) -> bool:
        """Whether a value of the right width may be written."""
        return _IS_LEGAL.get(self.kind, _any)(self, value)

    def allows(self, number: int) -> bool:
        """Whether a number is one of the legal ones."""
        return number in self.values if self.values else self.low <= number <= self.high


def _any(field: Field, value: bytes) -> bool:
    return True


def _is_number(field: Field, value: bytes) -> bool:
    number = field.read(value)
    return isinstance(number, int) and field.allows(number)


def _is_head(field: Field, value: bytes) -> bool:
    return _is_number(field, value) and not any(value[1:])


def _is_date(field: Field, value: bytes) -> bool:
    try:
        day, month, year = (int(f"{byte:02x}") for byte in value)
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def _is_time(field: Field, value: bytes) -> bool:
    return value.hex().isdecimal() and int(value[:1].hex()) < 24 and int(value[1:].hex()) < 60


_IS_LEGAL: dict[Kind, Callable[[Field, bytes], bool]] = {
    Kind.BIN: _is_number,
    Kind.BCD: _is_number,
    Kind.HEAD: _is_head,
    Kind.DATE: _is_date,
    Kind.TIME: _is_time,
}


def _bin(value: Any, width: int) -> bytes:
    if not 0 <= int(value) < 256**width:
        raise ValueError(f"{value} needs more than {width} bytes")
    return int(value).to_bytes(width, "big")


def _bcd(value: Any, width: int) -> bytes:
    if not 0 <= int(value) < 100**width:
        raise ValueError(f"{value} needs more than {2 * width} digits")
    return to_bcd(int(value), width)


def _head(value: Any, width: int) -> bytes:
    return _bcd(value, 1).ljust(width, b"\x00")


def _text(value: Any, width: int) -> bytes:
    if len(str(value)) > width:
        raise ValueError(f"{value!r} is longer than {width} characters")
    return code_page.encode_fixed(str(value), width)


def _ip(value: Any, width: int) -> bytes:
    return bytes(int(part) for part in str(value).split("."))


def _hex(value: Any, width: int) -> bytes:
    return bytes.fromhex(str(value))


_ENCODE: dict[Kind, Callable[[Any, int], bytes]] = {
    Kind.BIN: _bin,
    Kind.BCD: _bcd,
    Kind.HEAD: _head,
    Kind.CHAR: _text,
    Kind.ASCII: _text,
    Kind.IP: _ip,
    Kind.BYTES: _hex,
    Kind.DATE: _hex,
    Kind.TIME: _hex,
}


@dataclass(frozen=True, slots=True)
class Table:
    """One table."""

    number: int
    name_ru: str
    name_en: str
    rows: range
    fields: tuple[Field, ...]


def span(text: str) -> range:
    """``4`` or ``88-91``; raises ValueError."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _field(table: int, rows: range, key: str, row: Mapping[str, Any]) -> Field:
    own_rows, _, number = key.rpartition("/")
    kind, width = Kind(row.get("kind", Kind.BIN)), row.get("width", 1)
    nothing: Value = 0 if kind in NUMBERS else ""
    low, high = row.get("range", (0, 256**width - 1))
    return Field(
        table=table,
        rows=span(own_rows) if own_rows else rows,
        number=int(number),
        name_ru=row["ru"],
        name_en=row["en"],
        kind=kind,
        width=width,
        defaults=tuple(row.get("defaults", (row.get("default", nothing),))),
        model_fact=row.get("model", ""),
        low=low,
        high=high,
        values=frozenset(row.get("values", ())),
        bits=tuple(row.get("bits", ())),
        write=Write(row.get("write", Write.FREE)),
        works_after_restart=row.get("restart", False),
        is_special=row.get("special", False),
        source=row["by"],
        guess=row.get("guess", ""),
    )


@cache
def tables() -> Mapping[int, Table]:
    """Every table by its number."""
    text = files("protocol").joinpath("data", "kkt_tables.toml").read_text(encoding="utf-8")
    found: dict[int, Table] = {}
    for key, row in tomllib.loads(text).items():
        number, rows = int(key), span(row["rows"])
        parts = tuple(_field(number, rows, name, part) for name, part in row["fields"].items())
        found[number] = Table(number, row["ru"], row["en"], rows, parts)
    return found


def fields() -> Iterator[Field]:
    """Every field of every table."""
    return (field for table in tables().values() for field in table.fields)


@cache
def places() -> Mapping[Place, Field]:
    """Every place of every table, those of special fields included."""
    return {place: field for field in fields() for place in field.places()}


def find(table: int, row: int, field: int) -> Field | None:
    """The field at a place, whatever model has it; None when no table has such a place."""
    return places().get((table, row, field))
