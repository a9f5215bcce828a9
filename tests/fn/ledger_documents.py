"""The ledger's account of the commands that make documents, 02h-19h."""

from datetime import timedelta
from typing import Any

from tests.fn.ledger import (
    ARCHIVE_READ,
    FISCAL,
    POST_FISCAL,
    READY,
    REGISTRATIONS,
    SIGN,
    Action,
    Ledger,
    Parts,
    Refused,
)
from tests.fn.ledger_bytes import day, is_broken, number, read_date_time, split, sums_of, u16, u32

PAYMENTS = {1031, 1081, 1215, 1216, 1217}
"""Without them a receipt cannot be counted; the answer tells the missing one and a byte more."""


def begin_registration(ledger: Ledger, data: bytes, world: float) -> Parts:
    """02h: under FFD 1.05."""
    return _begin_registration(ledger, data[0] if data else 0, 2, 0x03, world)


def begin_full_registration(ledger: Ledger, data: bytes, world: float) -> Parts:
    """A2h: under a later format that the FN knows."""
    if not 2 < data[1] <= ledger.rules["newest_ffd"]:
        raise Refused(0x0A)
    return _begin_registration(ledger, data[0], data[1], 0xA3, world)


def _begin_registration(ledger: Ledger, kind: int, ffd: int, command: int, world: float) -> Parts:
    """Another format only right behind a report on the state of settlements that found nothing unsent."""
    ledger.need()
    if (ledger.phase == READY) is (kind == 2) or (kind == 2 and ledger.shift["is_open"]):
        raise Refused(0x02)
    if len(ledger.reports) >= REGISTRATIONS:
        raise Refused(0x12)
    if ledger.ffd not in (0, ffd) and ledger.documents[-1].get("unsent") != 0:
        raise Refused(0x02)
    return ledger.begin((1, 11, 11)[kind], command, None, world, ffd)


def register(ledger: Ledger, data: bytes, world: float) -> Parts:
    """03h. A re-registration tells its reason; that of a replacement is the FN's own."""
    begun = ledger.ending(0x03)
    is_repeated = bool(ledger.reports)
    if is_repeated is not (len(data) == 40):
        raise Refused(0x01)
    reason = data[39:40] if is_repeated else b"\1" if begun["kind"] == 11 else b""
    return _register(ledger, begun, data, {"ffd": 2, "more": b"", "reason": reason, "no_reason": b"\0"}, world)


def register_fully(ledger: Ledger, data: bytes, world: float) -> Parts:
    """A3h. Every report but a first one tells its reasons, to which a replacement adds its own."""
    begun = ledger.ending(0xA3)
    if (begun["kind"] == 11) is not (len(data) == 56):
        raise Refused(0x01)
    mask = number(data[52:]) | (begun["kind"] == 11 and not ledger.reports)
    reason = u32(mask) if data[52:] else b""
    told = {"ffd": begun["ffd"], "more": data[39:52], "reason": reason, "no_reason": bytes(4)}
    return _register(ledger, begun, data, told, world)


def _register(ledger: Ledger, begun: dict[str, Any], data: bytes, told: dict[str, Any], world: float) -> Parts:
    at = read_date_time(data)
    ledger.refuse_by_time(begun["ends"], at)
    if ledger.last_at is not None and at < ledger.last_at:
        raise Refused(0x07)
    report = told | {"at": at, "inn": data[5:17], "rnm": data[17:37], "tax": data[37], "mode": data[38]}
    report["is_autonomous"] = bool(data[38] & 0x02)
    first = ledger.reports[0] if ledger.reports else report
    if (first["inn"], first["rnm"]) != (report["inn"], report["rnm"]):
        raise Refused(0x09)
    document = ledger.make(begun["kind"], at, world, report=report)
    if not ledger.reports:
        term = ledger.rules["autonomous_term" if report["is_autonomous"] else "term"]
        ledger.expires_on = at.date() + timedelta(days=term)
    ledger.reports.append(report | {"number": document["number"]})
    ledger.phase = FISCAL
    return (u32(document["number"]), SIGN)


def begin_close_archive(ledger: Ledger, data: bytes, world: float) -> Parts:
    """04h."""
    ledger.need(shift=False)
    return ledger.begin(6, 0x05, None, world)


def close_archive(ledger: Ledger, data: bytes, world: float) -> Parts:
    """05h: to phase 15 when nothing will ever be sent."""
    ledger.ending(0x05)
    at = read_date_time(data)
    ledger.refuse_by_time(0x05, at)
    if ledger.last_at is not None and at < ledger.last_at:
        raise Refused(0x07)
    if data[5:] != ledger.reports[-1]["rnm"]:
        raise Refused(0x09)
    document = ledger.make(6, at, world)
    ledger.phase = POST_FISCAL if ledger.queue else ARCHIVE_READ
    return (u32(document["number"]), SIGN)


def add_data(ledger: Ledger, data: bytes, world: float) -> Parts:
    """07h. FN-1 adds up the lengths; later FNs look at one requisite after the other and tell which one is wrong."""
    if ledger.begun is None:
        raise Refused(0x02)
    if not ledger.rules["looks_into_tlvs"] and is_broken(data):
        raise Refused(0x01)
    if ledger.rules["looks_into_tlvs"]:
        seen = {tag for tag, _ in split(ledger.begun["data"])}
        rest = data
        while rest:
            size = 4 + number(rest[2:4])
            if len(rest) < max(4, size):
                raise Refused(0x01)
            tag, value, rest = number(rest[:2]), rest[4:size], rest[size:]
            code = _fault_of(ledger, tag, value, is_repeated=tag in seen)
            if code:
                raise Refused(code, u16(tag))
            seen.add(tag)
    ledger.begun["data"] += data
    return ()


