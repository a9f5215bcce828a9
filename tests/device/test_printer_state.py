"""The printing mechanism: what the till tells of paper, cover and faults, what it refuses, paper that ends early."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.device.printer_state import PrinterFault
from kktsim.printer.paper import CUT, Paper
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import CloseReceipt
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.atol.kkt_codes import E, X

from .desk import Desk

MakeBench = Callable[..., Bench]
EVOTOR, ATOL = "evotor-st2f", "atol-77f"
F = PrinterFault

FLAGS_OF_45 = {
    F.NO_LINK: 0x02,
    F.MECHANICAL: 0x04,
    F.CUTTER: 0x08,
    F.OVERHEATED: 0x10,
    F.PAPER_JAM: 0x20,
    F.PRESENTER: 0x40,
}
"""ATOL protocol 3.1, command 45."""
CODES = {
    F.NO_LINK: E.NO_PRINTER,
    F.MECHANICAL: E.PRINTER_MECHANICAL,
    F.CUTTER: E.PRINTER_MECHANICAL,
    F.OVERHEATED: E.HEAD_OVERHEATED,
    F.PAPER_JAM: E.PRINTER_MECHANICAL,
    F.PRESENTER: E.PRINTER_MECHANICAL,
}


@pytest.mark.parametrize("fault", F)
def test_a_fault_is_told_refused_and_gone_when_it_is_mended(bench: Bench, fault: F) -> None:
    desk = Desk(bench)
    assert desk.does("45")[1] == 0
    bench.printer.break_down(fault)
    assert desk.does("45")[1] == FLAGS_OF_45[fault]
    desk.refuses("4C 31", CODES[fault])
    bench.printer.mend()
    assert desk.does("45")[1] == 0
    desk.does("4C 31")


def test_faults_add_up_and_the_gravest_is_told(bench: Bench) -> None:
    desk = Desk(bench)
    for fault in F:
        bench.printer.break_down(fault)
    bench.printer.paper_out()
    assert desk.does("45")[1] == 0x7F
    desk.refuses("4C 31", E.NO_PRINTER)
    assert bench.state().printer_troubles == ("no_paper", *sorted(F))


@pytest.mark.parametrize("model", [EVOTOR, ATOL])
def test_paper_and_cover_are_told_by_3f_and_45(make_bench: MakeBench, model: str) -> None:
    desk = Desk(make_bench("shift-open", model))
    printer, healthy = desk.bench.printer, desk.does("3F")[8]
    printer.paper_out()
    assert (desk.does("3F")[8], desk.does("45")[1]) == (healthy & ~0x08, 0x01)
    printer.paper_in()
    printer.open_cover()
    assert (desk.does("3F")[8], desk.does("45")[1]) == (healthy | 0x20, 0x00)
    desk.refuses("4C 31", E.NO_PAPER)
    printer.close_cover()
    assert (desk.does("3F")[8], desk.does("45")[1]) == (healthy, 0x00)
    printer.paper_out(lines=30)
    assert (desk.does("3F")[8], desk.does("45")[1]) == (healthy, 0x80)


def test_what_the_printer_has_outlives_the_power(bench: Bench) -> None:
    bench.printer.paper_out()
    bench.printer.open_cover()
    bench.printer.break_down(F.OVERHEATED)
    bench.power_off()
    bench.power_on()
    assert bench.state().printer_troubles == ("no_paper", "cover_open", "overheated")
    assert bench.fork().state().printer_troubles == bench.state().printer_troubles


@pytest.mark.parametrize(
    ("state", "mode", "asked"),
    [
        ("registered", Mode.REGISTRATION, "9A 00"),
        ("registered", Mode.REGISTRATION, "92 00 01"),
        ("registered", Mode.X_REPORTS, "67 01"),
        ("registered", Mode.X_REPORTS, "67 09"),
        ("shift-open", Mode.REGISTRATION, "49 00 00 00 00 01 00"),
        ("shift-open", Mode.Z_REPORTS, "5A"),
        ("factory", Mode.FN_ACCESS, "A6"),
    ],
)
def test_a_document_without_paper_is_refused_before_anything_is_made(
    make_bench: MakeBench, state: str, mode: Mode, asked: str
) -> None:
    desk = Desk(make_bench(state))
    desk.enter(mode)
    desk.bench.printer.paper_out()
    desk.refuses(asked, E.NO_PAPER)


def test_a_receipt_that_lost_its_paper_stays_open_and_goes_on_with_a_new_roll(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("receipt-open"))
    desk.bench.printer.paper_out()
    for asked in (AddItem(name="Чай", price_kopecks=1), "4A 00 01 00 00 00 00 00", "59"):
        desk.refuses(asked, E.NO_PAPER)
    assert desk.does("3F")[21] == 1
    desk.bench.printer.paper_in()
    desk.does(AddItem(name="Чай", price_kopecks=1), "4A 00 01 00 00 00 00 00")


def test_a_receipt_without_paper_needs_none(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.bench.printer.paper_out()
    desk.refuses("92 00 01", E.NO_PAPER)
    desk.does("92 04 01", AddItem(name="Чай", price_kopecks=100), CloseReceipt())
    assert desk.register(0x33)["sum_kopecks"] == 100


def test_a_receipt_without_paper_prints_nothing_and_the_next_one_does(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    start = len(desk.bench.tape())
    desk.does("92 04 01", AddItem(name="Чай", price_kopecks=100), CloseReceipt())
    assert desk.bench.tape(start) == []
    desk.does("4C 31")
    desk.sell(100)
    assert "КАССОВЫЙ ЧЕК" in {line.strip() for line in desk.bench.tape(start)}


def test_wrong_mode_is_told_before_missing_paper(bench: Bench) -> None:
    desk = Desk(bench)
    bench.printer.paper_out()
    desk.refuses("5A", E.WRONG_MODE)
    desk.refuses("4C", E.NO_PAPER)


def test_questions_do_not_mind(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    questions = ("91 0A 00 00", "A4 30", "A5", "4D", "58", "E9 0D 04 00")
    healthy = [desk.does(question) for question in questions]
    assert all(healthy)
    for fault in F:
        desk.bench.printer.break_down(fault)
    desk.bench.printer.paper_out()
    assert [desk.does(question) for question in questions] == healthy
    assert desk.does("45") == b"\x01\x7f"
    assert desk.does("3F")[8] & 0x08 == 0
    desk.does("48")


# ---- paper that ends while something prints


def test_lines_behind_the_end_of_the_roll_come_out_on_the_next(bench: Bench) -> None:
    desk = Desk(bench)
    start = len(bench.tape())
    bench.printer.paper_out(lines=2)
    desk.does("4C 31", "4C 32")
    desk.refuses("4C 33", E.NO_PAPER)
    bench.printer.paper_in()
    desk.does("4C 33")
    assert bench.tape(start) == ["1", "2", "3"]


def test_an_x_report_goes_on_with_the_next_roll(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.X_REPORTS)
    whole = desk.tape_of(XReport())
    desk.print_out()
    start = len(desk.bench.tape())
    desk.bench.printer.paper_out(lines=3)
    desk.does(XReport())
    assert len(desk.bench.tape(start)) == 3
    desk.bench.printer.paper_in()
    assert [line.strip() for line in desk.bench.tape(start)] == whole


INTERRUPTED = (
    ("registered", Mode.REGISTRATION, OpenShift(), 2),
    ("receipt-open", Mode.REGISTRATION, CloseReceipt(), 3),
    ("shift-open", Mode.Z_REPORTS, CloseShift(), 3),
    ("shift-open", Mode.X_REPORTS, XReport(type=9), 3),
)


@pytest.mark.parametrize(("state", "mode", "command", "number"), INTERRUPTED)
def test_a_document_whose_paper_ends_is_made_and_waits_for_ee(
    make_bench: MakeBench, state: str, mode: Mode, command: OpenShift, number: int
) -> None:
    """ATOL's driver 10.8 asks 34h and 3Bh, finds the document closed and not printed, sends EEh until it is."""
    desk = Desk(make_bench(state))
    if state == "receipt-open":
        desk.does(AddItem(name="Чай", price_kopecks=100))
    else:
        desk.enter(mode)
    desk.bench.printer.paper_out(lines=2)
    assert desk.reply(command) == bytes((0x55, E.EXTENDED, 0))
    assert desk.register(0x37)["error"] == X.PRINTING_INTERRUPTED
    assert (desk.register(0x34)["document_number"], desk.register(0x3B)) == (number, {"flags": 0x10})
    desk.bench.clock.wait(5)
    desk.refuses("EE", E.NO_PAPER)
    desk.bench.printer.paper_in()
    assert desk.register(0x3B) == {"flags": 0x10}
    lines = desk.tape_of("EE")
    assert any(line.split() == ["ФД", str(number)] for line in lines)
    assert desk.register(0x3B) == {"flags": 0}
    desk.refuses("EE", E.NO_REPORTS)


