"""Chapter «Смена и отчёты»: 9A 5A 67."""

from dataclasses import replace

from kktsim.device import booking, comparison, documents, printing, reports, settlement
from kktsim.device.booking.shift import closing_is_printed, opening_is_printed
from kktsim.device.dispatch import Need, handles
from kktsim.device.kkt import Kkt
from kktsim.device.printing import Prints
from kktsim.device.refusal import Refusal
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.atol.kkt_codes import E
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from protocol.fn.answers import ShiftResult
from protocol.fn.commands import FnCommand

Z_PRINTING, Z_RESETTING = 0x23, 0x17
"""Mode bytes of states 3.2 «снятие отчёта с гашением» and 7.1 «обнуление таблиц и гашение регистров»."""


def _opening_prints(kkt: Kkt, request: OpenShift) -> Prints:
    return printing.of_report(kkt, is_printed=opening_is_printed(kkt))


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
    """Make the report on opening the shift; raises `Refusal` with nothing changed.

    A shift that the FN has opened unheard is open by that.
    """
    status = comparison.compare(kkt, at)
    if kkt.memory.mirror.shift_is_open:
        return
    requisites = [
        *documents.ffd_version(kkt),
        *documents.cashier(kkt),
        tlv(T.KKT_VERSION, firmware(kkt)),
        *documents.kkt_ffd_version(kkt),
    ]
    intent = documents.intend(kkt, DocumentType.SHIFT_OPEN, at, status)
    intent = replace(intent, cashier=documents.cashier_name(kkt))
    beginning = (FnCommand.BEGIN_OPEN_SHIFT, documents.dated(kkt, at))
    answer = documents.make(kkt, intent, beginning, requisites, (FnCommand.OPEN_SHIFT, b""), at)
    result = ShiftResult.parse(answer)
    booking.complete(kkt, intent, documents.Made(result.number, result.sign, intent.world, result.shift))


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


def _closing_prints(kkt: Kkt, request: CloseShift) -> Prints:
    return printing.of_report(kkt, is_printed=closing_is_printed(kkt))


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
    """«Суточный отчёт с гашением»: the report on closing the shift; states 3.2 and 7.1, then selection mode.

    A shift that the FN has closed unheard is closed by that.
    """
    status = comparison.compare(kkt, at, adopts=kkt.settings.reports_adopt_fn)
    if kkt.memory.mirror.shift_is_open:
        intent = documents.intend(kkt, DocumentType.SHIFT_CLOSE, at, status)
        intent = replace(intent, cashier=documents.cashier_name(kkt))
        beginning = (FnCommand.BEGIN_CLOSE_SHIFT, documents.dated(kkt, at))
        requisites = [*documents.ffd_version(kkt), *documents.cashier(kkt)]
        answer = documents.make(kkt, intent, beginning, requisites, (FnCommand.CLOSE_SHIFT, b""), at)
        result = ShiftResult.parse(answer)
        booking.complete(kkt, intent, documents.Made(result.number, result.sign, intent.world, result.shift))
    first, document = (kkt.settings.z_printing_seconds, Z_PRINTING), 0
    if closing_is_printed(kkt):
        document = kkt.memory.mirror.document_number
    kkt.start_printing(kkt.settings.z_report_seconds, Z_RESETTING, Mode.SELECTION, first=first, document=document)
    return b""


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
