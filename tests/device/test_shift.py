"""The shift: states seen while the Z report prints, what it prints, resets and keeps, what table 2 changes of it."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import CashIn
from protocol.atol.commands.shift import CloseShift, OpenShift
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]
EVOTOR, ATOL = "evotor-st2f", "atol-77f"


def program(desk: Desk, **fields: int) -> None:
    """Write fields of table 2: ``f18=4``."""
    desk.enter(Mode.PROGRAMMING)
    for name, value in fields.items():
        desk.does(f"50 02 00 01 {int(name[1:]):02X} {value:02X}")


def z_report(desk: Desk) -> list[str]:
    """What the Z report prints, in single spaces."""
    desk.enter(Mode.Z_REPORTS)
    lines = desk.tape_of(CloseShift())
    desk.print_out()
    return [" ".join(line.split()) for line in lines]


@pytest.mark.parametrize("model", [EVOTOR, ATOL])
def test_a_poller_sees_the_z_report_print_then_reset_then_end(make_bench: MakeBench, model: str) -> None:
    """States 3.2, 7.1 and 0: each at least at one of the polls that drivers make every half second."""
    for late in (0.0, 0.1, 0.2, 0.3, 0.4):
        desk = Desk(make_bench("shift-open", model))
        desk.enter(Mode.Z_REPORTS)
        desk.does(CloseShift())
        desk.bench.clock.wait(late)
        seen = [desk.does("45")[0]]
        while seen[-1]:
            desk.bench.clock.wait(0.5)
            seen.append(desk.does("45")[0])
        assert list(dict.fromkeys(seen)) == [0x23, 0x17, 0x00]
        assert len(seen) < 5


def test_the_status_shows_the_same_state(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.Z_REPORTS)
    desk.does(CloseShift())
    assert (desk.does("3F")[16], desk.register(0x13)["mode"]) == (0x23, 0x23)


def test_a_fork_of_a_till_that_prints_goes_on_printing(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.Z_REPORTS)
    desk.does(CloseShift())
    twin = desk.bench.fork(virtual=True)
    twin.kkt.settle(twin.clock.now())
    assert twin.kkt.mode_byte == 0x23
    twin.clock.wait(0.7)
    twin.kkt.settle(twin.clock.now())
    assert twin.kkt.mode_byte == 0x17


def test_the_drawer_is_emptied_when_table_2_says_so(make_bench: MakeBench) -> None:
    for value, left in ((0, 15_000), (4, 0)):
        desk = Desk(make_bench("shift-open"))
        desk.does(CashIn(sum_kopecks=5_000))
        desk.sell(10_000)
        program(desk, f18=value)
        lines = z_report(desk)
        assert ("ИНКАССАЦИЯ 150.00" in lines) is (value == 4)
        assert desk.register(0x0A)["sum_kopecks"] == left


def test_the_z_report_tells_non_nullable_sums_when_table_2_asks(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.sell(10_000)
    assert not any("НЕОБН" in line for line in z_report(desk))
    desk.open_shift()
    desk.sell(500)
    program(desk, f18=1, f46=1, f118=2)
    lines = z_report(desk)
    start, now = lines.index("НЕОБН. СУММА НА НАЧАЛО СМЕНЫ"), lines.index("НЕОБНУЛЯЕМАЯ СУММА")
    assert (lines[start + 1], lines[now + 1]) == ("ПРИХОД 100.00", "ПРИХОД 105.00")
    assert lines[lines.index("НЕОБН. СУММА, ПРИХОД") + 1] == "НАЛИЧНЫМИ 105.00"


def test_sections_come_first_when_table_2_says_so(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.sell(10_000)
    program(desk, f18=0x40)
    lines = z_report(desk)
    assert lines.index("ОТЧЁТ ПО СЕКЦИЯМ") < lines.index("СЕКЦИЯ 00") < lines.index("ОТЧЁТ О ЗАКРЫТИИ СМЕНЫ")


def test_the_opening_is_printed_unless_table_2_says_otherwise(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    program(desk, f43=0)
    desk.enter(Mode.REGISTRATION)
    assert desk.tape_of(OpenShift()) == []
    assert desk.register(0x12)["shift_is_open"] == 1


def test_the_closing_is_printed_unless_table_2_says_otherwise(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    program(desk, f118=1)
    assert z_report(desk) == []
    assert desk.register(0x12)["shift_is_open"] == 0


def test_reports_go_to_the_buffer_when_table_2_says_so_and_come_out_by_95(make_bench: MakeBench) -> None:
    """Kiosk software closes shifts so when there may be no paper: 95h prints what waits, 97h drops it."""
    desk = Desk(make_bench("shift-open", ATOL))
    desk.sell(10_000)
    program(desk, f121=2)
    desk.bench.printer.paper_out()
    assert z_report(desk) == []
    desk.enter(Mode.SELECTION)
    desk.refuses("95", E.NO_PAPER)
    desk.bench.printer.paper_in()
    for _ in range(2):
        lines = [" ".join(line.split()) for line in desk.tape_of("95")]
        assert "ОТЧЁТ О ЗАКРЫТИИ СМЕНЫ" in lines and "ПРИХОД 100.00" in lines
        assert desk.register(0x3F) == {"reports": 1}
    desk.does("97")
    assert desk.register(0x3F) == {"reports": 0}
    desk.refuses("95", E.BUFFER_EMPTY)


def test_with_reports_in_the_buffer_paper_is_wanted_by_receipts_only(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(model=ATOL))
    program(desk, f121=2)
    desk.bench.printer.paper_out()
    desk.open_shift()
    desk.refuses("92 00 01", E.NO_PAPER)


@pytest.mark.parametrize(
    ("model", "fields", "numbers"),
    [
        (ATOL, {}, [2, 1]),
        (ATOL, {"f27": 1}, [2, 2]),
        (ATOL, {"f27": 1, "f28": 1}, [2, 1]),
        (EVOTOR, {}, [2, 2]),
    ],
)
def test_receipts_are_numbered_through_or_by_the_shift(
    make_bench: MakeBench, model: str, fields: dict[str, int], numbers: list[int]
) -> None:
    desk = Desk(make_bench(model=model))
    program(desk, **fields)
    desk.open_shift()
    desk.sell()
    seen = [desk.register(0x13)["receipt_number"]]
    desk.close_shift()
    desk.open_shift()
    seen.append(desk.register(0x13)["receipt_number"])
    assert seen == numbers


def test_the_text_of_9a_is_a_line_of_paper_at_most(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.REGISTRATION)
    width = desk.bench.kkt.model.characters
    desk.refuses(OpenShift(text=b"x" * (width + 1)), E.BAD_LENGTH)
    desk.does(OpenShift(text=b"x" * width))
