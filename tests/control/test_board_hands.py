"""Hands on the board, the passport, and what left the till: in process, over the API and from the command line."""

import io
import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from kktsim.bench import Bench
from kktsim.cli import hands as commands
from kktsim.control.client import RefusedError
from kktsim.device.protection import right_code
from kktsim.device.signals import Signal
from kktsim.hands.bench import BenchHands
from kktsim.hands.control import ControlHands
from kktsim.hands.error import HandsError
from kktsim.hands.person import BenchOnlyError, PersonHands

from .served import Served

AnyHands = BenchHands | ControlHands
SIGNALS = (Signal("beeper", "beep"), Signal("port 1", "1B 40"))


@pytest.fixture(params=["in process", "over the API"])
def hands(request: pytest.FixtureRequest, bench: Bench) -> Iterator[AnyHands]:
    if request.param == "in process":
        yield BenchHands(bench)
        return
    served: Served = request.getfixturevalue("served")
    remote = ControlHands(served.url)
    yield remote
    remote.close()


@pytest.fixture
def named(served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The served bench, named by the environment."""
    monkeypatch.setenv("KKTSIM_CONTROL", served.url)
    return served


def run(*words: str) -> str:
    name, *rest = words
    result = CliRunner().invoke(getattr(commands, name), rest)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_the_jumper_is_set_and_taken_off(hands: AnyHands, bench: Bench) -> None:
    hands.set_jumper(True)
    assert bench.kkt.memory.board.jumper_is_on
    hands.set_jumper(False)
    assert not bench.kkt.memory.board.jumper_is_on


def test_a_board_from_the_spare_parts_knows_nothing(hands: AnyHands, bench: Bench) -> None:
    hands.replace_board()
    board = bench.kkt.memory.board
    assert (board.has_serial_number, board.protection_codes) == (False, frozenset()) and bench.kkt.is_on


def test_a_till_that_was_off_stays_off_with_a_new_board(hands: AnyHands, bench: Bench) -> None:
    hands.power_off()
    hands.replace_board()
    assert not bench.kkt.is_on and not bench.kkt.memory.board.has_serial_number


@pytest.mark.parametrize("own", ["", "usual"])
def test_a_till_gets_another_firmware_and_its_own_back(hands: AnyHands, bench: Bench, own: str) -> None:
    hands.flash("4543")
    assert bench.kkt.model.firmware == "4543"
    hands.flash(own)
    assert bench.kkt.model.firmware == ""


def test_a_firmware_that_there_is_not_is_refused_with_those_there_are(hands: AnyHands, bench: Bench) -> None:
    with pytest.raises((HandsError, RefusedError), match="choose one of: usual, 4543, 4544, ffd10"):
        hands.flash("4542")
    assert bench.kkt.model.firmware == ""


def test_a_person_can_only_bring_the_firmware_up_to_date() -> None:
    screen = io.StringIO()
    PersonHands(Terminal("\n"), screen).flash("usual")
    assert "Обновите прошивку кассы до последней версии" in screen.getvalue()
    with pytest.raises(BenchOnlyError, match="nobody can give a till the firmware ffd10"):
        PersonHands(Terminal(), screen).flash("ffd10")


def test_the_passport_tells_the_codes(hands: AnyHands, bench: Bench) -> None:
    assert hands.passport_code(30) == right_code(bench.kkt.model.serial_number, 30).hex()


def test_the_commands_reach_the_board(named: Served, bench: Bench) -> None:
    assert run("jumper", "on") == "" and bench.kkt.memory.board.jumper_is_on
    assert run("jumper", "off") == "" and not bench.kkt.memory.board.jumper_is_on
    assert run("board", "flash", "4544") == "" and bench.kkt.model.firmware == "4544"
    assert run("board", "flash", "") == "" and bench.kkt.model.firmware == ""
    assert run("board", "replace") == "" and not bench.kkt.memory.board.has_serial_number


def test_the_passport_is_printed(named: Served, bench: Bench) -> None:
    lines = run("passport").splitlines()
    assert lines[0] == f"ЗН  {bench.kkt.model.serial_number}" and len(lines) == 31
    assert lines[1] == f" 1  {BenchHands(bench).passport_code(1)}"
    assert json.loads(run("passport", "--json"))["protection_codes"]["30"] == BenchHands(bench).passport_code(30)


def test_what_left_the_till_is_listed(named: Served, bench: Bench) -> None:
    assert run("signals") == ""
    for signal in SIGNALS:
        bench.signals.append(signal)
    assert run("signals") == "beeper: beep\nport 1: 1B 40\n"
    assert run("signals", "--since", "1") == "port 1: 1B 40\n"
    assert json.loads(run("signals", "--since", "1", "--json")) == {
        "signals": [{"target": "port 1", "what": "1B 40"}],
        "next": 2,
    }


class Terminal(io.StringIO):
    """Somebody types these lines."""

    def isatty(self) -> bool:
        return True


def test_a_person_sets_the_jumper_and_reads_the_passport() -> None:
    screen = io.StringIO()
    hands = PersonHands(Terminal(f"\n\n12\n{'7' * 16}\n"), screen)
    hands.set_jumper(True)
    hands.set_jumper(False)
    assert hands.passport_code(3) == "7" * 16
    asked = screen.getvalue()
    assert "в положение BOOT, затем нажмите Enter." in asked and asked.count("Код защиты № 3") == 2
    with pytest.raises(BenchOnlyError):
        hands.replace_board()
