"""Who opens and closes a pseudo-terminal: Linux tells it through inotify(7), and nothing else does.

Two identical events in a row are merged by the kernel until they are read, so two clients that open a terminal look
like one. The directory of the terminals is watched as well for this reason alone: its events come in between, and no
two events of a terminal are ever neighbours.
"""

import asyncio
import contextlib
import ctypes
import enum
import os
import select
import struct
from collections import deque
from collections.abc import Callable, Sequence

from kktsim.ports.line import PortError

IN_CLOSE = 0x18
IN_OPEN = 0x20
IN_Q_OVERFLOW = 0x4000

_EVENT = struct.Struct("iIII")  # watch, mask, cookie, length of the name that follows
_ROOM = 65536


class Seen(enum.Enum):
    """What happened to a watched terminal."""

    OPENED = enum.auto()
    CLOSED = enum.auto()
    #: The kernel had no room for more events: any number of both may be missing.
    LOST = enum.auto()


Observer = Callable[[Sequence[Seen]], None]


class TerminalWatcher:
    """One inotify instance for any number of terminals; a user may have 128 instances and thousands of terminals."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._observers: dict[int, Observer] = {}
        self._untold: deque[tuple[int, list[Seen]]] = deque()
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._fd < 0:
            raise _refused("inotify cannot be started")
        self._epoll = select.epoll()
        self._epoll.register(self._fd, select.EPOLLIN)
        #: Something has happened that the observers have not been told, if the result is not empty. Ports ask it at
        #: every read, so it is the bare system call: 0.4 microseconds. Called with a timeout of 0.
        self.news: Callable[[int], Sequence[object]] = self._epoll.poll
        loop.add_reader(self._fd, self.tell)

    def watch(self, path: str, observer: Observer) -> int:
        """Tell ``observer`` what happens to the terminal, in batches and in order; returns the number of the watch."""
        self._add(os.path.dirname(path))
        watch = self._add(path)
        self._observers[watch] = observer
        return watch

    def forget(self, watch: int) -> None:
        """End a watch; events that are already under way are not told any more."""
        if self._observers.pop(watch, None) is not None:
            self._libc.inotify_rm_watch(self._fd, watch)

    def close(self) -> None:
        """End all watches; a second call does nothing."""
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            self._epoll.close()
            os.close(self._fd)
            self._fd = -1
            self._observers.clear()

    def tell(self) -> None:
        """Tell the observers what has happened until now. An observer may ask for it again, to hear what came since."""
        with contextlib.suppress(BlockingIOError):
            self._sort(os.read(self._fd, _ROOM))
        while self._untold:
            watch, batch = self._untold.popleft()
            observer = self._observers.get(watch)
            if observer is not None:
                observer(batch)

    def _sort(self, events: bytes) -> None:
        """One batch for each watch that the events are about."""
        batches: dict[int, list[Seen]] = {}
        at = 0
        while at < len(events):
            watch, mask, _, length = _EVENT.unpack_from(events, at)
            at += _EVENT.size + length
            if mask & IN_Q_OVERFLOW:
                for other in self._observers:
                    batches.setdefault(other, []).append(Seen.LOST)
            elif mask & (IN_OPEN | IN_CLOSE):
                batches.setdefault(watch, []).append(Seen.OPENED if mask & IN_OPEN else Seen.CLOSED)
        self._untold.extend(batches.items())

    def _add(self, path: str) -> int:
        watch: int = self._libc.inotify_add_watch(self._fd, os.fsencode(path), IN_OPEN | IN_CLOSE)
        if watch < 0:
            raise _refused(f"{path} cannot be watched")
        return watch


def _refused(what: str) -> PortError:
    reason = os.strerror(ctypes.get_errno())
    return PortError(f"{what}: {reason}", "Raise fs.inotify.max_user_instances and fs.inotify.max_user_watches")