def _fault_of(ledger: Ledger, tag: int, value: bytes, *, is_repeated: bool) -> int:
    """Formed by the FN itself, repeated, too long, or a tax system that is not registered."""
    if tag in (1012, 1037, 1040, 1041, 1077):
        return 0x0B
    if is_repeated and tag != 1059:
        return 0x0C
    if tag == 1021 and len(value) > 64:
        return 0x18
    return 0x19 if tag == 1055 and not number(value) & ledger.reports[-1]["tax"] else 0


def cancel(ledger: Ledger, data: bytes, world: float) -> Parts:
    """06h, never refused."""
    ledger.begun = None
    return ()


def begin_open_shift(ledger: Ledger, data: bytes, world: float) -> Parts:
    """11h: at most an hour behind the last document."""
    ledger.need(shift=False)
    at = read_date_time(data)
    ledger.refuse_by_time(0x11, at)
    if ledger.last_at is not None and at < ledger.last_at - timedelta(hours=1):
        raise Refused(0x07)
    return ledger.begin(2, 0x12, at, world)


def open_shift(ledger: Ledger, data: bytes, world: float) -> Parts:
    """12h."""
    begun = ledger.ending(0x12)
    ledger.refuse_by_time(0x12, begun["at"])
    shift = ledger.shift["number"] + 1
    document = ledger.make(2, begun["at"], begun["world"], shift=shift)
    ledger.shift = {"is_open": True, "number": shift, "receipts": 0, "documents": 1, "opened_at": begun["at"]}
    return (u16(shift), u32(document["number"]), SIGN)


def begin_close_shift(ledger: Ledger, data: bytes, world: float) -> Parts:
    """13h: however long the shift was."""
    ledger.need(shift=True)
    at = read_date_time(data)
    ledger.refuse_by_time(0x13, at)
    if ledger.last_at is not None and at < ledger.last_at:
        raise Refused(0x07)
    return ledger.begin(5, 0x14, at, world)


def close_shift(ledger: Ledger, data: bytes, world: float) -> Parts:
    """14h."""
    begun = ledger.ending(0x14, needs_data=False)
    ledger.refuse_by_time(0x14, begun["at"])
    document = ledger.make(5, begun["at"], begun["world"], shift=ledger.shift["number"])
    ledger.shift |= {"is_open": False, "documents": ledger.shift["documents"] + 1}
    return (u16(ledger.shift["number"]), u32(document["number"]), SIGN)


def begin_receipt(kind: int, command: int) -> Action:
    """15h and 17h: in time, within 24 hours, in step with the timer."""

    def action(ledger: Ledger, data: bytes, world: float) -> Parts:
        ledger.need(shift=True)
        at = read_date_time(data)
        ledger.refuse_by_time(command, at)
        if ledger.last_at is not None and at < ledger.last_at:
            raise Refused(0x07)
        if at > ledger.shift["opened_at"] + timedelta(hours=24):
            raise Refused(0x16)
        if ledger.timer is not None:
            ahead = (at - ledger.timer[0]).total_seconds() - (world - ledger.timer[1])
            if ahead > 300 or (ledger.rules["is_step_two_sided"] and ahead < -300):
                raise Refused(0x17)
        makes_strict_forms = bool(ledger.reports[-1]["mode"] & 0x10)
        return ledger.begin(kind + (1 if kind == 3 else 10) * makes_strict_forms, 0x16, at, world)

    return action


def form_receipt(ledger: Ledger, data: bytes, world: float) -> Parts:
    """16h."""
    begun = ledger.ending(0x16)
    at, operation, total = read_date_time(data), data[5], number(data[6:])
    ledger.refuse_by_time(0x16, at)
    if at < begun["at"] or at > ledger.shift["opened_at"] + timedelta(hours=24):
        raise Refused(0x07)
    if ledger.rules["looks_into_tlvs"] and PAYMENTS - dict(split(begun["data"])).keys():
        raise Refused(0x0D, 3)
    is_correction = begun["kind"] in (31, 41)
    if is_correction and ledger.ffd == 2 and operation not in (1, 3):
        raise Refused(0x09)
    sums = sums_of(begun["data"])
    document = ledger.make(
        *(begun["kind"], at, world), operation=operation, total=total, sums=sums, shift=ledger.shift["number"]
    )
    for counter in ("receipts", "documents"):
        ledger.shift[counter] += 1
    return (u16(ledger.shift["receipts"]), u32(document["number"]), SIGN)


def begin_settlement(ledger: Ledger, data: bytes, world: float) -> Parts:
    """18h: in an open shift too, but for FN-1; not stopped by the 30 days."""
    ledger.need(shift=None if ledger.rules["settles_in_shift"] else False)
    at = read_date_time(data)
    if ledger.last_at is not None and at < ledger.last_at:
        raise Refused(0x07)
    return ledger.begin(21, 0x19, at, world)


def form_settlement(ledger: Ledger, data: bytes, world: float) -> Parts:
    """19h: tells the queue as it was before this report."""
    begun = ledger.ending(0x19, needs_data=False)
    ledger.refuse_by_time(0x19, begun["at"])
    queue = ledger.queue
    first = queue[0]["at"].replace(hour=0, minute=0) if queue else None
    document = ledger.make(21, begun["at"], begun["world"], unsent=len(queue), first_unsent=first)
    if ledger.shift["is_open"]:
        ledger.shift["documents"] += 1
    return (u32(document["number"]), SIGN, u32(len(queue)), day(first))
