"""Reports without reset (67h): which there are, what each prints of a day, and the states a poller sees."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.printer.paper import CUT
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.receipt import CashIn, OpenReceipt
from protocol.atol.commands.shift import XReport
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]
EVOTOR, ATOL = "evotor-st2f", "atol-77f"
PAID = "4A 00 01 00 00 00 00 00"
TYPES = (1, 2, 3, 5, 7, 8, 9, 10, 13, 14, 15, 16)
"""Decimal."""


@pytest.fixture
def day(make_bench: MakeBench) -> Desk:
    """Two sales by two cashiers in two hours and three sections, a return, a cancelled receipt, cash in."""
    desk = Desk(make_bench("shift-open"))
    desk.does(CashIn(sum_kopecks=50_000), OpenReceipt())
    desk.does(AddItem(name="Чай", price_kopecks=10_000, quantity_milli=2_000, tax=1))
    desk.does(AddItem(name="Сахар", price_kopecks=8_000, quantity_milli=250, tax=6, section=2))
    desk.does("99 00 02 00 00 01 00 00", PAID)
    desk.bench.advance(3_600)
    desk.does(LeaveMode(), EnterMode(mode=Mode.REGISTRATION, password=1), OpenReceipt())
    desk.does(AddItem(name="Чай", price_kopecks=10_000, discount_type=1, discount_size=500, tax=1), PAID)
    desk.does(OpenReceipt(type=2), AddItem(name="Сахар", price_kopecks=100, tax=6, section=30), PAID)  # type: ignore[arg-type]
    desk.open_receipt(7)
    desk.does("59")
    return desk


def printed(desk: Desk, number: int) -> list[str]:
    """The lines of a report behind its title, without the date and the end of the page."""
    desk.enter(Mode.X_REPORTS)
    lines = desk.tape_of(XReport(type=number))
    assert lines[-1].startswith(CUT)
    return lines[2:-2]


SECTIONS = [
    "СЕКЦИЯ 00",
    "ПРИХОД (2)                295.00",
    "СЕКЦИЯ 02",
    "ПРИХОД (1)                 20.00",
    "СЕКЦИЯ 30",
    "ВОЗВРАТ ПРИХОДА (1)         1.00",
]
PRINTED: dict[int, list[str]] = {
    1: [
        "ПРИХОД                    315.00",
        "НАЛИЧНЫМИ               215.00",
        "БЕЗНАЛИЧНЫМИ            100.00",
        "НДС 20%                  49.16",
        "БЕЗ НДС                  20.00",
        "СКИДКИ                    5.00",
        "АННУЛИРОВАНО              0.07",
        "ВОЗВРАТ ПРИХОДА             1.00",
        "НАЛИЧНЫМИ                 1.00",
        "БЕЗ НДС                   1.00",
        "РАСХОД                      0.00",
        "ВОЗВРАТ РАСХОДА             0.00",
        "ВЫРУЧКА                   314.00",
        "ВНЕСЕНИЯ                  500.00",
        "ВЫПЛАТЫ                     0.00",
        "НАЛИЧНЫХ В КАССЕ          714.00",
    ],
    2: SECTIONS,
    3: [
        "КАССИР 01",
        "ПРИХОД (1)                95.00",
        "ВОЗВРАТ ПРИХОДА (1)         1.00",
        "СИС. АДМИНИСТРАТОР",
        "ПРИХОД (1)               220.00",
    ],
    5: [
        "12:00 - 12:59",
        "ПРИХОД (1)               220.00",
        "13:00 - 13:59",
        "ПРИХОД (1)                95.00",
        "ВОЗВРАТ ПРИХОДА (1)         1.00",
    ],
    7: [
        "СЕКЦИЯ 00",
        "ПРИХОД (2)                    3",
        "СЕКЦИЯ 02",
        "ПРИХОД (1)                0.250",
        "СЕКЦИЯ 30",
        "ВОЗВРАТ ПРИХОДА (1)           1",
        "ЧЕКОВ: ПРИХОД                  2",
        "АННУЛИРОВАНО                 1",
        "ЧЕКОВ: ВОЗВРАТ ПРИХОДА         1",
        "АННУЛИРОВАНО                 0",
        "ВНЕСЕНИЙ                       1",
        "ВЫПЛАТ                         0",
    ],
    10: [
        "Чай",
        "ПРИХОД 3                 295.00",
        "Сахар",
        "ПРИХОД 0.250              20.00",
        "Сахар",
        "ВОЗВРАТ ПРИХОДА 1          1.00",
    ],
    13: [
        "УСН ДОХОД",
        "Чай",
        "ПРИХОД 3                 295.00",
        "Сахар",
        "ПРИХОД 0.250              20.00",
        "Сахар",
        "ВОЗВРАТ ПРИХОДА 1          1.00",
    ],
    14: [
        "СЕКЦИЯ 00",
        "Чай",
        "ПРИХОД 3                 295.00",
        "СЕКЦИЯ 02",
        "Сахар",
        "ПРИХОД 0.250              20.00",
        "СЕКЦИЯ 30",
        "Сахар",
        "ВОЗВРАТ ПРИХОДА 1          1.00",
    ],
    15: [
        "Чай",
        "ПРИХОД 3                 295.00",
        "Сахар",
        "ПРИХОД 0.250              20.00",
        "Сахар",
        "ВОЗВРАТ ПРИХОДА 1          1.00",
    ],
    16: ["ПРИХОД", "СКИДКИ                    5.00", "НАДБАВКИ                  0.00"],
}


def squeezed(lines: list[str]) -> list[list[str]]:
    """Words of each line: how far they stand apart is the paper's matter."""
    return [line.split() for line in lines]


