"""A port without an operating system: tests and the in-process host speak to a line by calling it."""

from kktsim.ports.line import Line


class Loopback:
    """Both ends in one thread. Time is the caller's: when both ends are quiet, it moves its virtual clock by
    ``seconds_to_deadline`` and calls ``tick``.
    """

    __slots__ = ("_answers", "_line")

    def __init__(self, line: Line) -> None:
        self._line = line
        self._answers = bytearray()

    @property
    def name(self) -> str:
        """There is nothing to point a driver at."""
        return "loopback"

    def start(self) -> None:
        """Nothing to open."""

    def write(self, data: bytes) -> None:
        """The driver writes; what the till answers waits for ``read``."""
        self._answers += self._line.receive(data)

    def read(self) -> bytes:
        """Take everything that the till has sent so far, possibly nothing."""
        answers = bytes(self._answers)
        self._answers.clear()
        return answers

    def seconds_to_deadline(self) -> float | None:
        """How far the clock may be moved before ``tick`` must be called; None: nothing will ever happen by itself."""
        return self._line.seconds_to_deadline()

    def tick(self) -> None:
        """Let the till do what is due."""
        self._answers += self._line.tick()

    def wake(self) -> None:
        """``tick``, if the deadline has come."""
        seconds = self._line.seconds_to_deadline()
        if seconds is not None and seconds <= 0:
            self.tick()

    def drop(self) -> None:
        """The driver closes the port: what it has not read is lost. It may write again, as the next client."""
        self._answers.clear()
        self._line.dropped()

    def close(self) -> None:
        """Nothing to close."""
