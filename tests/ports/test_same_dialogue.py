"""One pyserial program, the same tills on every kind of port: the bytes that come back are the same."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
import serial

import kktsim.pyserial  # noqa: F401 - the URL kkt://
from kktsim.clock import ClockKind, parse_world
from kktsim.kkt_models import load_file
from kktsim.ports.parse import parse_address
from kktsim.serve import Server
from kktsim.testing.presets import build
from protocol.atol import link_v2_frame, link_v3

from .fakes import PATIENCE_SECONDS, LoopThread

pytestmark = pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")  # pyserial's rfc2217 does it

MODEL = """
extends = "evotor-st2f"
[settings]
x_report_seconds = 0.1
z_report_seconds = 0.1
"""
STATE, AT = "registered", "2026-11-22T10:00"
PASSWORD = b"\x00\x00"
PROBE_OF_ANOTHER_PLATFORM = bytes.fromhex("24 40 0D 00 20 01 F7 40 74 65 73 74 65")
ITEM = "EB 02" + "00 00 00 00 01 00 00" + "00 00 00 20 00" + "00 00 00 00 02 00 00" + "06" + "00" * 20 + "97 A0 A9"
"""Чай, 2 x 100.00, without VAT."""
DAY = (
    *("A5", "45", "3F", "91 12 00 00"),
    *("56 01 00 00 00 30", "9A 00", "45", "3F"),
    *("92 00 01", "EA 00 01 00", ITEM, "91 14 00 00", "99 00 01 00 00 05 00 00"),
    *("4A 00 01 00 00 00 00 00", "91 33 00 00", "4A 00 01 00 00 00 00 00"),
    *("48", "56 02 00 00 00 30", "67 01", "48"),  # 48 waits until the report is printed
    *("56 03 00 00 00 30", "5A", "48", "91 12 00 00", "A4 30", "3F"),
)


class Wire(Protocol):
    """What the program uses of pyserial."""

    def read(self, size: int = 1, /) -> bytes: ...
    def write(self, b: bytes, /) -> int | None: ...
    def close(self) -> None: ...


class Ear:
    """Reads and keeps all that it has read."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.heard = b""

    def one(self) -> bytes:
        byte = self._wire.read(1)
        assert byte, f"nothing came after {self.heard[-40:].hex(' ')}"
        self.heard += byte
        return byte


def speak_v3(wire: Wire) -> bytes:
    """A day by link v3; everything that the till said."""
    ear, decoder = Ear(wire), link_v3.Decoder()

    def hear(frame_id: int) -> bytes:
        while True:
            for number, data in decoder.feed(ear.one()):
                if number == frame_id:
                    assert data is not None
                    return data

    wire.write(PROBE_OF_ANOTHER_PLATFORM + link_v3.encode(0, b"\xc4"))
    hear(0)
    for task, command in enumerate(DAY, 1):
        wire.write(link_v3.encode(task, b"\xc1\x01" + bytes((task,)) + PASSWORD + bytes.fromhex(command)))
        assert hear(link_v3.ASYNC_ID)[1] == task
        wire.write(link_v3.encode(task + len(DAY), bytes((0xC2, task))))
        hear(task + len(DAY))
    return ear.heard


def speak_v2(wire: Wire) -> bytes:
    """The same by link v2."""
    ear = Ear(wire)

    def hear(control: bytes) -> None:
        assert ear.one() == control

    for command in DAY:
        wire.write(link_v2_frame.ENQ)
        hear(link_v2_frame.ACK)
        wire.write(link_v2_frame.encode(PASSWORD + bytes.fromhex(command)))
        hear(link_v2_frame.ACK)
        wire.write(link_v2_frame.EOT)
        hear(link_v2_frame.ENQ)
        wire.write(link_v2_frame.ACK)
        decoder = link_v2_frame.Decoder()
        while decoder.feed(ear.one()[0]) is None:
            continue
        wire.write(link_v2_frame.ACK)
        hear(link_v2_frame.EOT)
    return ear.heard


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A till that prints quickly."""
    file = tmp_path / "quick.toml"
    file.write_text(MODEL, encoding="utf-8")
    return file


@pytest.fixture
def serve(loop: LoopThread, model: Path) -> Iterator["Serve"]:
    """Serves a till of its own at a port, and tells what to open."""
    origin = build(load_file(model), STATE, parse_world(AT), ClockKind.FROZEN)
    servers: list[Server] = []

    def serve(port: str) -> str:
        servers.append(Server(origin.fork(), loop.loop))
        return loop.run(lambda: servers[-1].open(parse_address(port))).name

    yield serve
    for server in servers:
        loop.run(server.close)


Serve = Callable[[str], str]
Speak = Callable[[Wire], bytes]


def hear_everywhere(speak: Speak, serve: Serve, model: Path, link: Path) -> dict[str, bytes]:
    """What the till said at each kind of port."""
    places = {
        "pty": serve(f"pty:{link}"),
        "tcp": f"socket://{serve('tcp:0')}",
        "rfc2217": serve("rfc2217:0"),
        "kkt": f"kkt://?model-file={model}&state={STATE}&at={AT}&clock=frozen",
    }
    if speak is speak_v2:
        del places["tcp"]  # a network knows link v3 only
    heard = {}
    for kind, place in places.items():
        wire: Wire = serial.serial_for_url(place, baudrate=115_200, timeout=PATIENCE_SECONDS)
        heard[kind] = speak(wire)
        wire.close()
    return heard


@pytest.mark.parametrize("speak", [speak_v3, speak_v2], ids=["v3", "v2"])
def test_the_dialogue_is_the_same_on_every_port(speak: Speak, serve: Serve, model: Path, tmp_path: Path) -> None:
    """On a machine that is busy for half a second link v2 repeats itself: one whole attempt may differ."""
    for attempt in range(2):
        heard = hear_everywhere(speak, serve, model, tmp_path / f"kkt{attempt}")
        if len(set(heard.values())) == 1:
            break
    assert len(set(heard.values())) == 1, heard
    assert b"\x55\x9a\x00" in heard["pty"], "the second 4A must have been refused"
