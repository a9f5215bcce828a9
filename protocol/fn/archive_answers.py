"""Data of the FN's answers to archive queries (40h-45h) as values <-> bytes, both roles.

Source: FNS, «Описание интерфейса ФН» 1.2, section 6.7. An FN registered under FFD 1.05 answers these layouts whatever
its generation (43h: real-device log). All ``parse`` raise ValueError on a wrong length or value.
"""

from dataclasses import dataclass
from datetime import datetime
from struct import Struct
from typing import TypeAlias

from protocol.fn.commands import Operation, WorkMode, pack_date_time, unpack_date_time
from protocol.fn.layouts import (
    INN_SIZE,
    REGISTRATION_NUMBER_SIZE,
    LayoutError,
    pack_optional_date_time,
    pack_text,
    unpack,
    unpack_optional_date_time,
    unpack_text,
)

OFD_SIGN_SIZE = 18

_DOCUMENT = Struct("<BB5sII")
_REGISTRATION = Struct("<12s20sBB")
_SHIFT = Struct("<H")
_RECEIPT = Struct("<B5s")
_CLOSE_ARCHIVE = Struct("<12s20s")
_SETTLEMENT = Struct("<I5s")
_CONFIRMATION = Struct("<5s18sI")
_RESULT = Struct("<5s12s20sBB")
_NUMBER_SIGN = Struct("<II")
_HEADER = Struct("<HH")


@dataclass(frozen=True, slots=True)
class RegistrationDetails:
    """Short form of a registration or re-registration report; ``reason`` (tag 1101) only in the latter."""

    inn: str
    registration_number: str
    tax_systems: int
    work_mode: WorkMode
    reason: int | None = None

    def build(self) -> bytes:
        """34 bytes, 35 with a reason."""
        return _REGISTRATION.pack(
            pack_text(self.inn, INN_SIZE),
            pack_text(self.registration_number, REGISTRATION_NUMBER_SIZE),
            self.tax_systems,
            self.work_mode,
        ) + (b"" if self.reason is None else bytes((self.reason,)))

    @classmethod
    def parse(cls, data: bytes) -> "RegistrationDetails":
        """From 34 or 35 bytes."""
        reason = data[_REGISTRATION.size] if len(data) == _REGISTRATION.size + 1 else None
        inn, number, tax_systems, work_mode = unpack(_REGISTRATION, data if reason is None else data[:-1])
        return cls(unpack_text(inn), unpack_text(number), tax_systems, WorkMode(work_mode), reason)


@dataclass(frozen=True, slots=True)
class ShiftDetails:
    """Short form of an opened or closed shift."""

    shift: int

    def build(self) -> bytes:
        """2 bytes."""
        return _SHIFT.pack(self.shift)

    @classmethod
    def parse(cls, data: bytes) -> "ShiftDetails":
        """From 2 bytes."""
        return cls(*unpack(_SHIFT, data))


@dataclass(frozen=True, slots=True)
class ReceiptDetails:
    """Short form of a receipt, a strict form or a correction of either."""

    operation: Operation
    total_kopecks: int

    def build(self) -> bytes:
        """6 bytes."""
        return _RECEIPT.pack(self.operation, self.total_kopecks.to_bytes(5, "little"))

    @classmethod
    def parse(cls, data: bytes) -> "ReceiptDetails":
        """From 6 bytes."""
        operation, total = unpack(_RECEIPT, data)
        return cls(Operation(operation), int.from_bytes(total, "little"))


@dataclass(frozen=True, slots=True)
class CloseArchiveDetails:
    """Short form of the report on the closed archive."""

    inn: str
    registration_number: str

    def build(self) -> bytes:
        """32 bytes."""
        return _CLOSE_ARCHIVE.pack(
            pack_text(self.inn, INN_SIZE), pack_text(self.registration_number, REGISTRATION_NUMBER_SIZE)
        )

    @classmethod
    def parse(cls, data: bytes) -> "CloseArchiveDetails":
        """From 32 bytes."""
        inn, number = unpack(_CLOSE_ARCHIVE, data)
        return cls(unpack_text(inn), unpack_text(number))


@dataclass(frozen=True, slots=True)
class SettlementDetails:
    """Short form of a report on the state of settlements; its date is a DATE_TIME here, a DATE in 19h."""

    unsent_documents: int
    first_unsent: datetime | None

    def build(self) -> bytes:
        """9 bytes."""
        return _SETTLEMENT.pack(self.unsent_documents, pack_optional_date_time(self.first_unsent))

    @classmethod
    def parse(cls, data: bytes) -> "SettlementDetails":
        """From 9 bytes."""
        unsent, at = unpack(_SETTLEMENT, data)
        return cls(unsent, unpack_optional_date_time(at))


