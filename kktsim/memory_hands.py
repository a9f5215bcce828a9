"""What hands do to the non-volatile memory of a till: look at it, spoil it, change it under its check sum."""

from typing import Any

from kktsim.device import Kkt
from kktsim.device import region_fields as regional
from kktsim.device.regions import BATTERY_BACKED, DAMAGEABLE, Region
from kktsim.hands.error import HandsError


class MemoryHands:
    """«Инженер у памяти кассы». All of it works with the power off as well."""

    __slots__ = ("_kkt",)

    def __init__(self, kkt: Kkt) -> None:
        self._kkt = kkt

    def show(self) -> dict[str, dict[str, Any]]:
        """Region to its fields, with the names that `alter` takes; bytes are hex."""
        return {region.value: regional.fields(region, self._kkt.memory) for region in DAMAGEABLE}

    def bad(self) -> list[str]:
        """Regions that the till has found lost and that nothing has put right since."""
        return sorted(self._kkt.memory.bad_regions)

    def spoil(self, region: Region) -> None:
        """Change bytes under the check sum: found lost when the till is switched on next."""
        if region not in DAMAGEABLE:
            raise HandsError(f"{region} is no memory: spoil one of {', '.join(DAMAGEABLE)}")
        self._kkt.nvram.spoil(region)

    def lose(self) -> None:
        """Let the battery go flat: all but serial number and codes is found lost when the till is switched on next."""
        for region in sorted(BATTERY_BACKED):
            self._kkt.nvram.spoil(region)

    def alter(self, region: Region, field: str, value: Any) -> None:
        """Set a field, the check sum stays good: it is used at once. None takes an entry away.

        Raises `HandsError`: there is no such field, or that is no value of it.
        """
        try:
            regional.alter(region, self._kkt.memory, field, value)
        except ValueError as error:
            raise HandsError(f"{error}; `kktsim memory show {region}` tells what is there") from None
        self._kkt.keep()
