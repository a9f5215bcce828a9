"""What the tests of the till's memory share."""

from typing import Any

from kktsim.device.region_parts import SLOTS
from kktsim.device.state import Memory


def values(memory: Memory) -> dict[str, Any]:
    """Every field of a memory that is stored, to compare."""
    return {slot: getattr(memory, slot) for slot in SLOTS}
