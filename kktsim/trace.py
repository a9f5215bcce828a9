"""Traces: a dialogue in a file, one JSON object a line; `docs/trace-format.md` is the format.

The first line is the header, every other line an entry. Reading is lenient where a file may be the remains of a
killed process: a last line that is cut off is left out and told.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, NamedTuple, Protocol

from kktsim import __version__
from kktsim.decode.piece import Side, hexes

FORMAT = "kktsim-trace"
VERSION = 1
_NETWORK = re.compile(r"[^/\\]+:[0-9]+")
OFD_PREFIX = "ofd "
"""How the name of a connection to an OFD begins."""


class TraceError(ValueError):
    """The file is no trace, or an entry is none; the message names the line."""


@dataclass(frozen=True, slots=True)
class Header:
    """What was traced. ``at``: world time of the beginning, ISO.

    ``prepare``: application commands, in hex, that bring a till of this state to the beginning.
    """

    model: str = ""
    state: str = ""
    at: str = ""
    seed: int | None = None
    ports: tuple[str, ...] = ()
    kktsim: str = __version__
    title: str = ""
    prepare: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: bytes of a side, or what must be so there, or what somebody beside the line does.

    Seconds since the start; ``needs``: pattern of what the host needs of the till's answer; ``id``: of the v3 frame it
    answers; ``wire``: what a faulty wire does to it; ``other`` and ``hands``: commands of another host, and the
    operator's hand, at this moment; ``connection``: what became of a connection to an OFD.
    """

    t: float = 0.0
    port: str = ""
    side: Side | None = None
    data: bytes = b""
    needs: str | None = None
    busy: str = ""
    id: int | None = None
    wire: str = ""
    pause: float = 0.0
    silence: float = 0.0
    other: tuple[str, ...] = ()
    hands: str = ""
    connection: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """A whole file. ``cut``: the last line was not whole."""

    header: Header
    entries: tuple[Entry, ...] = field(default=())
    cut: bool = False

    def port(self, name: str) -> "Trace":
        """What went over one port."""
        return Trace(self.header, tuple(entry for entry in self.entries if entry.port in ("", name)), self.cut)

    def ports(self) -> list[str]:
        """Ports that were spoken on, in the order of their first word; connections to an OFD are ports too."""
        return list(dict.fromkeys(entry.port for entry in self.entries if entry.side is not None or entry.connection))

    def without_ofd(self) -> "Trace":
        """The same without connections to an OFD."""
        return Trace(self.header, tuple(entry for entry in self.entries if not is_ofd(entry.port)), self.cut)


def is_trace(text: str) -> bool:
    """Whether a text begins as a trace does."""
    return text.lstrip().startswith("{") and f'"{FORMAT}"' in text.lstrip().partition("\n")[0]


def is_network(port: str) -> bool:
    """Whether a till's port is TCP, by its name ``host:port``; what has a path or a scheme is serial."""
    return _NETWORK.fullmatch(port) is not None


def is_ofd(port: str) -> bool:
    """Whether a port is a connection to an OFD, by its name ``ofd HOST:PORT #N``."""
    return port.startswith(OFD_PREFIX)


def read(text: str) -> Trace:
    """The trace in a file's text; raises `TraceError`."""
    rows = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not rows:
        raise TraceError("the file is empty")
    header = _header(_parsed(*rows[0]))
    entries: list[Entry] = []
    for number, line in rows[1:]:
        try:
            entries.append(_entry(number, _parsed(number, line)))
        except TraceError:
            if number == rows[-1][0] and not text.endswith("\n"):
                return Trace(header, tuple(entries), cut=True)
            raise
    return Trace(header, tuple(entries))


def _parsed(number: int, line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise TraceError(f"line {number} is no JSON: {error}") from None
    if not isinstance(row, dict):
        raise TraceError(f"line {number} is no JSON object")
    return row


def _header(row: Mapping[str, Any]) -> Header:
    if row.get("format") != FORMAT:
        raise TraceError(f'line 1 is no header of a trace: "format" must be "{FORMAT}"')
    if row.get("version") != VERSION:
        raise TraceError(f'line 1: "version" is {row.get("version")!r}, this program reads {VERSION}')
    unknown = row.keys() - _HEADER_KEYS.keys()
    if unknown:
        raise TraceError(f"line 1: {', '.join(sorted(unknown))}: no such key of a header")
    _check(1, row, _HEADER_KEYS)
    return Header(
        model=row.get("model", ""),
        state=row.get("state", ""),
        at=row.get("at", ""),
        seed=row.get("seed"),
        ports=tuple(row.get("ports", ())),
        kktsim=row.get("kktsim", ""),
        title=row.get("title", ""),
        prepare=tuple(row.get("prepare", ())),
    )


class _Kind(NamedTuple):
    """What the value of a key must be, as a test and in words."""

    is_met: Callable[[Any], bool]
    words: str


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return isfinite(value)
    except OverflowError:
        return False


def _is_hex(value: Any) -> bool:
    try:
        return isinstance(value, str) and bytes.fromhex(value) is not None
    except ValueError:
        return False


def _is_command(value: Any) -> bool:
    return _is_hex(value) and value.strip() != ""


_TEXT = _Kind(lambda value: isinstance(value, str), "a text")
_TEXTS = _Kind(lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value), "a list of texts")
_COMMANDS = _Kind(lambda value: isinstance(value, list) and all(map(_is_command, value)), "a list of commands in hex")
_NUMBER = _Kind(_is_number, "a number")
_SEED = _Kind(lambda value: value is None or type(value) is int, "a whole number or null")
_NEED = _Kind(lambda value: value is None or isinstance(value, str), "a text or null")
_ID = _Kind(
    lambda value: isinstance(value, str) and re.fullmatch("[0-9A-Fa-f]{2}", value) is not None, "two hexadecimal digits"
)
_SIDE = _Kind(lambda value: value in tuple(Side), " or ".join(f'"{side}"' for side in Side))
_HEX = _Kind(_is_hex, "bytes in hexadecimal")
_ANY = _Kind(lambda value: True, "")

