"""Chapter «Картинки и штрихкоды»: what is drawn, and what the till keeps of it.

Source: ATOL protocol 3.1, commands 8A 8B 9E 8C 90 9F 86 8D 8E and C1 C2 7B 7C 7D 79 7A. What the names leave open is
filled by ATOL's driver 10.8 as observed: the fields it sends, those of the answers it reads, 80h in the first byte of
C1h and C2h when more of the barcode follows. Marked as guesses: the rest.
"""

from enum import IntEnum

from construct import Byte, Bytes, GreedyBytes, Int16ub, Int32ub, Struct

from protocol.atol.command import DATA, Command, command, on_wire
from protocol.atol.fields import BYTE, REST, byte_enum
from protocol.atol.kkt_codes import E

RECEIPT_TAPE = 1
"""The printer that 8Dh, 8Eh and 7Ch name: «чековая лента»."""
DELETE_LAST = 1
"""Parameter of 8Ah and 7Bh that deletes the last one instead of all (guess; driver 8 has such methods)."""


@command(0x8A)
class ClearPictures(Command):
    """«Очистить массив картинок». ``what``: nothing or 00 all of them, 01 the last one."""

    what: bytes = on_wire(REST, default=b"\x00")


@command(0x8B)
class AddPictureRow(Command):
    """«Добавить строку картинки»: eight dots a byte, the left one in the highest bit."""

    row: bytes = on_wire(REST)


@command(0x9E, DATA, Struct("number" / Byte))
class ClosePicture(Command):
    """«Закрыть картинку»: the rows added become a picture, which gets the next number."""


@command(0x8C, DATA, Struct("free_bytes" / Int16ub, "pictures" / Byte, "is_open" / Byte))
class PictureArray(Command):
    """«Статус массива картинок». Free bytes above FFFFh are told as FFFFh."""


@command(0x90, DATA, Struct("width_bytes" / Byte, "height" / Int16ub, "is_open" / Byte))
class PictureSize(Command):
    """«Параметры картинки в массиве». The rows can be read by 86h afterwards."""

    number: int = on_wire(BYTE)


@command(0x9F)
class BeginPicture(Command):
    """«Начать считывание картинки» (guess: its number)."""

    number: int = on_wire(BYTE)


@command(0x86, DATA, Struct("row" / GreedyBytes))
class NextPictureRow(Command):
    """«Получить очередную строку картинки по номеру»: 6Bh when there are no more."""


@command(0x8D)
class PrintPicture(Command):
    """«Печать картинки по номеру». ``offset``: dots from the left edge."""

    printer: int = on_wire(BYTE, default=RECEIPT_TAPE)
    number: int = on_wire(BYTE)
    offset: int = on_wire(Int16ub, default=0)


@command(0x8E)
class PrintRow(Command):
    """«Печать картинки с ПК»: one row of dots, ``repeat`` times below itself."""

    printer: int = on_wire(BYTE, default=RECEIPT_TAPE)
    repeat: int = on_wire(Int16ub, default=1)
    offset: int = on_wire(Int16ub, default=0)
    row: bytes = on_wire(REST)


class BarcodeType(IntEnum):
    """Low bits of the first byte of C1h, those that ATOL's driver 10.8 sends; it draws the others by 8Eh itself."""

    QR = 0
    PDF417 = 1


class Alignment(IntEnum):
    """Where a barcode stands on the paper."""

    LEFT = 1
    CENTRE = 2
    RIGHT = 3


MORE_FOLLOWS = 0x80
"""In the first byte of C1h and C2h: another C2h brings more of the data."""
KEEP = 0x40
"""In the first byte of C1h: do not print, keep it in the array (guess; driver 8 has a property for it)."""


@command(0xC1)
class PrintBarcode(Command):
    """«Печать штрихкода». Zeros behind the data do not belong to it: ATOL's driver 10.8 always fills 100 bytes.

    ``width``: dots of a module; ``version``, ``options``, ``correction``, ``rows``, ``columns``, ``proportions``,
    ``pixel``: of the symbology, 0 leaves them to the till.
    """

    kind: int = on_wire(BYTE, default=BarcodeType.QR)
    alignment: Alignment = on_wire(byte_enum(Alignment, E.BAD_FORMAT), default=Alignment.LEFT)
    width: int = on_wire(BYTE, default=0)
    version: bytes = on_wire(Bytes(2), default=bytes(2))
    options: bytes = on_wire(Bytes(2), default=bytes(2))
    correction: int = on_wire(BYTE, default=0)
    rows: int = on_wire(BYTE, default=0)
    columns: int = on_wire(BYTE, default=0)
    proportions: bytes = on_wire(Bytes(2), default=bytes(2))
    pixel: bytes = on_wire(Bytes(2), default=bytes(2))
    data: bytes = on_wire(REST)


@command(0xC2)
class ContinueBarcode(Command):
    """«Печать штрихкода (добавление данных)». ``flags``: 80h more follows."""

    flags: int = on_wire(BYTE, default=0)
    data: bytes = on_wire(REST)


@command(0x7B)
class ClearBarcodes(Command):
    """«Очистить массив штрихкодов». ``what``: nothing or 00 all of them, 01 the last one."""

    what: bytes = on_wire(REST, default=b"\x00")


@command(0x7C)
class PrintStoredBarcode(Command):
    """«Печать штрихкода по номеру»."""

    printer: int = on_wire(BYTE, default=RECEIPT_TAPE)
    number: int = on_wire(BYTE)


class Array(IntEnum):
    """Which array 7Dh asks about."""

    BARCODES = 1
    PICTURES = 2


@command(0x7D, DATA, Struct("free_bytes" / Int32ub, "last_number" / Byte))
class ArrayState(Command):
    """«Состояние массива штрихкодов и картинок»."""

    array: Array = on_wire(byte_enum(Array))


@command(0x79)
class BeginBarcode(Command):
    """«Начало считывания штрихкода» (guess: its number)."""

    number: int = on_wire(BYTE)


@command(0x7A, DATA, Struct("block" / GreedyBytes))
class NextBarcodeBlock(Command):
    """«Получить очередной блок данных» (guess: fields of C1h, then its data; 6Bh when there is no more)."""
