"""Every declared command: both directions, its length, the form of its answer, its place in the documents."""

import re
from collections.abc import Iterable
from dataclasses import fields

import pytest
from construct import SizeofError, Struct
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.atol import code_page, commands
from protocol.atol.command import COMMANDS, Answer, Command, CommandError, parse_answer
from protocol.atol.commands.fn import AskFn
from protocol.atol.commands.items import AddItem, EndItem
from protocol.atol.commands.modes import EnterMode, SetDate, SetTime
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.receipt import CloseReceipt, OpenReceipt
from protocol.atol.commands.registers import REGISTERS, ReadRegister
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.atol.commands.tables import ReadTable, WriteTable
from protocol.atol.kkt_codes import E

from .values import requests

DECLARED = [COMMANDS[code] for code in sorted(COMMANDS)]
every_command = pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared.__name__)

ON_THE_WIRE: tuple[tuple[Command, str], ...] = (  # what ATOL's driver 10.8 and an Evotor terminal were seen to send
    (EnterMode(mode=1), "56 01 00 00 00 30"),
    (OpenShift(), "9A 00"),
    (OpenReceipt(), "92 00 01"),
    (
        EndItem(
            flags=2,  # type: ignore[arg-type]
            price_kopecks=10000,
            quantity_milli=2000,
            cost_kopecks=20000,
            tax=1,
            subject=0,
            method=0,
            name="Чай чёрный",
        ),
        "EB 02 00 00 00 00 01 00 00 00 00 00 20 00 00 00 00 00 02 00 00 01 00 00 00 00 00 00 00 00 00 00 "
        "00 00 00 00 00 00 00 00 00 00 97 A0 A9 20 E7 F1 E0 AD EB A9",
    ),
    (AddPayment(sum_kopecks=30000), "99 00 01 00 00 03 00 00"),
    (CloseReceipt(), "4A 00 01 00 00 00 00 00"),
    (XReport(), "67 01"),
    (CloseShift(), "5A"),
    (ReadRegister(register=0x34), "91 34 00 00"),
    (ReadTable(table=0x13, field=4), "46 13 00 01 04"),
    (WriteTable(table=0x13, field=4, value=b"\1"), "50 13 00 01 04 01"),
    (
        WriteRequisite(flags=1, data=bytes.fromhex("B3040C00") + b"123456789047"),
        "E8 01 01 00 B3 04 0C 00" + " 31 32 33 34 35 36 37 38 39 30 34 37",
    ),
    (AskFn(command=0x20), "A4 20"),
)


def fixed_size(declared: type[Command]) -> int | None:
    """Bytes of a command's parameters, None when they vary."""
    try:
        return int(Struct(*(part.metadata["layout"] for part in fields(declared))).sizeof())  # type: ignore[arg-type]
    except SizeofError:
        return None


@pytest.mark.parametrize(("request_", "wire"), ON_THE_WIRE)
def test_what_drivers_write_is_what_we_write_and_read(request_: Command, wire: str) -> None:
    assert request_.to_wire() == bytes.fromhex(wire)
    assert type(request_).from_wire(bytes.fromhex(wire)[1:]) == request_


@every_command
@settings(max_examples=40)
@given(st.data())
def test_what_is_encoded_is_decoded(declared: type[Command], choice: st.DataObject) -> None:
    one = choice.draw(requests(declared))
    wire = one.to_wire()
    assert wire[0] == declared.code
    assert declared.from_wire(wire[1:]) == one


@every_command
def test_another_length_than_the_declared_is_a_wrong_length(declared: type[Command]) -> None:
    size = fixed_size(declared)
    if size is None:
        shortest = min(length for length in range(300) if _is_long_enough(declared, length))
        lengths: Iterable[int] = range(shortest)
    else:
        lengths = (length for length in range(size + 20) if length != size)
    for length in lengths:
        with pytest.raises(CommandError) as refused:
            declared.from_wire(bytes(length))
        assert refused.value.code is E.BAD_LENGTH


def _is_long_enough(declared: type[Command], length: int) -> bool:
    try:
        declared.from_wire(bytes(length))
    except CommandError as error:
        return error.code is not E.BAD_LENGTH
    return True


@every_command
@settings(max_examples=40)
@given(st.data())
def test_any_parameters_are_a_command_or_refused(declared: type[Command], choice: st.DataObject) -> None:
    size = fixed_size(declared)
    length = {} if size is None else {"min_size": size, "max_size": size}
    parameters = choice.draw(st.binary(**length))
    try:
        one = declared.from_wire(parameters)
    except CommandError:
        return
    assert isinstance(one, declared)


@every_command
@settings(max_examples=40)
@given(st.data())
def test_any_data_in_an_answer_can_be_read(declared: type[Command], choice: st.DataObject) -> None:
    one = choice.draw(requests(declared))
    assert isinstance(one.read_answer(choice.draw(st.binary(max_size=60))), dict)


