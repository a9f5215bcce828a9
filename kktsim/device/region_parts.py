"""The table of what lies where: every field of `Memory` in its region, and what it is after the region was lost.

Lost passwords, tables and totals are those of a new till; without its clock the till asks for date and time; without
its identity it is as a board from the spare parts. Mirror and requisites are to be taken from the FN.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Final

from kktsim.device.board import SPARE_PART
from kktsim.device.graphics import Graphics
from kktsim.device.printer_state import PrinterState
from kktsim.device.receipt import Receipt
from kktsim.device.regions import Region
from kktsim.device.state import ClockRegion, Closing, Intent, LastReceipt, Memory, Mirror
from kktsim.device.totals import Totals
from protocol.atol.settings_tables import Place, Write, places

OPERATORS, PROTECTION = 3, 10
ACCESS_PASSWORD: Final = (2, 1, 23)
_FARTHEST_SECONDS: Final = 10**9
"""How far a clock can be from the world's (guess); all dates within it can be told."""
_LAST_DOCUMENT: Final = 2**32 - 1
NOT_KEPT: Final = frozenset({"bad_regions"})
"""Fields of `Memory` that are found out at power-up."""


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a region."""

    name: str
    slot: str
    """The field of `Memory` that it is, or is a piece of."""
    kind: Any
    """Its type, as an annotation."""
    get: Callable[[Memory], Any]
    put: Callable[[Memory, Any], None]
    """Raises ValueError when the value is of the right type but none that the till could hold."""
    lost: Callable[[], Any]
    """The value after the region was lost."""


def region_of_place(place: Place) -> Region:
    """The region of one field of the settings tables; what is written once is the board's own, as the MAC address."""
    if place[0] == OPERATORS or place == ACCESS_PASSWORD:
        return Region.PASSWORDS
    field = places().get(place)
    if place[0] == PROTECTION or (field is not None and field.write is Write.ONCE):
        return Region.IDENTITY
    return Region.TABLES


def _whole(slot: str, kind: Any, lost: Callable[[], Any], within: tuple[int, int] | None = None) -> Part:
    """A field of `Memory` that lies in one region. ``within``: the smallest and the largest number it may be."""

    def put(memory: Memory, value: Any) -> None:
        if within is not None and not within[0] <= value <= within[1]:
            raise ValueError(f"{value} is not from {within[0]} to {within[1]}")
        setattr(memory, slot, value)

    return Part(slot, slot, kind, attrgetter(slot), put, lost)


def _tables(region: Region) -> Part:
    """The settings that lie in ``region``."""

    def get(memory: Memory) -> dict[Place, bytes]:
        return {place: value for place, value in memory.tables.items() if region_of_place(place) is region}

    def put(memory: Memory, value: dict[Place, bytes]) -> None:
        for place, data in value.items():
            field = places().get(place)
            if field is None or len(data) != field.width or region_of_place(place) is not region:
                raise ValueError(f"{'/'.join(map(str, place))} is no field of {region} with {len(data)} bytes")
        others = {place: data for place, data in memory.tables.items() if region_of_place(place) is not region}
        memory.tables = others | value

    return Part("tables", "tables", dict[Place, bytes], get, put, dict)


def _of_board(name: str, kind: Any) -> Part:
    """A field of the board."""

    def put(memory: Memory, value: Any) -> None:
        memory.board = replace(memory.board, **{name: value})

    return Part(name, "board", kind, attrgetter(f"board.{name}"), put, lambda: getattr(SPARE_PART, name))


PARTS: Mapping[Region, tuple[Part, ...]] = {
    Region.CLOCK: (
        _whole("clock_offset", float, float, (-_FARTHEST_SECONDS, _FARTHEST_SECONDS)),
        _whole("clock_region", ClockRegion, lambda: ClockRegion.NEEDS_DATE),
    ),
    Region.TABLES: (_tables(Region.TABLES), _whole("graphics", Graphics, Graphics)),
    Region.PASSWORDS: (_tables(Region.PASSWORDS),),
    Region.RECEIPT: (
        _whole("receipt", Receipt | None, lambda: None),
        _whole("closing", Closing | None, lambda: None),
        _whole("left_taxes", dict[int, int], dict),
    ),
    Region.TOTALS: (_whole("totals", Totals, Totals), _whole("last_receipt", LastReceipt, LastReceipt)),
    Region.MIRROR: (
        _whole("mirror", Mirror, Mirror),
        _whole("intent", Intent | None, lambda: None),
        _whole("kept_intent", Intent | None, lambda: None),
        _whole("mirror_is_lost", bool, lambda: True),
        _whole("unprinted_report", int, int, (0, _LAST_DOCUMENT)),
    ),
    Region.IDENTITY: (
        _of_board("protection_codes", frozenset[int]),
        _of_board("has_serial_number", bool),
        _tables(Region.IDENTITY),
    ),
    Region.REQUISITES: (_whole("requisites", dict[int, bytes], dict),),
    Region.MECHANISM: (_whole("printer", PrinterState, PrinterState), _of_board("jumper_is_on", bool)),
}
"""Region to what it consists of; the first part of a region is the one that is meant when a hand names none."""

SLOTS: Mapping[str, tuple[Region, ...]] = {
    slot: tuple(region for region, parts in PARTS.items() if any(part.slot == slot for part in parts))
    for slot in Memory.__slots__
    if slot not in NOT_KEPT
}
"""Field of `Memory` to the regions that it lies in; more than one when its pieces lie apart."""
