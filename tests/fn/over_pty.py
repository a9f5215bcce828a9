"""Every exchange with an FN over a real PTY too: as a plugin (``pytest -p tests.fn.over_pty``) it makes a run of the
FN's tests the proof that the wire changes no byte.
"""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from fn_model import FnPort
from kktsim.clock import Clock
from kktsim.fn_line import Exchange, FnLine
from kktsim.ports.inotify import TerminalWatcher
from kktsim.ports.line import Line
from kktsim.ports.parse import PtyAddress
from kktsim.ports.pty import PtyPort
from protocol.fn.stream import FrameStream

from ..ports.fakes import PATIENCE_SECONDS, LoopThread


class CountingLine:
    """A line that tells how far it has come, so that silence is known without waiting."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._moved = threading.Condition()
        self._taken = self._answered = 0

    def receive(self, data: bytes, /) -> bytes:
        """Pass on, and count."""
        answer = self._line.receive(data)
        with self._moved:
            self._taken += len(data)
            self._answered += len(answer)
            self._moved.notify_all()
        return answer

    def tick(self) -> bytes:
        """Never due: every frame is whole."""
        raise AssertionError("a frame was cut short")

    def seconds_to_deadline(self) -> float | None:
        """As the line says."""
        return self._line.seconds_to_deadline()

    def dropped(self) -> None:
        """As the line does."""
        self._line.dropped()

    def answered(self, taken: int) -> int:
        """How many bytes go back once so many have come; both are counted anew from then on."""
        with self._moved:
            assert self._moved.wait_for(lambda: self._taken >= taken, PATIENCE_SECONDS), "the FN did not get the frame"
            answered, self._answered, self._taken = self._answered, 0, 0
            return answered


class PtyWire:
    """One PTY for any number of FNs: a frame goes to the one that is meant, with the world time that is told."""

    def __init__(self, link: Path) -> None:
        self._thread = LoopThread()
        self._watcher = self._thread.run(lambda: TerminalWatcher(self._thread.loop))
        self._fn: Exchange = lambda frame, world: None
        self._world = 0.0
        self._line = CountingLine(FnLine(lambda frame, _: self._fn(frame, self._world), Clock(0.0, virtual=True)))
        self._port = PtyPort(self._thread.loop, self._line, PtyAddress(str(link)), self._watcher)
        self._thread.run(self._port.start)
        self._client = serial.Serial(self._port.name, 115_200, timeout=PATIENCE_SECONDS)
        self.exchanges = 0

    def exchange(self, fn: Exchange, frame: bytes, world: float) -> bytes | None:
        """What the FN answers over the PTY to a whole frame or ENQ."""
        self._fn, self._world = fn, world
        self.exchanges += 1
        self._client.write(frame)
        return bytes(self._client.read(self._line.answered(len(frame)))) or None

    def close(self) -> None:
        """Leave nothing behind."""
        self._client.close()
        self._thread.run(self._port.close)
        self._thread.run(self._watcher.close)
        self._thread.stop()


def is_whole(frame: bytes) -> bool:
    """Whether these bytes are one frame on a wire, sound or damaged, or ENQ."""
    return FrameStream(takes_enq=True).feed(frame, 0.0) == [frame]


# ---- the plugin


@pytest.fixture(scope="session", autouse=True)
def every_exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PtyWire]:
    """Let every exchange of the run go both ways: in process on a fork, and over a PTY."""
    in_process = FnPort.exchange
    wire = PtyWire(tmp_path_factory.mktemp("fn") / "fn")

    def both_ways(self: FnPort, frame: bytes, world: float) -> bytes | None:
        if not is_whole(frame):
            return in_process(self, frame, world)
        expected = in_process(self.copy(), frame, world)
        answer = wire.exchange(lambda one, at: in_process(self, one, at), frame, world)
        assert answer == expected
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FnPort, "exchange", both_ways)
        yield wire
    wire.close()
    print(f"\n{wire.exchanges} exchanges over the PTY")
