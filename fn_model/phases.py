"""The life of an FN, and which commands exist in which phase of it.

Source: FNS, «Описание интерфейса ФН» 1.2, section 5 and table 6; for a closed archive what service programs read out
of real FNs. The life is one-way; only the test command 60h begins it anew.
"""

from enum import IntEnum, auto

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

_ALWAYS = frozenset(Phase)
_BEFORE_CLOSING = frozenset({Phase.READY, Phase.FISCAL})
_FISCAL = frozenset({Phase.FISCAL})
_SENDING = frozenset({Phase.FISCAL, Phase.POST_FISCAL})
_REGISTERED = frozenset({Phase.FISCAL, Phase.POST_FISCAL, Phase.ARCHIVE_READ})
_NOT_READ_ONLY = frozenset({Phase.READY, Phase.FISCAL, Phase.POST_FISCAL})

COMMAND_PHASES: dict[FnCommand, frozenset[Phase]] = {
    C.BEGIN_REGISTRATION: _BEFORE_CLOSING,
    C.REGISTER: _BEFORE_CLOSING,
    C.BEGIN_CLOSE_ARCHIVE: _FISCAL,
    C.CLOSE_ARCHIVE: _FISCAL,
    C.CANCEL_DOCUMENT: _NOT_READ_ONLY,
    C.ADD_DATA: _NOT_READ_ONLY,
    C.SHIFT_PARAMETERS: _REGISTERED,  # FN-1: phase 3 alone
    C.BEGIN_OPEN_SHIFT: _FISCAL,
    C.OPEN_SHIFT: _FISCAL,
    C.BEGIN_CLOSE_SHIFT: _FISCAL,
    C.CLOSE_SHIFT: _FISCAL,
    C.BEGIN_RECEIPT: _FISCAL,
    C.BEGIN_CORRECTION: _FISCAL,
    C.COMMIT_RECEIPT: _FISCAL,
    C.BEGIN_SETTLEMENT: _SENDING,
    C.COMMIT_SETTLEMENT: _SENDING,
    C.EXCHANGE_STATUS: _SENDING,
    C.SET_TRANSPORT: _SENDING,
    C.BEGIN_MESSAGE: _SENDING,
    C.READ_MESSAGE: _SENDING,
    C.CANCEL_MESSAGE: _SENDING,
    C.END_MESSAGE: _SENDING,
    C.PUT_CONFIRMATION: _SENDING,
    C.STATUS: _ALWAYS,
    C.NUMBER: _ALWAYS,
    C.TERM: _ALWAYS,
    C.VERSION: _ALWAYS,
    C.DIAGNOSTICS: _ALWAYS,
    C.FFD_VERSIONS: _ALWAYS,
    C.DAYS_LEFT: _REGISTERED,
    C.ROOM_LEFT: _ALWAYS,
    C.EXECUTION: _ALWAYS,
    C.FIND_DOCUMENT: _ALWAYS,
    C.FIND_CONFIRMATION: _ALWAYS,
    C.UNSENT_COUNT: _ALWAYS,
    C.REGISTRATION_RESULT: _REGISTERED,
    C.REGISTRATION_REQUISITE: _REGISTERED,
    C.BEGIN_DOCUMENT_TLV: _ALWAYS,
    C.NEXT_DOCUMENT_TLV: _ALWAYS,
    C.NEXT_REGISTRATION_TLV: _REGISTERED,
    C.RESET: _ALWAYS,
}
"""Commands of FN-1.1 by the phases they work in. A command that is not here does not exist (01h)."""
