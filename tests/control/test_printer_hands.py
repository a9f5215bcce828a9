"""Hands at the printer: in this process, over the control API, by the command line, by asking a person."""

import io
from collections.abc import Iterator
from contextlib import closing

import pytest
from click.testing import CliRunner

from kktsim.bench import Bench
from kktsim.cli import hands as commands
from kktsim.control.client import RefusedError
from kktsim.device.printer_state import PrinterFault
from kktsim.hands.bench import BenchHands
from kktsim.hands.control import ControlHands
from kktsim.hands.person import BenchOnlyError, PersonHands

from .served import Served

AnyHands = BenchHands | ControlHands


@pytest.fixture(params=["in process", "over the API"])
def hands(request: pytest.FixtureRequest, bench: Bench) -> Iterator[AnyHands]:
    if request.param == "in process":
        yield BenchHands(bench)
        return
    served: Served = request.getfixturevalue("served")
    remote = ControlHands(served.url)
    yield remote
    remote.close()


def test_paper_cover_and_faults_reach_the_printer(hands: AnyHands, bench: Bench) -> None:
    hands.paper_out()
    hands.open_cover()
    hands.break_printer("overheated")
    hands.break_printer("cutter")
    assert bench.state().printer_troubles == ("no_paper", "cover_open", "cutter", "overheated")
    assert not bench.kkt.paper.has_paper

    hands.paper_in()
    hands.close_cover()
    hands.mend_printer()
    assert bench.state().printer_troubles == ()


def test_the_roll_can_be_made_to_end_soon(hands: AnyHands, bench: Bench) -> None:
    hands.paper_out(lines=2)
    for text in ("1", "2", "3"):
        bench.kkt.paper.line(text)
    assert bench.tape() == ["1", "2"]

    hands.paper_in()
    assert bench.tape() == ["1", "2", "3"]


def test_a_fault_that_there_is_not_is_told_with_those_there_are(served: Served, bench: Bench) -> None:
    far = ControlHands(served.url)
    with closing(far), pytest.raises(RefusedError) as refused:
        far.break_printer("coffee")
    assert all(fault.value in str(refused.value) for fault in PrinterFault)
    with pytest.raises(ValueError, match="coffee"):
        BenchHands(bench).break_printer("coffee")


LINES = (
    (("paper", "out"), ("no_paper",), "no_paper"),
    (("paper", "out", "--lines", "3"), ("paper_near_end",), "paper_near_end"),
    (("cover", "open"), ("cover_open",), "cover_open"),
    (("printer", "break", "no_link"), ("no_link",), "no_link"),
)


@pytest.mark.parametrize(("words", "troubles", "shown"), LINES)
def test_the_command_line_does_the_same_and_shows_it(
    served: Served, bench: Bench, words: tuple[str, ...], troubles: tuple[str, ...], shown: str
) -> None:
    def run(*line: str) -> str:
        result = CliRunner().invoke(getattr(commands, line[0]), [*line[1:], "--control", served.url])
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    run(*words)
    assert bench.state().printer_troubles == troubles
    assert f"printer        {shown}" in run("state")
    for back in (("paper", "in"), ("cover", "close"), ("printer", "mend")):
        run(*back)
    assert bench.state().printer_troubles == ()
    assert "printer        исправен / good" in run("state")


class Terminal(io.StringIO):
    """Somebody presses Enter."""

    def isatty(self) -> bool:
        return True


def test_a_person_handles_paper_and_cover_and_breaks_nothing() -> None:
    screen = io.StringIO()
    hands = PersonHands(Terminal("\n" * 4), screen)
    hands.paper_out()
    hands.paper_in()
    hands.open_cover()
    hands.close_cover()
    assert screen.getvalue().count("затем нажмите Enter.") == 4
    assert "Извлеките чековую ленту" in screen.getvalue()
    with pytest.raises(BenchOnlyError):
        hands.paper_out(lines=3)
    with pytest.raises(BenchOnlyError):
        hands.break_printer("cutter")
    with pytest.raises(BenchOnlyError):
        hands.mend_printer()
