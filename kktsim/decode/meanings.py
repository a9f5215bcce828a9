"""What values of application fields mean beyond their type: modes, registers, settings tables, bits of flags.

Sources: ATOL protocol 3.1, commands 3Fh, 43h, 45h, 46h, 91h, B8h; ATOL's driver 10.8 as observed (how it takes the
flags).
"""

from collections.abc import Callable, Mapping
from typing import Any

from kktsim.decode.piece import hexes
from kktsim.decode.values import bits, money
from protocol.atol import settings_tables
from protocol.atol.command import Command
from protocol.atol.commands.discounts import AddDiscount
from protocol.atol.commands.registers import REGISTERS
from protocol.atol.commands.tables import ReadTable, WriteTable
from protocol.atol.errors import catalogue
from protocol.atol.kkt_codes import E
from protocol.atol.words import mode, phase
from protocol.ffd.tags import TAGS

_STATUS_FLAGS = {
    0x01: "фискальная / fiscal",
    0x02: "смена открыта / shift open",
    0x04: "ящик закрыт / drawer closed",
    0x08: "есть бумага / paper",
    0x10: "не используется (была бумага контрольной ленты) / unused (was journal paper)",
    0x20: "крышка открыта / cover open",
    0x40: "ФН активирован / FN activated",
    0x80: "батареи нет / no battery",
}
_PRINTER_FLAGS = {
    0x01: "нет бумаги / no paper",
    0x02: "нет связи с принтером / printer link lost",
    0x04: "механическая ошибка / mechanical error",
    0x08: "ошибка отрезчика / cutter error",
    0x10: "перегрев головки / head overheated",
    0x20: "замятие бумаги / paper jam",
    0x40: "ошибка презентера / presenter error",
    0x80: "бумага кончается / paper near end",
}
_ANYWHERE: Mapping[str, Callable[[int], str]] = {"mode": mode, "fn_phase": phase}
"""Fields that mean the same wherever they are."""
FLAGGED: Mapping[tuple[int, str], Mapping[int, str]] = {
    (0x3F, "flags"): _STATUS_FLAGS,
    (0x45, "flags"): _PRINTER_FLAGS,
    (0xE8, "flags"): {0x01: "печатать / print", 0x02: "пользовательский / of the user"},
}
"""Command and field to the meaning of its bits."""


def of(code: int, key: str, value: Any, command: Command | None) -> str | None:
    """What a field means; None: what its type says. ``command``: the request it is in or answers, if it can be read."""
    if (code, key) in FLAGGED and isinstance(value, int):
        return bits(value, FLAGGED[code, key])
    words = _ANYWHERE.get(key)
    if words is not None and isinstance(value, int):
        return words(value)
    explain = _EXPLAINED.get((code, key))
    return None if explain is None else explain(value, command)


def _worded(words: Mapping[int, str]) -> Callable[[int, Command | None], str | None]:
    """Tells the values of a small enumeration."""
    return lambda value, _command: f"{value} {words[value]}" if value in words else None


def _discount_type(value: int, _command: Command | None) -> str:
    return f"{value} {_DISCOUNT_TYPES[value & 1]}"


def _discount_size(value: int, command: Command | None) -> str | None:
    """Hundredths of a percent, or kopecks; None when the type is not known."""
    if not isinstance(command, AddDiscount):
        return None
    return money(value) if command.type & 1 else f"{value / 100:.2f} %"


def _named(value: int, name: str) -> str | None:
    return f"{value} «{name}»" if name else None


def _register(value: int, _command: Command | None) -> str | None:
    return _named(value, REGISTERS[value][0] if value in REGISTERS else "")


def _tag(value: int, _command: Command | None) -> str | None:
    return _named(value, TAGS[value].name_ru if value in TAGS else "")


def _extended(value: int, _command: Command | None) -> str:
    """«Расширенный код ошибки»: what register 55 tells after the byte EEh."""
    told = f"{value:04X}h"
    error = catalogue().details.get((E.EXTENDED, value))
    return told if error is None else f"{told} {error.identifier} {error.screen_text}"


def _extended_data(value: bytes, _command: Command | None) -> str:
    """The requisite that the error is about, if it is about one."""
    tag = int.from_bytes(value[:2], "big")
    return f"{hexes(value)}: {tag} «{TAGS[tag].name_ru}»" if tag in TAGS else hexes(value)


def _table(value: int, _command: Command | None) -> str | None:
    known = settings_tables.tables().get(value)
    return _named(value, known.name_ru if known is not None else "")


def _table_field(value: int, command: Command | None) -> str | None:
    known = _place(command)
    return _named(value, known.name_ru if known is not None else "")


def _table_value(value: bytes, command: Command | None) -> str | None:
    """By the kind of the field; None when there is no such field, or its width is another."""
    known = _place(command)
    if known is None or len(value) != known.width:
        return None
    told = str(known.read(value))
    names = known.bit_names(value)
    return f"{told}: {', '.join(names)}" if names else f"{told} ({hexes(value)})"


def _place(command: Command | None) -> settings_tables.Field | None:
    if isinstance(command, ReadTable | WriteTable):
        return settings_tables.find(command.table, command.row, command.field)
    return None


_DISCOUNT_TYPES = ("процент / percent", "сумма / sum")
_DISCOUNT_AREAS = {0: "весь чек / whole receipt", 1: "последняя позиция / last item"}
_DISCOUNT_SIGNS = {0: "скидка / discount", 1: "надбавка / surcharge"}
_TAX_AREAS = {0: "весь чек / whole receipt"}
_EXPLAINED: Mapping[tuple[int, str], Callable[[Any, Command | None], str | None]] = {
    (0x43, "area"): _worded(_DISCOUNT_AREAS),
    (0x43, "type"): _discount_type,
    (0x43, "sign"): _worded(_DISCOUNT_SIGNS),
    (0x43, "size"): _discount_size,
    (0xE6, "discount_type"): _discount_type,
    (0xE6, "discount_sign"): _worded(_DISCOUNT_SIGNS),
    (0xB8, "area"): _worded(_TAX_AREAS),
    (0xB9, "area"): _worded(_TAX_AREAS),
    (0x91, "register"): _register,
    (0x91, "error"): _extended,
    (0x91, "data"): _extended_data,
    (0xE9, "tag"): _tag,
    (0x46, "table"): _table,
    (0x46, "field"): _table_field,
    (0x46, "value"): _table_value,
    (0x50, "table"): _table,
    (0x50, "field"): _table_field,
    (0x50, "value"): _table_value,
}
