"""A till on a TCP port, one client at a time.

The next client is not accepted before the former connection has ended: it waits in the kernel's backlog, unanswered.
So a driver that connects anew for every command has its old connection read to the end first.
"""

import asyncio
import errno
import select
import socket
from collections.abc import Callable

from kktsim.ports.deadline import DeadlineTimer
from kktsim.ports.line import Line, PortError
from kktsim.ports.parse import TcpAddress

_BACKLOG = 16
_KNOCK_SECONDS = 0.25
"""A driver that connects anew for every command waits for less until its old connection is read to the end."""
_REMEDIES = {
    errno.EADDRINUSE: "Stop the program that listens there, or use port 0 for any free port",
    errno.EACCES: "Choose a port above 1023",
}


class TcpPort:
    """A listening socket and the line that its present client speaks to."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        line: Line,
        address: TcpAddress,
        greeting: Callable[[], bytes] = bytes,
        complain: Callable[[str], None] | None = None,
    ) -> None:
        """``greeting`` makes what a new client hears first, without one it is nothing; ``complain`` is told when a
        second client waits.
        """
        self._loop = loop
        self._line = line
        self._address = address
        self._greeting = greeting
        self._complain = complain
        self._timer = DeadlineTimer(loop, line, self._send)
        self._listener: socket.socket | None = None
        self._transport: asyncio.Transport | None = None
        self._one_waits = False  # the next connection was made while another client was served
        self._knock: asyncio.TimerHandle | None = None  # somebody waits; who still does then is told of
        self._connecting: asyncio.Task[object] | None = None  # the loop itself keeps no task alive

    @property
    def name(self) -> str:
        """``HOST:PORT``; once the port is started, with the number that the system has chosen for port 0."""
        host = f"[{self._address.host}]" if ":" in self._address.host else self._address.host
        return f"{host}:{self._address.port}"

    def start(self) -> None:
        """Listen."""
        address = self._address
        try:
            family, _, _, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
            listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        except OSError as error:
            raise self._refused(error) from error
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setblocking(False)
            listener.bind(place)
            listener.listen(_BACKLOG)
        except OSError as error:
            listener.close()
            raise self._refused(error) from error
        self._listener = listener
        self._address = TcpAddress(address.host, listener.getsockname()[1])
        self._loop.add_reader(listener, self._accept)
        self._timer.rearm()

    def wake(self) -> None:
        """The line's deadline may have changed by other hands: do what is due, set the timer anew."""
        self._timer.wake()

    def close(self) -> None:
        """Stop listening and hang up, which takes the loop one more turn; a second call does nothing."""
        self._timer.cancel()
        self._forget_knock()
        listener, self._listener = self._listener, None
        if listener is not None:
            self._loop.remove_reader(listener)
            listener.close()
        if self._transport is not None:
            self._transport.abort()

    def _refused(self, error: OSError) -> PortError:
        remedy = _REMEDIES.get(error.errno or 0, "Use an address of this machine")
        return PortError(f"Cannot listen on {self.name}: {error.strerror}", remedy)

    def _send(self, data: bytes) -> None:
        """Write what the till sends of itself; while nobody is connected, nobody hears it."""
        if self._transport is not None:
            self._transport.write(data)

    def _accept(self) -> None:
        if self._listener is None:
            return
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        connection.setblocking(False)
        waited, self._one_waits = self._one_waits, False
        if waited and _has_left(connection):
            # It gave up behind another client: what it wrote meanwhile must not be done now.
            connection.close()
            self._one_waits = _is_readable(self._listener)
            return
        # An answer must not wait for the acknowledgement of the one before (Nagle's algorithm): clients delay it by
        # 40 ms. asyncio sees to it only on sockets that were made with an explicit protocol number.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._loop.remove_reader(self._listener)
        client = _Client(self._line, self._timer, self._connected, self._disconnected)
        self._connecting = self._loop.create_task(self._loop.connect_accepted_socket(lambda: client, connection))

    def _connected(self, transport: asyncio.Transport) -> None:
        if self._listener is None:
            transport.abort()
            return
        self._transport = transport
        self._loop.add_reader(self._listener, self._knocked)
        greeting = self._greeting()
        if greeting:
            transport.write(greeting)

    def _knocked(self) -> None:
        """A second client has come. It is not accepted, and the listener stays readable: look away."""
        if self._listener is not None:
            self._loop.remove_reader(self._listener)
            self._knock = self._loop.call_later(_KNOCK_SECONDS, self._tell_of_knock)

    def _tell_of_knock(self) -> None:
        if self._complain is not None:
            self._complain(f"{self.name}: a second client waits until the first has gone")

    def _forget_knock(self) -> None:
        if self._knock is not None:
            self._knock.cancel()
            self._knock = None

    def _disconnected(self) -> None:
        self._transport = None
        self._forget_knock()
        if self._listener is None:
            return
        self._line.dropped()
        self._timer.rearm()
        self._one_waits = _is_readable(self._listener)
        self._loop.add_reader(self._listener, self._accept)


def _is_readable(listener: socket.socket) -> bool:
    """Whether a connection waits to be accepted."""
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    return bool(poll.poll(0))


def _has_left(connection: socket.socket) -> bool:
    """Whether the peer has closed its end already."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    return bool(poll.poll(0))


class _Client(asyncio.Protocol):
    """One connection. A client that does not read its answers is not read either."""

    def __init__(
        self,
        line: Line,
        timer: DeadlineTimer,
        connected: Callable[[asyncio.Transport], None],
        disconnected: Callable[[], None],
    ) -> None:
        self._receive = line.receive
        self._rearm = timer.rearm
        self._connected = connected
        self._disconnected = disconnected
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(high=0)  # pause_writing as soon as the kernel takes no more
        self._transport = transport
        self._connected(transport)

    def data_received(self, data: bytes) -> None:
        answer = self._receive(data)
        if answer:
            self._transport.write(answer)
        self._rearm()

    def pause_writing(self) -> None:
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disconnected()