@pytest.mark.parametrize("register", REGISTERS)
@settings(max_examples=10)
@given(st.data())
def test_any_data_in_a_register_can_be_read(register: int, choice: st.DataObject) -> None:
    for shape in REGISTERS[register][1]:
        data = choice.draw(st.binary(min_size=shape.sizeof(), max_size=shape.sizeof()))
        ReadRegister(register=register).read_answer(data)


FIELDS_THAT_ARE_NO_VALUES = (
    (SetTime, "24 00 00", E.WRONG_TIME),
    (SetTime, "0A 00 00", E.BAD_FORMAT),
    (SetDate, "30 02 26", E.WRONG_DATE),
    (SetDate, "00 00 00", E.WRONG_DATE),
    (SetDate, "01 0F 26", E.BAD_FORMAT),
    (EnterMode, "01 00 00 00 3A", E.BAD_FORMAT),
    (OpenReceipt, "00 03", E.WRONG_RECEIPT_TYPE),
    (OpenReceipt, "00 00", E.WRONG_RECEIPT_TYPE),
    (CloseReceipt, "00 0A 00 00 00 00 00", E.BAD_FORMAT),
)


@pytest.mark.parametrize(("declared", "parameters", "code"), FIELDS_THAT_ARE_NO_VALUES)
def test_a_field_that_is_no_value_of_its_type_has_its_own_code(
    declared: type[Command], parameters: str, code: E
) -> None:
    with pytest.raises(CommandError) as refused:
        declared.from_wire(bytes.fromhex(parameters))
    assert refused.value.code is code


ANSWERS = (
    (0x92, "55 00 00", Answer(0)),
    (0x92, "55 9B 00", Answer(0x9B)),
    (0x92, "55 F6 01", Answer(0xF6, detail=1)),
    (0x91, "55 00 01 02", Answer(0, data=b"\1\2")),
    (0x91, "55 00", Answer(0)),
    (0x91, "55 6C 00", Answer(0x6C)),
    (0x91, "55 02 07", Answer(2, detail=7)),
    (0x91, "55 6C", Answer(0x6C)),
    (0x99, "55 01 00 00 00 00 00 00 00 00 00 00", Answer(1, data=bytes(10))),
    (0x45, "55 41 00", Answer(0, data=b"\x41\0")),
    (0x3F, "44" + "00" * 29, Answer(0, data=bytes(29))),
    (0x3F, "55 8C 00", Answer(0x8C)),
    (0x4D, "4D 00 00 00 00 01 00 00", Answer(0, data=bytes.fromhex("00000000010000"))),
    (0xA5, "00 01 01", Answer(0, data=b"\1\1")),
    (0xA5, "55 8C 00", Answer(0x8C)),
    (0xFF, "55 7A 00", Answer(0x7A)),
)


@pytest.mark.parametrize(("code", "reply", "answer"), ANSWERS)
def test_an_answer_is_read_by_the_form_of_its_command(code: int, reply: str, answer: Answer) -> None:
    assert parse_answer(code, bytes.fromhex(reply)) == answer
    assert answer.is_ok is (answer.code in (0, 1))


@given(st.integers(0, 255), st.binary(max_size=40))
def test_any_reply_is_an_answer_or_none(code: int, reply: bytes) -> None:
    try:
        answer = parse_answer(code, reply)
    except CommandError:
        return
    assert isinstance(answer, Answer)


def test_every_command_names_itself_in_russian_and_its_chapter_its_source() -> None:
    for declared in DECLARED:
        assert re.match(r"«[А-ЯЁ]", declared.__doc__ or ""), declared.__name__
    for chapter in commands.__all__:
        assert re.search(r"Source: ", getattr(commands, chapter).__doc__ or ""), chapter


def test_every_character_of_the_code_page_has_one_byte_and_every_byte_one_character() -> None:
    text = code_page.decode(bytes(range(256)))
    assert len(set(text)) == 256
    assert code_page.encode(text) == bytes(range(256))


def test_the_code_page_differs_from_cp866_where_the_manual_says() -> None:
    assert code_page.decode(bytes.fromhex("24 27 F0 F1 F2 FA FC FF")) == "№’Ёё€‒$■"
    assert code_page.encode("Чай № 5 за 10$") == "Чай $ 5 за 10№".encode("cp866")
    assert code_page.encode("🙂") == b"?"


def test_text_of_a_fixed_width_is_cut_or_padded() -> None:
    assert code_page.encode_fixed("Чай", 5) == b"\x97\xa0\xa9  "
    assert code_page.encode_fixed("Чай", 2) == b"\x97\xa0"
    wire = AddItem(name="Чай" * 40, price_kopecks=1).to_wire()
    assert len(wire) == 104
    assert AddItem.from_wire(wire[1:]).name == ("Чай" * 40)[:64]
