"""Tables of settings: which fields a model has, their widths and defaults, what may be written and when.

The hand-written tables here are ATOL protocol 3.1, tables, and what ATOL's driver 10.8 asks; the data file is held to
them.
"""

from collections.abc import Callable, Iterable

import pytest

from kktsim.bench import Bench
from kktsim.device import tables
from kktsim.kkt_models import load
from protocol.atol import code_page, printer_page
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.tables import ReadTable, WriteTable
from protocol.atol.kkt_codes import E
from protocol.atol.settings_tables import Field, Kind, Write, fields, span

from .desk import Desk

MakeBench = Callable[..., Bench]

TABLE_2 = """
1: 1 11 15 18-20 24-28 30 32 36 41-43 46 51-52 55 59 61 66 75 77 83 85 93-99 105-107 110-111 113-121 123 125-127
1: 137-138 142 146-148 154-155
2: 23 91 122
3: 53-54
4: 86 88-90 128 151-153
6: 87
"""
"""Width in bytes: fields of table 2 of an ATOL till."""
OF_EVOTOR_ONLY, NOT_OF_EVOTOR = {(19, 6)}, {(2, field) for field in (11, *range(24, 29), *range(87, 92), 107, 121)}
STRUCTURE = {  # table: rows, width of each field
    3: (range(1, 31), {1: 4, 2: 57, 3: 12}),
    4: (range(1, 3), {1: 1}),
    6: (range(1, 21), {1: 57}),
    7: (range(1, 17), {1: 57, 2: 1}),
    8: (range(1, 5), {1: 2}),
    10: (range(1, 31), {1: 8}),
    12: (range(1, 10), {1: 64, 2: 1}),
    13: (range(1, 7), {1: 57, 2: 2, 3: 2}),
    15: (range(2, 101), {1: 25}),
    17: (range(1, 9), {1: 64}),
    19: (range(1, 2), {1: 64, 2: 2, 3: 4, 4: 1, 6: 1, 8: 96, 9: 64, 10: 2, 11: 2, 12: 1, 13: 1, 14: 15}),
    20: (range(1, 31), {1: 1}),
    21: (range(1, 15), {1: 57}),
    22: (range(1, 2), {1: 2, 2: 1}),
}
TABLE_9 = {(9, 1, 1), (9, 1, 2), (9, 2, 1), (9, 2, 2), (9, 4, 1)}
TABLE_16 = {(16, 1, field) for field in range(1, 8)}


def of_manual() -> dict[tuple[int, int, int], int]:
    """Place to width, of every field that some of the two models has."""
    found = dict.fromkeys(TABLE_9 | TABLE_16, 1)
    for line in TABLE_2.strip().splitlines():
        width, _, numbers = line.partition(":")
        found |= {(2, 1, field): int(width) for part in numbers.split() for field in span(part)}
    for table, (rows, widths) in STRUCTURE.items():
        found |= {(table, row, field): width for row in rows for field, width in widths.items()}
    return found


def without(places: dict[tuple[int, int, int], int], lacking: set[tuple[int, int]]) -> dict[tuple[int, int, int], int]:
    return {place: width for place, width in places.items() if (place[0], place[2]) not in lacking}


def of_model(name: str) -> dict[tuple[int, int, int], int]:
    return {place: field.width for place, field in tables.fields(load(name))}


def test_an_atol_till_has_the_fields_of_the_manual_and_of_the_driver() -> None:
    assert of_model("atol-77f") == without(of_manual(), OF_EVOTOR_ONLY)


def test_an_evotor_lacks_what_is_reserved_there() -> None:
    lacking = NOT_OF_EVOTOR | {(16, field) for field in range(1, 8)}
    assert of_model("evotor-st2f") == without(of_manual(), lacking)


