"""What can be done to a till, its FN and its network in a random history of its exchange with the OFD.

A deed is data, so that a history can be played again without some of its deeds: what is not possible at its time is
left out.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from kktsim.bench import Bench
from kktsim.ofd.failures import NETWORK_FAILURES, Failure, FailurePlan, Planned
from kktsim.ofd.hosts import OFD_NAME, Kind, Place
from kktsim.ofd.network import Uplink
from kktsim.power import PowerCut
from kktsim.testing.ofd_calls import Fate, Script
from kktsim.testing.ofd_judge import Judge
from kktsim.testing.power_cuts import Command, watch
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import CancelReceipt, CashIn
from protocol.atol.commands.service import ServicePrint, ServiceSlip
from protocol.atol.commands.tables import WriteTable
from scenarios import routine
from scenarios.routine import Refused

MINUTE, HOUR, DAY = 60, 3600, 86_400
LONGEST_LIFE = 300 * DAY
"""The FN's term must not end in it."""
CHANNEL, WAIT_MINUTES, PAUSE_SECONDS = 4, 12, 13
"""Fields of table 19."""
AS_NEW = {CHANNEL: 1, WAIT_MINUTES: 5, PAUSE_SECONDS: 30}
_FOR_EVER = 0
"""How often a failure strikes that stays until it is cleared."""


class NoPowerError(Exception):
    """The till is off."""


class CountingPlan(FailurePlan):
    """A plan that counts how often each failure has struck."""

    __slots__ = ("_struck",)

    def __init__(self, struck: Counter[str]) -> None:
        super().__init__()
        self._struck = struck

    def strike(self, *which: Any, **how: Any) -> Planned | None:
        """As of any plan."""
        planned = super().strike(*which, **how)
        if planned is not None:
            self._struck[planned.failure] += 1
        return planned


class Deed(NamedTuple):
    """Something that is done: its name in `DEEDS`, and with what."""

    name: str
    arguments: tuple[int, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.name, *map(str, self.arguments)))


@dataclass
class Life:
    """A till under random deeds. ``struck``: how often each failure did."""

    bench: Bench
    struck: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        bench, fn = self.bench, self.bench.fn
        assert fn is not None
        self.fn = fn
        self.judge = Judge(fn, bench.network.server.store)
        self.began = bench.world
        self.script = Script(bench.network)
        self.instants = watch(bench)
        bench.network.failures = {uplink: CountingPlan(self.struck) for uplink in Uplink}
        bench.network.server.failures = CountingPlan(self.struck)

    def play(self, deed: Deed) -> None:
        """Do something, and what is due behind it."""
        try:
            with suppress(Refused, NoPowerError):
                DEEDS[deed.name].do(self, *deed.arguments)
            self.bench.run_due()
        except PowerCut:
            self.instants.fatal = 0
            self.bench.cut_power()
            self.struck["power cut"] += 1

    def send(self, command: bytes) -> bytes:
        """A host's command; the reply. Raises NoPowerError, PowerCut."""
        if not self.bench.kkt.is_on:
            raise NoPowerError
        return Command(command).play(self.bench)

    def close(self) -> None:
        """There is no port to close."""

    def drop(self) -> None:
        """There is no port to close."""

    @property
    def shift_is_open(self) -> bool:
        """Whether the till knows of an open shift."""
        return self.bench.kkt.memory.mirror.shift_is_open

    # ---- what a host does

    def cancel(self) -> None:
        """59h, unless the FN may have closed the receipt unheard: who gives such a one up has a till that is locked."""
        if self.bench.kkt.memory.intent is None:
            self.send(CancelReceipt().to_wire())

    def sell(self, receipts: int, kopecks: int) -> None:
        """Some receipts, in a shift that is opened for them."""
        self.cancel()
        if not self.shift_is_open:
            routine.open_shift(self)
        for number in range(receipts):
            routine.open_receipt(self)
            routine.add_item(self, kopecks + number)
            routine.close_receipt(self)

    def bring_cash(self, kopecks: int) -> None:
        """49h: no document."""
        routine.enter(self, Mode.REGISTRATION)
        routine.ask(self, CashIn(sum_kopecks=kopecks))

    def close_shift(self) -> None:
        """The Z report."""
        self.cancel()
        routine.close_shift(self)

    def diagnose(self) -> None:
        """82h 01 06 00."""
        routine.leave(self)
        routine.ask(self, ServicePrint(type=ServiceSlip.OFD_DIAGNOSTICS))

    def program(self, number: int, value: int) -> None:
        """A field of table 19."""
        self.cancel()
        routine.enter(self, Mode.PROGRAMMING)
        routine.ask(self, WriteTable(table=19, field=number, value=bytes((value,))))
        routine.leave(self)

    # ---- what hands and the world do

    def lose_power(self, instant: int) -> None:
        """The power fails when so many things have passed between till, FN and host."""
        self.instants.names.clear()
        self.instants.fatal = instant

    def pull_out(self, swaps: int) -> None:
        """The FN is out, or another one is in its place."""
        if self.bench.fn is self.fn:
            self.bench.swap() if swaps else self.bench.unplug()

    def put_back(self) -> None:
        """The FN is in its place."""
        bench = self.bench
        if bench.fn is not self.fn:
            if bench.fn is not None:
                bench.unplug()
            bench.plug(self.fn.number)

    def wait(self, seconds: int) -> None:
        """Time goes by."""
        self.bench.advance(max(min(seconds, self.began + LONGEST_LIFE - self.bench.world), 0))

    def plan(self, which: int, times: int, percent: int, seed: int, scope: int, seconds: int) -> None:
        """A failure. ``scope``: 0 for none, 1 for this till, more: from the document on that is so much ahead."""
        failure = tuple(Failure)[which]
        scoped = scope > 1
        planned = Planned(
            failure,
            None if times == _FOR_EVER else times,
            self.fn.state.document_number + scope - 1 if scoped else None,
            percent,
            seed,
            self.fn.number if scope == 1 else None,
            seconds,
        )
        network = self.bench.network
        (network.failures[network.uplink] if failure in NETWORK_FAILURES else network.server.failures).add(planned)

    def cut(self, to_operator: int, to_till: int, is_silent: int, stands_after: int) -> None:
        """The next connection is late, and dies; 0: not in this direction."""
        fate = Fate(to_operator or None, to_till or None, bool(is_silent), float(stands_after))
        self.script.fates.append(fate)

    def set_host(self, which: int) -> None:
        """The operator's name leads elsewhere."""
        kind = (Kind.INNER, Kind.UNKNOWN, Kind.UNREACHABLE)[which]
        self.bench.network.hosts.set(OFD_NAME, Place(kind))

    def make_right(self) -> None:
        """Nothing is wrong any more; raises Refused when the till cannot be set right."""
        bench = self.bench
        self.instants.fatal = 0
        self.script.fates.clear()
        bench.network.clear()
        bench.network.uplink = Uplink.WIFI
        self.set_host(0)
        bench.mend_cable()
        self.put_back()
        if bench.kkt.memory.intent is not None:
            bench.power_off()
        bench.power_on()
        for number, value in AS_NEW.items():
            self.program(number, value)


