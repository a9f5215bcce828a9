"""A till that has something to send, what becomes of its calls, and what its registers tell of them."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from kktsim.bench import Bench
from kktsim.device.kkt import to_datetime
from kktsim.ofd.client import Stage
from kktsim.ofd.events import Event, Received
from kktsim.ofd.failures import NETWORK_FAILURES, Failure, Planned
from kktsim.testing.ofd_calls import Fate, Script
from kktsim.testing.ofd_judge import Judge

from ..device.desk import Desk

PAUSE_SECONDS = 30
"""Table 19, field 13, of a new till."""
WAIT_SECONDS = 300
"""Field 12."""
Errors = tuple[object, ...]
"""Of network, OFD and FN, as register 2Bh has them."""
NO_ERRORS: Errors = (0, 0, 0)


@dataclass
class Call:
    """One call of the till. ``at``: seconds since the exchange began."""

    at: float
    host: str
    said: bytes = b""
    heard: bytes = b""
    errors: Errors = NO_ERRORS
    """What the till made of it."""


@dataclass
class Calls:
    """Looks on at a till's calls, and tells register 2Bh behind each of them."""

    desk: Desk
    made: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began = self.desk.bench.world
        self.desk.bench.network.watcher = self

    def called(self, host: str, port: int) -> None:
        self.made.append(Call(self.desk.bench.world - self.began, f"{host}:{port}"))

    def said(self, data: bytes) -> None:
        self.made[-1].said += data

    def heard(self, event: Event) -> None:
        if isinstance(event, Received):
            self.made[-1].heard += event.data

    def hung_up(self) -> None:
        pass

    @property
    def at(self) -> list[float]:
        return [call.at for call in self.made]

    @property
    def errors(self) -> list[Errors]:
        return [call.errors for call in self.made]


def errors(desk: Desk) -> Errors:
    told = desk.register(0x2B)
    return told["network_error"], told["ofd_error"], told["fn_error"]


def last_sent(desk: Desk) -> object:
    return desk.register(0x39)["last_sent_at"]


def shown(bench: Bench) -> datetime:
    """What the till's clock shows."""
    return to_datetime(bench.kkt.clock(bench.world))


def plan(bench: Bench, planned: Planned) -> None:
    network = bench.network
    is_on_the_way = planned.failure in NETWORK_FAILURES
    (network.failures[network.uplink] if is_on_the_way else network.server.failures).add(planned)


def unsent(bench: Bench) -> int:
    assert bench.fn is not None
    return bench.fn.archive.unsent_count()


class Exchange:
    """A till that is about to send, step by step."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.bench = desk.bench
        assert self.bench.fn is not None
        self.judge = Judge(self.bench.fn, self.bench.network.server.store)
        self.script = Script(self.bench.network)
        self.calls = Calls(desk)

    @classmethod
    def of(cls, bench: Bench, *fates: Fate) -> "Exchange":
        """With a till of its own; ``fates``: of its next connections."""
        exchange = cls(Desk(bench.fork()))
        exchange.script.fates.extend(fates)
        return exchange

    def step(self) -> None:
        """Go to the next thing that happens, and see what the till tells when a call has ended by it."""
        bench = self.bench
        due = bench.client.next_event(bench.kkt, bench.network, bench.world)
        assert due is not None
        bench.set_world(due)
        if self.calls.made and bench.client.stage is Stage.IDLE:
            self.calls.made[-1].errors = errors(self.desk)

    def until_sent(self) -> None:
        """Go on until the queue is empty; then every document must be there once, and register 39h tell when."""
        while unsent(self.bench):
            self.step()
        assert self.judge.at_rest() == []
        assert last_sent(self.desk) == shown(self.bench)

    def message(self) -> bytes:
        """What every call said that said anything: the same, from its beginning."""
        [message] = {call.said for call in self.calls.made} - {b""}
        return message


def queued(bench: Bench, documents: int = 1) -> Bench:
    """A bench with an open shift, all of it sent, that has so many receipts to send now."""
    bench.run_due()
    desk = Desk(bench)
    for _ in range(documents):
        desk.sell()
    assert unsent(bench) == documents
    return bench


def failures(*without: Failure) -> list[pytest.param]:  # type: ignore[valid-type]
    return [pytest.param(failure, id=failure.value) for failure in Failure if failure not in without]