DEFAULTS = {  # ATOL protocol 3.1, tables; СНО, brightness, font and spacing: a real Evotor's log
    (2, 1, 1): "01",
    (2, 1, 19): "12",
    (2, 1, 23): "00 00",
    (2, 1, 30): "03",
    (2, 1, 32): "02",
    (2, 1, 36): "08",
    (2, 1, 55): "32",
    (2, 1, 85): "02",
    (2, 1, 110): "00",
    (3, 1, 1): "00 00 00 01",
    (3, 29, 1): "00 00 00 29",
    (3, 30, 1): "00 00 00 30",
    (4, 2, 1): "03",
    (9, 2, 2): "08",
    (9, 4, 1): "04",
    (10, 30, 1): "00 00 00 00 00 00 00 00",
    (12, 1, 2): "02",
    (12, 4, 2): "05",
    (12, 5, 2): "02",
    (12, 9, 2): "02",
    (13, 1, 2): "20 00",
    (13, 2, 2): "10 00",
    (13, 6, 2): "00 00",
    (13, 1, 3): "04 4E",
    (13, 6, 3): "04 51",
    (17, 4, 1): "01" + " 00" * 63,
    (19, 1, 2): "1E 61",
    (19, 1, 3): "00 00 00 00",
    (19, 1, 4): "01",
    (19, 1, 6): "00",
    (19, 1, 10): "00 50",
    (19, 1, 12): "05",
    (19, 1, 13): "1E",
    (22, 1, 1): "01 23",
    (22, 1, 2): "00",
}
DEFAULTS_OF_ATOL = {
    (2, 1, 55): "48",
    (2, 1, 87): "FF FF FF FF FF FF",
    (2, 1, 88): "C0 A8 0A 01",
    (2, 1, 89): "FF FF FF 00",
    (2, 1, 91): "55 55",
    (2, 1, 107): "01",
}
TEXTS = {
    (3, 7, 2): "КАССИР 07",
    (3, 30, 2): "СИС. АДМИНИСТРАТОР",
    (6, 1, 1): "СПАСИБО",
    (6, 3, 1): "-" * 57,
    (6, 6, 1): "ТОРГОВЫЙ ОБЪЕКТ №1",
    (6, 20, 1): "",
    (7, 16, 1): "СЕКЦИЯ 16",
    (12, 2, 1): "ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА (АВАНС)",
    (13, 6, 1): "БЕЗ НДС",
    (21, 6, 1): "КАССОВЫЙ ЧЕК",
}


def ask(place: tuple[int, int, int]) -> ReadTable:
    return ReadTable(table=place[0], row=place[1], field=place[2])


def tell(place: tuple[int, int, int], value: bytes) -> WriteTable:
    return WriteTable(table=place[0], row=place[1], field=place[2], value=value)


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    desk = Desk(make_bench("factory"))
    desk.enter(Mode.PROGRAMMING)
    return desk


@pytest.fixture
def atol(make_bench: MakeBench) -> Desk:
    desk = Desk(make_bench("factory", "atol-77f"))
    desk.enter(Mode.PROGRAMMING)
    return desk


@pytest.mark.parametrize(("place", "value"), DEFAULTS.items())
def test_a_new_till_has_the_defaults_of_the_manual(desk: Desk, place: tuple[int, int, int], value: str) -> None:
    assert desk.does(ask(place)) == bytes.fromhex(value)


@pytest.mark.parametrize(("place", "value"), DEFAULTS_OF_ATOL.items())
def test_a_new_atol_till_has_its_own(atol: Desk, place: tuple[int, int, int], value: str) -> None:
    assert atol.does(ask(place)) == bytes.fromhex(value)


@pytest.mark.parametrize(("place", "text"), TEXTS.items())
def test_printed_texts_come_in_the_printers_code_page(desk: Desk, place: tuple[int, int, int], text: str) -> None:
    assert printer_page.decode(desk.does(ask(place))).rstrip() == text


def test_a_setting_lets_them_come_in_the_code_page_they_are_written_in(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("factory", table_text_page="external"))
    assert desk.does("46 03 00 07 02") == code_page.encode_fixed("КАССИР 07", 57)


def test_a_host_name_comes_as_it_was_written(desk: Desk) -> None:
    name = "касса.example".encode("cp866").ljust(64, b"\x00")
    desk.does(tell((19, 1, 1), name))
    assert desk.does("46 13 00 01 01") == name
    assert tables.text(desk.bench.kkt, 19, 1, 1) == "касса.example"


def other_value(field: Field, default: bytes) -> bytes | None:
    """A legal value that is not the default; None when there is no other."""
    if (field.table, field.number) == (tables.OPERATORS, 1):
        candidates: Iterable[bytes] = (b"\x00\x00\x12\x34",)
    elif field.kind is Kind.HEAD:
        candidates = (bytes((byte,)).ljust(64, b"\x00") for byte in range(16))
    elif field.kind in (Kind.DATE, Kind.TIME):
        candidates = (b"\x01\x02\x03"[: field.width],)
    else:
        candidates = (number.to_bytes(max(field.width, 2), "big")[-field.width :] for number in range(1, 0x1000))
    return next((one for one in candidates if one != default and field.is_legal(one)), None)


