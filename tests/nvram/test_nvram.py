"""What every non-volatile memory of a till does, in the process or on disk."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kktsim.bench import Bench
from kktsim.device import Kkt
from kktsim.device.nvram import LiveNvram, Nvram
from kktsim.device.regions import DAMAGEABLE, Region
from kktsim.device.state import Memory
from kktsim.device.totals import Totals
from kktsim.nvram import DiskNvram
from kktsim.power import PowerCut
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import Mode
from tests.device.desk import Desk
from tests.nvram.memories import values

Make = Callable[[Memory], Nvram]
MakeBench = Callable[..., Bench]


@pytest.fixture(params=["live", "live, every commit kept", "on disk"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """A new memory with something in it."""
    made: list[DiskNvram] = []

    def on_disk(memory: Memory) -> Nvram:
        made.append(DiskNvram.create(tmp_path / f"{len(made)}.till", memory))
        return made[-1]

    kinds: dict[str, Make] = {
        "live": LiveNvram,
        "live, every commit kept": lambda memory: LiveNvram(memory, keeps=True),
        "on disk": on_disk,
    }
    yield kinds[request.param]
    for nvram in made:
        nvram.close()


def with_cash(kopecks: int) -> Memory:
    memory = Memory()
    memory.totals.cash_kopecks = kopecks
    return memory


def test_what_was_committed_last_is_read(make: Make) -> None:
    memory = with_cash(1)
    nvram = make(memory)
    assert values(nvram.load()) == values(memory)
    memory = nvram.load()
    memory.totals.cash_kopecks = 2
    memory.tables[2, 1, 19] = b"\x12"
    nvram.commit(memory)
    read = nvram.load()
    assert values(read) == values(memory)
    assert read is not memory and read.totals is not memory.totals
    assert read.bad_regions == frozenset()


@pytest.mark.parametrize("region", DAMAGEABLE)
def test_a_spoilt_region_is_found_once_and_healed_by_whoever_puts_it_right(make: Make, region: Region) -> None:
    nvram = make(with_cash(5))
    nvram.spoil(region)
    found = nvram.load()
    assert found.bad_regions == {region}
    assert nvram.load().bad_regions == {region}

    found.bad_regions = frozenset()
    nvram.commit(found)
    healed = nvram.load()
    assert healed.bad_regions == frozenset()
    assert values(healed) == values(found)


def test_what_is_committed_over_a_spoilt_region_does_not_heal_it(make: Make) -> None:
    memory = with_cash(5)
    nvram = make(memory)
    nvram.spoil(Region.TOTALS)
    nvram.spoil(Region.TOTALS)
    memory.totals.cash_kopecks = 6
    memory.requisites[1057] = b"\x00"
    nvram.commit(memory)
    found = nvram.load()
    assert found.bad_regions == {Region.TOTALS}
    assert (found.totals, found.requisites) == (Totals(), {1057: b"\x00"})


def test_a_lost_region_stays_lost_until_somebody_says_that_it_is_good(make: Make) -> None:
    nvram = make(with_cash(5))
    nvram.spoil(Region.TOTALS)
    nvram.spoil(Region.MIRROR)
    memory = nvram.load()
    memory.totals.cash_kopecks = 7
    memory.clock_offset = 60.0
    nvram.commit(memory)
    again = nvram.load()
    assert again.bad_regions == {Region.TOTALS, Region.MIRROR}
    assert (again.totals.cash_kopecks, again.clock_offset) == (0, 60.0)

    again.bad_regions = frozenset((Region.MIRROR,))
    nvram.commit(again)
    nvram.commit(again)
    assert nvram.load().bad_regions == {Region.MIRROR}


def test_a_fork_goes_its_own_way_with_the_same_damage(make: Make) -> None:
    memory = with_cash(1)
    nvram = make(memory)
    nvram.spoil(Region.PASSWORDS)
    other = memory.copy()
    fork = nvram.fork(other)
    other.totals.cash_kopecks = 2
    fork.commit(other)
    fork.spoil(Region.CLOCK)
    assert (nvram.load().totals.cash_kopecks, fork.load().totals.cash_kopecks) == (1, 2)
    assert nvram.load().bad_regions == {Region.PASSWORDS}
    assert fork.load().bad_regions == {Region.PASSWORDS, Region.CLOCK}


# ---- the till and its memory


def kept(kkt: Kkt) -> Memory:
    """What the till would find at power-up."""
    return kkt.copy().nvram.load()


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    """A till whose every commit is kept apart."""
    bench = make_bench("shift-open")
    bench.kkt.nvram = LiveNvram(bench.kkt.memory, keeps=True)
    return Desk(bench)


def test_a_power_cut_in_mid_command_leaves_what_was_committed_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open_receipt(500)
    before = values(desk.bench.kkt.memory.copy())

    def cut(_: Kkt) -> None:
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(Kkt, "keep", cut)
        with pytest.raises(PowerCut):
            desk.reply(AddItem(name="Сахар", price_kopecks=100, tax=6))
    changed = values(desk.bench.kkt.memory)
    assert changed["receipt"] != before["receipt"]
    desk.bench.kkt.power_off()
    assert values(desk.bench.kkt.memory) == before


def test_what_is_only_tried_is_not_kept(desk: Desk) -> None:
    before = values(kept(desk.bench.kkt))
    assert desk.reply("49 01 00 00 00 50 00")[:2] == b"\x55\x00"
    assert values(kept(desk.bench.kkt)) == before
    assert desk.reply("49 00 00 00 00 50 00")[:2] == b"\x55\x00"
    assert values(kept(desk.bench.kkt)) != before


def test_a_power_cycle_reads_everything_back(desk: Desk) -> None:
    desk.sell()
    before, object_before = values(desk.bench.kkt.memory.copy()), desk.bench.kkt.memory
    desk.bench.power_off()
    desk.bench.power_on()
    assert desk.bench.kkt.memory is not object_before
    assert values(desk.bench.kkt.memory) == before


def test_the_end_of_a_report_is_kept(desk: Desk) -> None:
    desk.enter(Mode.Z_REPORTS)
    desk.does("5A")
    assert kept(desk.bench.kkt).unprinted_report == desk.bench.kkt.memory.mirror.document_number
    desk.bench.clock.wait(60)
    assert desk.bench.kkt.volatile.busy_until is not None
    desk.bench.state()
    assert kept(desk.bench.kkt).unprinted_report == desk.bench.kkt.memory.unprinted_report == 0


def restored(bench: Bench) -> None:
    """Totals lost, found lost, and put right."""
    bench.memory.spoil(Region.TOTALS)
    bench.power_off()
    bench.power_on()


HANDS: dict[str, Callable[[Bench], object]] = {
    "printer": lambda bench: bench.printer.open_cover(),
    "jumper": lambda bench: bench.jumper(True),
    "board": lambda bench: bench.replace_board(),
    "clock": lambda bench: bench.lose_clock(),
    "memory": lambda bench: bench.memory.alter(Region.TOTALS, "cash_kopecks", 5),
    "power": restored,
}


@pytest.mark.parametrize("hand", HANDS)
def test_what_hands_have_done_is_kept(desk: Desk, hand: str) -> None:
    desk.sell()
    before = values(kept(desk.bench.kkt))
    HANDS[hand](desk.bench)
    after = kept(desk.bench.kkt)
    assert values(after) == values(desk.bench.kkt.memory) != before
    assert after.bad_regions == frozenset()
