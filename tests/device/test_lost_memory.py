"""Regions of the memory that are found lost at power-up: what comes back, what is gone, and when nothing helps."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kktsim.bench import Bench
from kktsim.device.fn_link import FnLink
from kktsim.device.regions import DAMAGEABLE, Region
from kktsim.device.restoring import RESTORED as RESTORED_LINE
from kktsim.device.restoring import TAKEN_FROM_FN
from kktsim.device.totals import Totals
from kktsim.memory_hands import MemoryHands
from kktsim.testing.outages import Moment
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E
from protocol.fn.commands import FnCommand

from .desk import Desk
from .document_cases import CASES, CLOSE, by_zeroing, forked, last_of_fn, ready, restart, trades
from .power_cuts import power_fails

MakeBench = Callable[..., Bench]
INTO_1 = "56 01 00 00 00 30"
OTHER_MODES = tuple(f"56 0{mode} 00 00 00 30" for mode in (2, 3, 4, 6))


def spoil(desk: Desk, *regions: Region) -> None:
    """Damage that is found when the till is switched on next."""
    for region in regions:
        MemoryHands(desk.bench.kkt).spoil(region)


def found_lost(desk: Desk, *regions: Region) -> list[str]:
    """What the till prints when it comes up without these regions."""
    spoil(desk, *regions)
    start = len(desk.bench.tape())
    restart(desk)
    return [line.strip() for line in desk.bench.tape()[start:]]


@pytest.mark.parametrize("region", DAMAGEABLE)
def test_a_lost_region_comes_back_from_the_fn_or_by_default(make_bench: MakeBench, region: Region) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.sell()
    before = desk.bench.kkt.memory.copy()
    assert (RESTORED_LINE in found_lost(desk, region)) is (region in TAKEN_FROM_FN)
    after = desk.bench.kkt.memory
    assert after.bad_regions == frozenset() and desk.bench.kkt.memory_lock == 0
    assert (after.mirror, after.requisites) == (before.mirror, before.requisites)
    assert (after.totals == Totals()) is (region is Region.TOTALS)
    if region is Region.CLOCK:
        desk.refuses(INTO_1, E.DATE_ENTRY_LOCK)
        desk.does("64 02 03 26", "4B 12 00 00")
    if region is Region.IDENTITY:
        desk.does(INTO_1)
        desk.refuses("92 00 01", E.PROTECTION_CODE_NEEDED)
        return
    trades(desk)


def test_a_till_without_its_battery_knows_what_the_fn_knows(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.sell()
    before = desk.bench.kkt.memory.copy()
    desk.bench.power_off()
    MemoryHands(desk.bench.kkt).lose()
    desk.bench.power_on()
    desk.does("64 02 03 26", "4B 12 00 00")
    after = desk.bench.kkt.memory
    assert (after.mirror, after.requisites) == (before.mirror, before.requisites)
    assert desk.register(0x01, 1) == {"sum_kopecks": 0}
    trades(desk)


def test_a_shift_that_the_fn_has_closed_meanwhile_is_not_carried_on(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.sell()
    desk.close_shift()
    found_lost(desk, Region.MIRROR)
    assert not desk.bench.state().shift_is_open
    assert desk.register(0x34)["document_number"] == last_of_fn(desk)
    trades(desk)


def test_a_receipt_that_the_fn_has_made_is_not_annulled_when_the_totals_are_lost(make_bench: MakeBench) -> None:
    desk = ready(make_bench, CASES["4A"])
    power_fails(desk, CLOSE, Moment.AFTER_COMMIT)
    spoil(desk, Region.TOTALS)
    start = len(desk.bench.tape())
    desk.bench.power_on()
    printed = " ".join(desk.bench.tape()[start:])
    assert RESTORED_LINE in printed and "АННУЛИРОВАН" not in printed
    trades(desk)


# ---- what the FN cannot read, and what only the FN knows


def damage(desk: Desk, number: int) -> None:
    """The record of a document can be read no more."""
    assert desk.bench.fn is not None
    desk.bench.fn.damage_document(number)


def found_documents(desk: Desk) -> list[int]:
    """Numbers that the till asks its FN for, from now on."""
    asked, link = [], desk.bench.kkt.fn
    do = link.do

    class Watched(FnLink):
        def do(self, command: int, data: bytes, world: float) -> bytes:
            if command == FnCommand.FIND_DOCUMENT:
                asked.append(int.from_bytes(data, "little"))
            return do(command, data, world)

    desk.bench.kkt.fn = Watched(link.cable)
    return asked


def test_a_report_on_settlements_needs_no_old_documents(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    for _ in range(3):
        desk.sell()
    for number in range(1, last_of_fn(desk) + 1):
        damage(desk, number)
    asked = found_documents(desk)
    desk.enter(Mode.X_REPORTS)
    desk.does("67 09")
    assert asked == []
    desk.print_out()
    trades(desk)


@pytest.mark.parametrize("damaged", [(), (4,), (5,), (4, 5), (4, 5, 6)])
def test_records_that_cannot_be_read_do_not_keep_the_till_from_being_restored(
    make_bench: MakeBench, damaged: tuple[int, ...]
) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.close_shift()
    desk.open_shift()
    desk.bench.clock.set_world(desk.bench.world + 3600)
    desk.sell()
    last = desk.document()
    before = desk.bench.kkt.memory.mirror.copy()
    assert (before.document_number, before.shift_number) == (5, 2)
    desk.bench.clock.set_world(desk.bench.world + 3600)
    desk.sell()
    for number in damaged:
        damage(desk, number)
    assert RESTORED_LINE in found_lost(desk, Region.MIRROR)
    after = desk.bench.kkt.memory.mirror
    assert (after.document_number, after.document_sign == 0) == (6, 6 in damaged)
    opened = before.shift_opened_world + 3600 * len(set(damaged) - {6}) if 4 in damaged else before.shift_opened_world
    assert (after.shift_is_open, after.shift_number, after.shift_opened_world) == (True, 2, opened)
    assert last.number == 5
    trades(desk)


@pytest.mark.parametrize("name", CASES)
def test_a_document_made_unheard_is_booked_though_its_record_cannot_be_read(make_bench: MakeBench, name: str) -> None:
    case = CASES[name]
    desk = ready(make_bench, case)
    twin = forked(desk)
    twin.does(case.alone or case.command)
    twin.print_out()
    restart(twin)
    power_fails(desk, case.command, Moment.AFTER_COMMIT)
    damage(desk, last_of_fn(desk))
    desk.bench.power_on()
    mine, others = desk.bench.kkt.memory, twin.bench.kkt.memory
    assert mine.mirror == replace(others.mirror, document_sign=0)
    assert (mine.totals, mine.requisites) == (others.totals, others.requisites)
    if case.sells:
        trades(desk)


@pytest.mark.parametrize(("name", "kopecks"), [("4A", 15_000), ("4A of a correction", 5_000)])
def test_of_a_receipt_that_only_the_fn_knows_the_sum_is_booked(make_bench: MakeBench, name: str, kopecks: int) -> None:
    desk = ready(make_bench, CASES[name])
    kind = desk.bench.kkt.receipt_state
    power_fails(desk, CLOSE, Moment.AFTER_COMMIT)
    spoil(desk, Region.RECEIPT)
    desk.bench.power_on()
    totals = desk.bench.kkt.memory.totals
    assert (totals.registered, totals.receipts, totals.non_nullable) == ({kind: kopecks}, {kind: 1}, {kind: kopecks})
    assert (totals.running_receipts, totals.cancelled, totals.paid) == (1, {}, {})
    document, told = desk.document(), desk.register(0x33)
    assert (told["document_number"], told["sum_kopecks"]) == (document.number, kopecks)
    assert str(document.number) in " ".join(desk.tape_of("EE"))
    trades(desk)


def test_a_receipt_of_which_nothing_is_left_leaves_its_number_on_the_paper(make_bench: MakeBench) -> None:
    desk = ready(make_bench, CASES["4A"])
    power_fails(desk, CLOSE, Moment.AFTER_COMMIT)
    number = desk.bench.unplug()
    spoil(desk, Region.RECEIPT)
    desk.bench.power_on()
    next(desk.bench.shelf.fns()).damage_document(3)
    start = len(desk.bench.tape())
    desk.bench.plug(number)
    printed = [line.split() for line in desk.bench.tape()[start:]]
    assert ["ФД", "3"] in printed and ["ЧЕК", "ВОССТАНОВЛЕН", "ИЗ", "ФН"] in printed
    assert desk.bench.kkt.memory.totals.receipts == {}
    trades(desk)


LOST = {Region.TOTALS: 0x97, Region.REQUISITES: 0x97, Region.MIRROR: 0xA7}


def without_fn(desk: Desk) -> None:
    desk.bench.unplug()


def with_fresh_fn(desk: Desk) -> None:
    desk.bench.swap()


@pytest.mark.parametrize("trouble", [without_fn, with_fresh_fn])
@pytest.mark.parametrize("region", LOST)
def test_what_cannot_be_restored_locks_the_till(
    make_bench: MakeBench, region: Region, trouble: Callable[[Desk], None]
) -> None:
    desk = Desk(make_bench("shift-open"))
    trouble(desk)
    found_lost(desk, region)
    assert desk.does("45")[0] == LOST[region]
    for command in (INTO_1, *OTHER_MODES, "5A", "92 00 01", "9A 00", "71", "64 02 03 26", "A6"):
        desk.refuses(command, E.WRONG_MODE)
    for question in ("3F", "45", "A5", "91 34 00 00", "91 13 00 00", "48"):
        desk.does(question)
    start = len(desk.bench.tape())
    desk.does("82 01 03 00")
    assert ["ID", "серии", "5313"] in [line.split() for line in desk.bench.tape()[start:]]
    restart(desk)
    assert desk.does("45")[0] == LOST[region]


def test_a_locked_till_is_looked_at_again_when_the_fn_is_back(make_bench: MakeBench) -> None:
    for is_on in (True, False):
        desk = Desk(make_bench("shift-open"))
        desk.bench.unplug()
        found_lost(desk, Region.MIRROR, Region.TOTALS)
        if not is_on:
            desk.bench.power_off()
        desk.bench.plug()
        desk.bench.power_on()
        assert desk.bench.kkt.memory_lock == 0
        trades(desk)


def test_a_foreign_fn_gives_nothing_back_to_a_till_that_knows_its_own(make_bench: MakeBench) -> None:
    desk, other = Desk(make_bench("shift-open")), Desk(make_bench())
    other.bench.swap()
    other.enter(Mode.FN_ACCESS)
    other.does("A6")
    foreign = other.bench.unplug()
    own = desk.bench.unplug()
    desk.bench.shelf.put(other.bench.shelf.take(foreign))
    desk.bench.plug(foreign)
    found_lost(desk, Region.REQUISITES)
    assert desk.does("45")[0] == 0x97
    desk.bench.unplug()
    desk.bench.plug(own)
    trades(desk)


@pytest.mark.parametrize("needs_reset", [True, False])
def test_a_locked_till_is_zeroed_after_a_general_reset(make_bench: MakeBench, needs_reset: bool) -> None:
    desk = Desk(make_bench("shift-open", general_reset_required_in_7_9=needs_reset))
    desk.bench.unplug()
    found_lost(desk, Region.MIRROR, Region.CLOCK, Region.TOTALS)
    if needs_reset:
        desk.refuses("6B", E.GENERAL_RESET_NEEDED)
        desk.does("77")
        desk.print_out()
    desk.does("6B")
    desk.bench.plug()
    desk.bench.clock.wait(desk.bench.kkt.settings.zeroing_seconds)
    assert desk.bench.state().is_on and desk.bench.kkt.memory_lock == 0
    desk.does("64 02 03 26", "4B 12 00 00")
    trades(desk)


def test_a_new_till_that_is_zeroed_is_locked_by_nothing(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("factory"))
    by_zeroing(desk)
    assert desk.does("45")[0] == 0 and not desk.bench.kkt.memory.mirror_is_lost


def test_requisites_may_stay_lost_by_a_setting(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(requisites_from_fn=False))
    found_lost(desk, Region.REQUISITES)
    assert desk.bench.kkt.memory.requisites == {}
    desk.enter(Mode.FN_ACCESS)
    desk.refuses("A6", E.EXTENDED)


def test_an_fn_that_falls_silent_over_the_restoring_leaves_the_till_locked(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.bench.make_noise(0, 100, times=4 + 4)
    desk.bench.power_off()
    spoil(desk, Region.MIRROR)
    desk.bench.power_on()
    assert desk.does("45")[0] == 0xA7
    desk.bench.mend_cable()
    restart(desk)
    trades(desk)


def test_the_reason_of_the_last_report_does_not_come_back_with_the_requisites(make_bench: MakeBench) -> None:
    """It would forbid the registration with another FN."""
    desk = Desk(make_bench("registered"))
    desk.does("48", "56 06 00 00 00 30", "A6", "48")
    found_lost(desk, Region.REQUISITES)
    desk.bench.swap()
    desk.does("48", "56 06 00 00 00 30", "A6", "48")
    trades(desk)
