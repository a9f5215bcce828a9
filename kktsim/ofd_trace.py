"""Who writes the exchange with an OFD into a trace; `docs/trace-format.md` is the format.

Each connection is a port of its own, by its name ``ofd HOST:PORT #N``.
"""

import json
from collections.abc import Callable

from kktsim.decode.piece import Side
from kktsim.ofd.events import Closed, Connected, Event, Failed, Received
from kktsim.trace import OFD_PREFIX, Out, bytes_line

OPENED = "opened"
CLOSED_BY_TILL, CLOSED_BY_OFD = "closed by till", "closed by ofd"
GIVEN_UP = "given up by till"
"""Nobody answered the call."""


def connection_name(host: str, port: int, number: int) -> str:
    """What a connection is called in a trace. ``number``: 1 for the first of the recording."""
    return f"{OFD_PREFIX}{host}:{port} #{number}"


def connection_line(t: float, name: str, what: str) -> str:
    """An entry of what became of a connection."""
    return json.dumps({"t": round(t, 6), "port": name, "connection": what}, ensure_ascii=False)


class ConnectionRecorder:
    """Writes what happens on one connection, a line at a time and flushed.

    ``now``: host time in seconds, told by the caller's clock.
    """

    __slots__ = ("_name", "_now", "_out", "_started")

    def __init__(self, out: Out, name: str, now: Callable[[], float], started: float) -> None:
        self._out = out
        self._name = name
        self._now = now
        self._started = started

    def became(self, what: str) -> None:
        """What became of the connection: one of the words above, or why there is none."""
        self._write(connection_line(self._now() - self._started, self._name, what))

    def said(self, side: Side, data: bytes) -> None:
        """Bytes of the till or of the operator."""
        self._write(bytes_line(self._now() - self._started, self._name, side, data))

    def _write(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()


class TillRecorder:
    """Writes a till's calls to its operator, each as a connection of its own. A watcher of `kktsim.ofd.network`."""

    __slots__ = ("_call", "_calls", "_is_open", "_now", "_out", "_started")

    def __init__(self, out: Out, now: Callable[[], float], started: float) -> None:
        self._out = out
        self._now = now
        self._started = started
        self._calls = 0
        self._call: ConnectionRecorder | None = None
        self._is_open = False

    def called(self, host: str, port: int) -> None:
        """The till calls."""
        self._calls += 1
        name = connection_name(host, port, self._calls)
        self._call, self._is_open = ConnectionRecorder(self._out, name, self._now, self._started), False

    def said(self, data: bytes) -> None:
        """Bytes to the operator."""
        if self._call is not None:
            self._call.said(Side.TILL, data)

    def heard(self, event: Event) -> None:
        """What came of the call."""
        match event:
            case Received(data) if self._call is not None:
                self._call.said(Side.OFD, data)
            case Connected() if self._call is not None:
                self._is_open = True
                self._call.became(OPENED)
            case Closed():
                self._end(CLOSED_BY_OFD)
            case Failed(trouble):
                self._end(trouble.name.lower().replace("_", " "))

    def hung_up(self) -> None:
        """The till ends the call, if there is one."""
        self._end(CLOSED_BY_TILL if self._is_open else GIVEN_UP)

    def _end(self, what: str) -> None:
        call, self._call = self._call, None
        if call is not None:
            call.became(what)
