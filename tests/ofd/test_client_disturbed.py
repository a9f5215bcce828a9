"""Whatever is done to a till between two steps of its exchange: when it is undone, all documents are there once."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import NamedTuple

import pytest

from kktsim.bench import Bench
from kktsim.ofd.client import Stage
from kktsim.ofd.events import NetworkTrouble
from kktsim.ofd.failures import Failure, Planned
from kktsim.testing.ofd_calls import Fate
from kktsim.testing.ofd_judge import Judge
from kktsim.testing.presets import open_till
from protocol.atol.commands.fn import Register
from protocol.atol.commands.modes import Mode, SetDateTime
from protocol.atol.fields import date_time_to_bcd
from protocol.atol.kkt_codes import E
from scenarios import routine
from scenarios.routine import OFD_HOST

from ..device.desk import Desk
from .exchange import NO_ERRORS, PAUSE_SECONDS, Errors, Exchange, errors, plan, shown, unsent

MINUTE, HOUR = 60.0, 3600.0
MakeBench = Callable[..., Bench]

STANDS_AFTER, ANSWERED_AFTER = 20.0, 120.0


class Point(NamedTuple):
    """Where an exchange is held. ``fate``: of its first connection; ``planned``: a failure of the operator."""

    stage: Stage
    fate: Fate = Fate()
    planned: Planned | None = None
    documents: int | None = None


POINTS: Mapping[str, Point] = {
    "before it calls": Point(Stage.IDLE, documents=0),
    "while it calls": Point(Stage.CALLING, Fate(stands_after=STANDS_AFTER)),
    "while the operator reads": Point(Stage.WAITING, Fate(to_operator=100, is_silent=True)),
    "while the operator thinks": Point(Stage.WAITING, planned=Planned(Failure.SLOW, seconds=ANSWERED_AFTER)),
    "in the middle of the answer": Point(Stage.WAITING, Fate(splits=(78,), gap_seconds=ANSWERED_AFTER)),
    "between two documents": Point(Stage.IDLE, documents=1),
    "in the pause behind a failure": Point(Stage.IDLE, planned=Planned(Failure.LOST_ACK)),
}


class Disturbance(NamedTuple):
    """What is done and undone. ``errors``: what register 2Bh tells when it has lasted an hour; None: whatever."""

    do: Callable[[Exchange], object]
    undo: Callable[[Exchange], object]
    errors: Errors | None = None


def table(field: int, value: bytes) -> Callable[[Exchange], object]:
    """Write a field of table 19."""

    def write(exchange: Exchange) -> None:
        exchange.desk.enter(Mode.PROGRAMMING)
        exchange.desk.does(f"50 13 00 01 {field:02X} {value.hex()}")
        exchange.desk.enter(Mode.SELECTION)

    return write


def host(name: str) -> Callable[[Exchange], object]:
    return table(1, name.encode("cp866").ljust(64))


def channel(number: int) -> Disturbance:
    is_through_driver = number == 5
    told = None if is_through_driver else (NetworkTrouble.NO_CHANNEL, 0, 0)
    return Disturbance(table(4, bytes((number,))), table(4, b"\x01"), told)


def put_the_old_fn_back(exchange: Exchange) -> None:
    old = exchange.bench.shelf.numbers()[0]
    exchange.bench.unplug()
    exchange.bench.plug(old)


def set_clock(exchange: Exchange) -> None:
    """An hour ahead."""
    exchange.desk.enter(Mode.SELECTION)
    ahead = shown(exchange.bench) + timedelta(hours=1)
    exchange.desk.does(SetDateTime(parameters=date_time_to_bcd(ahead, 6)))


def nothing(exchange: Exchange) -> None:
    pass


DISTURBANCES: Mapping[str, Disturbance] = {
    "the FN is pulled out": Disturbance(
        lambda exchange: exchange.bench.unplug(), lambda exchange: exchange.bench.plug(), (0, 0, E.FN_NO_ANSWER)
    ),
    "the FN is swapped": Disturbance(lambda exchange: exchange.bench.swap(), put_the_old_fn_back),
    "the cable is cut": Disturbance(
        lambda exchange: exchange.bench.cut_cable(),
        lambda exchange: exchange.bench.mend_cable(),
        (0, 0, E.FN_NO_ANSWER),
    ),
    "the power is cut": Disturbance(
        lambda exchange: exchange.bench.cut_power(), lambda exchange: exchange.bench.power_on()
    ),
    "the clock is set": Disturbance(set_clock, nothing, NO_ERRORS),
    "the channel is that of drivers": channel(5),
    "the channel is Ethernet": channel(2),
    "the channel is Wi-Fi": channel(3),
    "the channel is GSM": channel(4),
    "the host is another": Disturbance(host("ofd.exampel"), host(OFD_HOST), (NetworkTrouble.NAME_UNKNOWN, 0, 0)),
    "the host is none": Disturbance(host(""), host(OFD_HOST), (NetworkTrouble.NO_ADDRESS, 0, 0)),
    "the port is another": Disturbance(
        table(2, (7778).to_bytes(2)), table(2, (7777).to_bytes(2)), (NetworkTrouble.REFUSED, 0, 0)
    ),
    "the operator is down": Disturbance(
        lambda exchange: exchange.bench.ofd_down(),
        lambda exchange: exchange.bench.ofd_up(),
        (NetworkTrouble.REFUSED, 0, 0),
    ),
    "diagnostics are asked for": Disturbance(lambda exchange: exchange.desk.does("82 01 06 00"), nothing, NO_ERRORS),
    "a try is asked for": Disturbance(lambda exchange: exchange.bench.try_ofd(), nothing, NO_ERRORS),
}


@pytest.fixture(scope="module")
def waiting(make_bench: MakeBench) -> Bench:
    """A closed shift waits to be sent: its opening, a receipt, its end."""
    bench = make_bench()
    bench.run_due()
    desk = Desk(bench)
    desk.open_shift()
    desk.sell()
    desk.close_shift()
    desk.enter(Mode.SELECTION)
    assert unsent(bench) == 3
    return bench


def held(waiting: Bench, point: Point) -> Exchange:
    """An exchange that stands at a point."""
    exchange = Exchange.of(waiting, point.fate)
    if point.planned is not None:
        plan(exchange.bench, point.planned)
    if point.documents is None:
        exchange.bench.advance(10)
    else:
        exchange.bench.run_due(point.documents)
    client = exchange.bench.client
    assert (client.stage, unsent(exchange.bench)) == (point.stage, 3 - (point.documents or 0))
    return exchange


@pytest.mark.parametrize("lasts", [0.0, MINUTE, HOUR])
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("disturbance", DISTURBANCES)
def test_an_exchange_that_is_disturbed_goes_on_when_that_is_over(
    waiting: Bench, disturbance: str, point: str, lasts: float
) -> None:
    exchange, done = held(waiting, POINTS[point]), DISTURBANCES[disturbance]
    done.do(exchange)
    exchange.bench.advance(lasts)
    assert exchange.judge.look() == []
    if lasts == HOUR and done.errors is not None:
        assert errors(exchange.desk) == done.errors
    done.undo(exchange)
    exchange.bench.advance(HOUR)
    assert (exchange.judge.at_rest(), exchange.bench.network.server.refused) == ([], 0)
    exchange.desk.open_shift()
    exchange.desk.sell()
    exchange.bench.advance(MINUTE)
    assert (exchange.judge.at_rest(), errors(exchange.desk)) == ([], NO_ERRORS)
    assert exchange.judge.stored == exchange.judge.confirmed == exchange.desk.document().number


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("disturbance", ["the power is cut", "the channel is that of drivers"])
def test_a_till_that_has_no_way_out_begins_no_call(waiting: Bench, disturbance: str, point: str) -> None:
    exchange = held(waiting, POINTS[point])
    DISTURBANCES[disturbance].do(exchange)
    calls = len(exchange.calls.made)
    exchange.bench.advance(HOUR)
    assert len(exchange.calls.made) == calls


def test_an_fn_that_comes_between_two_documents_is_sent_under_its_own_number(waiting: Bench) -> None:
    bench = waiting.fork()
    old = bench.fn
    assert old is not None
    bench.ofd_down()
    new_number = bench.swap()
    till = open_till(bench)
    routine.enter(till, Mode.FN_ACCESS)
    routine.ask(till, Register())
    new = bench.fn
    assert new is not None and unsent(bench) == 1
    bench.unplug()
    bench.plug(old.number)
    bench.network.clear()
    bench.advance(PAUSE_SECONDS - 1)
    bench.clock.set_world(bench.world + 1)
    bench.run_due(1)
    assert unsent(bench) == 2
    bench.unplug()
    bench.plug(new_number)
    bench.run_due(1)
    assert unsent(bench) == 0
    bench.unplug()
    bench.plug(old.number)
    bench.run_due()
    assert bench.network.server.refused == 0
    for fn in (old, new):
        assert Judge(fn, bench.network.server.store).at_rest() == []
