"""ATOL lower level v2, the host's side: one request at a time, with the repeats and patience of real drivers.

Sources: ATOL protocol 3.1, lower level v2, as independent drivers implement it. What is lost is asked for again; what
the till repeats because it missed an ACK is acknowledged again and not taken twice.
"""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final

from protocol.atol.link_v2_frame import (
    ACK,
    ENQ,
    ENQ_TRIES,
    EOT,
    FRAME_TRIES,
    NAK,
    T1,
    T2,
    T3,
    T4,
    T6,
    T7,
    Control,
    Decoder,
    encode,
)

T5: Final = 10.0
"""Seconds from the host's EOT to the till's ENQ, for commands that `REPLY_TIMEOUTS` does not name."""
REPLY_TIMEOUTS: Final[Mapping[int, float]] = {
    0x4A: 20.0,
    0x5A: 40.0,
    0x62: 50.0,
    0x67: 45.0,
    0x6B: 10.0,
    0x6D: 5.0,
    0x8D: 20.0,
    0x8E: 20.0,
    0x91: 45.0,
    0xA6: 50.0,
    0xA7: 20.0,
    0xA8: 120.0,
    0xA9: 120.0,
    0xAA: 120.0,
    0xAB: 120.0,
    0xAC: 120.0,
    0xAD: 120.0,
    0xE6: 50.0,
    0xEA: 50.0,
    0xEB: 50.0,
}
"""T5 in seconds by command code, as drivers have it; the longest where they differ."""
CONFLICT_ROUNDS: Final = 100
"""How often the host yields to the till's ENQ before it gives up."""

_COMMAND_AT: Final = 2
"""Index of the command code in an application message: the access password stands before it."""


def reply_timeout(message: bytes) -> float:
    """T5 of an application message, in seconds."""
    return REPLY_TIMEOUTS.get(message[_COMMAND_AT], T5) if len(message) > _COMMAND_AT else T5


class _State(Enum):
    """Where the host is in the dialogue."""

    IDLE = auto()
    CALLING = auto()
    """ENQ was sent: its ACK is to come."""
    YIELDING = auto()
    """The till sent ENQ at the same moment: ENQ goes again after T7."""
    SENDING = auto()
    """The frame was sent: its ACK is to come."""
    WAITING = auto()
    """EOT was sent: the till executes and will send ENQ."""
    READING = auto()
    """The till's ENQ was acknowledged: its reply is to come."""
    CLOSING = auto()
    """The reply was acknowledged: EOT is to come, or the reply again."""


_LIMITS: Final[Mapping[_State, float]] = {
    _State.CALLING: T1,
    _State.YIELDING: T7,
    _State.SENDING: T3,
    _State.READING: T2,
    _State.CLOSING: T4,
}
"""Seconds after which a state is left by itself; WAITING has its limit from the command, IDLE none."""

_READS_FRAMES: Final = frozenset({_State.IDLE, _State.READING, _State.CLOSING})
_SEES_FRAMES: Final = _READS_FRAMES | {_State.CALLING}
"""A till that missed the ACK of its last reply may still repeat it: its bytes must not be taken for control bytes."""


