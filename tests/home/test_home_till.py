"""A till of a home outlives the process: what it was, what it has made, what time it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fn_model import FnFault, FnPort
from fn_model.memory_archive import MemoryArchive
from fn_model.sqlite_archive import SqliteArchive
from kktsim import kkt_models
from kktsim.clock import ClockKind
from kktsim.hands.bench import BenchHands
from kktsim.hands.error import HandsError
from kktsim.home import DEFAULT_TILL, Home, HomeError
from kktsim.home_till import HomeTill, come_up
from kktsim.testing.presets import open_till
from kktsim.testing.snapshot import differences, snapshot
from protocol.atol.commands.flags import CommandFlags
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import CloseReceipt
from protocol.fn.commands import Phase
from scenarios import routine
from scenarios.presets import PRESETS

from .house import WORLD, new_fn, new_till, up_again

OF_THE_PROCESS = {
    "kkt.paper": "the tape is torn off",
    "kkt.paper.has_document": "the same",
    "signals": "heard long ago",
    "ofd.attempts": "a new till counts from zero",
    "ofd.next_attempt": "a till that comes up tries at once",
}
"""Names of what a new process does not know, and why."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def till(home: Home) -> Iterator[HomeTill]:
    """A registered till that has just moved in."""
    till = new_till(home)
    yield till
    till.close()


def again(home: Home, till: HomeTill, **wish: str | float) -> HomeTill:
    """The same till as the next process finds it."""
    till.close()
    return up_again(home, **wish)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", PRESETS)
def test_a_restart_is_a_power_cut_and_nothing_else(home: Home, state: str) -> None:
    till = new_till(home, state)
    twin = till.bench.fork()
    twin.power_off()
    twin.power_on()
    expected = snapshot(twin, whole=True)

    there = again(home, till)

    assert differences(expected, snapshot(there.bench, whole=True), OF_THE_PROCESS) == []
    there.close()


def test_the_fork_of_a_till_at_home_is_its_twin_in_memory(home: Home, till: HomeTill) -> None:
    till.bench.swap()
    twin = till.bench.fork()
    assert differences(snapshot(till.bench, whole=True), snapshot(twin, whole=True)) == []
    before = snapshot(till.bench, whole=True)

    twin.power_off()
    twin.set_world(WORLD + 60)
    twin.swap()
    twin.power_on()

    assert differences(before, snapshot(till.bench, whole=True)) == []
    assert len(home.fn_numbers()) == 2


def test_documents_totals_and_an_open_shift_are_there_after_a_restart(home: Home, till: HomeTill) -> None:
    host = open_till(till.bench)
    routine.open_shift(host)
    routine.sell(host)
    before = till.bench.state()
    assert before.cash_kopecks > 0

    there = again(home, till)

    after = there.bench.state()
    assert (after.last_document, after.shift_is_open, after.shift_number) == (before.last_document, True, 1)
    assert (after.cash_kopecks, after.fn_number, after.mode) == (before.cash_kopecks, before.fn_number, 0)
    routine.sell(open_till(there.bench))
    assert there.bench.state().last_document == before.last_document + 1
    there.close()


def test_an_open_receipt_is_annulled_by_the_restart(home: Home) -> None:
    till = new_till(home, "receipt-open")
    assert till.bench.state().receipt_is_open

    there = again(home, till)

    assert not there.bench.state().receipt_is_open
    routine.sell(open_till(there.bench))
    there.close()


def test_settings_tables_are_there_after_a_restart(home: Home, till: HomeTill) -> None:
    routine.set_ofd(open_till(till.bench))
    tables = dict(till.bench.kkt.memory.tables)

    there = again(home, till)

    assert there.bench.kkt.memory.tables == tables
    there.close()


def test_an_ofd_that_was_down_is_down_and_what_was_unsent_is_sent_later(home: Home, till: HomeTill) -> None:
    till.bench.ofd_down()
    routine.open_shift(open_till(till.bench))
    assert till.bench.state().unsent_documents == 1

    there = again(home, till)
    there.bench.run_due()
    assert there.bench.state().unsent_documents == 1
    there.bench.ofd_up()

    assert there.bench.state().unsent_documents == 0
    there.close()


