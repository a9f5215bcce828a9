"""Resets: what each of 77, 71 and 6B destroys, what it keeps, and what it wants first.

Sources: ATOL protocol 3.1, commands 77 71 6B; articles err_minus16, err_3825, err_3905, err_3933, err_3969 and
counters_zeroed_fd_restored.
"""

from collections.abc import Callable

import pytest

from fn_model import FnFault
from kktsim.bench import Bench
from kktsim.device.restoring import RESTORED
from kktsim.device.totals import Totals
from kktsim.testing.snapshot import differences, snapshot
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E

from .desk import Desk

MakeBench = Callable[..., Bench]


def busy_till(make_bench: MakeBench, **settings: object) -> Desk:
    """A shift with two receipts, one cancelled, cash, a table and a password written, a picture kept."""
    desk = Desk(make_bench("shift-open", **settings))
    desk.sell(10_000)
    desk.sell(2_345)
    desk.open_receipt(100)
    desk.does("59", "49 00 00 00 05 00 00")
    desk.enter(Mode.PROGRAMMING)
    desk.does("50 02 00 01 01 07", "50 03 00 05 01 00 00 12 34", "8B FF", "9E", "C1 40 01" + "00" * 12 + "31")
    desk.enter(Mode.SELECTION)
    return desk


def restart(desk: Desk) -> None:
    desk.bench.clock.wait(desk.bench.kkt.settings.zeroing_seconds)
    assert desk.bench.state().is_on


def set_clock(desk: Desk) -> None:
    desk.does("64 02 03 26", "4B 12 00 00")


# ---- 77: the counters


def test_a_general_reset_clears_the_counters_and_counts_itself(make_bench: MakeBench) -> None:
    desk = busy_till(make_bench)
    desk.close_shift()
    desk.enter(Mode.Z_REPORTS)
    before = snapshot(desk.bench)
    kept = desk.bench.kkt.memory.totals
    assert kept.cash_kopecks == 10_000 + 2_345 + 50_000
    assert [line.split() for line in desk.tape_of("77")[:2]] == [["ОБЩЕЕ", "ГАШЕНИЕ"], ["НОМЕР", "1"]]
    assert desk.bench.kkt.memory.totals == Totals(
        non_nullable=kept.non_nullable, non_nullable_paid=kept.non_nullable_paid, general_resets=1
    )
    changed = {line.split(":")[0] for line in differences(before, snapshot(desk.bench), {"kkt.paper"})}
    assert changed == {"kkt.memory.totals", "kkt.memory.last_receipt"}


def test_a_general_reset_shows_its_state_and_stays_in_the_mode(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.Z_REPORTS)
    desk.does("77")
    assert desk.does("45")[0] == 0x63
    desk.print_out()
    assert desk.does("45")[0] == Mode.Z_REPORTS
    desk.does("77")
    assert desk.bench.kkt.memory.totals.general_resets == 2


def test_after_a_general_reset_receipts_are_counted_anew_and_documents_go_on(make_bench: MakeBench) -> None:
    desk = busy_till(make_bench)
    desk.close_shift()
    desk.enter(Mode.Z_REPORTS)
    desk.does("77")
    last = desk.bench.state().last_document
    desk.open_shift()
    desk.sell()
    assert desk.bench.state().last_document == last + 2
    assert desk.register(0x13)["receipt_number"] == 2 and desk.register(0x0A)["sum_kopecks"] == 10_000


@pytest.mark.parametrize("jumper", [False, True])
def test_a_till_whose_reset_needs_the_jumper_is_asked_in_vain_without_it(make_bench: MakeBench, jumper: bool) -> None:
    desk = Desk(make_bench(general_reset_without_jumper="refuse"))
    desk.enter(Mode.Z_REPORTS)
    desk.bench.jumper(jumper)
    if jumper:
        desk.does("77")
    else:
        desk.refuses("77", E.WRONG_MODE)


# ---- 71: the tables


