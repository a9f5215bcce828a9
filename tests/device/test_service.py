"""Service: slips, the test run, switching off and restarting, reports that are not there."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.printer.paper import CUT
from kktsim.testing.presets import open_till
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]


@pytest.fixture
def desk(bench: Bench) -> Desk:
    desk = Desk(bench)
    desk.enter(Mode.SELECTION)
    return desk


INFORMATION = """
        ИНФОРМАЦИЯ О ККТ
Эвотор СТ2Ф
ЗН ККТ            00307400000011
ID серии                    5313
Дата и время      02.03.26 12:00
РН ККТ          {number}
ИНН                   7702203276
ИНН ОФД               7700000000
ООО "РОМАШКА"
г. Москва, ул. Тестовая, д. 1
Магазин
ТЕСТОВЫЙ ОФД
СНО: УСН ДОХОД
Регистрация, ФД                1
ФН              9999078900000001
Последний ФД                   1
Фиск. режим закрыт           НЕТ
НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ
"""
TEST_RUN = """
        ТЕСТОВЫЙ ПРОГОН
################################
ID серии                    5313
Часы              02.03.26 12:00
ФН                      ИСПРАВЕН
НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ
"""


@pytest.mark.parametrize(("kind", "slip"), [(1, INFORMATION), (3, TEST_RUN)])
def test_a_slip_is_printed_line_by_line(desk: Desk, kind: int, slip: str) -> None:
    number = desk.bench.kkt.memory.requisites[1037].decode().strip()
    start = len(desk.bench.kkt.paper)
    desk.does(f"82 01 {kind:02d} 00")
    *lines, cut = desk.bench.tape(start)
    assert "\n".join(["", *lines, ""]) == slip.format(number=number) and cut.startswith(CUT)


@pytest.mark.parametrize("kind", [0, 2])
def test_samples_of_print_end_with_a_cut(desk: Desk, kind: int) -> None:
    printed = desk.tape_of(f"82 01 {kind:02d} 00")
    assert len(printed) > 4 and printed[0].startswith("ДЕМОНСТРАЦИОНН") and printed[-1].startswith(CUT)
    assert all(len(line) <= desk.bench.kkt.paper.width for line in printed[:-2])


@pytest.mark.parametrize("kind", [0, 1, 2, 3, 6])
def test_with_a_zero_first_a_slip_is_only_asked_about(desk: Desk, kind: int) -> None:
    assert desk.tape_of(f"82 00 {kind:02d} 00") == []
    assert desk.does("45") == bytes(2)


def test_a_till_without_registration_has_its_information_too(make_bench: MakeBench) -> None:
    printed = [line.split() for line in Desk(make_bench("factory")).tape_of("82 01 01 00")]
    assert ["РН", "ККТ"] in printed and ["Регистрация,", "ФД"] in printed and ["Последний", "ФД", "0"] in printed


def test_the_test_run_is_state_7_2_for_a_while(desk: Desk) -> None:
    desk.does("82 01 03 00")
    assert desk.does("45") == bytes.fromhex("27 00")
    desk.bench.clock.wait(desk.bench.kkt.settings.test_run_seconds)
    assert desk.does("45") == bytes(2)


def test_the_test_run_finds_out_that_there_is_no_fn(desk: Desk) -> None:
    desk.bench.unplug()
    assert ["ФН", "НЕ", "ОТВЕЧАЕТ"] in [line.split() for line in desk.tape_of("82 01 03 00")]


def test_the_information_slip_tells_when_there_is_no_fn(desk: Desk) -> None:
    desk.bench.unplug()
    assert ["ФН", "НЕТ", "ОТВЕТА", "(210)"] in [line.split() for line in desk.tape_of("82 01 01 00")]


@pytest.mark.parametrize("parameters", ["01 04 00", "01 05 00", "01 FF 00", "02 01 00"])
def test_a_slip_that_there_is_not_is_a_wrong_format(desk: Desk, parameters: str) -> None:
    desk.refuses(f"82 {parameters}", E.BAD_FORMAT)


def test_behind_the_type_of_a_slip_stands_one_byte_at_most(desk: Desk) -> None:
    desk.does("82 01 00", "82 01 00 00")
    desk.refuses("82 01 00 00 00", E.BAD_LENGTH)
    desk.refuses("82 00 00" + "00" * 200, E.BAD_LENGTH)


# ---- power


def test_switching_off_is_answered_first_and_done_then(desk: Desk) -> None:
    assert desk.reply("CE 00") == bytes.fromhex("55 00 00")
    desk.bench.clock.wait(3600)
    assert not desk.bench.state().is_on


def test_a_restart_is_answered_first_then_the_till_is_dead_for_a_while(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    assert desk.reply("CE 41") == bytes.fromhex("55 00 00")
    desk.bench.clock.wait(desk.bench.kkt.settings.reboot_seconds - 0.1)
    assert not desk.bench.state().is_on
    desk.bench.clock.wait(0.2)
    assert desk.bench.state().is_on
    assert desk.does("45")[0] == 0
    desk.enter(Mode.REGISTRATION)
    desk.sell()


@pytest.mark.parametrize("link", ["v3", "v2"])
def test_a_host_that_goes_on_asking_is_answered_when_the_till_is_up(make_bench: MakeBench, link: str) -> None:
    bench = make_bench()
    till = open_till(bench, link)
    assert till.send(bytes.fromhex("CE 41")) == bytes.fromhex("55 00 00")
    assert not bench.kkt.is_on
    asked = bench.clock.now()
    till = open_till(bench)
    assert till.send(bytes.fromhex("45")) == bytes.fromhex("55 00 00")
    assert bench.clock.now() - asked >= bench.kkt.settings.reboot_seconds - 0.1


def test_the_operator_may_be_quicker_than_a_restart(desk: Desk) -> None:
    desk.reply("CE 41")
    desk.bench.power_on()
    assert desk.bench.state().is_on
    desk.reply("CE 41")
    desk.bench.power_off()
    desk.bench.clock.wait(3600)
    assert not desk.bench.state().is_on


def test_a_fork_of_a_till_that_restarts_comes_up_too(desk: Desk) -> None:
    desk.reply("CE 41")
    twin = desk.bench.fork()
    twin.clock.wait(desk.bench.kkt.settings.reboot_seconds)
    assert twin.state().is_on and not desk.bench.state().is_on


@pytest.mark.parametrize("action", [1, 0x42, 0xFF])
def test_ce_does_nothing_else(desk: Desk, action: int) -> None:
    desk.refuses(f"CE {action:02X}", E.BAD_FORMAT)
