"""A till's calls to operators in other processes: one real connection at a time, on the running loop, never waiting.

Everything is told later, by the loop, and never from inside of `open`, `send` or `close`: the till is in the middle of
something then.
"""

import asyncio
import errno
import socket
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from kktsim.ofd.events import Closed, Connected, Event, Failed, NetworkTrouble, Received
from kktsim.ofd.hosts import is_address
from kktsim.ofd.tcp_stream import TcpStream

READ_BYTES = 65_536
_TROUBLES: Mapping[int, NetworkTrouble] = {
    errno.ECONNREFUSED: NetworkTrouble.REFUSED,
    errno.ETIMEDOUT: NetworkTrouble.TIMED_OUT,
}
"""What an error of the system comes to; with every other the peer is not reached."""
_Place: TypeAlias = tuple[int, tuple[Any, ...]]
"""Address family and address, as sockets have them."""


class TcpCarrier:
    """The one connection. ``changed`` is called whenever an event has come."""

    def __init__(self, loop: asyncio.AbstractEventLoop, changed: Callable[[], None]) -> None:
        self._loop = loop
        self._changed = changed
        self.calls = 0
        """How many were begun."""
        self._events: deque[Event] = deque()
        self._lookup: asyncio.Task[None] | None = None
        self._places: deque[_Place] = deque()
        """Addresses of the host that were not tried yet."""
        self._calling: socket.socket | None = None
        self._soon: asyncio.Handle | None = None
        """What is known already, and must not be told from inside of `open`."""
        self._stream: TcpStream | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a call goes on: what comes of it is not known here."""
        under_way = (self._stream, self._calling, self._lookup, self._soon)
        return any(one is not None for one in under_way)

    def open(self, host: str, port: int) -> None:
        """Call; `Connected` or `Failed` comes. Only a host that is no address is looked up."""
        self.close()
        self.calls += 1
        if is_address(host):
            self._places.append((socket.AF_INET6 if ":" in host else socket.AF_INET, (host, port)))
            self._try()
        else:
            self._lookup = self._loop.create_task(self._look_up(host, port))

    def send(self, data: bytes) -> None:
        """Bytes to the peer, once `Connected` has come; they are lost when it has hung up, which `Closed` tells."""
        if self._stream is not None:
            self._stream.send(data)

    def take(self) -> Event | None:
        """The next thing that has come."""
        if not self._events:
            return None
        event = self._events.popleft()
        if self._stream is not None and not self._events:
            self._stream.listen()
        return event

    def has_news(self) -> bool:
        """Whether something has come that was not taken."""
        return bool(self._events)

    def close(self) -> None:
        """Hang up, and forget what has come and what would come."""
        self._events.clear()
        self._places.clear()
        self._end_calling()
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        if self._lookup is not None:
            self._lookup.cancel()
            self._lookup = None
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None

    # ---- until the connection stands

    async def _look_up(self, host: str, port: int) -> None:
        try:
            found = await self._loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):  # the latter when the name is none
            self._lookup = None
            self._tell(Failed(NetworkTrouble.NAME_UNKNOWN))
            return
        self._lookup = None
        self._places.extend((family, address) for family, _, _, _, address in found)
        self._try()

    def _try(self) -> None:
        """Call the next address."""
        family, address = self._places.popleft()
        try:
            connection = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        except OSError as error:
            self._fail_soon(error.errno)
            return
        self._calling = connection
        code = _connect(connection, address)
        if code not in (0, errno.EINPROGRESS):
            self._fail_soon(code)
        elif _stands(connection):
            self._soon = self._loop.call_soon(self._connected, connection)
        else:
            self._loop.add_writer(connection.fileno(), self._answered, connection)

    def _answered(self, connection: socket.socket) -> None:
        code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            self._not_reached(code)
            return
        self._loop.remove_writer(connection.fileno())
        self._connected(connection)

    def _connected(self, connection: socket.socket) -> None:
        self._soon = self._calling = None
        self._stream = TcpStream(self._loop, connection, self._heard, self._hung_up, READ_BYTES)
        self._tell(Connected())

    def _fail_soon(self, code: int | None) -> None:
        self._soon = self._loop.call_soon(self._not_reached, code)

    def _not_reached(self, code: int | None) -> None:
        self._soon = None
        self._end_calling()
        if self._places:
            self._try()
        else:
            self._tell(Failed(_TROUBLES.get(code or 0, NetworkTrouble.UNREACHABLE)))

    def _end_calling(self) -> None:
        if self._calling is not None:
            self._loop.remove_writer(self._calling.fileno())
            self._calling.close()
            self._calling = None

    # ---- the connection stands

    def _heard(self, data: bytes) -> None:
        self._tell(Received(data))
        if self._stream is not None and self._events:
            self._stream.pause()  # a till that takes nothing now is sent no more: the rest stays in the system

    def _hung_up(self) -> None:
        self._stream = None
        self._tell(Closed())

    def _tell(self, event: Event) -> None:
        """Who is told may hang up, and call again."""
        self._events.append(event)
        self._changed()


def _stands(connection: socket.socket) -> bool:
    """Whether the peer has answered already, as one on this machine does."""
    try:
        connection.getpeername()
    except OSError:
        return False
    return True


def _connect(connection: socket.socket, address: tuple[Any, ...]) -> int:
    """The code of the system, 0 when the peer has answered already."""
    try:
        return connection.connect_ex(address)
    except OSError as error:  # an address that is none of its family
        return error.errno or errno.EINVAL
