"""The life of an FN, and which commands exist in which phase of it, by generation.

Source: FNS, «Описание интерфейса ФН» 1.2, section 5 and table 6; for the later generations public clients of the FN,
for a closed archive what service programs read out of real FNs. The life is one-way; only the test command 60h begins
it anew.
"""

from collections.abc import Callable
from enum import IntEnum, auto

from fn_model.model import FnModel, Generation
from fn_model.settings import FnSettings
from protocol.fn.commands import FnCommand, Phase

C = FnCommand


class LifeEvent(IntEnum):
    """What moves an FN to another phase, or leaves it in its own."""

    REGISTERED = auto()
    RE_REGISTERED = auto()
    ARCHIVE_CLOSED = auto()
    ARCHIVE_CLOSED_AUTONOMOUSLY = auto()
    LAST_DOCUMENT_CONFIRMED = auto()


LIFE: dict[tuple[Phase, LifeEvent], Phase] = {
    (Phase.READY, LifeEvent.REGISTERED): Phase.FISCAL,
    (Phase.FISCAL, LifeEvent.RE_REGISTERED): Phase.FISCAL,
    (Phase.FISCAL, LifeEvent.ARCHIVE_CLOSED): Phase.POST_FISCAL,
    (Phase.FISCAL, LifeEvent.ARCHIVE_CLOSED_AUTONOMOUSLY): Phase.ARCHIVE_READ,
    (Phase.FISCAL, LifeEvent.LAST_DOCUMENT_CONFIRMED): Phase.FISCAL,
    (Phase.POST_FISCAL, LifeEvent.LAST_DOCUMENT_CONFIRMED): Phase.ARCHIVE_READ,
}
"""«Фазы жизни ФН» by event. A missing pair cannot happen: the document machine does not offer it."""

Phases = frozenset[Phase]

_ALWAYS = frozenset(Phase)
_BEFORE_CLOSING = frozenset({Phase.READY, Phase.FISCAL})
_FISCAL = frozenset({Phase.FISCAL})
_SENDING = frozenset({Phase.FISCAL, Phase.POST_FISCAL})
_REGISTERED = frozenset({Phase.FISCAL, Phase.POST_FISCAL, Phase.ARCHIVE_READ})
_NOT_READ_ONLY = frozenset({Phase.READY, Phase.FISCAL, Phase.POST_FISCAL})
_ABSENT: Phases = frozenset()

