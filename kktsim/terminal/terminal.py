"""«Смарт-терминал»: the menu a person chooses from, the screen that comes, the banner above it, the driver's start.

It has no clock, no thread and no port of its own: it is given a till to speak to, a clock to read, a way into the
Internet, and looks at the till when it is told to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kktsim.host.till import NoAnswerError
from kktsim.terminal.actions import ACTIONS
from kktsim.terminal.banner import Banner, is_due, sticks_in
from kktsim.terminal.driver import Driver, Refused, Till
from kktsim.terminal.form import filled
from kktsim.terminal.menu import menu
from kktsim.terminal.screen import BANNER, NO_TILL, Screen, refused
from kktsim.terminal.tablet import Internet, Tablet
from protocol.atol.commands.modes import SetDate, SetTime
from protocol.atol.kkt_codes import E

EPOCH = datetime(1970, 1, 1)


def _no_rest(seconds: float) -> None:
    """Time passes by itself, or not at all."""


@dataclass(frozen=True, slots=True)
class TerminalSettings:
    """How a terminal is."""

    firmware: str = "3.9.1"
    """Before 3.9.1 the banner stays (article ofd_banner)."""
    sets_clock_at_start: bool = True
    """The driver sets the till's clock by the tablet's when it starts (real Evotor log); an open shift prevents it."""
    looks: int = 3
    """How often the result of «Проверка связи с ОФД» is looked for at most (a guess)."""
    pause_seconds: float = 1.0
    """Between two of these looks (a guess)."""


class Terminal:
    """«Смарт-терминал» at a till.

    ``clock``: world seconds by the tablet's clock, local civil time since 1970. ``rest``: lets seconds go by where a
    real till needs them.
    """

    __slots__ = ("_banner", "_clock", "_tablet", "settings")

    def __init__(
        self,
        till: Till,
        clock: Callable[[], float],
        internet: Internet,
        settings: TerminalSettings | None = None,
        rest: Callable[[float], None] = _no_rest,
    ) -> None:
        self.settings = settings or TerminalSettings()
        self._clock = clock
        self._tablet = Tablet(Driver(till), internet, rest, self.settings.looks, self.settings.pause_seconds)
        self._banner = Banner(sticks=sticks_in(self.settings.firmware))

    def moved(
        self,
        till: Till,
        clock: Callable[[], float],
        internet: Internet,
        rest: Callable[[float], None] = _no_rest,
    ) -> "Terminal":
        """The same terminal, with what it shows, at another till: the fork of its own, or its port opened anew."""
        twin = Terminal(till, clock, internet, self.settings, rest)
        twin._banner.is_shown = self._banner.is_shown
        return twin

    def choose(self, path: str, *typed: str | None) -> Screen:
        """Go to a place of the menu, type into its fields from top to bottom, confirm: the screen that comes.

        None leaves a field as it is; a form into which nothing is typed is only shown. Raises `MenuError` and
        `FormError`.
        """
        item = menu().find(path)
        values = filled(item, typed)
        try:
            return ACTIONS[item.does](self._tablet, item, values)
        except Refused as refusal:
            return refused(refusal)
        except NoAnswerError:
            return (NO_TILL,)

    def look(self) -> None:
        """Ask the till what waits for the OFD; what stands above the screen stays when it does not tell."""
        try:
            queue = self._tablet.driver.queue()
        except (Refused, NoAnswerError):
            return
        self._banner.see(is_due(queue, self._now()) and self._tablet.internet.has_internet())

    def banner(self) -> str:
        """Look, and tell what stands above the screen: «(!) ОФД», or nothing."""
        self.look()
        return BANNER if self._banner.is_shown else ""

    def restart(self) -> None:
        """Switch the terminal off and on, and the driver with it; the till stays as it is, but for its clock."""
        self._banner.restart()
        if self.settings.sets_clock_at_start:
            self._set_clock()

    def _now(self) -> datetime:
        return EPOCH + timedelta(seconds=self._clock())

    def _set_clock(self) -> None:
        """64h, once more if the till asks for it, then 4Bh; what the till refuses stays undone."""
        ask, now = self._tablet.driver.ask, self._now()
        try:
            try:
                ask(SetDate(date=now.date()))
            except Refused as refusal:
                if refusal.code != E.DATE_NOT_CONFIRMED:
                    raise
                ask(SetDate(date=now.date()))
            ask(SetTime(time=now.time().replace(microsecond=0)))
        except (Refused, NoAnswerError):
            return
