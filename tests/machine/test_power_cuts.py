"""The power fails at every instant of a trading day: nothing acknowledged is lost, nothing is booked twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pytest

from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world
from kktsim.device import Kkt, comparison
from kktsim.device.kkt import MEMORIES_DIFFER, NOT_INITIALISED, to_datetime
from kktsim.device.restoring import RESTORED
from kktsim.host.loop_wire import LoopWire
from kktsim.host.till import NoAnswerError, Till
from kktsim.power import PowerCut
from kktsim.terminal.driver import Driver
from kktsim.testing.power_cuts import (
    ANSWERED,
    PRINTED_SECONDS,
    Books,
    Command,
    Failure,
    Recorder,
    Step,
    books,
    failures,
    failures_of_recovery,
)
from kktsim.testing.presets import build, open_till
from protocol.atol.commands.discounts import AddDiscount, DiscountArea
from protocol.atol.commands.flags import ReceiptType
from protocol.atol.commands.fn import Register
from protocol.atol.commands.modes import LeaveMode, Mode
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CloseReceipt, OpenReceipt
from protocol.atol.commands.shift import XReport
from protocol.fn.commands import Phase
from scenarios import routine

DAY = parse_world("2026-03-02T09:00")
INSTANTS, INSTANTS_OF_RECOVERY, INSTANTS_AT_A_PORT = 695, 280, 100
"""How many there are in the days below; more when a day grows."""


@cache
def day() -> tuple[Bench, list[Step]]:
    """A till from the factory, and what is done with it on its first and only day, to the closed archive."""
    bench = build(kkt_models.load("evotor-st2f"), "factory", DAY, ClockKind.FROZEN, virtual=True)
    start = bench.fork()
    host = Recorder(bench)
    routine.set_ofd(host)
    routine.register(host)
    host.later(60)
    routine.open_shift(host)
    routine.sell(host, 12_345)
    host.later(60)
    routine.ask(host, CashIn(sum_kopecks=50_000))
    routine.open_receipt(host)
    routine.add_item(host, 10_000)
    routine.add_item(host, 5_050, "Сахар")
    routine.ask(host, AddDiscount(area=DiscountArea.LAST_ITEM, size=50))
    routine.ask(host, AddPayment(payment_form=2, sum_kopecks=10_000))
    routine.ask(host, CloseReceipt(sum_kopecks=6_000))
    routine.open_receipt(host)
    routine.add_item(host, 777)
    routine.ask(host, CancelReceipt())
    routine.enter(host, Mode.REGISTRATION)
    routine.ask(host, OpenReceipt(type=ReceiptType.SELL_RETURN))
    routine.add_item(host, 2_000)
    routine.close_receipt(host)
    routine.enter(host, Mode.X_REPORTS)
    routine.ask(host, XReport(type=9))
    routine.ask(host, LeaveMode())
    host.later(3600)
    routine.close_shift(host)
    routine.sell(host, 4_200)
    routine.close_shift(host)
    routine.enter(host, Mode.FN_ACCESS)
    routine.ask(host, Register())
    routine.leave(host)
    host.later(3600)
    routine.close_archive(host)
    host.later(3600)
    return start, host.steps


def expect_booked(failure: Failure, bench: Bench) -> None:
    """Till and FN agree, and stand where the day without a failure stood before or after the command.

    What was answered is never undone.
    """
    found = books(bench)
    assert found.till["documents"] == len(found.documents), failure
    assert failure.before.confirmed <= found.confirmed <= failure.after.confirmed, failure
    possible = (failure.after,) if failure.instant == ANSWERED else (failure.before, failure.after)
    expected = [replace(one, confirmed=found.confirmed) for one in possible]
    assert found in expected, (str(failure), [differences(found, one) for one in expected])


def differences(found: Books, expected: Books) -> dict[str, object]:
    """For the eye."""
    both = {name: (value, expected.till[name]) for name, value in found.till.items()}
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def expect_trade(failure: Failure, bench: Bench) -> None:
    """Whoever comes next trades on: nobody has to mend the till."""
    host = open_till(bench)
    state = bench.state()
    routine.leave(host)
    if state.fn_phase == Phase.FISCAL:
        routine.sell(host, 100)
        routine.close_shift(host)
        made = 2 if state.shift_is_open else 3
        assert bench.state().last_document == state.last_document + made, failure


def lit(failure: Failure) -> Bench:
    """The bench of a failure with its power back."""
    bench = failure.bench.fork()
    bench.power_on()
    return bench


def test_the_power_may_fail_at_any_instant() -> None:
    assert expect_a_day(*day()) >= INSTANTS


def test_the_power_may_fail_again_while_the_till_comes_up() -> None:
    start, steps = day()
    instants = 0
    for failure in failures(start, steps):
        if failure.bench.kkt.memory.intent is None:
            continue
        for bench in failures_of_recovery(failure.bench):
            expect_booked(failure, bench)
            instants += 1
        expect_trade(failure, bench)
    assert instants >= INSTANTS_OF_RECOVERY


def test_with_its_memory_lost_as_well_the_till_takes_from_the_fn_what_that_knows() -> None:
    start, steps = day()
    restored = 0
    for failure in failures(start, steps):
        if failure.bench.kkt.memory.intent is None:
            continue
        bench = failure.bench.fork()
        bench.memory.lose()
        tape = len(bench.kkt.paper)
        bench.power_on()
        state, documents = bench.state(), books(bench).documents
        assert documents in (failure.before.documents, failure.after.documents), failure
        assert state.last_document == len(documents), failure
        if not documents:  # and nobody knows what this till was
            assert state.mode in (MEMORIES_DIFFER, NOT_INITIALISED), failure
            continue
        assert RESTORED in (line.strip() for line in bench.tape(tape)), failure
        assert bench.kkt.memory.totals.registered == {}, failure
        Driver(open_till(bench)).set_clock(to_datetime(bench.world))
        expect_trade(failure, bench)
        restored += 1
    assert restored > 40


class Conscience:
    """Whoever is told of our own errors: there shall be none."""

    def not_understood(self, data: bytes) -> None:
        raise AssertionError(f"{data.hex()} was not understood")

    def bug(self, request: bytes, error: Exception) -> None:
        raise AssertionError(f"a bug of ours on {request.hex()}") from error


@dataclass(frozen=True, slots=True)
class Said:
    """A command that comes by a port, as those of a real host do."""

    data: bytes

    def play(self, bench: Bench) -> bytes:
        """The reply; raises `PowerCut` when the line fell silent over it."""
        bench.clock.wait(PRINTED_SECONDS)
        line = bench.open_line()
        line.session.alarm = Conscience()
        try:
            reply = Till(LoopWire(line, bench.clock)).send(self.data)
            line.tick()
        except NoAnswerError:
            assert not bench.kkt.is_on
        except PowerCut as cut:
            raise AssertionError("whoever holds the port heard of it") from cut
        if not bench.kkt.is_on:
            raise PowerCut
        return reply


def test_whatever_the_till_is_doing_a_port_falls_silent_when_the_power_fails() -> None:
    bench = build(kkt_models.load(), "registered", DAY, ClockKind.FROZEN, virtual=True)
    start, host = bench.fork(), Recorder(bench)
    routine.sell(host, 12_345)
    routine.close_shift(host)
    said = [Said(step.data) for step in host.steps if isinstance(step, Command)]
    assert expect_a_day(start, said) >= INSTANTS_AT_A_PORT


CARELESS: dict[str, Callable[[Kkt], bool]] = {
    "it sends a commit without having kept its intent": lambda kkt: kkt.memory.intent is None,
    "it answers without having kept what it did": lambda kkt: kkt.memory.intent is not None,
}
"""Tills with a fault, by when they keep their memory."""


@pytest.mark.parametrize("keeps", CARELESS.values(), ids=CARELESS)
def test_a_till_that_keeps_too_little_is_found_out(
    monkeypatch: pytest.MonkeyPatch, keeps: Callable[[Kkt], bool]
) -> None:
    start, steps = day()
    keep = Kkt.keep
    monkeypatch.setattr(Kkt, "keep", lambda kkt: keep(kkt) if keeps(kkt) else None)
    expect_to_be_found_out(start, steps)


def test_a_till_that_never_asks_what_became_of_its_document_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    start, steps = day()
    monkeypatch.setattr(comparison, "settle", lambda *_: False)
    expect_to_be_found_out(start, steps)


def expect_to_be_found_out(start: Bench, steps: list[Step]) -> None:
    """The day of that till does not pass."""
    with pytest.raises((AssertionError, routine.Refused)):
        expect_a_day(start, steps)


def expect_a_day(start: Bench, steps: Sequence[Step]) -> int:
    """Let the power fail at each instant of the day; how many there were."""
    instants = 0
    for failure in failures(start, steps):
        bench = lit(failure)
        expect_booked(failure, bench)
        expect_trade(failure, bench)
        instants += 1
    return instants
