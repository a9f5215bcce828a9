"""The ledger's account of the commands that ask: state, exchange with the OFD, counters, archive; and of 60h."""

from datetime import datetime, timedelta
from typing import Any

from tests.fn.ledger import ARCHIVE_DOCUMENTS, ARCHIVE_READ, POST_FISCAL, REGISTRATIONS, Ledger, Parts, Refused
from tests.fn.ledger_bytes import date_time, day, number, read_date_time, split, u16, u32, u48

Document = dict[str, Any]

CURRENT = {1: 0x01, 2: 0x02, 3: 0x04, 4: 0x11, 5: 0x08, 6: 0x10, 11: 0x13, 21: 0x17, 31: 0x14, 41: 0x15}
"""Byte 1 of 30h by document; a re-registration that replaces an FN is 12h."""
_OF_REPORTS, _OF_RECEIPTS = {3: 0x40, 4: 0x40}, {3: 0x80, 4: 0xC0}
FORMAT_BITS = {1: _OF_REPORTS, 11: _OF_REPORTS, **dict.fromkeys((3, 4, 31, 41), _OF_RECEIPTS)}
"""What is added to the type of a document in 40h, by its format."""
KEPT_WHOLE = (1, 11, 6)
"""Documents that are never forgotten."""


def status(ledger: Ledger, data: bytes, world: float) -> Parts:
    """30h."""
    begun = ledger.begun
    kind = 0 if begun is None else CURRENT[begun["kind"]]
    if kind == 0x13 and not ledger.reports:
        kind = 0x12
    return (
        bytes((ledger.phase, kind, bool(begun and begun["data"]), ledger.shift["is_open"], ledger.warnings())),
        date_time(ledger.last_at),
        ledger.number.encode() + u32(len(ledger.documents)),
    )


def fn_number(ledger: Ledger, data: bytes, world: float) -> Parts:
    """31h."""
    return (ledger.number.encode(),)


def term(ledger: Ledger, data: bytes, world: float) -> Parts:
    """32h."""
    made = len(ledger.reports)
    end = ledger.expires_on
    told = day(datetime(end.year, end.month, end.day) if end else None)
    return (told + bytes((REGISTRATIONS - made, made)),)


def ffd_versions(ledger: Ledger, data: bytes, world: float) -> Parts:
    """3Ah: the format in use and the newest."""
    return (bytes((ledger.ffd, ledger.rules["newest_ffd"])),)


def days_left(ledger: Ledger, data: bytes, world: float) -> Parts:
    """3Bh."""
    return (u16(ledger.days_left(read_date_time(data).date())),)


def room_left(ledger: Ledger, data: bytes, world: float) -> Parts:
    """3Dh: how many documents more; the room for bytes is the model's own business."""
    return (u32(max(0, ARCHIVE_DOCUMENTS - len(ledger.documents))), 4)


def shift_parameters(ledger: Ledger, data: bytes, world: float) -> Parts:
    """10h: receipts of the open shift, documents of the closed one."""
    shift = ledger.shift
    count = shift["receipts" if shift["is_open"] else "documents"]
    return (bytes((shift["is_open"],)) + u16(shift["number"]) + u16(count),)


# Exchange with the OFD.


def exchange_status(ledger: Ledger, data: bytes, world: float) -> Parts:
    """20h."""
    queue = ledger.queue
    flags = ledger.has_transport + 2 * bool(queue) + 4 * ledger.is_waiting
    head = (queue[0]["number"], queue[0]["at"]) if queue else (0, None)
    is_reading = ledger.message_bytes is not None
    return (bytes((flags, is_reading)) + u16(len(queue)) + u32(head[0]) + date_time(head[1]),)


def set_transport(ledger: Ledger, data: bytes, world: float) -> Parts:
    """21h."""
    if data[0] > 1:
        raise Refused(0x01)
    ledger.has_transport = bool(data[0])
    if not data[0]:
        ledger.message_bytes = None
    return ()


