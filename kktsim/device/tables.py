"""«Таблицы настроек»: which fields there are, their widths and defaults; 46h reads, 50h writes.

Values are kept only where they differ from the default. Source: ATOL protocol 3.1, tables; the default СНО as a bit
mask by a real Evotor log. The fields here are those that the modelled commands use or that real drivers ask.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from kktsim.device.dispatch import handles
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal
from protocol.atol import code_page
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.tables import ReadTable, WriteTable
from protocol.atol.fields import from_bcd, to_bcd
from protocol.atol.kkt_codes import E

Check = Callable[[bytes], bool]


def _any(value: bytes) -> bool:
    return True


def _is_bcd(value: bytes) -> bool:
    return value.hex().isdecimal()


def _one_of(*allowed: int) -> Check:
    return lambda value: value[0] in allowed


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a table: bytes, default by row, and which values are legal."""

    width: int
    default: Callable[[int], bytes]
    is_legal: Check = _any


def _binary(value: int, width: int = 1, is_legal: Check = _any) -> Field:
    return Field(width, lambda row: value.to_bytes(width, "big"), is_legal)


def _bcd(value: int, width: int = 1) -> Field:
    return Field(width, lambda row: to_bcd(value, width), _is_bcd)


def _by_row(width: int, values: Callable[[int], bytes], is_legal: Check = _any) -> Field:
    return Field(width, values, is_legal)


def _text(width: int, *rows: str) -> Field:
    """Text by row, spaces where none is named; the last name serves the rows behind it when it contains ``nn``."""

    def value(row: int) -> bytes:
        text = rows[row - 1] if row <= len(rows) else rows[-1] if rows and "nn" in rows[-1] else ""
        return code_page.encode_fixed(text.replace("nn", f"{row:02d}"), width)

    return Field(width, value)


def _operator_name(row: int) -> bytes:
    names = {29: "АДМИНИСТРАТОР", 30: "СИС. АДМИНИСТРАТОР"}
    return code_page.encode_fixed(names.get(row, f"КАССИР {row:02d}"), 57)


_PAYMENT_NAMES = (
    "БЕЗНАЛИЧНЫМИ",
    "ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА (АВАНС)",
    "ПОСЛЕДУЮЩАЯ ОПЛАТА (КРЕДИТ)",
    "ИНАЯ ФОРМА ОПЛАТЫ",
    "ПЛАТ.КАРТОЙ",
    "ТАРОЙ",
    "КРЕДИТОМ",
    "ТИП 9",
    "ТИП 10",
)
_TAXES = (  # name, rate as two BCD bytes, tag of the sum in the receipt
    ("НДС 20%", "2000", 1102),
    ("НДС 10%", "1000", 1103),
    ("НДС 20/120", "2000", 1106),
    ("НДС 10/110", "1000", 1107),
    ("НДС 0%", "0000", 1104),
    ("БЕЗ НДС", "0000", 1105),
)
_FOOTER = ("СПАСИБО", "ЗА ПОКУПКУ!", "-" * 32, "", "", "ТОРГОВЫЙ ОБЪЕКТ №1", "ДОБРО ПОЖАЛОВАТЬ!", "-" * 32)

