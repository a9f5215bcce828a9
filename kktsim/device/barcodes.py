"""Chapter «Штрихкоды»: C1 C2 print them or keep them, 7B 7C 7D 79 7A are the array of those that were kept.

The article err_3898 shows what a number that was never kept leads to: 6Fh.
"""

from dataclasses import replace

from kktsim.device import pictures
from kktsim.device.dispatch import handles
from kktsim.device.graphics import LAST_NUMBER, Barcode, Reading
from kktsim.device.kkt import Kkt
from kktsim.device.printing import Prints
from kktsim.device.refusal import Refusal
from protocol.atol.commands.pictures import (
    KEEP,
    MORE_FOLLOWS,
    Alignment,
    Array,
    ArrayState,
    BarcodeType,
    BeginBarcode,
    ClearBarcodes,
    ContinueBarcode,
    NextBarcodeBlock,
    PrintBarcode,
    PrintStoredBarcode,
)
from protocol.atol.kkt_codes import E

TITLES = {BarcodeType.QR: "QR", BarcodeType.PDF417: "PDF417"}
LONGEST = {BarcodeType.QR: 7089, BarcodeType.PDF417: 2710}
"""Most characters a symbology takes, digits (ISO/IEC 18004, ISO/IEC 15438)."""
BLOCK_BYTES = 100
"""What one 7Ah brings (guess: as much as C1h takes from ATOL's driver 10.8)."""
_HEADER = slice(1, 15)
"""C1h without the command byte and the data."""
_KIND, _ALIGNMENT = 0, 1


def stored(kkt: Kkt, number: int) -> Barcode:
    """The barcode with this number; raises `Refusal` 6Fh when there is none."""
    barcodes = kkt.memory.graphics.barcodes
    if not 1 <= number <= len(barcodes):
        raise Refusal(E.WRONG_PICTURE)
    return barcodes[number - 1]


def told(barcode: Barcode) -> str:
    """As the paper tells it: ``QR: 123``."""
    return f"{TITLES[_type(barcode.header[_KIND])]}: {_readable(barcode.data)}"


def _type(kind: int) -> BarcodeType:
    try:
        return BarcodeType(kind & ~(MORE_FOLLOWS | KEEP))
    except ValueError:
        raise Refusal(E.BAD_FORMAT) from None