def begin_message(ledger: Ledger, data: bytes, world: float) -> Parts:
    """22h: how long the message is only the FN knows."""
    if not ledger.has_transport:
        raise Refused(0x11)
    if not ledger.queue:
        raise Refused(0x08)
    ledger.message_bytes, ledger.is_waiting = 0, False
    return (2,)


def _size_of_reading(ledger: Ledger) -> int:
    if ledger.message_bytes is None:
        raise Refused(0x02)
    return ledger.message_bytes


def read_message(ledger: Ledger, data: bytes, world: float) -> Parts:
    """23h."""
    if not ledger.has_transport:
        raise Refused(0x11)
    rest = _size_of_reading(ledger) - number(data[:2])
    if rest < 0:
        raise Refused(0x01)
    return (min(rest, number(data[2:]), 1024),)


def cancel_message(ledger: Ledger, data: bytes, world: float) -> Parts:
    """24h."""
    _size_of_reading(ledger)
    ledger.message_bytes = None
    return ()


def end_message(ledger: Ledger, data: bytes, world: float) -> Parts:
    """25h."""
    _size_of_reading(ledger)
    ledger.message_bytes, ledger.is_waiting = None, True
    return ()


def put_confirmation(ledger: Ledger, data: bytes, world: float) -> Parts:
    """26h of what the machine says it is; see `Ledger`."""
    if not ledger.is_waiting or not ledger.queue:
        raise Refused(0x02)
    flaw, at = ledger.confirmation
    if flaw:
        raise Refused(0x20, bytes((flaw,)))
    ledger.queue[0]["confirmed_at"] = at
    ledger.is_waiting = False
    if ledger.phase == POST_FISCAL and not ledger.queue:
        ledger.phase = ARCHIVE_READ
    return (b"\0",)


# Counters.


def _blocks(made: list[Document]) -> bytes:
    told = b""
    for operation in (1, 2, 3, 4):
        mine = [one for one in made if one["operation"] == operation and one["kind"] in (3, 4)]
        told += u32(len(mine)) + u48(sum(one["total"] for one in mine))
        told += b"".join(u48(sum(sums)) for sums in zip(*(one["sums"] for one in mine), strict=True)) or bytes(66)
    return told


def _amounts(made: list[Document]) -> bytes:
    mine = [[one for one in made if one["operation"] == operation] for operation in (1, 2, 3, 4)]
    return b"".join(u32(len(some)) + u48(sum(one["total"] for one in some)) for some in mine)


def _asked(ledger: Ledger, kind: int) -> tuple[bytes, list[Document], list[Document]]:
    """The beginning of 36h-38h; receipts and corrections; corrections alone."""
    if kind > 1:
        raise Refused(0x01)
    made = ledger.counted(of_shift=kind == 0)
    return u16(ledger.shift["number"]) + u32(len(made)), made, [one for one in made if one["kind"] in (31, 41)]


def totals(ledger: Ledger, data: bytes, world: float) -> Parts:
    """36h."""
    head, made, corrections = _asked(ledger, data[0])
    return (head + _blocks(made) + u32(len(corrections)) + _amounts(corrections),)


def counts(ledger: Ledger, data: bytes, world: float) -> Parts:
    """37h."""
    head, made, _ = _asked(ledger, data[0])
    told = b""
    for kinds in ((3, 4), (31, 41)):
        mine = [one for one in made if one["kind"] in kinds]
        told += u32(len(mine)) if kinds == (31, 41) else b""
        told += b"".join(u32(sum(one["operation"] == operation for one in mine)) for operation in (1, 2, 3, 4))
    return (head + told, 4)


def totals_of_one(ledger: Ledger, data: bytes, world: float) -> Parts:
    """38h."""
    if not 1 <= data[1] <= 4:
        raise Refused(0x01)
    head, made, corrections = _asked(ledger, data[0])
    place = 76 * (data[1] - 1)
    return (head + _blocks(made)[place : place + 76], u32(sum(one["operation"] == data[1] for one in corrections)))


def unsent_totals(ledger: Ledger, data: bytes, world: float) -> Parts:
    """39h."""
    made = [one for one in ledger.queue if "operation" in one]
    return (u32(len(made)) + _amounts(made),)


