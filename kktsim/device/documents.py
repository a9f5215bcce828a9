"""Making a fiscal document with the FN: compare, begin, hand over the data, commit, adopt the result.

Before a document is begun the till compares its mirror of the FN with the FN itself: another FN, a fresh one, or the
same one with other numbers is refused here, so that the two agree or the till says that they do not. What was begun
and cannot be finished is cancelled in the FN.

Source: FNS, «Описание интерфейса ФН» 1.2, section 6.3; wire codes 225 and 30 by their texts; the order is a guess.
"""

from collections.abc import Collection
from dataclasses import dataclass

from kktsim.device import tables
from kktsim.device.kkt import Kkt, to_datetime, to_world
from kktsim.device.refusal import Refusal
from protocol.atol import code_page
from protocol.atol.kkt_codes import E
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from protocol.fn.answers import FnStatus, ShiftParameters
from protocol.fn.archive_answers import FoundDocument
from protocol.fn.commands import CurrentDocument, DateTimeError, FnCommand, Phase, pack_date_time

DATA_BYTES = 1024
"""Most bytes of one 07h command; a TLV is never divided."""
FFD_1_05 = b"\x02"


@dataclass(frozen=True, slots=True)
class Made:
    """A committed document."""

    number: int
    sign: int
    world: float
    """Date and time in the document: the till's clock, to the minute."""


def minute(kkt: Kkt, at: float) -> float:
    """The till's clock cut to the minute, as the FN is told it."""
    clock = kkt.clock(at)
    return clock - clock % 60


def dated(kkt: Kkt, at: float) -> bytes:
    """DATE_TIME of the FN by the till's clock; a year that the FN cannot count (2100) is refused with 1Fh (a guess)."""
    try:
        return pack_date_time(kkt.clock(at))
    except DateTimeError:
        raise Refusal(E.CHECK_DATE) from None


def ask_status(kkt: Kkt, at: float) -> FnStatus:
    """The FN's state before a document is begun; one left half made, by an answer that got lost, is cancelled."""
    status = FnStatus.parse(kkt.fn.do(FnCommand.STATUS, b"", at))
    if status.document is not CurrentDocument.NONE:
        kkt.fn.give_up(at)
    return status


def compare(kkt: Kkt, at: float, *, adopts: bool = False) -> FnStatus:
    """Refuse when the FN is not the one, or not in the state, that the till remembers; the FN's state.

    A fresh FN: D4h; another one: E1h. The same FN with another last document: 1Eh, unless the document ``adopts`` the
    FN's numbers.
    """
    status = ask_status(kkt, at)
    if status.phase == Phase.READY:
        raise Refusal(E.FN_WRONG_STATE)
    if status.number != kkt.memory.mirror.fn_number:
        raise Refusal(E.FN_FOREIGN)
    if adopts:
        return status
    require_step(kkt, status)
    return status


def require_step(kkt: Kkt, status: FnStatus) -> None:
    """Refuse with 1Eh when the FN has another last document or shift than the till remembers."""
    mirror = kkt.memory.mirror
    same_shift = status.phase != Phase.FISCAL or status.shift_is_open is mirror.shift_is_open
    if status.last_document != mirror.document_number or not same_shift:
        raise Refusal(E.MODE_LOCKED)


def begin(kkt: Kkt, command: int, data: bytes, at: float) -> None:
    """Begin a document; when the answer does not say that it is begun, it shall not be."""
    try:
        kkt.fn.do(command, data, at)
    except Refusal:
        kkt.fn.give_up(at)
        raise


def make(
    kkt: Kkt, beginning: tuple[int, bytes], requisites: list[bytes], commit: tuple[int, bytes], at: float
) -> tuple[bytes, float]:
    """Begin, hand over TLVs, commit. The data of the commit's answer and the document's world time."""
    begin(kkt, *beginning, at)
    try:
        return finish(kkt, requisites, commit, at), minute(kkt, at)
    except Refusal:
        kkt.fn.give_up(at)
        raise


def finish(kkt: Kkt, requisites: list[bytes], commit: tuple[int, bytes], at: float) -> bytes:
    """Hand over TLVs and commit a document that has been begun."""
    block: list[bytes] = []
    room = DATA_BYTES
    for part in requisites:
        if len(part) > room and block:
            kkt.fn.do(FnCommand.ADD_DATA, b"".join(block), at)
            block, room = [], DATA_BYTES
        block.append(part)
        room -= len(part)
    if block:
        kkt.fn.do(FnCommand.ADD_DATA, b"".join(block), at)
    return kkt.fn.do(commit[0], commit[1], at)


