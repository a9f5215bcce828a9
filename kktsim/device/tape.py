"""Chapter «Печать»: 4C 87 6C 73 75 95 97, and what beeps, opens and is sent on: 47 88 80 85 8F.

A mark inside a text that names what is not there refuses the whole text: nothing of it is printed.
"""

from kktsim.device import printing, tables
from kktsim.device.dispatch import handles
from kktsim.device.kkt import Kkt, to_datetime
from kktsim.device.printing import Prints
from kktsim.device.refusal import Refusal
from kktsim.device.signals import Signal
from kktsim.device.text_marks import Piece, pieces, put
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.printing import (
    Beep,
    CutPaper,
    ForgetDocument,
    OpenDrawer,
    PrintCliche,
    PrintCopy,
    PrintField,
    PrintFooter,
    PrintText,
    PulseDrawer,
    SendToPort,
    Sound,
)
from protocol.atol.kkt_codes import E

LONGEST_LINE = 57
"""Characters of 4Ch and 87h, or as many as the paper is wide (a transcription of ATOL protocol 3.1)."""
CLICHE_ROWS_FIELD, CUT_FIELD = 36, 24
"""Fields of table 2: how many rows of table 6 are the cliché, and when the paper is cut."""
CUT_AFTER_DOCUMENT, CUT_AFTER_CLICHE = 0x01, 0x10
"""Bits of the latter. ATOL's driver 10.8 sets the second one before 6Ch when it ends a document without footer."""
JOURNAL_ONLY = 2
"""Printer of 87h that these tills do not have: «контрольная лента»."""
DOUBLE_HEIGHT = 1
LIMITS = {"printer": 3, "font": 9, "multiplier": 3, "spacing": 15, "tape": 1, "journal": 1}
"""Highest values in 87h (guess; article err_3905: a value that is out of range is answered 13h)."""
BRIGHTEST = 15
LOOKS = {"font": ("шрифт", 32), "spacing": ("межстрочие", 30), "brightness": ("яркость", 19)}
"""Field of 87h to what the paper calls it and the field of table 2 with its usual value."""
PORTS = (1, 2)
MOST_PORT_BYTES = 94
MOST_PULSES = 99
_TICK_SECONDS = 0.01


@handles(PrintText, prints=Prints.ALWAYS)
def print_text(kkt: Kkt, request: PrintText, at: float) -> bytes:
    """«Печать строки»: longer than the line is answered 14h."""
    put(kkt, _line(kkt, request.text))
    return b""


def _field_prints(kkt: Kkt, request: PrintField) -> Prints:
    return Prints.ALWAYS if request.printer != JOURNAL_ONLY and request.tape else Prints.NEVER


@handles(PrintField, prints=_field_prints)
def print_field(kkt: Kkt, request: PrintField, at: float) -> bytes:
    """«Печать поля»: on the journal alone nothing is printed, there is no such paper."""
    for name, limit in LIMITS.items():
        if getattr(request, name) > limit:
            raise Refusal(E.BAD_FORMAT)
    if _brightness(request) > BRIGHTEST:
        raise Refusal(E.BAD_FORMAT)
    found = _line(kkt, request.text)
    if _field_prints(kkt, request) is Prints.ALWAYS:
        put(kkt, found, _looks(kkt, request))
    return b""


def _line(kkt: Kkt, text: str) -> list[Piece]:
    if len(text) > max(kkt.model.characters, LONGEST_LINE):
        raise Refusal(E.BAD_LENGTH)
    return pieces(kkt, text)


def _brightness(request: PrintField) -> int:
    """In binary, or as the BCD that table 2 has: a real Evotor's log has the one, other clients may copy the other."""
    value = request.brightness
    return int(f"{value:x}") if value > BRIGHTEST and f"{value:x}".isdecimal() else value


def _looks(kkt: Kkt, request: PrintField) -> str:
    """What tells a line from one printed by 4Ch."""
    told = ["двойная высота"] if request.multiplier == DOUBLE_HEIGHT else []
    asked = {"font": request.font, "spacing": request.spacing, "brightness": _brightness(request)}
    for name, value in asked.items():
        title, field = LOOKS[name]
        if value and value != tables.number(kkt, 2, 1, field):
            told.append(f"{title} {value}")
    return ", ".join(told)


@handles(PrintCliche, prints=Prints.ALWAYS)
def print_cliche(kkt: Kkt, request: PrintCliche, at: float) -> bytes:
    """«Печать клише чека»."""
    put(kkt, _cliche(kkt))
    if tables.number(kkt, 2, 1, CUT_FIELD) & CUT_AFTER_CLICHE:
        kkt.paper.cut()
    return b""


