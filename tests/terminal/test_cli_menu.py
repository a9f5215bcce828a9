"""`kktsim menu`: the list, wrong paths and fields, and a till that is really served over a PTY."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from click.testing import CliRunner, Result

from kktsim.cli import main
from kktsim.cli import menu as menu_command
from kktsim.control.client import ControlClient
from kktsim.host.serial_wire import SerialWire
from kktsim.terminal.menu import menu
from kktsim.terminal.screen import Screen
from kktsim.terminal.terminal import Terminal
from scenarios.at_terminal import CARD, CLOSE_SHIFT, RESTART, SELL, TABLET_CLOCK
from tests.serve.served import serve

from .stage import ADDRESS, CHECK, COMMAND, OFD, SET_UP

BACKUP = "Еще → Резервное копирование"


def run(*arguments: str, typed: str | None = None) -> Result:
    """Run ``kktsim menu``."""
    return CliRunner().invoke(main, ["menu", *arguments], input=typed)


@dataclass(frozen=True, slots=True)
class Shop:
    """A served till with an open shift."""

    port: str
    control: str

    def run(self, *arguments: str, typed: str | None = None) -> Result:
        """Do it on the till."""
        return run(*arguments, "--port", self.port, "--control", self.control, typed=typed)

    def shows(self, *arguments: str) -> list[str]:
        """The lines on stdout; all must be well, without a word on stderr."""
        result = self.run(*arguments)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout.splitlines()

    def hands(self, *arguments: str) -> None:
        """Another command of the program, at its bench."""
        result = CliRunner().invoke(main, [*arguments, "--control", self.control])
        assert result.exit_code == 0, result.output


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Served by a process of its own, behind a PTY."""
    link = tmp_path_factory.mktemp("menu") / "kkt"
    with serve("--state", "shift-open", "--clock", "frozen", "--port", f"pty:{link}", "--control", "0") as served:
        yield Shop(served.says("ready"), served.says("control"))


# --- without a till ---------------------------------------------------------------------------------------------------


def test_without_arguments_every_path_is_listed_with_what_it_does() -> None:
    result = run()

    assert result.exit_code == 0
    for item in menu().items:
        assert f"{item}\n    {item.about}\n" in result.stdout


def test_what_is_not_modelled_is_marked_in_the_list() -> None:
    unmodelled = [item for item in menu().items if not item.is_modelled]

    assert unmodelled
    assert all(item.about.startswith("not modelled yet") for item in unmodelled)
    told = json.loads(run("--json").stdout)
    assert [one["id"] for one in told if not one["is_modelled"]] == [item.id for item in unmodelled]


def test_the_list_is_told_as_json_too() -> None:
    told = json.loads(run("--json").stdout)

    assert [one["id"] for one in told] == [item.id for item in menu().items]
    assert told[1]["fields"] == [{"title": "Адрес", "required": False}, {"title": "Порт", "required": False}]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["Настройки / ОФТ"], "the nearest is «Настройки → ОФД»"),
        (["настройки"], "is a section of the menu: choose"),
        (["--port", "tcp:5555"], 'name it: kktsim menu "Настройки / ОФД"; `kktsim menu` alone lists them all'),
        (["--set", "Порт=1"], "which place of the menu? name it"),
        ([OFD], "name its port with --port"),
        ([OFD, "--set", "Порт=1"], "«Настройки → ОФД» takes nothing"),
        ([SET_UP, "--set", "Порт"], "takes --set «Адрес=…» or --set «Порт=…»"),
        ([SET_UP, "--set", "Порта=1"], "takes --set «Адрес=…» or --set «Порт=…»"),
        ([SET_UP, "--set", "Порт=x"], "«Порт» takes a number up to 65535, not 'x'"),
        ([SET_UP, "--set", "Порт=" + "9" * 5000], "«Порт» takes a number up to 65535"),
        ([OFD, "--port", "tcp:5555", "--firmware", "new"], "--firmware: 'new' is no version of firmware"),
        ([OFD, "--port", "tcp:5555", "--firmware", "3.٩"], "is no version of firmware: write it like 3.9.0"),
        ([OFD, "--type", "1"], "«Настройки → ОФД» asks for nothing, and 1 values are given"),
        ([SET_UP, "--type", "-", "--type", "x"], "«Порт» takes a number up to 65535, not 'x'"),
        ([SET_UP, "--type", "-", "--set", "Порт=1"], "--set and --type both fill in the fields"),
        (["--type", "1"], "which place of the menu? name it"),
        (["--dies-after", "92"], "which place of the menu? name it"),
        ([OFD, "--port", "tcp:5555", "--dies-after", "4"], "--dies-after '4': a command is two hexadecimal digits"),
        ([BACKUP, "--port", "tcp:5555"], f"«{BACKUP}» is not modelled yet"),
        ([BACKUP], f"«{BACKUP}» is not modelled yet"),
        ([COMMAND, "--port", "tcp:5555"], "does nothing until «Команда» is typed"),
        ([OFD, "--port", "tcp:abc"], "tcp:abc names no TCP port"),
        ([OFD, "--port", "/dev/null"], "no till's port"),
    ],
)
def test_what_is_asked_wrongly_gets_one_sentence(arguments: list[str], sentence: str, links: None) -> None:
    result = run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr.splitlines()[-1]


