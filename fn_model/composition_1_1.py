"""What the FN forms besides under FFD 1.1 and 1.2: the report of A3h, its counters, the operator's message.

Sources: a public client of FN-1.2, which names what the KKT must not bring there; the document structures of a public
library; FNS order ЕД-7-20/662@, appendix 2.
"""

from collections.abc import Callable
from datetime import date
from struct import Struct

from fn_model.composition import FORMED_TAGS, MODE_TAGS, Tlvs, key_resource
from fn_model.state import FnState
from fn_model.totals import Totals
from fn_model.totals_tlvs import fn_totals, shift_totals, unsent_totals
from protocol.ffd.documents import DocumentType
from protocol.ffd.formats import FFD_1_2
from protocol.ffd.rules import NO_OFD_INN
from protocol.ffd.tags import T
from protocol.ffd.tlv import byte_tlv, tlv
from protocol.fn.commands import ExtendedMode, FnWarning, WorkMode
from protocol.fn.layouts import INN_SIZE, pack_text
from protocol.fn.requests import FullRegistration

_number = Struct("<HHI").pack

CONDITION_TAGS: dict[int, ExtendedMode] = {
    T.EXCISE: ExtendedMode.EXCISE,
    T.GAMBLING: ExtendedMode.GAMBLING,
    T.LOTTERY: ExtendedMode.LOTTERY,
    T.PRINTER_IN_MACHINE: ExtendedMode.PRINTER_IN_MACHINE,
}
"""Tags of the registration report by second flag of A3h; under FFD 1.05 the KKT brings them."""

CONDITION_BITS: tuple[tuple[int, WorkMode | ExtendedMode], ...] = (
    (1, ExtendedMode.PRINTER_IN_MACHINE),
    (2, WorkMode.STRICT_FORM),
    (5, WorkMode.INTERNET),
    (6, ExtendedMode.EXCISE),
    (8, ExtendedMode.MARKED_GOODS),
    (9, WorkMode.SERVICES),
    (10, ExtendedMode.GAMBLING),
    (11, ExtendedMode.LOTTERY),
    (12, ExtendedMode.PAWNSHOP),
    (13, ExtendedMode.INSURANCE),
    (14, ExtendedMode.HAS_MACHINE),
    (15, WorkMode.CATERING),
    (16, WorkMode.WHOLESALE),
)
"""Bits of 1290 by flag of A3h (a public emulator of FN-1.2). It replaces the tags of single flags in FFD 1.2."""
_BESIDE_CONDITIONS = (T.ENCRYPTION, T.AUTONOMOUS_MODE, T.AUTOMATIC_MODE)

OPERATOR_MESSAGE: tuple[tuple[int, FnWarning], ...] = (
    (0, FnWarning.OFD_FORMAT_REFUSAL),
    (1, FnWarning.OFD_SETUP_REQUIRED),
    (2, FnWarning.OFD_ANNULLED),
)
"""Bits of 1206 by warning flag; written when one is set (a guess: the flags and the tag are told in the same words)."""

_REPORT = frozenset(
    {
        *(T.FFD_VERSION, T.OFD_INN, T.CHANGE_REASONS, T.CONDITIONS, T.FN_FFD_VERSION, T.FN_TOTALS),
        *CONDITION_TAGS,
        T.AGENT,  # not formed, yet the client names it among what must not come
    }
)
_MORE: dict[DocumentType, frozenset[int]] = {
    DocumentType.REGISTRATION: _REPORT,
    DocumentType.RE_REGISTRATION: _REPORT,
    DocumentType.SHIFT_OPEN: frozenset({T.OPERATOR_MESSAGE}),
    DocumentType.SHIFT_CLOSE: frozenset({T.OPERATOR_MESSAGE, T.FN_TOTALS, T.SHIFT_TOTALS, T.UNSENT_NOTIFICATIONS}),
    DocumentType.SETTLEMENT: frozenset({T.KEY_RESOURCE, T.FN_TOTALS, T.UNSENT_TOTALS, T.UNSENT_NOTIFICATIONS}),
    DocumentType.CLOSE_ARCHIVE: frozenset({T.FN_TOTALS}),
}
FORMED_TAGS_1_1: dict[DocumentType, frozenset[int]] = {
    one: tags | _MORE.get(one, frozenset()) for one, tags in FORMED_TAGS.items()
}
"""Requisites that the KKT must not bring in 07h (code 0Bh), under FFD 1.1 and 1.2."""

