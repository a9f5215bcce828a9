"""The one till behind several ports: who may have a command done now, and who waits for whom.

A command that needs the till for itself waits while a report prints and while another command is done, whichever port
that came from; those that wait are done in the order in which they came. Questions (3Fh, 45h, registers, ...) wait only
for what came before them on their own port, and a command behind one waits for its answer.

What a command changes is changed when it begins; its reply is held back for as long as the `Pace` says, and so long
the till is occupied. So a till goes through the same states at any pace, and a command that has begun is done.

Sources: a real Evotor's log (an Add behind a line that still prints); how several ports share a till is a guess.
"""

from typing import Final, Protocol

from kktsim.device import Kkt, needs_turn, tables
from kktsim.device.pace import BAUDS, USUAL_BAUD, Pace

V2, V3 = 0, 2
"""Values of table 2 field 85, «протокол обмена»: lower level 2 ("АТОЛ 2.4") and 3 ("АТОЛ 3.0")."""
_PROTOCOL: Final = (2, 1, 85)
_SPEED: Final = (9, 1, 2)


class Side(Protocol):
    """One link of one port: what it has executed and what waits there for its turn."""

    @property
    def arrived(self) -> int:
        """The place in the order of arrival of the command that waits."""

    def start(self, now: float, at: float) -> None:
        """Begin the command that waits; what is to be said of it is said at the next `tick` of the port."""

    def catch_up(self, now: float, at: float) -> None:
        """End the command whose time is over, so that the next one there can wait for its turn."""


class Executor:
    """«ККТ» as its ports share it."""

    __slots__ = ("_arrivals", "_busy_for", "_waiting", "baud", "kkt", "occupied_until", "pace", "protocol")

    def __init__(self, kkt: Kkt, pace: Pace | None = None) -> None:
        self.kkt = kkt
        self.pace = pace
        self.protocol: int | None = None
        """The lower level that serial ports speak since the till was switched on; None: whichever the host speaks."""
        self.baud = 0
        """Bits a second on serial ports since then; whoever carries the bytes may heed it."""
        self.occupied_until: float | None = None
        """Host time in seconds until which a command is being done; None: none is."""
        self._busy_for: Side | None = None
        """Whose command occupies the till, or was the last to do so."""
        self._waiting: list[Side] = []
        self._arrivals = 0
        self.restart()

    def copy_for(self, kkt: Kkt) -> "Executor":
        """The same for the fork of the till, which has no ports: no command of theirs occupies it."""
        twin = Executor(kkt, self.pace)
        twin.protocol = self.protocol
        twin.baud = self.baud
        return twin

    def restart(self) -> None:
        """The till was switched on: nothing goes on, and its lines are as its tables say now."""
        self.occupied_until = None
        self._busy_for = None
        self._waiting.clear()
        self.baud = BAUDS.get(tables.number(self.kkt, *_SPEED), USUAL_BAUD)
        written = self.kkt.memory.tables.get(_PROTOCOL)
        if written is not None:
            self.protocol = written[0]
        else:
            self.protocol = None if self.kkt.settings.link_choice == "by-host" else V3

    # ---- is the till free

    @property
    def free_at(self) -> float:
        """Host time at which what waits may go on."""
        return max(self.occupied_until or 0.0, self.kkt.volatile.busy_until or 0.0)

    def must_wait(self, message: bytes) -> bool:
        """Whether this message must wait for what the till does now, or for another port that was first."""
        is_free = self.occupied_until is None and self.kkt.volatile.busy_until is None and not self._waiting
        return not is_free and needs_turn(message)

    def settle(self, now: float) -> None:
        """End what had to end by ``now``."""
        self.kkt.settle(now)
        if self.occupied_until is not None and now >= self.occupied_until:
            self.occupied_until = None

    # ---- turns

    def arrival(self) -> int:
        """The place in the order for a command that has come now."""
        self._arrivals += 1
        return self._arrivals

    def enqueue(self, side: Side) -> None:
        """Let ``side`` wait for its turn."""
        if side not in self._waiting:
            self._waiting.append(side)

    def forget(self, side: Side) -> None:
        """``side`` has nothing that waits or is done any more."""
        if side in self._waiting:
            self._waiting.remove(side)
        if self._busy_for is side:
            self._busy_for = None

    def run(self, now: float, at: float) -> None:
        """Begin what waits, first come first served, until the till is occupied again."""
        while self.occupied_until is None and self.kkt.volatile.busy_until is None:
            side, self._busy_for = self._busy_for, None
            if side is not None:
                side.catch_up(now, at)
            elif self._waiting:
                first = min(self._waiting, key=_place)
                self._waiting.remove(first)
                first.start(now, at)
            else:
                return

    def occupy(self, side: Side, message: bytes, reply: bytes, failed: bool, now: float) -> float:
        """Host time at which the reply to a message of ``side`` that was executed now may go out."""
        if self.pace is None:
            return now
        took = self.pace.duration(message, reply, failed)
        due = now + took.reply
        if needs_turn(message):
            self.occupied_until = due + took.printing
            self._busy_for = side
        return due


def _place(side: Side) -> int:
    return side.arrived
