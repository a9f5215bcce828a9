"""Times as people write them: spans like ``1w2d`` and civil moments like ``2026-11-22T14:00``."""

import math
import re
from datetime import datetime, timedelta

from kktsim.clock import parse_world

_EPOCH = datetime(1970, 1, 1)
_UNIT_SECONDS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_SPAN = re.compile(r"(?:\d+[wdhms])+", re.ASCII)
_PART = re.compile(r"(\d+)([wdhms])")

FIRST_WORLD = parse_world("2000-01-01")
LAST_WORLD = parse_world("2099-12-31T23:59:59")
"""Fiscal documents have two digits for the year (FNS, «Описание интерфейса ФН» 1.2: year minus 2000)."""


def parse_span(text: str) -> float:
    """Seconds of a span: whole weeks, days, hours, minutes and seconds, or a number of seconds; raises ValueError."""
    if text.isascii() and text.isdigit():
        return float(text)
    if _SPAN.fullmatch(text) is None:
        raise ValueError(f"{text!r} is no span of time")
    return float(sum(int(count) * _UNIT_SECONDS[unit] for count, unit in _PART.findall(text)))


def check_world(world: float) -> float:
    """The same world seconds; raises ValueError when fiscal documents cannot carry that date."""
    if not (math.isfinite(world) and FIRST_WORLD <= world <= LAST_WORLD):
        raise ValueError("the world's time must lie in the years 2000 to 2099, which fiscal documents can carry")
    return world


def iso(world: float) -> str:
    """``2026-11-22T14:00:00`` of world seconds; a begun second is cut off."""
    return (_EPOCH + timedelta(seconds=math.floor(world))).isoformat()
