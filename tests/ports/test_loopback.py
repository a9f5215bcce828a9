"""The port in process, with the caller's clock."""

from kktsim.ports.line import Port
from kktsim.ports.loopback import Loopback

from .fakes import FakeLine


def test_what_is_written_is_answered_when_it_is_read() -> None:
    port = Loopback(FakeLine(bytes.upper))
    port.write(b"ab")
    port.write(b"c")
    assert port.read() == b"ABC"
    assert port.read() == b""


def test_the_caller_moves_the_clock_to_the_deadline() -> None:
    line = FakeLine()
    line.due_at, line.tick_answer = 0.5, b"late"
    port = Loopback(line)
    port.wake()
    assert (port.seconds_to_deadline(), port.read()) == (0.5, b"")
    line.clock = lambda: 0.5
    port.wake()
    assert (port.seconds_to_deadline(), port.read()) == (None, b"late")


def test_the_next_client_does_not_read_the_answers_of_a_dropped_one() -> None:
    line = FakeLine()
    port = Loopback(line)
    port.write(b"request")
    port.drop()
    assert (port.read(), line.drops) == (b"", 1)


def test_it_is_a_port_like_the_others() -> None:
    port: Port = Loopback(FakeLine())
    port.start()
    port.close()
    assert port.name == "loopback"
