"""Cuts a telnet stream into data and commands; any split of the stream gives the same pieces.

Sources: RFC 854 (IAC and its commands, a doubled IAC is a byte FFh of data), RFC 855 (subnegotiation).
"""

import re
from collections.abc import Iterator
from enum import Enum

IAC, SB, SE = b"\xff", b"\xfa", b"\xf0"
LONGEST_SUBNEGOTIATION = 256
"""Bytes of parameters. What is longer has lost its end and is forgotten: it must not swallow the data for ever."""

_PARAMETERS = rb"(?:[^\xff]|\xff\xff){0,%d}" % LONGEST_SUBNEGOTIATION
_PIECES = re.compile(
    rb"(?P<data>[^\xff]+)"
    rb"|\xff(?P<doubled>\xff)"
    rb"|(?P<option>\xff[\xfb-\xfe].)"
    rb"|\xff\xfa(?P<subnegotiation>" + _PARAMETERS + rb")\xff\xf0"
    rb"|(?P<unfinished>\xff(?:[\xfb-\xfe]|\xfa" + _PARAMETERS + rb"\xff?)?\Z)"
    rb"|(?P<endless>\xff\xfa" + _PARAMETERS + rb")"
    rb"|(?P<other>\xff.)",
    re.DOTALL,
)


class Piece(Enum):
    """What a piece of the stream is."""

    DATA = "data"
    OPTION = "option"
    """IAC, one of WILL WONT DO DONT, the option: three bytes as they came."""
    SUBNEGOTIATION = "subnegotiation"
    """What stands between IAC SB and IAC SE, not doubled any more: the option and its parameters."""


class TelnetDecoder:
    """The receiving end of one connection."""

    __slots__ = ("_unfinished",)

    def __init__(self) -> None:
        self._unfinished = b""

    def feed(self, data: bytes) -> Iterator[tuple[Piece, bytes]]:
        """What is complete now, in order; other commands (NOP, GA, a stray SE ...) mean nothing to a COM port."""
        stream, self._unfinished = self._unfinished + data, b""
        run = b""
        for match in _PIECES.finditer(stream):
            kind, piece = match.lastgroup, match[match.lastgroup or 0]
            if kind in ("data", "doubled"):
                run += piece
                continue
            if run:
                yield Piece.DATA, run
                run = b""
            if kind == "option":
                yield Piece.OPTION, piece
            elif kind == "subnegotiation":
                yield Piece.SUBNEGOTIATION, piece.replace(IAC + IAC, IAC)
            elif kind == "unfinished":
                self._unfinished = piece
        if run:
            yield Piece.DATA, run


def escape(data: bytes) -> bytes:
    """Data as it goes into the stream."""
    return data.replace(IAC, IAC + IAC)


def subnegotiation(parameters: bytes) -> bytes:
    """An option and its parameters as they go into the stream."""
    return IAC + SB + escape(parameters) + IAC + SE
