"""Tills whose every organ has been set to what no new till has, and how such a mark is read again.

A `Stage` is a till with its terminal. It is marked by commands at its port and by the operator's hands, and read on a
fork, so that reading leaves no trace.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world
from kktsim.hands.bench import BenchHands
from kktsim.host.loop_wire import LoopWire
from kktsim.host.till import Till
from kktsim.kkt_models import load
from kktsim.terminal.memory import TabletMemory
from kktsim.terminal.terminal import Terminal
from kktsim.testing.presets import build
from protocol.atol.kkt_codes import E
from protocol.atol.settings_tables import NUMBERS, Field, Kind, Write
from protocol.ffd.tags import T
from scenarios import routine
from scenarios.at_terminal import CARD, DEAD, DONE, SELL

AT = "2026-03-02T12:00"
EVOTOR, ATOL = "evotor-st2f", "atol-77f"
ACCESS_PASSWORD, ADMINISTRATOR = bytes.fromhex("12 34"), "00 11 22 33"
PASSWORDS = (bytes(2), ACCESS_PASSWORD)
NO_CLOCK, LOST_MEMORY = (0x57, 0x67), (0x97, 0xA7)
AHEAD_SECONDS = 3 * 3600.0
"""How wrong the clocks are."""
RESTART_SECONDS = 6.0
OPERATORS, MAC_ADDRESS = 3, (2, 1, 87)
OTHER_ROWS = frozenset({(2, 1, 18), (2, 1, 23), (2, 1, 110), (9, 1, 2), (9, 2, 2), (19, 1, 1), (19, 1, 2), (19, 1, 4)})
"""Fields that are rows of their own in the table of resets."""
LEFT_ALONE = frozenset({(2, 1, 85), (2, 1, 114), (2, 1, 115), (2, 1, 121), (2, 1, 123)})
"""Link, rules of taxes and cash, buffer, FFD: with other values the marking would go another way."""
TAX_SYSTEMS = b"\x06"
GOODS = "Кофе"


class Asker:
    """A host at a new port, which knows the passwords that there may be."""

    def __init__(self, bench: Bench) -> None:
        for password in PASSWORDS:
            self._till = Till(LoopWire(bench.open_line(), bench.clock), password=password)
            if self.send(b"\x45")[1:2] != bytes((E.WRONG_PASSWORD,)):
                return
        raise AssertionError("no access password is right")

    def send(self, command: bytes) -> bytes:
        """The whole reply."""
        return self._till.send(command)

    def code(self, typed: str) -> int:
        """How a command is answered."""
        reply = self.send(bytes.fromhex(typed))
        return reply[1] if reply[:1] == b"\x55" else 0

    def does(self, *typed: str) -> None:
        """Commands that must be done."""
        for one in typed:
            code = self.code(one)
            assert code == 0, f"{one} is answered {E(code).name}"

    def enter(self, mode: int) -> bool:
        """Leave the mode and enter another, by one of the passwords; whether that was done."""
        return self.code("48") == 0 and any(
            self.code(f"56 0{mode} {password}") == 0 for password in ("00 00 00 30", ADMINISTRATOR)
        )

    @property
    def mode_byte(self) -> int:
        """What 45h tells."""
        return self.send(b"\x45")[1]


@dataclass(slots=True)
class Stage:
    """A till, and what the tablet in front of it keeps."""

    bench: Bench
    tablet: TabletMemory

    def fork(self) -> "Stage":
        """The same once more."""
        return Stage(self.bench.fork(), self.tablet.copy())

    @property
    def hands(self) -> BenchHands:
        """The operator's."""
        return BenchHands(self.bench)

    @property
    def asker(self) -> Asker:
        """A host at a new port."""
        return Asker(self.bench)

    @property
    def terminal(self) -> Terminal:
        """The terminal, which keeps what it learns."""
        return Terminal(self.asker, lambda: self.bench.world, self.hands, memory=self.tablet)

    def restart(self) -> None:
        """Switch the till off and on."""
        self.hands.power_off()
        self.hands.power_on()

    def wait(self) -> None:
        """Let the till come up, or print to the end."""
        self.bench.clock.wait(RESTART_SECONDS)
        assert self.bench.state().is_on

    def set_clock(self) -> None:
        """Enter date and time where they are lost, later than any document."""
        asker = self.asker
        if asker.mode_byte in NO_CLOCK:
            asker.does("64 02 03 26", "4B 23 00 00")


@cache
def _new(model: str, settings: tuple[tuple[str, Any], ...]) -> Bench:
    till = load(model)
    till = replace(till, settings=replace(till.settings, **dict(settings)))
    return build(till, "factory", parse_world(AT), ClockKind.FROZEN, virtual=True)


def factory(model: str = EVOTOR, **settings: Any) -> Stage:
    """A new till and a new tablet."""
    return Stage(_new(model, tuple(sorted(settings.items()))).fork(), TabletMemory())


# ---- marks of the healthy till