# Archive.


def _document(ledger: Ledger, data: bytes) -> Document:
    place = number(data)
    if not 0 < place <= len(ledger.documents):
        raise Refused(0x08)
    return ledger.documents[place - 1]


def _numbers(report: Document) -> bytes:
    """What a report tells of the KKT; under the later formats the second flags and the OFD too."""
    return bytes(report["inn"] + report["rnm"] + bytes((report["tax"], report["mode"])) + report["more"])


def find_document(ledger: Ledger, data: bytes, world: float) -> Parts:
    """40h: the short form, for ever."""
    document = _document(ledger, data)
    kind = document["kind"]
    head = bytes(
        (kind | FORMAT_BITS.get(kind, {}).get(document["ffd"], 0), document["confirmed_at"] is not None)
    ) + date_time(document["at"])
    head += u32(document["number"]) + document["sign"]
    last = ledger.reports[-1]
    if kind in (1, 11):
        return (head + _numbers(document["report"]) + document["report"]["reason"],)
    if kind in (2, 5):
        return (head + u16(document["shift"]),)
    if kind == 6:
        return (head + last["inn"] + last["rnm"],)
    if kind == 21:
        return (head + u32(document["unsent"]) + date_time(document["first_unsent"]),)
    return (head + bytes((document["operation"],)) + document["total"].to_bytes(5, "little"),)


def find_confirmation(ledger: Ledger, data: bytes, world: float) -> Parts:
    """41h: the OFD's sign is not ours to know."""
    at = _document(ledger, data)["confirmed_at"]
    if at is None:
        raise Refused(0x08)
    return (date_time(at), 18, data)


def unsent_count(ledger: Ledger, data: bytes, world: float) -> Parts:
    """42h."""
    return (u16(len(ledger.queue)),)


def registration_result(ledger: Ledger, data: bytes, world: float) -> Parts:
    """43h: of the last report, or of that number with its reason."""
    place = data[0] if data else 0
    if place > len(ledger.reports):
        raise Refused(0x08)
    report = ledger.reports[place - 1]
    reason = (report["reason"] or report["no_reason"]) if data else b""
    told = date_time(report["at"]) + _numbers(report) + reason
    return (told + u32(report["number"]) + ledger.documents[report["number"] - 1]["sign"],)


def registration_requisite(ledger: Ledger, data: bytes, world: float) -> Parts:
    """44h: what the KKT told in the last report; under the later formats the FN tells the format itself."""
    told = dict(split(ledger.documents[ledger.reports[-1]["number"] - 1]["data"]))
    told.setdefault(1209, bytes((ledger.ffd,)))
    tag = number(data)
    if tag not in told:
        raise Refused(0x08)
    return (data + u16(len(told[tag])) + told[tag],)


def begin_document(ledger: Ledger, data: bytes, world: float) -> Parts:
    """45h: whole while it waits for its confirmation or is not older than 30 days."""
    document = _document(ledger, data)
    waiting = [one["number"] for one in ledger.queue]
    is_old = ledger.told_at is not None and ledger.told_at - document["at"] > timedelta(days=30)
    if is_old and document["kind"] not in KEPT_WHOLE and document["number"] not in waiting:
        raise Refused(0x08)
    return (u16(document["kind"]), 2)


def is_unsure(ledger: Ledger, place: int) -> bool:
    """Whether a document may be whole or not: old once, and young again since the dates went back by an hour."""
    waiting = [one["number"] for one in ledger.queue]
    if not 0 < place <= len(ledger.documents) or place in waiting or ledger.told_at is None:
        return False
    at = ledger.documents[place - 1]["at"]
    latest = max(one["at"] for one in ledger.documents)
    return bool(latest - at > timedelta(days=30) >= ledger.told_at - at)


def reset(ledger: Ledger, data: bytes, world: float) -> Parts:
    """60h."""
    if data[0] != 0x16:
        raise Refused(0x01)
    ledger.forget_everything()
    return ()