class Way(NamedTuple):
    """A kind of deed: how often it is done, with what, and how."""

    weight: int
    draw: Callable[[Random], tuple[int, ...]]
    do: Callable[..., None]


TIMES = (*(1, 1, 2, 2, 3, 5) * 3, 20, _FOR_EVER)
SPANS = (*(MINUTE, 10 * MINUTE, HOUR) * 6, *(DAY,) * 3, 10 * DAY)
"""Seconds, of which a part goes by."""


def _setting(random: Random) -> tuple[int, int]:
    return random.choice(
        (
            *((CHANNEL, channel) for channel in (1, 1, 1, 1, 2, 5, 5)),
            *((WAIT_MINUTES, minutes) for minutes in (1, 2, 5)),
            *((PAUSE_SECONDS, seconds) for seconds in (1, 5, 30, 120)),
        )
    )


def _failure(random: Random) -> tuple[int, ...]:
    times, percent = random.choice(TIMES), random.choice((100, 100, 10, 30, 80))
    scope = random.choice((0, 0, 0, 1, 2, 4))
    seconds = random.choice((0, 1, 30, 59, 61, 299, 301, 1000))
    return random.randrange(len(Failure)), times, percent, random.randrange(2**31), scope, seconds


def _cut(random: Random) -> tuple[int, ...]:
    is_late = random.random() < 0.3
    directions = random.choice(((random.randrange(1, 700), 0), (0, random.randrange(1, 200))))
    return *directions, int(random.random() < 0.3), random.choice((1, 29, 31)) if is_late else 0


def _instant(random: Random) -> tuple[int]:
    return (random.choice((1, 3, 10, 40, 100, 300)) + random.randrange(40),)


def _noise(random: Random) -> tuple[int, ...]:
    percents = (0, 30, 90)
    return random.choice(percents), random.choice(percents), random.randrange(99), random.randrange(1, 30)


def _none(random: Random) -> tuple[int, ...]:
    return ()


DEEDS: Mapping[str, Way] = {
    "sell": Way(40, lambda random: (random.choice((1, 1, 2, 5)), random.randrange(1, 100_000)), Life.sell),
    "close shift": Way(8, _none, Life.close_shift),
    "bring cash": Way(3, lambda random: (random.randrange(1, 100_000),), Life.bring_cash),
    "diagnose": Way(4, _none, Life.diagnose),
    "program": Way(5, _setting, Life.program),
    "lose power": Way(8, _instant, Life.lose_power),
    "switch off": Way(2, _none, lambda life: life.bench.power_off()),
    "switch on": Way(12, _none, lambda life: life.bench.power_on()),
    "pull FN out": Way(4, lambda random: (int(random.random() < 0.3),), Life.pull_out),
    "put FN back": Way(8, _none, Life.put_back),
    "noise": Way(3, _noise, lambda life, *noise: life.bench.make_noise(*noise)),
    "cut cable": Way(1, _none, lambda life: life.bench.cut_cable()),
    "mend cable": Way(3, _none, lambda life: life.bench.mend_cable()),
    "wait": Way(30, lambda random: (int(random.choice(SPANS) * random.random()) + 1,), Life.wait),
    "fail": Way(45, _failure, Life.plan),
    "cut connection": Way(10, _cut, Life.cut),
    "clear": Way(
        4,
        lambda random: (random.randrange(len(Failure)),),
        lambda life, which: life.bench.network.server.failures.clear(tuple(Failure)[which]),
    ),
    "clear all": Way(8, _none, lambda life: life.bench.network.clear()),
    "operator down": Way(1, _none, lambda life: life.bench.ofd_down()),
    "operator up": Way(3, _none, lambda life: life.bench.ofd_up()),
    "other way out": Way(
        2,
        lambda random: (random.randrange(2),),
        lambda life, which: setattr(life.bench.network, "uplink", tuple(Uplink)[which]),
    ),
    "host": Way(3, lambda random: (random.choice((0, 0, 1, 2)),), Life.set_host),
    "try": Way(5, _none, lambda life: life.bench.try_ofd()),
}


def draw(random: Random, count: int) -> tuple[Deed, ...]:
    """So many deeds."""
    names = random.choices(list(DEEDS), [kind.weight for kind in DEEDS.values()], k=count)
    return tuple(Deed(name, DEEDS[name].draw(random)) for name in names)
