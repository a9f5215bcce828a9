"""Tills on a COM port over the network: the telnet side alone, then pyserial's own client against a real port."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serial import rfc2217

from kktsim import __version__
from kktsim.ports.parse import Rfc2217Address
from kktsim.ports.rfc2217 import Rfc2217Line, Rfc2217Port

from .fakes import PATIENCE_SECONDS, FakeLine, LoopThread
from .telnet_streams import split, streams

pytestmark = pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")  # pyserial's client does it

DO_COM_PORT = b"\xff\xfd\x2c"
ALL_BYTES = bytes(range(256))
LINES_ROSE, LINES_FELL = "6B BB", "6B 0B"
"""CD, DSR and CTS, in the low half that they have changed; nobody rings."""


def command(text: str) -> bytes:
    """A command of the COM port: its number and value in hex, no byte of which is FF."""
    return b"\xff\xfa\x2c" + bytes.fromhex(text) + b"\xff\xf0"


class Power:
    """The till's switch."""

    is_on = True


class Com:
    """A COM port without a network."""

    def __init__(self) -> None:
        self.till = FakeLine()
        self.power = Power()
        self.line = Rfc2217Line(self.till, lambda: self.power.is_on)
        self.greeting = self.line.greeting()

    def says(self, *commands: str) -> list[str]:
        """Numbers and values that come back for commands, in hex."""
        return said(self.line.receive(b"".join(command(text) for text in commands)))


def said(stream: bytes) -> list[str]:
    parts = stream.split(b"\xff\xfa\x2c")
    assert parts[0] == b"" and all(part.endswith(b"\xff\xf0") for part in parts[1:]), stream
    return [part[:-2].hex(" ").upper() for part in parts[1:]]


def test_a_client_is_greeted_with_the_options() -> None:
    will_echo, will_go_ahead, do_binary, will_com_port = (
        b"\xff\xfb\x01",
        b"\xff\xfb\x03",
        b"\xff\xfd\x00",
        b"\xff\xfb\x2c",
    )
    assert Com().greeting == will_echo + will_go_ahead + do_binary + will_com_port


def test_unknown_options_are_declined() -> None:
    terminal_type, window_size = b"\xff\xfb\x18", b"\xff\xfd\x1f"
    assert Com().line.receive(terminal_type + window_size) == b"\xff\xfe\x18\xff\xfc\x1f"


def test_a_client_that_speaks_of_com_ports_is_told_the_modem_lines() -> None:
    assert said(Com().line.receive(DO_COM_PORT)) == [LINES_ROSE]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("01 00 00 25 80", "65 00 00 25 80"),
        ("01 00 00 00 00", "65 00 01 C2 00"),
        ("02 07", "66 07"),
        ("02 00", "66 08"),
        ("02 09", "66 08"),
        ("03 03", "67 03"),
        ("03 00", "67 01"),
        ("03 77", "67 01"),
        ("04 02", "68 02"),
        ("04 00", "68 01"),
        ("04 09", "68 01"),
        ("06", "6A 00"),
        ("07", "6B BB"),
        ("0A 10", "6E 10"),
        ("0B 30", "6F 30"),
        ("0C 01", "70 01"),
        ("0C 02", "70 02"),
        ("0C 03", "70 03"),
        ("00", "64 " + f"kktsim {__version__}".encode().hex(" ").upper()),
    ],
)
def test_a_command_is_confirmed_with_what_holds_now(asked: str, answer: str) -> None:
    assert Com().says(asked) == [answer]


@pytest.mark.parametrize(
    "asked", ["01 25 80", "02", "03", "04 01 01", "06 00 00", "0A", "0B 01 01", "0C", "0C 07", "00 41"]
)
def test_a_command_without_sense_is_not_answered(asked: str) -> None:
    com = Com()
    assert com.says(asked) == []
    assert com.says("02 00") == ["66 08"]


def test_settings_are_kept_until_the_next_client_comes() -> None:
    com = Com()
    com.says("01 00 00 25 80", "02 07", "03 03", "04 02")
    assert com.says("01 00 00 00 00", "02 00", "03 00", "04 00") == ["65 00 00 25 80", "66 07", "67 03", "68 02"]
    com.line.greeting()
    assert com.says("01 00 00 00 00", "02 00", "03 00", "04 00") == ["65 00 01 C2 00", "66 08", "67 01", "68 01"]


@pytest.mark.parametrize(
    ("asks", "settings", "at_first"),
    [
        ("00", ("01", "02", "03"), "01"),
        ("04", ("05", "06"), "06"),
        ("07", ("08", "09"), "09"),
        ("0A", ("0B", "0C"), "0C"),
        ("0D", ("0E", "0F", "10"), "0E"),
    ],
    ids=["flow", "break", "DTR", "RTS", "flow towards the client"],
)
def test_control_lines_are_set_confirmed_and_told(asks: str, settings: tuple[str, ...], at_first: str) -> None:
    com = Com()
    assert com.says(f"05 {asks}") == [f"69 {at_first}"]
    for setting in settings:
        assert com.says(f"05 {setting}", f"05 {asks}") == [f"69 {setting}"] * 2


def test_a_kind_of_flow_control_that_no_till_has_is_answered_with_the_kind_in_use() -> None:
    assert Com().says("05 02", "05 11", "05 13", "05") == ["69 02"] * 4


def test_the_modem_lines_fall_with_the_power_of_the_till() -> None:
    com = Com()
    com.line.receive(DO_COM_PORT)
    assert com.line.seconds_to_deadline() is None
    com.power.is_on = False
    assert com.line.seconds_to_deadline() == 0.0
    assert said(com.line.tick()) == [LINES_FELL]
    assert com.line.seconds_to_deadline() is None
    com.power.is_on = True
    assert said(com.line.receive(command("02 00"))) == ["66 08", LINES_ROSE]


