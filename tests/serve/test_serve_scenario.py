"""`kktsim serve --scenario`: a till with its error behind it, and a person who cures it by the menu."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from click.testing import CliRunner, Result

from kktsim.cli import main
from kktsim.clock import ClockKind
from kktsim.testing.aftermath import NotReproducedError, aftermath
from protocol.atol.kkt_codes import E
from scenarios.at_terminal import CLOSE_SHIFT, RAW_COMMAND, SELL, driver_says
from scenarios.library import SCENARIOS
from scenarios.playbook import Scenario, sees

from .served import serve

DIED = "err_3802"
"""The program died with a receipt open."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A served till."""

    port: str
    control: str

    def shows(self, *arguments: str) -> list[str]:
        """The lines of the screen that `kktsim menu` tells."""
        result = run("menu", *arguments, "--port", self.port, "--control", self.control)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout.splitlines()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    link = tmp_path_factory.mktemp("after") / "kkt"
    arguments = ("--scenario", DIED, "--clock", "frozen", "--port", f"pty:{link}", "--control", "0")
    with serve(*arguments) as served:
        yield Shop(served.says("ready"), served.says("control"))


def test_the_error_is_there_and_a_person_cures_it_as_the_article_says(shop: Shop) -> None:
    assert shop.shows(CLOSE_SHIFT)[0] == driver_says(E.RECEIPT_OPEN)

    assert "(0) Нет ошибок" in shop.shows(RAW_COMMAND, "--type", "59")
    assert shop.shows(SELL)[0] == "Продажа проведена"
    assert shop.shows(CLOSE_SHIFT)[0] == "Операция выполнена"


def test_the_tablet_that_was_at_the_till_is_handed_over_with_it() -> None:
    bench = aftermath("err_3801", ClockKind.FROZEN)
    assert bench.tablet is not None and len(bench.tablet["tasks"]) == 1
    twin = bench.fork()
    assert twin.tablet == bench.tablet


@pytest.mark.parametrize("kind", ClockKind)
def test_the_clock_is_the_one_that_was_asked_for(kind: ClockKind) -> None:
    assert aftermath(DIED, kind).clock.kind is kind


def test_a_scenario_that_does_not_come_about_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    one = SCENARIOS[DIED]
    wrong = Scenario(one.id, one.article, one.title, one.preset, (sees(lambda scene: False, "pigs fly"),), one.prove)
    monkeypatch.setitem(SCENARIOS, DIED, wrong)

    with pytest.raises(NotReproducedError, match="at «pigs fly» it is not so: pigs fly"):
        aftermath(DIED, ClockKind.FROZEN)
    assert run("serve", "--scenario", DIED).exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--scenario", "err_0"], "there is no scenario 'err_0'; the nearest are err_"),
        (["--scenario", DIED, "--state", "registered"], "leave --state out"),
        (["--scenario", DIED, "--home", "h"], "leave --home (and KKTSIM_HOME) out"),
        (["--scenario", DIED, "--fn", "x.fn"], "leave --fn out"),
        (["--scenario", DIED, "--fn-model", "fn-1-13"], "leave --fn-model out"),
        (["--scenario", DIED, "--model", "atol-30f"], "leave --model out"),
        (["--scenario", DIED, "--at", "2026-01-01"], "leave --at out"),
    ],
)
def test_what_does_not_go_with_a_scenario_gets_one_sentence(arguments: list[str], sentence: str) -> None:
    result = run("serve", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr and result.stderr.count("\n") == 1
