"""A terminal at a till inside the process, with every command written down."""

from kktsim.bench import Bench
from kktsim.hands.bench import BenchHands
from kktsim.terminal.memory import FIRMWARE, TabletMemory
from kktsim.terminal.tablet import TerminalSettings
from kktsim.terminal.terminal import Terminal
from kktsim.testing.presets import open_till

HOUR = 3600.0
OFD = "Настройки → ОФД"
SET_UP = "Настройки → ОФД → Настроить ОФД"
SERVICE = "Настройки → Обслуживание кассы"
CHECK = f"{SERVICE} → Проверка связи с ОФД"
ADDRESS = f"{SERVICE} → Дополнительные операции → Адрес ОФД"
COMMAND = f"{SERVICE} → Дополнительные операции → Произвольная команда"
DOCUMENT = f"{SERVICE} → Дополнительные операции → Печать документа по номеру"
ZEROING = f"{SERVICE} → Дополнительные операции → Технологическое обнуление"
BROWSER = "Еще → Браузер"


class Stage:
    """Bench, hands and terminal; ``said``: commands in hex. ``bench.world`` is the tablet's time, plus ``ahead``."""

    def __init__(self, bench: Bench, firmware: str = FIRMWARE, **settings: object) -> None:
        self.bench = bench
        self.hands = BenchHands(bench)
        self.ahead = 0.0
        self.said: list[str] = []
        self.rested: list[float] = []
        self._till = open_till(bench)
        self.terminal = Terminal(
            self,
            lambda: bench.world + self.ahead,
            self.hands,
            TerminalSettings(**settings),  # type: ignore[arg-type]
            self.rested.append,
            TabletMemory(firmware=firmware),
        )

    def send(self, command: bytes) -> bytes:
        """The till's reply."""
        self.said.append(command.hex(" ").upper())
        return self._till.send(command)

    def asks(self, typed: str) -> bytes:
        """The till's reply to a raw command that is none of the terminal's."""
        return self._till.send(bytes.fromhex(typed))

    def does(self, *typed: str) -> None:
        """Raw commands, all of which the till must do."""
        for one in typed:
            reply = self.asks(one)
            assert reply[:2] == b"\x55\x00", f"{one} is answered {reply.hex()}"


class Scripted:
    """A till that answers by a script: command bytes in hex to replies in hex."""

    def __init__(self, **replies: str) -> None:
        self.replies = {bytes.fromhex(command): bytes.fromhex(reply) for command, reply in replies.items()}

    def send(self, command: bytes) -> bytes:
        """The reply to the longest beginning that the script has."""
        known = [one for one in self.replies if command.startswith(one)]
        return self.replies[max(known, key=len)]
