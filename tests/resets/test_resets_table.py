"""The table of resets against the till: every cell is tried, by the default of its setting and by another value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from kktsim.device.settings import KktSettings
from kktsim.testing.error_recipes import play
from protocol.atol.kkt_codes import E
from scenarios.at_terminal import WIPE
from scenarios.error_recipes import ErrorRecipe, Hand, Typed
from scenarios.resets import Condition, Effect, Trial, organs, resets
from tests.resets.eyes import NO_TIME, seen
from tests.resets.marked import LOST_MEMORY, Stage, factory
from tests.resets.troubled import SPECIAL, before

WANT_A_CLOSED_SHIFT = ("initialization", "general")


# ---- how each reset is done; False: the till refuses


def _command(typed: str) -> Callable[[Stage], bool]:
    def act(stage: Stage) -> bool:
        done = stage.asker.code(typed) == 0
        stage.wait()
        return done

    return act


def _in_selection(typed: str) -> Callable[[Stage], bool]:
    return lambda stage: stage.asker.code("48") == 0 and _command(typed)(stage)


def _ready_for_general(stage: Stage) -> bool:
    asker = stage.asker
    return asker.mode_byte in LOST_MEMORY or asker.enter(3)


def _zeroing(stage: Stage) -> bool:
    """After a general reset where it wants one."""
    asker = stage.asker
    if asker.mode_byte in LOST_MEMORY:
        asker.does("77")
    return _command("6B")(stage)


def _power(stage: Stage) -> bool:
    stage.restart()
    return True


def _battery(stage: Stage) -> bool:
    stage.hands.power_off()
    stage.hands.lose_memory()
    stage.hands.power_on()
    return True


def _wipe(stage: Stage) -> bool:
    stage.terminal.choose(WIPE)
    return True


def _swap(stage: Stage) -> bool:
    if stage.bench.fn is None:
        stage.bench.swap()
        stage.restart()
    else:
        stage.hands.swap_fn()
    return True


WAYS: Mapping[str, tuple[Callable[[Stage], bool], ...]] = {
    "reboot": (_command("CE 41"), _power),
    "initialization": (_command("71"),),
    "general": (_command("77"),),
    "zeroing": (_zeroing,),
    "battery": (_battery,),
    "wipe": (_wipe,),
    "swap": (_swap,),
}
READY: Mapping[str, Callable[[Stage], bool]] = {"general": _ready_for_general}
"""What comes before a reset and is no part of it."""


# ---- what each effect means


@dataclass(frozen=True, slots=True)
class Case:
    """An organ before a reset. ``marked``: as it was seen then; ``settings``: of the till that differ."""

    reset: str
    organ: str
    marked: Any
    closed: bool
    settings: Mapping[str, Any]

    @property
    def nothing(self) -> Any:
        """The organ of a new till, whose board is a spare part."""
        if self.organ == "clock":
            return NO_TIME
        special = SPECIAL.get(self.organ)
        stage = factory(**dict(self.settings), **({} if special is None else {"model": special.model}))
        if self.organ in OF_THE_BOARD:
            stage.hands.replace_board()
        return seen(stage, self.organ)

    @property
    def without_mark(self) -> Any:
        """The organ in a till that has seen the same day without the trouble."""
        if self.organ not in SPECIAL:
            return self.nothing
        return seen(before(self.organ, closed=self.closed, settings=self.settings, marked=False), self.organ)

    @property
    def healed(self) -> Any:
        """The organ after the reset, its cause gone before."""
        stage = before(self.organ, closed=self.closed, settings=self.settings)
        stage.hands.power_off()
        heals = SPECIAL[self.organ].heals
        assert heals is not None
        heals(stage)
        WAYS[self.reset][-1](stage)
        return seen(stage, self.organ)


OF_THE_BOARD = ("serial_number", "protection_codes")
REFUSED = ("absent", "closed")
MEANS: Mapping[str, Callable[[Case, Any], bool]] = {
    "kept": lambda case, now: now == case.marked,
    **dict.fromkeys(
        ("default", "unset", "zero", "lost", "gone", "erased", "annulled"), lambda case, now: now == case.nothing
    ),
    **dict.fromkeys(REFUSED, lambda case, now: now == case.marked),
    "from_fn": lambda case, now: now == case.without_mark != case.marked,
    "cleared": lambda case, now: now == case.without_mark,
    "rechecked": lambda case, now: now == case.marked and case.healed == case.without_mark,
    "slow": lambda case, now: now[0].endswith(b"\x03"),
    "replaced": lambda case, now: now[0] != case.marked[0],
    "until_registered": lambda case, now: now[-1][1] == E.FN_WRONG_STATE,
    "left": lambda case, now: now == 0,
    "counted": lambda case, now: now == case.marked + 1,
}


def tries(reset: str, organ: str, effect: Effect, settings: Mapping[str, Any], way: int) -> None:
    """Mark the organ, do the reset, look at the organ."""
    closed = reset in WANT_A_CLOSED_SHIFT and effect.id != "closed"
    stage = before(organ, closed=closed, settings=settings)
    is_ready = READY[reset](stage) if reset in READY else True
    case = Case(reset, organ, seen(stage, organ), closed, settings)
    assert case.marked != case.nothing, f"{organ} bears no mark"
    done = is_ready and WAYS[reset][way](stage)
    assert done is (effect.id not in REFUSED)
    now = seen(stage, organ)
    assert MEANS[effect.id](case, now), f"{organ} was {case.marked} and is {now} after {reset}"


BY_HAND_ONLY = {("reboot", "memory_lock"): 1}
"""Cells of which the first ways are refused: the conditions of the reset tell so."""
CELLS = [
    (reset, organ, way)
    for reset, ways in WAYS.items()
    for organ in organs()
    for way in range(BY_HAND_ONLY.get((reset, organ), 0), len(ways))
]
FLIPPED = [
    (reset, organ.id, cell.condition)
    for reset in resets()
    for organ in organs().values()
    if (cell := organ.cells[reset]).condition is not None
]


TRIALS = [(reset.id, trial) for reset in resets().values() for trial in (*reset.conditions, *reset.afterwards)]


@pytest.mark.parametrize(("reset", "organ", "way"), CELLS)
def test_a_cell_of_the_table_is_what_happens(reset: str, organ: str, way: int) -> None:
    tries(reset, organ, organs()[organ].cells[reset].effect, {}, way)


@pytest.mark.parametrize(("reset", "organ", "condition"), FLIPPED)
def test_a_setting_does_to_a_cell_what_the_table_tells(reset: str, organ: str, condition: Condition) -> None:
    by_default = getattr(KktSettings(), condition.setting)
    assert condition.default == by_default != condition.value
    tries(reset, organ, condition.effect, {condition.setting: condition.value}, 0)


@pytest.mark.parametrize(("reset", "trial"), TRIALS, ids=[f"{reset}: {trial.words.en}" for reset, trial in TRIALS])
def test_what_a_reset_wants_first_and_what_follows_it_can_be_played(reset: str, trial: Trial) -> None:
    *steps, last = trial.steps
    assert isinstance(last, Typed)
    command = resets()[reset].command
    assert not command or any(isinstance(one, Hand) or one.command == command for one in trial.steps)
    told = play(ErrorRecipe(reset, trial.words.en, trial.state, tuple(steps), last, None, trial.settings))
    assert told.wire_code == last.code, f"{last} is answered {told.identifier}"


def test_a_receipt_that_is_annulled_is_told_on_the_paper() -> None:
    for reset in ("reboot", "swap", "battery"):
        stage = before("receipt", closed=False, settings={})
        start = len(stage.bench.tape())
        assert WAYS[reset][-1](stage)
        is_told = any("АННУЛИРОВАН" in line for line in stage.bench.tape(start))
        assert is_told is (organs()["receipt"].cells[reset].effect.id == "annulled"), reset
