"""Chapter «Картинки»: 8A 8B 9E 8C 90 9F 86 keep them and read them out, 8D 8E print.

Numbers begin with 1. Which modes allow what is not told: drivers enter programming mode for the array, others do not,
so all of it is done in any mode (a guess).
"""

from dataclasses import replace

from kktsim.device.dispatch import handles
from kktsim.device.graphics import LAST_NUMBER, Picture, Reading
from kktsim.device.kkt import Kkt
from kktsim.device.printing import Prints
from kktsim.device.refusal import Refusal
from protocol.atol.commands.pictures import (
    DELETE_LAST,
    RECEIPT_TAPE,
    AddPictureRow,
    BeginPicture,
    ClearPictures,
    ClosePicture,
    NextPictureRow,
    PictureArray,
    PictureSize,
    PrintPicture,
    PrintRow,
)
from protocol.atol.kkt_codes import E

DOTS_IN_A_BYTE = 8


def picture(kkt: Kkt, number: int) -> Picture:
    """The picture with this number; raises `Refusal` 6Fh when there is none."""
    pictures = kkt.memory.graphics.pictures
    if not 1 <= number <= len(pictures):
        raise Refusal(E.WRONG_PICTURE)
    return pictures[number - 1]


def told(kkt: Kkt, number: int) -> str:
    """A stored picture as the paper tells it: its number, width and height in dots."""
    found = picture(kkt, number)
    return f"картинка {number}: {found.width_bytes * DOTS_IN_A_BYTE}x{len(found.rows)}"


def indent(kkt: Kkt, offset: int) -> int:
    """Dots from the left edge as characters of the paper."""
    return min(offset * kkt.model.characters // kkt.model.pixels, kkt.model.characters)


def require_tape(printer: int) -> None:
    """Refuse another printer than that of the receipts."""
    if printer != RECEIPT_TAPE:
        raise Refusal(E.WRONG_TARGET_DEVICE)


def deletes_last(what: bytes) -> bool:
    """Whether the parameter of 8Ah or 7Bh means the last one; raises `Refusal` on one that means nothing."""
    if what not in (b"", b"\x00", bytes((DELETE_LAST,))):
        raise Refusal(E.BAD_FORMAT)
    return what == bytes((DELETE_LAST,))


@handles(ClearPictures)
def clear_pictures(kkt: Kkt, request: ClearPictures, at: float) -> bytes:
    """«Очистить массив картинок»: a picture that is being added counts as the last one."""
    graphics = kkt.memory.graphics
    if not deletes_last(request.what):
        graphics.pictures = ()
    elif not graphics.added_rows:
        graphics.pictures = graphics.pictures[:-1]
    graphics.added_rows = ()
    return b""


@handles(AddPictureRow)
def add_picture_row(kkt: Kkt, request: AddPictureRow, at: float) -> bytes:
    """«Добавить строку картинки»: 14h when it is wider than the paper or than the row above it."""
    graphics = kkt.memory.graphics
    width = len(request.row)
    as_above = not graphics.added_rows or width == len(graphics.added_rows[0])
    if not 1 <= width <= kkt.model.pixels // DOTS_IN_A_BYTE or not as_above:
        raise Refusal(E.BAD_LENGTH)
    if width > graphics.picture_room_bytes or len(graphics.pictures) == LAST_NUMBER:
        raise Refusal(E.PICTURE_MEMORY_FULL)
    graphics.added_rows += (request.row,)
    return b""


@handles(ClosePicture)
def close_picture(kkt: Kkt, request: ClosePicture, at: float) -> bytes:
    """«Закрыть картинку»: AFh (a guess) when no row has been added."""
    graphics = kkt.memory.graphics
    if not graphics.added_rows:
        raise Refusal(E.BUFFER_EMPTY)
    graphics.pictures += (Picture(graphics.added_rows),)
    graphics.added_rows = ()
    return bytes((len(graphics.pictures),))


@handles(PictureArray, while_printing=True)
def picture_array(kkt: Kkt, request: PictureArray, at: float) -> bytes:
    """«Статус массива картинок»."""
    graphics = kkt.memory.graphics
    free = min(graphics.picture_room_bytes, 0xFFFF)
    return free.to_bytes(2, "big") + bytes((len(graphics.pictures), bool(graphics.added_rows)))


@handles(PictureSize)
def picture_size(kkt: Kkt, request: PictureSize, at: float) -> bytes:
    """«Параметры картинки в массиве»: the number behind the last one is the picture that is being added."""
    graphics = kkt.memory.graphics
    if graphics.added_rows and request.number == len(graphics.pictures) + 1:
        found, is_open = Picture(graphics.added_rows), True
    else:
        found, is_open = picture(kkt, request.number), False
        _begin_reading(kkt, request.number)
    return bytes((found.width_bytes,)) + len(found.rows).to_bytes(2, "big") + bytes((is_open,))


@handles(BeginPicture)
def begin_picture(kkt: Kkt, request: BeginPicture, at: float) -> bytes:
    """«Начать считывание картинки»."""
    picture(kkt, request.number)
    _begin_reading(kkt, request.number)
    return b""


def _begin_reading(kkt: Kkt, number: int) -> None:
    kkt.volatile.drawing = replace(kkt.volatile.drawing, picture_read=Reading(number))


@handles(NextPictureRow)
def next_picture_row(kkt: Kkt, request: NextPictureRow, at: float) -> bytes:
    """«Получить очередную строку картинки по номеру»: AFh (a guess) when no picture was named before."""
    reading = kkt.volatile.drawing.picture_read
    if reading is None:
        raise Refusal(E.BUFFER_EMPTY)
    rows = picture(kkt, reading.number).rows
    if reading.next_part == len(rows):
        raise Refusal(E.NO_MORE_PICTURE_ROWS)
    kkt.volatile.drawing = replace(kkt.volatile.drawing, picture_read=replace(reading, next_part=reading.next_part + 1))
    return rows[reading.next_part]


@handles(PrintPicture, prints=Prints.ALWAYS)
def print_picture(kkt: Kkt, request: PrintPicture, at: float) -> bytes:
    """«Печать картинки по номеру»."""
    require_tape(request.printer)
    kkt.paper.drawing(told(kkt, request.number), indent(kkt, request.offset))
    return b""


def _row_prints(kkt: Kkt, request: PrintRow) -> Prints:
    return Prints.ALWAYS if request.repeat else Prints.NEVER


@handles(PrintRow, prints=_row_prints)
def print_row(kkt: Kkt, request: PrintRow, at: float) -> bytes:
    """«Печать картинки с ПК»: 14h when the row does not fit the paper."""
    require_tape(request.printer)
    width = len(request.row) * DOTS_IN_A_BYTE
    if not request.row or request.offset + width > kkt.model.pixels:
        raise Refusal(E.BAD_LENGTH)
    if request.repeat:
        kkt.paper.drawing(f"растр {width}x{request.repeat}", indent(kkt, request.offset))
    return b""