TABLES: dict[int, tuple[int, dict[int, Field]]] = {
    2: (
        1,
        {
            1: _binary(1),
            11: _binary(0),
            15: _binary(1),
            18: _binary(0),
            19: Field(1, lambda row: b"\x12", _is_bcd),
            20: _binary(0),
            22: _binary(0),
            23: _bcd(0, 2),
            24: _binary(1),
            25: _binary(0),
            26: _binary(1),
            27: _binary(0),
            28: _binary(0),
            30: _binary(2),
            32: _binary(1),
            36: _binary(4),
            43: _binary(1),
            46: _binary(0),
            51: _binary(1),
            55: _binary(32),
            85: _binary(2),
            91: _bcd(5555, 2),
            98: _binary(1),
            105: _binary(0),
            106: _binary(0),
            110: _binary(0),
            111: _binary(0),
            112: _binary(0),
            113: _binary(0),
            114: _binary(0),
            121: _binary(0),
            123: _binary(2),
        },
    ),
    3: (30, {1: _by_row(4, lambda row: to_bcd(row, 4), _is_bcd), 2: _by_row(57, _operator_name), 3: _text(12)}),
    6: (20, {1: _text(57, *_FOOTER)}),
    7: (16, {1: _text(57, "СЕКЦИЯ nn"), 2: _bcd(1)}),
    12: (
        9,
        {
            1: _text(64, *_PAYMENT_NAMES),
            2: _by_row(1, lambda row: bytes((row + 1 if row <= 4 else 2,)), _one_of(1, 2, 3, 4, 5)),
        },
    ),
    13: (
        6,
        {
            1: _text(57, *(name for name, _, _ in _TAXES)),
            2: _by_row(2, lambda row: bytes.fromhex(_TAXES[row - 1][1]), _is_bcd),
            3: _by_row(2, lambda row: _TAXES[row - 1][2].to_bytes(2, "big")),
        },
    ),
    19: (
        1,
        {
            1: _text(64, "0.0.0.0"),
            2: _binary(7777, 2),
            3: _binary(0, 4),
            4: _binary(1, 1, _one_of(1, 2, 3, 4, 5)),
            6: _binary(0),
            8: _text(96),
            9: _text(64),
            10: _binary(80, 2),
            11: _binary(60, 2),
            12: _binary(5, 1, _one_of(1, 2, 3, 4, 5)),
            13: _binary(30),
            14: _text(15),
        },
    ),
}
"""Table to (number of rows, field number to field)."""


def _field(table: int, row: int, field: int) -> Field:
    if table not in TABLES:
        raise Refusal(E.WRONG_TABLE)
    rows, table_fields = TABLES[table]
    if not 1 <= row <= rows:
        raise Refusal(E.WRONG_ROW)
    if field not in table_fields:
        raise Refusal(E.WRONG_FIELD)
    return table_fields[field]


@cache
def _default(table: int, row: int, field: int) -> bytes:
    return TABLES[table][1][field].default(row)


def value(kkt: Kkt, table: int, row: int, field: int) -> bytes:
    """The bytes of one field; raises `Refusal`: wrong table, row or field."""
    _field(table, row, field)
    return kkt.memory.tables.get((table, row, field)) or _default(table, row, field)


def number(kkt: Kkt, table: int, row: int, field: int) -> int:
    """A binary field as a number."""
    return int.from_bytes(value(kkt, table, row, field), "big")


def text(kkt: Kkt, table: int, row: int, field: int) -> str:
    """A text field without the spaces behind it."""
    return code_page.decode(value(kkt, table, row, field)).rstrip()


def operator_by_password(kkt: Kkt, password: int) -> int | None:
    """The row of table 3 with this password; the highest when several have it, None when none."""
    for row in range(30, 0, -1):
        if from_bcd(value(kkt, 3, row, 1)) == password:
            return row
    return None


def payment_group(kkt: Kkt, form: int) -> int:
    """Which of the five payment groups of the document form 1..10 belongs to; raises `Refusal`."""
    if form == 1:
        return 1
    if not 2 <= form <= 10:
        raise Refusal(E.WRONG_PAYMENT_TYPE)
    return number(kkt, 12, form - 1, 2)


@handles(ReadTable, mode=(Mode.SELECTION, Mode.REGISTRATION, Mode.PROGRAMMING))
def read_table(kkt: Kkt, request: ReadTable, at: float) -> bytes:
    """«Чтение таблицы»."""
    return value(kkt, request.table, request.row, request.field)


@handles(WriteTable, mode=Mode.PROGRAMMING)
def write_table(kkt: Kkt, request: WriteTable, at: float) -> bytes:
    """«Программирование таблицы»; refuses a value of another width (14h) or outside the field's range (13h)."""
    field = _field(request.table, request.row, request.field)
    if len(request.value) != field.width:
        raise Refusal(E.BAD_LENGTH)
    if not field.is_legal(request.value):
        raise Refusal(E.BAD_FORMAT)
    kkt.memory.tables[request.table, request.row, request.field] = request.value
    return b""
