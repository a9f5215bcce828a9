"""One TCP connection on the running loop, never waiting: the till's end of it or the operator's.

Sockets as they are, not asyncio's transports, which take twice the time over a connection that carries two messages.
"""

import asyncio
import socket
from collections.abc import Callable


class TcpStream:
    """A connection that stands. ``heard`` is called with bytes of the peer; ``ended`` once, when it is no more.

    Both may close it. It is not heard of again after `close`. ``spoken`` is called when the peer says no more, but may
    still read; without it the connection ends then.
    """

    __slots__ = (
        *("_connection", "_ended", "_finishes", "_heard", "_loop", "_number", "_read_bytes", "_reads", "_spoken"),
        "_unsent",
    )

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        connection: socket.socket,
        heard: Callable[[bytes], None],
        ended: Callable[[], None],
        read_bytes: int,
        spoken: Callable[[], None] | None = None,
    ) -> None:
        """``connection``: does not block; ``read_bytes``: at most so many are heard at once."""
        self._loop = loop
        self._connection = connection
        self._number = connection.fileno()  # the loop is slow with sockets that it does not know
        self._heard = heard
        self._ended = ended
        self._read_bytes = read_bytes
        self._spoken = spoken
        self._reads = False
        self._finishes = False
        self._unsent = b""
        self.listen()

    @property
    def unsent(self) -> int:
        """How many bytes the peer has not made room for."""
        return len(self._unsent)

    def listen(self) -> None:
        """Hear the peer, from the beginning and after `pause`."""
        if not (self._reads or self._finishes):
            self._reads = True
            self._loop.add_reader(self._number, self._read)

    def pause(self) -> None:
        """Leave to the system what the peer sends, also that it hangs up."""
        if self._reads:
            self._reads = False
            self._loop.remove_reader(self._number)

    def send(self, data: bytes) -> None:
        """Bytes to the peer; they are lost when it has hung up."""
        if self._unsent:
            self._unsent += data
            return
        self._unsent = data
        self._write()
        if self._unsent:
            self._loop.add_writer(self._number, self._write_on)

    def finish(self) -> None:
        """Hang up as soon as everything is sent."""
        if self._number < 0:
            return
        self.pause()
        self._finishes = True
        if not self._unsent:
            self._end()

    def close(self) -> None:
        """Hang up at once; a second call does nothing."""
        if self._number < 0:
            return
        self.pause()
        self._forget_unsent()
        self._finishes, self._number = True, -1
        self._connection.close()

    def _read(self) -> None:
        try:
            data = self._connection.recv(self._read_bytes)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._end()
            return
        if data:
            self._heard(data)
        elif self._spoken is None:
            self._end()
        else:
            self.pause()
            self._spoken()

    def _write(self) -> None:
        """Send what the system takes; an error is left to who reads, behind what has come before it."""
        try:
            self._unsent = self._unsent[self._connection.send(self._unsent) :]
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._unsent = b""

    def _write_on(self) -> None:
        self._write()
        if not self._unsent:
            self._loop.remove_writer(self._number)
            if self._finishes:
                self._end()

    def _forget_unsent(self) -> None:
        if self._unsent:
            self._unsent = b""
            self._loop.remove_writer(self._number)

    def _end(self) -> None:
        self.close()
        self._ended()
