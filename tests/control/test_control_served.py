"""The control API on a real socket, on the till's loop."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection

import pytest

from kktsim.bench import Bench
from kktsim.control import serve
from kktsim.control.actions import ACTIONS
from kktsim.control.controlled import Controlled
from kktsim.hands.bench import BenchHands
from kktsim.ports.line import PortError

from .served import LoopThread, Served


def ask(connection: HTTPConnection, method: str, path: str) -> tuple[int, bytes]:
    connection.request(method, path)
    response = connection.getresponse()
    return response.status, response.read()


def test_the_url_is_told_once_when_requests_are_answered(served: Served) -> None:
    assert served.urls == [served.url]
    connection = HTTPConnection("127.0.0.1", served.port, timeout=10)

    assert ask(connection, "GET", "/state")[0] == 200
    connection.close()


def test_answers_do_not_wait_for_acknowledgements(served: Served, loop: LoopThread) -> None:
    connection = HTTPConnection("127.0.0.1", served.port, timeout=10)
    assert ask(connection, "GET", "/state")[0] == 200

    async def options() -> list[int]:
        assert served.server._server is not None
        sockets = [
            client.transport.get_extra_info("socket") for client in served.server._server.server_state.connections
        ]
        return [one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for one in sockets]

    found = loop.run(options())
    assert found and all(found)
    connection.close()


def test_many_requests_go_over_one_connection_and_reach_the_bench(served: Served) -> None:
    connection = HTTPConnection("127.0.0.1", served.port, timeout=10)
    ask(connection, "GET", "/state")
    first = connection.sock

    assert ask(connection, "POST", "/power/off")[0] == 200
    assert json.loads(ask(connection, "GET", "/state")[1])["is_on"] is False
    assert connection.sock is first
    assert served.changes == 1
    connection.close()


def test_a_port_in_use_is_told_at_once(served: Served, loop: LoopThread, bench: Bench) -> None:
    with pytest.raises(PortError, match="use port 0"):
        loop.run(Served.begin(bench, served.port))


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_cannot_be_is_told_at_once(loop: LoopThread, bench: Bench, port: int) -> None:
    with pytest.raises(PortError, match="from 1 to 65535"):
        loop.run(Served.begin(bench, port))


def test_closing_hangs_up_on_everybody_and_frees_the_port(loop: LoopThread, bench: Bench) -> None:
    first = loop.run(Served.begin(bench))
    first.wait_until_answering()
    connection = HTTPConnection("127.0.0.1", first.port, timeout=10)
    ask(connection, "GET", "/state")
    assert isinstance(connection.sock, socket.socket)

    loop.run(first.server.close())
    loop.run(first.server.close())

    assert connection.sock.recv(1) == b""
    connection.close()
    second = loop.run(Served.begin(bench, first.port))
    second.wait_until_answering()
    loop.run(second.server.close())


def test_who_asks_before_it_answers_waits(loop: LoopThread, bench: Bench) -> None:
    async def begin_and_connect() -> tuple[Served, HTTPConnection]:
        served = await Served.begin(bench)
        connection = HTTPConnection("127.0.0.1", served.port, timeout=10)
        connection.request("GET", "/state")
        assert served.urls == []
        return served, connection

    served, connection = loop.run(begin_and_connect())

    assert connection.getresponse().status == 200
    connection.close()
    loop.run(served.server.close())


def test_it_can_be_closed_before_it_answers(loop: LoopThread, bench: Bench) -> None:
    async def begin_and_close() -> Served:
        served = await Served.begin(bench)
        await served.server.close()
        return served

    assert loop.run(begin_and_close()).urls == []


def test_signals_stay_with_the_program_whose_loop_it_is(bench: Bench) -> None:
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    during: list[object] = []

    async def program() -> None:
        answering = asyncio.Event()
        controlled = Controlled(ACTIONS, BenchHands(bench))
        server = serve.start(controlled, 0, asyncio.get_running_loop(), lambda url: answering.set())
        await answering.wait()
        during.extend(signal.getsignal(one) for one in (signal.SIGTERM,))
        await server.close()

    asyncio.run(program())

    assert during == before[1:]
    assert signal.getsignal(signal.SIGINT) == before[0]


def test_a_broken_server_is_told_to_the_loop(loop: LoopThread, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "_WEB_STACK", "no_such_module")
    served = loop.run(Served.begin(bench))
    loop.run(asyncio.wait({served.server._task}))
    loop.run(served.server.close())

    told = loop.errors.pop()
    assert isinstance(told["exception"], ModuleNotFoundError)
    assert served.url in told["message"]


IMPORTS_ON_THE_LOOP = """
import asyncio, sys, threading
from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.control import serve
from kktsim.control.actions import ACTIONS
from kktsim.control.controlled import Controlled
from kktsim.hands.bench import BenchHands

class Watch:
    def find_spec(self, name, path=None, target=None):
        if threading.current_thread() is threading.main_thread() and watching:
            print(name)

async def program():
    answering = asyncio.Event()
    watching.append(True)
    server = serve.start(controlled, 0, asyncio.get_running_loop(), lambda url: answering.set())
    await answering.wait()
    watching.clear()
    await server.close()

watching = []
controlled = Controlled(ACTIONS, BenchHands(Bench(kkt_models.load(), 1_795_356_000.0)))
sys.meta_path.insert(0, Watch())
asyncio.run(program())
"""


def test_the_loop_is_not_held_up_by_the_import_of_the_web_stack() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTS_ON_THE_LOOP], capture_output=True, text=True, check=True)

    of_the_thread_pool = {"concurrent.futures.thread", "queue", "_queue"}
    assert set(done.stdout.split()) <= of_the_thread_pool
    assert done.stderr == ""