WRITABLE = [(place, field) for place, field in tables.fields(load("atol-77f")) if field.write is not Write.NEVER]
FIRST_AND_LAST = [one for one in WRITABLE if one[0][1] in (one[1].rows.start, one[1].rows[-1])]


@pytest.mark.parametrize(("place", "field"), FIRST_AND_LAST, ids=[str(place) for place, _ in FIRST_AND_LAST])
def test_what_is_written_is_read_back_and_survives_power_off(
    atol: Desk, place: tuple[int, int, int], field: Field
) -> None:
    default = tables.value(atol.bench.kkt, *place)
    assert len(default) == field.width and field.is_legal(default)
    for wrong in (0, field.width - 1, field.width + 1):
        atol.refuses(tell(place, bytes(wrong)), E.BAD_LENGTH)
    value = other_value(field, default)
    assert value is not None
    atol.does(tell(place, value))
    atol.bench.power_off()
    atol.bench.power_on()
    shown = printer_page.from_external(value) if field.kind is Kind.CHAR else value
    assert atol.does(ask(place)) == shown


NOT_THERE = (
    *((table, 1, 1, E.WRONG_TABLE) for table in (0, 1, 5, 11, 14, 16, 18, 23, 0xFF)),
    (2, 0, 1, E.WRONG_ROW),
    (2, 2, 1, E.WRONG_ROW),
    (3, 31, 1, E.WRONG_ROW),
    (3, 0x0101, 1, E.WRONG_ROW),
    (9, 3, 1, E.WRONG_ROW),
    (15, 1, 1, E.WRONG_ROW),
    (15, 101, 1, E.WRONG_ROW),
    (2, 1, 0, E.WRONG_FIELD),
    (2, 1, 0xFF, E.WRONG_FIELD),
    (3, 30, 4, E.WRONG_FIELD),
    (9, 4, 2, E.WRONG_FIELD),
    (0xFF, 0, 0, E.WRONG_TABLE),
    (3, 31, 9, E.WRONG_ROW),
    *((2, 1, field, E.WRONG_FIELD) for field in (2, 11, 14, 16, 24, 31, 87, 91, 107, 112, 121)),
)


@pytest.mark.parametrize(("table", "row", "field", "code"), NOT_THERE)
def test_a_wrong_table_row_or_field_is_told_in_this_order(
    desk: Desk, table: int, row: int, field: int, code: E
) -> None:
    desk.refuses(ask((table, row, field)), code)
    desk.refuses(tell((table, row, field), b"\x01"), code)


ILLEGAL = (
    (2, 1, 1, "00"),
    (2, 1, 15, "02"),
    (2, 1, 19, "FF"),
    (2, 1, 23, "0A 00"),
    (2, 1, 53, "30 02 10"),
    (2, 1, 53, "00 00 00"),
    (2, 1, 85, "01"),
    (2, 1, 98, "04"),
    (2, 1, 110, "03"),
    (2, 1, 110, "40"),
    (2, 1, 123, "05"),
    (3, 30, 1, "00 00 00 3A"),
    (4, 1, 1, "04"),
    (7, 1, 2, "0F"),
    (7, 1, 2, "07"),
    (9, 1, 2, "0A"),
    (9, 4, 1, "01"),
    (12, 1, 2, "00"),
    (12, 1, 2, "06"),
    (13, 1, 2, "2A 00"),
    (13, 1, 3, "04 4D"),
    (17, 4, 1, "03" + "00" * 63),
    (17, 4, 1, "01" + "00" * 62 + "01"),
    (19, 1, 4, "00"),
    (19, 1, 4, "06"),
    (19, 1, 12, "06"),
    (19, 1, 13, "04"),
    (22, 1, 1, "24 00"),
    (22, 1, 1, "12 60"),
    (22, 1, 2, "04"),
)


@pytest.mark.parametrize(("table", "row", "field", "value"), ILLEGAL)
def test_a_value_outside_the_range_is_a_wrong_format(desk: Desk, table: int, row: int, field: int, value: str) -> None:
    desk.refuses(tell((table, row, field), bytes.fromhex(value)), E.BAD_FORMAT)


def test_tables_are_read_in_any_mode_as_atols_driver_reads_them(desk: Desk) -> None:
    for mode in set(Mode) - {Mode.EXTRA}:
        desk.enter(mode)
        assert desk.does("46 13 00 01 04") == b"\x01"


