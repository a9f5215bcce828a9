"""A control API that really listens, on a loop in another thread than the test."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from kktsim.bench import Bench
from kktsim.control import serve
from kktsim.control.actions import ACTIONS
from kktsim.control.controlled import Controlled
from kktsim.hands.bench import BenchHands

PATIENCE_SECONDS = 20.0

Result = TypeVar("Result")


class LoopThread:
    """Runs an asyncio loop; every unhandled error in it fails the test that stops it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.errors: list[dict[str, Any]] = []
        self.loop.set_exception_handler(lambda _, context: self.errors.append(context))
        self._thread = threading.Thread(target=self.loop.run_forever, name="loop", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """The coroutine's result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE_SECONDS)

    def stop(self) -> None:
        """End everything that still runs on the loop, then the loop."""
        self.run(_everything_else())
        self.run(self.loop.shutdown_default_executor())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        self.loop.close()
        assert self.errors == []


async def _everything_else() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others)


class Served:
    """A bench with its control API."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.changes = 0
        self.urls: list[str] = []
        self.server: serve.ControlServer
        self._answering = threading.Event()

    @classmethod
    async def begin(cls, bench: Bench, port: int = 0) -> "Served":
        """Start serving, on the loop this runs on."""
        served = cls(bench)
        controlled = Controlled(ACTIONS, BenchHands(bench), served._changed)
        served.server = serve.start(controlled, port, asyncio.get_running_loop(), served._now_answering)
        return served

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def wait_until_answering(self) -> None:
        assert self._answering.wait(PATIENCE_SECONDS)

    def _changed(self) -> None:
        self.changes += 1

    def _now_answering(self, url: str) -> None:
        self.urls.append(url)
        self._answering.set()
