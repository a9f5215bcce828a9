"""The document machine of the FN: what may follow what.

Rule 1: everything that decides whether a document command is in order lives in ``TRANSITIONS``.
Rule 2: a missing pair is the refusal, code 02h. The life phase is a machine of its own (``phases``).

A begun document is a stage that a power cut or 06h takes back; the resting stages survive. Source: FNS, «Описание
интерфейса ФН» 1.2, sections 5 and 6.3.
"""

from enum import IntEnum, auto

from protocol.fn.commands import CurrentDocument


class Stage(IntEnum):
    """Where the FN stands: a resting stage or a begun document."""

    UNREGISTERED = auto()
    REGISTERING = auto()
    REPLACING_FN = auto()
    SHIFT_CLOSED = auto()
    RE_REGISTERING = auto()
    OPENING_SHIFT = auto()
    SHIFT_OPEN = auto()
    RECEIPT = auto()
    CORRECTION = auto()
    CLOSING_SHIFT = auto()
    SETTLING = auto()
    SETTLING_IN_SHIFT = auto()
    SETTLING_AFTER_CLOSING = auto()
    CLOSING_ARCHIVE = auto()
    ARCHIVE_CLOSED = auto()


class Input(IntEnum):
    """What the KKT asks of the document machine; 02h is three inputs, told apart by its argument."""

    BEGIN_REGISTRATION = auto()
    BEGIN_FN_REPLACEMENT = auto()
    BEGIN_RE_REGISTRATION = auto()
    REGISTER = auto()
    BEGIN_OPEN_SHIFT = auto()
    OPEN_SHIFT = auto()
    BEGIN_CLOSE_SHIFT = auto()
    CLOSE_SHIFT = auto()
    BEGIN_RECEIPT = auto()
    BEGIN_CORRECTION = auto()
    COMMIT_RECEIPT = auto()
    BEGIN_SETTLEMENT = auto()
    COMMIT_SETTLEMENT = auto()
    BEGIN_CLOSE_ARCHIVE = auto()
    CLOSE_ARCHIVE = auto()
    ADD_DATA = auto()
    CANCEL = auto()


S = Stage
I = Input  # noqa: E741 - the table below reads as columns

