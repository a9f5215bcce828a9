"""«Энергонезависимая память»: where `Memory` outlives the power.

Power-on always reads it back through the check sums. What is written while the power fails is all there or not at all.
"""

from typing import Protocol

from kktsim.device.region_codec import RegionWriter, spoiled, unseal
from kktsim.device.regions import Region
from kktsim.device.state import Memory


class Nvram(Protocol):
    """The till's end of its non-volatile memory."""

    def commit(self, memory: Memory) -> None:
        """Keep ``memory``: one atomic durable write, or `NotKeptError` and none.

        Regions in its ``bad_regions`` stay as bad as they are.
        """

    def load(self) -> Memory:
        """What was kept last, as the till finds it at power-up.

        Regions with a wrong check sum are named in ``bad_regions`` and set to what they are when lost.
        """

    def spoil(self, region: Region) -> None:
        """Change bytes under the check sum: found at the next `load`, whatever is committed before."""

    def fork(self, memory: Memory) -> "Nvram":
        """The same for the fork of a till, whose memory is ``memory``; it lives in this process."""


class LiveNvram:
    """Memory that lives as long as the process: the till's own object, which is encoded when the power goes.

    ``keeps``: keep every commit apart, so that what a power cut in mid-command leaves is the last one.
    """

    __slots__ = ("_kept", "_unread", "keeps")

    def __init__(self, memory: Memory, *, keeps: bool = False) -> None:
        self.keeps = keeps
        self._kept = memory.copy() if keeps else memory
        self._unread: frozenset[Region] = frozenset()
        """What was spoilt since the last `load`."""

    def commit(self, memory: Memory) -> None:
        """Keep ``memory``."""
        self._kept = memory.copy() if self.keeps else memory

    def load(self) -> Memory:
        """What was kept last, by way of its bytes."""
        stored = RegionWriter().seal(self._kept)
        for region in self._unread | self._kept.bad_regions:
            stored[region] = spoiled(stored[region])
        memory = unseal(stored)
        self._unread = frozenset()
        self.commit(memory)
        return memory

    def spoil(self, region: Region) -> None:
        """Change bytes under the check sum."""
        self._unread |= {region}

    def fork(self, memory: Memory) -> "LiveNvram":
        """The same for a fork of the till."""
        twin = LiveNvram(memory)
        if self.keeps:
            twin.keeps, twin._kept = True, self._kept.copy()
        twin._unread = self._unread
        return twin
