"""When an FN works with goods that have codes: who may ask, how full its notification area is, how old its keys are.

Source: lists of answer codes 32h, 34h, 36h and of the answers to B0h, BAh and D7h in public clients of FN-1.2; which
commands give 34h and 36h is a guess.
"""

from datetime import date

from fn_model.command import Action
from fn_model.refusal import FnRefusal
from fn_model.storage import FiscalStorage
from protocol.ffd.tlv import TlvError, split
from protocol.fn.commands import FnCode
from protocol.fn.marking import missing_tag

KEYS_DAYS = 90
"""Days after which keys may not be used (a till vendor's notes on 36h)."""
FILL_STEPS = (50, 80, 90, 100)
"""Percent of the notification area that B0h tells apart."""


def for_marked_goods(action: Action) -> Action:
    """``action`` for an FN registered for goods with codes; 32h for others."""

    def allowed(fn: FiscalStorage, data: bytes, world: float) -> bytes:
        if not is_registered(fn):
            raise FnRefusal(FnCode.MARKING_FORBIDDEN)
        return action(fn, data, world)

    return allowed


def is_registered(fn: FiscalStorage) -> bool:
    """Whether the last report allows goods with codes."""
    reports = fn.state.reports
    return bool(reports) and reports[-1].sells_marked


def percent_used(fn: FiscalStorage) -> int:
    """Percent of the notification area in use."""
    return min(100, fn.state.marking.size_bytes * 100 // fn.model.notification_bytes)


def fill(fn: FiscalStorage) -> int:
    """How many steps of `FILL_STEPS` the area has passed."""
    used = percent_used(fn)
    return sum(used >= step for step in FILL_STEPS)


def need_room(fn: FiscalStorage) -> None:
    """Raise FnRefusal 34h when the area is full."""
    if percent_used(fn) == 100:
        raise FnRefusal(FnCode.MARKING_BLOCKED)


def keys_age_days(fn: FiscalStorage) -> int:
    """Days between the last update of the keys and the date last told.

    Before the first update they are counted from the first report for goods with codes (a guess).
    """
    since = fn.state.marking.keys_on or _registered_on(fn)
    told_at = fn.volatile.told_at
    return 0 if told_at is None else (told_at.date() - since).days


def _registered_on(fn: FiscalStorage) -> date:
    return next(report.request.at for report in fn.state.reports if report.sells_marked).date()


def requisites(fn: FiscalStorage, data: bytes, needed: tuple[int, ...]) -> dict[int, bytes]:
    """The first value of each tag; FnRefusal by setting when lengths do not add up, 3Ch and the tag that is missing."""
    try:
        found = dict(reversed(split(data)))
    except TlvError:
        raise FnRefusal(FnCode(fn.settings.broken_tlv_code)) from None
    for tag in needed:
        if tag not in found:
            raise FnRefusal(FnCode.MARKING_REQUISITES_MISSING, missing_tag(tag))
    return found
