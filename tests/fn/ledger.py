"""A small model of an FN to hold the real one against: a ledger of dicts, written from the interface description.

It shares nothing with the FN but numbers of tags: own bytes, own rules, no archive, no document machine. Where the
description is silent it says what the FN's named settings say by default. Sources: FNS, «Описание интерфейса ФН» 1.2;
for FN-1.1 a till vendor's notes and field reports.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

READY, FISCAL, POST_FISCAL, ARCHIVE_READ = 1, 3, 7, 15
RULES: Mapping[str, Mapping[str, Any]] = {
    "FN-1": {
        "model": "fn-1-13",
        "newest_ffd": 2,
        "term": 410,
        "autonomous_term": 410,
        "expired": {0x12: 0x05, 0x16: 0x12, 0x19: 0x05},
        "unsent": {0x11: 0x15, 0x13: 0x15, 0x15: 0x15, 0x17: 0x15},
        "full": {0x12: 0x06, 0x19: 0x06},
        "full_percent": 90,
        "read_only_code": 0x02,
        "looks_into_tlvs": False,
        "settles_in_shift": False,
        "has_counters": False,
        "is_step_two_sided": True,
        "tells_shift_after_closing": False,
        "tells_term_after_closing": False,
        "tells_exchange_always": False,
    },
    "FN-1.1": {
        "model": "fn-1-1-15",
        "newest_ffd": 3,
        "term": 470,
        "autonomous_term": 410,
        "expired": {0x12: 0x12, 0x14: 0x12, 0x16: 0x12, 0x19: 0x12, 0x05: 0x05},
        "unsent": {0x12: 0x14, 0x14: 0x14, 0x16: 0x14, 0x03: 0x14, 0xA3: 0x14},
        "full": {0x12: 0x14, 0x16: 0x14, 0x19: 0x14},
        "full_percent": 99,
        "read_only_code": 0x01,
        "looks_into_tlvs": True,
        "settles_in_shift": True,
        "has_counters": True,
        "is_step_two_sided": False,
        "tells_shift_after_closing": True,
        "tells_term_after_closing": True,
        "tells_exchange_always": True,
    },
}
RULES = {**RULES, "FN-1.1M": {**RULES["FN-1.1"], "model": "fn-1-1m-15", "newest_ffd": 4}}
"""What differs by generation. ``expired``, ``unsent``, ``full``: code by command; an absent command is not refused."""

REGISTRATIONS, ARCHIVE_DOCUMENTS = 4, 40
"""So few that a short life uses them up."""


Parts: TypeAlias = tuple[bytes | int, ...]
"""Data of an answer: bytes, or how many bytes nobody can know."""


class Refused(Exception):
    """The FN must refuse with this code and this data."""

    def __init__(self, code: int, data: bytes | int = b"") -> None:
        self.code = code
        self.data = data


SIGN = 4
"""Bytes of a fiscal sign, which only the FN can know."""


class Told(NamedTuple):
    """What the FN must answer; ``code`` None: nothing at all."""

    code: int | None
    parts: Parts = ()

    def unknown(self, data: bytes) -> list[bytes] | None:
        """The bytes that could not be known; None when the others, or the length, are not as they must be."""
        found: list[bytes] = []
        for part in self.parts:
            size = part if isinstance(part, int) else len(part)
            piece, data = data[:size], data[size:]
            if isinstance(part, int) and len(piece) == size:
                found.append(piece)
            elif piece != part:
                return None
        return found if not data else None


class Ledger:
    """What one FN must be like after all that was done with it.

    ``faults``, ``confirmation`` (why the next one is to be refused, 0 for a good one; when the OFD took the document)
    and ``message_bytes`` (how long the message being read is) are told by the machine.
    """

    def __init__(self, generation: str, fn_number: str) -> None:
        self.generation = generation
        self.rules = RULES[generation]
        self.number = fn_number
        self.faults: set[str] = set()
        self.confirmation: tuple[int, datetime | None] = (0, None)
        self.forget_everything()

    def forget_everything(self) -> None:
        """A fresh FN."""
        self.phase = READY
        self.documents: list[dict[str, Any]] = []
        self.reports: list[dict[str, Any]] = []
        self.shift: dict[str, Any] = {"is_open": False, "number": 0, "receipts": 0, "documents": 0, "opened_at": None}
        self.expires_on: date | None = None
        self.has_failed = False
        self.cut_power()

    def cut_power(self) -> None:
        """What a power cut takes away."""
        self.begun: dict[str, Any] | None = None
        self.has_transport = self.is_waiting = False
        self.message_bytes: int | None = None
        self.timer: tuple[datetime, float] | None = None
        self.told_at: datetime | None = self.last_at

    def break_down(self, fault: str) -> None:
        """A fault is set; the FN remembers that it failed."""
        self.faults.add(fault)
        self.has_failed |= fault == "failed"

    @property
    def last_at(self) -> datetime | None:
        """Date-time of the last document."""
        return self.documents[-1]["at"] if self.documents else None

    @property
    def queue(self) -> list[dict[str, Any]]:
        """Documents that wait for their confirmation."""
        return [one for one in self.documents if one["confirmed_at"] is None and one["is_sent"]]

    def days_left(self, today: date) -> int:
        """Days of the term after ``today``."""
        return max(0, (self.expires_on - today).days) if self.expires_on else 0

    def warnings(self) -> int:
        """Byte 4 of 30h."""
        left = self.days_left(self.told_at.date()) if self.told_at and self.expires_on else None
        flags = 0x03 if left is not None and left <= 3 else 0x02 if left is not None and left <= 30 else 0
        if len(self.documents) * 100 >= ARCHIVE_DOCUMENTS * self.rules["full_percent"]:
            flags |= 0x04
        if self.queue and self.told_at and self.told_at - self.queue[0]["at"] > timedelta(days=2):
            flags |= 0x08
        return flags | (0x80 if self.has_failed else 0)

    def counted(self, *, of_shift: bool) -> list[dict[str, Any]]:
        """Receipts and corrections: those of the last shift, or all."""
        made = [one for one in self.documents if "operation" in one]
        return [one for one in made if one["shift"] == self.shift["number"]] if of_shift else made

    @property
    def ffd(self) -> int:
        """Value of 1209 that the last report registered; 0 before the first."""
        return self.reports[-1]["ffd"] if self.reports else 0

    def begin(self, kind: int, command: int, at: datetime | None, world: float, ffd: int = 0) -> Parts:
        """A document that nothing forbids to begin. ``ffd``: its format, that of the registration unless told."""
        self.begun = {"kind": kind, "ends": command, "at": at, "world": world, "data": b"", "ffd": ffd or self.ffd}
        if at is not None:
            self.told_at = at
        return ()

    def need(self, *, idle: bool = True, shift: bool | None = None) -> None:
        """Refuse when a document is begun, or when the shift is not as it must be."""
        if (idle and self.begun is not None) or (shift is not None and self.shift["is_open"] is not shift):
            raise Refused(0x02)

    def refuse_by_time(self, command: int, at: datetime) -> None:
        """The rules that stop a document of ``at``: end of the term, archive, 30 days."""
        if self.expires_on is not None and at.date() > self.expires_on and command in self.rules["expired"]:
            raise Refused(self.rules["expired"][command])
        if len(self.documents) >= ARCHIVE_DOCUMENTS and command in self.rules["full"]:
            raise Refused(self.rules["full"][command])
        if self.queue and (at.date() - self.queue[0]["at"].date()).days > 30 and command in self.rules["unsent"]:
            raise Refused(self.rules["unsent"][command])

    def ending(self, command: int, *, needs_data: bool = True) -> dict[str, Any]:
        """The begun document that ``command`` ends."""
        begun = self.begun
        if begun is None or begun["ends"] != command or (needs_data and not begun["data"]):
            raise Refused(0x02)
        return begun

    def make(self, kind: int, at: datetime, world: float, **more: Any) -> dict[str, Any]:
        """One document more; the last thing that may fail is the sign."""
        for fault, code in (("failed", 0x03), ("crypto", 0x04)):
            if fault in self.faults:
                raise Refused(code)
        is_sent = not (more.get("report") or self.reports[-1])["is_autonomous"]
        document = {"number": len(self.documents) + 1, "kind": kind, "at": at, "sign": None, "is_sent": is_sent}
        begun = self.begun or {}
        document |= {"confirmed_at": None, "data": begun["data"], "ffd": begun["ffd"], **more}
        self.documents.append(document)
        self.begun, self.told_at, self.timer = None, at, (at, world)
        return document


Action: TypeAlias = Callable[[Ledger, bytes, float], Parts]
"""Ledger, data of the request, world seconds -> data of the answer; Refused otherwise."""