# --- world time -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [WORLD - 86_400, WORLD, WORLD + 3600])
def test_world_time_goes_on_from_what_the_till_has_reached(home: Home, till: HomeTill, asked: float) -> None:
    till.bench.advance(7200)

    there = again(home, till, world=asked)

    assert there.bench.world == WORLD + 7200
    there.close()


def test_world_time_begins_where_it_is_asked_to_when_that_is_later(home: Home, till: HomeTill) -> None:
    there = again(home, till, world=WORLD + 86_400)
    assert there.bench.world == WORLD + 86_400
    there.close()


def test_running_world_time_is_kept_before_anybody_is_told_of_it(home: Home, till: HomeTill) -> None:
    till.bench.clock.kind = ClockKind.REAL
    for _ in range(5):
        till.bench.clock.wait(0.7)
        assert till.bench.world <= till.record.world <= till.bench.world + 1.0


# --- the slot and the shelf -------------------------------------------------------------------------------------------


def test_what_is_in_the_slot_is_there_after_a_restart(home: Home, till: HomeTill) -> None:
    first = till.bench.state().fn_number
    second = till.bench.swap()
    assert till.bench.state().shelf == (first,)

    there = again(home, till)

    assert (there.bench.state().fn_number, there.bench.state().shelf) == (second, (first,))
    there.close()


def test_an_empty_slot_is_empty_after_a_restart(home: Home, till: HomeTill) -> None:
    number = till.bench.unplug()

    there = again(home, till)

    assert (there.bench.state().fn_number, there.bench.state().shelf) == (None, (number,))
    assert there.bench.plug() == number
    assert there.bench.state().last_document == 1
    there.close()


def test_the_last_one_pulled_out_is_put_back_first(home: Home, till: HomeTill) -> None:
    new_fn(home)
    number = till.bench.unplug()
    assert till.bench.state().shelf[-1] == number

    assert till.bench.plug() == number


def test_a_broken_fn_stays_broken_on_the_shelf(till: HomeTill) -> None:
    till.bench.break_fn(FnFault.CRYPTO_FAILED)
    number = till.bench.unplug()
    till.bench.plug(number)

    assert till.bench.slot.plugged().faults == {FnFault.CRYPTO_FAILED}


def test_an_fn_pulled_out_of_one_till_can_be_put_into_another(home: Home, till: HomeTill) -> None:
    other = new_till(home, name="other")
    own = other.bench.unplug()
    assert own in till.bench.shelf.numbers()
    mine = till.bench.unplug()

    assert till.bench.plug(own) == own
    assert other.bench.plug(mine) == mine

    for one in (till, other):
        assert one.bench.kkt.memory.mirror.fn_number != one.bench.state().fn_number
    till.bench.unplug()
    with pytest.raises(HandsError, match="no such FN on the shelf"):
        till.bench.plug(mine)
    other.bench.unplug()
    till.bench.plug(mine)
    routine.open_shift(open_till(till.bench))
    other.close()


def test_an_fn_in_a_resting_till_is_not_on_the_shelf(home: Home, till: HomeTill) -> None:
    other = new_till(home, name="other")
    number = other.bench.state().fn_number
    other.close()
    till.bench.unplug()

    assert number not in till.bench.shelf.numbers()
    with pytest.raises(HandsError, match=f"FN {number} is in the till other: .*kktsim fn remove --till other"):
        till.bench.plug(number)


def test_fns_on_the_shelf_are_told_with_what_is_wrong(till: HomeTill) -> None:
    number = till.bench.swap()
    hands = BenchHands(till.bench)

    assert [sentence.split()[1] for sentence in hands.abandoned_fns()] == [till.bench.shelf.numbers()[0]]
    assert number not in till.bench.shelf.numbers()


def test_another_fn_is_put_in_before_the_till_comes_up(home: Home, till: HomeTill) -> None:
    fresh = new_fn(home)
    own = till.bench.state().fn_number

    there = again(home, till, number=fresh)

    state = there.bench.state()
    assert (state.fn_number, state.fn_phase, state.shelf) == (fresh, Phase.READY, (own,))
    there.close()


