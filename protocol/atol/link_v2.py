"""ATOL lower level v2, the till's side: a dialogue of single control bytes around two frames. Serial lines only.

::

    host: ENQ        till: ACK
    host: frame      till: ACK        (NAK: the check byte is wrong, the host repeats)
    host: EOT        till executes
    till: ENQ        host: ACK
    till: frame      host: ACK        (NAK: the till repeats)
    till: EOT

Rules:

- One control byte at a time and each in its turn: drivers that read one byte lose what is glued to it.
- Bytes that mean nothing in the present state are ignored. ENQ always means something: the dialogue begins anew.
- While a command is executed ENQ is remembered and gets its ACK as soon as the reply is there; EOT cancels it. The
  reply is then kept, as after every collision. A till may be told to answer NAK instead, as the protocol has it: one
  observed driver never recovers from that.
- A reply that the host surely did not take is kept for a while: if the host sends the same command again, it gets that
  reply and nothing is executed twice.

Sources: ATOL protocol 3.1, lower level v2, as five independent drivers implement it, and three v2 drivers observed.
What the till does when something is lost mirrors the host; where a number is a guess, it says so.
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
    T6,
    T8,
    Control,
    Decoder,
    encode,
)

REPEAT_PAUSE: Final = 0.05
"""Seconds from NAK to the repeated reply (guess). One driver sends NAK and ACK together; that ACK confirms nothing."""
REPEAT_WINDOW: Final = 10.0
"""Seconds for which an undelivered reply is kept (guess: as long as a host waits for most commands)."""


class _State(Enum):
    """Where the till is in the dialogue."""

    IDLE = auto()
    EXPECTING = auto()
    """ENQ of the host was acknowledged: a frame is to come."""
    HOLDING = auto()
    """A good frame was acknowledged: EOT is to come, or the frame again."""
    READY = auto()
    """The command may be executed and was not yet taken."""
    EXECUTING = auto()
    CALLING = auto()
    """Own ENQ was sent: its ACK is to come."""
    SENDING = auto()
    """The reply was sent: its ACK is to come."""
    PAUSING = auto()
    """The reply was refused: it goes again in a moment."""


_LIMITS: Final[Mapping[_State, float]] = {
    _State.EXPECTING: T2,
    _State.HOLDING: T8,
    _State.CALLING: T1,
    _State.SENDING: T3,
    _State.PAUSING: REPEAT_PAUSE,
}
"""Seconds after which a state is left by itself; the others wait for ever."""


class DeviceLink:
    """The till's side of the dialogue.

    Who owns it asks `take_message` after every `receive` and `tick`, executes the command at any time later, and
    hands the answer to `reply`. What `receive`, `tick` and `reply` return goes to the host at once.
    """

    __slots__ = (
        "_deadline",
        "_decoder",
        "_executed",
        "_host_asks",
        "_keep_until",
        "_message",
        "_naks_when_busy",
        "_reply",
        "_state",
        "_tries",
    )

    def __init__(self, *, naks_when_busy: bool = False) -> None:
        """``naks_when_busy``: ENQ while a command is executed is answered NAK, and not when the reply is there."""
        self._naks_when_busy = naks_when_busy
        self._decoder = Decoder()
        self._state = _State.IDLE
        self._deadline: float | None = None
        self._message = b""
        """The last good frame."""
        self._executed = b""
        """The last message that was handed out."""
        self._reply: bytes | None = None
        """The reply to it, until it is delivered."""
        self._keep_until = 0.0
        self._tries = 0
        self._host_asks = False
        """Whether ENQ came while a command was executed."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing is owed: no exchange has begun, or ENQ was acknowledged and no frame has begun yet."""
        return self._state is _State.IDLE or (self._state is _State.EXPECTING and self._decoder.is_idle)

    @property
    def deadline(self) -> float | None:
        """Host time at which `tick` has something to do."""
        return self._deadline

    def reset(self) -> None:
        """Begin anew and forget everything, an undelivered reply too. The reply to a command that is still executed
        will go nowhere.
        """
        self.__init__(naks_when_busy=self._naks_when_busy)  # type: ignore[misc]

    def receive(self, data: bytes, now: float) -> bytes:
        """Take bytes from the host in any pieces; bytes for the host."""
        return b"".join([self._take(byte, now) for byte in data])

    def tick(self, now: float) -> bytes:
        """Do what is due; bytes for the host."""
        if self._deadline is None or now < self._deadline:
            return b""
        if not self._decoder.is_idle:
            self._enter(self._state, now)
            return b""
        return _ON_TIMEOUT[self._state](self, now)

    def take_message(self) -> bytes | None:
        """The application message to be executed now, once."""
        if self._state is not _State.READY:
            return None
        self._state = _State.EXECUTING
        self._executed = self._message
        return self._message

    def reply(self, data: bytes, now: float) -> bytes:
        """The answer to the message taken last; bytes for the host. Does nothing when no answer is owed any more."""
        if self._state is not _State.EXECUTING:
            return b""
        self._reply = data
        self._keep_until = now + REPEAT_WINDOW
        return self._accept(now) if self._host_asks else self._call(now)

    def _take(self, byte: int, now: float) -> bytes:
        if not self._decoder.is_idle:
            return self._take_in_frame(byte, now)
        if byte == Control.STX and self._state in _OPEN_TO_FRAMES:
            self._deadline = now + T6
            self._decoder.feed(byte)
            return b""
        action = _ON_CONTROL.get((self._state, byte))
        return b"" if action is None else action(self, now)

    def _take_in_frame(self, byte: int, now: float) -> bytes:
        self._deadline = now + T6
        frame = self._decoder.feed(byte)
        if frame is None:
            return b""
        if frame.data is None:
            self._enter(self._state, now)
            return NAK
        self._message = frame.data
        self._enter(_State.HOLDING, now)
        return ACK

    def _enter(self, state: _State, now: float) -> None:
        """Be in ``state`` from now on, outside of any frame."""
        limit = _LIMITS.get(state)
        self._state = state
        self._deadline = None if limit is None else now + limit
        self._decoder.reset()

    # ---- what a control byte or a timeout leads to

    def _accept(self, now: float) -> bytes:
        self._host_asks = False
        self._enter(_State.EXPECTING, now)
        return ACK

    def _rest(self, now: float) -> bytes:
        self._enter(_State.IDLE, now)
        return b""

    def _execute(self, now: float) -> bytes:
        if self._reply is not None and self._message == self._executed and now < self._keep_until:
            return self._call(now)
        self._reply = None
        self._enter(_State.READY, now)
        return b""

    def _remember_enq(self, _now: float) -> bytes:
        if self._naks_when_busy:
            return NAK
        self._host_asks = True
        return b""

    def _forget_enq(self, _now: float) -> bytes:
        self._host_asks = False
        return b""

    def _call(self, now: float) -> bytes:
        self._tries = 0
        return self._call_again(now)

    def _call_again(self, now: float) -> bytes:
        if self._tries == ENQ_TRIES:
            return self._rest(now)
        self._tries += 1
        self._enter(_State.CALLING, now)
        return ENQ

    def _send(self, now: float) -> bytes:
        self._tries = 0
        return self._send_again(now)

    def _send_again(self, now: float) -> bytes:
        if self._tries == FRAME_TRIES or self._reply is None:
            return self._rest(now)
        self._tries += 1
        self._enter(_State.SENDING, now)
        return encode(self._reply)

    def _pause(self, now: float) -> bytes:
        self._enter(_State.PAUSING, now)
        return b""

    def _end(self, now: float) -> bytes:
        self._reply = None
        self._enter(_State.IDLE, now)
        return EOT

    def _accept_after_reply(self, now: float) -> bytes:
        """The host goes on instead of ACK: it has the reply, and its ACK was lost."""
        self._reply = None
        return self._accept(now)


