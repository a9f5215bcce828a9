"""One timer per port, touched as rarely as possible."""

import asyncio
from collections.abc import Callable, Iterator
from contextvars import Context
from typing import TypeVarTuple

import pytest

from kktsim.ports.deadline import DeadlineTimer

from .fakes import FakeLine

Arguments = TypeVarTuple("Arguments")


class CountingLoop(asyncio.SelectorEventLoop):
    """Counts the timers that are set."""

    armed = 0

    def call_at(
        self, when: float, callback: Callable[[*Arguments], object], *args: *Arguments, context: Context | None = None
    ) -> asyncio.TimerHandle:
        self.armed += 1
        return super().call_at(when, callback, *args, context=context)


class Rig:
    """A timer on a loop that runs only when the test waits."""

    def __init__(self) -> None:
        self.loop = CountingLoop()
        self.line = FakeLine()
        self.line.clock = self.loop.time
        self.line.tick_answer = b"tick"
        self.written: list[bytes] = []
        self.timer = DeadlineTimer(self.loop, self.line, self.write)

    def write(self, data: bytes) -> None:
        self.written.append(data)
        self.loop.stop()

    def due_in(self, seconds: float) -> None:
        self.line.due_at = self.loop.time() + seconds


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig()
    yield rig
    rig.loop.close()


def test_without_a_deadline_the_loop_is_not_touched(rig: Rig) -> None:
    for _ in range(1000):
        rig.timer.rearm()
    assert rig.loop.armed == 0


def test_a_deadline_that_moves_away_with_every_frame_costs_one_timer(rig: Rig) -> None:
    for number in range(1000):
        rig.due_in(60 + number)
        rig.timer.rearm()
    assert rig.loop.armed == 1


def test_the_deadline_comes(rig: Rig) -> None:
    rig.due_in(0.001)
    rig.timer.rearm()
    rig.loop.run_forever()
    assert (rig.written, rig.line.ticks) == ([b"tick"], 1)


def test_a_nearer_deadline_replaces_a_farther_one(rig: Rig) -> None:
    rig.due_in(3600)
    rig.timer.rearm()
    rig.due_in(0.001)
    rig.timer.rearm()
    rig.loop.run_forever()
    assert rig.line.ticks == 1


def test_a_timer_that_fires_early_does_not_tick(rig: Rig) -> None:
    rig.due_in(0.001)
    rig.timer.rearm()
    rig.due_in(0.01)
    due = rig.line.due_at
    rig.timer.rearm()
    rig.loop.run_forever()
    assert rig.line.ticks == 1
    assert due is not None and rig.loop.time() >= due


def test_a_deadline_that_was_called_off_does_not_tick(rig: Rig) -> None:
    rig.due_in(0.001)
    rig.timer.rearm()
    rig.line.due_at = None
    rig.loop.call_later(0.005, rig.loop.stop)
    rig.loop.run_forever()
    assert rig.line.ticks == 0


def test_a_wake_does_at_once_what_is_due(rig: Rig) -> None:
    rig.due_in(0)
    rig.timer.wake()
    assert (rig.written, rig.loop.armed) == ([b"tick"], 0)


def test_a_wake_before_the_deadline_only_sets_the_timer(rig: Rig) -> None:
    rig.due_in(3600)
    rig.timer.wake()
    assert (rig.written, rig.loop.armed) == ([], 1)


def test_a_cancelled_timer_does_not_fire(rig: Rig) -> None:
    rig.due_in(0.001)
    rig.timer.rearm()
    rig.timer.cancel()
    rig.loop.call_later(0.005, rig.loop.stop)
    rig.loop.run_forever()
    assert rig.line.ticks == 0