@pytest.mark.parametrize("number", PRINTED)
def test_a_report_prints_what_the_till_has_counted(day: Desk, number: int) -> None:
    assert squeezed(printed(day, number)) == squeezed(PRINTED[number])


@pytest.mark.parametrize("number", [one for one in PRINTED if one not in (1, 7)])
def test_a_z_report_resets_what_reports_are_made_of(day: Desk, number: int) -> None:
    day.close_shift()
    assert printed(day, number) == []


def test_a_general_reset_resets_it_too(day: Desk) -> None:
    day.close_shift()
    day.enter(Mode.Z_REPORTS)
    day.does("77")
    assert printed(day, 2) == []


def test_the_service_report_tells_wear_sums_and_the_fn(day: Desk) -> None:
    lines = squeezed(printed(day, 8))
    assert ["НЕОБН.", "СУММА,", "ПРИХОД"] in lines and ["315.00"] in lines
    assert ["ОТРЕЗОВ", str(day.bench.kkt.paper.cuts - 1)] in lines
    last, unsent = day.register(0x34)["document_number"], day.register(0x2C)["unsent_documents"]
    assert ["ПОСЛЕДНИЙ", "ФД", str(last)] in lines and ["НЕ", "ПЕРЕДАНО", str(unsent)] in lines
    day.bench.cut_cable()
    assert printed(day, 8)[-1].split() == ["ФН", "ОШИБКА", "210"]


@pytest.mark.parametrize("number", [one for one in range(100) if one not in (*TYPES, 11, 12)])
def test_other_types_are_wrong(bench: Bench, number: int) -> None:
    desk = Desk(bench)
    desk.enter(Mode.X_REPORTS)
    desk.refuses(XReport(type=number), E.WRONG_REPORT_TYPE)


@pytest.mark.parametrize("number", [11, 12])
def test_without_counters_in_the_fn_there_are_no_reports_of_them(bench: Bench, number: int) -> None:
    desk = Desk(bench)
    desk.enter(Mode.X_REPORTS)
    desk.refuses(XReport(type=number), E.NO_REPORTS)


def test_the_type_is_a_decimal_number(bench: Bench) -> None:
    desk = Desk(bench)
    desk.enter(Mode.X_REPORTS)
    desk.refuses("67 0A", E.BAD_FORMAT)
    assert desk.tape_of("67 10")[0] == "ОТЧЁТ ПО ТОВАРАМ"


@pytest.mark.parametrize("number", TYPES)
def test_a_poller_sees_the_report_print_and_end(make_bench: MakeBench, number: int) -> None:
    """State 2.2, or 2.3 for the service report: at least at one of the polls that drivers make every half second."""
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.X_REPORTS)
    desk.does(XReport(type=number))
    seen = [desk.does("45")[0]]
    for _ in range(3):
        desk.bench.clock.wait(0.5)
        seen.append(desk.does("45")[0])
    shown = 0x32 if number == 8 else 0x22
    assert seen == [shown, shown, 0x02, 0x02]


ON_PAPER_BY_FIELD: tuple[tuple[int, int, list[str]], ...] = (
    (18, 0x20, ["ЧЕКОВ 2", "ЧЕКОВ 1"]),
    (18, 0x08, ["ЧЕКОВ 2", "РЕГИСТРАЦИЙ 3"]),
    (18, 0x01, ["НЕОБНУЛЯЕМАЯ СУММА", "ПРИХОД 315.00"]),
    (18, 0x40, ["СЕКЦИЯ 30", "ВОЗВРАТ ПРИХОДА (1) 1.00"]),
    (46, 0x02, ["НЕОБН. СУММА НА НАЧАЛО СМЕНЫ"]),
    (105, 0x01, ["НДС 0% 0.00"]),
    (105, 0x08, ["АННУЛИРОВАНО ЧЕКОВ 1"]),
    (105, 0x20, ["ИНАЯ ФОРМА ОПЛАТЫ 0.00"]),
    (105, 0x80, ["НОМЕР ККТ 1"]),
)


@pytest.mark.parametrize(("field", "value", "lines"), ON_PAPER_BY_FIELD)
def test_table_2_says_what_the_daily_report_has_besides(day: Desk, field: int, value: int, lines: list[str]) -> None:
    told = {" ".join(line.split()) for line in printed(day, 1)}
    assert not told.issuperset(lines)
    day.enter(Mode.PROGRAMMING)
    day.does(f"50 02 00 01 {field:02X} {value:02X}")
    told = {" ".join(line.split()) for line in printed(day, 1)}
    assert told.issuperset(lines)


@pytest.mark.parametrize(
    ("field", "value", "word"), [(75, 0, "НДС"), (105, 0x10, "НАЛИЧНЫМИ")], ids=["taxes", "blocks by type"]
)
def test_table_2_says_what_the_daily_report_leaves_out(day: Desk, field: int, value: int, word: str) -> None:
    assert any(word in line.split() for line in printed(day, 1))
    day.enter(Mode.PROGRAMMING)
    day.does(f"50 02 00 01 {field:02X} {value:02X}")
    assert not any(word in line.split() for line in printed(day, 1))
