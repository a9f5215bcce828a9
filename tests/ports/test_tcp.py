"""Tills on TCP."""

import os
import queue
import select
import socket
from collections.abc import Iterator

import pytest

from kktsim.ports.line import Port, PortError
from kktsim.ports.parse import TcpAddress
from kktsim.ports.tcp import TcpPort

from .fakes import PATIENCE_SECONDS, FakeLine, LoopThread

LONG_ANSWER = bytes(range(256)) * 40_000  # 10 MB; the buffers of a loopback connection take a few


class Till:
    """A port, the line behind it, the loop below it."""

    def __init__(self, loop: LoopThread, line: FakeLine, port: TcpPort) -> None:
        self.loop = loop
        self.line = line
        self.port = port

    def connect(self) -> socket.socket:
        host, _, port = self.port.name.rpartition(":")
        return socket.create_connection((host, int(port)), PATIENCE_SECONDS)


@pytest.fixture
def till(loop: LoopThread) -> Iterator[Till]:
    line = FakeLine()
    line.clock = loop.loop.time
    port = TcpPort(loop.loop, line, TcpAddress("127.0.0.1", 0))
    loop.run(port.start)
    yield Till(loop, line, port)
    loop.run(port.close)


def read_exactly(client: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = client.recv(min(65536, count - len(data)))
        assert piece, "the till hung up"
        data += piece
    return bytes(data)


def is_quiet(client: socket.socket) -> bool:
    return not select.select([client], [], [], 0)[0]


def server_side(client: socket.socket) -> socket.socket:
    """The till's end of the connection, found among the files of this process."""
    for name in os.listdir("/proc/self/fd"):
        try:
            end = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue  # no socket, or the directory listing itself
        try:
            if end.family == socket.AF_INET and end.getpeername() == client.getsockname():
                return end
        except OSError:
            pass  # a listening socket has no peer
        end.close()
    raise AssertionError("not accepted")


def test_a_free_port_is_chosen_and_told(till: Till) -> None:
    host, _, number = till.port.name.partition(":")
    assert host == "127.0.0.1" and int(number) > 0
    with till.connect() as client:
        client.sendall(b"request")
        assert read_exactly(client, 7) == b"request"


def test_a_request_in_pieces_arrives_whole(till: Till) -> None:
    till.line.answer = lambda data: data if data.endswith(b".") else b""
    with till.connect() as client:
        for number, piece in enumerate([b"o", b"n", b"e", b"."], start=1):
            client.sendall(piece)
            till.line.wait(lambda line, count=number: len(line.received) == count)  # type: ignore[misc]
        assert read_exactly(client, 1) == b"."
    assert till.line.received == b"one."


def test_an_answer_does_not_wait_for_an_acknowledgement(till: Till) -> None:
    with till.connect() as client:
        client.sendall(b"request")
        read_exactly(client, 7)
        with server_side(client) as end:
            assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


def test_a_driver_that_does_not_read_is_not_read(till: Till) -> None:
    till.line.answer = lambda data: LONG_ANSWER if data == b"long" else data
    with till.connect() as client:
        client.sendall(b"long")
        till.line.wait(lambda line: line.received == b"long")
        client.sendall(b"short")
        till.loop.turn()
        assert till.line.received == b"long"
        assert read_exactly(client, len(LONG_ANSWER)) == LONG_ANSWER
        assert read_exactly(client, 5) == b"short"


def test_the_next_client_waits_until_the_first_has_gone(till: Till) -> None:
    with till.connect() as first, till.connect() as second:
        first.sendall(b"first")
        assert read_exactly(first, 5) == b"first"
        second.sendall(b"second")
        till.loop.turn()
        assert till.line.received == b"first"
        assert is_quiet(second)
        first.close()
        assert read_exactly(second, 6) == b"second"
    till.line.wait(lambda line: line.drops == 2)
    assert till.line.history == ["receive", "dropped", "receive", "dropped"]


def test_a_second_client_that_waits_is_told_of_once(loop: LoopThread) -> None:
    told: queue.Queue[str] = queue.Queue()
    port = TcpPort(loop.loop, FakeLine(), TcpAddress("127.0.0.1", 0), complain=told.put)
    loop.run(port.start)
    till = Till(loop, FakeLine(), port)
    with till.connect() as first:
        first.sendall(b"first")
        assert read_exactly(first, 5) == b"first"
        with till.connect() as second, till.connect():
            assert told.get(timeout=PATIENCE_SECONDS) == f"{port.name}: a second client waits until the first has gone"
            first.close()
            second.sendall(b"second")
            assert read_exactly(second, 6) == b"second"
            assert told.get(timeout=PATIENCE_SECONDS).startswith(port.name)  # now of the third
    loop.run(port.close)
    assert told.empty()


def test_a_driver_may_connect_anew_for_every_command(till: Till) -> None:
    for number in range(50):
        with till.connect() as client:
            client.sendall(b"%02d" % number)
            assert read_exactly(client, 2) == b"%02d" % number
    till.line.wait(lambda line: line.drops == 50)
    assert till.line.history == ["receive", "dropped"] * 50


def test_the_old_connection_is_read_to_the_end_first(till: Till) -> None:
    with till.connect() as first:
        first.sendall(b"first")
    with till.connect() as second:
        second.sendall(b"second")
        assert read_exactly(second, 6) == b"second"
    assert till.line.received == b"firstsecond"
    till.line.wait(lambda line: line.drops == 2)


def test_nothing_of_a_long_answer_outlives_its_client(till: Till) -> None:
    till.line.answer = lambda data: LONG_ANSWER if data == b"long" else data
    with till.connect() as first:
        first.sendall(b"long")
        till.line.wait(lambda line: line.received == b"long")
    till.line.wait(lambda line: line.drops == 1)
    with till.connect() as second:
        second.sendall(b"second")
        assert read_exactly(second, 6) == b"second"


def test_what_becomes_due_is_sent(till: Till) -> None:
    till.line.answer = lambda _: b""
    till.line.tick_answer = b"ready"
    with till.connect() as client:
        till.line.due_at = till.loop.loop.time() + 0.005
        client.sendall(b"request")
        assert read_exactly(client, 5) == b"ready"


def test_the_operator_wakes_the_till(till: Till) -> None:
    till.line.tick_answer = b"ready"
    with till.connect() as client:
        client.sendall(b"hello")
        assert read_exactly(client, 5) == b"hello"
        till.line.due_at = 0.0
        till.loop.run(till.port.wake)
        assert read_exactly(client, 5) == b"ready"


def test_what_is_sent_to_nobody_is_lost(till: Till) -> None:
    till.line.tick_answer = b"unheard"
    till.line.due_at = 0.0
    till.loop.run(till.port.wake)
    with till.connect() as client:
        client.sendall(b"heard")
        assert read_exactly(client, 5) == b"heard"
    assert till.line.ticks == 1


def test_a_closed_port_hangs_up_and_listens_no_more(till: Till) -> None:
    with till.connect() as client:
        client.sendall(b"hello")
        assert read_exactly(client, 5) == b"hello"
        till.loop.run(till.port.close)
        assert client.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        till.connect()
    assert till.line.drops == 0


def test_a_port_that_closes_while_a_client_comes_leaves_nothing_open(till: Till) -> None:
    before = len(os.listdir("/proc/self/fd"))
    client = till.loop.run(till.connect)
    till.loop.run(lambda: till.loop.loop.call_soon(lambda: till.loop.loop.call_soon(till.port.close)))
    till.loop.turn()
    till.loop.turn()
    client.close()
    assert len(os.listdir("/proc/self/fd")) == before - 1  # the listening socket


def test_a_port_that_is_taken_is_refused_with_the_remedy(till: Till) -> None:
    number = int(till.port.name.rpartition(":")[2])
    second: Port = TcpPort(till.loop.loop, FakeLine(), TcpAddress("127.0.0.1", number))
    with pytest.raises(PortError, match=rf"Cannot listen on 127\.0\.0\.1:{number}: .*use port 0 for any free port\."):
        till.loop.run(second.start)


def test_an_address_of_another_machine_is_refused(loop: LoopThread) -> None:
    port = TcpPort(loop.loop, FakeLine(), TcpAddress("192.0.2.1", 0))
    with pytest.raises(PortError, match=r"Use an address of this machine\."):
        loop.run(port.start)
    assert TcpPort(loop.loop, FakeLine(), TcpAddress("::1", 5555)).name == "[::1]:5555"


def test_what_a_client_wrote_that_left_before_its_turn_is_not_done(till: Till) -> None:
    with till.connect() as first:
        first.sendall(b"first")
        assert read_exactly(first, 5) == b"first"
        with till.connect() as waiting:
            waiting.sendall(b"abandoned")
    with till.connect() as last:
        last.sendall(b"last")
        assert read_exactly(last, 4) == b"last"
    assert b"abandoned" not in till.line.received
