"""«Диагностика соединения с ОФД», 82 01 06 00: what the slip and register 2Bh tell of each way to fail."""

import pytest

from kktsim import kkt_models
from kktsim.clock import ClockKind, parse_world
from kktsim.ofd.events import NetworkTrouble, OfdTrouble
from kktsim.ofd.failures import NETWORK_FAILURES, Failure, Planned
from kktsim.printer.paper import CUT
from kktsim.testing.presets import build
from protocol.atol.commands.modes import Mode

from ..device.desk import Desk

AT = parse_world("2026-03-02T12:00")
SLIP = """
  ДИАГНОСТИКА СОЕДИНЕНИЯ С ОФД
Адрес                ofd.example
Порт                        7777
DNS                      0.0.0.0
Канал связи      EthernetOverUSB
Не передано                    0
Имя                      НАЙДЕНО
Соединение           УСТАНОВЛЕНО
Обмен                 ЕСТЬ ОТВЕТ
Результат                УСПЕШНО
НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ
"""


@pytest.fixture
def desk() -> Desk:
    bench = build(kkt_models.load(), "registered", AT, ClockKind.FROZEN, virtual=True)
    bench.run_due()
    desk = Desk(bench)
    desk.enter(Mode.SELECTION)
    return desk


def told(desk: Desk) -> dict[str, str]:
    """The lines of a slip that have a title and a value; time goes by until it is whole."""
    start = len(desk.bench.kkt.paper)
    desk.does("82 01 06 00")
    desk.bench.advance(60)
    lines = desk.bench.tape(start)
    assert lines[-1].startswith(CUT)
    pairs = (line.split("  ", 1) for line in lines if "  " in line.strip())
    return {title: value.strip() for title, value in pairs}


def plan(desk: Desk, failure: Failure) -> None:
    network = desk.bench.network
    place = network.failures[network.uplink] if failure in NETWORK_FAILURES else network.server.failures
    place.add(Planned(failure, times=None))


def test_a_slip_is_printed_line_by_line(desk: Desk) -> None:
    start = len(desk.bench.kkt.paper)
    desk.does("82 01 06 00")
    *lines, cut = desk.bench.tape(start)
    assert "\n".join(["", *lines, ""]) == SLIP and cut.startswith(CUT)
    assert desk.register(0x2B)["network_error"] == 0


WAYS = [
    (Failure.NO_INTERNET, NetworkTrouble.NAME_UNKNOWN, 0, "НЕ НАЙДЕНО", "НЕ БЫЛО", "НЕ БЫЛО"),
    (Failure.NAME, NetworkTrouble.NAME_UNKNOWN, 0, "НЕ НАЙДЕНО", "НЕ БЫЛО", "НЕ БЫЛО"),
    (Failure.BLOCKED, NetworkTrouble.TIMED_OUT, 0, "НАЙДЕНО", "ТАЙМ-АУТ", "НЕ БЫЛО"),
    (Failure.REFUSED, NetworkTrouble.REFUSED, 0, "НАЙДЕНО", "ОТКАЗ", "НЕ БЫЛО"),
    (Failure.UNREACHABLE, NetworkTrouble.UNREACHABLE, 0, "НАЙДЕНО", "УЗЕЛ НЕДОСТУПЕН", "НЕ БЫЛО"),
    (Failure.TARIFF, 0, OfdTrouble.NO_ANSWER, "НАЙДЕНО", "УСТАНОВЛЕНО", "НЕТ ОТВЕТА"),
    (Failure.SILENCE, 0, OfdTrouble.NO_ANSWER, "НАЙДЕНО", "УСТАНОВЛЕНО", "НЕТ ОТВЕТА"),
    (Failure.CLOSE_BEFORE, 0, OfdTrouble.CLOSED, "НАЙДЕНО", "УСТАНОВЛЕНО", "СОЕДИНЕНИЕ РАЗОРВАНО"),
    (Failure.GARBAGE, 0, OfdTrouble.BAD_ANSWER, "НАЙДЕНО", "УСТАНОВЛЕНО", "ОТВЕТ НЕ ПОНЯТ"),
]


