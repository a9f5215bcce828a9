"""Printing: lines and their marks, the looks of a line, cliché and footer, the copy of the last document, signals."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.device.signals import Signal
from kktsim.printer.paper import COPY, CUT, NOT_FISCAL, Paper
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.printing import PrintField, PrintText, Sound
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]


@pytest.fixture
def desk(bench: Bench) -> Desk:
    desk = Desk(bench)
    desk.enter(Mode.SELECTION)
    return desk


def test_a_line_is_printed_in_the_code_page_of_the_till(desk: Desk) -> None:
    assert desk.tape_of("4C 97 A0 A9 20 24 F0") == ["Чай №Ё"]


@pytest.mark.parametrize(("model", "longest"), [("evotor-st2f", 57), ("atol-77f", 57)])
def test_a_line_longer_than_the_till_takes_is_a_wrong_length(make_bench: MakeBench, model: str, longest: int) -> None:
    desk = Desk(make_bench(model=model))
    desk.does(PrintText(text="Ж" * longest))
    desk.refuses(PrintText(text="Ж" * (longest + 1)), E.BAD_LENGTH)
    desk.refuses(PrintField(text="Ж" * (longest + 1)), E.BAD_LENGTH)


def test_every_page_says_that_it_is_not_fiscal(desk: Desk) -> None:
    desk.does("4C 97 A0 A9")
    printed = desk.tape_of("75 00")
    assert printed[0] == NOT_FISCAL and printed[1].startswith(CUT)
    assert desk.tape_of("75 01") == []


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("09 92 09 A5 AA", "Т е к"),
        ("41 09 42 43", "AB C"),
        ("41 09", "A"),
        ("09 09 41", "A"),
    ],
)
def test_09_makes_the_next_character_twice_as_wide(desk: Desk, text: str, printed: str) -> None:
    assert desk.tape_of(f"4C {text}") == [printed]


def test_0a_and_0b_in_a_text_draw_what_the_till_keeps(desk: Desk) -> None:
    desk.does("8B FF FF", "8B 00 00", "9E", "C1 40 01" + "00" * 12 + "31 32")
    assert desk.tape_of("4C 41 0A 01 00 00 42 0B 01 00 00") == ["A", "[картинка 1: 16x2]", "B", "[QR: 12]"]
    start = len(desk.bench.kkt.paper)
    desk.does("4C 0A 01 00 60")
    assert desk.bench.tape(start) == [" " * 8 + "[картинка 1: 16x2]"]


@pytest.mark.parametrize("text", ["41 0A 02 00 00", "0B 01 00 00", "0A", "0A 00"])
def test_a_text_with_a_drawing_that_is_not_there_prints_nothing(desk: Desk, text: str) -> None:
    desk.does("8B FF", "9E")
    start = len(desk.bench.kkt.paper)
    desk.refuses(f"4C {text}", E.WRONG_PICTURE)
    assert desk.bench.tape(start) == []


# ---- 87: a line with its own looks


@pytest.mark.parametrize(
    ("field", "printed"),
    [
        (PrintField(text="A"), "A"),
        (PrintField(text="A", font=2, spacing=3, brightness=12, multiplier=3), "A"),
        (PrintField(text="A", multiplier=1), "A {двойная высота}"),
        (PrintField(text="A", font=1, spacing=7, brightness=9), "A {шрифт 1, межстрочие 7, яркость 9}"),
    ],
)
def test_looks_that_are_not_those_of_table_2_are_told(desk: Desk, field: PrintField, printed: str) -> None:
    assert desk.tape_of(field) == [printed]


@pytest.mark.parametrize("field", [PrintField(text="A", printer=2), PrintField(text="A", tape=0)])
def test_what_is_for_the_journal_alone_is_not_on_the_tape(desk: Desk, field: PrintField) -> None:
    assert desk.tape_of(field) == []


def test_in_check_mode_a_field_is_only_tried(desk: Desk) -> None:
    assert desk.tape_of("87 01" + "01 00 00 00 00 01 01 00 00 00" + "41") == []


@pytest.mark.parametrize(
    ("name", "highest"),
    [
        ("printer", 3),
        ("font", 9),
        ("multiplier", 3),
        ("spacing", 15),
        ("brightness", 0x15),
        ("tape", 1),
        ("journal", 1),
    ],
)
def test_looks_out_of_range_are_a_wrong_format(desk: Desk, name: str, highest: int) -> None:
    desk.does(PrintField(text="A", **{name: highest}))  # type: ignore[arg-type]
    desk.refuses(PrintField(text="A", **{name: highest + 1}), E.BAD_FORMAT)  # type: ignore[arg-type]
    desk.refuses(PrintField(text="A", **{name: 0xFF}), E.BAD_FORMAT)  # type: ignore[arg-type]


@pytest.mark.parametrize(("brightness", "is_legal"), [(0x0F, True), (0x10, True), (0x15, True), (0x16, False)])
def test_brightness_may_come_in_binary_or_as_the_table_has_it(desk: Desk, brightness: int, is_legal: bool) -> None:
    assert desk.answer(PrintField(text="A", brightness=brightness)).is_ok is is_legal
    assert desk.tape_of(PrintField(text="A", brightness=0x12)) == ["A"]
    desk.refuses(PrintField(text="A", brightness=0x1A), E.BAD_FORMAT)


def test_a_field_without_its_eleven_bytes_is_too_short(desk: Desk) -> None:
    desk.does("87" + "00" * 11)
    desk.refuses("87" + "00" * 10, E.BAD_LENGTH)


# ---- cliché and footer

CLICHE = ["СПАСИБО", "ЗА ПОКУПКУ!", "-" * 32, "", "", "ТОРГОВЫЙ ОБЪЕКТ №1", "ДОБРО ПОЖАЛОВАТЬ!", "-" * 32]


def write(desk: Desk, *fields: str) -> None:
    desk.enter(Mode.PROGRAMMING)
    desk.does(*(f"50 {field}" for field in fields))
    desk.enter(Mode.SELECTION)


def test_the_cliche_is_what_table_6_says(desk: Desk) -> None:
    assert desk.tape_of("6C") == CLICHE


@pytest.mark.parametrize(("rows", "printed"), [("00", 0), ("01", 1), ("05", 3), ("20", 8)])
def test_table_2_says_how_many_rows_the_cliche_has(desk: Desk, rows: str, printed: int) -> None:
    write(desk, f"02 00 01 24 {rows}")
    assert desk.tape_of("6C") == CLICHE[:printed]


def test_a_picture_can_stand_in_the_cliche(desk: Desk) -> None:
    write(desk, "02 00 01 24 02", "06 00 01 01 0A 01 00 00" + "20" * 53)
    desk.refuses("6C", E.WRONG_PICTURE)
    desk.does("8B FF", "9E")
    assert desk.tape_of("6C") == ["[картинка 1: 8x1]", "ЗА ПОКУПКУ!"]


def test_the_paper_is_cut_after_the_cliche_when_table_2_says_so(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(model="atol-77f"))
    write(desk, "02 00 01 18 00")
    assert len(desk.tape_of("6C")) == len(CLICHE)
    write(desk, "02 00 01 18 10")
    printed = desk.tape_of("6C")
    assert printed[0] == CLICHE[0] and printed[-1].startswith(CUT)


def test_the_footer_tells_the_till_and_ends_the_page(desk: Desk) -> None:
    desk.enter(Mode.X_REPORTS)
    printed = desk.tape_of("73")
    assert printed[:2] == ["ЗН ККТ            00307400000011", "02.03.26 12:00"]
    assert printed[2:10] == CLICHE and printed[11].startswith(CUT)


def test_inside_a_receipt_the_footer_does_not_cut(make_bench: MakeBench) -> None:
    printed = Desk(make_bench("receipt-open")).tape_of("73")
    assert printed[2:] == CLICHE


# ---- the copy of the last document


def test_the_last_document_is_printed_once_more(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    start = len(desk.bench.kkt.paper)
    desk.sell()
    receipt = desk.bench.tape(start)
    start = len(desk.bench.kkt.paper)
    desk.does("95")
    head, *copy = desk.bench.tape(start)
    assert head.strip() == COPY and copy == receipt
    start = len(desk.bench.kkt.paper)
    desk.does("95")
    assert desk.bench.tape(start) == [head, *copy]


def test_while_a_receipt_is_open_there_is_nothing_to_copy(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("receipt-open"))
    desk.refuses("95", E.NO_REPORTS)
    desk.does("59", "95")


def test_what_was_forgotten_cannot_be_copied(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.does("97", "97")
    desk.refuses("95", E.BUFFER_EMPTY)
    desk.sell()
    desk.does("95")


def test_a_new_till_has_no_document(make_bench: MakeBench) -> None:
    Desk(make_bench("factory")).refuses("95", E.BUFFER_EMPTY)


def test_a_fork_of_the_paper_copies_what_it_saw() -> None:
    paper = Paper(10)
    paper.line("first")
    paper.cut()
    twin = paper.copy()
    twin.line("second")
    twin.cut()
    start = len(paper)
    paper.print_copy()
    assert [line.strip() for line in paper.lines(start)][:2] == [COPY, "first"]
    start = len(twin)
    twin.print_copy()
    assert [line.strip() for line in twin.lines(start)][:2] == [COPY, "second"]


def test_lines_that_were_begun_are_not_part_of_the_copy() -> None:
    paper = Paper(40)
    paper.line("document")
    paper.cut()
    paper.line("begun")
    paper.print_copy()
    told = [line.strip() for line in paper.lines()]
    assert told[3:6] == ["begun", NOT_FISCAL, CUT + "-" * 39] and told[6:8] == [COPY, "document"]


@given(st.text(alphabet="абв ", max_size=60), st.integers(1, 20))
def test_no_character_of_a_line_is_lost(text: str, width: int) -> None:
    paper = Paper(width)
    paper.line(text)
    assert "".join(paper.lines()) == text and all(len(line) <= width for line in paper.lines())


# ---- what leaves the till


@pytest.mark.parametrize(
    ("command", "signal"),
    [
        ("47", Signal("beeper", "beep")),
        ("88 FE 34 0A", Signal("beeper", "2003 Hz, 0.10 s")),
        ("80", Signal("drawer", "open")),
        ("85 00 10 00 20 03", Signal("drawer", "3 x 0.10 s on, 0.20 s off")),
        ("8F 02 1B 40", Signal("port 2", "1B 40")),
    ],
)
def test_what_beeps_opens_and_is_sent_on_is_seen_outside(make_bench: MakeBench, command: str, signal: Signal) -> None:
    desk = Desk(make_bench(model="atol-77f"))
    assert desk.tape_of(command) == []
    assert list(desk.bench.signals) == [signal]


@pytest.mark.parametrize("hertz", [100, 440, 2500])
def test_a_tone_is_told_by_what_its_counter_counts(hertz: int) -> None:
    assert abs(Sound(divider=65_536 - 921_600 // hertz, duration=1).hertz - hertz) < hertz / 100


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("85 00 10 00 10 64", E.BAD_FORMAT),
        ("85 00 1A 00 10 01", E.BAD_FORMAT),
        ("85 00 10 00 10", E.BAD_LENGTH),
        ("88 FE 34", E.BAD_LENGTH),
        ("8F 03 41", E.WRONG_TARGET_DEVICE),
        ("8F 01", E.BAD_LENGTH),
        ("8F 01" + "41" * 95, E.BAD_LENGTH),
    ],
)
def test_signals_out_of_range_are_refused(make_bench: MakeBench, command: str, code: E) -> None:
    desk = Desk(make_bench(model="atol-77f"))
    desk.refuses(command, code)
    assert len(desk.bench.signals) == 0


def test_a_till_whose_ports_lead_nowhere_does_not_know_8f(make_bench: MakeBench) -> None:
    Desk(make_bench(model="atol-30f")).refuses("8F 01 41", E.UNKNOWN_COMMAND)
