"""One port's end of the till."""

from typing import Protocol

from kktsim.clock import Clock
from kktsim.ofd.client import DOCUMENTS_A_TURN
from kktsim.power import PowerCut
from kktsim.session import Session


class Stand(Protocol):
    """What a line needs of the bench it belongs to. ``now``: host time in seconds."""

    clock: Clock

    def is_up(self, now: float) -> bool:
        """Whether the till is on."""

    def after_command(self, now: float) -> None:
        """A command may have been done: see what it leaves to the bench."""

    def cut_power(self) -> None:
        """The power fails at this instant."""

    def run_due(self, at_most: int | None = None) -> None:
        """Let everything happen that is due by the world's clock, but send ``at_most`` documents."""

    def seconds_to_event(self) -> float | None:
        """Host seconds until `run_due` has something to do; None: never by itself."""


class BenchLine:
    """One port's end of the till: a session, given both times. It is what a port calls a line."""

    __slots__ = ("_bench", "session")

    def __init__(self, bench: Stand, session: Session) -> None:
        self._bench = bench
        self.session = session

    def receive(self, data: bytes) -> bytes:
        """Bytes from the host; bytes for it. A till without power is silent."""
        bench = self._bench
        now = bench.clock.now()
        if not bench.is_up(now):
            return b""
        try:
            out = self.session.receive(data, now, bench.clock.world(now))
            bench.after_command(now)
        except PowerCut:
            bench.cut_power()
            return b""
        return out

    def tick(self) -> bytes:
        """What became due: commands that waited for a report to print, and events of the world."""
        bench = self._bench
        now = bench.clock.now()
        if not bench.is_up(now):
            return b""
        try:
            out = self.session.tick(now, bench.clock.world(now))
            bench.after_command(now)
            bench.run_due(DOCUMENTS_A_TURN)
        except PowerCut:
            bench.cut_power()
            return b""
        return out

    def seconds_to_deadline(self) -> float | None:
        """Host seconds until `tick` has something to do; None: nothing."""
        bench = self._bench
        deadline = self.session.next_deadline()
        event = bench.seconds_to_event()
        if deadline is None:
            return event
        seconds = deadline - bench.clock.now()
        return seconds if event is None else min(seconds, event)

    def dropped(self) -> None:
        """The host closed the port."""
        self.session.hang_up()