def test_a_port_that_is_not_there_is_the_surroundings_fault(links: None) -> None:
    result = run(OFD, "--port", "/nowhere/kkt")

    assert (result.exit_code, result.stdout) == (3, "")
    assert "does not exist" in result.stderr


@pytest.fixture
def links(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No bench is running, and none is named."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    monkeypatch.delenv("KKTSIM_CONTROL", raising=False)
    monkeypatch.delenv("KKTSIM_PORT", raising=False)


# --- over a PTY -------------------------------------------------------------------------------------------------------


def test_an_article_is_followed_over_a_pty_by_the_menu_alone(shop: Shop) -> None:
    assert shop.shows("Настройки", "ОФД")[:2] == ["Соединение с ОФД установлено", "Ожидают отправки: 0"]

    assert shop.shows(ADDRESS, "--set", "Адрес=OFD.example", "--set", "порт=7000") == ["Операция невозможна"]
    slip = shop.shows(CHECK)
    assert slip[:2] == ["Нет связи с ОФД", "--- ЛЕНТА / TAPE"]
    assert any("OFD.example" in line for line in slip)

    assert CliRunner().invoke(main, ["send", "--port", shop.port, "48", "56 03 00 00 00 30", "5A"]).exit_code == 0
    shop.hands("clock", "advance", "25h")
    waiting = shop.shows(OFD)
    assert waiting[:3] == ["(!) ОФД", "Нет связи с ОФД", "Ожидают отправки: 1"]

    assert shop.shows(SET_UP, "--set", "Адрес=ofd.example", "--set", "Порт=7777")[-1] == "Операция выполнена"
    shop.hands("clock", "advance", "5m")
    assert shop.shows(OFD)[:2] == ["Соединение с ОФД установлено", "Ожидают отправки: 0"]


SENT = ["Соединение с ОФД установлено", "Ожидают отправки: 0"]


@pytest.fixture
def waiting(shop: Shop) -> Shop:
    """A shop in which a document has waited for 25 hours."""
    shop.hands("ofd", "down")
    assert shop.shows(CLOSE_SHIFT)[0] == "Операция выполнена"
    shop.hands("clock", "advance", "25h")
    return shop


def test_a_banner_that_is_stuck_stays_until_the_terminal_is_restarted(waiting: Shop) -> None:
    assert waiting.shows(OFD, "--firmware", "3.9.0")[0] == "(!) ОФД"
    waiting.hands("ofd", "up")

    assert waiting.shows(OFD, "--firmware", "3.9.0")[:3] == ["(!) ОФД", *SENT]
    assert waiting.shows(OFD)[:3] == ["(!) ОФД", *SENT]
    assert waiting.shows(RESTART) == ["Операция выполнена"]
    assert waiting.shows(OFD)[:2] == SENT


def test_a_newer_firmware_takes_the_banner_away(waiting: Shop) -> None:
    assert waiting.shows(OFD, "--firmware", "3.9.0")[0] == "(!) ОФД"
    waiting.hands("ofd", "up")

    assert waiting.shows(OFD, "--firmware", "3.9.1")[:2] == SENT


def test_a_banner_comes_though_what_waited_is_sent_meanwhile(waiting: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    choose = Terminal.choose

    def sent_meanwhile(terminal: Terminal, path: str, *typed: str | None) -> Screen:
        waiting.hands("ofd", "up")
        return choose(terminal, path, *typed)

    monkeypatch.setattr(Terminal, "choose", sent_meanwhile)

    assert waiting.shows(OFD, "--firmware", "3.9.0")[:3] == ["(!) ОФД", *SENT]


# --- the tablet -------------------------------------------------------------------------------------------------------


def test_the_tablet_remembers_its_clock_and_its_goods_from_call_to_call(shop: Shop) -> None:
    assert shop.shows(TABLET_CLOCK, "--type", "01.01.2030 00:00") == ["Операция выполнена"]
    assert shop.shows(CARD, "--type", "Кофе", "--type", "-", "--type", "НДС 10%") == ["Операция выполнена"]

    assert shop.shows(TABLET_CLOCK) == ["Дата и время: 01.01.2030 00:00"]
    assert shop.shows(CARD, "--type", "Кофе")[1:3] == ["Цена: 100.00", "НДС: НДС 10%"]


def test_a_program_that_dies_leaves_the_receipt_open_and_its_task_unfinished(shop: Shop) -> None:
    assert shop.shows(SELL, "--dies-after", "92")[0] == "Приложение остановлено"
    assert shop.shows(OFD) == ["Приложение остановлено"]
    shop.hands("power", "off")
    shop.hands("power", "on")

    assert shop.shows(RESTART)[0] == "Операция выполнена"
    assert shop.shows(SELL)[0] == "Продажа проведена"


def test_a_command_that_the_program_does_not_send_is_told_with_those_it_sends(shop: Shop) -> None:
    result = shop.run(SELL, "--dies-after", "93")

    assert (result.exit_code, result.stdout.splitlines()[0]) == (1, "Продажа проведена")
    assert result.stderr.startswith("kktsim: --dies-after 93: the program has not died, it does not send 93 there; ")
    assert result.stderr.endswith(
        "92 OpenReceipt, 87 PrintField, EA BeginItem, EB EndItem, 99 AddPayment, 4A CloseReceipt\n"
    )


def test_a_program_that_is_dead_does_not_die_again(shop: Shop) -> None:
    assert shop.shows(SELL, "--dies-after", "92")[0] == "Приложение остановлено"

    result = shop.run(SELL, "--dies-after", "92")

    assert (result.exit_code, result.stdout) == (1, "Приложение остановлено\n")
    assert "--dies-after 92: the terminal's program was dead before; --restart starts it first" in result.stderr


def test_what_a_person_types_may_be_what_the_program_dies_of(shop: Shop) -> None:
    assert shop.shows(COMMAND, "--type", "3F", "--dies-after", "3f") == ["Приложение остановлено"]


def test_the_second_terminal_at_a_port_is_told_to_wait(shop: Shop) -> None:
    menu_at_work = "import sys, time, serial; line = serial.Serial(sys.argv[1]); print(flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", menu_at_work, shop.port, "kktsim", "menu"], stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        first.stdout.readline()
        held = shop.run(OFD)
        first.kill()

    assert (held.exit_code, held.stdout) == (3, "")
    assert held.stderr == (
        f"kktsim: {shop.port} is held by process {first.pid} (kktsim menu): wait until it is done and try again\n"
    )
    assert shop.shows(OFD)[:2] == SENT


def test_of_two_that_come_at_once_one_has_the_port(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu_command, "refuse_a_held_port", lambda port: None)  # neither has seen the other
    wire = SerialWire(shop.port, is_alone=True)
    held = shop.run(OFD)
    wire.close()

    assert (held.exit_code, held.stdout) == (3, "")
    assert f"{shop.port} is held by another program: wait until it is done and try again" in held.stderr
    assert shop.shows(OFD)[:2] == SENT


def test_what_the_bench_keeps_for_somebody_else_is_left_alone(shop: Shop) -> None:
    with ControlClient(shop.control) as client:
        client.put("tablet keep", {"goods": 1})
        result = shop.run(OFD)
        assert client.call("tablet") == {"goods": 1}

    assert (result.exit_code, "was not put there by `kktsim menu`" in result.stderr) == (2, True)


def test_the_port_comes_from_the_environment_too(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KKTSIM_PORT", shop.port)

    assert run(OFD).stdout.splitlines()[:2] == SENT
    assert CliRunner().invoke(main, ["send", "3F"]).exit_code == 0
    assert run().exit_code == 0


def test_what_was_done_is_told_as_json_too(shop: Shop) -> None:
    told = json.loads(shop.run("Печать документа по номеру", "--set", "Номер документа=1", "--json").stdout)

    assert (told["banner"], told["screen"]) == ("", ["Операция выполнена"])
    assert any("РЕГИСТРАЦИИ" in line for line in told["tape"])


def test_a_person_is_shown_the_form_and_asked_for_each_field(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu_command, "_is_asked", lambda: True)

    result = shop.run(SET_UP, typed="\n7001\n")

    assert result.exit_code == 0
    assert result.stdout == "Операция выполнена\n"
    assert result.stderr.startswith("Адрес: ofd.example\nПорт: 7777\n")
    assert shop.shows(SET_UP, "--set", "Порт=7002") == ["Операция выполнена"]


def test_a_command_is_asked_for_and_its_answer_shown(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu_command, "_is_asked", lambda: True)

    assert shop.run(COMMAND, typed="А4 20\n").stdout.splitlines()[-1] == "(0) Нет ошибок"
    assert shop.run(COMMAND, typed="zz\n").exit_code == 2


def test_the_bench_that_serves_the_port_is_found_by_the_port(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KKTSIM_CONTROL", raising=False)

    result = run(CHECK, "--port", shop.port)

    assert (result.exit_code, result.stderr) == (0, "")
    assert "--- ЛЕНТА / TAPE" in result.stdout


def test_without_a_bench_there_is_a_screen_and_no_paper(shop: Shop, links: None) -> None:
    result = run(CHECK, "--port", shop.port)

    assert result.stdout == "Соединение с ОФД установлено\n"
    assert "no bench is known to serve this port" in result.stderr


def test_zeroing_and_a_restart_of_the_terminal_leave_the_till_working(shop: Shop) -> None:
    assert shop.shows("Технологическое обнуление")[0] == "Операция выполнена"

    assert shop.shows(OFD, "--restart")[:2] == ["Нет связи с ОФД", "Ожидают отправки: 0"]
