"""What a port and the till behind it know of each other: two protocols and the error of a port that cannot open."""

from typing import Protocol


class PortError(Exception):
    """A port cannot be opened as asked. The text is one sentence about the cause and one about the remedy."""

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(f"{cause}. {remedy}.")
        self.cause = cause
        self.remedy = remedy


class Line(Protocol):
    """The till's end of one port. Every call comes from the thread of the loop; none may block."""

    def receive(self, data: bytes, /) -> bytes:
        """Take bytes that the driver wrote, in any pieces; return what to write back now, possibly nothing."""

    def tick(self) -> bytes:
        """Do what has become due; return what to write."""

    def seconds_to_deadline(self) -> float | None:
        """How long until ``tick`` has something to do; zero or less when it has now, None when it never will."""

    def dropped(self) -> None:
        """The client closed the port: forget half a frame and everything owed to that client."""


class Port(Protocol):
    """One open place at which a driver finds the till."""

    @property
    def name(self) -> str:
        """What the user points a driver at."""

    def start(self) -> None:
        """Open the port and serve it from now on; raises PortError when that is not possible."""

    def wake(self) -> None:
        """The line's deadline may have changed by other hands than this port's: do what is due, set the timer anew."""

    def close(self) -> None:
        """Stop serving and leave nothing behind; a second call does nothing."""