def evening(stage: Stage) -> None:
    """One shift was worked and closed; everything that can be set is set, and nothing was sent to the OFD."""
    stage.hands.ofd_down()
    asker = stage.asker
    _register(asker)
    asker.does("48", f"6D 02 {stage.hands.passport_code(2)}")
    asker.enter(3)
    asker.does("77", "48", "64 02 03 26", "4B 15 00 00")
    _work_with_the_tablet(stage)
    work(asker)
    if MAC_ADDRESS in stage.bench.kkt.model.tables.fields:
        asker.enter(4)
        asker.does("50 02 0001 57 02 00 00 00 00 01", "50 02 00 01 79 02")
    asker.enter(3)
    asker.does("5A")
    stage.wait()
    asker.enter(4)
    asker.does("8A 00", "8B FF", "9E", "C1 40 01" + "00" * 12 + "31")
    for command in written(stage):
        asker.does(command)
    asker.does("48")


def _register(asker: Asker) -> None:
    """The test shop, with two tax systems, and one requisite more that comes too late for the report."""
    asker.enter(4)
    asker.does(f"50 13 00 01 01 {b'10.1.2.3'.ljust(64).hex()}", "50 13 00 01 02 1E 62", "50 13 00 01 04 02")
    asker.enter(6)
    told = dict(routine.REQUISITES) | {
        T.TAX_SYSTEMS: TAX_SYSTEMS,
        T.REGISTRATION_NUMBER: routine.registration_number(asker),  # type: ignore[arg-type]
    }
    for tag, value in told.items():
        routine.write_requisite(asker, tag, value)  # type: ignore[arg-type]
    asker.does("A6")
    routine.write_requisite(asker, T.MACHINE_NUMBER, b"A-17")  # type: ignore[arg-type]
    asker.does("48")


def _work_with_the_tablet(stage: Stage) -> None:
    """A goods card, a wrong clock, and a sale in which the program died."""
    terminal = stage.terminal
    terminal.memory.ahead_seconds = AHEAD_SECONDS
    assert terminal.choose(CARD, GOODS, "55.50", "НДС 10%", None, None, None) == (DONE,)
    terminal.die_after(0x92)
    assert terminal.choose(SELL, GOODS, None, None, "УСН доход") == (DEAD,)
    stage.asker.does("59")


def work(asker: Asker) -> None:
    """A shift with a discount, a receipt that is cancelled, cash in and cash out."""
    asker.enter(1)
    item = "52 00 0000010000 0000001000 00"
    named = "E8 00 01 00 1F 04 01 00 02"
    asker.does("92 00 01", named, item, "43 00 01 01 00 0000000700", "4A 00 01 0000000000")
    asker.does("92 00 01", named, item, "59", "49 00 0000005000", "4F 00 0000000300", "48")


def written(stage: Stage) -> Iterator[str]:
    """50h for every field that may be written, each with a value that a new till does not have."""
    model = stage.bench.kkt.model
    yield from ("50 02 00 01 6E 02", "50 02 00 01 12 04", "50 09 00 01 02 04", "50 03 00 05 01 00 00 77 05")
    yield _write((3, 5, 2), "Кассир Петрова".encode("cp866").ljust(57))
    for place in places(stage):
        if place in LEFT_ALONE:
            continue
        default = model.tables.defaults.get(place) or model.tables.fields[place].default(place[1])
        value = other_value(model.tables.fields[place], default)
        if value is not None:
            yield _write(place, value)


def _write(place: tuple[int, int, int], value: bytes) -> str:
    return f"50 {place[0]:02X} {place[1]:04X} {place[2]:02X} {value.hex()}"


def other_value(field: Field, default: bytes) -> bytes | None:
    """A legal value that is not the default; None: there is none."""
    return next((value for value in _values(field) if value != default and field.is_legal(value)), None)


def _values(field: Field) -> Iterable[bytes]:
    if field.kind in NUMBERS:
        is_wide = field.width > 1 and field.kind is not Kind.HEAD
        return map(field.encode, (*range(2, 8), 1, 0, 50, *((1102,) if is_wide else ())))
    if field.kind in (Kind.CHAR, Kind.ASCII):
        return [b"MARK".ljust(field.width)[: field.width]]
    samples = {Kind.DATE: "01 02 03", Kind.TIME: "02 34", Kind.IP: "0A 01 02 03", Kind.BYTES: "02 00 00 00 00 01"}
    return [bytes.fromhex(samples[field.kind])]


def places(stage: Stage) -> list[tuple[int, int, int]]:
    """The fields of the row «tables»."""
    fields = stage.bench.kkt.model.tables.fields
    written_by_50h = {place for place, field in fields.items() if field.write in (Write.FREE, Write.CLOSED)}
    return sorted(place for place in written_by_50h - OTHER_ROWS if place[0] != OPERATORS)


def day(stage: Stage) -> None:
    """The evening, and another shift is open."""
    evening(stage)
    work(stage.asker)