TRANSITIONS: dict[tuple[Stage, Input], Stage] = {
    (S.UNREGISTERED, I.BEGIN_REGISTRATION): S.REGISTERING,
    (S.UNREGISTERED, I.BEGIN_FN_REPLACEMENT): S.REPLACING_FN,
    (S.UNREGISTERED, I.CANCEL): S.UNREGISTERED,
    (S.REGISTERING, I.ADD_DATA): S.REGISTERING,
    (S.REGISTERING, I.REGISTER): S.SHIFT_CLOSED,
    (S.REGISTERING, I.CANCEL): S.UNREGISTERED,
    (S.REPLACING_FN, I.ADD_DATA): S.REPLACING_FN,
    (S.REPLACING_FN, I.REGISTER): S.SHIFT_CLOSED,
    (S.REPLACING_FN, I.CANCEL): S.UNREGISTERED,
    (S.SHIFT_CLOSED, I.BEGIN_RE_REGISTRATION): S.RE_REGISTERING,
    (S.SHIFT_CLOSED, I.BEGIN_OPEN_SHIFT): S.OPENING_SHIFT,
    (S.SHIFT_CLOSED, I.BEGIN_SETTLEMENT): S.SETTLING,
    (S.SHIFT_CLOSED, I.BEGIN_CLOSE_ARCHIVE): S.CLOSING_ARCHIVE,
    (S.SHIFT_CLOSED, I.CANCEL): S.SHIFT_CLOSED,
    (S.RE_REGISTERING, I.ADD_DATA): S.RE_REGISTERING,
    (S.RE_REGISTERING, I.REGISTER): S.SHIFT_CLOSED,
    (S.RE_REGISTERING, I.CANCEL): S.SHIFT_CLOSED,
    (S.OPENING_SHIFT, I.ADD_DATA): S.OPENING_SHIFT,
    (S.OPENING_SHIFT, I.OPEN_SHIFT): S.SHIFT_OPEN,
    (S.OPENING_SHIFT, I.CANCEL): S.SHIFT_CLOSED,
    (S.SHIFT_OPEN, I.BEGIN_RECEIPT): S.RECEIPT,
    (S.SHIFT_OPEN, I.BEGIN_CORRECTION): S.CORRECTION,
    (S.SHIFT_OPEN, I.BEGIN_SETTLEMENT): S.SETTLING_IN_SHIFT,
    (S.SHIFT_OPEN, I.BEGIN_CLOSE_SHIFT): S.CLOSING_SHIFT,
    (S.SHIFT_OPEN, I.CANCEL): S.SHIFT_OPEN,
    (S.RECEIPT, I.ADD_DATA): S.RECEIPT,
    (S.RECEIPT, I.COMMIT_RECEIPT): S.SHIFT_OPEN,
    (S.RECEIPT, I.CANCEL): S.SHIFT_OPEN,
    (S.CORRECTION, I.ADD_DATA): S.CORRECTION,
    (S.CORRECTION, I.COMMIT_RECEIPT): S.SHIFT_OPEN,
    (S.CORRECTION, I.CANCEL): S.SHIFT_OPEN,
    (S.CLOSING_SHIFT, I.ADD_DATA): S.CLOSING_SHIFT,
    (S.CLOSING_SHIFT, I.CLOSE_SHIFT): S.SHIFT_CLOSED,
    (S.CLOSING_SHIFT, I.CANCEL): S.SHIFT_OPEN,
    (S.SETTLING, I.ADD_DATA): S.SETTLING,
    (S.SETTLING, I.COMMIT_SETTLEMENT): S.SHIFT_CLOSED,
    (S.SETTLING, I.CANCEL): S.SHIFT_CLOSED,
    (S.SETTLING_IN_SHIFT, I.ADD_DATA): S.SETTLING_IN_SHIFT,
    (S.SETTLING_IN_SHIFT, I.COMMIT_SETTLEMENT): S.SHIFT_OPEN,
    (S.SETTLING_IN_SHIFT, I.CANCEL): S.SHIFT_OPEN,
    (S.SETTLING_AFTER_CLOSING, I.ADD_DATA): S.SETTLING_AFTER_CLOSING,
    (S.SETTLING_AFTER_CLOSING, I.COMMIT_SETTLEMENT): S.ARCHIVE_CLOSED,
    (S.SETTLING_AFTER_CLOSING, I.CANCEL): S.ARCHIVE_CLOSED,
    (S.CLOSING_ARCHIVE, I.ADD_DATA): S.CLOSING_ARCHIVE,
    (S.CLOSING_ARCHIVE, I.CLOSE_ARCHIVE): S.ARCHIVE_CLOSED,
    (S.CLOSING_ARCHIVE, I.CANCEL): S.SHIFT_CLOSED,
    (S.ARCHIVE_CLOSED, I.BEGIN_SETTLEMENT): S.SETTLING_AFTER_CLOSING,
    (S.ARCHIVE_CLOSED, I.CANCEL): S.ARCHIVE_CLOSED,
}

RESTING = frozenset({S.UNREGISTERED, S.SHIFT_CLOSED, S.SHIFT_OPEN, S.ARCHIVE_CLOSED})
"""Stages without a begun document."""

CURRENT_DOCUMENT: dict[Stage, CurrentDocument] = {
    **dict.fromkeys(RESTING, CurrentDocument.NONE),
    S.REGISTERING: CurrentDocument.REGISTRATION,
    S.REPLACING_FN: CurrentDocument.FN_REPLACEMENT,
    S.RE_REGISTERING: CurrentDocument.RE_REGISTRATION,
    S.OPENING_SHIFT: CurrentDocument.OPEN_SHIFT,
    S.RECEIPT: CurrentDocument.RECEIPT,
    S.CORRECTION: CurrentDocument.CORRECTION,
    S.CLOSING_SHIFT: CurrentDocument.CLOSE_SHIFT,
    S.SETTLING: CurrentDocument.SETTLEMENT,
    S.SETTLING_IN_SHIFT: CurrentDocument.SETTLEMENT,
    S.SETTLING_AFTER_CLOSING: CurrentDocument.SETTLEMENT,
    S.CLOSING_ARCHIVE: CurrentDocument.CLOSE_ARCHIVE,
}
"""What 30h tells; receipts of an FN registered for strict forms are told as such (see ``status``)."""
