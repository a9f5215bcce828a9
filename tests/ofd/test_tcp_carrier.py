"""The till's end of a real connection."""

import asyncio
import errno
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kktsim.ofd import tcp_carrier
from kktsim.ofd.events import Closed, Connected, Event, Failed, NetworkTrouble, Received
from kktsim.ofd.tcp_carrier import READ_BYTES, TcpCarrier

from .on_loop import nobody_listens, on_loop, turns, until

LONG = bytes(range(256)) * 32_768
"""8 MB: more than the buffers of a loopback connection take."""


class Till:
    """A carrier whose events are taken as they come, unless ``takes`` is false."""

    def __init__(self, *, takes: bool = True) -> None:
        self.takes = takes
        self.events: list[Event] = []
        self.changes = 0
        self.carrier = TcpCarrier(asyncio.get_running_loop(), self._changed)

    def _changed(self) -> None:
        self.changes += 1
        if self.takes:
            self.take_all()

    def take_all(self) -> None:
        while (event := self.carrier.take()) is not None:
            self.events.append(event)

    @property
    def heard(self) -> bytes:
        return b"".join(event.data for event in self.events if isinstance(event, Received))

    async def comes(self, count: int) -> list[Event]:
        await until(lambda: len(self.events) >= count)
        return self.events


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """An operator's socket, whose connections the test takes by hand."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture(params=[True, False], ids=["answered at once", "answered later"])
def pace(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether it is seen that the peer has answered before the call returns, as peers on this machine do."""
    if not request.param:
        monkeypatch.setattr(tcp_carrier, "_stands", lambda connection: False)
    return bool(request.param)


def place(listening: socket.socket) -> tuple[str, int]:
    host, port = listening.getsockname()[:2]
    return host, port


def test_a_call_is_answered_and_both_speak_until_the_peer_hangs_up(listener: socket.socket, pace: bool) -> None:
    async def test() -> None:
        till = Till()
        assert not till.carrier.is_busy
        till.carrier.open(*place(listener))
        assert till.carrier.is_busy and till.changes == 0
        assert await till.comes(1) == [Connected()]
        with listener.accept()[0] as peer:
            till.carrier.send(b"document")
            assert peer.recv(100) == b"document"
            peer.sendall(b"confirmation")
            await till.comes(2)
            assert till.carrier.is_busy
        assert await till.comes(3) == [Connected(), Received(b"confirmation"), Closed()]
        assert not till.carrier.is_busy

    on_loop(test)


def test_nobody_listens_is_a_refusal(pace: bool) -> None:
    async def test() -> None:
        taken, port = nobody_listens()
        with taken:
            till = Till()
            till.carrier.open("127.0.0.1", port)
            assert till.events == [] and till.carrier.is_busy
            assert await till.comes(1) == [Failed(NetworkTrouble.REFUSED)]
            assert not till.carrier.is_busy

    on_loop(test)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (errno.ECONNREFUSED, NetworkTrouble.REFUSED),
        (errno.EHOSTUNREACH, NetworkTrouble.UNREACHABLE),
        (errno.ENETUNREACH, NetworkTrouble.UNREACHABLE),
        (errno.ETIMEDOUT, NetworkTrouble.TIMED_OUT),
        (errno.EACCES, NetworkTrouble.UNREACHABLE),
    ],
)
def test_an_error_of_the_system_is_a_trouble_of_the_network_and_is_told_later(
    code: int, trouble: NetworkTrouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tcp_carrier, "_connect", lambda connection, address: code)

    async def test() -> None:
        till = Till()
        till.carrier.open("127.0.0.1", 7777)
        assert till.changes == 0 and till.carrier.is_busy
        assert await till.comes(1) == [Failed(trouble)]
        assert not till.carrier.is_busy

    on_loop(test)


def test_a_process_without_files_left_reaches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        till = Till()

        def no_file(*_: object) -> socket.socket:
            raise OSError(errno.EMFILE, "Too many open files")

        with monkeypatch.context() as patched:
            patched.setattr(socket, "socket", no_file)
            till.carrier.open("127.0.0.1", 7777)
        assert await till.comes(1) == [Failed(NetworkTrouble.UNREACHABLE)]

    on_loop(test)


@pytest.mark.parametrize("host", ["fe80::1%nowhere", "::1%nowhere"])
def test_an_address_of_a_zone_that_is_not_there_reaches_nobody(host: str) -> None:
    async def test() -> None:
        till = Till()
        till.carrier.open(host, 7777)
        assert await till.comes(1) == [Failed(NetworkTrouble.UNREACHABLE)]

    on_loop(test)


# ---- names


