"""«Смарт-терминал»: the menu a person chooses from, the screen that comes, the banner above it.

It has no clock, no thread and no port of its own: it is given a till to speak to, a clock to read, a way into the
Internet, and looks at the till when it is told to. What it keeps is the tablet's memory.
"""

from collections.abc import Callable

from kktsim.host.till import NoAnswerError
from kktsim.terminal.actions import ACTIONS
from kktsim.terminal.banner import is_due, is_shown
from kktsim.terminal.driver import Driver, ProgramDied, Refused, Till
from kktsim.terminal.form import filled
from kktsim.terminal.memory import TabletMemory
from kktsim.terminal.menu import place
from kktsim.terminal.pos import STARTS
from kktsim.terminal.sale import ClocksDiffer
from kktsim.terminal.screen import BANNER, CLOCKS_DIFFER, DEAD, NO_TILL, Screen, refused
from kktsim.terminal.tablet import Internet, Tablet, TerminalSettings

RESTART = "Recovery Mode → Reboot system now"
"""The place of the menu that starts the terminal's program."""


class Terminal:
    """«Смарт-терминал» at a till.

    ``clock``: world seconds, local civil time since 1970; the tablet's own clock may be ahead of it. ``rest``: lets
    seconds go by where a real till needs them. ``memory``: of a tablet that was at work before.
    """

    __slots__ = ("_tablet",)

    def __init__(
        self,
        till: Till,
        clock: Callable[[], float],
        internet: Internet,
        settings: TerminalSettings | None = None,
        rest: Callable[[float], None] | None = None,
        memory: TabletMemory | None = None,
    ) -> None:
        self._tablet = Tablet(Driver(till), clock, internet, memory or TabletMemory(), settings or TerminalSettings())
        if rest is not None:
            self._tablet.rest = rest

    @property
    def memory(self) -> TabletMemory:
        """What the tablet keeps."""
        return self._tablet.memory

    @property
    def settings(self) -> TerminalSettings:
        """How the terminal is."""
        return self._tablet.settings

    def moved(
        self,
        till: Till,
        clock: Callable[[], float],
        internet: Internet,
        rest: Callable[[float], None] | None = None,
    ) -> "Terminal":
        """The same terminal, with what it keeps, at another till: the fork of its own, or its port opened anew."""
        return Terminal(till, clock, internet, self.settings, rest, self.memory.copy())

    def choose(self, path: str, *typed: str | None) -> Screen:
        """Go to a place of the menu, type into its fields from top to bottom, confirm: the screen that comes.

        None leaves a field as it is; a form into which nothing is typed is only shown. Raises `MenuError` and
        `FormError`.
        """
        item = place(path)
        values = filled(item, typed)
        action = ACTIONS[item.does]
        if self.memory.is_dead and action not in STARTS:
            return (DEAD,)
        try:
            return action(self._tablet, item, values)
        except Refused as refusal:
            return refused(refusal)
        except ClocksDiffer:
            return (CLOCKS_DIFFER,)
        except NoAnswerError:
            return (NO_TILL,)
        except ProgramDied:
            self.memory.is_dead = True
            return (DEAD,)

    def look(self) -> None:
        """Ask the till what waits for the OFD; what stands above the screen stays when it does not tell."""
        try:
            queue = self._tablet.driver.queue()
        except (Refused, NoAnswerError):
            return
        due = is_due(queue, self._tablet.now()) and self._tablet.internet.has_internet()
        memory = self.memory
        memory.banner_is_shown = is_shown(due=due, was_shown=memory.banner_is_shown, firmware=memory.firmware)

    def banner(self) -> str:
        """Look, and tell what stands above the screen: «(!) ОФД», or nothing."""
        self.look()
        return BANNER if self.memory.banner_is_shown else ""

    def restart(self) -> Screen:
        """Switch the terminal off and on, and the driver with it; the till stays as it is, but for its clock."""
        return self.choose(RESTART)

    def update(self, firmware: str) -> None:
        """Install another firmware of the terminal; its program is restarted by whoever wants that."""
        self.memory.firmware = firmware
        self.memory.banner_is_shown = False

    def die_after(self, command: int) -> None:
        """The program dies when the till has answered the next command with this byte."""
        self._tablet.driver.dies_after = command
        self._tablet.driver.answered.clear()

    @property
    def is_about_to_die(self) -> bool:
        """Whether that command has not come yet."""
        return self._tablet.driver.dies_after is not None

    @property
    def answered(self) -> tuple[int, ...]:
        """The bytes of the commands that the till has answered since then, each once."""
        return tuple(self._tablet.driver.answered)
