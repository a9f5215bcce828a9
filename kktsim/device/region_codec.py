"""Regions of `Memory` as bytes: one line of JSON with every part, then a line for each item that a receipt holds.

In the first line items are their numbers. An item never changes once added, so its line is made once and used again.
A CRC-32 over the bytes seals a region.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple
from zlib import crc32

from kktsim.device.receipt import Item
from kktsim.device.region_parts import PARTS
from kktsim.device.regions import DAMAGEABLE, Region
from kktsim.device.state import Memory
from kktsim.device.typed_json import Codec, codec


class Sealed(NamedTuple):
    """What is stored of a region."""

    data: bytes
    crc: int

    @property
    def is_whole(self) -> bool:
        """Whether the check sum is right."""
        return bool(self.data) and crc32(self.data) == self.crc


def sealed(data: bytes) -> Sealed:
    """``data`` with its check sum."""
    return Sealed(data, crc32(data))


def spoiled(region: Sealed) -> Sealed:
    """The same with a byte changed under its check sum."""
    return Sealed(bytes((region.data[0] ^ 0xFF,)) + region.data[1:], region.crc)


class _Line(NamedTuple):
    """An item of a receipt as it is written. ``item``: held so that its identity stays its own."""

    number: int
    item: Item
    text: str


class RegionWriter:
    """Writes regions of one till's memory."""

    __slots__ = ("_encode", "_lines", "_old_lines")

    def __init__(self) -> None:
        self._encode = json.JSONEncoder(
            ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=self._number
        ).encode
        self._lines: dict[int, _Line] = {}
        """Identity of an item to its line, in the order of their numbers."""
        self._old_lines: dict[int, _Line] = {}
        """Those of the last time."""

    def encode(self, region: Region, memory: Memory) -> bytes:
        """The bytes of a region."""
        parts = PARTS[region]
        self._old_lines, self._lines = self._lines, {}
        head = self._encode({part.name: _writing(part.kind).pack(part.get(memory)) for part in parts})
        lines = [line.text for line in self._lines.values()]
        if region is not Region.RECEIPT:
            self._lines = self._old_lines
        return "\n".join((head, *lines)).encode()

    def seal(self, memory: Memory) -> dict[Region, Sealed]:
        """Every region with its check sum."""
        return {region: sealed(self.encode(region, memory)) for region in Region}

    def _number(self, item: Item) -> int:
        """The number of an item in the region."""
        line = self._lines.get(id(item))
        if line is None:
            old = self._old_lines.get(id(item))
            text = self._encode(_item().pack(item)) if old is None else old.text
            line = self._lines[id(item)] = _Line(len(self._lines), item, text)
        return line.number


def unseal(stored: Mapping[Region, Sealed]) -> Memory:
    """The memory of those regions; what is missing, has a wrong check sum or says nothing sensible is lost."""
    memory = Memory()
    bad = []
    for region, parts in PARTS.items():
        try:
            values = _read(region, stored.get(region))
            for part in parts:
                part.put(memory, values[part.name])
        except ValueError:
            for part in parts:
                part.put(memory, part.lost())
            bad.append(region)
    memory.bad_regions = frozenset(bad) & frozenset(DAMAGEABLE)
    return memory


def _read(region: Region, stored: Sealed | None) -> dict[str, Any]:
    """The parts of a region by name; raises ValueError."""
    if stored is None or not stored.is_whole:
        raise ValueError(f"the check sum of {region} is wrong")
    head, *lines = stored.data.decode().split("\n")
    items = [_item().unpack(json.loads(line)) for line in lines]

    def item(data: Any) -> Item:
        if type(data) is not int or not 0 <= data < len(items):
            raise ValueError(f"{data!r} is the number of no item")
        found: Item = items[data]
        return found

    written = json.loads(head)
    if not isinstance(written, dict) or written.keys() != {part.name for part in PARTS[region]}:
        raise ValueError(f"{region} has other parts")
    special = {Item: Codec(_same, item)} if region is Region.RECEIPT else None
    codecs = {part.name: codec(part.kind, special) if special else _writing(part.kind) for part in PARTS[region]}
    return {name: one.unpack(written[name]) for name, one in codecs.items()}


def _same(value: Any) -> Any:
    return value


@cache
def _writing(kind: Any) -> Codec:
    """Of a part: its items are left to whoever makes JSON text of it."""
    return codec(kind, {Item: Codec(_same, _same)})


@cache
def _item() -> Codec:
    return codec(Item)
