"""Barcodes: drawn at once or in parts, or kept under a number."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.device.graphics import CAPACITY_BYTES, LAST_NUMBER, Barcode
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.pictures import KEEP, MORE_FOLLOWS, Alignment, ArrayState, ContinueBarcode, PrintBarcode
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]
ARRAY = ArrayState.from_wire(b"\x01")
BY_ATOLS_DRIVER = "C1 00 01 01 00 00 01 01 00 00 00 00 00 00 00 31 32 33" + "00" * 97
"""A QR code of «123», as ATOL's driver 10.8 sends it."""
PDF_BY_ATOLS_DRIVER = "C1 01 01 03 00 00 12 00 02 00 04 00 00 00 00 31 31 31" + "00" * 97


@pytest.fixture
def desk(bench: Bench) -> Desk:
    desk = Desk(bench)
    desk.enter(Mode.SELECTION)
    return desk


def qr(text: str, **fields: object) -> PrintBarcode:
    return PrintBarcode(data=text.encode(), **fields)  # type: ignore[arg-type]


def keep(desk: Desk, *texts: str) -> None:
    desk.does(*(qr(text, kind=KEEP) for text in texts))


@pytest.mark.parametrize(
    ("command", "printed"), [(BY_ATOLS_DRIVER, "[QR: 123]"), (PDF_BY_ATOLS_DRIVER, "[PDF417: 111]")]
)
def test_a_barcode_is_told_by_type_and_data(desk: Desk, command: str, printed: str) -> None:
    assert desk.tape_of(command) == [printed]


@pytest.mark.parametrize(("alignment", "indent"), [(1, 0), (2, 11), (3, 23)])
def test_a_barcode_stands_left_in_the_middle_or_right(desk: Desk, alignment: int, indent: int) -> None:
    start = len(desk.bench.kkt.paper)
    desk.does(qr("123", alignment=Alignment(alignment)))
    assert desk.bench.tape(start) == [" " * indent + "[QR: 123]"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("Чек №1".encode(), "Чек №1"),
        (bytes.fromhex("CF F0 E8 E2 E5 F2"), "Привет"),
        (b"0104\x1d93", "0104<1D>93"),
        (b"a\x00b", "a<00>b"),
    ],
)
def test_data_are_told_as_text(desk: Desk, data: bytes, told: str) -> None:
    assert desk.tape_of(PrintBarcode(data=data)) == [f"[QR: {told}]"]


def test_a_long_barcode_stays_in_one_line(desk: Desk) -> None:
    assert desk.tape_of(qr("1" * 200)) == [f"[QR: {'1' * 200}]"]


def test_a_barcode_comes_in_parts(desk: Desk) -> None:
    assert desk.tape_of(qr("12", kind=MORE_FOLLOWS)) == []
    assert desk.tape_of(ContinueBarcode(flags=MORE_FOLLOWS, data=b"34")) == []
    assert desk.tape_of(ContinueBarcode(data=b"56" + bytes(98))) == ["[QR: 123456]"]
    desk.refuses("C2 00 37", E.BUFFER_EMPTY)


def test_a_barcode_that_was_begun_gives_way_to_another(desk: Desk) -> None:
    desk.does(qr("12", kind=MORE_FOLLOWS))
    assert desk.tape_of(qr("34")) == ["[QR: 34]"]
    desk.refuses("C2 00 37", E.BUFFER_EMPTY)


def test_power_off_ends_a_barcode_that_was_begun(desk: Desk) -> None:
    desk.does(qr("12", kind=MORE_FOLLOWS))
    desk.bench.power_off()
    desk.bench.power_on()
    desk.refuses("C2 00 37", E.BUFFER_EMPTY)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (qr("1", kind=2), E.BAD_FORMAT),
        (qr("1", kind=0x3F), E.BAD_FORMAT),
        (qr(""), E.BAD_LENGTH),
        (PrintBarcode(data=bytes(100)), E.BAD_LENGTH),
        (qr("1" * 7090), E.BAD_LENGTH),
        (qr("1" * 2711, kind=1), E.BAD_LENGTH),
        ("C1 00 00" + "00" * 12 + "31", E.BAD_FORMAT),
        ("C1 00 04" + "00" * 12 + "31", E.BAD_FORMAT),
        ("C1 00 01" + "00" * 11, E.BAD_LENGTH),
    ],
)
def test_what_cannot_be_drawn_is_refused(desk: Desk, command: PrintBarcode | str, code: E) -> None:
    desk.refuses(command, code)


