"""Messages of the OFD exchange in a stream of bytes: whatever pieces the network makes of them, here they are whole.

A message is a session header and as many bytes as it tells. Source: as of `protocol.ofd.session`.
"""

from dataclasses import dataclass

from protocol.fn.commands import OfdRefusal
from protocol.ofd.errors import OfdFormatError
from protocol.ofd.session import HEADER_SIZE, SessionHeader, parse_header

MAX_BODY = 32 * 1024
"""Bytes of a container that anybody has to take (public server implementations)."""


@dataclass(frozen=True, slots=True)
class SessionMessage:
    """One whole message. ``body``: the container, empty in a message that only tests the connection."""

    header: SessionHeader
    body: bytes


class MessageReader:
    """Reads the messages of one direction. Holds at most one message's bytes, and what the last piece had behind it."""

    __slots__ = ("_header", "_held")

    def __init__(self) -> None:
        self._held = bytearray()
        self._header: SessionHeader | None = None

    def copy(self) -> "MessageReader":
        """An independent reader in the same state."""
        twin = MessageReader()
        twin._held, twin._header = self._held.copy(), self._header
        return twin

    @property
    def is_between(self) -> bool:
        """Whether no message has begun."""
        return self._header is None and not self._held

    def begun(self, size: int) -> bytes:
        """The first ``size`` bytes, as far as they have come, of the message that is not whole yet: of its body."""
        return bytes(self._held[:size]) if self._header is not None else b""

    def push(self, data: bytes) -> None:
        """More bytes."""
        self._held += data

    def pop(self) -> SessionMessage | None:
        """The next message, None until it is whole.

        Raises OfdFormatError at a header that is none, or tells more than `MAX_BODY` bytes; nothing can be read after.
        """
        if self._header is None:
            if len(self._held) < HEADER_SIZE:
                return None
            header = parse_header(bytes(self._held[:HEADER_SIZE]))
            if header.body_size > MAX_BODY:
                raise OfdFormatError(
                    OfdRefusal.LENGTH, f"a message of {header.body_size} bytes, at most {MAX_BODY} are taken"
                )
            self._header = header
            del self._held[:HEADER_SIZE]
        size = self._header.body_size
        if len(self._held) < size:
            return None
        whole = SessionMessage(self._header, bytes(self._held[:size]))
        self._header = None
        del self._held[:size]
        return whole

    def feed(self, data: bytes) -> list[SessionMessage]:
        """Push, and pop what is whole; raises as `pop`, and then the messages before are lost."""
        self.push(data)
        whole: list[SessionMessage] = []
        while (message := self.pop()) is not None:
            whole.append(message)
        return whole
