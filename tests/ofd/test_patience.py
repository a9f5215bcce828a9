"""How long the world waits for an operator in another process while it goes ahead, on a real loop with real sockets."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any

import pytest

import kktsim.serve
from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.ofd.events import OfdTrouble
from kktsim.ofd.hosts import OFD_NAME, Kind, Place
from kktsim.serve import Server
from kktsim.testing.presets import build
from protocol.ofd import session
from protocol.ofd.stream import MAX_BODY
from tests.device.desk import Desk

from .messages import FN, WORLD
from .on_loop import on_loop, until

DAY = 86_400
BYTE_SECONDS = 0.005
LONG = session.build_message(FN, bytes(MAX_BODY))
"""An answer that takes minutes, byte by byte."""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kktsim.serve, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(kktsim.serve, "LESS_PATIENCE_SECONDS", 0.05)


class Trickle:
    """An operator whose answer comes byte by byte."""

    def __init__(self) -> None:
        self.calls = 0
        self.bytes_sent = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.calls += 1
        sending = asyncio.create_task(self._send(writer))
        with suppress(ConnectionError):
            await reader.read()
        sending.cancel()
        writer.close()

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        for byte in LONG:
            writer.write(bytes((byte,)))
            self.bytes_sent += 1
            await asyncio.sleep(BYTE_SECONDS)


def with_trickle(test: Callable[[Server, Bench, Trickle], Coroutine[Any, Any, None]]) -> None:
    """A till in trade with one document to send, whose operator lets its answer trickle."""

    async def run() -> None:
        operator = Trickle()
        listening = await asyncio.start_server(operator.answer, "127.0.0.1", 0)
        bench = build(kkt_models.load(), "shift-open", WORLD, ClockKind.FROZEN, virtual=True)
        bench.run_due()
        port = listening.sockets[0].getsockname()[1]
        bench.network.hosts.set(OFD_NAME, Place(Kind.TCP, host="127.0.0.1", to_port=port))
        server = Server(bench, asyncio.get_running_loop())
        try:
            Desk(bench).sell()
            await test(server, bench, operator)
        finally:
            server.close()
            listening.close()
            await listening.wait_closed()

    on_loop(run)


def test_an_answer_that_trickles_keeps_the_world_no_longer_than_silence() -> None:
    async def test(server: Server, bench: Bench, operator: Trickle) -> None:
        bench.advance(DAY)
        await server.settled()
        assert not bench.is_advancing and bench.world == WORLD + DAY
        assert operator.bytes_sent > operator.calls > 2
        assert bench.kkt.volatile.exchange.ofd == OfdTrouble.NO_ANSWER

    with_trickle(test)


def test_two_who_wait_do_not_lose_patience_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[int] = []

    async def test(server: Server, bench: Bench, operator: Trickle) -> None:
        lose_patience = Bench.lose_patience

        def lose(self: Bench) -> None:
            lost.append(server._carrier.calls)
            lose_patience(self)

        monkeypatch.setattr(Bench, "lose_patience", lose)
        bench.advance(DAY)
        await asyncio.gather(server.settled(), server.settled())
        assert bench.world == WORLD + DAY
        assert len(lost) == len(set(lost))

    with_trickle(test)


def test_an_advance_that_is_abandoned_stays_where_it_is() -> None:
    async def test(server: Server, bench: Bench, operator: Trickle) -> None:
        start = bench.world
        bench.advance(DAY)
        waiting = asyncio.create_task(server.settled())
        await until(lambda: operator.bytes_sent > 1)
        server.abandon()
        await waiting
        assert bench.world == start
        bench.network.hang_up()
        bench.outside_event()
        assert bench.world == start and not bench.is_advancing

    with_trickle(test)


def patience() -> Iterator[float]:
    """What is waited in vain for the first, second... call."""
    yield 2.0
    left = 0.2
    while left > 0.001:
        yield left
        left *= kktsim.serve.PATIENCE_LEFT


def test_all_that_is_waited_in_vain_is_less_than_a_command_waits() -> None:
    assert 5 < sum(patience()) < 6.1
