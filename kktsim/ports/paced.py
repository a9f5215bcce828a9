"""A serial line on which bytes take their time, both ways: put between a port and the till's end of it.

What the driver writes reaches the till when the last byte would have been carried; what the till says reaches the
driver in pieces of as many bytes as a UART hands on at once. Pure but for the clock it is given.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from kktsim.device.pace import BITS_PER_BYTE
from kktsim.ports.line import Line
from kktsim.session import Executor

FIFO_BYTES: Final = 16
"""Precedent: the receiver of a 16550."""


def as_slow_as(executor: Executor, line: Line, now: Callable[[], float]) -> Line:
    """``line`` as a host reaches it by a serial wire: behind a `PacedLine` if the till's pace slows its lines."""
    if executor.pace is None or not executor.pace.slows_lines:
        return line
    return PacedLine(line, lambda: executor.baud, now)


class _Way:
    """One direction: bytes that are under way, each piece with the host time at which it arrives."""

    __slots__ = ("_baud", "_free_at", "pieces")

    def __init__(self, baud: Callable[[], int]) -> None:
        self._baud = baud
        self._free_at = 0.0
        self.pieces: deque[tuple[float, bytes]] = deque()

    def carry(self, data: bytes, now: float) -> None:
        """Send ``data`` behind what is under way."""
        self._free_at = max(self._free_at, now) + len(data) * BITS_PER_BYTE / self._baud()
        self.pieces.append((self._free_at, data))

    def arrived(self, now: float) -> bytes | None:
        """The next piece that has come; None: none has."""
        if not self.pieces or self.pieces[0][0] > now:
            return None
        return self.pieces.popleft()[1]


class PacedLine:
    """``line`` at the end of a wire, 8N1. ``baud``: bits a second at present; ``now``: host time in seconds."""

    def __init__(self, line: Line, baud: Callable[[], int], now: Callable[[], float]) -> None:
        self._line = line
        self._now = now
        self._to_till = _Way(baud)
        self._to_host = _Way(baud)

    def receive(self, data: bytes, /) -> bytes:
        """Take what the driver wrote; what has reached it by now."""
        now = self._now()
        self._to_till.carry(data, now)
        return self._move(now)

    def tick(self) -> bytes:
        """Carry on; what has reached the driver by now."""
        now = self._now()
        seconds = self._line.seconds_to_deadline()
        if seconds is not None and seconds <= 0:
            self._say(self._line.tick(), now)
        return self._move(now)

    def seconds_to_deadline(self) -> float | None:
        """How long until the next piece arrives at either end, or the till has something to do."""
        now = self._now()
        waits = [way.pieces[0][0] - now for way in (self._to_till, self._to_host) if way.pieces]
        seconds = self._line.seconds_to_deadline()
        if seconds is not None:
            waits.append(seconds)
        return min(waits, default=None)

    def dropped(self) -> None:
        """The driver closed the port: what it wrote still arrives, what was on its way to it reaches nobody."""
        while self._to_till.pieces:
            self._line.receive(self._to_till.pieces.popleft()[1])
        self._to_host.pieces.clear()
        self._line.dropped()

    def _move(self, now: float) -> bytes:
        while (data := self._to_till.arrived(now)) is not None:
            self._say(self._line.receive(data), now)
        out = []
        while (data := self._to_host.arrived(now)) is not None:
            out.append(data)
        return b"".join(out)

    def _say(self, data: bytes, now: float) -> None:
        for start in range(0, len(data), FIFO_BYTES):
            self._to_host.carry(data[start : start + FIFO_BYTES], now)
