"""The intent: at whatever instant the power fails, a document is booked once and whole, or not at all."""

import pytest

from fn_model import FnFault
from kktsim.device import documents
from kktsim.host.loop_wire import LoopWire
from kktsim.host.till import NoAnswerError, Till
from kktsim.testing.outages import MADE, Moment, power_will_fail
from protocol.atol.commands.items import AddItem
from protocol.atol.kkt_codes import E

from .desk import Desk
from .document_cases import (
    CASES,
    CLOSE,
    Case,
    MakeBench,
    at_fn,
    at_new_fn,
    differing,
    every_case,
    forked,
    last_of_fn,
    ready,
    restart,
    trades,
)
from .power_cuts import answer_is_lost, power_fails


@every_case
@pytest.mark.parametrize("moment", Moment)
def test_after_a_power_cut_the_document_is_booked_whole_or_not_at_all(
    make_bench: MakeBench, case: Case, moment: Moment
) -> None:
    desk = ready(make_bench, case)
    twin = forked(desk)
    if moment in MADE:
        twin.does(case.alone or case.command)
        twin.print_out()
    restart(twin)
    power_fails(desk, case.command, moment)
    desk.bench.power_on()
    assert differing(desk, twin) == []
    if moment in MADE:
        assert desk.document().type == case.type
    elif case.prepare is at_new_fn:
        at_fn(desk)
        desk.does("A6")
    if case.sells:
        trades(desk)


# ---- what comes out on paper


@every_case
def test_what_was_made_in_the_dark_is_printed_by_ee_and_not_by_itself(make_bench: MakeBench, case: Case) -> None:
    desk = ready(make_bench, case)
    power_fails(desk, case.command, Moment.AFTER_COMMIT)
    lines = len(desk.bench.tape())
    desk.bench.power_on()
    assert desk.bench.tape()[lines:] == []
    assert desk.register(0x3B) == {"flags": 0x10}
    printed = desk.tape_of("EE")
    assert str(desk.document().number) in " ".join(printed)
    assert desk.register(0x3B) == {"flags": 0}