def test_the_tables_get_their_defaults_and_nothing_else_changes(make_bench: MakeBench) -> None:
    desk = busy_till(make_bench)
    desk.close_shift()
    desk.enter(Mode.SELECTION)
    before = snapshot(desk.bench)
    desk.does("71")
    changed = {line.split(":")[0] for line in differences(before, snapshot(desk.bench))}
    assert changed == {"kkt.memory.tables"} and desk.bench.kkt.memory.tables == {}
    assert desk.does("46 02 00 01 01") == b"\x01" and desk.does("46 13 00 01 01").startswith(b"0.0.0.0 ")


def test_a_setting_says_whether_passwords_are_a_table_like_others(make_bench: MakeBench) -> None:
    desk = busy_till(make_bench, initialization_resets_passwords=False)
    desk.close_shift()
    desk.enter(Mode.SELECTION)
    desk.does("71")
    desk.refuses("56 01 00 00 00 05", E.WRONG_PASSWORD)
    desk.does("56 01 00 00 12 34")


# ---- 6B: nearly everything


def test_a_technological_reset_clears_what_is_the_tills_and_takes_the_rest_from_the_fn(
    make_bench: MakeBench,
) -> None:
    desk = busy_till(make_bench)
    memory = desk.bench.kkt.memory
    mirror, requisites = memory.mirror.copy(), dict(memory.requisites)
    start = len(desk.bench.kkt.paper)
    desk.does("6B")
    restart(desk)
    assert desk.bench.tape(start)[0].strip() == RESTORED
    memory = desk.bench.kkt.memory
    assert (memory.mirror, memory.requisites) == (mirror, requisites)
    assert memory.totals == Totals()
    assert (memory.graphics.pictures, memory.graphics.barcodes) == ((), ())
    assert set(memory.tables) == {(9, 1, 2), (9, 2, 2)}
    desk.refuses("95", E.DATE_ENTRY_LOCK)
    set_clock(desk)
    assert desk.does("46 09 00 01 02") == b"\x03"
    assert desk.does("46 02 00 01 01") == b"\x01"
    desk.does("56 01 00 00 00 05")


