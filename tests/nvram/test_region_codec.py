"""Regions as bytes: exact both ways for any memory a till can come to, and found out when a byte is changed."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.device import region_codec
from kktsim.device.nvram import LiveNvram
from kktsim.device.receipt import Item, LastOperation, Receipt
from kktsim.device.region_codec import RegionWriter, Sealed, sealed, spoiled, unseal
from kktsim.device.region_parts import PARTS, SLOTS
from kktsim.device.regions import DAMAGEABLE, Region
from kktsim.device.state import ClockRegion, Memory
from kktsim.testing.machine import TillMachine
from protocol.atol.commands.flags import ReceiptType
from scenarios.presets import PRESETS
from tests.nvram.memories import values


@pytest.fixture
def busy(make_bench: Callable[..., Bench]) -> Memory:
    """A memory with something in every region."""
    bench = make_bench("receipt-open")
    memory = bench.kkt.memory
    memory.clock_offset = -3600.5
    memory.tables |= {(2, 1, 19): b"\x12", (3, 30, 1): b"\x00\x00\x00\x31", (2, 1, 23): b"\x12\x34"}
    memory.left_taxes = {1: 5}
    memory.board = replace(memory.board, jumper_is_on=True)
    assert memory.receipt is not None and memory.receipt.items
    return memory


@pytest.mark.parametrize("model", kkt_models.names())
@pytest.mark.parametrize("preset", PRESETS)
def test_a_till_in_any_named_state_is_read_as_it_was_written(
    make_bench: Callable[..., Bench], preset: str, model: str
) -> None:
    memory = make_bench(preset, model).kkt.memory
    read = unseal(RegionWriter().seal(memory))
    assert values(read) == values(memory)
    assert read.bad_regions == frozenset()


class RememberingMachine(TillMachine):
    """Lives of a till whose every commit is kept apart."""

    @invariant()
    def nothing_is_forgotten(self) -> None:
        """What is kept is what the till remembers, and is read as it was written."""
        kkt = self.bench.kkt
        if not isinstance(kkt.nvram, LiveNvram) or not kkt.nvram.keeps:
            kkt.nvram = LiveNvram(kkt.memory, keeps=True)
        kept = self.bench.fork().kkt.nvram.load()
        assert kept.bad_regions == kkt.memory.bad_regions
        here, there = values(kkt.memory), values(kept)
        assert {slot: (here[slot], there[slot]) for slot in here if here[slot] != there[slot]} == {}


def test_whatever_a_shop_goes_through_its_till_keeps_all_of_it() -> None:
    slow = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
    run_state_machine_as_test(
        RememberingMachine,
        settings=settings(deadline=None, max_examples=25, stateful_step_count=25, suppress_health_check=slow),
    )


def item(number: int) -> Item:
    return Item(f"Чай №{number}", 100, 1000, 100, 1, 17, 0, requisites={1191: b"x"}, tlv=bytes((number % 256,)) * 9)


def test_an_item_is_written_once_however_often_the_receipt_is(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    own = region_codec._item()

    def pack(one: Item) -> object:
        written.append(one.name)
        return own.pack(one)

    monkeypatch.setattr(region_codec, "_item", lambda: own._replace(pack=pack))
    writer, memory = RegionWriter(), Memory()
    memory.receipt = Receipt(ReceiptType.SELL, 0.0)
    for number in range(50):
        memory.receipt.add(item(number))
        writer.encode(Region.RECEIPT, memory)
        writer.encode(Region.TOTALS, memory)
    assert written == [f"Чай №{number}" for number in range(50)]

    memory.receipt.replace_items(memory.receipt.items[1:])
    data = writer.encode(Region.RECEIPT, memory)
    assert len(written) == 50
    assert data.count(b"\n") == 49


def test_an_item_that_several_lists_hold_is_written_once() -> None:
    memory = Memory()
    first, second = item(1), item(2)
    memory.receipt = Receipt(
        ReceiptType.SELL, 0.0, items=[second, first], before_discount=(LastOperation.ITEM, [first, first])
    )
    data = RegionWriter().encode(Region.RECEIPT, memory)
    head, *lines = data.decode().split("\n")
    assert len(lines) == 2
    assert json.loads(head)["receipt"]["items"] == [0, 1]
    read = unseal({Region.RECEIPT: sealed(data)}).receipt
    assert read == memory.receipt


@pytest.mark.parametrize("region", DAMAGEABLE)
def test_a_spoilt_region_is_lost_and_no_other(busy: Memory, region: Region) -> None:
    stored = RegionWriter().seal(busy)
    stored[region] = spoiled(stored[region])
    read = unseal(stored)
    assert read.bad_regions == {region}
    for part in PARTS[region]:
        assert part.get(read) == part.lost()
    for other in set(Region) - {region}:
        for part in PARTS[other]:
            assert part.get(read) == part.get(busy), part


def test_any_changed_byte_is_found(busy: Memory) -> None:
    one = RegionWriter().seal(busy)[Region.TOTALS]
    for place in range(len(one.data)):
        changed = bytearray(one.data)
        changed[place] ^= 1
        assert not Sealed(bytes(changed), one.crc).is_whole
    assert one.is_whole and not spoiled(one).is_whole
    assert not Sealed(b"", 0).is_whole


ODD = {
    "not JSON": b"{",
    "not text": b"\xff\xfe",
    "no object": b"[]",
    "other parts": b'{"sums": 1}',
    "other fields": b'{"totals":{"colour":1},"last_receipt":{}}',
    "other kinds": b'{"totals":{"cash_kopecks":"1"},"last_receipt":{}}',
    "another line": b'{"totals":{},"last_receipt":{}}\n{}',
}


@pytest.mark.parametrize("what", ODD)
def test_a_region_that_says_nothing_sensible_is_lost_for_all_its_good_check_sum(busy: Memory, what: str) -> None:
    read = unseal(RegionWriter().seal(busy) | {Region.TOTALS: sealed(ODD[what])})
    assert read.bad_regions == {Region.TOTALS}
    assert read.mirror == busy.mirror


@pytest.mark.parametrize("number", ["1", "-1", '"0"', "true"])
def test_a_receipt_that_names_an_item_it_has_not_is_lost(busy: Memory, number: str) -> None:
    data = RegionWriter().encode(Region.RECEIPT, busy).replace(b'"items":[0]', f'"items":[{number}]'.encode())
    assert f"[{number}]".encode() in data
    assert unseal(RegionWriter().seal(busy) | {Region.RECEIPT: sealed(data)}).bad_regions == {Region.RECEIPT}


def test_memory_without_anything_stored_is_lost_as_a_whole() -> None:
    read = unseal({})
    assert read.bad_regions == set(DAMAGEABLE)
    assert read.clock_region is ClockRegion.NEEDS_DATE
    assert not read.board.has_serial_number
    assert read.mirror_is_lost


def test_a_copy_of_a_memory_has_all_that_is_stored(busy: Memory) -> None:
    busy.bad_regions = frozenset((Region.CLOCK,))
    twin = busy.copy()
    assert values(twin) == values(busy)
    assert twin.bad_regions == busy.bad_regions
    assert set(values(twin)) == set(SLOTS)
