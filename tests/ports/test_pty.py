"""Tills on real pseudo-terminals."""

import fcntl
import os
import select
import stat
import struct
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from kktsim.ports.inotify import TerminalWatcher
from kktsim.ports.line import Port, PortError
from kktsim.ports.parse import PtyAddress
from kktsim.ports.pty import PtyPort

from .fakes import PATIENCE_SECONDS, FakeLine, LoopThread

TIOCGEXCL = 0x80045440  # <asm-generic/ioctls.h>; the termios module has no name for it
LONG_ANSWER = bytes(range(256)) * 800  # 204 800 bytes; a terminal takes about 20 000


class Till:
    """A port, the line behind it, the loop below it."""

    def __init__(self, loop: LoopThread, line: FakeLine, port: PtyPort) -> None:
        self.loop = loop
        self.line = line
        self.port = port

    def open(self) -> int:
        """A client that changes nothing: not the attributes, not what is there to be read."""
        return os.open(self.port.name, os.O_RDWR | os.O_NOCTTY)

    def open_serial(self) -> serial.Serial:
        return serial.Serial(self.port.name, 115200, timeout=PATIENCE_SECONDS)


@pytest.fixture
def watcher(loop: LoopThread) -> Iterator[TerminalWatcher]:
    watcher = loop.run(lambda: TerminalWatcher(loop.loop))
    yield watcher
    loop.run(watcher.close)


@pytest.fixture
def till(loop: LoopThread, tmp_path: Path, watcher: TerminalWatcher) -> Iterator[Till]:
    line = FakeLine()
    line.clock = loop.loop.time
    port = PtyPort(loop.loop, line, PtyAddress(str(tmp_path / "till")), watcher)
    loop.run(port.start)
    yield Till(loop, line, port)
    loop.run(port.close)


def read_exactly(fd: int, count: int) -> bytes:
    data = b""
    while len(data) < count:
        assert select.select([fd], [], [], PATIENCE_SECONDS)[0], data
        data += os.read(fd, min(4096, count - len(data)))
    return data


def close_all(fds: list[int]) -> None:
    for fd in fds:
        os.close(fd)


def is_quiet(fd: int) -> bool:
    return not select.select([fd], [], [], 0)[0]


def test_a_driver_is_answered(till: Till) -> None:
    till.line.answer = bytes.upper
    with till.open_serial() as client:
        client.write(b"request")
        assert client.read(7) == b"REQUEST"


def test_all_bytes_pass_unchanged_both_ways(till: Till) -> None:
    with till.open_serial() as client:
        client.write(bytes(range(256)))
        assert client.read(256) == bytes(range(256))
    assert till.line.received == bytes(range(256))


def test_a_request_in_pieces_arrives_whole(till: Till) -> None:
    till.line.answer = lambda data: data if data.endswith(b".") else b""
    with till.open_serial() as client:
        for number, piece in enumerate([b"o", b"n", b"e", b"."], start=1):
            client.write(piece)
            till.line.wait(lambda line, count=number: len(line.received) == count)  # type: ignore[misc]
        assert client.read(1) == b"."
    assert till.line.received == b"one."


def test_a_driver_that_does_not_read_is_not_read(till: Till) -> None:
    till.line.answer = lambda data: LONG_ANSWER if data == b"long" else data
    client = till.open()
    os.write(client, b"long")
    till.line.wait(lambda line: line.received == b"long")
    os.write(client, b"short")
    termios.tcdrain(client)
    till.loop.turn()
    assert till.line.received == b"long"
    answer = b""
    while len(answer) < len(LONG_ANSWER):
        answer += read_exactly(client, 1024)
        till.loop.turn()
    assert answer == LONG_ANSWER
    assert read_exactly(client, 5) == b"short"
    os.close(client)


def test_what_the_till_sends_while_it_waits_follows_in_order(till: Till) -> None:
    till.line.answer = lambda _: LONG_ANSWER
    till.line.tick_answer = b"later"
    client = till.open()
    os.write(client, b"long")
    till.line.wait(lambda line: line.received == b"long")
    till.line.due_at = 0.0
    till.loop.run(till.port.wake)
    assert read_exactly(client, len(LONG_ANSWER) + 5) == LONG_ANSWER + b"later"
    os.close(client)


