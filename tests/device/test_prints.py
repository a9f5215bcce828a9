"""What wants paper: the column of the table of preconditions is what comes out on the tape, command by command."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.device import HANDLERS
from kktsim.device.dispatch import Row
from kktsim.device.printing import Prints, judged
from kktsim.kkt_models import DEFAULT_MODEL
from kktsim.testing.coverage import bench_in, prepare
from kktsim.testing.presets import open_till
from protocol.atol.command import parse_answer
from protocol.atol.command_catalogue import catalogue
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import CloseReceipt
from protocol.atol.kkt_codes import E, X

from .desk import Desk

MakeBench = Callable[..., Bench]
ROWS = [HANDLERS[code] for code in sorted(HANDLERS)]
PRINTS_WHAT_WAITS = (0x55, 0xEE)
"""Their examples are refused, because nothing waits in a named state."""


def at_example(row: Row) -> tuple[Bench, bytes]:
    """A bench where the catalogue's example of a command is next, and the example."""
    command = catalogue()[row.command.code]
    bench = bench_in(command.state, command.model or DEFAULT_MODEL)
    prepare(open_till(bench), command)
    if command.code in PRINTS_WHAT_WAITS:
        desk = Desk(bench)
        desk.enter(Mode.REGISTRATION)
        bench.printer.paper_out(lines=2)
        assert desk.answer("9A 00").code == E.EXTENDED
        bench.printer.paper_in()
    if command.code == 0x6C:
        bench.kkt.memory.tables[6, 1, 1] = b"*".ljust(bench.kkt.model.tables.find((6, 1, 1)).width)
    return bench, command.example


def code_of(bench: Bench, asked: bytes) -> int:
    return parse_answer(asked[0], open_till(bench).send(asked)).code


@pytest.mark.parametrize("row", ROWS, ids=[row.command.__name__ for row in ROWS])
def test_what_the_column_says_is_what_the_tape_shows(row: Row) -> None:
    """Those that print, print; without paper they are 67h and print nothing; others are done as they are with paper."""
    bench, asked = at_example(row)
    prints = judged(bench.kkt, row.prints, row.command.from_wire(asked[1:])) is Prints.ALWAYS
    dry, start = bench.fork(), len(bench.tape())
    usual = code_of(bench, asked)
    assert bool(bench.tape(start)) is prints
    dry.printer.paper_out()
    code = code_of(dry, asked)
    assert dry.kkt.paper.is_waiting is False
    assert (code == E.NO_PAPER) if prints else (code == usual or row.command.code == 0x45)
    assert dry.tape(start) == []


QR = " 01 03 00 00 01 01 00 00 00 00 00 00 00 31"
"""C1h behind its type."""
JUDGED = (
    ("registered", "82 00 01 00", False),
    ("registered", "82 01 01 00", True),
    ("registered", "C1 00" + QR, True),
    ("registered", "C1 40" + QR, False),
    ("registered", "C1 80" + QR, False),
    ("registered", "87 00 02 00 03 00 00 01 01 00 00 00 97", False),
    ("registered", "87 00 01 00 03 00 00 00 01 00 00 00 97", False),
    ("registered", "8E 01 00 00 00 00 AA AA", False),
    ("receipt-open", "E8 01 01 00 F0 03 03 00 31 32 33", True),
    ("receipt-open", "E8 00 01 00 F0 03 03 00 31 32 33", False),
    ("receipt-open", "E8 01 02 00 F0 03 03 00 31", False),
    ("shift-open", "E8 01 01 00 F0 03 03 00 31 32 33", False),
    ("shift-open", "E8 03 01 00 98 3A 01 00 31", True),
    ("shift-open", "E8 02 01 00 98 3A 01 00 31", False),
)


