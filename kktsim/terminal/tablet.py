"""What an action of the menu works with: the till, the Internet, the tablet's memory, and time that passes there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from kktsim.terminal.driver import Driver
from kktsim.terminal.memory import TabletMemory
from kktsim.terminal.menu import Item
from kktsim.terminal.screen import Screen

EPOCH = datetime(1970, 1, 1)


class Internet(Protocol):
    """The terminal's way into the Internet."""

    def has_internet(self) -> bool:
        """Whether the browser shows a page."""


def _no_rest(seconds: float) -> None:
    """Time passes by itself, or not at all."""


@dataclass(frozen=True, slots=True)
class TerminalSettings:
    """How a terminal is."""

    sets_clock_at_start: bool = True
    """The driver sets the till's clock by the tablet's when it starts (real Evotor log); an open shift prevents it."""
    clock_tolerance_seconds: float = 300
    """How far the clocks of till and tablet may differ at a sale: in a real Evotor log 142 s did no harm; a guess."""
    looks: int = 3
    """How often the result of «Проверка связи с ОФД» is looked for at most (a guess)."""
    pause_seconds: float = 1.0
    """Between two of these looks (a guess)."""


@dataclass(slots=True)
class Tablet:
    """``clock``: world seconds, local civil time since 1970. ``rest`` lets so many seconds go by."""

    driver: Driver
    clock: Callable[[], float]
    internet: Internet
    memory: TabletMemory
    settings: TerminalSettings
    rest: Callable[[float], None] = _no_rest

    def now(self) -> datetime:
        """By the tablet's own clock."""
        return EPOCH + timedelta(seconds=self.clock() + self.memory.ahead_seconds)

    def set_clock(self, moment: datetime) -> None:
        """Set the tablet's clock; the till's own is another."""
        self.memory.ahead_seconds = (moment - EPOCH).total_seconds() - self.clock()


Action = Callable[[Tablet, Item, Sequence[Any]], Screen]
"""Does an item of the menu with what was typed into its fields, None where nothing was; raises what `Driver` does."""
