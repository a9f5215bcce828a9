"""The list of settings fields: every row of the data file makes sense, and values are read as they are declared."""

import tomllib
from importlib.resources import files

import pytest

from protocol.atol import code_page, printer_page
from protocol.atol.settings_tables import Field, Kind, Place, find, places, span, tables

COLUMNS = {
    *("ru", "en", "kind", "width", "default", "defaults", "model", "range", "values", "bits"),
    *("write", "restart", "special", "by", "guess"),
}
NAMES = {  # ATOL protocol 3.1, tables
    2: "Тип и режимы кассы",
    3: "Пароли кассиров и администраторов",
    4: "Параметры скидок и надбавок",
    6: "Текст в чеке",
    7: "Наименования секций",
    8: "Ставки налогов",
    9: "Подключённое оборудование",
    10: "Защита ККТ",
    12: "Наименования форм и способов расчёта",
    13: "Налоги",
    15: "Наименования реквизитов",
    16: "Скорость печати",
    17: "Настройка беспроводных соединений",
    19: "Настройка соединения с ОФД",
    20: "Шаблон чека",
    21: "Заголовки реквизитов в ФД",
    22: "Автоматическое снятие отчётов с гашением",
}
DECIMAL = {19, 23, 30, 32, 36, 42, 51, 52, 55, 61, 66, 77, 85, 86, 91, 93, 94, 99, 111, 113, 122, 142, 146, 148}
"""Ordinary fields of table 2 that ATOL's driver 10.8 writes in decimal; the other numbers it writes in binary."""


def field(*place: int) -> Field:
    found = find(*place)
    assert found is not None
    return found


def test_the_tables_are_those_of_the_manual() -> None:
    assert {number: table.name_ru for number, table in tables().items()} == NAMES


def test_no_row_of_the_file_has_a_column_that_nobody_reads() -> None:
    data = tomllib.loads(files("protocol").joinpath("data", "kkt_tables.toml").read_text(encoding="utf-8"))
    rows = [row for table in data.values() for row in table["fields"].values()]
    assert rows and {column for row in rows for column in row} == COLUMNS
    assert all({"ru", "en", "by"} <= row.keys() for row in rows)
    assert {row["by"] for row in rows} == {"manual", "driver", "kiosk", "evotor"}


@pytest.mark.parametrize(("place", "one"), places().items(), ids=map(str, places()))
def test_a_new_tills_value_is_legal_wherever_it_is_told(place: Place, one: Field) -> None:
    if not one.model_fact:
        value = one.default(place[1])
        assert len(value) == one.width and one.is_legal(value)


def test_a_place_belongs_to_one_field() -> None:
    told = [place for table in tables().values() for one in table.fields for place in one.places()]
    assert len(told) == len(set(told)) == len(places())


def test_numbers_are_decimal_or_binary_as_atols_driver_writes_them() -> None:
    decimal = {one.number for one in tables()[2].fields if one.kind is Kind.BCD and not one.is_special}
    assert decimal == DECIMAL


READ = (
    ((2, 1, 1), "0A", 10),
    ((2, 1, 19), "12", 12),
    ((2, 1, 19), "FF", "FF"),
    ((2, 1, 53), "28 03 10", "28 03 10"),
    ((2, 1, 86), "00 00 12 34", 1234),
    ((2, 1, 88), "C0 A8 0A 01", "192.168.10.1"),
    ((2, 1, 128), "00 00 80 00", 32768),
    ((3, 30, 1), "00 00 00 30", 30),
    ((13, 1, 2), "20 00", 2000),
    ((13, 1, 3), "04 4E", 1102),
    ((17, 7, 1), "05" + "00" * 63, 5),
    ((19, 1, 2), "1E 61", 7777),
    ((22, 1, 1), "01 23", "01 23"),
)


@pytest.mark.parametrize(("place", "value", "told"), READ)
def test_a_value_is_read_by_its_kind(place: Place, value: str, told: object) -> None:
    assert field(*place).read(bytes.fromhex(value)) == told


def test_a_text_is_read_in_the_page_it_came_in_and_a_host_without_its_zeros() -> None:
    name = field(3, 1, 2)
    external = code_page.encode_fixed("КАССИР 01", 57)
    assert name.read(external) == name.read(printer_page.from_external(external), printer_page.decode) == "КАССИР 01"
    assert field(19, 1, 1).read(b"ofd.example".ljust(64, b"\x00")) == "ofd.example"


def test_bits_are_told_by_name_or_number() -> None:
    assert field(2, 1, 18).bit_names(b"\x04") == ["производить инкассацию"]
    assert field(2, 1, 18).bit_names(b"\x82") == ["бит 1", "бит 7"]
    assert field(2, 1, 1).bit_names(b"\x04") == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((2, 1, 19), 100),
        ((2, 1, 1), 256),
        ((2, 1, 1), -1),
        ((2, 1, 88), "1.2.3.256"),
        ((19, 1, 14), "x" * 16),
        ((2, 1, 53), "xx"),
    ],
)
def test_what_does_not_fit_is_not_encoded(place: Place, value: int | str) -> None:
    with pytest.raises(ValueError, match=r"more than|longer than|in range|non-hexadecimal"):
        field(*place).encode(value)


def test_a_span_is_a_number_or_two() -> None:
    assert (list(span("4")), list(span("88-91"))) == ([4], [88, 89, 90, 91])


# ---- the printer's code page

PRINTER = {  # as two independent decoders transcribe it
    "АБЯ": "00 01 1F",
    "абя": "80 81 9F",
    "КАССИР 01": "0A 00 11 11 08 10 20 30 31",
    "Ёё": "F0 F1",
    "$€‒": "A0 A1 A2",
    "№1 ’A": "24 31 20 27 41",
}


@pytest.mark.parametrize(("text", "data"), PRINTER.items())
def test_the_printers_page_is_the_known_one(text: str, data: str) -> None:
    assert printer_page.encode(text) == bytes.fromhex(data)
    assert printer_page.decode(bytes.fromhex(data)) == text
    assert printer_page.from_external(code_page.encode(text)) == bytes.fromhex(data)


def test_what_a_page_lacks_stays_visible() -> None:
    assert printer_page.encode("щ漢") == b"\x99?"
    assert printer_page.decode(b"\xb0\x00") == "\ufffdА"
    assert printer_page.from_external(b"\x09\xb0\x80") == b"\x09\xb0\x00"
