"""The two times, and the only place that reads the machine's clocks.

Host time `now` is monotonic: link timers and print durations count in it. World time is civil: the till's clock, the
FN's timer, the OFD's attempts follow it. World time can run, stand, and jump ahead; it never goes back.
"""

import math
import time
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

_EPOCH = datetime(1970, 1, 1)
KEPT_AHEAD_SECONDS = 1.0
"""How far ahead of world time the kept one is at most: so often it is written anew, and so much a restart loses."""


class ClockKind(StrEnum):
    """How world time goes by itself."""

    REAL = "real"
    FROZEN = "frozen"


class ClockError(ValueError):
    """World time cannot go back; the message tells what it is."""


def parse_world(text: str) -> float:
    """World seconds of an ISO date and time without a zone; raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        raise ValueError(f"{text!r} names a time zone; world time is local: leave the zone out")
    return (moment - _EPOCH).total_seconds()


def present() -> float:
    """The machine's local civil time in world seconds."""
    return (datetime.now().replace(microsecond=0) - _EPOCH).total_seconds()  # noqa: DTZ005 - local civil time is meant


class Clock:
    """Both times of a bench. With ``virtual`` host time stands until `wait` moves it: for tills inside a process."""

    __slots__ = ("_keep", "_kept", "_now", "_now_base", "_world_base", "kind")

    def __init__(self, world: float, kind: ClockKind = ClockKind.REAL, *, virtual: bool = False) -> None:
        self._now: float | None = 0.0 if virtual else None
        self.kind = kind
        self._world_base = world
        self._now_base = self.now()
        self._keep: Callable[[float], bool] | None = None
        self._kept = math.inf

    def copy(self, *, virtual: bool | None = None) -> "Clock":
        """A clock that shows the same world time; host time of the kind asked, else of the same kind."""
        twin = Clock.__new__(Clock)
        twin.kind = self.kind
        twin._now = self._now
        if virtual is not None:
            twin._now = self.now() if virtual else None
        twin._world_base = self.world(self.now())
        twin._now_base = twin.now()
        twin._keep, twin._kept = None, math.inf
        return twin

    def keep_by(self, keep: Callable[[float], bool]) -> None:
        """Let ``keep`` write down, before any of it is told, how far world time has come: it must not go back after.

        It says whether it could; time goes on all the same, and ``keep`` is asked again the next time it is read.
        """
        self._keep, self._kept = keep, -math.inf

    def now(self) -> float:
        """Host time in seconds."""
        return time.monotonic() if self._now is None else self._now

    def wait(self, seconds: float) -> None:
        """Let virtual host time pass, and world time with it when that runs."""
        if self._now is None:
            raise ClockError("real host time passes by itself")
        self._now += max(seconds, 0.0)

    def world(self, now: float) -> float:
        """World time in seconds at a host time."""
        world = self._world_base
        if self.kind is not ClockKind.FROZEN:
            world += now - self._now_base
        if world > self._kept:
            self._keep_up(world)
        return world

    def _keep_up(self, world: float) -> None:
        if self._keep is not None:
            ahead = world if self.kind is ClockKind.FROZEN else world + KEPT_AHEAD_SECONDS
            if self._keep(ahead):
                self._kept = ahead

    def set_world(self, world: float) -> None:
        """Jump ahead to ``world`` seconds; raises `ClockError` when that lies behind."""
        now = self.now()
        shown = self.world(now)
        if world < shown:
            raise ClockError(
                "world time never goes back; it is the till's own clock that can be set back, by a command"
            )
        self._world_base = world
        self._now_base = now
        self._keep_up(world)
