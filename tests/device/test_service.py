"""Printing and service: lines, slips, reports that are not there, switching off and restarting."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.printer.paper import CUT, NOT_FISCAL
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.service import PrintText
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


def test_every_page_says_that_it_is_not_fiscal(desk: Desk) -> None:
    desk.does("4C 97 A0 A9")
    printed = desk.tape_of("75 00")
    assert printed[0] == NOT_FISCAL and printed[1].startswith(CUT)
    assert desk.tape_of("75 01") == []


@pytest.mark.parametrize("command", ["47", "80", "75 04"])
def test_what_moves_no_paper_is_done_in_silence(desk: Desk, command: str) -> None:
    desk.does(command)


def test_the_footer_is_what_table_6_says(desk: Desk) -> None:
    desk.enter(Mode.X_REPORTS)
    assert desk.tape_of("73") == ["СПАСИБО", "ЗА ПОКУПКУ!", "-" * 32]


INFORMATION = """
        ИНФОРМАЦИЯ О ККТ
Эвотор СТ2Ф
ЗН ККТ            00307400000011
ID серии                    5313
РН ККТ          0000000005008570
Дата и время      02.03.26 12:00
ФН              9999078900000001
Последний ФД                   1
Фиск. режим закрыт           НЕТ
НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ
"""
DIAGNOSTICS = """
  ДИАГНОСТИКА СОЕДИНЕНИЯ С ОФД
Адрес                ofd.example
Порт                        7777
Канал связи      EthernetOverUSB
Не передано                    0
Последний обмен          УСПЕШНО
НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ
"""


@pytest.mark.parametrize(("kind", "slip"), [(1, INFORMATION), (6, DIAGNOSTICS)])
def test_a_slip_is_printed_line_by_line(desk: Desk, kind: int, slip: str) -> None:
    start = len(desk.bench.kkt.paper)
    desk.does(f"82 01 {kind:02d} 00")
    *lines, cut = desk.bench.tape(start)
    assert "\n".join(["", *lines, ""]) == slip and cut.startswith(CUT)


def test_the_diagnostics_slip_tells_what_is_wrong(desk: Desk) -> None:
    desk.bench.ofd_down()
    desk.open_shift()
    desk.bench.advance(60)
    desk.enter(Mode.SELECTION)
    printed = [line.split() for line in desk.tape_of("82 01 06 00")]
    assert ["Не", "передано", "1"] in printed and ["Последний", "обмен", "ОШИБКА", "СЕТИ"] in printed
    desk.bench.unplug()
    assert ["ФН", "ОШИБКА", "210"] in [line.split() for line in desk.tape_of("82 01 06 00")]


def test_the_information_slip_tells_when_there_is_no_fn(desk: Desk) -> None:
    desk.bench.unplug()
    assert ["ФН", "НЕТ", "ОТВЕТА", "(210)"] in [line.split() for line in desk.tape_of("82 01 01 00")]


CHANNELS = {1: "EthernetOverUSB", 2: "Ethernet", 3: "WiFi", 4: "GSM", 5: "ДТО"}


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_diagnostics_slip_tells_the_channel_to_the_ofd(desk: Desk, channel: int) -> None:
    desk.enter(Mode.PROGRAMMING)
    desk.does(f"50 13 00 01 04 {channel:02X}")
    desk.enter(Mode.SELECTION)
    assert ["Канал", "связи", CHANNELS[channel]] in [line.split() for line in desk.tape_of("82 01 06 00")]


@pytest.mark.parametrize("parameters", ["01 02 00", "01 FF 00", "02 01 00"])
def test_a_slip_that_there_is_not_is_a_wrong_format(desk: Desk, parameters: str) -> None:
    desk.refuses(f"82 {parameters}", E.BAD_FORMAT)


@pytest.mark.parametrize("kind", [0, 2, 3, 5, 9, 15])
def test_a_report_that_there_is_not_is_told(make_bench: MakeBench, kind: int) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.enter(Mode.X_REPORTS)
    desk.refuses(f"67 {kind:02d}", E.WRONG_REPORT_TYPE)


def test_the_x_report_changes_no_total(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.sell(12_345)
    desk.enter(Mode.X_REPORTS)
    printed = [line.split() for line in desk.tape_of("67 01")]
    assert ["ПРИХОД", "123.45"] in printed and ["НАЛИЧНЫХ", "В", "КАССЕ", "123.45"] in printed
    assert desk.register(0x01, 1)["sum_kopecks"] == 12_345


def test_switching_off_is_answered_first_and_done_then(desk: Desk) -> None:
    assert desk.reply("CE 00") == bytes.fromhex("55 00 00")
    assert not desk.bench.state().is_on


def test_a_restart_is_answered_first_and_leads_to_selection(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    assert desk.reply("CE 41") == bytes.fromhex("55 00 00")
    assert desk.bench.state().is_on
    assert desk.does("45")[0] == 0
    desk.enter(Mode.REGISTRATION)
    desk.sell()


@pytest.mark.parametrize("action", [1, 0x42, 0xFF])
def test_ce_does_nothing_else(desk: Desk, action: int) -> None:
    desk.refuses(f"CE {action:02X}", E.BAD_FORMAT)