def test_the_most_that_a_barcode_takes_is_drawn(desk: Desk) -> None:
    desk.does(qr("1" * 7089), qr("1" * 2710, kind=1))


def test_parts_that_are_too_much_together_are_refused(desk: Desk) -> None:
    desk.does(qr("1" * 7000, kind=MORE_FOLLOWS))
    desk.refuses(ContinueBarcode(data=b"1" * 90), E.BAD_LENGTH)
    assert desk.tape_of(ContinueBarcode(data=b"2")) == [f"[QR: {'1' * 7000}2]"]


# ---- the array


def test_a_barcode_that_is_kept_is_printed_by_its_number(desk: Desk) -> None:
    assert desk.tape_of(qr("ЕГАИС", kind=KEEP)) == []
    keep(desk, "2")
    assert desk.tape_of("7C 01 01") == ["[QR: ЕГАИС]"]
    assert desk.tape_of("7C 01 02") == ["[QR: 2]"]


@pytest.mark.parametrize("command", ["7C 01 {0}", "79 {0}"])
@pytest.mark.parametrize("number", ["00", "02", "FF"])
def test_a_number_that_was_never_kept_is_what_err_3898_says(desk: Desk, command: str, number: str) -> None:
    keep(desk, "1")
    desk.refuses(command.format(number), E.WRONG_PICTURE)


def test_the_array_tells_its_room_and_its_last_number(desk: Desk) -> None:
    assert ARRAY.read_answer(desk.does(ARRAY)) == {"free_bytes": CAPACITY_BYTES, "last_number": 0}
    keep(desk, "1", "22")
    assert ARRAY.read_answer(desk.does(ARRAY)) == {"free_bytes": CAPACITY_BYTES - 2 * 14 - 3, "last_number": 2}
    desk.refuses("7D 00", E.BAD_FORMAT)
    desk.refuses("7D 03", E.BAD_FORMAT)


def test_the_array_is_cleared_and_the_last_barcode_deleted(desk: Desk) -> None:
    keep(desk, "1", "2", "3")
    desk.does("7B 01")
    assert desk.does(ARRAY)[-1] == 2
    desk.does("7B")
    assert desk.does(ARRAY)[-1] == 0
    desk.refuses("7B 02", E.BAD_FORMAT)


def test_a_full_array_takes_no_more(desk: Desk) -> None:
    graphics = desk.bench.kkt.memory.graphics
    graphics.barcodes = (Barcode(bytes(14), bytes(CAPACITY_BYTES - 14 - 20)),)
    keep(desk, "1" * 6)
    desk.refuses(qr("1", kind=KEEP), E.PICTURE_MEMORY_FULL)
    graphics.barcodes = (Barcode(bytes(14), b"1"),) * LAST_NUMBER
    desk.refuses(qr("1", kind=KEEP), E.PICTURE_MEMORY_FULL)


@given(st.text(alphabet="0123456789", min_size=1, max_size=400))
def test_a_barcode_is_read_out_block_by_block(make_bench: MakeBench, text: str) -> None:
    desk = Desk(make_bench())
    keep(desk, "1", text)
    desk.does("79 02")
    read = b""
    while (answer := desk.answer("7A")).is_ok:
        read += answer.data
    assert answer.code == E.NO_MORE_PICTURE_ROWS and read == qr(text, kind=KEEP).to_wire()[1:]


def test_nothing_can_be_read_before_a_barcode_is_named(desk: Desk) -> None:
    keep(desk, "1")
    desk.refuses("7A", E.BUFFER_EMPTY)
    desk.does("79 01", "7B")
    desk.refuses("7A", E.WRONG_PICTURE)
