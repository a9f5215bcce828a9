"""Two clocks: «Дата и время» sets the tablet's, «Установка даты и времени» the till's (article clock_mismatch)."""

from collections.abc import Sequence
from typing import Any

from kktsim.terminal.menu import Item
from kktsim.terminal.screen import DONE, Screen, line, moment
from kktsim.terminal.service import enter_if_it_lets
from kktsim.terminal.tablet import Tablet
from protocol.atol.commands.modes import Mode

TITLE = "Дата и время"
CLOCK = 0x11
"""The register of the till's clock."""


def set_tablet_clock(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Дата и время»: the till is not asked."""
    (wanted,) = typed
    if wanted is None:
        return (line(TITLE, moment(tablet.now())),)
    tablet.set_clock(wanted)
    return (DONE,)


def set_till_clock(tablet: Tablet, item: Item, typed: Sequence[Any]) -> Screen:
    """«Установка даты и времени»: 64h and 4Bh in selection mode; a till without its time shows none."""
    (wanted,) = typed
    driver = tablet.driver
    enter_if_it_lets(driver, Mode.SELECTION)
    if wanted is None:
        now = driver.register(CLOCK).get("at")
        return (line(TITLE, moment(now) if now is not None else ""),)
    driver.set_clock(wanted)
    return (DONE,)
