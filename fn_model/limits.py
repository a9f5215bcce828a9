"""When a document is refused: the checks, their one order, and which of them each input undergoes.

The FN has no calendar: term, 30 days and 24 hours are all judged by the date-time that the KKT sends. Generations
differ by named settings alone. On FN-1.1 and later 14h has three meanings that the warning flags tell apart: bit 3 set,
a document has been unsent for more than 30 days; bit 2, the archive is full; neither, the unsent documents fill the
storage. Sources: FNS, «Описание интерфейса ФН» 1.2, table 5 and the code lists of the commands; a till vendor's notes
and field reports on FN-1.1; the order is a guess consistent with all tables.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import IntEnum, auto
from typing import Literal, NamedTuple

from fn_model.archive import Archive
from fn_model.counters import NUMBER_LIMIT
from fn_model.model import FnModel
from fn_model.refusal import FnRefusal
from fn_model.settings import FnSettings
from fn_model.state import FnState, Volatile
from fn_model.transitions import Input
from protocol.fn.commands import FnCode

UNSENT_DAYS = 30
SHIFT_LENGTH = timedelta(hours=24)
OPENING_LAG = timedelta(hours=1)
TIMER_TOLERANCE_SECONDS = 300.0


class Check(IntEnum):
    """The checks in the order they are made; the first that fails gives the code.

    FORMAT and PHASE are made by ``port`` (tables of sizes and of phases), STATE by ``transitions``, VALUE by the
    command itself, the rest here.
    """

    FORMAT = auto()
    PHASE = auto()
    STATE = auto()
    LIFE = auto()
    CRYPTO_RESOURCE = auto()
    ARCHIVE = auto()
    STORAGE = auto()
    UNSENT = auto()
    DATE = auto()
    SHIFT_LENGTH = auto()
    TIMER = auto()
    VALUE = auto()


class Attempt(NamedTuple):
    """A document dated ``at``, asked for at ``world`` seconds."""

    state: FnState
    volatile: Volatile
    archive: Archive
    model: FnModel
    at: datetime
    world: float


Rule = Callable[[Attempt], "FnCode | int | None"]
"""The code of a refusal, or None."""


def is_term_over(state: FnState, day: date, settings: FnSettings) -> bool:
    """Whether ``day`` is behind the end of the term."""
    end = state.expires_on
    return end is not None and (day > end or (day == end and not settings.last_day_works))


def is_crypto_resource_over(state: FnState, model: FnModel) -> bool:
    """Whether as many documents are signed as the model can sign: every document takes one fiscal sign. 0: never."""
    return 0 < model.crypto_resource_signs <= state.document_number


def _life(blocks: Callable[[FnSettings], bool], code: Callable[[FnSettings], int]) -> Rule:
    def rule(attempt: Attempt) -> int | None:
        settings = attempt.model.settings
        if blocks(settings) and is_term_over(attempt.state, attempt.at.date(), settings):
            return code(settings)
        return None

    return rule


def _crypto_resource(attempt: Attempt) -> FnCode | None:
    return FnCode.RESOURCE_EXHAUSTED if is_crypto_resource_over(attempt.state, attempt.model) else None


def _archive(attempt: Attempt) -> int | None:
    is_full = attempt.state.document_number >= attempt.model.archive_documents
    return attempt.model.settings.archive_full_code if is_full else None


def _archive_for_receipt(attempt: Attempt) -> int | None:
    return _archive(attempt) if attempt.model.settings.archive_full_blocks_receipt else None


def _archive_and_shift_numbers(attempt: Attempt) -> int | None:
    """The same for a shift opening, which needs a number of its own: two bytes."""
    if attempt.state.shift.number >= NUMBER_LIMIT:
        return attempt.model.settings.archive_full_code
    return _archive(attempt)


def _storage(attempt: Attempt) -> FnCode | None:
    return FnCode.STORAGE_EXHAUSTED if attempt.state.unsent_bytes >= attempt.model.storage_bytes else None


def _unsent(attempt: Attempt) -> int | None:
    head = attempt.archive.head()
    if head is None:
        return None
    settings = attempt.model.settings
    since = head.at
    if settings.unsent_counted_from == "confirmation":
        before = attempt.archive.confirmation(head.number - 1)
        since = head.at if before is None else before.at
    return settings.unsent_code if (attempt.at.date() - since.date()).days > UNSENT_DAYS else None


def _unsent_and_closing(attempt: Attempt) -> int | None:
    return _unsent(attempt) if attempt.model.settings.unsent_blocks_shift_close else None


def _unsent_and_registering(attempt: Attempt) -> int | None:
    return _unsent(attempt) if attempt.model.settings.unsent_blocks_re_registration else None


def _life_at_begin(rule: Rule) -> Rule:
    """The end of the term is judged by the forming command in any case."""

    def begin_rule(attempt: Attempt) -> FnCode | int | None:
        return rule(attempt) if attempt.model.settings.expiry_judged_at == "begin" else None

    return begin_rule


def _unsent_at(moment: Literal["begin", "commit"], rule: Rule) -> Rule:
    def rule_of_moment(attempt: Attempt) -> FnCode | int | None:
        return rule(attempt) if attempt.model.settings.unsent_judged_at == moment else None

    return rule_of_moment


def _not_before_last_document(attempt: Attempt) -> FnCode | None:
    last = attempt.state.last_at
    return FnCode.BAD_DATE if last is not None and attempt.at < last else None


def _not_an_hour_behind(attempt: Attempt) -> FnCode | None:
    last = attempt.state.last_at
    return FnCode.BAD_DATE if last is not None and attempt.at < last - OPENING_LAG else None


def _not_before_begin_nor_after_shift(attempt: Attempt) -> int | None:
    begun = attempt.volatile.begun
    if begun is not None and begun.at is not None and attempt.at < begun.at:
        return FnCode.BAD_DATE
    return attempt.model.settings.shift_too_long_commit_code if _is_shift_too_long(attempt) else None


def _is_shift_too_long(attempt: Attempt) -> bool:
    opened_at = attempt.state.shift.opened_at
    return opened_at is not None and attempt.at > opened_at + SHIFT_LENGTH


def _shift_length(attempt: Attempt) -> int | None:
    return attempt.model.settings.shift_too_long_code if _is_shift_too_long(attempt) else None


def _timer(attempt: Attempt) -> FnCode | None:
    volatile = attempt.volatile
    if volatile.timer_at is None:
        return None
    ahead = (attempt.at - volatile.timer_at).total_seconds() - (attempt.world - volatile.timer_world)
    if not attempt.model.settings.time_step_one_sided:
        ahead = abs(ahead)
    return FnCode.BAD_TIME_STEP if ahead > TIMER_TOLERANCE_SECONDS else None


def _date_code(settings: FnSettings) -> int:
    return settings.expired_date_code


_opening_life = _life(lambda settings: settings.expiry_blocks_opening, _date_code)
_receipt_life = _life(lambda settings: settings.expiry_blocks_receipt, lambda settings: settings.expired_receipt_code)
_shift_close_life = _life(lambda settings: settings.expiry_blocks_shift_close, _date_code)
_settlement_life = _life(lambda settings: settings.expiry_blocks_settlement, _date_code)
_archive_close_life = _life(
    lambda settings: settings.expiry_blocks_archive_close, lambda settings: settings.expired_archive_close_code
)

_RECEIPT_BEGINNING: dict[Check, Rule] = {
    Check.LIFE: _life_at_begin(_receipt_life),
    Check.UNSENT: _unsent_at("begin", _unsent),
    Check.DATE: _not_before_last_document,
    Check.SHIFT_LENGTH: _shift_length,
    Check.TIMER: _timer,
}

CHECKS: dict[Input, dict[Check, Rule]] = {
    Input.REGISTER: {Check.UNSENT: _unsent_and_registering, Check.DATE: _not_before_last_document},
    Input.BEGIN_OPEN_SHIFT: {
        Check.LIFE: _life_at_begin(_opening_life),
        Check.UNSENT: _unsent_at("begin", _unsent),
        Check.DATE: _not_an_hour_behind,
    },
    Input.OPEN_SHIFT: {
        Check.LIFE: _opening_life,
        Check.CRYPTO_RESOURCE: _crypto_resource,
        Check.ARCHIVE: _archive_and_shift_numbers,
        Check.STORAGE: _storage,
        Check.UNSENT: _unsent_at("commit", _unsent),
    },
    Input.BEGIN_RECEIPT: _RECEIPT_BEGINNING,
    Input.BEGIN_CORRECTION: _RECEIPT_BEGINNING,
    Input.COMMIT_RECEIPT: {
        Check.LIFE: _receipt_life,
        Check.CRYPTO_RESOURCE: _crypto_resource,
        Check.ARCHIVE: _archive_for_receipt,
        Check.STORAGE: _storage,
        Check.UNSENT: _unsent_at("commit", _unsent),
        Check.DATE: _not_before_begin_nor_after_shift,
    },
    Input.BEGIN_CLOSE_SHIFT: {
        Check.LIFE: _life_at_begin(_shift_close_life),
        Check.UNSENT: _unsent_at("begin", _unsent_and_closing),
        Check.DATE: _not_before_last_document,
    },
    Input.CLOSE_SHIFT: {
        Check.LIFE: _shift_close_life,
        Check.STORAGE: _storage,
        Check.UNSENT: _unsent_at("commit", _unsent_and_closing),
    },
    Input.BEGIN_SETTLEMENT: {Check.LIFE: _life_at_begin(_settlement_life), Check.DATE: _not_before_last_document},
    Input.COMMIT_SETTLEMENT: {
        Check.LIFE: _settlement_life,
        Check.CRYPTO_RESOURCE: _crypto_resource,
        Check.ARCHIVE: _archive,
        Check.STORAGE: _storage,
    },
    Input.CLOSE_ARCHIVE: {Check.LIFE: _archive_close_life, Check.DATE: _not_before_last_document},
}
"""Checks of the inputs that bring a date-time or form a document."""

_RULES = {one: tuple(rule for _, rule in sorted(row.items())) for one, row in CHECKS.items()}


def judge(one: Input, attempt: Attempt) -> None:
    """Raise FnRefusal with the code of the first check that fails."""
    for rule in _RULES.get(one, ()):
        code = rule(attempt)
        if code:
            raise FnRefusal(FnCode(code))
