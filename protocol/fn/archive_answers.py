"""Data of the FN's answers to archive queries (40h-45h, 50h) as values <-> bytes, both roles.

Sources: FNS, «Описание интерфейса ФН» 1.2, section 6.7; for what A3h has registered and for 50h public clients of
FN-1.2. A registration under FFD 1.05 is answered in the layouts of 1.05 whatever the FN's generation (43h: real-device
log). All ``parse`` raise ValueError on a wrong length or value.
"""

from dataclasses import dataclass
from datetime import datetime
from struct import Struct
from typing import TypeAlias

from protocol.fn.commands import ExtendedMode, Operation, WorkMode, pack_date_time, unpack_date_time
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
_FULL_REGISTRATION = Struct("<12s20sBBB12s")
_REASONS = Struct("<I")
_SHIFT = Struct("<H")
_RECEIPT = Struct("<B5s")
_CLOSE_ARCHIVE = Struct("<12s20s")
_SETTLEMENT = Struct("<I5s")
TIME_OF_DATE = bytes(2)
"""What a DATE_TIME has behind its DATE."""
_SETTLEMENT_WITH_DATE = _SETTLEMENT.size - len(TIME_OF_DATE)
_CONFIRMATION = Struct("<5s18sI")
_DATE_TIME = Struct("<5s")
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
class FullRegistrationDetails:
    """Short form of a report registered by A3h; ``reason``: the mask of tag 1205, only in a re-registration."""

    inn: str
    registration_number: str
    tax_systems: int
    work_mode: WorkMode
    extended_mode: ExtendedMode
    ofd_inn: str
    reason: int | None = None

    def build(self) -> bytes:
        """47 bytes, 51 with reasons."""
        return _FULL_REGISTRATION.pack(
            pack_text(self.inn, INN_SIZE),
            pack_text(self.registration_number, REGISTRATION_NUMBER_SIZE),
            self.tax_systems,
            self.work_mode,
            self.extended_mode,
            pack_text(self.ofd_inn, INN_SIZE),
        ) + (b"" if self.reason is None else _REASONS.pack(self.reason))

    @classmethod
    def parse(cls, data: bytes) -> "FullRegistrationDetails":
        """From 47 or 51 bytes."""
        fixed, rest = data[: _FULL_REGISTRATION.size], data[_FULL_REGISTRATION.size :]
        inn, number, tax_systems, work_mode, extended_mode, ofd_inn = unpack(_FULL_REGISTRATION, fixed)
        return cls(
            unpack_text(inn),
            unpack_text(number),
            tax_systems,
            WorkMode(work_mode),
            ExtendedMode(extended_mode),
            unpack_text(ofd_inn),
            unpack(_REASONS, rest)[0] if rest else None,
        )


AnyRegistrationDetails: TypeAlias = RegistrationDetails | FullRegistrationDetails


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
    """Short form of a report on the state of settlements; its date is a DATE_TIME here, a DATE in 19h.

    ``has_time``: False of an FN that tells a DATE here too.
    """

    unsent_documents: int
    first_unsent: datetime | None
    has_time: bool = True

    def build(self) -> bytes:
        """9 bytes, or 7 with a DATE."""
        whole = _SETTLEMENT.pack(self.unsent_documents, pack_optional_date_time(self.first_unsent))
        return whole if self.has_time else whole[: -len(TIME_OF_DATE)]

    @classmethod
    def parse(cls, data: bytes) -> "SettlementDetails":
        """From 9 bytes, or from 7 with a DATE."""
        has_time = len(data) != _SETTLEMENT_WITH_DATE
        unsent, at = unpack(_SETTLEMENT, data if has_time else data + TIME_OF_DATE)
        return cls(unsent, unpack_optional_date_time(at), has_time)


Details: TypeAlias = AnyRegistrationDetails | ShiftDetails | ReceiptDetails | CloseArchiveDetails | SettlementDetails

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
"""Layout of the short form by type of document, of reports that 03h has registered."""

FORMAT_BITS = 0xC0
"""Bits of the type byte of 40h and 50h that tell the format the document was made in."""
FULL_REGISTRATION = 0x40
"""Format bits of a report that A3h has registered."""


def layout(type_byte: int) -> type[Details]:
    """The layout of the short form behind a type byte; LayoutError when there is none."""
    details = DETAILS.get(type_byte & ~FORMAT_BITS)
    if details is None:
        raise LayoutError(f"no short form for document type {type_byte}")
    is_full = details is RegistrationDetails and type_byte & FULL_REGISTRATION
    return FullRegistrationDetails if is_full else details


def build_found(type_byte: int, is_confirmed: bool, at: datetime, number: int, sign: int, short: bytes) -> bytes:
    """The answer to 40h around a short form that is built already."""
    return _DOCUMENT.pack(type_byte, is_confirmed, pack_date_time(at), number, sign) + short


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """«Найти фискальный документ по номеру», command 40h.

    ``type``: code of the document in the FFD; ``format_bits``: those of `FORMAT_BITS` that come with it.
    """

    type: int
    is_confirmed: bool
    at: datetime
    number: int
    sign: int
    details: Details
    format_bits: int = 0

    def build(self) -> bytes:
        """15 bytes and the short form."""
        type_byte, short = self.type | self.format_bits, self.details.build()
        return build_found(type_byte, self.is_confirmed, self.at, self.number, self.sign, short)

    @classmethod
    def parse(cls, data: bytes) -> "FoundDocument":
        """From 15 bytes and the short form of the type."""
        type_byte, is_confirmed, at, number, sign = unpack(_DOCUMENT, data[: _DOCUMENT.size])
        details = layout(type_byte).parse(data[_DOCUMENT.size :])
        kind, bits = type_byte & ~FORMAT_BITS, type_byte & FORMAT_BITS
        return cls(kind, bool(is_confirmed), unpack_date_time(at), number, sign, details, bits)


@dataclass(frozen=True, slots=True)
class FoundWithFormat:
    """«Найти фискальный документ по номеру» of FN-1.2, command 50h. ``ffd``: value of tag 1209 (a guess)."""

    ffd: int
    document: FoundDocument

    def build(self) -> bytes:
        """The format and the answer to 40h."""
        return bytes((self.ffd,)) + self.document.build()

    @classmethod
    def parse(cls, data: bytes) -> "FoundWithFormat":
        """From a byte and the answer to 40h."""
        document = FoundDocument.parse(data[1:])
        return cls(data[0], document)


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
    """«Запрос итогов фискализации», command 43h: what 03h (47 or 48 bytes) or A3h (60 or 64) has registered.

    ``details.reason``: only when the report was asked for by its number.
    """

    at: datetime
    details: AnyRegistrationDetails
    number: int
    sign: int

    def build(self) -> bytes:
        """DATE_TIME, the registration, number and sign of its report."""
        return pack_date_time(self.at) + self.details.build() + _NUMBER_SIGN.pack(self.number, self.sign)

    @classmethod
    def parse(cls, data: bytes) -> "RegistrationResult":
        """From 47, 48, 60 or 64 bytes."""
        (at,) = unpack(_DATE_TIME, data[: _DATE_TIME.size])
        middle, tail = data[_DATE_TIME.size : -_NUMBER_SIGN.size], data[-_NUMBER_SIGN.size :]
        kind = FullRegistrationDetails if len(middle) >= _FULL_REGISTRATION.size else RegistrationDetails
        return cls(unpack_date_time(at), kind.parse(middle), *unpack(_NUMBER_SIGN, tail))


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