_HEADER_KEYS = dict.fromkeys(("kktsim", "model", "state", "at", "title"), _TEXT) | {
    "format": _ANY,
    "version": _ANY,
    "seed": _SEED,
    "ports": _TEXTS,
    "prepare": _COMMANDS,
    "note": _ANY,
}
_KEYS = (
    dict.fromkeys(("port", "busy", "wire", "hands", "connection"), _TEXT)
    | dict.fromkeys(("t", "pause", "silence"), _NUMBER)
    | {"dir": _SIDE, "hex": _HEX, "needs": _NEED, "id": _ID, "other": _COMMANDS, "note": _ANY}
)


def _check(number: int, row: Mapping[str, Any], kinds: Mapping[str, _Kind]) -> None:
    for key, value in row.items():
        if not kinds[key].is_met(value):
            raise TraceError(f'line {number}: "{key}" is {json.dumps(value)[:40]}, it must be {kinds[key].words}')


def _entry(number: int, row: Mapping[str, Any]) -> Entry:
    unknown = row.keys() - _KEYS.keys()
    if unknown:
        raise TraceError(f"line {number}: {', '.join(sorted(unknown))}: no such key")
    _check(number, row, _KEYS)
    _check_ofd(number, row)
    return Entry(
        t=float(row.get("t", 0.0)),
        port=row.get("port", ""),
        side=Side(row["dir"]) if "dir" in row else None,
        data=bytes.fromhex(row.get("hex", "")),
        needs=row.get("needs"),
        busy=row.get("busy", ""),
        id=int(row["id"], 16) if "id" in row else None,
        wire=row.get("wire", ""),
        pause=float(row.get("pause", 0.0)),
        silence=float(row.get("silence", 0.0)),
        other=tuple(row.get("other", ())),
        hands=row.get("hands", ""),
        connection=row.get("connection", ""),
    )


def _check_ofd(number: int, row: Mapping[str, Any]) -> None:
    """On a connection to an OFD the till and the OFD speak, elsewhere the host and the till."""
    is_there = is_ofd(row.get("port", ""))
    if is_there and row.get("dir") == Side.HOST:
        raise TraceError(f'line {number}: on {row["port"]} the "till" and the "ofd" speak, no "host"')
    if not is_there and (row.get("dir") == Side.OFD or "connection" in row):
        raise TraceError(f'line {number}: the "port" of a connection to an OFD is called "{OFD_PREFIX}HOST:PORT #N"')


def header_line(header: Header) -> str:
    """The first line of a file."""
    row = {
        "format": FORMAT,
        "version": VERSION,
        "kktsim": header.kktsim,
        "model": header.model,
        "state": header.state,
        "at": header.at,
        "seed": header.seed,
        "ports": list(header.ports),
    }
    return json.dumps(row, ensure_ascii=False)


def bytes_line(t: float, port: str, side: Side, data: bytes) -> str:
    """An entry of bytes as they passed."""
    row = {"t": round(t, 6), "port": port, "dir": side.value, "hex": hexes(data)}
    return json.dumps(row, ensure_ascii=False)


class Out(Protocol):
    """Where lines go: an open file."""

    def write(self, text: str, /) -> object:
        """Take a text."""

    def flush(self) -> None:
        """Let it out."""


class Recorder:
    """Writes what passes over one port, a line at a time and flushed, so that a killed process loses the last at most.

    A watcher of `kktsim.session`. ``now``: host time in seconds, told by the caller's clock.
    """

    def __init__(self, out: Out, port: str, now: Callable[[], float], started: float) -> None:
        self._out = out
        self._port = port
        self._now = now
        self._started = started

    def bytes_in(self, data: bytes) -> None:
        """Bytes came from the host."""
        self._write(Side.HOST, data)

    def bytes_out(self, data: bytes) -> None:
        """Bytes go to the host."""
        self._write(Side.TILL, data)

    def message(self, request: bytes, reply: bytes) -> None:
        """What was executed is in the bytes already."""

    def junk(self, data: bytes) -> None:
        """So are bytes that mean nothing."""

    def not_understood(self, data: bytes) -> None:
        """So are these."""

    def bug(self, request: bytes, error: Exception) -> None:
        """Somebody else tells of it."""

    def _write(self, side: Side, data: bytes) -> None:
        self._out.write(bytes_line(self._now() - self._started, self._port, side, data) + "\n")
        self._out.flush()


def write_header(out: Out, header: Header) -> None:
    """Begin a file."""
    out.write(header_line(header) + "\n")
    out.flush()
