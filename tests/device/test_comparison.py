"""Till and FN as two witnesses: each outcome of hearing both at power-up and at a re-plug, and how it is cured."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from kktsim.device import comparison
from kktsim.device.comparison import (
    ANOTHER_FN,
    IN_STEP,
    LEARNT,
)
from kktsim.device.regions import Region
from kktsim.memory_hands import MemoryHands
from kktsim.testing.outages import Moment
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E

from .desk import Desk
from .document_cases import CASES, CLOSE, by_zeroing, forked, last_of_fn, ready, restart, trades
from .power_cuts import answer_is_lost, power_fails

MakeBench = Callable[..., Bench]
INTO_1 = "56 01 00 00 00 30"
OTHER_MODES = tuple(f"56 0{mode} 00 00 00 30" for mode in (2, 3, 4, 6))


def alter(desk: Desk, field: str, value: object) -> None:
    """Damage of the mirror that its check sum does not show."""
    MemoryHands(desk.bench.kkt).alter(Region.MIRROR, field, value)


def given_up(make_bench: MakeBench, command: str = CLOSE) -> Desk:
    """The FN was pulled out in mid-commit, the receipt annulled, the FN put back: cause 1 of article err_3933."""
    desk = Desk(make_bench("shift-open"))
    desk.open_receipt(10_000)
    assert answer_is_lost(desk, command) == E.FN_NO_ANSWER
    desk.bench.unplug()
    desk.does("59")
    desk.bench.plug()
    return desk


def altered(make_bench: MakeBench) -> Desk:
    """The till's memory is damaged, its check sum good: cause 2."""
    desk = Desk(make_bench("shift-open"))
    desk.sell()
    alter(desk, "mirror.document_number", 2)
    restart(desk)
    return desk


def reset_shift(make_bench: MakeBench) -> Desk:
    """The same, about the shift: the till thinks it open, in the FN it is closed."""
    desk = Desk(make_bench("shift-open"))
    desk.close_shift()
    alter(desk, "mirror.shift_is_open", True)
    restart(desk)
    return desk


# ---- 1: the two agree


