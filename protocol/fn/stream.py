"""A stream of bytes cut into the frames of the FN, for both ends of the wire: the FN's (requests), the KKT's (answers).

A frame begins at 04h; every other byte between frames is noise, except ENQ on its way to the FN. A length that no frame
has begins none. Only time tells that a frame was cut short: what has not come ``CUT_SECONDS`` after the last byte will
not come. Whatever was cut or damaged, a sound frame behind it is found again; any pieces give the same frames.

Source: FNS, «Описание интерфейса ФН» 1.2, tables 2-3; that receivers seek the next 04h, public clients of the FN; what
a frame cut short costs is a guess.
"""

from collections.abc import Iterator
from typing import Final

from protocol.checksums import crc16
from protocol.fn.frame import ENQ, MAX_DATA, START

CUT_SECONDS: Final = 0.5
"""Silence inside a frame after which its rest is given up (guess: below the 3 s in which a KKT gives up the FN)."""

_ENQ = ENQ[0]
_HEAD_BYTES = 3
_AROUND_BYTES = 5
"""Bytes of a frame that LEN does not count."""
_LENGTHS = range(1, MAX_DATA + 2)


class FrameStream:
    """The receiving end of one wire; bytes never raise.

    What comes out, each whole: a sound frame; a damaged one, which has its length but a wrong check sum, and nothing
    sound begins inside; ENQ, for those who take it.
    """

    __slots__ = ("_takes_enq", "deadline", "unfinished")

    def __init__(self, *, takes_enq: bool) -> None:
        """``takes_enq``: this is the FN's end."""
        self._takes_enq = takes_enq
        self.unfinished = b""
        """What has come of a frame that is not whole yet."""
        self.deadline: float | None = None
        """Host seconds at which `tick` gives that frame up; None: nothing is unfinished."""

    def feed(self, data: bytes, now: float) -> list[bytes]:
        """What is whole at host time ``now``, in order."""
        found = list(self._cut(self.unfinished + data, is_over=False))
        self.deadline = now + CUT_SECONDS if self.unfinished else None
        return found

    def tick(self, now: float) -> list[bytes]:
        """Once the deadline has come: what stands behind the beginning of a frame that never ended."""
        return [] if self.deadline is None or now < self.deadline else self.give_up()

    def give_up(self) -> list[bytes]:
        """Nothing more will come: what stands behind the beginning of the unfinished frame."""
        self.deadline = None
        return list(self._cut(self.unfinished, is_over=True))

    def reset(self) -> None:
        """Forget what was begun."""
        self.unfinished = b""
        self.deadline = None

    def _cut(self, data: bytes, *, is_over: bool) -> Iterator[bytes]:
        """Take frames off ``data`` and keep the rest. ``is_over``: nothing more comes."""
        at = 0
        while at < len(data):
            end = _end(data, at)
            if self._takes_enq and data[at] == _ENQ:
                yield ENQ
                at += 1
            elif end is None:
                at += 1
            elif _is_sound(data, at):
                yield data[at:end]
                at = end
            elif end > len(data) and not is_over:
                break
            else:
                inner = _inner(data, range(at + 1, min(end, len(data))), is_over)
                if inner is None:
                    if end <= len(data):
                        yield data[at:end]
                    at = end
                elif _is_sound(data, inner):
                    at = inner
                else:
                    break
        self.unfinished = data[at:]


def _end(data: bytes, at: int) -> int | None:
    """Where the frame at ``at`` ends, past the data while its length has not come; None: none begins there."""
    if data[at] != START:
        return None
    head = data[at + 1 : at + _HEAD_BYTES]
    if len(head) < _HEAD_BYTES - 1:
        return len(data) + 1
    length = int.from_bytes(head, "little")
    return at + length + _AROUND_BYTES if length in _LENGTHS else None


def _is_sound(data: bytes, at: int) -> bool:
    """Whether a whole frame with a good check sum stands there."""
    end = _end(data, at)
    if end is None or end > len(data):
        return False
    return bool(crc16(data[at + 1 : end - 2]) == int.from_bytes(data[end - 2 : end], "little"))


def _inner(data: bytes, places: range, is_over: bool) -> int | None:
    """Where in a damaged or unfinished frame the first sound one begins, or one that may still become sound."""
    for at in places:
        end = _end(data, at)
        if end is not None and (_is_sound(data, at) or (end > len(data) and not is_over)):
            return at
    return None
