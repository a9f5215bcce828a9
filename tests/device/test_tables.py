"""Tables of settings: every field has its width and default, and the wrong table, row, field, width, value its code."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.device.tables import TABLES
from protocol.atol import code_page
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.tables import ReadTable, WriteTable
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]
EVERY_FIELD = [(table, row, field) for table, (rows, of) in TABLES.items() for row in {1, rows} for field in of]
every_field = pytest.mark.parametrize(("table", "row", "field"), EVERY_FIELD)

DEFAULTS = {  # ATOL protocol 3.1, tables; the default СНО and the brightness: a real Evotor's log
    (2, 1, 1): "01",
    (2, 1, 19): "12",
    (2, 1, 23): "00 00",
    (2, 1, 85): "02",
    (2, 1, 91): "55 55",
    (2, 1, 110): "00",
    (3, 1, 1): "00 00 00 01",
    (3, 29, 1): "00 00 00 29",
    (3, 30, 1): "00 00 00 30",
    (12, 1, 2): "02",
    (12, 4, 2): "05",
    (12, 5, 2): "02",
    (12, 9, 2): "02",
    (13, 1, 2): "20 00",
    (13, 2, 2): "10 00",
    (13, 6, 2): "00 00",
    (13, 1, 3): "04 4E",
    (13, 6, 3): "04 51",
    (19, 1, 2): "1E 61",
    (19, 1, 3): "00 00 00 00",
    (19, 1, 4): "01",
    (19, 1, 10): "00 50",
    (19, 1, 13): "1E",
}
TEXTS = {
    (3, 7, 2): "КАССИР 07",
    (3, 30, 2): "СИС. АДМИНИСТРАТОР",
    (6, 1, 1): "СПАСИБО",
    (6, 6, 1): "ТОРГОВЫЙ ОБЪЕКТ №1",
    (6, 20, 1): "",
    (7, 16, 1): "СЕКЦИЯ 16",
    (12, 2, 1): "ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА (АВАНС)",
    (19, 1, 1): "0.0.0.0",
}


_BYTES_OF_TABLE_2 = "1 11 15 18 19 20 22 24 25 26 27 28 30 32 36 43 46 51 55 85 98 105 106 110 111 112 113 114 121 123"
STRUCTURE = {  # table: rows, width of each field
    2: (1, {**dict.fromkeys(map(int, _BYTES_OF_TABLE_2.split()), 1), 23: 2, 91: 2}),
    3: (30, {1: 4, 2: 57, 3: 12}),
    6: (20, {1: 57}),
    7: (16, {1: 57, 2: 1}),
    12: (9, {1: 64, 2: 1}),
    13: (6, {1: 57, 2: 2, 3: 2}),
    19: (1, {1: 64, 2: 2, 3: 4, 4: 1, 6: 1, 8: 96, 9: 64, 10: 2, 11: 2, 12: 1, 13: 1, 14: 15}),
}


def test_the_tables_are_those_of_the_manual() -> None:
    shape = {table: (rows, {number: one.width for number, one in of.items()}) for table, (rows, of) in TABLES.items()}
    assert shape == STRUCTURE


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    desk = Desk(make_bench("factory"))
    desk.enter(Mode.PROGRAMMING)
    return desk


@pytest.mark.parametrize(("place", "value"), DEFAULTS.items())
def test_a_new_till_has_the_defaults_of_the_manual(desk: Desk, place: tuple[int, int, int], value: str) -> None:
    table, row, field = place
    assert desk.does(ReadTable(table=table, row=row, field=field)) == bytes.fromhex(value)


@pytest.mark.parametrize(("place", "value"), TEXTS.items())
def test_a_new_till_has_the_texts_of_the_manual(desk: Desk, place: tuple[int, int, int], value: str) -> None:
    table, row, field = place
    assert code_page.decode(desk.does(ReadTable(table=table, row=row, field=field))).rstrip() == value


@every_field
def test_what_is_written_is_read_back_and_survives_power_off(desk: Desk, table: int, row: int, field: int) -> None:
    asked = ReadTable(table=table, row=row, field=field)
    default = desk.does(asked)
    width = TABLES[table][1][field].width
    assert len(default) == width
    desk.does(WriteTable(table=table, row=row, field=field, value=default))
    value = bytes(width - 1) + b"\x05"
    desk.does(WriteTable(table=table, row=row, field=field, value=value))
    desk.bench.power_off()
    desk.bench.power_on()
    assert desk.does(asked) == value


@every_field
def test_a_value_of_another_width_is_a_wrong_length(desk: Desk, table: int, row: int, field: int) -> None:
    width = TABLES[table][1][field].width
    for wrong in (0, width - 1, width + 1):
        desk.refuses(WriteTable(table=table, row=row, field=field, value=bytes(wrong)), E.BAD_LENGTH)


NOT_THERE = (
    (0, 1, 1, E.WRONG_TABLE),
    (1, 1, 1, E.WRONG_TABLE),
    (0xFF, 1, 1, E.WRONG_TABLE),
    (2, 0, 1, E.WRONG_ROW),
    (2, 2, 1, E.WRONG_ROW),
    (3, 31, 1, E.WRONG_ROW),
    (3, 0x0101, 1, E.WRONG_ROW),
    (2, 1, 0, E.WRONG_FIELD),
    (2, 1, 0xFF, E.WRONG_FIELD),
    (3, 30, 4, E.WRONG_FIELD),
    (0xFF, 0, 0, E.WRONG_TABLE),
    (3, 31, 9, E.WRONG_ROW),
)


@pytest.mark.parametrize(("table", "row", "field", "code"), NOT_THERE)
def test_a_wrong_table_row_or_field_is_told_in_this_order(
    desk: Desk, table: int, row: int, field: int, code: E
) -> None:
    desk.refuses(ReadTable(table=table, row=row, field=field), code)
    desk.refuses(WriteTable(table=table, row=row, field=field, value=b"\x01"), code)


ILLEGAL = (
    (2, 1, 19, "FF"),
    (2, 1, 23, "0A 00"),
    (3, 30, 1, "00 00 00 3A"),
    (7, 1, 2, "0F"),
    (12, 1, 2, "00"),
    (12, 1, 2, "06"),
    (13, 1, 2, "2A 00"),
    (19, 1, 4, "00"),
    (19, 1, 4, "06"),
    (19, 1, 12, "06"),
)


@pytest.mark.parametrize(("table", "row", "field", "value"), ILLEGAL)
def test_a_value_outside_the_range_is_a_wrong_format(desk: Desk, table: int, row: int, field: int, value: str) -> None:
    desk.refuses(WriteTable(table=table, row=row, field=field, value=bytes.fromhex(value)), E.BAD_FORMAT)


def test_tables_are_read_where_drivers_read_them(desk: Desk) -> None:
    for mode in (Mode.SELECTION, Mode.REGISTRATION, Mode.PROGRAMMING):
        desk.enter(mode)
        assert desk.does("46 13 00 01 04") == b"\x01"


def test_names_and_passwords_take_effect_at_once(desk: Desk) -> None:
    desk.does(WriteTable(table=2, field=23, value=b"\x12\x34"))
    assert desk.bench.kkt.access_password == b"\x12\x34"
    desk.does("45")


def test_a_changed_field_belongs_to_its_row_alone(desk: Desk) -> None:
    desk.does(WriteTable(table=7, row=2, field=1, value="ХЛЕБ".encode("cp866").ljust(57)))
    names = [code_page.decode(desk.does(ReadTable(table=7, row=row, field=1))).rstrip() for row in (1, 2, 3)]
    assert names == ["СЕКЦИЯ 01", "ХЛЕБ", "СЕКЦИЯ 03"]
