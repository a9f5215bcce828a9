"""«(!) ОФД»: when it appears, when it goes, and when it does not go."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.terminal.banner import is_due, is_shown, sticks_in
from kktsim.terminal.memory import FIRMWARE
from protocol.fn.answers import ExchangeStatus
from protocol.fn.commands import ExchangeFlag

from .stage import HOUR, Stage

MakeBench = Callable[..., Bench]
BANNER = "(!) ОФД"
NOON = datetime(2026, 3, 2, 12, 0)


def queue(unsent: int, at: datetime | None) -> ExchangeStatus:
    """What an FN tells of its queue."""
    return ExchangeStatus(ExchangeFlag(0), False, unsent, 1 if unsent else 0, at)


@pytest.fixture
def make_stage(make_bench: MakeBench) -> Callable[..., Stage]:
    """A terminal at a till whose shift was just closed while the OFD was down."""

    def make(firmware: str = FIRMWARE) -> Stage:
        stage = Stage(make_bench("shift-open"), firmware)
        stage.hands.ofd_down()
        stage.does("48", "56 03 00 00 00 30", "5A", "48")
        return stage

    return make


@pytest.mark.parametrize(
    ("unsent", "at", "due"),
    [
        (0, None, False),
        (1, NOON - timedelta(hours=24), False),
        (1, NOON - timedelta(hours=24, seconds=1), True),
        (1, NOON + timedelta(days=2), False),
        (1, None, False),
        (0, NOON - timedelta(days=30), False),
    ],
)
def test_it_is_due_when_the_first_unsent_document_is_older_than_a_day(
    unsent: int, at: datetime | None, due: bool
) -> None:
    assert is_due(queue(unsent, at), NOON) is due


@given(looks=st.lists(st.booleans()), sticks=st.booleans())
def test_it_shows_the_last_look_or_in_old_firmware_any(looks: list[bool], sticks: bool) -> None:
    shown = False
    for due in looks:
        shown = is_shown(due=due, was_shown=shown, firmware="3.9.0" if sticks else "3.9.1")
    assert shown is (any(looks) if sticks else bool(looks) and looks[-1])


@pytest.mark.parametrize(
    ("firmware", "sticks"), [("3.9.0", True), ("3.9", True), ("2.14.7", True), ("3.9.1", False), ("3.10.0", False)]
)
def test_it_sticks_in_firmware_before_3_9_1(firmware: str, sticks: bool) -> None:
    assert sticks_in(firmware) is sticks


def test_what_is_no_version_is_no_firmware() -> None:
    with pytest.raises(ValueError, match="is no version of firmware"):
        sticks_in("new")


def test_it_comes_after_a_day_and_goes_with_the_queue(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.bench.advance(23 * HOUR)
    assert stage.terminal.banner() == ""
    stage.bench.advance(2 * HOUR)
    assert stage.terminal.banner() == BANNER

    stage.hands.ofd_up()

    assert stage.terminal.banner() == ""
    assert stage.said == ["A4 20"] * 3


def test_in_old_firmware_it_stays_until_the_terminal_restarts(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(firmware="3.9.0")
    stage.bench.advance(25 * HOUR)
    assert stage.terminal.banner() == BANNER
    stage.hands.ofd_up()

    assert stage.bench.state().unsent_documents == 0
    assert stage.terminal.banner() == BANNER
    assert stage.terminal.choose("Настройки → ОФД")[1] == "Ожидают отправки: 0"
    stage.terminal.restart()
    assert stage.terminal.banner() == ""


def test_old_firmware_that_has_not_looked_in_time_has_nothing_to_keep(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(firmware="3.9.0")
    stage.bench.advance(25 * HOUR)
    stage.hands.ofd_up()

    assert stage.terminal.banner() == ""


def test_the_tablets_clock_decides_and_not_the_tills(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.ahead = 25 * HOUR

    assert stage.terminal.banner() == BANNER


def test_without_the_internet_it_is_another_trouble(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.bench.advance(25 * HOUR)
    stage.hands.ofd_fault("no_internet", None)

    assert stage.terminal.banner() == ""
    stage.hands.ofd_clear("no_internet")
    stage.hands.ofd_down()
    assert stage.terminal.banner() == BANNER


def test_a_till_that_does_not_tell_changes_nothing_above_the_screen(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage()
    stage.bench.advance(25 * HOUR)
    stage.terminal.look()
    stage.hands.cut_cable()
    assert stage.terminal.banner() == BANNER
    stage.hands.power_off()
    assert stage.terminal.banner() == BANNER


def test_a_terminal_moved_to_another_till_shows_what_it_showed(make_stage: Callable[..., Stage]) -> None:
    stage = make_stage(firmware="3.9.0")
    stage.bench.advance(25 * HOUR)
    stage.terminal.look()
    stage.hands.ofd_up()

    twin = stage.terminal.moved(stage, lambda: stage.bench.world, stage.hands)

    assert twin.banner() == BANNER
    twin.restart()
    assert (twin.banner(), stage.terminal.banner()) == ("", BANNER)
