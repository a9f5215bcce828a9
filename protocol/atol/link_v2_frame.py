"""ATOL lower level v2: control bytes, timeouts, and frames ``STX data ETX check``, the same for both roles.

Inside a frame DLE goes before every DLE and ETX of the data. The check byte is the XOR of everything behind STX,
inserted DLE and the final ETX too, and goes as it is.
Sources: ATOL protocol 3.1, lower level v2, as five independent drivers implement it; a vector of one of their tests.
"""

from enum import Enum, IntEnum, auto
from functools import reduce
from operator import xor
from typing import Final, NamedTuple


class Control(IntEnum):
    """Bytes that steer the dialogue."""

    STX = 0x02
    ETX = 0x03
    EOT = 0x04
    ENQ = 0x05
    ACK = 0x06
    DLE = 0x10
    NAK = 0x15


STX: Final = bytes((Control.STX,))
ETX: Final = bytes((Control.ETX,))
EOT: Final = bytes((Control.EOT,))
ENQ: Final = bytes((Control.ENQ,))
ACK: Final = bytes((Control.ACK,))
DLE: Final = bytes((Control.DLE,))
NAK: Final = bytes((Control.NAK,))

T1: Final = 0.5
"""Seconds from ENQ to its ACK."""
T2: Final = 2.0
"""Seconds from the ACK of ENQ to STX."""
T3: Final = 0.5
"""Seconds from a frame to its ACK."""
T4: Final = 0.5
"""Seconds from the ACK of a reply to EOT."""
T6: Final = 0.5
"""Seconds between two bytes of a frame."""
T7: Final = 0.5
"""Seconds that a host waits after its ENQ met the till's ENQ."""
T8: Final = 1.0
"""Seconds from a good frame to EOT; the till then executes without EOT (guess)."""
ENQ_TRIES: Final = 5
FRAME_TRIES: Final = 10
MAX_DATA: Final = 255
"""Bytes of data in a frame, before stuffing, that drivers send and take at most."""

_ENDLESS: Final = 4 * MAX_DATA
"""Bytes of data after which this is no frame but noise (guess)."""


def encode(data: bytes) -> bytes:
    """Bytes of one frame on the wire. ``data``: the application message, at most ``MAX_DATA`` bytes (not checked)."""
    body = data.replace(DLE, DLE + DLE).replace(ETX, DLE + ETX) + ETX
    return STX + body + bytes((reduce(xor, body),))


class Frame(NamedTuple):
    """One frame as received. ``data`` is None when the check byte is wrong."""

    data: bytes | None


class _Part(Enum):
    """What the decoder takes the next byte for."""

    JUNK = auto()
    DATA = auto()
    MASKED = auto()
    CHECK = auto()


class Decoder:
    """Takes a stream of bytes one by one and finds frames in it. Bytes before STX are junk. Never raises."""

    __slots__ = ("_check", "_data", "_part")

    def __init__(self) -> None:
        self._part = _Part.JUNK
        self._data = bytearray()
        self._check = 0

    @property
    def is_idle(self) -> bool:
        """Whether no frame has begun."""
        return self._part is _Part.JUNK

    def reset(self) -> None:
        """Forget a frame that has begun."""
        self._part = _Part.JUNK
        self._data.clear()
        self._check = 0

    def feed(self, byte: int) -> Frame | None:
        """The frame that ``byte`` completes, if it does."""
        if self._part is _Part.JUNK:
            if byte == Control.STX:
                self._part = _Part.DATA
            return None
        if self._part is _Part.CHECK:
            return self._complete(byte == self._check)
        self._check ^= byte
        if self._part is _Part.DATA and byte == Control.ETX:
            self._part = _Part.CHECK
        elif self._part is _Part.DATA and byte == Control.DLE:
            self._part = _Part.MASKED
        else:
            self._part = _Part.DATA
            self._data.append(byte)
            if len(self._data) > _ENDLESS:
                return self._complete(False)
        return None

    def _complete(self, good: bool) -> Frame:
        frame = Frame(bytes(self._data) if good else None)
        self.reset()
        return frame
