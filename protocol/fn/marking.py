"""Requests and answers of the marking commands (B0h-BFh, D0h-D7h) as values <-> bytes, both roles.

Sources: public clients of FN-1.2; what they leave open is said to be a guess. All ``parse`` raise ValueError on a wrong
length or value.
"""

from dataclasses import dataclass
from datetime import datetime
from struct import Struct

from protocol.fn.commands import DATE_TIME_SIZE, pack_date_time, unpack_date_time
from protocol.fn.layouts import LayoutError, pack_optional_date_time, unpack, unpack_optional_date_time
from protocol.fn.marking_codes import (
    CHECK_CODE_SIZES,
    Allowed,
    CheckFlag,
    CodeState,
    CodeType,
    ExchangeState,
    KeyAnswerKind,
    NotificationState,
    Unchecked,
)

_STATUS = Struct("<BBBBBBH")
_CHECK = Struct("<BB")
_NOTIFICATIONS = Struct("<BHI5sB")
_DUMP = Struct("<HIHI")
_SELECTED = Struct("<HI")
_CONFIRMED = Struct("<BIH")
_KEY_REQUEST = Struct("<16s5sI")
_KEY_ANSWER = Struct("<BI")
_WORD = Struct("<H")


@dataclass(frozen=True, slots=True)
class MarkingStatus:
    """«Статус работы с кодами маркировки», command B0h.

    ``in_notification``: codes in the notification of the begun receipt; ``fill``: 0 below 50 % of the area, 1 below 80,
    2 below 90, 3 above, 4 full.
    """

    code_state: CodeState
    notification_state: NotificationState
    allowed: Allowed
    kept_codes: int
    in_notification: int
    fill: int
    unsent_notifications: int

    def build(self) -> bytes:
        """8 bytes."""
        return _STATUS.pack(
            self.code_state,
            self.notification_state,
            self.allowed,
            self.kept_codes,
            self.in_notification,
            self.fill,
            min(self.unsent_notifications, 0xFFFF),
        )

    @classmethod
    def parse(cls, data: bytes) -> "MarkingStatus":
        """From 8 bytes."""
        code, notification, allowed, *rest = unpack(_STATUS, data)
        return cls(CodeState(code), NotificationState(notification), Allowed(allowed), *rest)


@dataclass(frozen=True, slots=True)
class CodeToCheck:
    """«Код маркировки для проверки», command B1h.

    ``key_offset``, ``check_offset``: where the values of AI 91 and 92 begin in the code, only for the types of
    `CHECK_CODE_SIZES`.
    """

    type: CodeType
    code: bytes
    key_offset: int | None = None
    check_offset: int | None = None

    def build(self) -> bytes:
        """Type, length, code, and two bytes more when an FN can check it."""
        offsets = (one for one in (self.key_offset, self.check_offset) if one is not None)
        return bytes((self.type, len(self.code))) + self.code + bytes(offsets)

    @classmethod
    def parse(cls, data: bytes) -> "CodeToCheck":
        """From at least three bytes."""
        if len(data) < 3:
            raise LayoutError(f"B1h takes at least 3 bytes, not {len(data)}")
        end = 2 + data[1]
        code, offsets = data[2:end], data[end:]
        if len(code) != data[1] or not code or len(offsets) != (2 if data[0] in CHECK_CODE_SIZES else 0):
            raise LayoutError(f"{len(data)} bytes do not hold a code of {data[1]} and its offsets")
        return cls(CodeType(data[0]), code, *offsets)


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """«Результат проверки КМ», answer to B1h. ``result``: 2004."""

    result: CheckFlag
    reason: Unchecked

    def build(self) -> bytes:
        """2 bytes."""
        return _CHECK.pack(self.result, self.reason)

    @classmethod
    def parse(cls, data: bytes) -> "CodeCheck":
        """From 2 bytes."""
        result, reason = unpack(_CHECK, data)
        return cls(CheckFlag(result), Unchecked(reason))


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """«Сформировать запрос о коде маркировки», command B5h. ``data``: TLVs of the request."""

    at: datetime
    data: bytes

    def build(self) -> bytes:
        """5 bytes and the TLVs."""
        return pack_date_time(self.at) + self.data

    @classmethod
    def parse(cls, data: bytes) -> "CodeRequest":
        """From at least 5 bytes."""
        if len(data) < DATE_TIME_SIZE:
            raise LayoutError(f"B5h takes at least {DATE_TIME_SIZE} bytes, not {len(data)}")
        return cls(unpack_date_time(data[:DATE_TIME_SIZE]), data[DATE_TIME_SIZE:])


