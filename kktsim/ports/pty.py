"""A till on a pseudo-terminal, which a driver opens as it would open a serial port.

The master is read and written directly. What the kernel does not take (about 20 kB unread each way) waits for it, and
until it is gone nothing more is read: the driver that does not read is the one that waits. The slave is held open here
too, or the master would report EIO between two clients.

A terminal has no connections; inotify tells who opens and closes it. While it is closed, what the till sends is lost,
as it is on a serial wire. When the last client has closed, its unread answers are thrown away.
"""

import asyncio
import fcntl
import os
import termios
import tty
from collections.abc import Sequence

from kktsim.ports.deadline import DeadlineTimer
from kktsim.ports.inotify import Seen, TerminalWatcher
from kktsim.ports.line import Line, PortError
from kktsim.ports.parse import PtyAddress
from kktsim.ports.pty_link import PtyLink

_Attributes = list[int | list[bytes | int]]  # of termios

_READ_BYTES = 4096  # what the kernel keeps for a reader in one piece


class PtyPort:
    """One pseudo-terminal behind one link, and the line that it feeds."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, line: Line, address: PtyAddress, watcher: TerminalWatcher
    ) -> None:
        """All terminals of a loop share one watcher. Raises PortError when the link has no place."""
        self._loop = loop
        self._line = line
        self._link = PtyLink(address)
        self._timer = DeadlineTimer(loop, line, self._send)
        self._watcher = watcher
        # Looked up once, for they are called at every read.
        self._news, self._receive, self._rearm = watcher.news, line.receive, self._timer.rearm
        self._watch: int | None = None
        self._master = -1
        self._slave = -1
        self._clients = 0
        self._unwritten = memoryview(b"")
        self._in_hand = b""  # read, but whose it is must be learnt first
        self._is_dropping = False
        self._raw: _Attributes = []

    @property
    def name(self) -> str:
        """The path of the link."""
        return str(self._link.path)

    def start(self) -> None:
        """Make the terminal and its link."""
        try:
            self._master, self._slave = os.openpty()
        except OSError as error:
            raise PortError(f"No pseudo-terminal: {error.strerror}", "Raise kernel.pty.max or close some") from error
        try:
            os.set_blocking(self._master, False)
            tty.setraw(self._slave)  # both sides: they share one set of attributes
            self._raw = termios.tcgetattr(self._slave)
            device = os.ttyname(self._slave)
            self._watch = self._watcher.watch(device, self._clients_changed)
            self._link.claim(device)
        except BaseException:
            self.close()
            raise
        self._loop.add_reader(self._master, self._readable)
        self._timer.rearm()

    def announce(self, ports: Sequence[str], control: str | None) -> None:
        """Write into the record beside the link which ports the bench has and where it is controlled."""
        self._link.announce(ports, control)

    def wake(self) -> None:
        """The line's deadline may have changed by other hands: do what is due, set the timer anew."""
        self._timer.wake()

    def close(self) -> None:
        """Hang up and remove the link; a second call does nothing."""
        self._timer.cancel()
        self._link.release()
        if self._watch is not None:
            self._watcher.forget(self._watch)
            self._watch = None
        if self._master >= 0:
            self._loop.remove_reader(self._master)
            self._loop.remove_writer(self._master)
            os.close(self._master)
            os.close(self._slave)
            self._master = self._slave = -1

    def _readable(self) -> None:
        try:
            data = os.read(self._master, _READ_BYTES)
        except BlockingIOError:
            return
        if self._news(0):
            # epoll keeps no order between the terminal and inotify; the writer may have closed, or be the next client.
            self._in_hand = data
            self._watcher.tell()
            data, self._in_hand = self._in_hand, b""
            if not data:
                return
        self._answer(data)
        self._rearm()

    def _answer(self, data: bytes) -> None:
        if not self._clients:
            self._clients = 1  # two that opened at the very same moment were counted as one
        answer = self._receive(data)
        if answer:
            self._write(answer)

    def _send(self, data: bytes) -> None:
        """Write what the till sends of itself; while nobody has the port open, nobody hears it."""
        if self._clients:
            self._write(data)

    def _write(self, data: bytes) -> None:
        if self._unwritten:
            self._unwritten = memoryview(bytes(self._unwritten) + data)
            return
        try:
            written = os.write(self._master, data)
        except BlockingIOError:
            written = 0
        if written < len(data):
            self._unwritten = memoryview(data)[written:]
            self._loop.remove_reader(self._master)
            self._loop.add_writer(self._master, self._writable)

    def _writable(self) -> None:
        try:
            written = os.write(self._master, self._unwritten)
        except BlockingIOError:
            return
        self._unwritten = self._unwritten[written:]
        if not self._unwritten:
            self._resume_reading()

    def _resume_reading(self) -> None:
        self._loop.remove_writer(self._master)
        self._loop.add_reader(self._master, self._readable)

    def _clients_changed(self, batch: Sequence[Seen]) -> None:
        was_closed = False
        for seen in batch:
            if seen is Seen.OPENED:
                self._clients += 1
            elif seen is Seen.CLOSED:
                self._clients = max(self._clients - 1, 0)
                was_closed |= not self._clients
            else:
                self._clients = 1  # unknown; to be heard by nobody is better than not to be heard
                was_closed = True
        if was_closed and not self._is_dropping:
            self._drop()

    def _drop(self) -> None:
        """The port was closed; somebody may have opened it again since, and even have written."""
        self._is_dropping = True
        of_the_next = b""
        if not self._clients:
            # A client's TIOCEXCL and attributes outlive it because the slave stays open here.
            fcntl.ioctl(self._slave, termios.TIOCNXCL)
            termios.tcsetattr(self._slave, termios.TCSANOW, self._raw)
            of_the_next = self._finish_reading()
        if self._unwritten:
            self._unwritten = memoryview(b"")
            self._resume_reading()
        termios.tcflush(self._slave, termios.TCIFLUSH)
        self._line.dropped()
        self._is_dropping = False
        if of_the_next:
            self._answer(of_the_next)
        self._rearm()

    def _finish_reading(self) -> bytes:
        """What a client wrote before it closed has reached the till; what the till answers reaches nobody.

        Returns what is the next client's, if that has opened the port meanwhile.
        """
        data, self._in_hand = self._in_hand, b""
        while True:
            if data:
                self._receive(data)
            try:
                data = os.read(self._master, _READ_BYTES)
            except BlockingIOError:
                return b""
            if self._news(0):
                self._watcher.tell()
                if self._clients:
                    return data
