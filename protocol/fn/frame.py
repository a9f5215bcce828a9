"""Frames of the FN exchange protocol: request and answer <-> bytes, both roles.

``04 LEN CMD DATA CRC16``: LEN (u16 little-endian) counts CMD and DATA, the CRC (u16 little-endian) covers LEN, CMD
and DATA. An answer has its code where a request has the command. Source: FNS, «Описание интерфейса ФН» 1.2, tables 2-3.
"""

from struct import Struct

from protocol.checksums import crc16

START = 0x04
ENQ = b"\x05"
"""One byte of the KKT instead of a frame: «repeat your last answer» (FNS, «Описание интерфейса ФН» 1.2, 2.3.3)."""
MAX_DATA = 1024
"""Bytes of DATA in one frame."""

_OVERHEAD = 6
_HEAD = Struct("<BHB")
_WORD = Struct("<H")


class FrameError(ValueError):
    """The bytes are not one whole frame: wrong first byte, length or check sum."""


def build_request(command: int, data: bytes = b"") -> bytes:
    """Frame of a command (0..255) with its arguments; ValueError above ``MAX_DATA`` bytes."""
    return _build(command, data)


def build_answer(code: int, data: bytes = b"") -> bytes:
    """Frame of an answer: ``code`` with bit 7 for «a warning flag is set», then the answer's data."""
    return _build(code, data)


def parse_request(frame: bytes, *, sum_matters: bool = True) -> tuple[int, bytes]:
    """Command and data of a request frame; FrameError on damage. Without ``sum_matters`` the length alone is judged."""
    return _parse(frame, sum_matters=sum_matters)


def parse_answer(frame: bytes) -> tuple[int, bytes]:
    """Code (bit 7 included) and data of an answer frame; FrameError on damage."""
    return _parse(frame)


def _build(first: int, data: bytes) -> bytes:
    if len(data) > MAX_DATA:
        raise ValueError(f"{len(data)} bytes do not fit into one FN frame: split them, at most {MAX_DATA} each")
    frame = _HEAD.pack(START, len(data) + 1, first) + data
    return frame + _WORD.pack(crc16(frame[1:]))


def _parse(frame: bytes, *, sum_matters: bool = True) -> tuple[int, bytes]:
    size = len(frame)
    if size < _OVERHEAD or frame[0] != START:
        raise FrameError(f"no frame: {frame[:8].hex(' ')}")
    _start, length, first = _HEAD.unpack_from(frame)
    if length + _OVERHEAD - 1 != size or size > MAX_DATA + _OVERHEAD:
        raise FrameError(f"length {length} in a frame of {size} bytes")
    if sum_matters and _WORD.unpack_from(frame, size - 2)[0] != crc16(frame[1:-2]):
        raise FrameError("wrong check sum")
    return first, frame[4:-2]