@pytest.mark.parametrize(("state", "asked", "prints"), JUDGED)
def test_a_command_that_prints_with_some_parameters_wants_paper_with_those(
    make_bench: MakeBench, state: str, asked: str, prints: bool
) -> None:
    desk = Desk(make_bench(state, "atol-77f"))
    dry = Desk(desk.bench.fork())
    assert bool(desk.tape_of(asked)) is prints
    dry.bench.printer.paper_out()
    if prints:
        dry.refuses(asked, E.NO_PAPER)
    else:
        dry.does(asked)
        assert not dry.bench.kkt.paper.is_waiting


@pytest.mark.parametrize(("flag", "prints"), [("00", True), ("40", False)])
def test_the_end_of_a_barcode_wants_paper_unless_the_barcode_is_kept(
    make_bench: MakeBench, flag: str, prints: bool
) -> None:
    desk = Desk(make_bench("registered", "atol-77f"))
    desk.does(f"C1 {int(flag, 16) | 0x80:02X}" + QR)
    desk.bench.printer.paper_out()
    assert desk.answer("C2 00 31").code == (E.NO_PAPER if prints else 0)


@pytest.mark.parametrize(("field", "value"), [(43, "00"), (121, "02")])
def test_a_report_that_is_not_printed_wants_no_paper(make_bench: MakeBench, field: int, value: str) -> None:
    desk = Desk(make_bench("registered", "atol-77f"))
    desk.enter(Mode.PROGRAMMING)
    desk.does(f"50 02 00 01 {field:02X} {value}")
    desk.enter(Mode.REGISTRATION)
    desk.bench.printer.paper_out()
    desk.does("9A 00")
    assert desk.register(0x3B) == {"flags": 0}


def test_a_requisite_of_a_receipt_without_paper_is_not_on_the_tape(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    start = len(desk.bench.tape())
    desk.bench.printer.paper_out()
    desk.does("92 04 01", "E8 01 01 00 F0 03 03 00 31 32 33")
    desk.bench.printer.paper_in()
    desk.does("E8 03 01 00 98 3A 01 00 31")
    assert desk.bench.tape(start) == []


OPENING = ("92 00 01", "52 00 00 00 01 00 00 00 00 00 10 00 01", "57 02 00 00 01 00 00 00 00 00 10 00")


@pytest.mark.parametrize("asked", OPENING)
@pytest.mark.parametrize("lines", [1, 5])
def test_paper_that_ends_in_the_report_on_the_shift_leaves_no_receipt_behind(
    make_bench: MakeBench, asked: str, lines: int
) -> None:
    """The report waits for EEh, and the command is done when it comes again, with the receipt's heading."""
    desk = Desk(make_bench("registered", old_item_opens_receipt=True, receipt_opens_shift=True))
    desk.enter(Mode.REGISTRATION)
    desk.bench.printer.paper_out(lines=lines)
    assert desk.reply(asked) == bytes((0x55, E.EXTENDED, 0))
    assert desk.register(0x37)["error"] == X.PRINTING_INTERRUPTED
    assert (desk.bench.state().shift_is_open, desk.bench.state().receipt_is_open) == (True, False)
    assert desk.register(0x3B) == {"flags": 0x10}
    desk.bench.printer.paper_in()
    desk.does("EE")
    assert "КАССОВЫЙ ЧЕК" in desk.tape_of(asked)
    assert desk.bench.state().receipt_is_open
    assert desk.register(0x3B) == {"flags": 0}


def test_paper_that_ends_in_the_heading_of_a_receipt_leaves_it_open_and_the_heading_waits(
    make_bench: MakeBench,
) -> None:
    desk = Desk(make_bench("shift-open"))
    start = len(desk.bench.tape())
    desk.bench.printer.paper_out(lines=1)
    desk.does("92 00 01")
    desk.bench.printer.paper_in()
    assert [line.strip() for line in desk.bench.tape(start)][:2] == ["КАССОВЫЙ ЧЕК", "ПРИХОД"]
    desk.does("52 00 00 00 01 00 00 00 00 00 10 00 01", CloseReceipt())
