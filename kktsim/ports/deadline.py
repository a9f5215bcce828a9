"""The one timer of a port, for the next deadline of its line."""

import asyncio
from collections.abc import Callable

from kktsim.ports.line import Line


class DeadlineTimer:
    """Calls ``tick`` when the line says that it is due, and writes what it returns.

    A timer that is armed for an earlier moment than needed is left alone: it asks again when it fires. Links put their
    deadline off with every frame, and so a frame costs no change of the loop's timers.
    """

    __slots__ = ("_line", "_loop", "_seconds_to_deadline", "_timer", "_write")

    def __init__(self, loop: asyncio.AbstractEventLoop, line: Line, write: Callable[[bytes], None]) -> None:
        self._loop = loop
        self._line = line
        self._seconds_to_deadline = line.seconds_to_deadline
        self._write = write
        self._timer: asyncio.TimerHandle | None = None

    def rearm(self) -> None:
        """Make sure that the timer fires no later than the line's deadline. Called after every ``receive``."""
        seconds = self._seconds_to_deadline()
        if seconds is None:
            return
        due = self._loop.time() + seconds
        if self._timer is not None:
            if self._timer.when() <= due:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(due, self._fire)

    def wake(self) -> None:
        """Do what is due now, then rearm."""
        seconds = self._seconds_to_deadline()
        if seconds is not None and seconds <= 0:
            answer = self._line.tick()
            if answer:
                self._write(answer)
        self.rearm()

    def cancel(self) -> None:
        """Stop for good."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        self.wake()
