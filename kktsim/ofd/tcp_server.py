"""The operator of fiscal data on a TCP port: many tills at once, on the running loop.

Nothing is polled, and what one client does costs the others nothing: a connection holds one message of its client at
most and a bounded number of bytes for it, and when there are too many connections, the longest silent one gives way.
"""

import asyncio
import errno
import os
import resource
import socket
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kktsim.clock import Clock
from kktsim.ofd.hosts import spelled
from kktsim.ofd.server import OfdServer, Reply
from kktsim.ofd.tcp_stream import TcpStream
from kktsim.ports.line import PortError
from kktsim.ports.parse import TcpAddress

READ_BYTES = 16_384
"""Of one connection, before it is another's turn."""
BACKLOG = 4096
PAUSE_SECONDS = 1.0
"""Of a server that has no file left for a connection."""
_OTHER_FILES = 64
"""Files that a process has open beside its connections."""
_REMEDIES = {
    errno.EADDRINUSE: "Stop the program that listens there, or use port 0 for any free one",
    errno.EACCES: "Choose a port above 1023",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What clients may take (guesses).

    ``connections``: at once; ``waiting_bytes``: of answers that a client does not read; ``owed_replies``: how many the
    operator takes its time over; ``quiet_seconds``: how long a connection may be silent, longer than a till waits for
    an answer, so that it is the till who loses patience.
    """

    connections: int = 4096
    waiting_bytes: int = 65_536
    owed_replies: int = 4096
    quiet_seconds: float = 900.0


class Onlooker(Protocol):
    """Sees what passes over one connection."""

    def heard(self, data: bytes) -> None:
        """Bytes came from the till."""

    def said(self, data: bytes) -> None:
        """Bytes go to the till."""

    def ended(self, *, by_operator: bool) -> None:
        """The connection is no more. ``by_operator``: it hung up, not the till."""


Watching = Callable[[str], Sequence[Onlooker]]
"""Who looks on at the connection with a till, whose ``HOST:PORT`` is the argument."""


def _nobody(peer: str) -> Sequence[Onlooker]:
    return ()


class TcpServer:
    """One operator at one address. ``complain`` is told, a sentence each, what a person should know."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        operator: OfdServer,
        clock: Clock,
        address: TcpAddress,
        limits: Limits,
        complain: Callable[[str], None],
        watching: Watching = _nobody,
    ) -> None:
        self.loop = loop
        self.operator = operator
        self.limits = limits
        self.complain = complain
        self.watching = watching
        self._clock = clock
        self._address = address
        self._listener: socket.socket | None = None
        self._heard: dict[_Connection, float] = {}
        """When each connection was heard last, the longest silent one first."""
        self._timer: asyncio.TimerHandle | None = None
        self._is_full = False
        self._pause: asyncio.TimerHandle | None = None
        """Nobody is let in for a while."""

    @property
    def name(self) -> str:
        """``HOST:PORT``; once it is started, with the number that the system has chosen for port 0."""
        return spelled(self._address.host, self._address.port)

    @property
    def connections(self) -> int:
        """How many there are."""
        return len(self._heard)

    @property
    def world(self) -> float:
        """World time in seconds."""
        return self._clock.world(self._clock.now())

    def start(self) -> None:
        """Listen; raises `PortError`."""
        host, port = self._address.host, self._address.port
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
        except OSError as error:
            code = error.errno or 0
            remedy = _REMEDIES.get(code, "Use an address of this machine")
            raise PortError(f"Cannot listen on {self.name}: {os.strerror(code)}", remedy) from error
        listener.setblocking(False)
        # Connections inherit it: an answer must not wait for the acknowledgement of the one before.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._listener = listener
        self._address = TcpAddress(host, listener.getsockname()[1])
        self._let_in()

    def close(self) -> None:
        """Stop listening and hang up; a second call does nothing."""
        if self._listener is not None:
            self._shut_out()
            self._listener.close()
            self._listener = None
        for connection in list(self._heard):
            connection.cut()

    def _let_in(self) -> None:
        self._pause = None
        if self._listener is not None:
            self.loop.add_reader(self._listener.fileno(), self._accept, self._listener)

    def _shut_out(self) -> None:
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        elif self._listener is not None:
            self.loop.remove_reader(self._listener.fileno())

    def _accept(self, listener: socket.socket) -> None:
        """Let one client in; who else waits comes with the next turn of the loop, between those who speak."""
        try:
            connection, place = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:
            self.complain(f"{self.name}: nobody can be let in for {PAUSE_SECONDS:.0f} s: {error.strerror}")
            self._shut_out()
            self._pause = self.loop.call_later(PAUSE_SECONDS, self._let_in)
            return
        connection.setblocking(False)
        if len(self._heard) >= self.limits.connections:
            self._make_room()
        _Connection(self, connection, spelled(*place[:2]))

    def _make_room(self) -> None:
        if not self._is_full:
            self._is_full = True
            self.complain(f"{self.name}: {len(self._heard)} connections at once, the longest silent ones are cut")
        next(iter(self._heard)).cut()

    # ---- what connections tell

    def heard(self, connection: "_Connection") -> None:
        """A client has called, or said something."""
        self._heard.pop(connection, None)
        self._heard[connection] = self.loop.time()
        if self._timer is None:
            self._timer = self.loop.call_later(self.limits.quiet_seconds, self._end_silence)

    def went(self, connection: "_Connection") -> None:
        """A connection is no more."""
        del self._heard[connection]
        if not self._heard:
            self._is_full = False
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _end_silence(self) -> None:
        """Cut the connections that were silent for too long; one that still gets its answer may be."""
        now = self.loop.time()
        for connection, heard in list(self._heard.items()):
            if heard + self.limits.quiet_seconds > now:
                break
            if connection.owes:
                del self._heard[connection]
                self._heard[connection] = now
            else:
                connection.cut()
        if self._heard:
            first = next(iter(self._heard.values()))
            self._timer = self.loop.call_at(first + self.limits.quiet_seconds, self._end_silence)


