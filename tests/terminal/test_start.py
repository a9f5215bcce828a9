"""The driver's start: the till's clock by the tablet's, then who the till is."""

import tomllib
from collections.abc import Callable
from pathlib import Path

from kktsim.bench import Bench
from kktsim.terminal.screen import NO_TILL

from .stage import HOUR, Stage

MakeBench = Callable[..., Bench]
DIALOGUE = Path(__file__).parent.parent / "session" / "evotor_habits.toml"


def dialogue(act: str) -> list[str]:
    """What a real terminal says in an act, without texts and sums of its own."""
    return [line["request"] for line in tomllib.loads(DIALOGUE.read_text("utf-8"))[act]]


def test_it_says_what_a_real_one_says(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("registered"))
    stage.terminal.restart()
    said, real = ([one for one in talk if one[:2] != "64"] for talk in (stage.said, dialogue("start")))
    said[1] = real[1] = "4B"
    short = [one.removesuffix(" 00 00") if one.startswith("91") else one for one in real]
    assert [one.removesuffix(" 00 00") if one.startswith("91") else one for one in said] == short


def test_it_sets_the_tills_clock_a_day_ahead_by_asking_twice(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("registered"))
    stage.ahead = 30 * HOUR
    stage.terminal.restart()
    assert stage.said[:4] == ["48", "64 03 03 26", "64 03 03 26", "4B 18 00 00"]
    assert stage.asks("91 11 00 00") == bytes.fromhex("55 00 03 03 26 18 00 00")


def test_the_tablets_own_clock_is_copied_wrong_or_right(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("registered"))
    stage.terminal.memory.ahead_seconds = 2 * HOUR
    stage.terminal.restart()
    assert stage.bench.kkt.clock(stage.bench.world) == stage.bench.world + 2 * HOUR


def test_an_open_shift_keeps_the_clock_as_it_is(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("shift-open"))
    stage.ahead = HOUR
    stage.terminal.restart()
    assert stage.said[:3] == ["48", "64 02 03 26", "91 16 00 00"]
    assert stage.bench.kkt.clock(stage.bench.world) == stage.bench.world


def test_a_terminal_may_be_told_not_to_touch_the_clock(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("registered"), sets_clock_at_start=False)
    stage.terminal.restart()
    assert stage.said[:2] == ["48", "91 16 00 00"]


def test_a_till_that_is_off_is_told_on_the_screen(make_bench: MakeBench) -> None:
    stage = Stage(make_bench("registered"))
    stage.hands.power_off()
    assert stage.terminal.restart() == (NO_TILL,)
    assert stage.said == ["48"]
