"""What a scene hears of its port and sees of its terminal while a step is done: refusals, and the last screen."""

from collections.abc import Callable
from dataclasses import dataclass, field

from protocol.atol.command import CommandError, parse_answer
from scenarios.roles import Terminal, Till


@dataclass(slots=True)
class Heard:
    """Of the step that is being done. ``refused``: wire codes in order; ``screen``: the lines shown last.

    ``answers``: whether the last request got a reply; None: there was no request.
    """

    refused: list[int] = field(default_factory=list)
    screen: tuple[str, ...] = ()
    answers: bool | None = None


class HeardTill:
    """An open port: everything goes on to the till, and what it refuses is noted."""

    __slots__ = ("_hear", "_till")

    def __init__(self, till: Till, hear: Callable[[], Heard]) -> None:
        self._till = till
        self._hear = hear

    def send(self, command: bytes) -> bytes:
        """The reply."""
        heard = self._hear()
        heard.answers = False
        reply = self._till.send(command)
        heard.answers = True
        try:
            code = parse_answer(command[0], reply).code
        except CommandError:
            return reply
        if code:
            heard.refused.append(code)
        return reply

    def close(self) -> None:
        """Close the port in good order."""
        self._till.close()

    def drop(self) -> None:
        """Close the port without a word."""
        self._till.drop()


class SeenTerminal:
    """A terminal: everything goes on to it, and what it shows is noted."""

    __slots__ = ("_hear", "_terminal")

    def __init__(self, terminal: Terminal, hear: Callable[[], Heard]) -> None:
        self._terminal = terminal
        self._hear = hear

    def choose(self, path: str, *typed: str | None) -> tuple[str, ...]:
        """The screen that comes."""
        return self._noted(self._terminal.choose(path, *typed))

    def banner(self) -> str:
        """What stands above the screen."""
        text = self._terminal.banner()
        self._noted((text,) if text else ())
        return text

    def restart(self) -> tuple[str, ...]:
        """The screen that comes when it has been switched off and on."""
        return self._noted(self._terminal.restart())

    def update(self, firmware: str) -> None:
        """Install another firmware."""
        self._terminal.update(firmware)

    def die_after(self, command: int) -> None:
        """Its program dies when the till has answered the next command with this byte."""
        self._terminal.die_after(command)

    def _noted(self, screen: tuple[str, ...]) -> tuple[str, ...]:
        self._hear().screen = screen
        return screen