def test_a_client_hears_only_of_the_modem_lines_in_its_mask() -> None:
    com = Com()
    com.line.receive(DO_COM_PORT)
    com.says("0B 40")
    com.power.is_on = False
    assert com.line.tick() == b""


def test_every_byte_passes_in_both_directions() -> None:
    com = Com()
    assert com.line.receive(ALL_BYTES + b"\xff") == ALL_BYTES + b"\xff"
    assert com.till.received == ALL_BYTES
    com.till.tick_answer = ALL_BYTES
    assert com.line.tick() == ALL_BYTES + b"\xff"


def test_a_suspended_flow_keeps_the_answers_until_it_is_resumed() -> None:
    com = Com()
    com.line.receive(command("08"))
    assert com.line.receive(b"one\xff\xff") == b""
    assert com.line.receive(b"two") == b""
    assert com.line.receive(command("09")) == b"one\xff\xfftwo"
    assert com.line.receive(b"three") == b"three"


def test_a_suspended_flow_keeps_no_more_than_a_buffer() -> None:
    com = Com()
    com.line.receive(command("08"))
    for _ in range(70):
        com.line.receive(b"x" * 1000)
    assert len(com.line.receive(command("09"))) == 65_536


@pytest.mark.parametrize(("purge", "left"), [("0C 01", b""), ("0C 02", b"kept"), ("0C 03", b"")])
def test_purging_forgets_what_the_till_has_sent(purge: str, left: bytes) -> None:
    com = Com()
    com.line.receive(command("08"))
    com.line.receive(b"kept")
    assert com.says(purge) == [f"70 {purge[3:]}"]
    assert com.line.receive(command("09")) == left


def test_the_till_hears_that_its_client_has_gone() -> None:
    com = Com()
    com.line.receive(b"half\xff")
    com.line.dropped()
    assert com.till.drops == 1
    com.line.greeting()
    assert com.line.receive(b"\xffwhole") == b"hole"  # IAC w: the former client's IAC is forgotten


@given(streams(), st.data())
def test_any_split_of_any_stream_gives_the_same_answers(stream: bytes, data: st.DataObject) -> None:
    whole, parts = Com(), Com()
    answer = whole.line.receive(stream)
    assert b"".join(parts.line.receive(part) for part in split(stream, data)) == answer
    assert parts.till.received == whole.till.received
    assert parts.line.com_port.baudrate == whole.line.com_port.baudrate


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_no_garbage_stops_the_port(garbage: list[bytes]) -> None:
    com = Com()
    for piece in garbage:
        com.line.receive(piece)
    com.line.receive(b"\xff\xf0\xff\xf0" + command("09"))
    com.till.received = b""
    assert com.line.receive(b"still here").endswith(b"still here")
    assert com.till.received == b"still here"


# ---- pyserial's client against a served port


class Till:
    """A port, the line behind it, the loop below it."""

    def __init__(self, loop: LoopThread, line: FakeLine, power: Power, port: Rfc2217Port) -> None:
        self.loop = loop
        self.line = line
        self.power = power
        self.port = port

    def open(self, **settings: Any) -> rfc2217.Serial:
        return rfc2217.Serial(self.port.name, timeout=PATIENCE_SECONDS, **settings)


@pytest.fixture
def till(loop: LoopThread) -> Iterator[Till]:
    line = FakeLine()
    line.clock = loop.loop.time
    power = Power()
    port = Rfc2217Port(loop.loop, line, Rfc2217Address("127.0.0.1", 0), lambda: power.is_on)
    loop.run(port.start)
    yield Till(loop, line, power, port)
    loop.run(port.close)


def test_the_port_is_named_by_the_url_that_opens_it(till: Till) -> None:
    assert till.port.name.startswith("rfc2217://127.0.0.1:")


def test_pyserial_opens_it_with_any_settings(till: Till) -> None:
    with till.open(baudrate=57_600, bytesize=7, parity="E", stopbits=2, rtscts=True) as client:
        client.write(ALL_BYTES)
        assert client.read(256) == ALL_BYTES
        client.baudrate = 9600
        client.rtscts, client.xonxoff = False, True
        client.dtr = client.rts = False
        client.reset_input_buffer()
        client.break_condition = True
        client.write(b"after")
        assert client.read(5) == b"after"


def test_pyserial_sees_the_lines_of_a_till_with_a_cable(till: Till) -> None:
    with till.open() as client:
        assert (client.cts, client.dsr, client.cd, client.ri) == (True, True, True, False)
        till.power.is_on = False
        till.loop.run(till.port.wake)
        till.line.tick_answer, till.line.due_at = b"x", 0.0
        till.loop.run(till.port.wake)
        assert client.read(1) == b"x"
        assert (client.cts, client.dsr, client.cd, client.ri) == (False, False, False, False)


def test_the_next_client_finds_a_port_of_its_own(till: Till) -> None:
    with till.open(parity="E") as client:
        client.write(b"first")
        assert client.read(5) == b"first"
    till.line.wait(lambda line: line.drops == 1)
    with till.open() as client:
        client.write(b"second")
        assert client.read(6) == b"second"


def test_a_client_without_telnet_is_served_all_the_same(till: Till) -> None:
    host, _, number = till.port.name.removeprefix("rfc2217://").partition(":")
    with socket.create_connection((host, int(number)), PATIENCE_SECONDS) as client:
        client.sendall(b"\xff\xf0\xff\xfa\x2c\x03\xff\xf0plain")
        came = b""
        while not came.endswith(b"plain"):
            came += client.recv(100)
    assert till.line.received == b"plain"
