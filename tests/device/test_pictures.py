"""Pictures: rows become a numbered picture, which can be measured, read out, printed and deleted."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.device.graphics import CAPACITY_BYTES, LAST_NUMBER, Picture
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.pictures import ArrayState, PictureArray, PictureSize
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]
ARRAY = PictureArray()


@pytest.fixture
def desk(bench: Bench) -> Desk:
    desk = Desk(bench)
    desk.enter(Mode.SELECTION)
    return desk


def add(desk: Desk, *rows: str) -> int:
    """The number of the new picture."""
    desk.does(*(f"8B {row}" for row in rows))
    return desk.does("9E")[0]


def array(desk: Desk) -> dict[str, int]:
    return dict(ARRAY.read_answer(desk.does(ARRAY)))


def test_rows_become_a_picture_when_it_is_closed(desk: Desk) -> None:
    desk.does("8B AA AA")
    assert array(desk) == {"free_bytes": CAPACITY_BYTES - 2, "pictures": 0, "is_open": 1}
    desk.does("8B 55 55")
    assert desk.does("9E") == b"\x01"
    assert array(desk) == {"free_bytes": CAPACITY_BYTES - 4, "pictures": 1, "is_open": 0}
    assert add(desk, "FF") == 2


def test_an_empty_array_is_told_to_have_as_much_room_as_two_bytes_can_tell(desk: Desk) -> None:
    assert array(desk) == {"free_bytes": 0xFFFF, "pictures": 0, "is_open": 0}
    asked = ArrayState.from_wire(b"\x02")
    assert asked.read_answer(desk.does(asked)) == {"free_bytes": CAPACITY_BYTES, "last_number": 0}


def test_a_picture_that_is_being_added_can_be_measured_but_not_read(desk: Desk) -> None:
    desk.does("8B AA AA AA", "8B 55 55 55")
    size = PictureSize(number=1)
    assert size.read_answer(desk.does(size)) == {"width_bytes": 3, "height": 2, "is_open": 1}
    desk.refuses("86", E.BUFFER_EMPTY)
    desk.refuses("90 02", E.WRONG_PICTURE)


@pytest.mark.parametrize("begin", ["90 02", "9F 02"])
def test_a_picture_is_read_out_row_by_row(desk: Desk, begin: str) -> None:
    add(desk, "FF")
    add(desk, "01 02", "03 04")
    desk.does(begin)
    assert [desk.does("86"), desk.does("86")] == [b"\x01\x02", b"\x03\x04"]
    desk.refuses("86", E.NO_MORE_PICTURE_ROWS)
    desk.does(begin)
    assert desk.does("86") == b"\x01\x02"


def test_nothing_can_be_read_before_a_picture_is_named(desk: Desk) -> None:
    add(desk, "FF")
    desk.refuses("86", E.BUFFER_EMPTY)


@pytest.mark.parametrize("command", ["90", "9F"])
def test_a_picture_that_was_deleted_while_it_was_read_is_gone(desk: Desk, command: str) -> None:
    add(desk, "FF")
    desk.does(f"{command} 01", "8A 00")
    desk.refuses("86", E.WRONG_PICTURE)


@pytest.mark.parametrize("command", ["90 {0}", "9F {0}", "8D 01 {0} 00 00"])
@pytest.mark.parametrize("number", ["00", "02", "FF"])
def test_a_picture_that_is_not_there_is_refused(desk: Desk, command: str, number: str) -> None:
    add(desk, "FF")
    desk.refuses(command.format(number), E.WRONG_PICTURE)


def test_a_row_must_fit_the_paper_and_the_row_above(desk: Desk) -> None:
    widest = desk.bench.kkt.model.pixels // 8
    desk.refuses("8B", E.BAD_LENGTH)
    desk.refuses("8B" + "00" * (widest + 1), E.BAD_LENGTH)
    desk.does("8B" + "00" * widest)
    desk.refuses("8B" + "00" * (widest - 1), E.BAD_LENGTH)


def test_a_picture_without_rows_cannot_be_closed(desk: Desk) -> None:
    desk.refuses("9E", E.BUFFER_EMPTY)
    add(desk, "FF")
    desk.refuses("9E", E.BUFFER_EMPTY)


def test_a_full_array_takes_no_more(desk: Desk) -> None:
    graphics = desk.bench.kkt.memory.graphics
    graphics.pictures = (Picture((bytes(40),) * (CAPACITY_BYTES // 40)),)
    desk.does("8B" + "00" * (CAPACITY_BYTES % 40))
    desk.refuses("8B" + "00" * (CAPACITY_BYTES % 40), E.PICTURE_MEMORY_FULL)
    assert array(desk)["free_bytes"] == 0


def test_the_numbers_end_with_255(desk: Desk) -> None:
    desk.bench.kkt.memory.graphics.pictures = (Picture((b"\xff",)),) * (LAST_NUMBER - 1)
    assert add(desk, "FF") == LAST_NUMBER
    desk.refuses("8B FF", E.PICTURE_MEMORY_FULL)


def test_the_array_is_cleared_and_the_last_picture_deleted(desk: Desk) -> None:
    add(desk, "01")
    add(desk, "02")
    desk.does("8B 03", "8A 01")
    assert (array(desk)["pictures"], array(desk)["is_open"]) == (2, 0)
    desk.does("8A 01")
    assert array(desk)["pictures"] == 1
    desk.does("8A 00", "8A")
    assert array(desk)["pictures"] == 0
    desk.refuses("8A 02", E.BAD_FORMAT)


def test_pictures_outlive_the_power(desk: Desk) -> None:
    add(desk, "01 02")
    desk.bench.power_off()
    desk.bench.power_on()
    assert desk.tape_of("8D 01 01 00 00") == ["[картинка 1: 16x1]"]


def test_a_fork_has_pictures_of_its_own(desk: Desk) -> None:
    add(desk, "01")
    twin = Desk(desk.bench.fork())
    twin.does("8A 00")
    desk.does("90 01")


# ---- printing


def test_a_picture_stands_where_its_offset_says(desk: Desk) -> None:
    add(desk, "FF FF", "00 00", "FF FF")
    start = len(desk.bench.kkt.paper)
    desk.does("8D 01 01 00 00", "8D 01 01 00 C0")
    assert desk.bench.tape(start) == ["[картинка 1: 16x3]", " " * 16 + "[картинка 1: 16x3]"]


def test_a_row_of_dots_is_printed_as_often_as_it_says(desk: Desk) -> None:
    assert desk.tape_of("8E 01 00 3D 00 00 CC 3C 30") == ["[растр 24x61]"]
    assert desk.tape_of("8E 01 00 00 00 00 CC") == []


def test_a_row_of_dots_must_fit_the_paper(desk: Desk) -> None:
    pixels = desk.bench.kkt.model.pixels
    desk.does("8E 01 00 01" + (pixels - 8).to_bytes(2, "big").hex() + "FF")
    desk.refuses("8E 01 00 01" + (pixels - 7).to_bytes(2, "big").hex() + "FF", E.BAD_LENGTH)
    desk.refuses("8E 01 00 01 00 00", E.BAD_LENGTH)


@pytest.mark.parametrize("command", ["8D {0} 01 00 00", "8E {0} 00 01 00 00 FF", "7C {0} 01"])
@pytest.mark.parametrize("printer", ["00", "02", "03"])
def test_there_is_no_other_printer(desk: Desk, command: str, printer: str) -> None:
    add(desk, "FF")
    desk.refuses(command.format(printer), E.WRONG_TARGET_DEVICE)


@given(st.lists(st.binary(min_size=3, max_size=3), min_size=1, max_size=20))
def test_what_was_added_is_what_is_read(make_bench: MakeBench, rows: list[bytes]) -> None:
    desk = Desk(make_bench())
    number = add(desk, *(row.hex() for row in rows))
    desk.does(f"90 {number:02X}")
    assert [desk.does("86") for _ in rows] == rows