class HostLink:
    """The host's side of the dialogue.

    `request` begins it; afterwards either `answer` is there or `failed` is true. What `request`, `receive` and `tick`
    return goes to the till at once.
    """

    __slots__ = ("_conflicts", "_deadline", "_decoder", "_message", "_received", "_state", "_tries", "answer", "failed")

    def __init__(self) -> None:
        self._decoder = Decoder()
        self._state = _State.IDLE
        self._deadline: float | None = None
        self._message = b""
        self._received = b""
        self._tries = 0
        self._conflicts = 0
        self.answer: bytes | None = None
        """The till's reply, once the exchange has ended well."""
        self.failed = False
        """Whether the till did not answer, or not in order, however often it was asked."""

    @property
    def deadline(self) -> float | None:
        """Host time at which `tick` has something to do."""
        return self._deadline

    def request(self, message: bytes, now: float) -> bytes:
        """Begin an exchange and forget any before; bytes for the till. ``message``: password, command, parameters."""
        self._message = message
        self._received = b""
        self._conflicts = 0
        self.answer = None
        self.failed = False
        return self._call(now)

    def receive(self, data: bytes, now: float) -> bytes:
        """Take bytes from the till in any pieces; bytes for the till."""
        return b"".join([self._take(byte, now) for byte in data])

    def tick(self, now: float) -> bytes:
        """Do what is due; bytes for the till."""
        if self._deadline is None or now < self._deadline:
            return b""
        if not self._decoder.is_idle and self._state in _READS_FRAMES:
            return self._read_on(b"", now)
        return _ON_TIMEOUT[self._state](self, now)

    def _take(self, byte: int, now: float) -> bytes:
        in_frame = not self._decoder.is_idle
        if in_frame or (byte == Control.STX and self._state in _SEES_FRAMES):
            return self._take_in_frame(byte, now)
        action = _ON_CONTROL.get((self._state, byte))
        return b"" if action is None else action(self, now)

    def _take_in_frame(self, byte: int, now: float) -> bytes:
        frame = self._decoder.feed(byte)
        if self._state not in _READS_FRAMES:
            return b""
        self._deadline = now + T6
        if frame is None:
            return b""
        if frame.data is None:
            return self._read_on(NAK, now)
        if self._state is not _State.READING:
            return self._read_on(ACK, now)
        self._received = frame.data
        self._tries = 1
        self._enter(_State.CLOSING, now)
        return ACK

    def _enter(self, state: _State, now: float) -> None:
        """Be in ``state`` from now on, outside of any frame."""
        limit = reply_timeout(self._message) if state is _State.WAITING else _LIMITS.get(state)
        self._state = state
        self._deadline = None if limit is None else now + limit
        self._decoder.reset()

    # ---- what a control byte or a timeout leads to

    def _call(self, now: float) -> bytes:
        self._tries = 0
        return self._call_again(now)

    def _call_again(self, now: float) -> bytes:
        if self._tries == ENQ_TRIES:
            return self._give_up(now)
        self._tries += 1
        self._enter(_State.CALLING, now)
        return ENQ

    def _wait_for_busy(self, now: float) -> bytes:
        self._enter(_State.CALLING, now)
        return b""

    def _yield(self, now: float) -> bytes:
        if self._conflicts == CONFLICT_ROUNDS:
            return self._give_up(now)
        self._conflicts += 1
        self._enter(_State.YIELDING, now)
        return b""

    def _send(self, now: float) -> bytes:
        self._tries = 0
        return self._send_again(now)

    def _send_again(self, now: float) -> bytes:
        if self._tries == FRAME_TRIES:
            return self._give_up(now)
        self._tries += 1
        self._enter(_State.SENDING, now)
        return encode(self._message)

    def _wait(self, now: float) -> bytes:
        self._enter(_State.WAITING, now)
        return EOT

    def _read_early(self, now: float) -> bytes:
        """ENQ instead of ACK: after a repeated frame the till has it already and the reply is ready."""
        return self._read(now) if self._tries > 1 else b""

    def _read(self, now: float) -> bytes:
        self._tries = 1
        self._enter(_State.READING, now)
        return ACK

    def _read_again(self, now: float) -> bytes:
        return self._read_on(ACK, now)

    def _read_on(self, control: bytes, now: float) -> bytes:
        """Wait once more for what is to come, but not for ever on a line that only rustles."""
        if self._state is not _State.IDLE:
            if self._tries == FRAME_TRIES:
                return _ON_TIMEOUT[self._state](self, now)
            self._tries += 1
        self._enter(self._state, now)
        return control

    def _end(self, now: float) -> bytes:
        self.answer = self._received
        self._enter(_State.IDLE, now)
        return b""

    def _give_up(self, now: float) -> bytes:
        self.failed = True
        self._enter(_State.IDLE, now)
        return EOT


_Action = Callable[[HostLink, float], bytes]

_ON_CONTROL: Final[Mapping[tuple[_State, int], _Action]] = {
    (_State.CALLING, Control.ACK): HostLink._send,
    (_State.CALLING, Control.NAK): HostLink._wait_for_busy,
    (_State.CALLING, Control.ENQ): HostLink._yield,
    (_State.YIELDING, Control.ACK): HostLink._send,
    (_State.SENDING, Control.ACK): HostLink._wait,
    (_State.SENDING, Control.NAK): HostLink._send_again,
    (_State.SENDING, Control.ENQ): HostLink._read_early,
    (_State.WAITING, Control.ENQ): HostLink._read,
    (_State.READING, Control.ENQ): HostLink._read_again,
    (_State.CLOSING, Control.EOT): HostLink._end,
}
"""What a byte outside of frames does; a pair that is missing is ignored."""

_ON_TIMEOUT: Final[Mapping[_State, _Action]] = {
    _State.CALLING: HostLink._call_again,
    _State.YIELDING: HostLink._call,
    _State.SENDING: HostLink._send_again,
    _State.WAITING: HostLink._give_up,
    _State.READING: HostLink._give_up,
    _State.CLOSING: HostLink._end,
}
"""What happens when nothing came in time. Silence instead of the last EOT is no failure."""
