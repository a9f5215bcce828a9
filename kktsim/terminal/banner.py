"""«(!) ОФД» at the top of the screen: the terminal is in the Internet, and documents have waited for over 24 hours.

Documented (article ofd_banner): the words, the Internet, the 24 hours, and that firmware before 3.9.1 may show it
although nothing waits any more. Inferred: the hours are counted from the first unsent document by the tablet's clock.
A guess: such firmware shows it until it is restarted, always.
"""

import re
from datetime import datetime, timedelta

from protocol.fn.answers import ExchangeStatus

PATIENCE = timedelta(hours=24)
CURED_IN = (3, 9, 1)
"""The firmware in which the banner goes away by itself."""
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})*")


def is_due(queue: ExchangeStatus, now: datetime) -> bool:
    """Whether something has waited for too long."""
    return queue.unsent_documents > 0 and queue.at is not None and now - queue.at > PATIENCE


def is_shown(*, due: bool, was_shown: bool, firmware: str) -> bool:
    """What a look shows, after what was shown before."""
    return due or (was_shown and sticks_in(firmware))


def sticks_in(firmware: str) -> bool:
    """Whether the banner of a firmware like ``3.9.0`` stays; raises ValueError when it is no version."""
    if _VERSION.fullmatch(firmware) is None:
        raise ValueError(f"{firmware!r} is no version of firmware: write it like 3.9.0")
    return tuple(map(int, firmware.split("."))) < CURED_IN
