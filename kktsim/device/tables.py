"""Chapter «Таблицы настроек»: 46h reads, 50h writes. What is written is kept; the rest is the model's default.

Source: ATOL protocol 3.1, tables. Order of checks when writing (a guess): place, width, value, whether the field may be
written now.
"""

from collections.abc import Callable, Container, Iterator

from kktsim.device.dispatch import handles
from kktsim.device.kkt import Kkt
from kktsim.device.model import KktModel
from kktsim.device.refusal import Refusal
from protocol.atol import code_page, printer_page
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.tables import ReadTable, WriteTable
from protocol.atol.fields import to_bcd
from protocol.atol.kkt_codes import E
from protocol.atol.settings_tables import Field, Kind, Place, Write, places
from protocol.ffd.tags import T

OPERATORS, PROTECTION = 3, 10
"""Tables of passwords and of protection codes."""
PASSWORD_WIDTH = 4
_ROWS_OF_OPERATORS = range(30, 0, -1)
PAYMENT_FORMS, TAX_ROWS = range(1, 11), range(1, 7)
"""Payment forms: cash and the rows of table 12; rows of table 13."""


def fields(model: KktModel) -> Iterator[tuple[Place, Field]]:
    """Every place of the model's tables with its field."""
    return iter(model.tables.fields.items())


def value(kkt: Kkt, table: int, row: int, field: int) -> bytes:
    """The bytes of one field; one that the model lacks has the usual default. Raises `Refusal`: no table has it."""
    place = (table, row, field)
    written = kkt.memory.tables.get(place)
    if written is not None:
        return written
    default = kkt.model.tables.defaults.get(place)
    if default is not None:
        return default
    known = places().get(place) or kkt.model.tables.find(place)
    return known.default(row)


def number(kkt: Kkt, table: int, row: int, field: int) -> int:
    """A field as a number, binary or decimal as it is declared.

    Damaged memory may hold what nobody could have written: a nibble above 9 counts as ten and more (a guess).
    """
    data = value(kkt, table, row, field)
    kind = places()[table, row, field].kind
    if kind is Kind.BIN:
        return int.from_bytes(data, "big")
    total = 0
    for digit in (data[:1] if kind is Kind.HEAD else data).hex():
        total = total * 10 + int(digit, 16)
    return total


def text(kkt: Kkt, table: int, row: int, field: int) -> str:
    """A text field without what pads it."""
    return code_page.decode(value(kkt, table, row, field).rstrip(b"\x00 "))


def reset(kkt: Kkt, keep: Container[int] = (PROTECTION,)) -> None:
    """Every field back to its default but those of the tables ``keep`` and what is written once, as the MAC address."""
    known = places()
    kkt.memory.tables = {
        place: data for place, data in kkt.memory.tables.items() if place[0] in keep or known[place].write is Write.ONCE
    }


def operator_by_password(kkt: Kkt, password: int) -> int | None:
    """The row of table 3 with this password; the highest when several have it, None when none."""
    wanted = to_bcd(password, PASSWORD_WIDTH)
    for row in _ROWS_OF_OPERATORS:
        if value(kkt, OPERATORS, row, 1) == wanted:
            return row
    return None


def payment_group(kkt: Kkt, form: int) -> int:
    """Which of the five payment groups of the document form 1..10 belongs to; raises `Refusal`."""
    if form == 1:
        return 1
    if form not in PAYMENT_FORMS:
        raise Refusal(E.WRONG_PAYMENT_TYPE)
    return number(kkt, 12, form - 1, 2)


@handles(ReadTable)
def read_table(kkt: Kkt, request: ReadTable, at: float) -> bytes:
    """«Чтение таблицы»: in any mode, as ATOL's driver 10.8 reads; printed texts come in the printer's code page."""
    field = kkt.model.tables.find((request.table, request.row, request.field))
    data = value(kkt, request.table, request.row, request.field)
    if field.kind is Kind.CHAR and kkt.settings.table_text_page == "internal":
        return printer_page.from_external(data)
    return data


@handles(WriteTable, mode=Mode.PROGRAMMING)
def write_table(kkt: Kkt, request: WriteTable, at: float) -> bytes:
    """«Программирование таблицы»: 14h for another width, 13h for what is no value of the field.

    9Ch: the field needs a closed shift; 9Eh: it is written once; 80h: another command writes it; A4h: the password is
    another operator's.
    """
    place = (request.table, request.row, request.field)
    field = kkt.model.tables.find(place)
    if len(request.value) != field.width:
        raise Refusal(E.BAD_LENGTH)
    if not field.is_legal(request.value):
        raise Refusal(E.BAD_FORMAT)
    if field.write is Write.NEVER:
        raise Refusal(E.FORBIDDEN_BY_TABLE)
    if field.write is Write.ONCE and place in kkt.memory.tables:
        raise Refusal(E.SERIAL_ALREADY_SET)
    if field.write is Write.CLOSED and kkt.memory.mirror.shift_is_open:
        raise Refusal(E.SHIFT_OPEN)
    check = _CHECKS.get((request.table, request.field))
    if check is not None:
        check(kkt, request)
    kkt.memory.tables[place] = request.value
    return b""


def _is_registered_tax_system(kkt: Kkt, request: WriteTable) -> None:
    """A tax system that the till is not registered with is no value (article unknown_error_default_sno)."""
    registered = kkt.memory.requisites.get(T.TAX_SYSTEMS)
    if registered is not None and request.value[0] & ~int.from_bytes(registered, "little"):
        raise Refusal(E.BAD_FORMAT)


def _is_nobody_elses_password(kkt: Kkt, request: WriteTable) -> None:
    if kkt.settings.same_passwords == "accept":
        return
    others = (row for row in _ROWS_OF_OPERATORS if row != request.row)
    if any(value(kkt, OPERATORS, row, 1) == request.value for row in others):
        raise Refusal(E.PASSWORD_NOT_ALLOWED)


_CHECKS: dict[tuple[int, int], Callable[[Kkt, WriteTable], None]] = {
    (2, 110): _is_registered_tax_system,
    (OPERATORS, 1): _is_nobody_elses_password,
}
"""(Table, field) to what its value must fulfil besides its range."""
