"""The KKT's end of a wire to an FN: one request, one answer, over a serial port or what pyserial opens as one.

Source: FNS, «Описание интерфейса ФН» 1.2, 2.3 (115200 8N1, half duplex, the FN speaks only when asked); the time-outs
are those of public clients of the FN.
"""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from kktsim.host.serial_wire import SerialWire
from kktsim.host.till import NoAnswerError, Wire
from protocol.fn.stream import CUT_SECONDS, FrameStream

PATIENCE_SECONDS: Final = 3.0
"""How long a command may take."""
SLOW_SECONDS: Final[Mapping[int, float]] = {0x60: 20.0, 0xD0: 20.0, 0xD3: 20.0, 0xD7: 20.0}
"""Commands that may take longer: the reset, and the updates and dumps of marking."""
_SLICE_SECONDS = 0.1
"""How long a port is read for in one piece; always the same, for a change is negotiated on some ports."""


class Opened(Wire, Protocol):
    """An open port."""

    def discard(self) -> None:
        """Throw away what has come and was not read."""


def _opened(port: str) -> SerialWire:
    return SerialWire(port, served_by="kktsim fn serve")


class FnWire:
    """One port of an FN."""

    def __init__(
        self,
        port: str,
        patience_seconds: float = PATIENCE_SECONDS,
        opener: Callable[[str], Opened] = _opened,
    ) -> None:
        """``patience_seconds``: for an answer to a command that is no slow one; ``opener``: opens ``port``."""
        self.port = port
        self.opened = 0
        """How often the port was opened: another time may be another FN."""
        self._patience = patience_seconds
        self._opener = opener
        self._wire: Opened | None = None

    def open(self) -> None:
        """Open the port unless it is open; raises `PortUnavailableError`."""
        if self._wire is None:
            self._wire = self._opener(self.port)
            self.opened += 1

    def close(self) -> None:
        """Let go of the port."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def exchange(self, frame: bytes) -> bytes | None:
        """What came back for a frame, whole or damaged; None: nothing. A port that is lost is closed then."""
        if self._wire is None:
            return None
        slow = SLOW_SECONDS.get(frame[3], 0.0) if len(frame) > 3 else 0.0
        try:
            self._wire.discard()
            self._wire.write(frame)
            return _answer(self._wire, max(self._patience, slow))
        except NoAnswerError:
            self.close()
            return None


def _answer(wire: Opened, patience_seconds: float) -> bytes | None:
    """The first frame that comes in time; else all that came, which says nothing; None: nothing did."""
    stream = FrameStream(takes_enq=False)
    heard = b""
    now = wire.now()
    given_up_at = until = now + patience_seconds
    while now < until:
        data = wire.read(_SLICE_SECONDS)
        now = wire.now()
        if data:
            heard += data
            until = min(now + CUT_SECONDS, given_up_at)
            frames = stream.feed(data, now)
            if frames:
                return frames[0]
    frames = stream.give_up()
    return frames[0] if frames else heard or None
