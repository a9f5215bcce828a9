"""Chapter «Чек»: 15h begins a receipt, 17h a correction, 16h forms either. Source: FNS, «Описание интерфейса ФН» 1.2,
section 6.3.
"""

from fn_model import composition, documents, marking_goods
from fn_model.command import DATE_TIME, Command, arguments
from fn_model.model import FnModel
from fn_model.refusal import FnRefusal
from fn_model.requisites import require_counted
from fn_model.state import BegunDocument, FnState
from fn_model.storage import FiscalStorage
from fn_model.totals import Totals
from fn_model.transitions import Input, Stage
from protocol.ffd.documents import DocumentType
from protocol.ffd.formats import FFD_1_05, FFD_1_2
from protocol.ffd.tags import T
from protocol.fn.answers import ReceiptResult
from protocol.fn.commands import FnCode, FnCommand, Operation
from protocol.fn.requests import CommitReceipt

CORRECTED_OPERATIONS = frozenset({Operation.SELL, Operation.BUY})
"""What a correction under FFD 1.05 may be (FNS order ЕД-7-20/662@, appendix 2, table 28); others are 09h (a guess).

Under FFD 1.1 and 1.2 it may be any (a guess).
"""
LONG_MONTHS = 36
"""Term of the FNs that are not for goods under the general tax system (a vendor's support article on code 231)."""
GENERAL_TAX = b"\1"
"""Value of 1055: «ОСН»."""
GOODS_KINDS = 1 << 1 | 1 << 2
"""Kinds of item (1212) as bits: goods, excise goods."""


def begin(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать формирование чека», 15h: a strict form, if the FN is registered for them."""
    document_type = DocumentType.STRICT_FORM if _makes_strict_forms(fn) else DocumentType.RECEIPT
    return documents.begin(fn, Input.BEGIN_RECEIPT, document_type, data, world)


def begin_correction(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать формирование чека коррекции», 17h: of a strict form, if the FN is registered for them."""
    document_type = DocumentType.STRICT_FORM_CORRECTION if _makes_strict_forms(fn) else DocumentType.CORRECTION
    return documents.begin(fn, Input.BEGIN_CORRECTION, document_type, data, world)


def commit(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Сформировать чек», 16h."""
    begun = documents.begun_document(fn, Input.COMMIT_RECEIPT, needs_data=True)
    request = arguments(CommitReceipt.parse, data)
    at = documents.judge(fn, Input.COMMIT_RECEIPT, request.at, world)
    if fn.settings.composition_checked:
        require_counted(begun)
    is_correction = begun.stage is Stage.CORRECTION
    if is_correction and begun.ffd == FFD_1_05 and request.operation not in CORRECTED_OPERATIONS:
        raise FnRefusal(FnCode.BAD_VALUE)
    if fn.settings.kind_check_36_months and _sells_goods_under_general_tax(fn.model, begun):
        raise FnRefusal(FnCode.BAD_VALUE)
    state = fn.state.copy()
    if state.shift.is_full:
        raise FnRefusal(FnCode.BAD_VALUE)
    state.shift = state.shift.with_receipt()
    state.totals = _totals(state, begun, request)
    if state.totals.overflow(request.operation):
        raise FnRefusal(FnCode.BAD_VALUE)
    state.marking = marking_goods.notified(fn, state, begun, at)
    own = composition.receipt(state.shift, request)
    document = documents.form(fn, Input.COMMIT_RECEIPT, state, begun, at, own, world)
    fn.volatile.marking = fn.volatile.marking.forgetting_codes()
    return ReceiptResult(state.shift.receipts, document.number, document.sign).build()


def _totals(state: FnState, begun: BegunDocument, request: CommitReceipt) -> Totals:
    """The counters with the begun receipt or correction."""
    operation, total, is_queued = request.operation, request.total_kopecks, not state.is_autonomous
    if begun.stage is Stage.CORRECTION:
        return state.totals.with_correction(operation, total, is_queued=is_queued)
    return state.totals.with_receipt(operation, total, begun.tags, is_queued=is_queued)


def _makes_strict_forms(fn: FiscalStorage) -> bool:
    reports = fn.state.reports
    return bool(reports) and reports[-1].makes_strict_forms


def _sells_goods_under_general_tax(model: FnModel, begun: BegunDocument) -> bool:
    """Whether an FN for 36 months is to take goods under «ОСН»: an item with 1212 = 1 or 2 and 1055 = 01.

    Under FFD 1.2 it takes them, for a shorter term (a registration service's practice).
    """
    if model.months != LONG_MONTHS or begun.ffd >= FFD_1_2:
        return False
    return bool(begun.item_kinds & GOODS_KINDS) and begun.tags.get(T.TAX_SYSTEM) == GENERAL_TAX


COMMANDS = {
    FnCommand.BEGIN_RECEIPT: Command(begin, DATE_TIME),
    FnCommand.BEGIN_CORRECTION: Command(begin_correction, DATE_TIME),
    FnCommand.COMMIT_RECEIPT: Command(commit, (11,)),
}