@dataclass(frozen=True, slots=True)
class CodeVerdict:
    """«Результат проверки сведений о товаре», answer to B2h and B6h. ``tlvs``: what the ОИСМ has said, by B6h."""

    result: CheckFlag
    tlvs: bytes = b""

    def build(self) -> bytes:
        """One byte and the TLVs."""
        return bytes((self.result,)) + self.tlvs

    @classmethod
    def parse(cls, data: bytes) -> "CodeVerdict":
        """From at least one byte."""
        if not data:
            raise LayoutError("a verdict has at least one byte")
        return cls(CheckFlag(data[0]), data[1:])


@dataclass(frozen=True, slots=True)
class NotificationStatus:
    """«Статус передачи уведомлений», command BAh: of the first one; 0 and None when there is none."""

    state: ExchangeState
    unsent_notifications: int
    number: int
    at: datetime | None
    percent: int

    def build(self) -> bytes:
        """13 bytes."""
        unsent = min(self.unsent_notifications, 0xFFFF)
        return _NOTIFICATIONS.pack(self.state, unsent, self.number, pack_optional_date_time(self.at), self.percent)

    @classmethod
    def parse(cls, data: bytes) -> "NotificationStatus":
        """From 13 bytes."""
        state, unsent, number, at, percent = unpack(_NOTIFICATIONS, data)
        return cls(ExchangeState(state), unsent, number, unpack_optional_date_time(at), percent)


@dataclass(frozen=True, slots=True)
class DumpStatus:
    """«Состояние выгрузки уведомлений», answer to D3h.

    A client reads u16, u32, u16, u32 and looks only at the first, the number of notifications; what the others are is
    a guess.
    """

    notifications: int
    first: int
    unconfirmed: int
    last: int

    def build(self) -> bytes:
        """12 bytes."""
        return _DUMP.pack(min(self.notifications, 0xFFFF), self.first, min(self.unconfirmed, 0xFFFF), self.last)

    @classmethod
    def parse(cls, data: bytes) -> "DumpStatus":
        """From 12 bytes."""
        return cls(*unpack(_DUMP, data))


@dataclass(frozen=True, slots=True)
class DumpedNotification:
    """Answer to D4h: length and number of the selected notification; to D6h: how many wait, and the first."""

    size: int
    number: int

    def build(self) -> bytes:
        """6 bytes."""
        return _SELECTED.pack(min(self.size, 0xFFFF), self.number)

    @classmethod
    def parse(cls, data: bytes) -> "DumpedNotification":
        """From 6 bytes."""
        return cls(*unpack(_SELECTED, data))


@dataclass(frozen=True, slots=True)
class ConfirmDumped:
    """«Подтвердить выгрузку уведомления», command D6h. ``crc``: of the notification without its bytes 2 and 3.

    ``sub_command`` 0 asks, and has neither number nor CRC.
    """

    sub_command: int
    number: int | None = None
    crc: int | None = None

    def build(self) -> bytes:
        """7 bytes, or 1."""
        if self.number is None:
            return bytes((self.sub_command,))
        return _CONFIRMED.pack(self.sub_command, self.number, self.crc)

    @classmethod
    def parse(cls, data: bytes) -> "ConfirmDumped":
        """From 7 bytes, or 1."""
        return cls(data[0]) if len(data) == 1 else cls(*unpack(_CONFIRMED, data))


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """«Запрос на обновление ключей проверки», answer to D0h. A stand-in: what a real FN sends is not public."""

    fn_number: str
    at: datetime
    number: int

    def build(self) -> bytes:
        """25 bytes."""
        return _KEY_REQUEST.pack(self.fn_number.encode("ascii"), pack_date_time(self.at), self.number)

    @classmethod
    def parse(cls, data: bytes) -> "KeyRequest":
        """From 25 bytes."""
        fn_number, at, number = unpack(_KEY_REQUEST, data)
        return cls(fn_number.decode("ascii"), unpack_date_time(at), number)


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """«Ответ на запрос обновления ключей проверки», command D1h. A stand-in: the real answer is not public.

    ``number``: of the request; ``rest``: the sign of keys, or what a refusal says.
    """

    kind: KeyAnswerKind
    number: int
    rest: bytes = b""

    def build(self) -> bytes:
        """5 bytes and the rest."""
        return _KEY_ANSWER.pack(self.kind, self.number) + self.rest

    @classmethod
    def parse(cls, data: bytes) -> "KeyAnswer":
        """From at least 5 bytes."""
        kind, number = unpack(_KEY_ANSWER, data[: _KEY_ANSWER.size])
        return cls(KeyAnswerKind(kind), number, data[_KEY_ANSWER.size :])


def missing_tag(tag: int) -> bytes:
    """Data behind code 3Ch: the tag that did not come."""
    return _WORD.pack(tag)