def test_a_roll_counts_lines_and_not_cuts() -> None:
    paper = Paper(32)
    paper.load(2)
    paper.line("1")
    paper.cut()
    assert (paper.lines_left, paper.has_paper, paper.is_waiting, paper.cuts) == (0, False, True, 0)
    paper.line("2")
    twin = paper.copy()
    paper.load()
    assert [line.strip()[:2] for line in paper.lines()] == ["1", "НЕ", CUT + "-", "2"]
    assert (paper.cuts, paper.printed_lines, paper.is_waiting) == (1, 3, False)
    twin.drop_waiting()
    twin.load()
    assert twin.lines() == paper.lines()[:2]


# ---- the lock of state 7.15


def test_a_mechanical_failure_found_at_power_up_locks_the_till(bench: Bench) -> None:
    desk = Desk(bench)
    desk.refuses("B3", E.WRONG_MODE)
    bench.printer.break_down(F.MECHANICAL)
    assert desk.does("45") == bytes((0x00, 0x04))
    bench.power_off()
    bench.power_on()
    assert desk.does("45") == bytes((0xF7, 0x04))
    assert desk.reply("B3") == bytes((0x55, E.PRINTER_MECHANICAL, 0))
    desk.refuses("56 01 00 00 00 30", E.WRONG_MODE)
    desk.refuses("47", E.WRONG_MODE)
    desk.does("3F", "91 0A 00 00", "A4 30")
    bench.printer.mend()
    assert desk.does("45") == bytes((0xF7, 0x00))
    bench.power_off()
    bench.power_on()
    assert desk.does("45") == bytes((0x00, 0x00))
    desk.refuses("B3", E.WRONG_MODE)


def test_a_document_waits_for_ee_whatever_else_prints_meanwhile(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("receipt-open"))
    desk.does(AddItem(name="Чай", price_kopecks=100))
    desk.bench.printer.paper_out(lines=2)
    assert desk.answer(CloseReceipt()).code == E.EXTENDED
    desk.bench.printer.paper_in()
    desk.does("4C 31")
    desk.enter(Mode.X_REPORTS)
    desk.does(XReport())
    desk.print_out()
    assert desk.register(0x3B) == {"flags": 0x10}
    desk.does("EE")
    assert desk.register(0x3B) == {"flags": 0}


def test_a_receipt_without_paper_leaves_alone_what_waits_for_it(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    start = len(desk.bench.tape())
    desk.bench.printer.paper_out(lines=1)
    desk.does("4C" + "31" * 40, "92 04 01", AddItem(name="Чай", price_kopecks=100), CloseReceipt())
    assert desk.register(0x3B) == {"flags": 0}
    desk.bench.printer.paper_in()
    assert desk.bench.tape(start) == ["1" * 32, "1" * 8]
