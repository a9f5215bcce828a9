"""What an action of the menu works with: the till, the Internet, and time that passes on the tablet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kktsim.terminal.driver import Driver
from kktsim.terminal.menu import Item
from kktsim.terminal.screen import Screen


class Internet(Protocol):
    """The terminal's way into the Internet."""

    def has_internet(self) -> bool:
        """Whether the browser shows a page."""


@dataclass(frozen=True, slots=True)
class Tablet:
    """``rest`` lets so many seconds go by."""

    driver: Driver
    internet: Internet
    rest: Callable[[float], None]
    looks: int
    """How often the tablet looks for something that the till may come to know a little later."""
    pause_seconds: float
    """Between two looks."""


Action = Callable[[Tablet, Item, Sequence[Any]], Screen]
"""Does an item of the menu with what was typed into its fields, None where nothing was; raises what `Driver` does."""
