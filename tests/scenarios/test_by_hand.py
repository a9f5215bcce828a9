"""Every scenario of an article is gone through by hand: command lines, at a till that is served behind a PTY."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from kktsim.cli import menu
from kktsim.terminal.tablet import TerminalSettings
from kktsim.terminal.terminal import Terminal
from kktsim.testing.cases import bench_for
from protocol.atol.kkt_codes import E
from scenarios.at_terminal import OFD, OFD_REACHED, SELL, raw_command, screen
from scenarios.by_hand import Words
from scenarios.cases import as_it_is
from scenarios.library import SCENARIOS
from scenarios.playbook import Kind, Scenario, Step, Verdict
from tests.control.served import LoopThread

from .hurry import SOON, in_a_hurry
from .person import Person, ServedTill

OF_ARTICLES = [one for one in SCENARIOS.values() if one.article is not None]


def steps_of(scenario: Scenario) -> Iterator[Step]:
    """From the state it begins with to the till that works: what helps beyond the document too."""
    yield from scenario.reproduce
    yield from scenario.fix
    yield from scenario.beyond
    yield from scenario.prove


def is_cured(scenario: Scenario) -> bool:
    """Whether something of what the scenario tells makes the till work."""
    has_more = bool(scenario.beyond) or any(not step.documented for step in scenario.fix)
    return has_more or scenario.verdict not in (Verdict.FIX_DOES_NOTHING, Verdict.NO_DOCUMENTED_FIX)


@pytest.fixture(scope="module")
def thread() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.stop()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands still on the bench: what the terminal does not see at once it will not see in three seconds."""
    monkeypatch.setattr(menu, "Terminal", partial(Terminal, settings=TerminalSettings(pause_seconds=SOON)))


@pytest.mark.parametrize("scenario", OF_ARTICLES, ids=lambda one: one.id)
@pytest.mark.usefixtures("impatient")
def test_it_can_be_done_by_hand(scenario: Scenario, thread: LoopThread, tmp_path: Path) -> None:
    bench = bench_for(in_a_hurry(scenario))
    till = ServedTill(bench.fork(virtual=False), tmp_path, thread)
    person = Person(bench, till)
    try:
        done = [person.does(step) for step in steps_of(scenario)]
    finally:
        till.close()
    assert person.troubles == []
    assert all(done) is is_cured(scenario)


@pytest.mark.parametrize("scenario", OF_ARTICLES, ids=lambda one: one.id)
def test_every_step_tells_what_is_typed(scenario: Scenario) -> None:
    steps = (*steps_of(scenario), *(step for other in scenario.alternatives for step in other.steps))
    assert [step.title for step in steps if step.kind is not Kind.INFORMATIONAL and not step.typed] == []


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        (("menu", SELL), "does not show «Соединение с ОФД установлено»"),
        (("menu", "Настройки"), "ends with 2: "),
    ],
)
@pytest.mark.usefixtures("impatient")
def test_a_line_that_does_something_else_is_found_out(
    typed: Words, trouble: str, thread: LoopThread, tmp_path: Path
) -> None:
    bench = bench_for(as_it_is(SCENARIOS["err_3802"]))
    till = ServedTill(bench.fork(virtual=False), tmp_path, thread)
    person = Person(bench, till)
    assert person.does(screen(OFD, OFD_REACHED).by(typed))
    till.close()
    assert trouble in person.troubles[0]


@pytest.mark.usefixtures("impatient")
def test_a_refusal_must_be_told(thread: LoopThread, tmp_path: Path) -> None:
    bench = bench_for(as_it_is(SCENARIOS["err_3802"]))
    till = ServedTill(bench.fork(virtual=False), tmp_path, thread)
    person = Person(bench, till)
    person.does(raw_command("59", refusal=E.RECEIPT_CLOSED).by(("send", "45")))
    till.close()
    assert [one for one in person.troubles if "does not show «(-3801) Чек закрыт" in one]
