"""Clients of the operator who take too much: they are cut, and nobody else notices."""

import errno
import resource
import socket
from contextlib import suppress

import pytest

from kktsim.ofd import tcp_server
from kktsim.ofd.failures import Failure, Planned
from kktsim.ofd.server import OfdLine, Reply
from kktsim.ofd.tcp_server import Limits, allowed_connections

from .messages import EMPTY
from .on_loop import on_loop, turns, until
from .tcp_stand import HEADER_BYTES, hang_up, is_cut, serving


def test_a_client_that_reads_nothing_is_cut_and_the_others_are_served() -> None:
    async def test() -> None:
        async with serving() as stand:
            host, _, port = stand.server.name.rpartition(":")
            with socket.socket() as stuck:
                stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                stuck.connect((host, int(port)))
                stuck.setblocking(False)
                await until(lambda: stand.server.connections == 1)
                while stand.server.connections:
                    with suppress(OSError):
                        stuck.send(EMPTY * 1000)
                    await turns()
                [complaint] = stand.complaints
                assert complaint.endswith("reads no answers, it is hung up on")
                await stand.is_fine()

    on_loop(test)


def test_a_client_that_asks_and_asks_a_slow_operator_is_cut() -> None:
    async def test() -> None:
        async with serving(Limits(owed_replies=10)) as stand:
            stand.operator.failures.add(Planned(Failure.SLOW, times=None))
            reader, writer = await stand.connect()
            writer.write(EMPTY * 10)
            await turns(10)
            assert stand.server.connections == 1
            writer.write(EMPTY)
            await is_cut(reader)
            assert len(stand.complaints) == 1
            stand.operator.failures.clear()
            await stand.is_fine()
            await hang_up(writer)

    on_loop(test)


def test_when_there_are_too_many_the_longest_silent_one_gives_way() -> None:
    async def test() -> None:
        async with serving(Limits(connections=3)) as stand:
            clients = [await stand.connect() for _ in range(3)]
            await until(lambda: stand.server.connections == 3)
            clients[0][1].write(EMPTY)
            await clients[0][0].readexactly(HEADER_BYTES)
            await stand.is_fine()
            await is_cut(clients[1][0])
            await stand.is_fine()
            assert len(stand.complaints) == 1
            for reader, writer in (clients[0], clients[2]):
                writer.write(EMPTY)
                await reader.readexactly(HEADER_BYTES)
            for _, writer in clients:
                await hang_up(writer)
            await until(lambda: stand.server.connections == 0)

    on_loop(test)


def test_who_is_silent_for_too_long_is_cut_and_who_speaks_is_not() -> None:
    async def test() -> None:
        async with serving(Limits(quiet_seconds=0.1)) as stand:
            silent, speaking = await stand.connect(), await stand.connect()
            loop = stand.server.loop
            end = loop.time() + 0.25
            while loop.time() < end:
                speaking[1].write(EMPTY)
                await speaking[0].readexactly(HEADER_BYTES)
            assert stand.server.connections == 1
            await is_cut(silent[0])
            await is_cut(speaking[0])
            for _, writer in (silent, speaking):
                await hang_up(writer)

    on_loop(test)


def test_who_still_gets_an_answer_may_be_silent() -> None:
    async def test() -> None:
        async with serving(Limits(quiet_seconds=0.02)) as stand:
            stand.operator.failures.add(Planned(Failure.SLOW, seconds=0.1))
            await stand.is_fine()

    on_loop(test)


def test_a_process_without_files_left_lets_people_in_later(monkeypatch: pytest.MonkeyPatch) -> None:
    accept, fails = socket.socket.accept, [errno.EMFILE, errno.ECONNABORTED]

    def full(listener: socket.socket) -> tuple[socket.socket, object]:
        if fails:
            raise OSError(fails.pop(0), "Too many open files")
        return accept(listener)

    monkeypatch.setattr(socket.socket, "accept", full)
    monkeypatch.setattr(tcp_server, "PAUSE_SECONDS", 0.01)

    async def test() -> None:
        async with serving() as stand:
            await stand.is_fine()
            assert len(stand.complaints) == 1 and stand.complaints[0].endswith("Too many open files")

    on_loop(test)


def test_a_bug_of_ours_costs_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    receive = OfdLine.receive

    def buggy(line: OfdLine, data: bytes, world: float) -> list[Reply]:
        if data == b"bug":
            raise ZeroDivisionError
        return receive(line, data, world)

    monkeypatch.setattr(OfdLine, "receive", buggy)

    async def test() -> None:
        async with serving() as stand:
            assert await stand.says(b"bug", 1) == b""
            await stand.is_fine()

    on_loop(test, bugs=1)


@pytest.mark.parametrize(
    ("soft", "hard", "allowed", "asked"),
    [
        (1024, 20_000, 4096, (4160, 20_000)),
        (1024, resource.RLIM_INFINITY, 4096, (4160, resource.RLIM_INFINITY)),
        (1024, 2048, 1984, (2048, 2048)),
        (20_000, 20_000, 4096, None),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, 4096, None),
    ],
)
def test_the_system_is_asked_for_as_many_files_as_connections_take(
    soft: int, hard: int, allowed: int, asked: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda which, limits: told.append(limits))
    assert allowed_connections(4096) == allowed
    assert told == ([] if asked is None else [asked])
