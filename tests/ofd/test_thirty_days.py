"""A month of trade in virtual time: a flaky network never stops the till, one that is gone does, until it is back."""

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from kktsim.bench import Bench
from kktsim.ofd.failures import Failure, Planned
from kktsim.testing.ofd_life import CountingPlan
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import OpenReceipt
from protocol.atol.commands.shift import OpenShift
from protocol.atol.kkt_codes import E

from ..device.desk import Desk
from .exchange import Exchange, plan, unsent

HOUR, DAY = 3600.0, 86_400.0
DAYS = 30
RECEIPTS = 10


@pytest.fixture
def exchange(make_bench: Callable[..., Bench]) -> Exchange:
    """A till that has sent everything, at noon."""
    bench = make_bench()
    bench.run_due()
    return Exchange(Desk(bench))


def trade(exchange: Exchange, random: Random) -> None:
    """A day: the shift, receipts with pauses between them, the Z report, the night."""
    bench, desk = exchange.bench, exchange.desk
    noon = bench.world + DAY
    desk.open_shift()
    for _ in range(RECEIPTS):
        desk.sell(random.randrange(100, 100_000))
        bench.advance(random.randrange(20, 3000))
        assert exchange.judge.look() == []
    desk.close_shift()
    bench.advance(noon - bench.world)
    assert exchange.judge.look() == []


@pytest.mark.parametrize("percent", [1, 5, 10])
def test_over_a_flaky_network_everything_arrives_and_the_till_never_stops(exchange: Exchange, percent: int) -> None:
    network, random, struck = exchange.bench.network, Random(percent), Counter[str]()
    network.failures[network.uplink] = CountingPlan(struck)
    network.server.failures = CountingPlan(struck)
    for number, failure in enumerate(Failure):
        plan(exchange.bench, Planned(failure, times=None, percent=percent, seed=number + 1))
    most = 0
    for _ in range(DAYS):
        trade(exchange, random)
        most = max(most, unsent(exchange.bench))
    assert struck.keys() == set(Failure)
    assert most <= RECEIPTS
    exchange.bench.ofd_up()
    assert exchange.judge.at_rest() == []
    assert exchange.judge.stored == 1 + DAYS * (RECEIPTS + 2)


def test_without_a_network_the_till_stops_behind_thirty_days_and_goes_on_when_it_is_back(exchange: Exchange) -> None:
    desk, bench = exchange.desk, exchange.bench
    bench.ofd_down()
    for _ in range(DAYS + 1):
        trade(exchange, Random(1))
    assert (exchange.judge.stored, unsent(bench)) == (1, (DAYS + 1) * (RECEIPTS + 2))
    desk.enter(Mode.REGISTRATION)
    for command in (OpenShift(), OpenReceipt()):
        desk.refuses(command, E.FN_STORAGE_EXHAUSTED)
    bench.ofd_up()
    assert exchange.judge.at_rest() == []
    trade(exchange, Random(1))
    assert exchange.judge.at_rest() == []