def resolving(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], list[Any]]) -> None:
    async def getaddrinfo(host: str, port: int, **_: object) -> list[Any]:
        await turns(1)
        return answer()

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")])
def test_a_name_that_is_not_found_is_told(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        def fails() -> list[Any]:
            raise error

        resolving(monkeypatch, fails)
        till = Till()
        till.carrier.open("ofd.invalid", 7777)
        assert till.carrier.is_busy and till.changes == 0
        assert await till.comes(1) == [Failed(NetworkTrouble.NAME_UNKNOWN)]
        assert not till.carrier.is_busy

    on_loop(test)


def test_every_address_of_a_name_is_tried(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        taken, port = nobody_listens()
        places = [("127.0.0.1", port), place(listener)]
        resolving(monkeypatch, lambda: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", where) for where in places])
        with taken:
            till = Till()
            till.carrier.open("ofd.allowed", 7777)
            assert await till.comes(1) == [Connected()]
            till.carrier.close()

    on_loop(test)


def test_an_address_is_never_looked_up(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        def never() -> list[Any]:
            raise AssertionError("looked up")

        resolving(monkeypatch, never)
        till = Till()
        till.carrier.open(*place(listener))
        await till.comes(1)
        till.carrier.close()

    on_loop(test)


# ---- hanging up


def test_after_hanging_up_nothing_is_heard_of_a_call(listener: socket.socket, pace: bool) -> None:
    async def test() -> None:
        till = Till()
        till.carrier.open(*place(listener))
        till.carrier.close()
        assert not till.carrier.is_busy
        await turns(10)
        assert till.changes == 0
        with listener.accept()[0] as peer:
            assert peer.recv(1) == b""

    on_loop(test)


def test_after_hanging_up_nothing_is_heard_of_a_refusal_or_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr(tcp_carrier, "_connect", lambda connection, address: errno.ECONNREFUSED)
        resolving(monkeypatch, list)
        till = Till()
        for host in ("127.0.0.1", "ofd.allowed"):
            till.carrier.open(host, 7777)
            till.carrier.close()
            assert not till.carrier.is_busy
        await turns(10)
        assert till.changes == 0

    on_loop(test)


def test_hanging_up_forgets_what_has_come(listener: socket.socket) -> None:
    async def test() -> None:
        till = Till(takes=False)
        till.carrier.open(*place(listener))
        await until(till.carrier.has_news)
        till.carrier.close()
        assert not till.carrier.has_news() and till.carrier.take() is None
        till.carrier.send(b"nobody hears it")

    on_loop(test)


def test_a_call_that_nobody_answers_can_be_given_up() -> None:
    async def test() -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
            first = [socket.create_connection(place(full))]
            till = Till()
            till.carrier.open(*place(full))
            await turns(10)
            assert till.events == [] and till.carrier.is_busy
            till.carrier.close()
            assert not till.carrier.is_busy
            first[0].close()

    on_loop(test)


def test_who_is_told_may_call_again_at_once(listener: socket.socket) -> None:
    async def test() -> None:
        connected = 0

        def changed() -> None:
            nonlocal connected
            assert carrier.take() == Connected()
            connected += 1
            carrier.close()
            if connected < 5:
                carrier.open(*place(listener))

        carrier = TcpCarrier(asyncio.get_running_loop(), changed)
        carrier.open(*place(listener))
        await until(lambda: connected == 5)
        assert not carrier.is_busy

    on_loop(test)


# ---- much at once, and bad ends


def test_what_the_system_does_not_take_at_once_is_sent_later(listener: socket.socket) -> None:
    async def test() -> None:
        till = Till()
        till.carrier.open(*place(listener))
        await till.comes(1)
        with listener.accept()[0] as peer:
            till.carrier.send(LONG)
            till.carrier.send(b"end")
            got = bytearray()
            while not got.endswith(b"end"):
                await turns()
                got += peer.recv(1 << 20)
            assert got == LONG + b"end"
            till.carrier.close()

    on_loop(test)


def test_a_till_that_takes_nothing_leaves_the_rest_to_the_system(listener: socket.socket) -> None:
    async def test() -> None:
        till = Till()
        till.carrier.open(*place(listener))
        await till.comes(1)
        with listener.accept()[0] as peer:
            peer.setblocking(False)
            till.takes = False
            written = peer.send(LONG)
            await until(till.carrier.has_news)
            await turns(20)
            assert till.changes == 2
            till.takes = True
            till.take_all()
            assert 0 < len(till.heard) <= READ_BYTES
            await until(lambda: len(till.heard) == written)
            assert till.heard == LONG[:written]
            till.carrier.close()

    on_loop(test)


@pytest.mark.parametrize("speaks", [False, True])
def test_a_connection_that_is_reset_is_closed_for_the_till(listener: socket.socket, speaks: bool) -> None:
    async def test() -> None:
        till = Till()
        till.carrier.open(*place(listener))
        await till.comes(1)
        peer = listener.accept()[0]
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
        if speaks:
            till.carrier.send(b"document")
            assert till.events == [Connected()]
        assert await till.comes(2) == [Connected(), Closed()]

    on_loop(test)
