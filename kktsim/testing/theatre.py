"""Stages for scenarios: a bench in a preset, reached inside the process or over a real PTY.

Over PTYs one asyncio loop in a thread of its own owns every till; the operator's hands are carried out on it. Most of a
play there is waiting for a report to print, so several plays go on at once, and several scenarios.
"""

import asyncio
import itertools
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

from kktsim.bench import Bench
from kktsim.hands.bench import BenchHands
from kktsim.host.recording import RecordingTill
from kktsim.host.serial_wire import SerialWire
from kktsim.host.till import Till
from kktsim.ports.parse import PtyAddress
from kktsim.serve import Server
from kktsim.testing.presets import open_till
from kktsim.testing.seat import seat, take_over
from scenarios.playbook import Scene

Item = TypeVar("Item")
Result = TypeVar("Result")
CALL_SECONDS = 30
"""No act of the hands takes longer; a loop that hangs is a bug and must be loud."""
SILENCE_SECONDS = 10.0
"""After these a till on the stage is taken for silent. Elsewhere a host waits longer (`kktsim.host.till`), since a real
till takes its time; here one that answers does so at once."""
SCENARIOS_AT_ONCE = 16
PLAYS_AT_ONCE = 32


class Theatre(Protocol):
    """Where stages come from."""

    name: str

    def stage(self, bench: Bench) -> "InProcessStage | PtyStage":
        """A stage with a fork of ``bench``."""

    def map(self, function: Callable[[Any], Result], items: Any) -> list[Result]:
        """Play several plays, at once if that helps."""

    def each(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Run several scenarios, at once if that helps: what comes of them, in order."""

    def close(self) -> None:
        """Let everything go."""


class InProcessStage:
    """A till inside the process, with virtual host time."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench.fork(virtual=True)
        self._talk: list[str] = []
        operator = BenchHands(self.bench)
        self.scene = Scene(self._connect(), operator, operator, self._connect, seat)

    def fork(self) -> "InProcessStage":
        """The same state once more."""
        twin = InProcessStage(self.bench)
        take_over(self.scene, twin.scene)
        return twin

    def keep(self) -> Callable[[], "InProcessStage"]:
        """The state as it is now, without a terminal."""
        kept = self.bench.fork()
        return lambda: InProcessStage(kept)

    def close(self) -> None:
        """Nothing is open."""

    def conversation(self) -> list[str]:
        """Requests and replies so far, decoded."""
        return self._talk

    def _connect(self) -> RecordingTill:
        return RecordingTill(open_till(self.bench), self._talk)


class InProcess:
    """Everything in one thread, as fast as it goes."""

    name = "inprocess"

    def stage(self, bench: Bench) -> InProcessStage:
        """A stage with a fork of ``bench``."""
        return InProcessStage(bench)

    def map(self, function: Callable[[Any], Result], items: Any) -> list[Result]:
        """One after another."""
        return [function(item) for item in items]

    def each(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """One after another."""
        return map(function, items)

    def close(self) -> None:
        """Nothing is open."""


class PtyStage:
    """A till behind a real PTY, opened by pyserial."""

    def __init__(self, bench: Bench, theatre: "PtyTheatre") -> None:
        self._theatre = theatre
        self._talk: list[str] = []
        self.bench, self._server, self._path = theatre.call(lambda: self._serve(bench))
        operator: Any = _OnLoop(BenchHands(self.bench), theatre, self._server)
        self.scene = Scene(self._connect(), operator, operator, self._connect, seat)

    def fork(self) -> "PtyStage":
        """The same state once more, behind a PTY of its own."""
        twin = PtyStage(self.bench, self._theatre)
        take_over(self.scene, twin.scene)
        return twin

    def keep(self) -> Callable[[], "PtyStage"]:
        """The state as it is now, behind no PTY yet and without a terminal."""
        kept = self._theatre.call(self.bench.fork)
        return lambda: PtyStage(kept, self._theatre)

    def close(self) -> None:
        """Close the port, then the till."""
        self.scene.till.close()
        self._theatre.call(self._server.close)

    def conversation(self) -> list[str]:
        """Requests and replies so far, decoded."""
        return self._talk

    def _serve(self, bench: Bench) -> tuple[Bench, Server, str]:
        twin = bench.fork(virtual=False)
        server = Server(twin, self._theatre.loop)
        port = server.open(PtyAddress(self._theatre.free_path()))
        return twin, server, port.name

    def _connect(self) -> RecordingTill:
        return RecordingTill(Till(SerialWire(self._path), timeout_seconds=SILENCE_SECONDS), self._talk)


class PtyTheatre:
    """Tills on one loop in a thread, plays in several."""

    name = "pty"

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="tills", daemon=True)
        self._thread.start()
        self._plays = ThreadPoolExecutor(PLAYS_AT_ONCE)
        self._scenarios = ThreadPoolExecutor(SCENARIOS_AT_ONCE)
        self._folder = tempfile.TemporaryDirectory(prefix="kktsim-")
        self._numbers = itertools.count()

    def stage(self, bench: Bench) -> PtyStage:
        """A stage with a fork of ``bench``."""
        return PtyStage(bench, self)

    def map(self, function: Callable[[Any], Result], items: Any) -> list[Result]:
        """Several at once."""
        return list(self._plays.map(function, items))

    def each(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Several at once."""
        return self._scenarios.map(function, items)

    def close(self) -> None:
        """Stop the loop and remove the links."""
        self._scenarios.shutdown(cancel_futures=True)
        self._plays.shutdown()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()
        self._folder.cleanup()

    def free_path(self) -> str:
        """A path that no link has yet."""
        return str(Path(self._folder.name) / f"kkt{next(self._numbers)}")

    def call(self, function: Callable[[], Result]) -> Result:
        """Carry a function out on the loop and wait for it."""

        async def on_loop() -> Result:
            return function()

        return asyncio.run_coroutine_threadsafe(on_loop(), self.loop).result(CALL_SECONDS)


class _OnLoop:
    """Hands whose every act happens on the loop that owns the till; the ports look at their deadlines after it."""

    def __init__(self, hands: BenchHands, theatre: PtyTheatre, server: Server) -> None:
        self._hands = hands
        self._theatre = theatre
        self._server = server

    def __getattr__(self, name: str) -> Callable[..., Any]:
        act: Callable[..., Any] = getattr(self._hands, name)

        def on_loop(*args: Any, **kwargs: Any) -> Any:
            def do() -> Any:
                result = act(*args, **kwargs)
                self._server.wake()
                return result

            return self._theatre.call(do)

        return on_loop