def _readable(data: bytes) -> str:
    """Text in UTF-8, else in Windows' Cyrillic, which ATOL's driver 10.8 sends; control characters as ``<1D>``."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1251", "replace")
    return "".join(one if one.isprintable() else f"<{ord(one):02X}>" for one in text)


def _barcode_prints(kkt: Kkt, request: PrintBarcode) -> Prints:
    return Prints.NEVER if request.kind & (KEEP | MORE_FOLLOWS) else Prints.ALWAYS


def _rest_prints(kkt: Kkt, request: ContinueBarcode) -> Prints:
    begun = kkt.volatile.drawing.unfinished_barcode
    is_kept = begun is None or begun.header[_KIND] & KEEP
    return Prints.NEVER if is_kept or request.flags & MORE_FOLLOWS else Prints.ALWAYS


@handles(PrintBarcode, prints=_barcode_prints)
def print_barcode(kkt: Kkt, request: PrintBarcode, at: float) -> bytes:
    """«Печать штрихкода»: 13h for a type the till cannot draw, 14h for data that do not fit it."""
    _type(request.kind)
    _go_on(kkt, Barcode(request.to_wire()[_HEADER], request.data), bool(request.kind & MORE_FOLLOWS))
    return b""


@handles(ContinueBarcode, prints=_rest_prints)
def continue_barcode(kkt: Kkt, request: ContinueBarcode, at: float) -> bytes:
    """«Печать штрихкода (добавление данных)»: AFh (a guess) when C1h has begun none."""
    begun = kkt.volatile.drawing.unfinished_barcode
    if begun is None:
        raise Refusal(E.BUFFER_EMPTY)
    _go_on(kkt, replace(begun, data=begun.data + request.data), bool(request.flags & MORE_FOLLOWS))
    return b""


def _go_on(kkt: Kkt, barcode: Barcode, more_follows: bool) -> None:
    """Keep what has come so far, or finish the barcode."""
    data = barcode.data if more_follows else barcode.data.rstrip(b"\x00")
    if not 1 <= len(data) <= LONGEST[_type(barcode.header[_KIND])]:
        raise Refusal(E.BAD_LENGTH)
    drawing = kkt.volatile.drawing
    if more_follows:
        kkt.volatile.drawing = replace(drawing, unfinished_barcode=barcode)
        return
    whole = Barcode(bytes((barcode.header[_KIND] & ~MORE_FOLLOWS,)) + barcode.header[1:], data)
    if whole.header[_KIND] & KEEP:
        _keep(kkt, whole)
    else:
        _draw(kkt, whole)
    kkt.volatile.drawing = replace(drawing, unfinished_barcode=None)


def _keep(kkt: Kkt, barcode: Barcode) -> None:
    graphics = kkt.memory.graphics
    if barcode.size_bytes > graphics.barcode_room_bytes or len(graphics.barcodes) == LAST_NUMBER:
        raise Refusal(E.PICTURE_MEMORY_FULL)
    graphics.barcodes += (barcode,)


def _draw(kkt: Kkt, barcode: Barcode) -> None:
    what = told(barcode)
    room = max(kkt.paper.width - len(what) - 2, 0)
    indents = {Alignment.LEFT: 0, Alignment.CENTRE: room // 2, Alignment.RIGHT: room}
    kkt.paper.drawing(what, indents[Alignment(barcode.header[_ALIGNMENT])])


@handles(ClearBarcodes)
def clear_barcodes(kkt: Kkt, request: ClearBarcodes, at: float) -> bytes:
    """«Очистить массив штрихкодов»."""
    graphics = kkt.memory.graphics
    graphics.barcodes = graphics.barcodes[:-1] if pictures.deletes_last(request.what) else ()
    return b""


@handles(PrintStoredBarcode, prints=Prints.ALWAYS)
def print_stored_barcode(kkt: Kkt, request: PrintStoredBarcode, at: float) -> bytes:
    """«Печать штрихкода по номеру»."""
    pictures.require_tape(request.printer)
    _draw(kkt, stored(kkt, request.number))
    return b""


@handles(ArrayState, while_printing=True)
def array_state(kkt: Kkt, request: ArrayState, at: float) -> bytes:
    """«Состояние массива штрихкодов и картинок»."""
    graphics = kkt.memory.graphics
    if request.array is Array.PICTURES:
        free, last = graphics.picture_room_bytes, len(graphics.pictures)
    else:
        free, last = graphics.barcode_room_bytes, len(graphics.barcodes)
    return free.to_bytes(4, "big") + bytes((last,))


@handles(BeginBarcode)
def begin_barcode(kkt: Kkt, request: BeginBarcode, at: float) -> bytes:
    """«Начало считывания штрихкода»."""
    stored(kkt, request.number)
    kkt.volatile.drawing = replace(kkt.volatile.drawing, barcode_read=Reading(request.number))
    return b""


@handles(NextBarcodeBlock)
def next_barcode_block(kkt: Kkt, request: NextBarcodeBlock, at: float) -> bytes:
    """«Получить очередной блок данных»: AFh (a guess) when 79h has named no barcode."""
    reading = kkt.volatile.drawing.barcode_read
    if reading is None:
        raise Refusal(E.BUFFER_EMPTY)
    barcode = stored(kkt, reading.number)
    start = reading.next_part * BLOCK_BYTES
    block = (barcode.header + barcode.data)[start : start + BLOCK_BYTES]
    if not block:
        raise Refusal(E.NO_MORE_PICTURE_ROWS)
    following = replace(reading, next_part=reading.next_part + 1)
    kkt.volatile.drawing = replace(kkt.volatile.drawing, barcode_read=following)
    return block
