"""What an operator has received, for people and programs: the list of its documents, one document whole.

Everything is a plain value as JSON has it; ``text`` beside the values is the same as lines for a person.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from fn_model import sign
from kktsim.decode import tlv
from kktsim.decode.piece import told_fields
from kktsim.device.kkt import to_datetime
from kktsim.ofd.store import Store, StoredDocument, Till
from kktsim.printer.paper import roubles
from protocol.ffd.documents import DocumentType, check
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.ffd.tlv import to_json
from protocol.ofd import confirmation, container

Told = dict[str, Any]
"""A JSON object."""

PAGE = 100
"""Documents of one list, unless more are asked for."""
_LAST_NUMBER = (1 << 24) - 1


def listing(store: Store, fn_number: str | None = None, first: int = 1, count: int = PAGE) -> Told:
    """The documents of an FN, or of all, by number from ``first`` on, ``count`` at most; how many there are in all."""
    tills = [till for till in store.tills() if fn_number in (None, till.fn_number)]
    rows = list(_rows(store, tills, first, count))
    lines: list[str] = []
    for till in tills:
        lines.append(f"ФН {till.fn_number}: {till.documents}, {till.first}..{till.last}")
        lines += [_line(row) for row in rows if row["fn_number"] == till.fn_number]
    return {"total": len(store), "tills": [till._asdict() for till in tills], "documents": rows, "text": lines}


def document(store: Store, number: int, fn_number: str | None = None) -> Told | None:
    """What came under a number from an FN, or from all, every version whole; None: nothing."""
    if not 0 <= number <= _LAST_NUMBER:
        return None
    tills = [till.fn_number for till in store.tills() if fn_number in (None, till.fn_number)]
    versions = [_whole(one, place) for fn in tills for place, one in enumerate(store.versions(fn, number), 1)]
    if not versions:
        return None
    return {"number": number, "versions": versions, "text": [line for one in versions for line in one.pop("text")]}


def _rows(store: Store, tills: list[Till], first: int, count: int) -> Iterator[Told]:
    if first > _LAST_NUMBER:
        return
    left = min(count, len(store))
    for till in tills:
        if left <= 0:
            return
        found = store.listed(till.fn_number, max(first, 0), left)
        left -= len(found)
        yield from map(_row, found)


def _row(one: StoredDocument) -> Told:
    requisites = Requisites.parse(one.document[4:])
    row: Told = {
        "fn_number": one.fn_number,
        "number": one.number,
        "type": one.type,
        "name": DocumentType(one.type).name_ru,
        "received": to_datetime(one.received_world).isoformat(),
        "answer": one.answer,
    }
    if T.DATE_TIME in requisites:
        row["at"] = requisites.time(T.DATE_TIME).isoformat()
    if T.FISCAL_SIGN in requisites:
        row["fiscal_sign"] = int.from_bytes(requisites.raw(T.FISCAL_SIGN)[len(sign.SIGN_PREFIX) :], "big")
    for name, tag in (("shift", T.SHIFT_NUMBER), ("operation", T.OPERATION), ("total_kopecks", T.TOTAL)):
        if tag in requisites:
            row[name] = requisites.number(tag)
    return row


def _whole(one: StoredDocument, version: int) -> Told:
    row = _row(one)
    message = container.parse(one.container)
    confirmed = confirmation.parse(one.confirmation)
    is_stand_in = message.sign == sign.message_sign(one.fn_number, message.document)
    violations = check(one.type, message.document[4:])
    whose = "заменитель kktsim / kktsim's stand-in" if is_stand_in else "не наша / not ours"
    lines = [
        _line(row) + (f", версия / version {version}" if version > 1 else ""),
        *told_fields(tlv.piece(message.document[4:]), "  "),
        f"  ФПС {message.sign.hex().upper()}: {whose}",
        *(f"  формат / format: {violation}" for violation in violations),
        "квитанция / confirmation",
        *told_fields(tlv.piece(confirmed.document[4:]), "  "),
    ]
    return {
        **row,
        "version": version,
        "container": one.container.hex().upper(),
        "requisites": to_json(message.document[4:]),
        "violations": violations,
        "message_sign": message.sign.hex().upper(),
        "is_stand_in": is_stand_in,
        "confirmation": {
            "container": one.confirmation.hex().upper(),
            "at": confirmed.received_at.isoformat(),
            "requisites": to_json(confirmed.document[4:]),
        },
        "text": lines,
    }


def _line(row: Told) -> str:
    parts = [row["name"]]
    if "shift" in row:
        parts.append(f"смена {row['shift']}")
    if "total_kopecks" in row:
        parts.append(f"={roubles(row['total_kopecks'])}")
    if "fiscal_sign" in row:
        parts.append(f"ФПД {row['fiscal_sign']:010}")
    if row["answer"]:
        parts.append(f"код ответа / answer {row['answer']}")
    at = f"{datetime.fromisoformat(row['at']):%d.%m.%Y %H:%M}" if "at" in row else "-" * 16
    return f"{row['number']:>6}  {at}  {', '.join(parts)}"
