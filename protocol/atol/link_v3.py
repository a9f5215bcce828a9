"""ATOL lower level v3: frames ``FE LenLo LenHi Id Data CRC8`` <-> values, the same for both roles.

The length counts the unescaped data in 7 + 7 bits; length and id are never escaped, data and check sum are:
FE goes as FD EE, FD as FD ED. So FE always begins a frame, and a frame cut short costs only itself.
Sources: ATOL protocol 3.1, lower level v3; vectors of an independent driver's tests; ATOL's driver 10.8 as observed.
"""

from functools import lru_cache
from typing import TypeAlias

from protocol.checksums import crc8

START = 0xFE
ESCAPE = 0xFD
ASYNC_ID = 0xF0
"""The id of frames that the till sends by itself: results of tasks."""
MAX_DATA = 0x7F | 0x7C << 7
"""Bytes: the largest data a length field can tell without reaching the escape byte (our limit: a guess)."""

_BYTES = tuple(bytes((number,)) for number in range(256))
_HEADS = tuple(bytes((START, length & 0x7F, length >> 7)) for length in range(256))
"""Start and length of the frames that are common, by the bytes of their data."""
_START = b"\xfe"
_ESCAPE = b"\xfd"
_ESCAPED_START = b"\xfd\xee"
_ESCAPED_ESCAPE = b"\xfd\xed"


Frame: TypeAlias = tuple[int, bytes | None]
"""One frame as received: id and data. Data None: the check sum is wrong; empty data asks to repeat."""


def encode(frame_id: int, data: bytes) -> bytes:
    """Bytes of one frame on the wire. ``frame_id``: 0..F0h; ``data``: at most ``MAX_DATA`` bytes, unescaped."""
    return _encode_state(frame_id, data) if len(data) == 1 else _encode(frame_id, data)


def _encode(frame_id: int, data: bytes) -> bytes:
    length, own_id = len(data), _BYTES[frame_id]
    head = _HEADS[length] if length < 256 else bytes((START, length & 0x7F, length >> 7))
    body: bytes = data + _BYTES[crc8(own_id + data)]
    if _ESCAPE in body:
        body = body.replace(_ESCAPE, _ESCAPED_ESCAPE)
    if _START in body:
        body = body.replace(_START, _ESCAPED_START)
    return head + own_id + body


@lru_cache(maxsize=4096)
def _encode_state(frame_id: int, data: bytes) -> bytes:
    """Frames of one byte of data: half of all that a till sends, and there are few of them."""
    return _encode(frame_id, data)


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

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by ``data``, in order."""
        frames, behind = self.take(data)
        while behind:
            more, behind = self.take(behind)
            frames += more
        return frames

    def take(self, data: bytes) -> tuple[list[Frame], bytes]:
        """The frames completed by ``data`` up to the first bytes that belong to none, and everything from those on.

        For who would give another meaning to them.
        """
        if self._buffer:
            data = self._buffer + data
            self._buffer = b""
        frames: list[Frame] = []
        pieces = data.split(_START)
        for index in range(1, len(pieces)):
            piece = pieces[index]
            if len(piece) < 4:
                self._buffer = _START + piece
                continue
            end = 3 + (piece[0] | piece[1] << 7)
            body = piece if _ESCAPE not in piece else _unescaped(piece)
            if len(body) <= end:
                self._buffer = _START + piece
                continue
            self._buffer = b""
            frames.append((body[2], body[3:end] if crc8(body[2:end]) == body[end] else None))
            if len(body) > end + 1:
                pieces[index] = piece[_bytes_on_wire(piece, end + 1) :]
                return frames, _START.join(pieces[index:])
        return frames, b""


def _unescaped(piece: bytes) -> bytes:
    """The bytes between two FE without their escapes; half an escape at the end is left out."""
    if piece[-1] == ESCAPE:
        piece = piece[:-1]
    return piece.replace(_ESCAPED_START, _START).replace(_ESCAPED_ESCAPE, _ESCAPE)


def _bytes_on_wire(piece: bytes, length: int) -> int:
    """How many bytes of ``piece`` are the first ``length`` when the escapes are taken out."""
    at = 0
    for _ in range(length):
        at += 2 if piece[at : at + 2] in (_ESCAPED_START, _ESCAPED_ESCAPE) else 1
    return at
