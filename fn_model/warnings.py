"""«Флаги предупреждения» of 30h: which condition sets which bit. Any set bit also sets bit 7 of every answer.

Ages are judged by the date-time that the FN was told last: it has no calendar. Sources: FNS, «Описание интерфейса
ФН» 1.2, section 3.3; FNS order ЕД-7-20/662@, appendix 2, table 18 (two days without a confirmation).
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from fn_model.archive import Archive
from fn_model.faults import FnFault
from fn_model.limits import is_crypto_resource_over
from fn_model.model import FnModel
from fn_model.state import FnState
from protocol.fn.commands import FnWarning

OFD_TIMEOUT = timedelta(days=2)
URGENT_DAYS = 3
REPLACEMENT_DAYS = 30
OFD_FLAGS = (FnWarning.OFD_FORMAT_REFUSAL, FnWarning.OFD_SETUP_REQUIRED, FnWarning.OFD_ANNULLED)
"""Flags that confirmations set."""


class Circumstances(NamedTuple):
    """What the conditions look at. ``told_at``: None before the first document command."""

    state: FnState
    archive: Archive
    model: FnModel
    told_at: datetime | None
    faults: Collection[FnFault]


def _term_ends_within(days: int) -> Callable[[Circumstances], bool]:
    def condition(now: Circumstances) -> bool:
        return (
            now.told_at is not None
            and now.state.expires_on is not None
            and now.state.days_left(now.told_at.date()) <= days
        )

    return condition


def _archive_is_nearly_full(now: Circumstances) -> bool:
    return now.state.document_number * 100 >= now.model.archive_documents * now.model.archive_warning_percent


def _ofd_does_not_answer(now: Circumstances) -> bool:
    head = now.archive.head()
    return head is not None and now.told_at is not None and now.told_at - head.at > OFD_TIMEOUT


def _has_failed(now: Circumstances) -> bool:
    return now.state.has_failed or FnFault.FAILED in now.faults


def _crypto_resource_is_over(now: Circumstances) -> bool:
    return is_crypto_resource_over(now.state, now.model)


def _told_by_ofd(flag: FnWarning) -> Callable[[Circumstances], bool]:
    bit = int(flag)
    return lambda now: bool(int(now.state.ofd_flags) & bit)


CONDITIONS: tuple[tuple[FnWarning, Callable[[Circumstances], bool]], ...] = (
    (FnWarning.URGENT_REPLACEMENT, _term_ends_within(URGENT_DAYS)),
    (FnWarning.REPLACEMENT_30_DAYS, _term_ends_within(REPLACEMENT_DAYS)),
    (FnWarning.ARCHIVE_NEARLY_FULL, _archive_is_nearly_full),
    (FnWarning.OFD_TIMEOUT, _ofd_does_not_answer),
    (FnWarning.CRITICAL, _has_failed),
    (FnWarning.URGENT_REPLACEMENT, _crypto_resource_is_over),
    *((flag, _told_by_ofd(flag)) for flag in OFD_FLAGS),
)
"""Conditions by flag. That keys used up by count are announced like a term that ends is a guess."""


def judge(now: Circumstances) -> int:
    """The flags that are set."""
    flags = 0
    for flag, condition in CONDITIONS:
        if condition(now):
            flags |= flag
    return int(flags)