@pytest.mark.parametrize(("failure", "network", "ofd", "name", "connection", "exchange"), WAYS)
def test_the_slip_tells_the_failures_apart(
    desk: Desk, failure: Failure, network: int, ofd: int, name: str, connection: str, exchange: str
) -> None:
    plan(desk, failure)
    lines = told(desk)
    assert (lines["Имя"], lines["Соединение"], lines["Обмен"]) == (name, connection, exchange)
    assert lines["Результат"] == "ОШИБКА"
    errors = desk.register(0x2B)
    assert (errors["network_error"], errors["ofd_error"]) == (network, ofd)
    desk.bench.ofd_up()
    assert told(desk)["Результат"] == "УСПЕШНО"


CHANNELS = {1: "EthernetOverUSB", 2: "Ошибка", 3: "Ошибка", 4: "Ошибка", 5: "ДТО"}


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_slip_tells_the_channel(desk: Desk, channel: int) -> None:
    desk.enter(Mode.PROGRAMMING)
    desk.does(f"50 13 00 01 04 {channel:02X}")
    desk.enter(Mode.SELECTION)
    lines = told(desk)
    assert lines["Канал связи"] == CHANNELS[channel]
    assert lines["Результат"] == ("УСПЕШНО" if channel == 1 else "ОШИБКА")


def test_a_till_with_ethernet_goes_that_way() -> None:
    bench = build(kkt_models.load("atol-77f"), "registered", AT, ClockKind.FROZEN, virtual=True)
    desk = Desk(bench)
    desk.enter(Mode.PROGRAMMING)
    desk.does("50 13 00 01 04 02")
    desk.enter(Mode.SELECTION)
    lines = told(desk)
    assert (lines["Канал связи"], lines["Результат"]) == ("Ethernet", "УСПЕШНО")


def test_a_till_without_address_says_so(desk: Desk) -> None:
    desk.enter(Mode.PROGRAMMING)
    desk.does("50 13 00 01 01 " + " ".join(["20"] * 64))
    desk.enter(Mode.SELECTION)
    lines = told(desk)
    assert (lines["Соединение"], lines["Результат"]) == ("АДРЕС НЕ ЗАДАН", "ОШИБКА")
    assert desk.register(0x2B)["network_error"] == NetworkTrouble.NO_ADDRESS


def test_documents_that_wait_and_a_missing_fn_are_told(desk: Desk) -> None:
    desk.bench.ofd_down()
    desk.open_shift()
    desk.bench.advance(60)
    desk.enter(Mode.SELECTION)
    assert told(desk)["Не передано"] == "1"
    desk.bench.unplug()
    assert told(desk)["ФН"] == "ОШИБКА 210"


def test_diagnostics_do_not_wait_for_the_document_that_is_on_its_way(desk: Desk) -> None:
    plan(desk, Failure.BLOCKED)
    desk.open_shift()
    desk.bench.run_due()
    desk.enter(Mode.SELECTION)
    assert told(desk)["Соединение"] == "ТАЙМ-АУТ"
    desk.bench.ofd_up()
    assert told(desk)["Результат"] == "УСПЕШНО"
    assert [one.number for one in desk.bench.network.server.store.received()] == [1, 2]


def test_the_slip_is_not_printed_into_a_receipt(desk: Desk) -> None:
    plan(desk, Failure.SILENCE)
    desk.open_shift()
    desk.enter(Mode.SELECTION)
    start = len(desk.bench.kkt.paper)
    desk.does("82 01 06 00")
    desk.enter(Mode.REGISTRATION)
    desk.open_receipt(10_000)
    desk.bench.advance(60)
    assert not any("ДИАГНОСТИКА" in line for line in desk.bench.tape(start))
    desk.does("4A 00 01 00 00 00 00 00")
    *_, total, cut = (number for number, line in enumerate(desk.bench.tape(start)) if "ИТОГ" in line or line[:1] == CUT)
    slip = next(number for number, line in enumerate(desk.bench.tape(start)) if "ДИАГНОСТИКА" in line)
    assert total < slip < cut


def test_trying_again_begins_diagnostics_anew(desk: Desk) -> None:
    plan(desk, Failure.BLOCKED)
    start = len(desk.bench.kkt.paper)
    desk.does("82 01 06 00")
    desk.bench.ofd_up()
    assert [line for line in desk.bench.tape(start) if "Результат" in line] == ["Результат                УСПЕШНО"]
