"""Values that several chapters share: the flags byte of fiscal commands, receipt types, payment forms.

Source: ATOL protocol 3.1, «режим проверки операции» and the commands of registration mode.
"""

from enum import IntEnum, IntFlag
from typing import Any

from construct import Adapter, Byte

from protocol.atol.fields import REST, FieldError, emit_byte_reader
from protocol.atol.kkt_codes import E


class CommandFlags(IntFlag):
    """Flags byte of commands that make documents."""

    NONE = 0
    CHECK_ONLY = 1
    """«Режим проверки операции»: validate, change nothing."""
    NO_CASH_CONTROL = 2
    """Do not check that there is enough cash; of 92h one driver means «do not print» by it."""
    NO_PRINT = 4
    """Of 92h: make the receipt without paper."""


_BY_BYTE = tuple(CommandFlags(number) for number in range(256))


class _Flags(Adapter):  # type: ignore[misc]
    def _decode(self, obj: int, context: object, path: str) -> CommandFlags:
        return _BY_BYTE[obj]

    def _emitparse(self, code: Any) -> str:
        return emit_byte_reader(self, code)

    def read_byte(self, obj: int) -> CommandFlags:
        """The flags in a byte."""
        return _BY_BYTE[obj]

    def _encode(self, obj: int, context: object, path: str) -> int:
        return int(obj)


class _OptionalFlags(Adapter):  # type: ignore[misc]
    def _decode(self, obj: bytes, context: object, path: str) -> CommandFlags:
        if len(obj) > 1:
            raise FieldError(E.BAD_LENGTH)
        return _BY_BYTE[obj[0]] if obj else CommandFlags.NONE

    def _encode(self, obj: CommandFlags, context: object, path: str) -> bytes:
        return bytes((obj,)) if obj else b""


FLAGS = _Flags(Byte)
OPTIONAL_FLAGS: Any = _OptionalFlags(REST)
"""A byte of flags at the end of a command that may be left out."""


class ReceiptType(IntEnum):
    """«Тип чека» as 92h, 3Fh and the registers code it."""

    SELL = 1
    SELL_RETURN = 2
    BUY = 4
    BUY_RETURN = 5
    SELL_CORRECTION = 7
    SELL_RETURN_CORRECTION = 8
    BUY_CORRECTION = 9
    BUY_RETURN_CORRECTION = 10


class PaymentGroup(IntEnum):
    """«Форма расчёта»: the five groups of payment of the fiscal document (table 12, field 2)."""

    CASH = 1
    ELECTRONIC = 2
    PREPAID = 3
    CREDIT = 4
    OTHER = 5
