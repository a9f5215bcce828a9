"""Chapter «Режимы»: entering, leaving, the clock. Source: ATOL protocol 3.1, commands 48 56 4B 64 ED."""

from datetime import date, datetime, time
from enum import IntEnum

from construct import Adapter

from protocol.atol.command import DATA, Command, command, on_wire
from protocol.atol.fields import BYTE, REST, TIME, bcd, bcd_date_time


class Mode(IntEnum):
    """«Режим ККТ»: low nibble of the mode byte; the high nibble is the submode."""

    SELECTION = 0
    REGISTRATION = 1
    X_REPORTS = 2
    Z_REPORTS = 3
    PROGRAMMING = 4
    SERIAL_ENTRY = 5
    FN_ACCESS = 6
    EXTRA = 7


class _Date(Adapter):  # type: ignore[misc]
    def _decode(self, obj: datetime, context: object, path: str) -> date:
        return obj.date()

    def _encode(self, obj: date, context: object, path: str) -> datetime:
        return datetime(obj.year, obj.month, obj.day)


@command(0x48)
class LeaveMode(Command):
    """«Выход из текущего режима»: to selection mode; in selection mode it does nothing."""


@command(0x56)
class EnterMode(Command):
    """«Вход в режим». ``password``: 8 digits, that of a row of table 3 (30: system administrator)."""

    mode: int = on_wire(BYTE)
    password: int = on_wire(bcd(4), default=30)


@command(0x4B)
class SetTime(Command):
    """«Программирование времени»: hours, minutes, seconds."""

    time: time = on_wire(TIME)


@command(0x64)
class SetDate(Command):
    """«Программирование даты»: day, month, year. A jump of a day or more ahead must be sent twice."""

    date: date = on_wire(_Date(bcd_date_time(3)))


@command(0xED, DATA)
class SetDateTime(Command):
    """«Программирование даты и времени» when six bytes follow; told apart from other uses of the byte by length.

    One byte asks an Evotor: 0 its controller's number, 3 what it knows of the cloud (real Evotor log).
    """

    parameters: bytes = on_wire(REST)
