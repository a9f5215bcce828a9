"""Arguments of FN commands as values <-> bytes, both roles. Commands with one date or one number have none here.

Sources: FNS, «Описание интерфейса ФН» 1.2, section 6; A2h and A3h by a public client of FN-1.2. All ``parse`` raise
ValueError on a wrong length or value.
"""

from dataclasses import dataclass
from datetime import datetime
from struct import Struct

from protocol.fn.commands import (
    ExtendedMode,
    Operation,
    RegistrationType,
    WorkMode,
    pack_date_time,
    unpack_date_time,
)
from protocol.fn.layouts import (
    INN_SIZE,
    REGISTRATION_NUMBER_SIZE,
    LayoutError,
    pack_text,
    unpack,
    unpack_text,
)

_REGISTRATION = Struct("<5s12s20sBB")
_FULL_REGISTRATION = Struct("<5s12s20sBBB12s")
_REASONS = Struct("<I")
_CLOSE_ARCHIVE = Struct("<5s20s")
_RECEIPT = Struct("<5sB5s")
_READ = Struct("<HH")
_TAG = Struct("<H")
_REPORT_TAG = Struct("<BH")


@dataclass(frozen=True, slots=True)
class BeginRegistration:
    """«Начать отчёт о регистрации ККТ», command 02h. An absent byte means a first registration."""

    type: RegistrationType = RegistrationType.REGISTRATION

    def build(self) -> bytes:
        """One byte."""
        return bytes((self.type,))

    @classmethod
    def parse(cls, data: bytes) -> "BeginRegistration":
        """From at most one byte."""
        if len(data) > 1:
            raise LayoutError(f"02h takes one byte, not {len(data)}")
        return cls(RegistrationType(data[0]) if data else RegistrationType.REGISTRATION)


@dataclass(frozen=True, slots=True)
class Registration:
    """«Сформировать отчёт о регистрации», command 03h.

    ``tax_systems``: the mask of tag 1062. ``reason``: the code of tag 1101, only in a re-registration (type 2).
    """

    at: datetime
    inn: str
    registration_number: str
    tax_systems: int
    work_mode: WorkMode
    reason: int | None = None

    def build(self) -> bytes:
        """39 bytes, 40 with a reason."""
        return _REGISTRATION.pack(
            pack_date_time(self.at),
            pack_text(self.inn, INN_SIZE),
            pack_text(self.registration_number, REGISTRATION_NUMBER_SIZE),
            self.tax_systems,
            self.work_mode,
        ) + (b"" if self.reason is None else bytes((self.reason,)))

    @classmethod
    def parse(cls, data: bytes) -> "Registration":
        """From 39 or 40 bytes."""
        reason = data[_REGISTRATION.size] if len(data) == _REGISTRATION.size + 1 else None
        at, inn, number, tax_systems, work_mode = unpack(_REGISTRATION, data if reason is None else data[:-1])
        return cls(
            unpack_date_time(at), unpack_text(inn), unpack_text(number), tax_systems, WorkMode(work_mode), reason
        )


@dataclass(frozen=True, slots=True)
class BeginFullRegistration:
    """«Начать отчёт о регистрации ККТ» of FN-1.1 and later, command A2h. ``ffd``: value of tag 1209."""

    type: RegistrationType
    ffd: int

    def build(self) -> bytes:
        """2 bytes."""
        return bytes((self.type, self.ffd))

    @classmethod
    def parse(cls, data: bytes) -> "BeginFullRegistration":
        """From 2 bytes."""
        if len(data) != 2:
            raise LayoutError(f"A2h takes 2 bytes, not {len(data)}")
        return cls(RegistrationType(data[0]), data[1])


