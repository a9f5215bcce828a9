"""An Evotor terminal's own way with its till, on both Evotor models: start of the driver, a sale, the OFD screen.

The terminal counts frame and task ids up to DC, adds tasks with flags 01, acknowledges results, and after an error
sends Abort and opens its stream again: an empty command in a frame DE, which is answered A8.
"""

import re
import tomllib
from pathlib import Path

import pytest

from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.device.kkt import DAY_SECONDS, to_datetime
from kktsim.testing.presets import build

from .talk import ASYNC, Talk, told

DIALOGUE = tomllib.loads(Path(__file__).with_name("evotor_habits.toml").read_text("utf-8"))
EVOTORS = ("evotor-st2f", "evotor-st3f")
LAST_ID = 0xDC
STREAM = "C1 05 DE"
AT = 1_790_000_000.0


class Terminal:
    """The terminal's driver: one command after the other."""

    def __init__(self, bench: Bench) -> None:
        self.talk = Talk(bench)
        self._id = 0
        self.names = {
            "model": f"{bench.kkt.model.model:02X}",
            "today": to_datetime(bench.world).strftime("%d %m %y"),
            "time": to_datetime(bench.world).strftime("%H %M %S"),
        }

    def starts(self) -> None:
        """Abort, then the stream."""
        assert self.talk.v3(self._next(), "C4")[0][1] == "A3"
        assert self.talk.v3(0xDE, STREAM) == [(0xDE, "A8")]

    def asks(self, command: str) -> str:
        """The reply to a command, in hex; after an error everything is aborted."""
        task = number = self._next()
        sync, *later = self.talk.add(task, command, frame_id=number)
        assert sync == (number, "A2")
        while not later:
            later = told(self.talk.waits(0.1))
        [(source, result)] = later
        state, culprit, reply = result.split(" ", 2)
        assert (source, culprit) == (ASYNC, f"{task:02X}")
        if state == "A7":
            self.starts()
        else:
            assert self.talk.v3(self._next(), bytes((0xC2, task)))[0][1] == "A3"
        return reply

    def plays(self, act: str) -> None:
        """Say every request of an act; each must be answered as the terminal needs it."""
        for line in DIALOGUE[act]:
            request = line["request"].format(**self.names)
            wanted = line["answer"].format(**self.names)
            reply = self.asks(request)
            assert _pattern(wanted).fullmatch(reply), f"{request} ({line.get('about', act)}): {reply}, not {wanted}"

    def _next(self) -> int:
        number, self._id = self._id, 0 if self._id == LAST_ID else self._id + 1
        return number


def _pattern(answer: str) -> re.Pattern[str]:
    parts = {"..": "[0-9A-F]{2}", "*": ".*"}
    return re.compile(" ".join(parts.get(part, part) for part in answer.split()).replace(" .*", "( .*)?"))


@pytest.fixture(params=EVOTORS)
def bench(request: pytest.FixtureRequest) -> Bench:
    """Three days after the registration; the till's clock was lost on the way and shows the day of the registration."""
    bench = build(kkt_models.load(request.param), "registered", AT, ClockKind.FROZEN, virtual=True)
    bench.set_world(AT + 3 * DAY_SECONDS)
    terminal = Terminal(bench)
    for command in ("48", to_datetime(AT).strftime("64 %d %m %y")):
        assert terminal.asks(command) == "55 00 00"
    return bench


def test_the_terminal_starts_sells_and_looks_at_the_ofd(bench: Bench) -> None:
    terminal = Terminal(bench)
    terminal.starts()
    terminal.plays("start")
    for command in ("48", "56 01 00 00 00 30", "9A 00"):
        assert terminal.asks(command) == "55 00 00"
    terminal.plays("sale")
    terminal.plays("ofd")
    assert bench.kkt.memory.mirror.document_number == 3


def test_running_receipt_numbers_outlive_the_shift(bench: Bench) -> None:
    terminal = Terminal(bench)
    for command in ("48", "56 01 00 00 00 30", "9A 00"):
        assert terminal.asks(command) == "55 00 00"
    terminal.plays("sale")
    number = terminal.asks("91 13 00 00")[12:17]
    for command in ("48", "56 03 00 00 00 30", "5A"):
        assert terminal.asks(command) == "55 00 00"
    assert terminal.asks("91 13 00 00")[12:17] == number == "00 02"


def test_the_two_serial_numbers_are_different_numbers(bench: Bench) -> None:
    terminal = Terminal(bench)
    unit = bytes.fromhex(terminal.asks("3F"))[10:14].hex()
    serial = bytes.fromhex(terminal.asks("91 16 00 00"))[2:].hex()
    assert unit.startswith("00")
    assert serial.startswith("0030")
    assert unit not in serial
