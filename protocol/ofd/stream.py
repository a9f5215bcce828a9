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
        self._held = b""
        self._header: SessionHeader | None = None

    def copy(self) -> "MessageReader":
        """An independent reader in the same state."""
        twin = MessageReader()
        twin._held, twin._header = self._held, self._header
        return twin

    @property
    def is_between(self) -> bool:
        """Whether no message has begun."""
        return self._header is None and not self._held

    @property
    def begun(self) -> bytes:
        """What has come of the message that is not whole yet, without its header."""
        return self._held if self._header is not None else b""

    def feed(self, data: bytes) -> list[SessionMessage]:
        """The messages that became whole by these bytes.

        Raises OfdFormatError at a header that is none, or tells more than `MAX_BODY` bytes; nothing can be read after.
        """
        self._held += data
        whole: list[SessionMessage] = []
        while True:
            if self._header is None:
                if len(self._held) < HEADER_SIZE:
                    return whole
                header = parse_header(self._held[:HEADER_SIZE])
                if header.body_size > MAX_BODY:
                    raise OfdFormatError(
                        OfdRefusal.LENGTH, f"a message of {header.body_size} bytes, at most {MAX_BODY} are taken"
                    )
                self._header, self._held = header, self._held[HEADER_SIZE:]
            size = self._header.body_size
            if len(self._held) < size:
                return whole
            whole.append(SessionMessage(self._header, self._held[:size]))
            self._header, self._held = None, self._held[size:]
