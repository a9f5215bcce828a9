"""A till as its host sees it: `send` an application command, get the reply.

`Till` drives the host role of a link over a `Wire`, which is a serial port (pyserial) or the loop inside the process.
"""

from typing import Final, Protocol

from protocol.atol import link_v2_host, link_v3_host
from protocol.atol.link_v3 import Decoder

TIMEOUT_SECONDS = 30.0
"""How long a command may take. Precedent: ATOL's driver gives up after 35 s."""
PROBE_SECONDS: Final = 1.0
"""How long an answer to Abort is waited for before a till is taken for one of link v2. Precedent: ATOL's driver."""
DEFAULT_PASSWORD = b"\x00\x00"

LINKS: Final = ("auto", "v3", "v2")
"""Which link a host speaks; ``auto``: v3 if the till answers an Abort, else v2."""


class NoAnswerError(TimeoutError):
    """The till did not answer in time; the message says what was tried."""


class Wire(Protocol):
    """Bytes to and from a till, and the time in which it is waited."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def read(self, seconds: float) -> bytes:
        """What came; empty when nothing did for so many seconds."""

    def now(self) -> float:
        """Host time in seconds."""

    def close(self) -> None:
        """Let go of the port."""


class Link(Protocol):
    """The host role of a link."""

    answer: bytes | None
    failed: bool

    @property
    def deadline(self) -> float | None:
        """Host time of the next `tick`."""

    def request(self, message: bytes, now: float) -> bytes:
        """Bytes that begin sending a message."""

    def receive(self, data: bytes, now: float) -> bytes:
        """Bytes to send on."""

    def tick(self, now: float) -> bytes:
        """Bytes that became due."""


class Till:
    """One open port of a till."""

    def __init__(
        self,
        wire: Wire,
        *,
        link: str = "v3",
        password: bytes = DEFAULT_PASSWORD,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._wire = wire
        self._password = password
        self._timeout = timeout_seconds
        self._v3: link_v3_host.HostLink | None = None
        self._link: Link
        self.link = link
        """The link that is spoken."""
        if link == "v2":
            self._link = link_v2_host.HostLink()
            return
        self._link = self._v3 = link_v3_host.HostLink()
        wire.write(self._v3.connect())
        if link == "auto":
            self._choose()

    def send(self, command: bytes) -> bytes:
        """The reply to a command byte with its parameters; raises `NoAnswerError`."""
        link, wire = self._link, self._wire
        started = wire.now()
        wire.write(link.request(self._password + command, started))
        while link.answer is None:
            now = wire.now()
            left = started + self._timeout - now
            if left <= 0 or link.failed:
                raise NoAnswerError(
                    f"the till did not answer {command[:1].hex().upper()}h within {now - started:.1f} s: "
                    "is it switched on, and does it speak this link (--link v2 or v3)?"
                )
            until = link.deadline
            data = wire.read(left if until is None else max(min(until - now, left), 0.0))
            now = wire.now()
            out = link.receive(data, now) if data else link.tick(now)
            if out:
                wire.write(out)
        return link.answer

    def _choose(self) -> None:
        """Wait for the answer to Abort: who gives none may speak v2."""
        decoder, started = Decoder(), self._wire.now()
        self.link = "v3"
        while (left := started + PROBE_SECONDS - self._wire.now()) > 0:
            if decoder.feed(self._wire.read(left)):
                return
        self.link, self._link, self._v3 = "v2", link_v2_host.HostLink(), None

    def close(self) -> None:
        """Acknowledge what is owed and close the port."""
        if self._v3 is not None:
            self._wire.write(self._v3.farewell())
        self._wire.close()

    def drop(self) -> None:
        """Close the port without a word, as a program that dies."""
        self._wire.close()