def test_the_next_client_does_not_read_an_answer_to_the_last_one(till: Till) -> None:
    first = till.open()
    os.write(first, b"first")
    till.line.wait(lambda line: line.received == b"first")
    select.select([first], [], [], PATIENCE_SECONDS)
    os.close(first)
    till.line.wait(lambda line: line.drops == 1)
    second = till.open()
    os.write(second, b"second")
    assert read_exactly(second, 6) == b"second"
    os.close(second)
    till.line.wait(lambda line: line.drops == 2)


def test_a_client_that_opens_before_the_close_was_seen_reads_nothing_stale(till: Till) -> None:
    first = till.open()
    os.write(first, b"first")
    select.select([first], [], [], PATIENCE_SECONDS)

    def reopen() -> int:
        os.close(first)
        return till.open()

    second = till.loop.run(reopen)  # on the loop, so that it sees both at once
    till.line.wait(lambda line: line.drops == 1)
    till.loop.turn()
    assert is_quiet(second)
    os.write(second, b"second")
    assert read_exactly(second, 6) == b"second"
    os.close(second)
    till.line.wait(lambda line: line.drops == 2)


def test_nothing_of_a_long_answer_outlives_its_client(till: Till) -> None:
    till.line.answer = lambda data: LONG_ANSWER if data == b"long" else data
    first = till.open()
    os.write(first, b"long")
    till.line.wait(lambda line: line.received == b"long")
    read_exactly(first, 100)
    os.close(first)
    till.line.wait(lambda line: line.drops == 1)
    second = till.open()
    os.write(second, b"second")
    assert read_exactly(second, 6) == b"second"
    till.loop.turn()
    assert is_quiet(second)
    os.close(second)


def test_what_a_client_wrote_before_it_closed_reaches_the_till(till: Till) -> None:
    def write_and_close() -> None:
        client = till.open()
        os.write(client, b"request")
        os.close(client)

    till.loop.run(write_and_close)
    till.line.wait(lambda line: line.drops == 1)
    assert till.line.received == b"request"
    assert till.line.history[-1] == "dropped"
    client = till.open()
    till.loop.turn()
    assert is_quiet(client)
    os.close(client)


def test_a_client_that_comes_while_the_last_one_is_seen_off_is_answered(till: Till) -> None:
    second = -1

    def answer(data: bytes) -> bytes:
        nonlocal second
        if data == b"first":
            second = till.open()
            os.write(second, b"second")
        return data

    def write_and_close() -> None:
        client = till.open()
        os.write(client, b"first")
        os.close(client)

    till.line.answer = answer
    till.loop.run(write_and_close)
    till.line.wait(lambda line: line.received == b"firstsecond")
    assert read_exactly(second, 6) == b"second"
    assert till.line.history == ["receive", "dropped", "receive"]
    os.close(second)


