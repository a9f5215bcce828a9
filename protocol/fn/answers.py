"""Data of the FN's answers as values <-> bytes, both roles: what forms documents and what tells the state.

What is read out of the archive is in ``archive_answers``. Source: FNS, «Описание интерфейса ФН» 1.2, section 6; 3Ah
and 3Dh by public clients of FN-1.1 and FN-1.2. All ``parse`` raise ValueError on a wrong length or value.
"""

from dataclasses import dataclass
from datetime import date, datetime
from struct import Struct

from protocol.fn.commands import CurrentDocument, ExchangeFlag, FnWarning, Phase
from protocol.fn.layouts import (
    FN_NUMBER_SIZE,
    LayoutError,
    named,
    pack_optional_date,
    pack_optional_date_time,
    pack_text,
    unpack,
    unpack_optional_date,
    unpack_optional_date_time,
    unpack_text,
)

VERSION_SIZE = 16

_WORD = Struct("<H")
_STATUS = Struct("<BBBBB5s16sI")
_SHIFT_PARAMETERS = Struct("<BHH")
_RESULT = Struct("<II")
_NUMBERED_RESULT = Struct("<HII")
_SETTLEMENT = Struct("<III3s")
_EXCHANGE = Struct("<BBHI5s")
_TERM = Struct("<3sBB")
_VERSION = Struct("<16sB")
_FFD = Struct("<BB")
_DATA_RECEIVED = Struct("<II")
_ROOM = Struct("<II")
_PERCENT = Struct("<B")


def build_word(number: int) -> bytes:
    """Answers of one u16: length of a message (22h), unsent documents (42h), days left (3Bh). Above FFFFh: FFFFh."""
    return _WORD.pack(min(number, 0xFFFF))


def parse_word(data: bytes) -> int:
    """The number of an answer of one u16."""
    number: int = unpack(_WORD, data)[0]
    return number


@dataclass(frozen=True, slots=True)
class FnStatus:
    """«Состояние ФН», command 30h. ``last_document_at``: None before the first document."""

    phase: Phase
    document: CurrentDocument
    has_data: bool
    shift_is_open: bool
    warnings: FnWarning
    last_document_at: datetime | None
    number: str
    last_document: int

    def build(self) -> bytes:
        """30 bytes."""
        return _STATUS.pack(
            self.phase,
            self.document,
            self.has_data,
            self.shift_is_open,
            self.warnings,
            pack_optional_date_time(self.last_document_at),
            pack_text(self.number, FN_NUMBER_SIZE),
            self.last_document,
        )

    @classmethod
    def parse(cls, data: bytes) -> "FnStatus":
        """From 30 bytes."""
        phase, document, has_data, is_open, warnings, at, number, last = unpack(_STATUS, data)
        return cls(
            named(Phase, phase),
            named(CurrentDocument, document),
            bool(has_data),
            bool(is_open),
            FnWarning(warnings),
            unpack_optional_date_time(at),
            unpack_text(number),
            last,
        )


@dataclass(frozen=True, slots=True)
class ShiftParameters:
    """«Параметры текущей смены», command 10h.

    ``shift``: the current one, or the last closed. ``receipt``: in an open shift the number of the last receipt (0
    before the first); in a closed one how many documents it had.
    """

    is_open: bool
    shift: int
    receipt: int

    def build(self) -> bytes:
        """5 bytes."""
        return _SHIFT_PARAMETERS.pack(self.is_open, self.shift, self.receipt)

    @classmethod
    def parse(cls, data: bytes) -> "ShiftParameters":
        """From 5 bytes."""
        is_open, shift, receipt = unpack(_SHIFT_PARAMETERS, data)
        return cls(bool(is_open), shift, receipt)


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """«Номер ФД и ФПД» of a registration (03h) or of the closed archive (05h)."""

    number: int
    sign: int

    def build(self) -> bytes:
        """8 bytes."""
        return _RESULT.pack(self.number, self.sign)

    @classmethod
    def parse(cls, data: bytes) -> "DocumentResult":
        """From 8 bytes."""
        return cls(*unpack(_RESULT, data))


@dataclass(frozen=True, slots=True)
class ShiftResult:
    """«Номер смены, номер ФД и ФПД» of an opened (12h) or closed (14h) shift."""

    shift: int
    number: int
    sign: int

    def build(self) -> bytes:
        """10 bytes."""
        return _NUMBERED_RESULT.pack(self.shift, self.number, self.sign)

    @classmethod
    def parse(cls, data: bytes) -> "ShiftResult":
        """From 10 bytes."""
        return cls(*unpack(_NUMBERED_RESULT, data))


@dataclass(frozen=True, slots=True)
class ReceiptResult:
    """«Номер чека за смену, номер ФД и ФПД», command 16h."""

    receipt: int
    number: int
    sign: int

    def build(self) -> bytes:
        """10 bytes."""
        return _NUMBERED_RESULT.pack(self.receipt, self.number, self.sign)

    @classmethod
    def parse(cls, data: bytes) -> "ReceiptResult":
        """From 10 bytes."""
        return cls(*unpack(_NUMBERED_RESULT, data))


