"""Chapter «Смена и отчёты»: 9A 5A 67."""

from kktsim.device import documents, tables
from kktsim.device.dispatch import Need, handles
from kktsim.device.kkt import Kkt, to_datetime
from kktsim.device.refusal import Refusal
from kktsim.printer.paper import roubles
from protocol.atol import code_page
from protocol.atol.commands.flags import ReceiptType
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.atol.kkt_codes import E
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from protocol.fn.answers import ShiftResult
from protocol.fn.commands import FnCommand

Z_PRINTING = 0x17
"""State 7.1 in the mode byte: «обнуление таблиц и гашение регистров»."""
X_PRINTING = 0x22
"""State 2.2 in the mode byte: the X report is being printed."""
DAILY = 1
_ZERO_CASH_AT_Z = 0x04
_TYPES = {
    ReceiptType.SELL: "ПРИХОД",
    ReceiptType.SELL_RETURN: "ВОЗВРАТ ПРИХОДА",
    ReceiptType.BUY: "РАСХОД",
    ReceiptType.BUY_RETURN: "ВОЗВРАТ РАСХОДА",
}


@handles(
    OpenShift, mode=Mode.REGISTRATION, receipt=Need.CLOSED, shift=Need.CLOSED, registered=True, makes_document=True
)
def open_shift(kkt: Kkt, request: OpenShift, at: float) -> bytes:
    """«Открыть смену»: the report on opening the shift."""
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
    mirror.shift_opened_world = world
    totals.documents_in_shift = 1
    totals.shift_opening_document = made.number
    paper = kkt.paper
    paper.centre("ОТЧЁТ ОБ ОТКРЫТИИ СМЕНЫ")
    paper.pair("СМЕНА", str(mirror.shift_number))
    paper.line(f"КАССИР {cashier}")
    documents.print_footer(kkt, made)


def firmware(kkt: Kkt) -> bytes:
    """«Номер версии ККТ», tag 1188: 8 characters at most."""
    return f"{kkt.model.build:04d}".encode()


@handles(CloseShift, mode=Mode.Z_REPORTS, receipt=Need.CLOSED, shift=Need.OPEN, registered=True, makes_document=True)
def close_shift(kkt: Kkt, request: CloseShift, at: float) -> bytes:
    """«Суточный отчёт с гашением»: the report on closing the shift; then state 7.1, then selection mode."""
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
    paper = kkt.paper
    paper.centre("ОТЧЁТ О ЗАКРЫТИИ СМЕНЫ")
    paper.pair("СМЕНА", str(mirror.shift_number))
    paper.line(f"КАССИР {cashier}")
    _print_totals(kkt)
    totals.close_shift()
    if tables.number(kkt, 2, 1, 18) & _ZERO_CASH_AT_Z:
        totals.cash_kopecks = 0
    documents.print_footer(kkt, made)
    kkt.start_printing(kkt.settings.z_report_seconds, Z_PRINTING, Mode.SELECTION)
    return b""


@handles(XReport, mode=Mode.X_REPORTS)
def x_report(kkt: Kkt, request: XReport, at: float) -> bytes:
    """«Отчёт без гашения»: the daily one; others are answered A3h."""
    if request.type != DAILY:
        raise Refusal(E.WRONG_REPORT_TYPE)
    kkt.paper.centre("СУТОЧНЫЙ ОТЧЁТ БЕЗ ГАШЕНИЯ")
    kkt.paper.pair("", to_datetime(kkt.clock(at)).strftime("%d.%m.%y %H:%M"))
    _print_totals(kkt)
    kkt.paper.cut()
    kkt.start_printing(kkt.settings.x_report_seconds, X_PRINTING, Mode.X_REPORTS)
    return b""


def _print_totals(kkt: Kkt) -> None:
    paper, totals = kkt.paper, kkt.memory.totals
    for receipt_type, name in _TYPES.items():
        paper.pair(name, roubles(totals.registered.get(receipt_type, 0)))
        paper.pair("  ЧЕКОВ", str(totals.receipts.get(receipt_type, 0)))
        for form in range(1, 11):
            paid = totals.paid.get((receipt_type, form), 0)
            if paid:
                paper.pair(f"  {payment_name(kkt, form)}", roubles(paid))
    paper.pair("ВНЕСЕНИЯ", roubles(totals.cash_in_kopecks))
    paper.pair("ВЫПЛАТЫ", roubles(totals.cash_out_kopecks))
    paper.pair("НАЛИЧНЫХ В КАССЕ", roubles(totals.cash_kopecks))


def payment_name(kkt: Kkt, form: int) -> str:
    """The printed name of a payment form: cash, else table 12."""
    return "НАЛИЧНЫМИ" if form == 1 else code_page.decode(tables.value(kkt, 12, form - 1, 1)).rstrip()
