"""Chapter «Обнуления и ввод при изготовлении»: resets, the serial number, protection codes.

Source: ATOL protocol 3.1, commands 77 6B 71 61 6D 74; ATOL's driver 10.8 as observed: 8 BCD bytes of a code, 7 of a
number.
"""

from construct import Byte, Bytes, Struct

from protocol.atol.command import Command, command, mark, on_wire
from protocol.atol.fields import BYTE

CODE_BYTES = 8
SERIAL_NUMBER_BYTES = 7


@command(0x77)
class GeneralReset(Command):
    """«Общее гашение»."""


@command(0x6B)
class TechnologicalReset(Command):
    """«Технологическое обнуление ККТ»."""


@command(0x71)
class InitializeTables(Command):
    """«Инициализация таблиц начальными значениями»."""


@command(0x61)
class EnterSerialNumber(Command):
    """«Ввод заводского номера»: 14 digits."""

    number: bytes = on_wire(Bytes(SERIAL_NUMBER_BYTES))


@command(0x6D)
class EnterProtectionCode(Command):
    """«Ввод кода защиты ККТ». ``number``: 1 to 30; ``digits``: 16 of them."""

    number: int = on_wire(BYTE)
    digits: bytes = on_wire(Bytes(CODE_BYTES))


@command(0x74, mark(0x4C), Struct("is_active" / Byte))
class AskProtectionCode(Command):
    """«Запрос активизированности кода защиты ККТ». ``number``: 1 to 30."""

    number: int = on_wire(BYTE)
