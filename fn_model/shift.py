"""Chapter «Смена»: 10h-14h. Source: FNS, «Описание интерфейса ФН» 1.2, section 6.3."""

from fn_model import composition, documents
from fn_model.command import DATE_TIME, Command
from fn_model.storage import FiscalStorage
from fn_model.transitions import Input
from protocol.ffd.documents import DocumentType
from protocol.fn.answers import ShiftParameters, ShiftResult
from protocol.fn.commands import FnCommand


def parameters(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос параметров текущей смены», 10h."""
    shift = fn.state.shift
    count = shift.receipts if fn.shift_is_open else shift.documents
    return ShiftParameters(fn.shift_is_open, shift.number, count).build()


def begin_open(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать открытие смены», 11h."""
    return documents.begin(fn, Input.BEGIN_OPEN_SHIFT, DocumentType.SHIFT_OPEN, data, world)


def open_shift(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Открыть смену», 12h."""
    begun = documents.begun_document(fn, Input.OPEN_SHIFT, needs_data=True)
    at = documents.judge(fn, Input.OPEN_SHIFT, begun.at, world)
    state = fn.state.copy()
    state.shift = state.shift.opened(at)
    state.totals = state.totals.opened()
    own = composition.shift_open(state.shift, fn.warnings())
    document = documents.form(fn, Input.OPEN_SHIFT, state, begun, at, own, begun.told_world)
    return ShiftResult(state.shift.number, document.number, document.sign).build()


def begin_close(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать закрытие смены», 13h. The shift may be as long as it likes."""
    return documents.begin(fn, Input.BEGIN_CLOSE_SHIFT, DocumentType.SHIFT_CLOSE, data, world)


def close_shift(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Закрыть смену», 14h. Counts the documents unsent before this one (a guess)."""
    begun = documents.begun_document(fn, Input.CLOSE_SHIFT, needs_data=False)
    at = documents.judge(fn, Input.CLOSE_SHIFT, begun.at, world)
    state = fn.state.copy()
    state.shift = state.shift.closed()
    head, unsent = fn.archive.head(), fn.archive.unsent_count()
    own = composition.shift_close(
        state.shift,
        None if state.is_autonomous and not unsent else unsent,
        None if head is None else head.at,
        state.days_left(at.date()),
        fn.warnings(),
    )
    document = documents.form(fn, Input.CLOSE_SHIFT, state, begun, at, own, begun.told_world)
    return ShiftResult(state.shift.number, document.number, document.sign).build()


COMMANDS = {
    FnCommand.SHIFT_PARAMETERS: Command(parameters),
    FnCommand.BEGIN_OPEN_SHIFT: Command(begin_open, DATE_TIME),
    FnCommand.OPEN_SHIFT: Command(open_shift),
    FnCommand.BEGIN_CLOSE_SHIFT: Command(begin_close, DATE_TIME),
    FnCommand.CLOSE_SHIFT: Command(close_shift),
}
