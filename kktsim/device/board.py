"""The till's board: what the factory entered into it, and its jumper. No reset touches it."""

from dataclasses import dataclass

REGISTRATION_CODE = 1
"""Number of the protection code that registration mode needs (guess)."""


@dataclass(frozen=True, slots=True)
class Board:
    """«Плата»: IDENTITY, the region with serial number and protection codes, and the boot jumper."""

    protection_codes: frozenset[int] = frozenset((REGISTRATION_CODE,))
    """Numbers of the codes that are entered. A till leaves the factory with the first (guess)."""
    has_serial_number: bool = True
    """A board from the spare parts has none until 61h."""
    jumper_is_on: bool = False
    """«Джампер загрузки» in the position BOOT."""


SPARE_PART = Board(protection_codes=frozenset(), has_serial_number=False)
"""A new board: «блок управления» after a repair."""
