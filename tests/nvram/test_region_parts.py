"""The table of regions: everything that a till remembers lies in one place."""

from collections import Counter
from dataclasses import fields, is_dataclass

import pytest

from kktsim.device.board import Board
from kktsim.device.region_parts import NOT_KEPT, PARTS, SLOTS, region_of_place
from kktsim.device.regions import BATTERY_BACKED, DAMAGEABLE, Region
from kktsim.device.state import Memory
from protocol.atol.settings_tables import Place, places

APART = {"tables", "board"}
"""Fields of `Memory` whose pieces lie in several regions."""


def test_every_field_of_the_memory_lies_in_one_region() -> None:
    assert set(Memory.__slots__) == set(SLOTS) | NOT_KEPT
    named = Counter(part.slot for parts in PARTS.values() for part in parts)
    assert set(named) == set(SLOTS)
    assert {slot for slot, times in named.items() if times > 1} == APART
    assert all(len(set(regions)) == len(regions) > 0 for regions in SLOTS.values())


def test_every_field_of_the_board_lies_in_one_region() -> None:
    of_board = [part.name for parts in PARTS.values() for part in parts if part.slot == "board"]
    assert sorted(of_board) == sorted(one.name for one in fields(Board))


def test_every_setting_lies_in_one_region() -> None:
    memory = Memory()
    memory.tables = {place: field.default(place[1]) for place, field in places().items()}
    found: dict[Place, bytes] = {}
    for region, parts in PARTS.items():
        for part in parts:
            if part.name == "tables":
                piece = part.get(memory)
                assert piece
                assert not piece.keys() & found.keys()
                assert {region_of_place(place) for place in piece} == {region}
                found |= piece
    assert found == memory.tables


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ((2, 1, 1), Region.TABLES),
        ((2, 1, 23), Region.PASSWORDS),
        ((3, 30, 1), Region.PASSWORDS),
        ((3, 30, 2), Region.PASSWORDS),
        ((10, 1, 1), Region.IDENTITY),
        ((19, 1, 1), Region.TABLES),
    ],
)
def test_passwords_and_codes_do_not_lie_among_the_other_tables(place: Place, region: Region) -> None:
    assert region_of_place(place) is region


@pytest.mark.parametrize("region", PARTS)
def test_a_piece_is_put_without_touching_the_others(region: Region) -> None:
    memory, other = Memory(), Memory()
    for one in (memory, other):
        one.tables = {place: field.default(place[1]) for place, field in places().items()}
    for part in PARTS[region]:
        part.put(memory, part.lost())
    touched = {part.slot for part in PARTS[region]}
    for slot in SLOTS.keys() - touched:
        assert getattr(memory, slot) == getattr(other, slot)
    kept = {place for place in other.tables if "tables" not in touched or region_of_place(place) is not region}
    assert memory.tables.keys() == kept


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((2, 1, 19), b""),
        ((2, 1, 19), b"\x01\x02"),
        ((99, 1, 1), b"\x01"),
        ((3, 30, 1), bytes(4)),
        ((2, 1, 23), b"\x00\x00"),
    ],
)
def test_the_region_of_tables_holds_no_field_that_is_not_its_own(place: Place, value: bytes) -> None:
    memory = Memory()
    (tables,) = [part for part in PARTS[Region.TABLES] if part.slot == "tables"]
    with pytest.raises(ValueError, match="is no field of tables"):
        tables.put(memory, {place: value})
    assert memory.tables == {}


def test_no_two_fields_of_a_region_have_the_same_name() -> None:
    for first, *others in PARTS.values():
        if is_dataclass(first.kind):
            assert not {one.name for one in fields(first.kind)} & {part.name for part in others}


def test_the_battery_holds_everything_but_what_the_factory_entered() -> None:
    assert set(DAMAGEABLE) - BATTERY_BACKED == {Region.IDENTITY}
    assert set(Region) - set(DAMAGEABLE) == {Region.MECHANISM}
