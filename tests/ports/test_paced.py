"""Bytes on a serial line take their time, both ways, and none is lost, doubled or turned round."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.host.loop_wire import LoopWire
from kktsim.host.till import Till
from kktsim.ports.paced import FIFO_BYTES, PacedLine

MakeBench = Callable[..., Bench]
BAUD = 9600
BYTE = 10 / BAUD
"""Seconds of one byte: start bit, eight bits, stop bit."""


class Echo:
    """A till that says everything back."""

    def __init__(self) -> None:
        self.heard = b""
        self.own: bytes | None = None
        self.is_dropped = False

    def receive(self, data: bytes, /) -> bytes:
        self.heard += data
        return data

    def tick(self) -> bytes:
        said, self.own = self.own or b"", None
        return said

    def seconds_to_deadline(self) -> float | None:
        return None if self.own is None else 0.0

    def dropped(self) -> None:
        self.is_dropped = True


class Watch:
    """A clock of the test's own."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time


class Wire:
    def __init__(self) -> None:
        self.echo, self.watch = Echo(), Watch()
        self.line = PacedLine(self.echo, lambda: BAUD, self.watch.now)

    def arrivals(self) -> list[tuple[float, bytes]]:
        """When which bytes come back, in seconds from now, until the line is quiet."""
        began, came = self.watch.time, []
        while (seconds := self.line.seconds_to_deadline()) is not None:
            self.watch.time += seconds
            data = self.line.tick()
            if data:
                came.append((self.watch.time - began, data))
        return came


def test_a_byte_takes_ten_bits_there_and_ten_back() -> None:
    wire = Wire()
    assert wire.line.receive(b"A") == b""
    assert wire.echo.heard == b""
    [(at, data)] = wire.arrivals()
    assert data == b"A" and at == pytest.approx(2 * BYTE)


def test_what_is_long_comes_in_pieces_of_a_uart() -> None:
    wire = Wire()
    data = bytes(range(2 * FIFO_BYTES + 5))
    wire.line.receive(data)
    came = wire.arrivals()
    assert [len(piece) for _, piece in came] == [FIFO_BYTES, FIFO_BYTES, 5]
    assert [at for at, _ in came] == pytest.approx([(len(data) + end) * BYTE for end in (16, 32, 37)])


def test_what_is_said_while_the_line_is_taken_waits_for_its_end() -> None:
    wire = Wire()
    wire.line.receive(b"one")
    wire.watch.time += BYTE
    wire.line.receive(b"two")
    assert [at for at, _ in wire.arrivals()] == pytest.approx([5 * BYTE, 8 * BYTE])


def test_what_the_till_says_by_itself_takes_its_time_too() -> None:
    wire = Wire()
    wire.echo.own = b"A6"
    [(at, data)] = wire.arrivals()
    assert data == b"A6" and at == pytest.approx(2 * BYTE)


def test_a_driver_that_closes_is_heard_to_the_end_and_told_nothing() -> None:
    wire = Wire()
    wire.line.receive(b"bye")
    wire.line.dropped()
    assert wire.echo.heard == b"bye" and wire.echo.is_dropped
    assert wire.line.seconds_to_deadline() is None


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=40), st.floats(0, 0.1)), max_size=10))
def test_whatever_is_written_comes_back_whole_and_in_order(writes: list[tuple[bytes, float]]) -> None:
    wire = Wire()
    came = b""
    for data, pause in writes:
        came += wire.line.receive(data)
        wire.watch.time += pause
        came += wire.line.tick()
    came += b"".join(data for _, data in wire.arrivals())
    assert came == wire.echo.heard == b"".join(data for data, _ in writes)


@pytest.mark.parametrize("link", ["v2", "v3"])
def test_a_till_is_served_over_a_slow_line(make_bench: MakeBench, link: str) -> None:
    bench = make_bench("registered")
    bench.kkt.memory.tables[9, 1, 2] = b"\x04"
    bench.power_off()
    bench.power_on()
    line = PacedLine(bench.open_line(), lambda: bench.executor.baud, bench.clock.now)
    till = Till(LoopWire(line, bench.clock), link=link)
    began = bench.clock.now()
    assert till.send(b"\x3f")[0] == 0x44
    assert bench.clock.now() - began > 40 * BYTE