Details: TypeAlias = RegistrationDetails | ShiftDetails | ReceiptDetails | CloseArchiveDetails | SettlementDetails

DETAILS: dict[int, type[Details]] = {
    1: RegistrationDetails,
    11: RegistrationDetails,
    2: ShiftDetails,
    5: ShiftDetails,
    3: ReceiptDetails,
    4: ReceiptDetails,
    31: ReceiptDetails,
    41: ReceiptDetails,
    6: CloseArchiveDetails,
    21: SettlementDetails,
}
"""Layout of the short form by type of document."""


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """«Найти фискальный документ по номеру», command 40h. ``type``: code of the document in the FFD."""

    type: int
    is_confirmed: bool
    at: datetime
    number: int
    sign: int
    details: Details

    def build(self) -> bytes:
        """15 bytes and the short form."""
        head = _DOCUMENT.pack(self.type, self.is_confirmed, pack_date_time(self.at), self.number, self.sign)
        return head + self.details.build()

    @classmethod
    def parse(cls, data: bytes) -> "FoundDocument":
        """From 15 bytes and the short form of the type."""
        kind, is_confirmed, at, number, sign = unpack(_DOCUMENT, data[: _DOCUMENT.size])
        details = DETAILS.get(kind)
        if details is None:
            raise LayoutError(f"no short form for document type {kind}")
        return cls(kind, bool(is_confirmed), unpack_date_time(at), number, sign, details.parse(data[_DOCUMENT.size :]))


@dataclass(frozen=True, slots=True)
class StoredConfirmation:
    """«Запрос квитанции о получении документа ОФД», command 41h. ``sign``: ФПО, 18 bytes."""

    at: datetime
    sign: bytes
    number: int

    def build(self) -> bytes:
        """27 bytes."""
        return _CONFIRMATION.pack(pack_date_time(self.at), self.sign, self.number)

    @classmethod
    def parse(cls, data: bytes) -> "StoredConfirmation":
        """From 27 bytes."""
        at, sign, number = unpack(_CONFIRMATION, data)
        return cls(unpack_date_time(at), sign, number)


@dataclass(frozen=True, slots=True)
class RegistrationResult:
    """«Запрос итогов фискализации», command 43h. ``reason``: only when the report was asked for by its number."""

    at: datetime
    inn: str
    registration_number: str
    tax_systems: int
    work_mode: WorkMode
    number: int
    sign: int
    reason: int | None = None

    def build(self) -> bytes:
        """47 bytes, 48 with a reason."""
        head = _RESULT.pack(
            pack_date_time(self.at),
            pack_text(self.inn, INN_SIZE),
            pack_text(self.registration_number, REGISTRATION_NUMBER_SIZE),
            self.tax_systems,
            self.work_mode,
        )
        reason = b"" if self.reason is None else bytes((self.reason,))
        return head + reason + _NUMBER_SIGN.pack(self.number, self.sign)

    @classmethod
    def parse(cls, data: bytes) -> "RegistrationResult":
        """From 47 or 48 bytes."""
        at, inn, registration_number, tax_systems, work_mode = unpack(_RESULT, data[: _RESULT.size])
        number, sign = unpack(_NUMBER_SIGN, data[-_NUMBER_SIGN.size :])
        middle = data[_RESULT.size : -_NUMBER_SIGN.size]
        if len(middle) > 1 or len(data) < _RESULT.size + _NUMBER_SIGN.size:
            raise LayoutError(f"43h answers 47 or 48 bytes, not {len(data)}")
        return cls(
            unpack_date_time(at),
            unpack_text(inn),
            unpack_text(registration_number),
            tax_systems,
            WorkMode(work_mode),
            number,
            sign,
            middle[0] if middle else None,
        )


@dataclass(frozen=True, slots=True)
class DocumentHeader:
    """«Запрос фискального документа в TLV-формате», command 45h: type and length of the STLV that 46h then gives."""

    type: int
    length: int

    def build(self) -> bytes:
        """4 bytes."""
        return _HEADER.pack(self.type, self.length)

    @classmethod
    def parse(cls, data: bytes) -> "DocumentHeader":
        """From 4 bytes."""
        return cls(*unpack(_HEADER, data))