@handles(PrintFooter, mode=(Mode.REGISTRATION, Mode.X_REPORTS), prints=Prints.ALWAYS)
def print_footer(kkt: Kkt, request: PrintFooter, at: float) -> bytes:
    """«Печать нижней части чека»: number and clock of the till, the cliché, the cut when no receipt is open.

    What it has besides the cliché is told of driver 8's method for it: the attributes that a report has too.
    """
    cliche = _cliche(kkt)
    kkt.paper.pair("ЗН ККТ", kkt.model.serial_number)
    kkt.paper.pair("", to_datetime(kkt.clock(at)).strftime("%d.%m.%y %H:%M"))
    put(kkt, cliche)
    if kkt.memory.receipt is None and tables.number(kkt, 2, 1, CUT_FIELD) & CUT_AFTER_DOCUMENT:
        kkt.paper.cut()
    return b""


def _cliche(kkt: Kkt) -> list[Piece]:
    """The first rows of table 6 in the middle of the paper, without the empty ones at the end."""
    texts = [tables.text(kkt, 6, row, 1) for row in range(1, tables.number(kkt, 2, 1, CLICHE_ROWS_FIELD) + 1)]
    while texts and not texts[-1]:
        texts.pop()
    width = kkt.paper.width
    found = [piece for text in texts for piece in pieces(kkt, text[:width])]
    return [piece if piece.is_drawing else Piece(piece.text.center(width).rstrip()) for piece in found]


@handles(CutPaper, prints=Prints.ALWAYS)
def cut_paper(kkt: Kkt, request: CutPaper, at: float) -> bytes:
    """«Отрезать чек»."""
    kkt.paper.cut()
    return b""


@handles(PrintCopy, prints=Prints.ALWAYS)
def print_copy(kkt: Kkt, request: PrintCopy, at: float) -> bytes:
    """«Повторная печать последнего документа»: AAh while it is open, AFh (a guess) when its buffer is empty.

    Reports that table 2 sends to the buffer come first: so kiosk software prints them, and drops them by 97h then.
    """
    if kkt.memory.receipt is not None:
        raise Refusal(E.NO_REPORTS)
    if kkt.memory.totals.reports.buffered:
        printing.print_buffered(kkt)
        return b""
    if not kkt.paper.has_document:
        raise Refusal(E.BUFFER_EMPTY)
    kkt.paper.print_copy()
    return b""


@handles(ForgetDocument)
def forget_document(kkt: Kkt, request: ForgetDocument, at: float) -> bytes:
    """«Очистка буфера последнего документа», and of the reports that were kept instead of printed."""
    kkt.paper.forget_document()
    kkt.memory.totals.reports.buffered = ()
    return b""


@handles(Beep)
def beep(kkt: Kkt, request: Beep, at: float) -> bytes:
    """«Гудок»."""
    _signal(kkt, "beeper", "beep")
    return b""


@handles(Sound)
def sound(kkt: Kkt, request: Sound, at: float) -> bytes:
    """«Звуковой сигнал»."""
    _signal(kkt, "beeper", f"{request.hertz} Hz, {request.duration * _TICK_SECONDS:.2f} s")
    return b""


@handles(OpenDrawer)
def open_drawer(kkt: Kkt, request: OpenDrawer, at: float) -> bytes:
    """«Открыть денежный ящик»."""
    _signal(kkt, "drawer", "open")
    return b""


@handles(PulseDrawer)
def pulse_drawer(kkt: Kkt, request: PulseDrawer, at: float) -> bytes:
    """«Импульсное открытие денежного ящика»."""
    if request.count > MOST_PULSES:
        raise Refusal(E.BAD_FORMAT)
    on, off = request.on * _TICK_SECONDS, request.off * _TICK_SECONDS
    _signal(kkt, "drawer", f"{request.count} x {on:.2f} s on, {off:.2f} s off")
    return b""


@handles(SendToPort)
def send_to_port(kkt: Kkt, request: SendToPort, at: float) -> bytes:
    """«Передать данные в порт»: 6Dh for a port that is not there."""
    if request.port not in PORTS:
        raise Refusal(E.WRONG_TARGET_DEVICE)
    if not 1 <= len(request.data) <= MOST_PORT_BYTES:
        raise Refusal(E.BAD_LENGTH)
    _signal(kkt, f"port {request.port}", request.data.hex(" ").upper())
    return b""


def _signal(kkt: Kkt, target: str, what: str) -> None:
    kkt.volatile.signals.append(Signal(target, what))