class _Connection:
    """One connection."""

    __slots__ = ("_hangs_up", "_is_heard_out", "_line", "_onlookers", "_owed", "_peer", "_server", "_stream", "_timer")

    def __init__(self, server: TcpServer, connection: socket.socket, peer: str) -> None:
        """``peer``: the till's ``HOST:PORT``."""
        self._server = server
        self._peer = peer
        self._owed: deque[tuple[float, Reply]] = deque()
        """What goes out later, and when by the loop's time."""
        self._timer: asyncio.TimerHandle | None = None
        self._hangs_up = False
        """The operator has said its last words."""
        self._is_heard_out = False
        """The till has: what is owed is paid, and then the connection ends."""
        self._line = server.operator.connect()
        self._onlookers = server.watching(peer)
        self._stream = TcpStream(server.loop, connection, self._hear, self._hung_up, READ_BYTES, self._heard_out)
        server.heard(self)
        self._do(self._line.opened(server.world))

    @property
    def owes(self) -> bool:
        """Whether an answer is still to go out."""
        return bool(self._owed)

    def cut(self) -> None:
        """Hang up at once."""
        self._stream.close()
        self._end(by_operator=True)

    def _hear(self, data: bytes) -> None:
        self._server.heard(self)
        for onlooker in self._onlookers:
            onlooker.heard(data)
        try:
            replies = self._line.receive(data, self._server.world)
        except BaseException:  # a bug of ours, which the loop tells of
            self.cut()
            raise
        self._do(replies)

    def _heard_out(self) -> None:
        self._is_heard_out = True
        if not self._owed:
            self._stream.finish()

    def _hung_up(self) -> None:
        self._end(by_operator=self._hangs_up)

    def _end(self, *, by_operator: bool) -> None:
        self._owed.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._server.went(self)
        for onlooker in self._onlookers:
            onlooker.ended(by_operator=by_operator)

    def _do(self, replies: Sequence[Reply]) -> None:
        if not replies:
            return
        now = self._server.loop.time()
        self._owed.extend((now + reply.after, reply) for reply in replies)
        if len(self._owed) > self._server.limits.owed_replies:
            self._server.complain(f"{self._peer} asks on and on before it is answered, it is hung up on")
            self.cut()
        elif self._timer is None:
            self._pay(now)

    def _pay(self, now: float) -> None:
        """Send what is due."""
        while self._owed and self._owed[0][0] <= now:
            _, reply = self._owed.popleft()
            if reply.data:
                self._say(reply.data)
            if reply.closes:
                self._owed.clear()
                self._hangs_up = True
                self._stream.finish()
        if self._owed:
            self._timer = self._server.loop.call_at(self._owed[0][0], self._pay_on)
        elif self._is_heard_out:
            self._stream.finish()

    def _pay_on(self) -> None:
        self._timer = None
        self._pay(self._server.loop.time())

    def _say(self, data: bytes) -> None:
        """Send bytes, and hang up on a client that reads nothing."""
        for onlooker in self._onlookers:
            onlooker.said(data)
        self._stream.send(data)
        if self._stream.unsent > self._server.limits.waiting_bytes:
            self._server.complain(f"{self._peer} reads no answers, it is hung up on")
            self.cut()


def allowed_connections(wanted: int) -> int:
    """How many connections this process may hold, after it has asked the system for as many files as that takes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = wanted + _OTHER_FILES
    if soft == resource.RLIM_INFINITY or soft >= files:
        return wanted
    soft = files if hard == resource.RLIM_INFINITY else min(files, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(soft - _OTHER_FILES, 1)
