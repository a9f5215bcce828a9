"""Application messages in words: every declared command, its answer by its own layout, what is wrong with either."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.decode import app
from kktsim.decode.values import russian_names
from kktsim.device.printer_state import PrinterFlags
from protocol.atol.command import COMMANDS, Command
from protocol.atol.commands.registers import REGISTERS
from tests.atol.values import requests

from .told import text, troubles, values


def asked(request: str) -> dict[str, str]:
    return values(app.request(bytes.fromhex(request), has_password=False))


def answered(request: str, reply: str) -> dict[str, str]:
    return values(app.answer(bytes.fromhex(reply), bytes.fromhex(request), has_password=False))


def wrong(request: str, reply: str | None = None) -> list[str]:
    message = bytes.fromhex(request)
    if reply is None:
        return troubles(app.request(message, has_password=False))
    return troubles(app.answer(bytes.fromhex(reply), message, has_password=False))


@pytest.mark.parametrize("code", COMMANDS, ids=lambda code: f"{code:02X}")
def test_every_declared_command_has_its_official_name(code: int) -> None:
    declared = COMMANDS[code]
    assert app.name(code) == f"{code:02X}h {declared.__name__} «{app.russian_name(declared)}»"


def test_a_command_that_no_till_here_has_is_named_all_the_same() -> None:
    assert app.name(0xEF) == "EFh «Лицензии и журнал»"
    assert app.name(0x41) == "41h «Аннулирование»"
    assert app.name(0x00) == "00h неизвестная команда / unknown command"


@pytest.mark.parametrize("code", COMMANDS, ids=lambda code: f"{code:02X}")
def test_every_field_of_a_declared_command_has_a_russian_name(code: int) -> None:
    names = {field.name for field in dataclasses.fields(COMMANDS[code])}  # type: ignore[arg-type]
    layout = COMMANDS[code].answer_layout
    names |= {part.name for part in getattr(layout, "subcons", ()) if part.name}
    assert sorted(names - russian_names().keys()) == []


@given(command=st.sampled_from(sorted(COMMANDS)).flatmap(lambda code: requests(COMMANDS[code])))
def test_every_request_that_can_be_on_the_wire_is_read(command: Command) -> None:
    piece = app.request(command.to_wire(), has_password=False)
    assert piece.trouble == ""
    assert type(command).__name__ in piece.title


@pytest.mark.parametrize("register", REGISTERS, ids=lambda number: f"{number:02X}")
def test_every_register_is_named_and_its_answers_are_read(register: int) -> None:
    official, layouts = REGISTERS[register]
    message = bytes((0x91, register, 0, 0))
    assert asked(message.hex())["register"] == f"{register} «{official}»"
    for layout in layouts:
        reply = b"\x55\x00" + bytes(layout.sizeof())
        piece = app.answer(reply, message, has_password=False)
        assert piece.is_sound and {field.name for field in piece.fields} == {
            part.name for part in layout.subcons if part.name
        }


REQUESTS = {
    "92 01 02": {"flags": "01h CHECK_ONLY", "type": "2 SELL_RETURN"},
    "49 00 00 00 01 50 00": {"flags": "00h", "sum_kopecks": "150.00 руб."},
    "ED": {"parameters": "(пусто / empty)"},
    "64 06 05 24": {"date": "06.05.2024"},
    "4B 10 11 12": {"time": "10:11:12"},
    "4C 97 A0 A9": {"text": "«Чай»"},
    "E8 01 01 00 F0 03 03 00 41 42 43": {
        "flags": "01h: печатать / print",
        "blocks": "1",
        "block": "0",
        "buyerPhoneOrAddress": "«ABC»",
    },
    "E9 0D 04 00": {"tag": "1037 «регистрационный номер ККТ»", "block": "0"},
    "56 03 00 00 00 30": {"mode": "3 отчёты с гашением", "password": "30"},
    "FF 01 02": {"parameters": "01 02"},
    "46 02 00 01 12": {"table": "2 «Тип и режимы кассы»", "field": "18 «Параметры суточных отчётов»"},
    "50 02 00 01 12 05": {"value": "5: печатать необнуляемую сумму, производить инкассацию"},
    "46 63 00 01 01": {"table": "99", "field": "1"},
}


@pytest.mark.parametrize(("request_hex", "told"), REQUESTS.items())
def test_fields_of_a_request_are_told_in_words(request_hex: str, told: dict[str, str]) -> None:
    assert asked(request_hex).items() >= told.items()
    assert wrong(request_hex) == []


@pytest.mark.parametrize("flag", PrinterFlags)
def test_every_flag_of_the_printer_is_named(flag: PrinterFlags) -> None:
    number, name = answered("45", f"55 22 {flag:02X}")["flags"].split(": ")
    assert number == f"{flag:02X}h"
    assert " / " in name


ANSWERS = {
    ("45", "55 22 08"): {"mode": "2.2 отчёты без гашения", "flags": "08h: ошибка отрезчика / cutter error"},
    ("91 34 00 00", "55 00 00 00 00 00 12 06 05 24 10 11 12 34 56 78 90"): {
        "document_number": "12",
        "at": "06.05.2024 10:11",
        "fiscal_sign": "1234567890",
    },
    ("91 12 00 00", "55 00 00 00 00 00 00 00 00"): {"shift_is_open": "0", "ends_at": "нет / none"},
    ("99 00 01 00 00 03 00 00", "55 00 00 00 00 00 00 00 00 00 44 50"): {"change_kopecks": "44.50 руб."},
    ("4D", "4D 00 00 00 00 12 34 56"): {"cash_kopecks": "1234.56 руб."},
    ("A5", "00 01 01 45 00 00 03 00 00 88 88 80 92 8E 8B 20 37 37 94"): {"model": "69", "name": "«АТОЛ 77Ф»"},
    ("E9 F0 03 00", "55 00 01 F0 03 03 00 41 42 43"): {"blocks": "1", "buyerPhoneOrAddress": "«ABC»"},
    ("A4 31", "55 00 39 39 39 39 30 37 38 39 30 30 30 30 30 30 30 31"): {"fn_number": "«9999078900000001»"},
    ("92 00 01", "55 EE 03"): {"detail": "3"},
    ("46 13 00 01 02", "55 00 1E 61"): {"value": "7777 (1E 61)"},
    ("46 13 00 01 02", "55 00 1E"): {"value": "1E"},
}


@pytest.mark.parametrize(("request_hex", "reply", "told"), [(*key, told) for key, told in ANSWERS.items()])
def test_fields_of_an_answer_are_told_in_words(request_hex: str, reply: str, told: dict[str, str]) -> None:
    assert answered(request_hex, reply).items() >= told.items()
    assert wrong(request_hex, reply) == []


BROKEN = {
    ("92 00", None): ["byte 2: ends before type is whole"],
    ("92 00 03", None): ["byte 2: type is 03: Wrong receipt type"],
    ("49 00 00 00 01 50 0A", None): ["byte 2: sum_kopecks is 00 00 01 50 0A: Wrong format"],
    ("47 00", None): ["byte 1: 1 more than the layout has: 00"],
    ("E8 01 01 00 F0 03 09 00 41", None): ["byte 4: tag 1008 tells 9 bytes, 1 are left"],
    ("45", "99 00"): ["byte 0: an answer to this does not begin with 99"],
    ("45", ""): ["byte 0: the answer is empty"],
    ("91 0A 00 00", "55 00 01 02"): ["byte 2: 2 bytes, the register has 7 or 9"],
    ("99 00 01 00 00 03 00 00", "55 00 00 00 00 00 00 00"): ["byte 8: ends before change_kopecks is whole"],
    ("4D", "4D 00 00 00 00 12 34 5A"): ["byte 1: cash_kopecks is 00 00 00 00 12 34 5A: Wrong format"],
}


@pytest.mark.parametrize(("request_hex", "reply", "told"), [(*key, told) for key, told in BROKEN.items()])
def test_what_is_wrong_is_told_with_its_byte(request_hex: str, reply: str | None, told: list[str]) -> None:
    found = wrong(request_hex, reply)
    assert [sentence.partition(":")[0] for sentence in found] == [sentence.partition(":")[0] for sentence in told]
    assert found == told


def test_a_password_that_is_not_empty_is_told() -> None:
    assert values(app.request(bytes.fromhex("12 34 45"))) == {"access_password": "«1234»"}
    assert values(app.request(bytes.fromhex("00 00 45"))) == {}
    assert troubles(app.request(b"\x00")) == ["byte 1: the password is not whole"]
    assert app.request(bytes(2)).is_sound


def test_a_requisite_in_several_blocks_is_told_as_its_beginning() -> None:
    piece = app.request(bytes.fromhex("E8 01 02 00 F0 03 05 00 41 42 43"), has_password=False)
    assert piece.is_sound and "начало реквизита из 5 байт" in text(piece)
    assert values(app.request(bytes.fromhex("E8 01 02 01 44 45"), has_password=False))["data"] == "44 45 «DE»"


def test_an_answer_whose_request_nobody_saw_still_tells_its_code() -> None:
    assert "9Bh RECEIPT_OPEN (-3802)" in app.answer(bytes.fromhex("55 9B 00"), None).title
    assert values(app.answer(bytes.fromhex("55 00 01 02"), None)) == {"data": "01 02"}
    assert "3Fh FullStatus" in app.answer(b"\x44" + bytes(29), None).title
