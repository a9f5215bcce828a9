"""The cable between KKT and FN: it carries bytes, and can be unplugged, cut or noisy.

Damage in the direction of the FN makes the FN answer «bad format»; damage on the way back makes the answer
unreadable, and the KKT asks again. A cut cable carries nothing, and neither does one with nothing at its end.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol

from kktsim.chance import draw
from protocol.append_log import AppendLog


class Passed(NamedTuple):
    """One frame on the cable. ``to_fn``: its direction; ``data`` as it arrived."""

    to_fn: bool
    data: bytes


@dataclass(slots=True)
class Noise:
    """A fault plan: damage one byte of every frame with this probability (percent), ``left`` times at most.

    ``left`` None: until mended.
    """

    to_fn_percent: int = 0
    to_kkt_percent: int = 0
    seed: int = 1
    left: int | None = None

    @property
    def is_steady(self) -> bool:
        """Whether the next frame fares as the last one did."""
        if self.left == 0 or not (self.to_fn_percent or self.to_kkt_percent):
            return True
        return self.left is None and max(self.to_fn_percent, self.to_kkt_percent) >= 100

    def damage(self, frame: bytes, percent: int) -> bytes:
        """The frame as it arrives."""
        if percent <= 0 or self.left == 0 or self._next(100) >= percent:
            return frame
        if self.left is not None:
            self.left -= 1
        hit = self._next(len(frame))
        return frame[:hit] + bytes((frame[hit] ^ (1 + self._next(255)),)) + frame[hit + 1 :]

    def _next(self, below: int) -> int:
        self.seed, number = draw(self.seed, below)
        return number


class FnEnd(Protocol):
    """What is plugged in at the FN's end."""

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        """The answer to one request frame, or to ENQ; None: silence."""

    def copy(self) -> "FnEnd":
        """The same for a fork of the till."""


class Cable:
    """«Шлейф ФН»."""

    __slots__ = ("fn", "is_cut", "noise", "record")

    def __init__(self, fn: FnEnd | None = None) -> None:
        self.fn = fn
        """What is plugged in; None: nothing."""
        self.is_cut = False
        self.noise: Noise | None = None
        self.record: AppendLog[Passed] | None = None
        """Every frame as it arrived, when somebody wants to see them."""

    def copy(self) -> "Cable":
        """The same cable with a fork of the FN at its end."""
        twin = Cable(None if self.fn is None else self.fn.copy())
        twin.is_cut = self.is_cut
        twin.noise = None if self.noise is None else replace(self.noise)
        twin.record = None if self.record is None else self.record.fork()
        return twin

    @property
    def is_steady(self) -> bool:
        """Whether the next frame fares as the last one did, as long as nobody touches it."""
        return self.noise is None or self.noise.is_steady

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        """What comes back for ``frame``; None: nothing."""
        if self.fn is None or self.is_cut:
            return None
        noise, record = self.noise, self.record
        if noise is not None:
            frame = noise.damage(frame, noise.to_fn_percent)
        if record is not None:
            record.append(Passed(True, frame))
        answer = self.fn.exchange(frame, world)
        if answer is not None:
            if noise is not None:
                answer = noise.damage(answer, noise.to_kkt_percent)
            if record is not None:
                record.append(Passed(False, answer))
        return answer