_COUNTERS: dict[DocumentType, dict[int, Callable[[Totals], bytes]]] = {
    DocumentType.RE_REGISTRATION: {T.FN_TOTALS: fn_totals},
    DocumentType.SHIFT_CLOSE: {T.FN_TOTALS: fn_totals, T.SHIFT_TOTALS: shift_totals},
    DocumentType.SETTLEMENT: {T.FN_TOTALS: fn_totals, T.UNSENT_TOTALS: unsent_totals},
    DocumentType.CLOSE_ARCHIVE: {T.FN_TOTALS: fn_totals},
}
_OF_QUEUE = frozenset({T.UNSENT_TOTALS})
"""Not of an autonomous FN, which has no queue."""
_MESSAGE_BEARERS = frozenset({DocumentType.SHIFT_OPEN, DocumentType.SHIFT_CLOSE})
_QUEUE_TELLERS = frozenset({DocumentType.SHIFT_CLOSE, DocumentType.SETTLEMENT})
"""Reports that tell the notifications about marked goods still to be sent (2104)."""


def registration(request: FullRegistration, ffd: int, newest_ffd: int, days_left: int) -> Tlvs:
    """The report of A3h. ``newest_ffd``: the newest format that the FN knows, told as 1190."""
    mode = request.work_mode
    has_mask = ffd >= FFD_1_2
    formed = {
        tag: byte_tlv(tag, flag in mode) for tag, flag in MODE_TAGS.items() if not has_mask or tag in _BESIDE_CONDITIONS
    }
    if has_mask:
        formed[T.CONDITIONS] = _number(T.CONDITIONS, 4, conditions(request))
    else:
        formed.update({tag: byte_tlv(tag, flag in request.extended_mode) for tag, flag in CONDITION_TAGS.items()})
    formed[T.TAX_SYSTEMS] = byte_tlv(T.TAX_SYSTEMS, request.tax_systems)
    ofd_inn = NO_OFD_INN if WorkMode.AUTONOMOUS in mode else request.ofd_inn
    formed[T.OFD_INN] = tlv(T.OFD_INN, pack_text(ofd_inn, INN_SIZE))
    if request.reasons is not None:
        formed[T.CHANGE_REASONS] = _number(T.CHANGE_REASONS, 4, request.reasons)
    formed[T.FFD_VERSION] = byte_tlv(T.FFD_VERSION, ffd)
    formed[T.FN_FFD_VERSION] = byte_tlv(T.FN_FFD_VERSION, newest_ffd)
    formed[T.KEY_RESOURCE] = key_resource(days_left)
    return formed


def conditions(request: FullRegistration) -> int:
    """«Признаки условий применения ККТ», the mask of 1290."""
    bits = 0
    for bit, flag in CONDITION_BITS:
        told = request.work_mode if isinstance(flag, WorkMode) else request.extended_mode
        bits |= bool(flag & told) << bit
    return bits


def more(document_type: DocumentType, state: FnState, day: date, warnings: int) -> Tlvs:
    """What a document has besides the same one under FFD 1.05. ``state``: as the document leaves it."""
    formed: Tlvs = {}
    if document_type is DocumentType.SETTLEMENT:
        formed[T.KEY_RESOURCE] = key_resource(state.days_left(day))
    message = sum(1 << bit for bit, flag in OPERATOR_MESSAGE if warnings & flag)
    if message and document_type in _MESSAGE_BEARERS:
        formed[T.OPERATOR_MESSAGE] = byte_tlv(T.OPERATOR_MESSAGE, message)
    if document_type in _QUEUE_TELLERS and state.reports[-1].sells_marked:
        formed[T.UNSENT_NOTIFICATIONS] = _number(T.UNSENT_NOTIFICATIONS, 4, len(state.marking.queue))
    for tag, counters in _COUNTERS.get(document_type, {}).items():
        if not (state.is_autonomous and tag in _OF_QUEUE):
            formed[tag] = counters(state.totals)
    return formed
