"""The regions of a till's non-volatile memory. What of `Memory` lies in which is a table: `region_parts`.

Each region has a check sum of its own, so each can be damaged by itself: with a good check sum its values are used as
they are, with a wrong one it is found lost at power-up. Which regions there are is an inference from the articles
whose cures name what was lost (err_minus16, err_3825, err_3905, err_3933, err_3969, counters_zeroed_fd_restored).
"""

from enum import StrEnum


class Region(StrEnum):
    """One region; the value is its name for people and in files."""

    CLOCK = "clock"
    """Date and time."""
    TABLES = "tables"
    """Settings tables but 3 and 10, pictures and barcodes."""
    PASSWORDS = "passwords"
    """Table 3 and the access password (table 2 field 23)."""
    RECEIPT = "receipt"
    """The open receipt and what is left of the one before."""
    TOTALS = "totals"
    """Counters, cash, the last receipt."""
    MIRROR = "mirror"
    """What the till believes of the FN, and the document that it was making."""
    IDENTITY = "identity"
    """Serial number, protection codes with table 10, MAC address."""
    REQUISITES = "requisites"
    """Registration requisites."""
    MECHANISM = "mechanism"
    """No memory: how printer and jumper stand. It is kept so that a till comes up as it was left."""


DAMAGEABLE: tuple[Region, ...] = tuple(region for region in Region if region is not Region.MECHANISM)
"""Memory proper."""
BATTERY_BACKED: frozenset[Region] = frozenset(DAMAGEABLE) - {Region.IDENTITY}
"""What is lost when the battery is taken out: all but what no article tells to enter again."""