_COLUMNS = (Generation.FN_1, Generation.FN_1_1, Generation.FN_1_1M)
_ROWS: dict[FnCommand, tuple[Phases, Phases, Phases]] = {
    C.BEGIN_REGISTRATION: (_BEFORE_CLOSING, _BEFORE_CLOSING, _BEFORE_CLOSING),
    C.REGISTER: (_BEFORE_CLOSING, _BEFORE_CLOSING, _BEFORE_CLOSING),
    C.BEGIN_CLOSE_ARCHIVE: (_FISCAL, _FISCAL, _FISCAL),
    C.CLOSE_ARCHIVE: (_FISCAL, _FISCAL, _FISCAL),
    C.CANCEL_DOCUMENT: (_NOT_READ_ONLY, _NOT_READ_ONLY, _NOT_READ_ONLY),
    C.ADD_DATA: (_NOT_READ_ONLY, _NOT_READ_ONLY, _NOT_READ_ONLY),
    C.SHIFT_PARAMETERS: (_REGISTERED, _REGISTERED, _REGISTERED),
    C.BEGIN_OPEN_SHIFT: (_FISCAL, _FISCAL, _FISCAL),
    C.OPEN_SHIFT: (_FISCAL, _FISCAL, _FISCAL),
    C.BEGIN_CLOSE_SHIFT: (_FISCAL, _FISCAL, _FISCAL),
    C.CLOSE_SHIFT: (_FISCAL, _FISCAL, _FISCAL),
    C.BEGIN_RECEIPT: (_FISCAL, _FISCAL, _FISCAL),
    C.BEGIN_CORRECTION: (_FISCAL, _FISCAL, _FISCAL),
    C.COMMIT_RECEIPT: (_FISCAL, _FISCAL, _FISCAL),
    C.BEGIN_SETTLEMENT: (_SENDING, _SENDING, _SENDING),
    C.COMMIT_SETTLEMENT: (_SENDING, _SENDING, _SENDING),
    C.EXCHANGE_STATUS: (_ALWAYS, _ALWAYS, _ALWAYS),
    C.SET_TRANSPORT: (_SENDING, _SENDING, _SENDING),
    C.BEGIN_MESSAGE: (_SENDING, _SENDING, _SENDING),
    C.READ_MESSAGE: (_SENDING, _SENDING, _SENDING),
    C.CANCEL_MESSAGE: (_SENDING, _SENDING, _SENDING),
    C.END_MESSAGE: (_SENDING, _SENDING, _SENDING),
    C.PUT_CONFIRMATION: (_SENDING, _SENDING, _SENDING),
    C.STATUS: (_ALWAYS, _ALWAYS, _ALWAYS),
    C.NUMBER: (_ALWAYS, _ALWAYS, _ALWAYS),
    C.TERM: (_ALWAYS, _ALWAYS, _ALWAYS),
    C.VERSION: (_ALWAYS, _ALWAYS, _ALWAYS),
    C.REMAINING_LIFE: (_ABSENT, _ABSENT, _ALWAYS),
    C.DIAGNOSTICS: (_ALWAYS, _ALWAYS, _ALWAYS),
    C.TOTALS: (_ABSENT, _REGISTERED, _REGISTERED),
    C.OPERATION_TOTALS: (_ABSENT, _REGISTERED, _REGISTERED),
    C.SETTLEMENT_TOTALS: (_ABSENT, _REGISTERED, _REGISTERED),
    C.UNSENT_TOTALS: (_ABSENT, _REGISTERED, _REGISTERED),
    C.FFD_VERSIONS: (_ABSENT, _ALWAYS, _ALWAYS),
    C.DAYS_LEFT: (_ABSENT, _REGISTERED, _REGISTERED),
    C.ROOM_LEFT: (_ABSENT, _ALWAYS, _ALWAYS),
    C.EXECUTION: (_ABSENT, _ALWAYS, _ALWAYS),
    C.FIND_DOCUMENT: (_ALWAYS, _ALWAYS, _ALWAYS),
    C.FIND_CONFIRMATION: (_ALWAYS, _ALWAYS, _ALWAYS),
    C.UNSENT_COUNT: (_ALWAYS, _ALWAYS, _ALWAYS),
    C.REGISTRATION_RESULT: (_REGISTERED, _REGISTERED, _REGISTERED),
    C.REGISTRATION_REQUISITE: (_REGISTERED, _REGISTERED, _REGISTERED),
    C.BEGIN_DOCUMENT_TLV: (_ALWAYS, _ALWAYS, _ALWAYS),
    C.NEXT_DOCUMENT_TLV: (_ALWAYS, _ALWAYS, _ALWAYS),
    C.NEXT_REGISTRATION_TLV: (_REGISTERED, _REGISTERED, _REGISTERED),
    C.FIND_DOCUMENT_WITH_FORMAT: (_ABSENT, _ABSENT, _ALWAYS),
    C.RESET: (_ALWAYS, _ALWAYS, _ALWAYS),
    C.BEGIN_FULL_REGISTRATION: (_ABSENT, _BEFORE_CLOSING, _BEFORE_CLOSING),
    C.REGISTER_FULLY: (_ABSENT, _BEFORE_CLOSING, _BEFORE_CLOSING),
    C.DATA_RECEIVED: (_ABSENT, _ABSENT, _NOT_READ_ONLY),
    C.SET_SPEED: (_ABSENT, _ABSENT, _ALWAYS),
    C.MARKING_STATUS: (_ABSENT, _ABSENT, _SENDING),
    C.CHECK_CODE: (_ABSENT, _ABSENT, _FISCAL),
    C.KEEP_CODE: (_ABSENT, _ABSENT, _FISCAL),
    C.FORGET_CODES: (_ABSENT, _ABSENT, _FISCAL),
    C.BUILD_CODE_REQUEST: (_ABSENT, _ABSENT, _FISCAL),
    C.PUT_CODE_ANSWER: (_ABSENT, _ABSENT, _FISCAL),
    C.ADD_CODE_DATA: (_ABSENT, _ABSENT, _FISCAL),
    C.NOTIFICATION_STATUS: (_ABSENT, _ABSENT, _SENDING),
    C.BEGIN_NOTIFICATION: (_ABSENT, _ABSENT, _SENDING),
    C.READ_NOTIFICATION: (_ABSENT, _ABSENT, _SENDING),
    C.CANCEL_NOTIFICATION: (_ABSENT, _ABSENT, _SENDING),
    C.END_NOTIFICATION: (_ABSENT, _ABSENT, _SENDING),
    C.PUT_NOTIFICATION_ANSWER: (_ABSENT, _ABSENT, _SENDING),
    C.BUILD_KEY_REQUEST: (_ABSENT, _ABSENT, _FISCAL),
    C.PUT_KEY_ANSWER: (_ABSENT, _ABSENT, _FISCAL),
    C.BEGIN_NOTIFICATION_DUMP: (_ABSENT, _ABSENT, _SENDING),
    C.SELECT_DUMPED_NOTIFICATION: (_ABSENT, _ABSENT, _SENDING),
    C.READ_DUMPED_NOTIFICATION: (_ABSENT, _ABSENT, _SENDING),
    C.CONFIRM_DUMPED_NOTIFICATION: (_ABSENT, _ABSENT, _SENDING),
    C.KEY_SERVICE: (_ABSENT, _ABSENT, _REGISTERED),
}

COMMAND_PHASES: dict[Generation, dict[FnCommand, Phases]] = {
    generation: {command: row[column] for command, row in _ROWS.items() if row[column]}
    for column, generation in enumerate(_COLUMNS)
}
"""Commands of a generation by the phases they work in. A command that is not there does not exist for it (01h)."""

DISPUTED: dict[tuple[FnCommand, Phase], Callable[[FnSettings], bool]] = {
    (C.SHIFT_PARAMETERS, Phase.POST_FISCAL): lambda settings: settings.shift_parameters_after_closing,
    (C.SHIFT_PARAMETERS, Phase.ARCHIVE_READ): lambda settings: settings.shift_parameters_after_closing,
    (C.EXCHANGE_STATUS, Phase.READY): lambda settings: settings.exchange_status_always,
    (C.EXCHANGE_STATUS, Phase.ARCHIVE_READ): lambda settings: settings.exchange_status_always,
    (C.TERM, Phase.ARCHIVE_READ): lambda settings: settings.term_after_closing,
}
"""Commands of ``COMMAND_PHASES`` that work in a phase only when a setting says so."""


def is_known(model: FnModel, command: FnCommand) -> bool:
    """Whether an FN of ``model`` has the command at all."""
    return command in COMMAND_PHASES[model.generation]


def works_in(model: FnModel, command: FnCommand, phase: Phase) -> bool:
    """Whether a command that the FN has works in that phase."""
    if phase not in COMMAND_PHASES[model.generation][command]:
        return False
    is_chosen = DISPUTED.get((command, phase))
    return is_chosen is None or is_chosen(model.settings)