def test_the_till_is_dead_until_it_restarts_and_comes_up_in_7_5(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.does("6B")
    desk.bench.clock.wait(desk.bench.kkt.settings.zeroing_seconds - 0.1)
    assert not desk.bench.state().is_on
    desk.bench.clock.wait(0.2)
    assert desk.bench.state().mode == 0x57
    desk.refuses("56 01 00 00 00 30", E.DATE_ENTRY_LOCK)
    set_clock(desk)
    desk.open_shift()
    desk.sell()


def test_sums_of_an_open_shift_are_lost_and_the_shift_goes_on(make_bench: MakeBench) -> None:
    desk = busy_till(make_bench)
    desk.does("6B")
    restart(desk)
    set_clock(desk)
    assert desk.bench.state().shift_is_open
    desk.enter(Mode.REGISTRATION)
    desk.sell(777)
    assert desk.register(0x0A)["sum_kopecks"] == 777
    desk.close_shift()
    desk.open_shift()
    assert desk.bench.state().shift_number == 2


def test_it_can_be_done_again_while_the_clock_is_lost(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.bench.lose_clock()
    desk.does("6B")
    restart(desk)
    assert desk.bench.state().mode == 0x57


@pytest.mark.parametrize(("state", "restored"), [("factory", False), ("registered", True), ("archive-closed", True)])
def test_what_is_restored_is_said_only_when_there_was_something(
    make_bench: MakeBench, state: str, restored: bool
) -> None:
    desk = Desk(make_bench(state))
    mirror = desk.bench.kkt.memory.mirror.copy()
    start = len(desk.bench.kkt.paper)
    desk.does("6B")
    restart(desk)
    assert (RESTORED in " ".join(desk.bench.tape(start))) is restored
    assert desk.bench.kkt.memory.mirror.fn_number == mirror.fn_number


@pytest.mark.parametrize("trouble", ["no FN", "no cable", "noise"])
def test_while_the_fn_is_silent_nothing_is_restored_and_the_next_power_up_tries_again(
    make_bench: MakeBench, trouble: str
) -> None:
    desk = Desk(make_bench("shift-open"))
    bench = desk.bench
    desk.enter(Mode.SELECTION)
    hurt: dict[str, Callable[[], object]] = {
        "no FN": bench.unplug,
        "no cable": bench.cut_cable,
        "noise": lambda: bench.make_noise(0, 100),
    }
    mend: dict[str, Callable[[], object]] = {
        "no FN": bench.plug,
        "no cable": bench.mend_cable,
        "noise": bench.mend_cable,
    }
    hurt[trouble]()
    desk.does("6B")
    restart(desk)
    set_clock(desk)
    assert not bench.kkt.is_registered
    desk.enter(Mode.REGISTRATION)
    desk.refuses("92 00 01", E.NOT_REGISTERED)
    mend[trouble]()
    bench.power_off()
    bench.power_on()
    assert bench.kkt.is_registered and bench.state().shift_is_open
    desk.enter(Mode.REGISTRATION)
    desk.sell()


def test_a_fault_of_the_fn_that_does_not_touch_reading_does_not_matter(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.bench.break_fn(FnFault("silent_on_signing"))
    desk.does("6B")
    restart(desk)
    assert desk.bench.kkt.is_registered


def test_a_fresh_fn_leaves_an_unregistered_till(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.bench.swap()
    desk.does("6B")
    restart(desk)
    assert not desk.bench.kkt.is_registered and not desk.bench.kkt.memory.mirror_is_lost


# ---- what 6B wants first, and its named settings


def test_an_open_receipt_and_another_mode_are_in_the_way(make_bench: MakeBench) -> None:
    Desk(make_bench("receipt-open")).refuses("6B", E.WRONG_MODE)
    desk = Desk(make_bench("receipt-open", leave_with_open_receipt="accept"))
    desk.enter(Mode.SELECTION)
    desk.refuses("6B", E.RECEIPT_OPEN)


@pytest.mark.parametrize(("build", "jumper", "done"), [(5313, False, True), (5314, False, False), (5314, True, True)])
def test_a_firmware_too_old_needs_the_jumper(make_bench: MakeBench, build: int, jumper: bool, done: bool) -> None:
    desk = Desk(make_bench(zeroing_min_build=build))
    desk.bench.jumper(jumper)
    if done:
        desk.does("6B")
    else:
        desk.refuses("6B", E.WRONG_MODE)


def test_what_is_answered_without_the_jumper_is_a_setting(make_bench: MakeBench) -> None:
    desk = Desk(make_bench(zeroing_min_build=9999, zeroing_without_jumper_answer=0xB0))
    desk.refuses("6B", E.GENERAL_RESET_NEEDED)


def test_an_open_shift_may_be_in_the_way(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", zeroing_with_open_shift="refuse"))
    desk.enter(Mode.SELECTION)
    desk.refuses("6B", E.SHIFT_OPEN)


def test_settings_say_what_survives_it(make_bench: MakeBench) -> None:
    desk = busy_till(
        make_bench,
        zeroing_clears_clock=False,
        zeroing_resets_ofd=False,
        zeroing_keeps_codes=False,
        zeroing_clears_non_nullable=False,
    )
    clock = desk.bench.state().till_clock
    desk.does("6B")
    restart(desk)
    assert (desk.bench.state().mode, desk.bench.state().till_clock) == (0, clock)
    assert desk.does("46 13 00 01 01").startswith(b"ofd.example ")
    assert desk.does("74 01") == b"\x00"
    assert desk.register(0x28, 1)["sum_kopecks"] == 12_345


def test_the_password_of_the_line_is_lost_too_and_must_be_known_before(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.PROGRAMMING)
    desk.does("50 02 00 01 17 12 34")
    desk.enter(Mode.SELECTION)
    assert desk.bench.kkt.access_password == bytes.fromhex("12 34")
    desk.does("6B")
    restart(desk)
    assert desk.bench.kkt.access_password == bytes(2)
