"""The FN's end of a wire of its own: bytes of a KKT come in, in any pieces, and answers go out.

The FN speaks only when asked, does one command at a time and repeats its last answer on ENQ; where a frame is damaged
its named setting says what it answers. Source: FNS, «Описание интерфейса ФН» 1.2, 2.3.
"""

from collections.abc import Callable, Iterable, Iterator

from kktsim.clock import Clock
from protocol.fn.commands import WARNING_BIT, FnCode, FnCommand
from protocol.fn.frame import FrameError, parse_answer, parse_request
from protocol.fn.stream import FrameStream

FIRST_BAUD = 115_200
"""The speed of the UART until ABh changes it."""

Exchange = Callable[[bytes, float], bytes | None]
"""`FnPort.exchange`: a frame (or ENQ) and world seconds to the answer; None: the FN is silent."""
Watch = Callable[[bytes, bytes | None], None]
"""Is shown a frame (or ENQ) and the answer to it."""


class Uart:
    """The FN behind all its lines, and the speed that it speaks at since ABh (public clients of FN-1.2)."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.baud = FIRST_BAUD
        """Bits a second."""

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        """The FN's answer. What says the speed is changed is at the new one already (guess)."""
        answer = self._exchange(frame, world)
        if frame[3:4] == _SET_SPEED and answer is not None:
            self._listen(frame, answer)
        return answer

    def _listen(self, frame: bytes, answer: bytes) -> None:
        try:
            _, data = parse_request(frame)
        except FrameError:
            return
        code, _ = parse_answer(answer)
        if code & ~WARNING_BIT == FnCode.OK:
            self.baud = int.from_bytes(data, "little")


_SET_SPEED = bytes((FnCommand.SET_SPEED,))


class FnLine:
    """«Интерфейс ФН» as a line of a port. Closing the port takes no power from the FN: a UART has no connections."""

    def __init__(self, exchange: Exchange, clock: Clock) -> None:
        self._exchange = exchange
        self._clock = clock
        self._stream = FrameStream(takes_enq=True)
        self.watch: Watch | None = None
        """Who looks on."""

    def receive(self, data: bytes, /) -> bytes:
        """Bytes of the KKT; the answers to the frames that they complete."""
        now = self._clock.now()
        return self._answers(self._stream.feed(data, now), now)

    def tick(self) -> bytes:
        """A frame that never ended is given up; the answers to what stood behind its beginning."""
        now = self._clock.now()
        return self._answers(self._stream.tick(now), now)

    def seconds_to_deadline(self) -> float | None:
        """Host seconds until an unfinished frame is given up; None: there is none."""
        deadline = self._stream.deadline
        return None if deadline is None else deadline - self._clock.now()

    def dropped(self) -> None:
        """The KKT closed the port: half a frame of its is forgotten, a begun document is not."""
        self._stream.reset()

    def _answers(self, frames: Iterable[bytes], now: float) -> bytes:
        return b"".join(self._answered(frames, self._clock.world(now)))

    def _answered(self, frames: Iterable[bytes], world: float) -> Iterator[bytes]:
        for frame in frames:
            answer = self._exchange(frame, world)
            if self.watch is not None:
                self.watch(frame, answer)
            if answer is not None:
                yield answer
