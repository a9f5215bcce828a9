"""ATOL lower level v3: frames ``FE LenLo LenHi Id Data CRC8`` <-> values, the same for both roles.

The length counts the unescaped data in 7 + 7 bits; length and id are never escaped, data and check sum are:
FE goes as FD EE, FD as FD ED. So FE always begins a frame, and a frame cut short costs only itself.
Sources: ATOL protocol 3.1, lower level v3; vectors of an independent driver's tests; ATOL's driver 10.8 as observed.
"""

from functools import lru_cache
from struct import Struct
from typing import TypeAlias

from protocol.checksums import crc8

START = 0xFE
ESCAPE = 0xFD
ASYNC_ID = 0xF0
"""The id of frames that the till sends by itself: results of tasks."""
MAX_DATA = 0x7F | 0x7C << 7
"""Bytes: the largest data a length field can tell without reaching the escape byte (our limit: a guess)."""

_HEAD = Struct("4B")
_BYTES = tuple(bytes((number,)) for number in range(256))
_START = b"\xfe"
_ESCAPE = b"\xfd"
_ESCAPED_START = b"\xfd\xee"
_ESCAPED_ESCAPE = b"\xfd\xed"


Frame: TypeAlias = tuple[int, bytes | None]
"""One frame as received: id and data. Data None: the check sum is wrong; empty data asks to repeat."""


def encode(frame_id: int, data: bytes) -> bytes:
    """Bytes of one frame on the wire. ``frame_id``: 0..F0h; ``data``: at most ``MAX_DATA`` bytes, unescaped."""
    length = len(data)
    if length == 1:
        return _encode_state(frame_id, data)
    return _encode(frame_id, data, length)


def _encode(frame_id: int, data: bytes, length: int) -> bytes:
    body: bytes = data + _BYTES[crc8(_BYTES[frame_id] + data)]
    if _ESCAPE in body:
        body = body.replace(_ESCAPE, _ESCAPED_ESCAPE)
    if _START in body:
        body = body.replace(_START, _ESCAPED_START)
    return _HEAD.pack(START, length & 0x7F, length >> 7, frame_id) + body


@lru_cache(maxsize=4096)
def _encode_state(frame_id: int, data: bytes) -> bytes:
    """Frames of one byte of data: half of all that a till sends, and there are few of them."""
    return _encode(frame_id, data, 1)


class Decoder:
    """Splits a stream of bytes, in whatever pieces it comes, into frames.

    Bytes before FE are junk and skipped. Never raises.
    """

    __slots__ = ("_buffer",)

    def __init__(self) -> None:
        self._buffer = b""

    @property
    def is_idle(self) -> bool:
        """Whether no frame has begun."""
        return not self._buffer

    def reset(self) -> None:
        """Forget a frame that has begun."""
        self._buffer = b""

    def copy(self) -> "Decoder":
        """An independent decoder in the same state."""
        twin = Decoder()
        twin._buffer = self._buffer
        return twin

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by ``data``, in order."""
        if self._buffer:
            data = self._buffer + data
        frames: list[Frame] = []
        rest = b""
        for piece in data.split(_START)[1:]:
            frame = _decode(piece)
            if frame is None:
                rest = _START + piece
            else:
                rest = b""
                frames.append(frame)
        self._buffer = rest
        return frames


def _decode(piece: bytes) -> Frame | None:
    """The frame in the bytes between two FE; None when they are too few. Bytes behind the frame are junk."""
    if len(piece) < 4:
        return None
    end = 3 + (piece[0] | piece[1] << 7)
    if _ESCAPE in piece:
        if piece[-1] == ESCAPE:
            piece = piece[:-1]
        piece = piece.replace(_ESCAPED_START, _START).replace(_ESCAPED_ESCAPE, _ESCAPE)
    if len(piece) <= end:
        return None
    if crc8(piece[2:end]) != piece[end]:
        return piece[2], None
    return piece[2], piece[3:end]
