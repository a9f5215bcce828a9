"""Who asks for an advance and hangs up before it is over has been told that it failed: it does not happen later."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from kktsim.bench import Bench
from kktsim.control.actions import ACTIONS
from kktsim.control.app import create_app
from kktsim.control.controlled import Controlled
from kktsim.hands.bench import BenchHands

PATIENCE_SECONDS = 20.0


class Caller:
    """Sends one request, and hangs up when told to."""

    def __init__(self, path: str, **arguments: object) -> None:
        self.gone = asyncio.Event()
        self.answered: list[Message] = []
        self._path = path
        self._body: bytes | None = json.dumps(arguments).encode()

    async def ask(self, app: Starlette) -> None:
        scope = {
            "type": "http",
            "method": "POST",
            "path": self._path,
            "query_string": b"",
            "headers": [(b"host", b"127.0.0.1")],
        }
        await app(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        body, self._body = self._body, None
        if body is not None:
            return {"type": "http.request", "body": body, "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.answered.append(message)

    @property
    def told(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.answered)


class Stand:
    """A control API whose advances take until they are let arrive. ``started``, ``abandoned``: how many."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.arrives = asyncio.Event()
        self.started = asyncio.Semaphore(0)
        self.abandoned = 0
        self.app = create_app(Controlled(ACTIONS, BenchHands(bench), self._changed, self._settled, self._abandon))

    def _changed(self) -> None:
        self.started.release()

    async def _settled(self) -> None:
        await self.arrives.wait()

    def _abandon(self) -> None:
        self.abandoned += 1


def bounded(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), PATIENCE_SECONDS))


def test_an_advance_is_abandoned_when_its_caller_hangs_up(bench: Bench) -> None:
    async def test() -> None:
        stand, caller = Stand(bench), Caller("/clock/advance", seconds=60)
        asked = asyncio.create_task(caller.ask(stand.app))
        await stand.started.acquire()
        assert stand.abandoned == 0
        caller.gone.set()
        await asked
        assert stand.abandoned == 1

    bounded(test)


def test_one_that_waits_for_its_turn_is_not_begun_when_its_caller_has_hung_up(bench: Bench) -> None:
    async def test() -> None:
        start = bench.world
        stand = Stand(bench)
        first, second, third = (Caller("/clock/advance", seconds=seconds) for seconds in (60, 3600, 5))
        asked = [asyncio.create_task(one.ask(stand.app)) for one in (first, second, third)]
        await stand.started.acquire()
        second.gone.set()
        stand.arrives.set()
        await asyncio.gather(*asked)
        assert bench.world == start + 65
        assert stand.abandoned == 0
        assert json.loads(first.told)["world"] == start + 60
        assert json.loads(third.told)["world"] == start + 65

    bounded(test)


@pytest.mark.parametrize("path", ["/ofd/try", "/cable/cut"])
def test_who_only_waits_for_anothers_advance_ends_nothing_by_hanging_up(bench: Bench, path: str) -> None:
    async def test() -> None:
        stand, other = Stand(bench), Caller(path)
        asked = asyncio.create_task(other.ask(stand.app))
        await stand.started.acquire()
        other.gone.set()
        stand.arrives.set()
        await asked
        assert stand.abandoned == 0

    bounded(test)
