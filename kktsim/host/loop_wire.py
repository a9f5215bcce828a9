"""A wire inside the process: straight into a line of the bench; virtual host time jumps to the next deadline."""

from typing import Protocol

from kktsim.ports.line import Line
from kktsim.ports.loopback import Loopback


class Waiter(Protocol):
    """Virtual host time."""

    def now(self) -> float:
        """Host time in seconds."""

    def wait(self, seconds: float) -> None:
        """Let it pass."""


class LoopWire:
    """Both ends in one process: when both are quiet, host time jumps to the next deadline of either."""

    def __init__(self, line: Line, clock: Waiter) -> None:
        self._port = Loopback(line)
        self._clock = clock

    def write(self, data: bytes) -> None:
        """Bytes reach the till at once."""
        if data:
            self._port.write(data)

    def read(self, seconds: float) -> bytes:
        """What the till has answered; lets host time pass to its next deadline when it has not yet."""
        self._port.wake()
        arrived = self._port.read()
        if arrived:
            return arrived
        due = self._port.seconds_to_deadline()
        self._clock.wait(seconds if due is None else min(due, seconds))
        self._port.wake()
        return self._port.read()

    def now(self) -> float:
        """Host time in seconds."""
        return self._clock.now()

    def close(self) -> None:
        """The till sees the port closed."""
        self._port.drop()