def test_a_receipt_that_was_not_to_be_printed_does_not_wait_for_paper(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.does("92 04 01", AddItem(name="Чай", price_kopecks=10_000, tax=6))
    power_fails(desk, CLOSE, Moment.AFTER_COMMIT)
    desk.bench.power_on()
    assert desk.register(0x3B) == {"flags": 0}
    assert desk.register(0x33)["sum_kopecks"] == 10_000


# ---- the FN is elsewhere meanwhile


def test_the_fate_of_a_receipt_is_open_until_its_fn_is_back(make_bench: MakeBench) -> None:
    desk = ready(make_bench, CASES["4A"])
    power_fails(desk, CLOSE, Moment.AFTER_COMMIT)
    number = desk.bench.unplug()
    desk.bench.swap()
    desk.bench.power_on()
    assert "ЧЕК АННУЛИРОВАН" not in desk.bench.tape()[-1] and desk.does("3F")[21] == 0
    desk.bench.unplug()
    start = len(desk.bench.tape())
    desk.bench.plug(number)
    assert any("ИТОГ" in line for line in desk.bench.tape()[start:])
    assert desk.register(0x33)["sum_kopecks"] == 15_000
    trades(desk)


@pytest.mark.parametrize("is_on", [True, False])
def test_a_receipt_that_turns_out_not_to_be_made_is_annulled_then(make_bench: MakeBench, is_on: bool) -> None:
    desk = ready(make_bench, CASES["4A"])
    power_fails(desk, CLOSE, Moment.BEFORE_COMMIT)
    desk.bench.unplug()
    desk.bench.power_on()
    assert desk.bench.kkt.memory.totals.cancelled == {}
    start = len(desk.bench.tape())
    if is_on:
        desk.bench.plug()
    else:
        desk.bench.power_off()
        desk.bench.plug()
        desk.bench.power_on()
    assert desk.bench.tape()[start].strip() == "ЧЕК АННУЛИРОВАН"
    assert desk.bench.kkt.memory.totals.cancelled == {1: 1}
    trades(desk)


def test_an_intent_waits_for_its_own_fn(make_bench: MakeBench) -> None:
    desk = ready(make_bench, CASES["5A"])
    assert answer_is_lost(desk, "5A") == E.FN_NO_ANSWER
    own = desk.bench.unplug()
    desk.bench.swap()
    desk.refuses("5A", E.FN_WRONG_STATE)
    restart(desk)
    desk.bench.unplug()
    desk.bench.plug(own)
    assert not desk.bench.state().shift_is_open
    trades(desk)


FAULTS = {FnFault.SILENT_ON_SIGNING: E.FN_NO_ANSWER, FnFault.CRYPTO_FAILED: E.FN_CRYPTO_FAILURE}


def at_faulty_new_fn(desk: Desk, fault: FnFault) -> None:
    desk.bench.swap()
    assert desk.bench.fn is not None
    desk.bench.fn.inject(fault)
    desk.bench.power_on()
    at_fn(desk)


@pytest.mark.parametrize("is_restarted", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["5A", "4A"])
def test_what_became_of_a_document_is_asked_even_after_a_new_fn_could_not_be_registered(
    make_bench: MakeBench, name: str, fault: FnFault, is_restarted: bool
) -> None:
    desk = ready(make_bench, CASES[name])
    twin = forked(desk)
    twin.does(CASES[name].command)
    twin.print_out()
    restart(twin)
    power_fails(desk, CASES[name].command, Moment.AFTER_COMMIT)
    own = desk.bench.unplug()
    at_faulty_new_fn(desk, fault)
    desk.refuses("A6", FAULTS[fault])
    if is_restarted:
        restart(desk)
        at_fn(desk)
    desk.refuses("A6", FAULTS[fault])
    desk.bench.unplug()
    desk.bench.plug(own)
    assert desk.bench.kkt.memory.mirror == twin.bench.kkt.memory.mirror
    assert desk.bench.kkt.memory.totals == twin.bench.kkt.memory.totals
    assert documents.intents(desk.bench.kkt) == ()
    trades(desk)


def test_what_was_waited_for_ends_when_the_new_fn_is_registered(make_bench: MakeBench) -> None:
    desk = ready(make_bench, CASES["5A"])
    assert answer_is_lost(desk, "5A") == E.FN_NO_ANSWER
    at_faulty_new_fn(desk, FnFault.SILENT_ON_SIGNING)
    desk.refuses("A6", E.FN_NO_ANSWER)
    assert len(documents.intents(desk.bench.kkt)) == 2
    assert desk.bench.fn is not None
    desk.bench.fn.faults.clear()
    desk.does("A6")
    assert documents.intents(desk.bench.kkt) == ()
    assert last_of_fn(desk) == 1
    trades(desk)


# ---- the wire and the bench


def test_a_till_whose_power_fails_says_nothing_and_comes_up_with_the_document(make_bench: MakeBench) -> None:
    bench = make_bench("shift-open")
    till = Till(LoopWire(bench.open_line(), bench.clock))
    for command in ("48", "56 03 00 00 00 30"):
        assert till.send(bytes.fromhex(command))[:2] == b"\x55\x00"
    with power_will_fail(bench, Moment.AFTER_COMMIT), pytest.raises(NoAnswerError):
        till.send(b"\x5a")
    assert not bench.kkt.is_on
    bench.power_on()
    assert not bench.state().shift_is_open and bench.state().last_document == 3


def test_the_power_may_fail_again_while_the_till_comes_up(make_bench: MakeBench) -> None:
    desk = ready(make_bench, CASES["5A"])
    nvram = power_fails(desk, "5A", Moment.AFTER_COMMIT)
    nvram.fails_next = True
    desk.bench.power_on()
    assert not desk.bench.kkt.is_on
    desk.bench.power_on()
    assert not desk.bench.state().shift_is_open
    trades(desk)
