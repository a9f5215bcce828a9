"""Chapter «Отчёт о текущем состоянии расчётов»: 18h and 19h.

The report tells what waits for the OFD. It is made with the shift open or closed, and while the documents of a closed
archive are still being sent; the 30 days do not stop it. Source: FNS, «Описание интерфейса ФН» 1.2, section 6.3.
"""

from fn_model import composition, documents
from fn_model.command import DATE_TIME, Command
from fn_model.refusal import FnRefusal
from fn_model.storage import FiscalStorage
from fn_model.transitions import Input
from protocol.ffd.documents import DocumentType
from protocol.fn.answers import SettlementResult
from protocol.fn.commands import FnCode, FnCommand


def begin(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать формирование отчёта о текущем состоянии расчётов», 18h."""
    fn.next_stage(Input.BEGIN_SETTLEMENT)
    if fn.shift_is_open and not fn.settings.settlement_in_open_shift:
        raise FnRefusal(FnCode.WRONG_STATE)
    return documents.begin(fn, Input.BEGIN_SETTLEMENT, DocumentType.SETTLEMENT, data, world)


def commit(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Сформировать отчёт о текущем состоянии расчётов», 19h. Counts the documents unsent before this one (a guess)."""
    begun = documents.begun_document(fn, Input.COMMIT_SETTLEMENT, needs_data=False)
    at = documents.judge(fn, Input.COMMIT_SETTLEMENT, begun.at, world)
    state = fn.state.copy()
    in_shift = fn.shift_is_open
    if in_shift:
        state.shift = state.shift.with_document()
    head, unsent = fn.archive.head(), fn.archive.unsent_count()
    own = composition.settlement(
        state.shift.number if in_shift else None,
        state.is_autonomous,
        unsent,
        0 if head is None else head.number,
        None if head is None else head.at,
    )
    document = documents.form(fn, Input.COMMIT_SETTLEMENT, state, begun, at, own, begun.told_world)
    first_day = None if head is None else head.at.date()
    return SettlementResult(document.number, document.sign, unsent, first_day).build()


COMMANDS = {
    FnCommand.BEGIN_SETTLEMENT: Command(begin, DATE_TIME),
    FnCommand.COMMIT_SETTLEMENT: Command(commit),
}
