"""Values of fields as a person reads them: roubles, dates, names of enumerations and flags, text inside of bytes."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, IntEnum, IntFlag
from functools import cache
from importlib.resources import files
from typing import Any

from kktsim.decode.piece import Field, Plain, hexes
from kktsim.printer.paper import quantity, roubles
from protocol.atol import code_page

NONE = "нет / none"
_FIRST_PRINTABLE = 0x20


@cache
def russian_names() -> Mapping[str, str]:
    """English name of a field to the Russian one."""
    import tomllib  # noqa: PLC0415 - most commands of the line decode nothing

    text = files("kktsim.decode").joinpath("names.toml").read_text(encoding="utf-8")
    names: dict[str, str] = tomllib.loads(text)
    return names


def field(name: str, value: Any, text: str | None = None) -> Field:
    """A field by its English name; ``text`` when the value says more than its type tells."""
    if isinstance(value, Mapping):
        parts = tuple(field(key, part) for key, part in value.items())
        return Field(name, russian_names().get(name, ""), None, "", parts)
    if isinstance(value, list | tuple):
        parts = tuple(field(str(number), part) for number, part in enumerate(value, 1))
        return Field(name, russian_names().get(name, ""), None, "", parts)
    return Field(name, russian_names().get(name, ""), plain(value), show(name, value) if text is None else text)


def fields(values: Mapping[str, Any]) -> tuple[Field, ...]:
    """Every value as a field."""
    return tuple(field(name, value) for name, value in values.items())


def plain(value: Any) -> Plain:
    """The value as JSON has it: times in ISO, bytes in hex."""
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, bytes | bytearray):
        return hexes(bytes(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if isinstance(value, int | str | bool | None) else str(value)


def show(name: str, value: Any) -> str:
    """The value in words; its unit is known by the name."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "да / yes" if value else "нет / no"
    if name.endswith("_kopecks"):
        return money(value)
    if name.endswith("_milli"):
        return quantity(value)
    words = next((words for kind, words in _BY_TYPE if isinstance(value, kind)), str)
    return words(value)


def money(kopecks: int) -> str:
    """``200.00 руб.`` for 20000."""
    return f"{roubles(kopecks)} руб."


def bits(value: int, names: Mapping[int, str]) -> str:
    """``0B: фискальная, смена открыта``: the named bits that are set; the others by their number."""
    told = [name for bit, name in names.items() if value & bit]
    rest = value & ~sum(names)
    if rest:
        told.append(f"{rest:02X}h")
    return f"{value:02X}h: {', '.join(told)}" if told else f"{value:02X}h"


def of_bytes(value: bytes) -> str:
    """Hex, and the text in it when every byte is a character."""
    if not value:
        return "(пусто / empty)"
    told = value.rstrip(b"\x00 ")
    if len(told) > 1 and all(byte >= _FIRST_PRINTABLE for byte in told):
        return f"{hexes(value)} «{code_page.decode(told)}»"
    return hexes(value)


def _of_text(value: str) -> str:
    """One line, whatever characters somebody put into it."""
    told = "".join(one if one.isprintable() or one == "\xa0" else repr(one)[1:-1] for one in value)
    return f"«{told}»" if told else "(пусто / empty)"


def _of_flag(value: IntFlag) -> str:
    named = [member.name or "" for member in type(value) if member.value and value & member.value == member.value]
    return f"{int(value):02X}h {'|'.join(named)}".rstrip()


def _of_enum(value: IntEnum) -> str:
    return f"{int(value)} {value.name}"


def _of_datetime(value: datetime) -> str:
    return value.strftime("%d.%m.%Y %H:%M:%S" if value.second else "%d.%m.%Y %H:%M")


_BY_TYPE: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (IntFlag, _of_flag),
    (IntEnum, _of_enum),
    (datetime, _of_datetime),
    (date, lambda value: value.strftime("%d.%m.%Y")),
    (time, lambda value: value.strftime("%H:%M:%S")),
    (Decimal, lambda value: format(value, "f")),
    (bytes, of_bytes),
    (str, _of_text),
)
