"""`kktsim menu`: the list, wrong paths and fields, and a till that is really served over a PTY."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from click.testing import CliRunner, Result

from kktsim.cli import main
from kktsim.cli import menu as menu_command
from kktsim.terminal.menu import menu
from kktsim.terminal.screen import Screen
from kktsim.terminal.terminal import Terminal
from tests.serve.served import serve

from .stage import ADDRESS, CHECK, COMMAND, OFD, SET_UP


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


def test_the_list_is_told_as_json_too() -> None:
    told = json.loads(run("--json").stdout)

    assert [one["id"] for one in told] == [item.id for item in menu().items]
    assert told[1]["fields"] == [{"title": "Адрес", "required": False}, {"title": "Порт", "required": False}]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["Настройки / ОФТ"], "the nearest is «Настройки → ОФД»"),
        (["настройки"], "is a section of the menu: choose"),
        (["--port", "tcp:5555"], "which place of the menu? name its path"),
        (["--set", "Порт=1"], "which place of the menu? name its path"),
        ([OFD], "name its port with --port"),
        ([OFD, "--set", "Порт=1"], "«Настройки → ОФД» takes nothing"),
        ([SET_UP, "--set", "Порт"], "takes --set «Адрес=…» or --set «Порт=…»"),
        ([SET_UP, "--set", "Порта=1"], "takes --set «Адрес=…» or --set «Порт=…»"),
        ([SET_UP, "--set", "Порт=x"], "«Порт» takes a number up to 65535, not 'x'"),
        ([SET_UP, "--set", "Порт=" + "9" * 5000], "«Порт» takes a number up to 65535"),
        ([OFD, "--port", "tcp:5555", "--firmware", "new"], "--firmware: 'new' is no version of firmware"),
        ([OFD, "--port", "tcp:5555", "--firmware", "3.٩"], "is no version of firmware: write it like 3.9.0"),
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


@pytest.mark.parametrize(("firmware", "above"), [("3.9.0", ["(!) ОФД"]), ("3.9.1", [])])
def test_a_banner_that_is_stuck_shows_within_one_call(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, firmware: str, above: list[str]
) -> None:
    shop.hands("ofd", "down")
    assert CliRunner().invoke(main, ["send", "--port", shop.port, "48", "56 03 00 00 00 30", "5A"]).exit_code == 0
    shop.hands("clock", "advance", "25h")
    choose = Terminal.choose

    def sent_meanwhile(terminal: Terminal, path: str, *typed: str | None) -> Screen:
        shop.hands("ofd", "up")
        return choose(terminal, path, *typed)

    with monkeypatch.context() as patch:
        patch.setattr(Terminal, "choose", sent_meanwhile)
        shown = shop.shows(OFD, "--firmware", firmware)

    sent = ["Соединение с ОФД установлено", "Ожидают отправки: 0"]
    assert shown[: len(above) + 2] == [*above, *sent]
    assert shop.shows(OFD, "--firmware", firmware)[:2] == sent


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
