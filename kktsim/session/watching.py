"""Who looks on at a dialogue."""

from collections.abc import Callable
from typing import Protocol


class Alarm(Protocol):
    """Somebody who must know when something is wrong."""

    def not_understood(self, data: bytes) -> None:
        """Bytes came, and not one whole frame has come yet."""

    def bug(self, request: bytes, error: Exception) -> None:
        """Our own code failed on a request. With nobody to tell, the exception goes on and the test fails."""


class Watcher(Alarm, Protocol):
    """Somebody who wants to see the dialogue; nothing is formatted when there is nobody."""

    def junk(self, data: bytes) -> None:
        """Bytes came that belong to neither link."""

    def message(self, request: bytes, reply: bytes) -> None:
        """An application message was executed."""

    def bytes_in(self, data: bytes) -> None:
        """Bytes came from the host."""

    def bytes_out(self, data: bytes) -> None:
        """Bytes go to the host."""


Execute = Callable[[bytes, float, float], tuple[bytes, bool]]
"""Does one application message at a host time and a world time: the reply, and whether it is a refusal."""