_Action = Callable[[DeviceLink, float], bytes]

_OPEN_TO_FRAMES: Final = frozenset({_State.EXPECTING, _State.HOLDING})

_ON_CONTROL: Final[Mapping[tuple[_State, int], _Action]] = {
    (_State.IDLE, Control.ENQ): DeviceLink._accept,
    (_State.EXPECTING, Control.ENQ): DeviceLink._accept,
    (_State.EXPECTING, Control.EOT): DeviceLink._rest,
    (_State.HOLDING, Control.ENQ): DeviceLink._accept,
    (_State.HOLDING, Control.EOT): DeviceLink._execute,
    (_State.READY, Control.ENQ): DeviceLink._remember_enq,
    (_State.READY, Control.EOT): DeviceLink._forget_enq,
    (_State.EXECUTING, Control.ENQ): DeviceLink._remember_enq,
    (_State.EXECUTING, Control.EOT): DeviceLink._forget_enq,
    (_State.CALLING, Control.ENQ): DeviceLink._accept,
    (_State.CALLING, Control.ACK): DeviceLink._send,
    (_State.SENDING, Control.ENQ): DeviceLink._accept_after_reply,
    (_State.SENDING, Control.ACK): DeviceLink._end,
    (_State.SENDING, Control.NAK): DeviceLink._pause,
    (_State.SENDING, Control.EOT): DeviceLink._rest,
    (_State.PAUSING, Control.ENQ): DeviceLink._accept,
    (_State.PAUSING, Control.EOT): DeviceLink._rest,
}
"""What a byte outside of frames does; a pair that is missing is ignored. EOT while calling is ignored because it is
the late end of the host's own session, when the till did not wait for it any longer."""

_ON_TIMEOUT: Final[Mapping[_State, _Action]] = {
    _State.EXPECTING: DeviceLink._rest,
    _State.HOLDING: DeviceLink._execute,
    _State.CALLING: DeviceLink._call_again,
    _State.SENDING: DeviceLink._send_again,
    _State.PAUSING: DeviceLink._send_again,
}