def test_a_new_fn_is_of_the_model_of_the_one_before(home: Home) -> None:
    number = new_fn(home, "fn-1-1-36")
    till = new_till(home, "factory")
    there = again(home, till, number=number)
    there.close()

    there = up_again(home)
    there.bench.swap()

    assert there.bench.slot.plugged().model.name == "fn-1-1-36"
    there.close()


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_a_till_that_is_up_cannot_be_brought_up_again(home: Home, till: HomeTill) -> None:
    with pytest.raises(HomeError, match=f"the till {DEFAULT_TILL} is running .*--till NAME"):
        up_again(home)


def test_an_fn_of_a_running_till_is_not_put_into_another(home: Home, till: HomeTill) -> None:
    other = new_till(home, name="other")
    number = till.bench.state().fn_number
    other.close()
    with pytest.raises(HomeError, match=f"FN {number} is in use by a running till: .*`kktsim fn unplug`"):
        up_again(home, "other", number=number)

    up_again(home, "other").close()


def test_a_till_of_a_model_file_that_is_gone_says_so(home: Home, till: HomeTill, tmp_path: Path) -> None:
    till.record.model_file = str(tmp_path / "mine.toml")

    with pytest.raises(HomeError, match=r"the till kkt0 is of a model that cannot be had: .*mine\.toml cannot be read"):
        again(home, till)


def test_a_till_remembers_its_firmware(home: Home, till: HomeTill) -> None:
    till.bench.flash("4543")

    there = again(home, till)
    assert there.bench.kkt.model is kkt_models.load("evotor-st2f@4543")
    there.bench.flash("usual")
    there = again(home, there)
    assert there.bench.kkt.model is kkt_models.load()
    there.close()


def test_a_till_moves_in_with_its_firmware(home: Home) -> None:
    till = new_till(home, model="evotor-st3f@ffd10")

    there = again(home, till)
    assert there.bench.kkt.model.name == "evotor-st3f@ffd10"
    there.close()


def test_a_till_of_a_model_file_remembers_its_firmware(home: Home, till: HomeTill, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "evotor-st2f"\n[firmware.beta]\nbuild = 6000\n', encoding="utf-8")
    till.record.model_file = str(path)
    there = again(home, till)
    there.bench.flash("beta")

    there = again(home, there)
    assert (there.bench.kkt.model.name, there.bench.kkt.model.build) == ("mine@beta", 6000)
    there.close()
    path.write_text('extends = "evotor-st2f"\n', encoding="utf-8")
    with pytest.raises(
        HomeError, match="of a model that cannot be had: there is no firmware 'beta' of the model 'mine'"
    ):
        up_again(home)


def test_a_bench_that_is_let_go_lets_others_at_its_files(home: Home, till: HomeTill) -> None:
    till.close()
    there = come_up(home, DEFAULT_TILL, WORLD, ClockKind.FROZEN, virtual=True)
    assert isinstance(there.bench.cable.fn, FnPort)
    routine.enter(open_till(there.bench), Mode.REGISTRATION)
    there.close()


def test_a_command_that_is_only_tried_and_a_fork_copy_nothing_of_the_archive(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = new_till(home, "receipt-open")
    bench, read = till.bench, SqliteArchive.in_memory
    copied: list[SqliteArchive] = []

    def copying(archive: SqliteArchive) -> MemoryArchive:
        copied.append(archive)
        return read(archive)

    monkeypatch.setattr(SqliteArchive, "in_memory", copying)
    host, before = open_till(bench), bench.state()
    for flags in (CommandFlags.CHECK_ONLY, CommandFlags(0)):
        assert bench.state() == before
        assert host.send(CloseReceipt(flags=flags).to_wire()) == b"\x55\x00\x00"
    assert bench.state().last_document == before.last_document + 1
    twin = bench.fork()
    routine.sell(open_till(twin))
    assert copied == []
    whole = snapshot(twin, whole=True)
    till.close()
    assert len(copied) == 1
    assert differences(whole, snapshot(twin, whole=True)) == []
