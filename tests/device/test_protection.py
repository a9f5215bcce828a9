"""Protection codes and the serial number: what a board from the spare parts lacks, and how it is entered.

Source: article protection_code; ATOL protocol 3.1, commands 61 6D 74 and error bytes AEh, B1h, A9h, 9Eh, A5h.
"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.device import HANDLERS
from kktsim.device.dispatch import Row
from kktsim.device.protection import NUMBERS, right_code
from kktsim.hands.bench import BenchHands
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E

from .desk import EXAMPLES, Desk

MakeBench = Callable[..., Bench]
SERIAL_NUMBER = "00 30 74 00 00 00 11"
LICENSED = [row for row in HANDLERS.values() if row.modes == (Mode.REGISTRATION,)]


@pytest.fixture
def desk(bench: Bench) -> Desk:
    """A till with a board from the spare parts."""
    bench.replace_board()
    desk = Desk(bench)
    desk.enter(Mode.SELECTION)
    return desk


def enter_number(desk: Desk) -> None:
    desk.enter(Mode.SERIAL_ENTRY)
    desk.does(f"61 {SERIAL_NUMBER}")
    desk.enter(Mode.SELECTION)


def code(desk: Desk, number: int) -> str:
    return f"6D {number:02X} {BenchHands(desk.bench).passport_code(number)}"


def test_a_till_leaves_the_factory_with_its_first_code(bench: Bench) -> None:
    desk = Desk(bench)
    assert [desk.does(f"74 {number:02X}") for number in NUMBERS] == [b"\x01"] + [b"\x00"] * 29


@pytest.mark.parametrize("row", LICENSED, ids=[row.command.__name__ for row in LICENSED])
def test_without_it_registration_mode_does_nothing(desk: Desk, row: Row) -> None:
    desk.enter(Mode.REGISTRATION)
    desk.refuses(f"{row.command.code:02X} {EXAMPLES[row.command.code]}", E.PROTECTION_CODE_NEEDED)


def test_the_right_code_cures_it(desk: Desk) -> None:
    enter_number(desk)
    assert desk.does("74 01") == b"\x00"
    desk.does(code(desk, 1))
    assert desk.does("74 01") == b"\x01"
    desk.open_shift()
    desk.sell()


def test_a_wrong_code_or_a_wrong_number_is_refused_with_ae(desk: Desk) -> None:
    enter_number(desk)
    right = right_code("00307400000011", 1)
    wrong = right[:-1] + bytes((right[-1] ^ 1,))
    desk.refuses(f"6D 01 {wrong.hex()}", E.WRONG_PROTECTION_CODE)
    desk.refuses(f"6D 02 {right.hex()}", E.WRONG_PROTECTION_CODE)
    desk.refuses("6D 01 " + right_code("00307400000012", 1).hex(), E.WRONG_PROTECTION_CODE)
    for number in ("00", "1F", "FF"):
        desk.refuses(f"6D {number} {right.hex()}", E.WRONG_PROTECTION_CODE)
        desk.refuses(f"74 {number}", E.WRONG_PROTECTION_CODE)
    desk.refuses("6D 01" + "00" * 7, E.BAD_LENGTH)
    desk.refuses("6D 01" + "00" * 9, E.BAD_LENGTH)


def test_the_last_number_is_30(desk: Desk) -> None:
    enter_number(desk)
    desk.does(code(desk, 30))
    assert desk.does("74 1E") == b"\x01"


def test_another_code_licenses_nothing_here(desk: Desk) -> None:
    enter_number(desk)
    desk.does(code(desk, 2))
    desk.enter(Mode.REGISTRATION)
    desk.refuses("9A 00", E.PROTECTION_CODE_NEEDED)


def test_without_the_code_commands_of_two_modes_are_refused_in_registration_only(desk: Desk) -> None:
    enter_number(desk)
    desk.enter(Mode.X_REPORTS)
    assert desk.answer("73").code != E.PROTECTION_CODE_NEEDED
    desk.enter(Mode.REGISTRATION)
    desk.refuses("73", E.PROTECTION_CODE_NEEDED)


def test_a_code_wants_the_serial_number_first(desk: Desk) -> None:
    desk.refuses(code(desk, 1), E.NO_SERIAL)


def test_codes_and_number_outlive_power_and_reset(bench: Bench) -> None:
    desk = Desk(bench)
    desk.does("6B")
    bench.clock.wait(bench.kkt.settings.zeroing_seconds)
    assert bench.state().is_on and desk.does("74 01") == b"\x01"
    desk.does("64 02 03 26", "4B 12 00 00")
    desk.enter(Mode.SERIAL_ENTRY)
    desk.refuses(f"61 {SERIAL_NUMBER}", E.SERIAL_ALREADY_SET)


# ---- the serial number


def test_a_number_is_entered_once(desk: Desk) -> None:
    desk.enter(Mode.SERIAL_ENTRY)
    desk.refuses("61 00 30 74 00 00 00 12", E.BAD_SERIAL)
    desk.does(f"61 {SERIAL_NUMBER}")
    desk.refuses(f"61 {SERIAL_NUMBER}", E.SERIAL_ALREADY_SET)
    desk.refuses("61 00 30 74 00 00 00", E.BAD_LENGTH)


def test_a_till_with_its_number_takes_no_other(bench: Bench) -> None:
    desk = Desk(bench)
    desk.enter(Mode.SERIAL_ENTRY)
    desk.refuses(f"61 {SERIAL_NUMBER}", E.SERIAL_ALREADY_SET)


@pytest.mark.parametrize("command", ["A6", "A7"])
def test_without_a_number_the_fn_is_not_touched(desk: Desk, command: str) -> None:
    desk.enter(Mode.FN_ACCESS)
    desk.refuses(command, E.NO_SERIAL)


def test_the_information_slip_tells_that_there_is_no_number(desk: Desk) -> None:
    assert ["ЗН", "ККТ", "НЕ", "ЗАДАН"] in [line.split() for line in desk.tape_of("82 01 01 00")]


# ---- the passport


@given(st.integers(0, 10**14 - 1), st.sampled_from(NUMBERS))
def test_a_code_is_sixteen_digits_of_its_till_and_number(serial: int, number: int) -> None:
    told = right_code(f"{serial:014d}", number)
    assert len(told) == 8 and told.hex().isdecimal()
    assert told != right_code(f"{(serial + 1) % 10**14:014d}", number)
    assert told != right_code(f"{serial:014d}", number % 30 + 1)


def test_the_jumper_stays_where_it_was_set(bench: Bench) -> None:
    bench.jumper(True)
    bench.replace_board()
    assert bench.kkt.memory.board.jumper_is_on
    bench.jumper(False)
    assert not bench.fork().kkt.memory.board.jumper_is_on