def test_a_healthy_till_goes_on_where_it_was(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.sell()
    before = desk.bench.kkt.memory.copy()
    desk.bench.power_off()
    desk.bench.power_on()
    assert comparison.at_plug(desk.bench.kkt, desk.bench.world) is IN_STEP
    after = desk.bench.kkt.memory
    assert (after.mirror, after.totals) == (before.mirror, before.totals)
    trades(desk)


# ---- 2: a document that was not finished


@pytest.mark.parametrize(("moment", "documents"), [(Moment.BEFORE_COMMIT, 0), (Moment.AFTER_COMMIT, 1)])
def test_an_intent_is_finished_when_the_fn_is_one_ahead_and_dropped_when_it_is_not(
    make_bench: MakeBench, moment: Moment, documents: int
) -> None:
    desk = ready(make_bench, CASES["4A"])
    before = last_of_fn(desk)
    power_fails(desk, CLOSE, moment)
    assert desk.bench.fn is not None
    desk.bench.fn.power_on(desk.bench.world)
    desk.bench.kkt.power_on(desk.bench.world)
    assert comparison.at_power_up(desk.bench.kkt, desk.bench.world) is LEARNT
    assert last_of_fn(desk) == before + documents == desk.bench.state().last_document
    assert desk.bench.kkt.memory.totals.receipts == ({1: 1} if documents else {})
    trades(desk)


def test_another_document_than_the_intended_one_is_not_taken_for_it(make_bench: MakeBench) -> None:
    desk = ready(make_bench, CASES["5A"])
    twin = forked(desk)
    power_fails(desk, "5A", Moment.BEFORE_COMMIT)
    twin.enter(Mode.X_REPORTS)
    twin.does("67 09")
    twin.bench.power_off()
    desk.bench.cable.fn = twin.bench.cable.fn
    desk.bench.power_on()
    assert desk.bench.kkt.memory.intent is None and desk.bench.state().shift_is_open
    desk.refuses(INTO_1, E.MODE_LOCKED)


# ---- 3: another FN


def test_a_fresh_fn_is_d4_for_documents_until_it_is_registered(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.bench.swap()
    assert comparison.at_plug(desk.bench.kkt, desk.bench.world) is ANOTHER_FN
    for restarts in (False, True):
        if restarts:
            restart(desk)
        desk.enter(Mode.REGISTRATION)
        desk.refuses("92 00 01", E.FN_WRONG_STATE)
    desk.enter(Mode.FN_ACCESS)
    desk.does("A6")
    trades(desk)


def test_the_fn_of_another_till_is_e1_until_the_own_one_is_back(make_bench: MakeBench) -> None:
    desk, other = Desk(make_bench("shift-open")), Desk(make_bench())
    desk.sell()
    other.bench.swap()
    other.enter(Mode.FN_ACCESS)
    other.does("A6")
    other.open_shift()
    foreign = other.bench.unplug()
    own = desk.bench.unplug()
    desk.bench.shelf.put(other.bench.shelf.take(foreign))
    desk.bench.plug(foreign)
    for restarts in (False, True):
        if restarts:
            restart(desk)
        desk.enter(Mode.REGISTRATION)
        desk.refuses("92 00 01", E.FN_FOREIGN)
        desk.enter(Mode.Z_REPORTS)
        desk.refuses("5A", E.FN_FOREIGN)
        desk.enter(Mode.X_REPORTS)
        desk.refuses("67 09", E.FN_FOREIGN)
        desk.enter(Mode.FN_ACCESS)
        desk.refuses("A6", E.FN_ACTIVATION_IMPOSSIBLE)
    desk.bench.unplug()
    desk.bench.plug(own)
    assert desk.register(0x0A) == {"sum_kopecks": 10_000}
    trades(desk)
    other.bench.shelf.put(desk.bench.shelf.take(foreign))
    other.bench.plug(foreign)
    trades(other)


@pytest.mark.parametrize(("state", "code"), [("shift-open", E.FN_FOREIGN), ("factory", E.FN_WRONG_STATE)])
def test_a_receipt_that_is_begun_when_it_is_closed_is_not_made_in_another_fn(
    make_bench: MakeBench, state: str, code: E
) -> None:
    desk, other = Desk(make_bench("shift-open", fn_begin_at="4Ah")), make_bench(state)
    desk.open_receipt(10_000)
    own = desk.bench.unplug()
    assert other.fn is not None
    other.fn.number = foreign = own[:-1] + "7"
    other.power_off()
    other.unplug()
    desk.bench.shelf.put(other.shelf.take(foreign))
    desk.bench.plug(foreign)
    made = last_of_fn(desk)
    desk.refuses(CLOSE, code)
    assert last_of_fn(desk) == made
    desk.bench.unplug()
    desk.bench.plug(own)
    desk.does(CLOSE)
    assert desk.register(0x0A) == {"sum_kopecks": 10_000}
    trades(desk)


# ---- 4: the same FN, elsewhere


@pytest.mark.parametrize("cause", [given_up, altered, reset_shift])
def test_mode_1_and_92_are_locked_and_other_modes_open(
    make_bench: MakeBench, cause: Callable[[MakeBench], Desk]
) -> None:
    desk = cause(make_bench)
    if desk.bench.kkt.volatile.mode is Mode.REGISTRATION:
        desk.refuses("92 00 01", E.MODE_LOCKED)
    desk.does("48")
    assert desk.does("45")[0] == 0
    desk.refuses(INTO_1, E.MODE_LOCKED)
    for command in OTHER_MODES:
        desk.does(command, "48")
    restart(desk)
    desk.refuses(INTO_1, E.MODE_LOCKED)


def by_z(desk: Desk) -> None:
    desk.close_shift()


def by_settlement_report(desk: Desk) -> None:
    desk.enter(Mode.X_REPORTS)
    desk.does("67 09")
    desk.print_out()


@pytest.mark.parametrize("cure", [by_z, by_settlement_report, by_zeroing])
@pytest.mark.parametrize("cause", [given_up, altered, reset_shift])
def test_the_documented_cures_unlock_it(
    make_bench: MakeBench, cause: Callable[[MakeBench], Desk], cure: Callable[[Desk], None]
) -> None:
    desk = cause(make_bench)
    if cause is reset_shift and cure is by_z:
        desk.enter(Mode.Z_REPORTS)
        desk.refuses("5A", E.FN_WRONG_STATE)
        return
    cure(desk)
    desk.enter(Mode.REGISTRATION)
    trades(desk)


def test_that_reports_unlock_it_is_a_setting(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", reports_adopt_fn=False))
    alter(desk, "mirror.document_number", 7)
    desk.enter(Mode.Z_REPORTS)
    desk.refuses("5A", E.MODE_LOCKED)
    desk.enter(Mode.X_REPORTS)
    desk.refuses("67 09", E.MODE_LOCKED)
    by_zeroing(desk)
    trades(desk)


def test_a_broken_fn_locks_the_till_and_zeroing_is_no_cure(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    assert desk.bench.fn is not None
    state = desk.bench.fn.state.copy()
    state.document_number += 5
    desk.bench.fn.commit(state)
    restart(desk)
    desk.refuses(INTO_1, E.MODE_LOCKED)
    by_zeroing(desk)
    assert not desk.bench.kkt.is_registered


def test_an_fn_that_was_given_up_on_is_told_by_register_34h_as_it_is(make_bench: MakeBench) -> None:
    desk = given_up(make_bench)
    document = desk.document()
    last = desk.register(0x34)
    assert (last["document_number"], last["fiscal_sign"]) == (document.number, document.sign)
    assert document.number == desk.bench.state().last_document + 1
    desk.close_shift()
    assert desk.register(0x34)["document_number"] == document.number + 1


def test_the_latch_is_looked_at_again_when_the_fn_is_put_back(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", registration_mode_asks_fn=False))
    alter(desk, "mirror.document_number", 7)
    desk.does("48", INTO_1, "48")
    desk.bench.unplug()
    desk.bench.plug()
    desk.refuses(INTO_1, E.MODE_LOCKED)
    alter(desk, "mirror.document_number", 2)
    desk.bench.unplug()
    desk.bench.plug()
    desk.does(INTO_1)
    trades(desk)


def test_that_the_state_is_shown_is_a_setting(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", mirror_mismatch="state-7.14"))
    desk.does("48")
    assert desk.does("45")[0] == 0
    alter(desk, "mirror.document_number", 7)
    restart(desk)
    assert desk.does("45")[0] == 0xE7
    desk.close_shift()
    desk.enter(Mode.SELECTION)
    assert desk.does("45")[0] == 0
    trades(desk)


# ---- no FN at all


@pytest.mark.parametrize("code", [E.FN_WRONG_STATE, E.FN_NO_ANSWER])
def test_an_fn_that_was_never_there_since_power_up_is_d4(make_bench: MakeBench, code: E) -> None:
    desk = Desk(make_bench(absent_since_power_up=int(code)))
    desk.bench.power_off()
    desk.bench.unplug()
    desk.bench.power_on()
    desk.enter(Mode.REGISTRATION)
    desk.refuses("9A 00", code)
    desk.bench.plug()
    desk.bench.unplug()
    desk.refuses("9A 00", E.FN_NO_ANSWER)