@dataclass(frozen=True, slots=True)
class SettlementResult:
    """«Отчёт о текущем состоянии расчётов», command 19h. ``first_unsent``: None when everything is confirmed."""

    number: int
    sign: int
    unsent_documents: int
    first_unsent: date | None

    def build(self) -> bytes:
        """15 bytes."""
        return _SETTLEMENT.pack(self.number, self.sign, self.unsent_documents, pack_optional_date(self.first_unsent))

    @classmethod
    def parse(cls, data: bytes) -> "SettlementResult":
        """From 15 bytes."""
        number, sign, unsent, day = unpack(_SETTLEMENT, data)
        return cls(number, sign, unsent, unpack_optional_date(day))


@dataclass(frozen=True, slots=True)
class ExchangeStatus:
    """«Статус информационного обмена», command 20h.

    ``number``, ``at``: of the document at the head of the queue, or of the one whose confirmation is awaited; 0 and
    None when the queue is empty.
    """

    flags: ExchangeFlag
    is_reading: bool
    unsent_documents: int
    number: int
    at: datetime | None

    def build(self) -> bytes:
        """13 bytes; a queue above 65535 reads as 65535."""
        queue = min(self.unsent_documents, 0xFFFF)
        return _EXCHANGE.pack(self.flags, self.is_reading, queue, self.number, pack_optional_date_time(self.at))

    @classmethod
    def parse(cls, data: bytes) -> "ExchangeStatus":
        """From 13 bytes."""
        flags, is_reading, queue, number, at = unpack(_EXCHANGE, data)
        return cls(ExchangeFlag(flags), bool(is_reading), queue, number, unpack_optional_date_time(at))


@dataclass(frozen=True, slots=True)
class ConfirmationResult:
    """Answer to «Передать квитанцию от сервера ОФД», command 26h: tag 1022, then perhaps TLVs for the KKT."""

    ofd_code: int
    message: bytes = b""

    def build(self) -> bytes:
        """One byte and the message."""
        return bytes((self.ofd_code,)) + self.message

    @classmethod
    def parse(cls, data: bytes) -> "ConfirmationResult":
        """From at least one byte."""
        if not data:
            raise LayoutError("26h answers at least one byte")
        return cls(data[0], data[1:])


@dataclass(frozen=True, slots=True)
class Term:
    """«Срок действия ФН», command 32h. ``expires_on``: None before the registration."""

    expires_on: date | None
    registrations_left: int
    registrations_made: int

    def build(self) -> bytes:
        """5 bytes."""
        return _TERM.pack(pack_optional_date(self.expires_on), self.registrations_left, self.registrations_made)

    @classmethod
    def parse(cls, data: bytes) -> "Term":
        """From 5 bytes."""
        day, left, made = unpack(_TERM, data)
        return cls(unpack_optional_date(day), left, made)


@dataclass(frozen=True, slots=True)
class Version:
    """«Версия ФН», command 33h. Test FNs are not serial."""

    text: str
    is_serial: bool

    def build(self) -> bytes:
        """17 bytes."""
        return _VERSION.pack(pack_text(self.text, VERSION_SIZE), self.is_serial)

    @classmethod
    def parse(cls, data: bytes) -> "Version":
        """From 17 bytes."""
        text, is_serial = unpack(_VERSION, data)
        return cls(unpack_text(text), bool(is_serial))


@dataclass(frozen=True, slots=True)
class FfdVersions:
    """«Версия ФФД», command 3Ah: 0 none, 2 = 1.05, 3 = 1.1, 4 = 1.2 (values of tag 1209)."""

    in_use: int
    newest: int

    def build(self) -> bytes:
        """2 bytes."""
        return _FFD.pack(self.in_use, self.newest)

    @classmethod
    def parse(cls, data: bytes) -> "FfdVersions":
        """From 2 bytes."""
        return cls(*unpack(_FFD, data))


@dataclass(frozen=True, slots=True)
class RoomLeft:
    """«Ресурс свободной памяти», command 3Dh: documents of the 5-year archive, KiB of the 30-day storage.

    ``notification_percent``: of the area for notifications in use, None without a registration for marked goods.
    """

    documents: int
    kibibytes: int
    notification_percent: int | None = None

    def build(self) -> bytes:
        """8 bytes, or 9."""
        percent = self.notification_percent
        return _ROOM.pack(self.documents, self.kibibytes) + (b"" if percent is None else bytes((percent,)))

    @classmethod
    def parse(cls, data: bytes) -> "RoomLeft":
        """From 8 bytes, or 9."""
        fixed, rest = data[: _ROOM.size], data[_ROOM.size :]
        return cls(*unpack(_ROOM, fixed), *unpack(_PERCENT, rest)) if rest else cls(*unpack(_ROOM, fixed))


@dataclass(frozen=True, slots=True)
class DataReceived:
    """«Объём переданных данных документа», command A7h: bytes that came by 07h, and by B7h."""

    data_bytes: int
    marking_bytes: int

    def build(self) -> bytes:
        """8 bytes."""
        return _DATA_RECEIVED.pack(self.data_bytes, self.marking_bytes)

    @classmethod
    def parse(cls, data: bytes) -> "DataReceived":
        """From 8 bytes."""
        return cls(*unpack(_DATA_RECEIVED, data))