@dataclass(frozen=True, slots=True)
class FullRegistration:
    """«Сформировать отчёт о регистрации» of FN-1.1 and later, command A3h.

    ``tax_systems``: the mask of tag 1062. ``reasons``: the mask of tag 1205, absent in a first registration (type 0).
    """

    at: datetime
    inn: str
    registration_number: str
    tax_systems: int
    work_mode: WorkMode
    extended_mode: ExtendedMode
    ofd_inn: str
    reasons: int | None = None

    def build(self) -> bytes:
        """52 bytes, 56 with reasons."""
        return _FULL_REGISTRATION.pack(
            pack_date_time(self.at),
            pack_text(self.inn, INN_SIZE),
            pack_text(self.registration_number, REGISTRATION_NUMBER_SIZE),
            self.tax_systems,
            self.work_mode,
            self.extended_mode,
            pack_text(self.ofd_inn, INN_SIZE),
        ) + (b"" if self.reasons is None else _REASONS.pack(self.reasons))

    @classmethod
    def parse(cls, data: bytes) -> "FullRegistration":
        """From 52 or 56 bytes."""
        fixed, rest = data[: _FULL_REGISTRATION.size], data[_FULL_REGISTRATION.size :]
        at, inn, number, tax_systems, work_mode, extended_mode, ofd_inn = unpack(_FULL_REGISTRATION, fixed)
        return cls(
            at=unpack_date_time(at),
            inn=unpack_text(inn),
            registration_number=unpack_text(number),
            tax_systems=tax_systems,
            work_mode=WorkMode(work_mode),
            extended_mode=ExtendedMode(extended_mode),
            ofd_inn=unpack_text(ofd_inn),
            reasons=unpack(_REASONS, rest)[0] if rest else None,
        )


@dataclass(frozen=True, slots=True)
class CloseArchive:
    """«Закрыть фискальный режим ФН», command 05h."""

    at: datetime
    registration_number: str

    def build(self) -> bytes:
        """25 bytes."""
        number = pack_text(self.registration_number, REGISTRATION_NUMBER_SIZE)
        return _CLOSE_ARCHIVE.pack(pack_date_time(self.at), number)

    @classmethod
    def parse(cls, data: bytes) -> "CloseArchive":
        """From 25 bytes."""
        at, number = unpack(_CLOSE_ARCHIVE, data)
        return cls(unpack_date_time(at), unpack_text(number))


@dataclass(frozen=True, slots=True)
class CommitReceipt:
    """«Сформировать чек», command 16h: ends receipts and corrections. ``total_kopecks``: 0..2^40-1."""

    at: datetime
    operation: Operation
    total_kopecks: int

    def build(self) -> bytes:
        """11 bytes."""
        return _RECEIPT.pack(pack_date_time(self.at), self.operation, self.total_kopecks.to_bytes(5, "little"))

    @classmethod
    def parse(cls, data: bytes) -> "CommitReceipt":
        """From 11 bytes."""
        at, operation, total = unpack(_RECEIPT, data)
        return cls(unpack_date_time(at), Operation(operation), int.from_bytes(total, "little"))


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """«Прочитать блок сообщения для сервера ОФД», command 23h: ``size`` bytes at most from ``offset`` on."""

    offset: int
    size: int

    def build(self) -> bytes:
        """4 bytes."""
        return _READ.pack(self.offset, self.size)

    @classmethod
    def parse(cls, data: bytes) -> "ReadMessage":
        """From 4 bytes."""
        return cls(*unpack(_READ, data))


EVERY_TAG = 0xFFFF
"""Tag of 44h that starts a listing: 47h then gives the requisites one by one."""


@dataclass(frozen=True, slots=True)
class RegistrationRequisite:
    """«Запрос параметра фискализации ФН», command 44h. ``report``: 1.., 0 is the last one; absent on FN-1."""

    tag: int
    report: int | None = None

    def build(self) -> bytes:
        """2 bytes, 3 with a report number."""
        return _TAG.pack(self.tag) if self.report is None else _REPORT_TAG.pack(self.report, self.tag)

    @classmethod
    def parse(cls, data: bytes) -> "RegistrationRequisite":
        """From 2 or 3 bytes."""
        if len(data) == _TAG.size:
            return cls(*_TAG.unpack(data))
        report, tag = unpack(_REPORT_TAG, data)
        return cls(tag, report)