def adopt(kkt: Kkt, number: int, sign: int, world: float) -> Made:
    """Take the document that the FN has made into the mirror."""
    mirror, totals = kkt.memory.mirror, kkt.memory.totals
    made = Made(number, sign, world)
    mirror.document_number = made.number
    mirror.document_sign = made.sign
    mirror.document_world = world
    totals.documents_in_shift += mirror.shift_is_open
    totals.running_documents += 1
    forget_requisites(kkt)
    return made


Told = tuple[dict[int, bytes], dict[int, bytes], frozenset[int]]
"""What E8h has brought for the next document: requisites, the user's, and which of them are to be printed."""


def told(kkt: Kkt) -> Told:
    """What must outlive a document that comes in between."""
    volatile = kkt.volatile
    return volatile.operation_requisites, volatile.user_requisites, volatile.requisites_to_print


def tell_again(kkt: Kkt, told: Told) -> None:
    """Take back what `told` gave."""
    volatile = kkt.volatile
    volatile.operation_requisites, volatile.user_requisites, volatile.requisites_to_print = told


def forget_requisites(kkt: Kkt) -> None:
    """What E8h told of one document ends with it."""
    volatile = kkt.volatile
    volatile.operation_requisites = {}
    volatile.user_requisites = {}
    volatile.requisites_to_print = frozenset()


@dataclass(frozen=True, slots=True)
class FnShift:
    """The FN's shift, as the till needs it. ``since_world``: when it was opened, or when the last document was made."""

    is_open: bool
    number: int
    since_world: float


def shift_of_fn(kkt: Kkt, status: FnStatus, at: float) -> FnShift:
    """What the FN tells of its shift; the report that opened it is looked for among the last documents."""
    parameters = ShiftParameters.parse(kkt.fn.do(FnCommand.SHIFT_PARAMETERS, b"", at))
    since = status.last_document_at
    number = status.last_document
    while parameters.is_open and number:
        found = FoundDocument.parse(kkt.fn.do(FnCommand.FIND_DOCUMENT, number.to_bytes(4, "little"), at))
        since, number = found.at, number - 1
        if found.type == DocumentType.SHIFT_OPEN:
            break
    return FnShift(parameters.is_open, parameters.shift, 0.0 if since is None else to_world(since))


def adopt_shift(kkt: Kkt, shift: FnShift) -> None:
    """Believe the FN about the shift: one that is over there ends here too, with its totals."""
    mirror = kkt.memory.mirror
    if mirror.shift_is_open and (not shift.is_open or shift.number != mirror.shift_number):
        kkt.memory.totals.close_shift()
    if not shift.is_open and mirror.shift_is_open:
        mirror.shift_closed_world = shift.since_world
    if shift.is_open and not mirror.shift_is_open:
        mirror.shift_opened_world = shift.since_world
    mirror.shift_is_open = shift.is_open
    mirror.shift_number = shift.number


def cashier(kkt: Kkt) -> list[bytes]:
    """Tags 1021 and 1203: what E8h brought, else the name of the operator's row in table 3."""
    told = kkt.volatile.operation_requisites
    name = told.get(T.CASHIER) or _table_name(kkt)
    parts = [tlv(T.CASHIER, name)] if name else []
    if T.CASHIER_INN in told:
        parts.append(tlv(T.CASHIER_INN, told[T.CASHIER_INN]))
    return parts


def cashier_name(kkt: Kkt) -> str:
    """The cashier as printed."""
    return code_page.decode(kkt.volatile.operation_requisites.get(T.CASHIER) or _table_name(kkt))


def _table_name(kkt: Kkt) -> bytes:
    row = kkt.volatile.operator
    return tables.value(kkt, 3, row, 2).rstrip() if row else b""


def registered(kkt: Kkt, *tags: int, but: Collection[int] = ()) -> list[bytes]:
    """TLVs of the registration requisites among ``tags`` that the till holds, ``but`` some."""
    held = kkt.memory.requisites
    return [tlv(tag, held[tag]) for tag in tags if tag in held and tag not in but]


def print_footer(kkt: Kkt, made: Made, code: str = "") -> None:
    """What every document ends with: numbers of KKT and FN, of the document, its sign; then the cut.

    ``code``: what the QR of a receipt says.
    """
    paper, mirror = kkt.paper, kkt.memory.mirror
    paper.pair("РН ККТ", code_page.decode(kkt.memory.requisites.get(T.REGISTRATION_NUMBER, b"")).strip())
    paper.pair("ЗН ККТ", kkt.model.serial_number)
    paper.pair("ФН", mirror.fn_number)
    paper.pair("ФД", str(made.number))
    paper.pair("ФПД", f"{made.sign:010d}")
    when = to_datetime(made.world)
    paper.pair("", f"{when.day:02}.{when.month:02}.{when.year % 100:02} {when.hour:02}:{when.minute:02}")
    if code:
        paper.drawing(f"QR: {code}")
    paper.cut()