def test_a_till_whose_clients_were_lost_count_of_still_answers(till: Till) -> None:
    room = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    first, second = till.open(), till.open()

    def come_and_go() -> None:
        for _ in range(room // 4 + 1):  # an open and a close, each told of the terminal and of its directory
            os.close(till.open())

    till.loop.run(come_and_go)
    till.line.wait(lambda line: line.drops == 1)
    os.close(first)
    till.line.wait(lambda line: line.drops == 2)  # it was taken for the only one
    os.write(second, b"request")
    assert read_exactly(second, 7) == b"request"
    till.line.tick_answer, till.line.due_at = b"later", 0.0
    till.loop.run(till.port.wake)
    assert read_exactly(second, 5) == b"later"
    os.close(second)
    till.line.wait(lambda line: line.drops == 3)


def test_the_last_of_several_clients_ends_the_conversation(till: Till) -> None:
    clients = till.loop.run(lambda: [till.open() for _ in range(3)])
    till.loop.run(lambda: close_all(clients[:2]))
    till.loop.turn()
    assert till.line.drops == 0
    os.close(clients[2])
    till.line.wait(lambda line: line.drops == 1)


def test_clients_that_come_and_go_together_are_one_end(till: Till) -> None:
    clients = till.loop.run(lambda: [till.open() for _ in range(3)])
    till.loop.run(lambda: close_all(clients))
    till.line.wait(lambda line: line.drops == 1)
    till.loop.turn()
    assert till.line.drops == 1


def test_a_hundred_reconnects_are_a_hundred_ends(till: Till) -> None:
    for number in range(1, 101):
        client = till.open()
        os.write(client, b"%03d" % number)
        assert read_exactly(client, 3) == b"%03d" % number
        os.close(client)
    till.line.wait(lambda line: line.drops == 100)


def test_an_exclusive_client_leaves_the_port_usable(till: Till) -> None:
    client = till.open()
    fcntl.ioctl(client, termios.TIOCEXCL)
    os.close(client)
    till.line.wait(lambda line: line.drops == 1)
    client = till.open()
    assert struct.unpack("i", fcntl.ioctl(client, TIOCGEXCL, bytes(4))) == (0,)
    os.close(client)


def test_the_attributes_of_a_client_go_with_it(till: Till) -> None:
    client = till.open()
    attributes = termios.tcgetattr(client)
    cooked = [*attributes[:3], attributes[3] | termios.ECHO | termios.ICANON, *attributes[4:]]
    termios.tcsetattr(client, termios.TCSANOW, cooked)
    os.close(client)
    till.line.wait(lambda line: line.drops == 1)
    client = till.open()
    assert termios.tcgetattr(client)[3] & (termios.ECHO | termios.ICANON) == 0
    os.close(client)


def test_what_becomes_due_is_sent(till: Till) -> None:
    till.line.answer = lambda _: b""
    till.line.tick_answer = b"ready"
    with till.open_serial() as client:
        till.line.due_at = till.loop.loop.time() + 0.005
        client.write(b"request")
        assert client.read(5) == b"ready"


def test_a_deadline_that_stands_at_the_start_is_kept(
    loop: LoopThread, tmp_path: Path, watcher: TerminalWatcher
) -> None:
    line = FakeLine()
    line.due_at = 0.0
    port = PtyPort(loop.loop, line, PtyAddress(str(tmp_path / "till")), watcher)
    loop.run(port.start)
    line.wait(lambda line: line.ticks == 1)
    loop.run(port.close)


def test_what_is_sent_to_nobody_is_lost(till: Till) -> None:
    till.line.tick_answer = b"unheard"
    till.line.due_at = 0.0
    till.loop.run(till.port.wake)
    client = till.open()
    os.write(client, b"heard")
    assert read_exactly(client, 5) == b"heard"
    assert till.line.ticks == 1
    os.close(client)


def test_a_closed_port_hangs_up_on_its_client(till: Till) -> None:
    client = till.open()
    till.loop.run(till.port.close)
    select.select([client], [], [], PATIENCE_SECONDS)
    with pytest.raises(OSError, match=r"\[Errno 5\]"):
        os.write(client, b"request")
    os.close(client)
    assert not os.path.lexists(till.port.name)


def test_many_ports_share_one_watcher(loop: LoopThread, tmp_path: Path, watcher: TerminalWatcher) -> None:
    lines = [FakeLine() for _ in range(10)]
    ports = [PtyPort(loop.loop, line, PtyAddress(str(tmp_path / f"{i}")), watcher) for i, line in enumerate(lines)]
    for port in ports:
        loop.run(port.start)
    client = os.open(ports[3].name, os.O_RDWR | os.O_NOCTTY)
    os.close(client)
    lines[3].wait(lambda line: line.drops == 1)
    assert [line.drops for line in lines] == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    for port in ports:
        loop.run(port.close)


def test_a_port_that_cannot_start_leaves_nothing_open(
    loop: LoopThread, tmp_path: Path, watcher: TerminalWatcher
) -> None:
    port = PtyPort(loop.loop, FakeLine(), PtyAddress(str(tmp_path / "no" / "till")), watcher)
    before = os.listdir("/proc/self/fd")
    with pytest.raises(PortError, match=r"cannot be made: No such file or directory\. Choose another place\."):
        loop.run(port.start)
    assert os.listdir("/proc/self/fd") == before


def test_a_port_has_a_path_before_it_starts(loop: LoopThread, tmp_path: Path, watcher: TerminalWatcher) -> None:
    port: Port = PtyPort(loop.loop, FakeLine(), PtyAddress(str(tmp_path / "till")), watcher)
    assert port.name == str(tmp_path / "till")
    loop.run(port.close)


def test_the_link_leads_to_a_terminal(till: Till) -> None:
    assert os.path.islink(till.port.name)
    assert stat.S_ISCHR(os.stat(till.port.name).st_mode)


@pytest.mark.parametrize("pause", [lambda loop: loop.turn(), lambda _: None])
def test_a_driver_may_open_the_port_anew_for_every_command(till: Till, pause: Callable[[LoopThread], None]) -> None:
    for number in range(20):
        with till.open_serial() as client:
            client.write(b"%02d" % number)
            assert client.read(2) == b"%02d" % number
        pause(till.loop)
    till.line.wait(lambda line: line.drops == 20)