NEEDS_CLOSED_SHIFT = {  # a guess: what would make the sums of a shift ambiguous
    *((2, field) for field in (27, 28, 114, 115, 123)),
    *((7, 2), (8, 1), (12, 1), (12, 2), (13, 1), (13, 2), (13, 3)),
}


def test_what_decides_sums_needs_a_closed_shift() -> None:
    assert {(one.table, one.number) for one in fields() if one.write is Write.CLOSED} == NEEDS_CLOSED_SHIFT


def test_with_an_open_shift_such_a_field_is_refused_and_others_are_not(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.PROGRAMMING)
    desk.refuses("50 0D 00 01 02 18 00", E.SHIFT_OPEN)
    desk.refuses("50 02 00 01 72 02", E.SHIFT_OPEN)
    desk.does("50 02 00 01 6E 00", "50 13 00 01 02 1E 62", "50 02 00 01 12 04")
    desk.close_shift()
    desk.enter(Mode.PROGRAMMING)
    desk.does("50 0D 00 01 02 18 00")


def test_a_mac_address_is_written_once(atol: Desk) -> None:
    atol.does("50 02 00 01 57 02 00 00 00 00 01")
    atol.refuses("50 02 00 01 57 02 00 00 00 00 02", E.SERIAL_ALREADY_SET)
    tables.reset(atol.bench.kkt)
    assert atol.does("46 02 00 01 57") == bytes.fromhex("02 00 00 00 00 01")


def test_protection_codes_are_not_written_as_a_table(desk: Desk) -> None:
    desk.refuses("50 0A 00 01 01 12 34 56 78 12 34 56 78", E.FORBIDDEN_BY_TABLE)


def test_a_password_of_another_operator_is_not_allowed_unless_a_setting_allows_it(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("factory"))
    desk.enter(Mode.PROGRAMMING)
    desk.refuses("50 03 00 05 01 00 00 00 30", E.PASSWORD_NOT_ALLOWED)
    desk.does("50 03 00 05 01 00 00 00 05", "50 03 00 05 01 00 00 12 34")
    desk.refuses("50 03 00 06 01 00 00 12 34", E.PASSWORD_NOT_ALLOWED)
    desk = Desk(make_bench("factory", same_passwords="accept"))
    desk.enter(Mode.PROGRAMMING)
    desk.does("50 03 00 05 01 00 00 00 30")


def test_the_default_tax_system_is_one_of_those_registered(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.PROGRAMMING)
    registered = desk.does("E9 26 04 00")[-1]
    for bit in (1 << shift for shift in range(6)):
        place = (2, 1, 110)
        if bit & registered:
            desk.does(tell(place, bytes((bit,))))
        else:
            desk.refuses(tell(place, bytes((bit,))), E.BAD_FORMAT)
    desk.does("50 02 00 01 6E 00")


def test_the_access_password_takes_effect_at_once(desk: Desk) -> None:
    desk.does("50 02 00 01 17 12 34")
    assert desk.bench.kkt.access_password == b"\x12\x34"
    desk.does("45")


def test_a_changed_field_belongs_to_its_row_alone(desk: Desk) -> None:
    desk.does(tell((7, 2, 1), code_page.encode_fixed("ХЛЕБ", 57)))
    assert [tables.text(desk.bench.kkt, 7, row, 1) for row in (1, 2, 3)] == ["СЕКЦИЯ 01", "ХЛЕБ", "СЕКЦИЯ 03"]


def test_a_reset_brings_the_defaults_back_but_for_the_tables_it_keeps(desk: Desk) -> None:
    for command in ("50 02 00 01 6E 20", "50 03 00 1E 01 00 00 12 34", "50 13 00 01 02 00 01"):
        desk.does(command)
    kkt = desk.bench.kkt
    tables.reset(kkt, keep=(tables.OPERATORS,))
    assert (tables.number(kkt, 2, 1, 110), tables.number(kkt, 3, 30, 1), tables.number(kkt, 19, 1, 2)) == (
        0,
        1234,
        7777,
    )
    tables.reset(kkt)
    assert tables.number(kkt, 3, 30, 1) == 30


def test_a_field_that_the_model_lacks_still_has_its_usual_value_for_the_till_itself(desk: Desk) -> None:
    desk.refuses("46 02 00 01 5B", E.WRONG_FIELD)
    assert tables.number(desk.bench.kkt, 2, 1, 91) == 5555
