"""Making a fiscal document with the FN: begin, hand over the data, write down the intent, commit, adopt the result.

What the two believe of each other is compared before (`comparison`), what is made is booked behind it (`booking`). What
was begun and cannot be finished is cancelled in the FN. When the answer to a commit does not come, the intent tells
later what the document was.

Source: FNS, «Описание интерфейса ФН» 1.2, section 6.3; that a till keeps an intent is an inference from article
err_3933, whose only causes are a commit given up, a damaged memory and a damaged FN.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from kktsim.device import tables
from kktsim.device.kkt import Kkt, to_datetime
from kktsim.device.refusal import Refusal
from kktsim.device.state import Closing, FnShift, Intent
from protocol.atol import code_page
from protocol.atol.kkt_codes import E
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from protocol.fn.answers import FnStatus
from protocol.fn.archive_answers import ReceiptDetails
from protocol.fn.commands import DateTimeError, FnCommand, pack_date_time

DATA_BYTES = 1024
"""Most bytes of one 07h command; a TLV is never divided."""
FFD_1_0, FFD_1_05 = 1, b"\x02"
"""As register 36h and tag 1209 number them; the former has no such tag."""


@dataclass(frozen=True, slots=True)
class Made:
    """A committed document. ``unsent_documents``, ``first_unsent``: what a report on settlements tells."""

    number: int
    sign: int
    """0: nobody can tell."""
    world: float
    """Date and time in the document: the till's clock, to the minute."""
    shift: int = 0
    """Of an opened or closed shift."""
    unsent_documents: int | None = None
    first_unsent: date | None = None
    receipt: ReceiptDetails | None = None
    """Operation and total of a receipt, when the FN was asked for it."""


def ffd_version(kkt: Kkt) -> list[bytes]:
    """«Номер версии ФФД», tag 1209: firmware of FFD 1.0 times does not tell it (FNS order ММВ-7-20/229@)."""
    return [] if kkt.model.ffd[2] == FFD_1_0 else [tlv(T.FFD_VERSION, FFD_1_05)]


def kkt_ffd_version(kkt: Kkt) -> list[bytes]:
    """«Версия ФФД ККТ», tag 1189; that firmware of FFD 1.0 times does not tell it either is a guess."""
    return [] if kkt.model.ffd[2] == FFD_1_0 else [tlv(T.KKT_FFD_VERSION, FFD_1_05)]


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


def begin(kkt: Kkt, command: int, data: bytes, at: float) -> None:
    """Begin a document; when the answer does not say that it is begun, it shall not be."""
    try:
        kkt.fn.do(command, data, at)
    except Refusal:
        kkt.fn.give_up(at)
        raise


def intend(kkt: Kkt, kind: DocumentType, at: float, status: FnStatus | None = None) -> Intent:
    """The intent to make a document now, behind the last one of the FN; without ``status`` as the mirror has it."""
    mirror = kkt.memory.mirror
    return Intent(
        type=kind,
        fn_number=mirror.fn_number if status is None else status.number,
        number=(mirror.document_number if status is None else status.last_document) + 1,
        shift_number=mirror.shift_number,
        world=minute(kkt, at),
    )


def make(
    kkt: Kkt,
    intent: Intent,
    beginning: tuple[int, bytes],
    requisites: list[bytes],
    commit: tuple[int, bytes],
    at: float,
) -> bytes:
    """Begin, hand over TLVs, commit. The data of the commit's answer."""
    begin(kkt, *beginning, at)
    try:
        return finish(kkt, intent, requisites, commit, at)
    except Refusal:
        kkt.fn.give_up(at)
        raise


def finish(
    kkt: Kkt,
    intent: Intent,
    requisites: list[bytes],
    commit: tuple[int, bytes],
    at: float,
    closing: Closing | None = None,
) -> bytes:
    """Hand over TLVs and commit a document that has been begun; the intent is durable before the FN can have made it.

    ``closing``: the receipt that it is. What the FN refuses it has not made; when it falls silent the intent stays. An
    intent with the till's own FN, which is elsewhere, stays in any case.
    """
    memory = kkt.memory
    own = memory.mirror.fn_number
    kept = next((one for one in intents(kkt) if one.fn_number == own != intent.fn_number), None)
    memory.intent, memory.kept_intent = intent, kept
    if kept is None:
        memory.closing = closing
    try:
        _hand_over(kkt, requisites, at)
        kkt.keep()
        return kkt.fn.do(commit[0], commit[1], at)
    except Refusal as refusal:
        if refusal.code is not E.FN_NO_ANSWER:
            give_intent_up(kkt, intent)
        raise


def _hand_over(kkt: Kkt, requisites: list[bytes], at: float) -> None:
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


def intents(kkt: Kkt) -> tuple[Intent, ...]:
    """Those of which the outcome is not known, the last one first; each is with another FN."""
    return tuple(filter(None, (kkt.memory.intent, kkt.memory.kept_intent)))


def give_intent_up(kkt: Kkt, intent: Intent) -> None:
    """The document of the intent was not made: what was kept behind it is waited for again."""
    memory = kkt.memory
    kept = memory.kept_intent
    if kept is None or intent is kept:
        forget_intents(kkt)
    else:
        memory.intent, memory.kept_intent = kept, None


def forget_intents(kkt: Kkt) -> None:
    """Of every document it is known what became of it, or nobody asks any more."""
    memory = kkt.memory
    memory.intent = memory.kept_intent = memory.closing = None


def adopt(kkt: Kkt, made: Made) -> None:
    """Take the document that the FN has made into the mirror: the two agree again."""
    mirror, totals = kkt.memory.mirror, kkt.memory.totals
    mirror.document_number = made.number
    mirror.document_sign = made.sign
    mirror.document_world = made.world
    totals.documents_in_shift += mirror.shift_is_open
    totals.running_documents += 1
    kkt.volatile.latch = None
    forget_requisites(kkt)


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
