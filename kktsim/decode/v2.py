"""Lower level v2 for people: control bytes, and frames ``STX data ETX check`` between them.

Source: ATOL protocol 3.1, lower level v2.
"""

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import xor
from typing import NamedTuple

from kktsim.decode import app
from kktsim.decode.piece import Piece, Side
from kktsim.decode.values import fields
from protocol.atol.command import COMMANDS, PASSWORD_BYTES
from protocol.atol.link_v2_frame import Control

MEANINGS: Mapping[int, str] = {
    Control.ENQ: "ENQ «запрос связи»",
    Control.ACK: "ACK «подтверждение»",
    Control.NAK: "NAK «отрицание»",
    Control.EOT: "EOT «конец передачи»",
}
_FRAME = -1
_CYCLE: tuple[tuple[int, Side], ...] = (
    (Control.ENQ, Side.HOST),
    (Control.ACK, Side.TILL),
    (_FRAME, Side.HOST),
    (Control.ACK, Side.TILL),
    (Control.EOT, Side.HOST),
    (Control.ENQ, Side.TILL),
    (Control.ACK, Side.HOST),
    (_FRAME, Side.TILL),
    (Control.ACK, Side.HOST),
    (Control.EOT, Side.TILL),
)
"""One exchange in order; both ends send the same control bytes."""


class Raw(NamedTuple):
    """Bytes cut out of a stream: a control byte, a frame with its data, or junk. ``note``: inserted DLEs.

    ``damaged``: what a whole frame with a wrong check byte seems to say.
    """

    raw: bytes
    control: int | None = None
    data: bytes | None = None
    trouble: str = ""
    note: str = ""
    damaged: bytes = b""

    @property
    def is_frame(self) -> bool:
        """Whether STX begins it."""
        return self.raw[0] == Control.STX


class Splitter:
    """Cuts one side's stream into control bytes, frames and junk."""

    def __init__(self) -> None:
        self._buffer = b""

    @property
    def is_idle(self) -> bool:
        """Whether no frame has begun."""
        return not self._buffer

    @property
    def unread(self) -> bytes:
        """A frame that has begun."""
        return self._buffer

    def feed(self, data: bytes) -> Iterator[Raw]:
        """What is complete now."""
        self._buffer += data
        while self._buffer:
            first = self._buffer[0]
            if first == Control.STX:
                read = _read(self._buffer)
                if read is None:
                    return
            elif first in MEANINGS:
                read = Raw(self._buffer[:1], control=first)
            else:
                read = _junk(self._buffer)
            self._buffer = self._buffer[len(read.raw) :]
            yield read

    def finish(self) -> Iterator[Raw]:
        """A frame that was begun and will not be completed."""
        left, self._buffer = self._buffer, b""
        if left:
            yield Raw(left, trouble=f"byte {len(left)}: the stream ends before ETX and the check byte")


def _read(data: bytes) -> Raw | None:
    """The frame that begins with the first byte; None when more must come."""
    body = bytearray()
    inserted = 0
    position = 1
    while position < len(data):
        byte = data[position]
        if byte == Control.ETX:
            break
        if byte == Control.DLE:
            position += 1
            inserted += 1
            if position == len(data):
                return None
            byte = data[position]
        body.append(byte)
        position += 1
    if position + 1 >= len(data):
        return None
    raw = data[: position + 2]
    check = reduce(xor, raw[1:-1])
    note = f"{inserted}" if inserted else ""
    if check != raw[-1]:
        trouble = f"byte {position + 1}: the check byte is {raw[-1]:02X}, it should be {check:02X}"
        return Raw(raw, trouble=trouble, note=note, damaged=bytes(body))
    return Raw(raw, data=bytes(body), note=note)


def _junk(data: bytes) -> Raw:
    end = next((at for at, byte in enumerate(data) if byte in MEANINGS or byte == Control.STX), len(data))
    return Raw(data[:end], trouble=f"byte 0: {end} bytes that begin nothing of lower level v2")


def side_of_frame(data: bytes) -> Side:
    """Who must have sent a frame: a request has a password of digits before a command, an answer has not."""
    if len(data) > PASSWORD_BYTES and data[0] != 0x55 and data[:PASSWORD_BYTES].hex().isdecimal():
        return Side.HOST if data[PASSWORD_BYTES] in COMMANDS else Side.TILL
    return Side.TILL


class Order:
    """Tells who sent what, by its place in the exchange, when nobody has told."""

    def __init__(self) -> None:
        self._place = 0

    def side(self, raw: Raw) -> Side | None:
        """Who must have sent this; None when it fits nowhere."""
        if raw.data is not None:
            side = side_of_frame(raw.data)
            self._place = 3 if side is Side.HOST else 8
            return side
        if raw.control is None:
            return None
        for place in (self._place, 0):
            if _CYCLE[place][0] == raw.control:
                self._place = (place + 1) % len(_CYCLE)
                return _CYCLE[place][1]
        return None


class Meaning:
    """What frames mean, given those before them: an answer belongs to the last request."""

    def __init__(self) -> None:
        self._asked: bytes | None = None

    def piece(self, raw: Raw, side: Side | None) -> Piece:
        """The control byte, the frame or the junk as a piece of the dialogue."""
        if raw.control is not None:
            return Piece("v2", f"v2 {MEANINGS[raw.control]}", raw.raw, side=side)
        if not raw.is_frame:
            return Piece("junk", "мусор / junk", raw.raw, trouble=raw.trouble, side=side)
        if raw.data is None:
            title = "v2, контрольный байт неверен / bad check" if raw.damaged else "кадр v2 / frame v2"
            inside = (self._inner(raw.damaged, side),) if raw.damaged else ()
            return Piece("v2", title, raw.raw, (), inside, raw.trouble, side)
        told = fields({"escapes": f"DLE × {raw.note}"}) if raw.note else ()
        title = f"v2, контрольный байт / check {raw.raw[-1]:02X} верен / good"
        piece = Piece("v2", title, raw.raw, told, (self._inner(raw.data, side),), side=side)
        self._asked = raw.data if side is Side.HOST else self._asked
        return piece

    def _inner(self, data: bytes, side: Side | None) -> Piece:
        return app.request(data, None) if side is Side.HOST else app.answer(data, self._asked, None)
