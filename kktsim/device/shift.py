"""Chapter «Смена и отчёты»: 9A 5A 67."""

from kktsim.device import daily_report, documents, printing, reports, settlement, tables
from kktsim.device.dispatch import Need, handles
from kktsim.device.kkt import Kkt
from kktsim.device.printing import Prints
from kktsim.device.refusal import Refusal
from kktsim.printer.paper import roubles
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.atol.kkt_codes import E
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from protocol.fn.answers import ShiftResult
from protocol.fn.commands import FnCommand

Z_PRINTING, Z_RESETTING = 0x23, 0x17
"""Mode bytes of states 3.2 «снятие отчёта с гашением» and 7.1 «обнуление таблиц и гашение регистров»."""


def _opening_is_printed(kkt: Kkt) -> bool:
    return bool(tables.number(kkt, 2, 1, 43))


def _opening_prints(kkt: Kkt, request: OpenShift) -> Prints:
    return printing.of_report(kkt, is_printed=_opening_is_printed(kkt))


@handles(
    OpenShift,
    mode=Mode.REGISTRATION,
    receipt=Need.CLOSED,
    shift=Need.CLOSED,
    registered=True,
    makes_document=True,
    prints=_opening_prints,
)
def open_shift(kkt: Kkt, request: OpenShift, at: float) -> bytes:
    """«Открыть смену»: the report on opening the shift. 14h: the text is longer than a line of paper (a guess)."""
    if len(request.text) > kkt.model.characters:
        raise Refusal(E.BAD_LENGTH)
    open_new(kkt, at)
    return b""


def open_new(kkt: Kkt, at: float) -> None:
    """Make the report on opening the shift; raises `Refusal` with nothing changed."""
    documents.compare(kkt, at)
    requisites = [
        tlv(T.FFD_VERSION, documents.FFD_1_05),
        *documents.cashier(kkt),
        tlv(T.KKT_VERSION, firmware(kkt)),
        tlv(T.KKT_FFD_VERSION, documents.FFD_1_05),
    ]
    cashier = documents.cashier_name(kkt)
    answer, world = documents.make(
        kkt,
        (FnCommand.BEGIN_OPEN_SHIFT, documents.dated(kkt, at)),
        requisites,
        (FnCommand.OPEN_SHIFT, b""),
        at,
    )
    result = ShiftResult.parse(answer)
    made = documents.adopt(kkt, result.number, result.sign, world)
    mirror, totals = kkt.memory.mirror, kkt.memory.totals
    mirror.shift_number = result.shift
    mirror.shift_is_open = True
    mirror.previous_opened_world = mirror.shift_opened_world
    mirror.shift_opened_world = world
    totals.documents_in_shift = 1
    totals.shift_opening_document = made.number
    with printing.report(kkt, is_printed=_opening_is_printed(kkt)):
        paper = kkt.paper
        paper.centre("ОТЧЁТ ОБ ОТКРЫТИИ СМЕНЫ")
        paper.pair("СМЕНА", str(mirror.shift_number))
        paper.line(f"КАССИР {cashier}")
        documents.print_footer(kkt, made)


def ensure_open(kkt: Kkt, at: float) -> None:
    """Open a closed shift for the first receipt or cash operation in it; what E8h told stays told for that.

    Raises `Refusal`: 8Fh when the settings say that only 9Ah opens a shift; EEh/0301h when the paper ends in the report
    on opening it: the shift is open then, the report waits for EEh, and what the shift was opened for is not begun.
    """
    if kkt.memory.mirror.shift_is_open:
        return
    if not kkt.settings.receipt_opens_shift:
        raise Refusal(E.SHIFT_CLOSED)
    told = documents.told(kkt)
    before = printing.standing(kkt)
    open_new(kkt, at)
    documents.tell_again(kkt, told)
    printing.interrupt(kkt, before)


def firmware(kkt: Kkt) -> bytes:
    """«Номер версии ККТ», tag 1188: 8 characters at most."""
    return f"{kkt.model.build:04d}".encode()


def _closing_is_printed(kkt: Kkt) -> bool:
    return daily_report.OfZ.NOT_PRINTED not in daily_report.of_z(kkt)


def _closing_prints(kkt: Kkt, request: CloseShift) -> Prints:
    return printing.of_report(kkt, is_printed=_closing_is_printed(kkt))


@handles(
    CloseShift,
    mode=Mode.Z_REPORTS,
    receipt=Need.CLOSED,
    shift=Need.OPEN,
    registered=True,
    makes_document=True,
    prints=_closing_prints,
)
def close_shift(kkt: Kkt, request: CloseShift, at: float) -> bytes:
    """«Суточный отчёт с гашением»: the report on closing the shift; states 3.2 and 7.1, then selection mode."""
    documents.compare(kkt, at, adopts=True)
    cashier = documents.cashier_name(kkt)
    answer, world = documents.make(
        kkt,
        (FnCommand.BEGIN_CLOSE_SHIFT, documents.dated(kkt, at)),
        [tlv(T.FFD_VERSION, documents.FFD_1_05), *documents.cashier(kkt)],
        (FnCommand.CLOSE_SHIFT, b""),
        at,
    )
    result = ShiftResult.parse(answer)
    made = documents.adopt(kkt, result.number, result.sign, world)
    mirror, totals = kkt.memory.mirror, kkt.memory.totals
    mirror.shift_number = result.shift
    mirror.shift_is_open = False
    mirror.shift_closed_world = world
    is_printed = _closing_is_printed(kkt)
    with printing.report(kkt, is_printed=is_printed):
        _print_z(kkt, cashier, at)
        documents.print_footer(kkt, made)
    totals.close_shift()
    if daily_report.Daily.EMPTIES_DRAWER in daily_report.daily(kkt):
        totals.cash_kopecks = 0
    first, document = (kkt.settings.z_printing_seconds, Z_PRINTING), made.number if is_printed else 0
    kkt.start_printing(kkt.settings.z_report_seconds, Z_RESETTING, Mode.SELECTION, first=first, document=document)
    return b""


def _print_z(kkt: Kkt, cashier: str, at: float) -> None:
    paper = kkt.paper
    if daily_report.Daily.SECTIONS_FIRST in daily_report.daily(kkt):
        paper.centre("ОТЧЁТ ПО СЕКЦИЯМ")
        reports.print_sections(kkt, at)
        paper.cut()
    paper.centre("ОТЧЁТ О ЗАКРЫТИИ СМЕНЫ")
    paper.pair("СМЕНА", str(kkt.memory.mirror.shift_number))
    paper.line(f"КАССИР {cashier}")
    daily_report.print_totals(kkt, is_z=True)
    if daily_report.Daily.EMPTIES_DRAWER in daily_report.daily(kkt):
        paper.pair("ИНКАССАЦИЯ", roubles(kkt.memory.totals.cash_shown_kopecks))


@handles(XReport, mode=Mode.X_REPORTS, makes_document=True, prints=Prints.ALWAYS)
def x_report(kkt: Kkt, request: XReport, at: float) -> bytes:
    """«Отчёт без гашения»: counters of the till, or the state of settlements, which is a document of the FN."""
    if request.type == settlement.REPORT_TYPE:
        settlement.make_report(kkt, at)
        mode_byte, document = reports.PRINTING, kkt.memory.mirror.document_number
    else:
        mode_byte, document = reports.print_report(kkt, request.type, at), 0
    kkt.start_printing(kkt.settings.x_report_seconds, mode_byte, Mode.X_REPORTS, document=document)
    return b""
