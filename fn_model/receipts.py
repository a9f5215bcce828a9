"""Chapter «Чек»: 15h begins a receipt, 17h a correction, 16h forms either. Source: FNS, «Описание интерфейса ФН» 1.2,
section 6.3.
"""

from fn_model import composition, documents
from fn_model.command import DATE_TIME, Command, arguments
from fn_model.refusal import FnRefusal
from fn_model.state import BegunDocument
from fn_model.storage import FiscalStorage
from fn_model.transitions import Input, Stage
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.fn.answers import ReceiptResult
from protocol.fn.commands import FnCode, FnCommand, Operation
from protocol.fn.requests import CommitReceipt

CORRECTED_OPERATIONS = frozenset({Operation.SELL, Operation.BUY})
"""What a correction under FFD 1.05 may be (FNS order ЕД-7-20/662@, appendix 2, table 28); others are 09h (a guess)."""


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
    if begun.stage is Stage.CORRECTION and request.operation not in CORRECTED_OPERATIONS:
        raise FnRefusal(FnCode.BAD_VALUE)
    if not _tax_system_is_registered(fn, begun):
        raise FnRefusal(FnCode.CONTRADICTS_REGISTRATION)
    state = fn.state.copy()
    if state.shift.overflows(request.operation, request.total_kopecks):
        raise FnRefusal(FnCode.BAD_VALUE)
    state.shift = state.shift.with_receipt(request.operation, request.total_kopecks)
    own = composition.receipt(state.shift, request)
    document = documents.form(fn, Input.COMMIT_RECEIPT, state, begun, at, own, world)
    return ReceiptResult(state.shift.receipts, document.number, document.sign).build()


def _makes_strict_forms(fn: FiscalStorage) -> bool:
    reports = fn.state.reports
    return bool(reports) and reports[-1].makes_strict_forms


def _tax_system_is_registered(fn: FiscalStorage, begun: BegunDocument) -> bool:
    """Whether 1055 has come and is one of the systems of 1062; FN-1 does not look."""
    value = int.from_bytes(begun.tags.get(T.TAX_SYSTEM, b""), "little")
    return value.bit_count() == 1 and bool(value & fn.state.reports[-1].request.tax_systems)


COMMANDS = {
    FnCommand.BEGIN_RECEIPT: Command(begin, DATE_TIME),
    FnCommand.BEGIN_CORRECTION: Command(begin_correction, DATE_TIME),
    FnCommand.COMMIT_RECEIPT: Command(commit, (11,)),
}
