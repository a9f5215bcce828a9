"""Chapter «Формирование документов»: what all documents share. Begin, 07h, 06h, form.

A begun document is volatile; forming it is one commit of a new state and the document. Checks come first, in their
declared order (``limits``), so a refused command changes nothing.

Source: FNS, «Описание интерфейса ФН» 1.2, section 6.3.
"""

from collections.abc import Callable
from datetime import datetime

from fn_model import composition, composition_1_1, limits, sign
from fn_model.archive import Document
from fn_model.command import ANYTHING, Command, date_time
from fn_model.composition import Tlvs
from fn_model.faults import SIGNING_CODES
from fn_model.model import DataLimits
from fn_model.refusal import FnRefusal
from fn_model.requisites import received
from fn_model.short_forms import short_form
from fn_model.state import BegunDocument, FnState
from fn_model.storage import FiscalStorage
from fn_model.transitions import Input, Stage
from protocol.ffd.documents import DocumentType
from protocol.ffd.formats import FFD_1_05
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from protocol.fn.answers import DataReceived
from protocol.fn.commands import FnCode, FnCommand

DATA_LIMITS: dict[Stage, Callable[[DataLimits], int]] = {
    Stage.REGISTERING: lambda sizes: sizes.registration,
    Stage.REPLACING_FN: lambda sizes: sizes.registration,
    Stage.RE_REGISTERING: lambda sizes: sizes.registration,
    Stage.OPENING_SHIFT: lambda sizes: sizes.shift,
    Stage.CLOSING_SHIFT: lambda sizes: sizes.shift,
    Stage.RECEIPT: lambda sizes: sizes.receipt,
    Stage.CORRECTION: lambda sizes: sizes.receipt,
    Stage.SETTLING: lambda sizes: sizes.settlement,
    Stage.SETTLING_IN_SHIFT: lambda sizes: sizes.settlement,
    Stage.SETTLING_AFTER_CLOSING: lambda sizes: sizes.settlement,
    Stage.CLOSING_ARCHIVE: lambda sizes: sizes.close_archive,
}
"""Which limit of the model holds for the 07h data of a begun document."""


def begin(fn: FiscalStorage, one: Input, document_type: DocumentType, data: bytes, world: float, ffd: int = 0) -> bytes:
    """Begin a document dated ``data`` (DATE_TIME; empty: its last command brings the date).

    ``ffd``: its format, 0: the one that the FN is registered for.
    """
    stage = fn.next_stage(one)
    at = judge(fn, one, date_time(data), world) if data else None
    if at is not None:
        fn.tell(at)
    fn.volatile.begun = BegunDocument(stage, document_type, at, world, ffd or fn.state.ffd)
    return b""


def begun_document(fn: FiscalStorage, one: Input, *, needs_data: bool) -> BegunDocument:
    """The begun document that ``one`` may end; raises FnRefusal 02h otherwise."""
    fn.next_stage(one)
    begun = fn.volatile.begun
    if begun is None or (needs_data and fn.settings.data_required and not begun.size_bytes):
        raise FnRefusal(FnCode.WRONG_STATE)
    return begun


def judge(fn: FiscalStorage, one: Input, at: datetime | None, world: float) -> datetime:
    """The date of the document, if nothing is against making it; raises FnRefusal."""
    if at is None:
        raise FnRefusal(FnCode.WRONG_STATE)
    limits.judge(one, limits.Attempt(fn.state, fn.volatile, fn.archive, fn.model, at, world))
    return at


def form(
    fn: FiscalStorage, one: Input, state: FnState, begun: BegunDocument, at: datetime, own: Tlvs, told_world: float
) -> Document:
    """Sign the begun document and commit it with ``state``, a changed copy of the FN's.

    ``own``: what the FN forms besides the head; ``told_world``: world seconds when the FN was told ``at``. The caller
    has made all checks but the last: whether the FN can sign.
    """
    for fault, code in SIGNING_CODES.items():
        if fault in fn.faults:
            raise FnRefusal(code)
    number = state.document_number + 1
    formed = composition.head(state, number, at)
    formed.update(own)
    if begun.ffd > FFD_1_05:
        formed.update(composition_1_1.more(begun.type, state, at.date(), fn.warnings()))
    fiscal_sign = fn.injected_signs.get(number)
    if fiscal_sign is None:
        fiscal_sign = sign.fiscal_sign(fn.number, begun.type, _signed(formed, begun))
    formed[T.FISCAL_SIGN] = tlv(T.FISCAL_SIGN, sign.SIGN_PREFIX + fiscal_sign.to_bytes(4, "big"))
    body = b"".join([*formed.values(), *begun.data])
    short = short_form(begun.type, state, own)
    document = Document(number, begun.type, at, fiscal_sign, body, not state.is_autonomous, short, state.ffd)
    state.stage = fn.next_stage(one)
    state.document_number = number
    state.last_at = at
    if document.goes_to_ofd:
        state.unsent_bytes += len(body)
    fn.commit(state, document)
    fn.tell(at)
    fn.volatile.begun = None
    fn.volatile.timer_at, fn.volatile.timer_world = at, told_world
    return document


def _signed(formed: Tlvs, begun: BegunDocument) -> Tlvs:
    """The requisites that the fiscal sign may cover: those of the FN, and the OFD's INN, which the KKT brings."""
    inn = begun.tags.get(T.OFD_INN)
    return formed if inn is None else {**formed, T.OFD_INN: tlv(T.OFD_INN, inn)}


def add_data(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Передать данные документа», 07h."""
    fn.next_stage(Input.ADD_DATA)
    begun = fn.volatile.begun
    if begun is None:
        raise FnRefusal(FnCode.WRONG_STATE)
    receive(fn, begun, data)
    return b""


def need_room(fn: FiscalStorage, begun: BegunDocument, more_bytes: int) -> None:
    """Raise FnRefusal 10h when the begun document does not take so many bytes more."""
    if begun.size_bytes + more_bytes > DATA_LIMITS[begun.stage](fn.model.data_limits):
        raise FnRefusal(FnCode.TLV_TOO_LARGE)


def receive(fn: FiscalStorage, begun: BegunDocument, data: bytes) -> None:
    """Put requisites into the begun document, or raise FnRefusal."""
    need_room(fn, begun, len(data))
    more = received(data, begun, fn.state, fn.model)
    begun.tags = more.tags | begun.tags
    begun.items += more.items
    begun.item_kinds |= more.kinds
    begun.data.append(data)
    begun.size_bytes += len(data)


def cancel(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Отменить документ», 06h: never refused, even when nothing is begun."""
    fn.next_stage(Input.CANCEL)
    if fn.volatile.begun is not None:
        fn.volatile.marking = fn.volatile.marking.forgetting_codes()
    fn.volatile.begun = None
    return b""


def data_received(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос объёма переданных данных документа», A7h: bytes by 07h, and by B7h for marked goods."""
    begun = fn.volatile.begun
    if begun is None:
        return DataReceived(0, 0).build()
    marking_bytes = begun.marking.size_bytes
    return DataReceived(begun.size_bytes - marking_bytes, marking_bytes).build()


COMMANDS = {
    FnCommand.CANCEL_DOCUMENT: Command(cancel),
    FnCommand.DATA_RECEIVED: Command(data_received),
    FnCommand.ADD_DATA: Command(add_data, ANYTHING),
}
