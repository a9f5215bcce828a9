"""Chapter «ФН»: A8 AB EE (55), what is printed from the FN's archive.

A8h prints the last registration report, ABh the short form of any document by its number, EEh the report whose own
printing was interrupted: by a power cut, while the till was busy with it. Sources: ATOL protocol 3.1, commands A8 AB
EE; articles agent_receipt_annulled and err_3841 (what «Итог регистрации» shows), fn_218 and err_3979 (a number that
there is not, a record without data).
"""

from collections.abc import Callable

from kktsim.device import comparison, fn_report
from kktsim.device.dispatch import Need, handles
from kktsim.device.kkt import Kkt
from kktsim.device.names import OPERATION_NAMES
from kktsim.device.printing import Prints
from kktsim.device.refusal import Refusal
from kktsim.device.registration_rules import FLAGS
from kktsim.device.requisite_prints import PRINTED_TAGS, lines, of_registration
from kktsim.printer.paper import roubles
from protocol.atol.commands.fn import FinishReport, FinishReportOld, PrintDocument, PrintSummary
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E
from protocol.ffd.tags import TAGS, T
from protocol.fn.archive_answers import (
    AnyRegistrationDetails,
    CloseArchiveDetails,
    FoundDocument,
    FullRegistrationDetails,
    ReceiptDetails,
    RegistrationDetails,
    SettlementDetails,
    ShiftDetails,
)
from protocol.fn.commands import FnCommand
from protocol.fn.layouts import LayoutError

_NUMBERS = {"РН ККТ": T.REGISTRATION_NUMBER, "ЗН ККТ": T.SERIAL_NUMBER, "ФН": T.FN_NUMBER}
_NUMBER_LIMIT = 1 << 32


@handles(
    PrintSummary, mode=Mode.FN_ACCESS, receipt=Need.CLOSED, registered=True, makes_document=True, prints=Prints.ALWAYS
)
def print_registration(kkt: Kkt, request: PrintSummary, at: float) -> bytes:
    """«Печать итогов регистрации»."""
    told = fn_report.requisites(kkt, (*PRINTED_TAGS, *FLAGS, T.FFD_VERSION, *_NUMBERS.values(), T.DOCUMENT_NUMBER), at)
    if not told:
        raise Refusal(E.FN_WRONG_STATE)
    paper = kkt.paper
    paper.centre("ИТОГ РЕГИСТРАЦИИ ККТ")
    of_registration(kkt, told)
    for title, tag in _NUMBERS.items():
        paper.pair(title, told.get(tag, b"").decode("cp866").strip())
    paper.pair("ФД", str(int.from_bytes(told.get(T.DOCUMENT_NUMBER, b""), "little")))
    paper.cut()
    return b""


@handles(PrintDocument, mode=Mode.FN_ACCESS, receipt=Need.CLOSED, makes_document=True, prints=Prints.ALWAYS)
def print_document(kkt: Kkt, request: PrintDocument, at: float) -> bytes:
    """«Печать фискального документа по номеру»: of one that there is not the FN says 08h, wire code DAh."""
    print_from_archive(kkt, request.number, at)
    return b""


@handles(FinishReport, receipt=Need.CLOSED, makes_document=True, prints=Prints.ALWAYS)
def finish_report(kkt: Kkt, request: FinishReport, at: float) -> bytes:
    """«Допечатать фискальный отчёт»; when none is due, AAh «Нет отчетов» (guess). The long form is unknown: 7Ah.

    With another FN in the slot it is refused as a document would be: the report lies in the old one.
    """
    if request.group:
        raise Refusal(E.UNKNOWN_COMMAND)
    return _finish(kkt, at)


@handles(FinishReportOld, receipt=Need.CLOSED, makes_document=True, prints=Prints.ALWAYS)
def finish_report_old(kkt: Kkt, request: FinishReportOld, at: float) -> bytes:
    """«Допечатать фискальный отчёт», the other byte."""
    return _finish(kkt, at)


def _finish(kkt: Kkt, at: float) -> bytes:
    number = kkt.memory.unprinted_report
    if not number:
        raise Refusal(E.NO_REPORTS)
    comparison.compare(kkt, at, adopts=True)
    print_from_archive(kkt, number, at)
    kkt.memory.unprinted_report = 0
    return b""


def print_from_archive(kkt: Kkt, number: int, at: float) -> None:
    """Print the short form of a document; raises `Refusal` when the FN does not give it."""
    if number >= _NUMBER_LIMIT:
        raise Refusal(E.FN_NO_DATA)
    data = kkt.fn.do(FnCommand.FIND_DOCUMENT, number.to_bytes(4, "little"), at)
    paper = kkt.paper
    paper.centre("ДОКУМЕНТ ИЗ АРХИВА ФН")
    try:
        found = FoundDocument.parse(data)
    except (LayoutError, ValueError):
        _print_without_data(kkt, number)
        return
    paper.centre(TAGS[found.type].name_ru.upper())
    PRINTERS[type(found.details)](kkt, found.details)
    paper.pair("ФД", str(found.number))
    paper.pair("ФПД", f"{found.sign:010d}")
    paper.pair("", found.at.strftime("%d.%m.%y %H:%M"))
    paper.pair("ПЕРЕДАН В ОФД", "ДА" if found.is_confirmed else "НЕТ")
    paper.cut()


def _print_without_data(kkt: Kkt, number: int) -> None:
    """A record that the FN has lost: its fields are zeros."""
    paper = kkt.paper
    paper.pair("ИТОГ", f"={roubles(0)}")
    paper.pair("ФД", str(number))
    paper.pair("ФПД", "0" * 10)
    paper.pair("", "00.00.00 00:00")
    paper.cut()


def _print_registration(kkt: Kkt, details: AnyRegistrationDetails) -> None:
    kkt.paper.pair("ИНН", details.inn)
    kkt.paper.pair("РН ККТ", details.registration_number)
    for line in lines(T.TAX_SYSTEMS, bytes((details.tax_systems,))):
        kkt.paper.line(line)
    kkt.paper.pair("РЕЖИМ РАБОТЫ", f"{details.work_mode:02X}")
    if details.reason is not None:
        kkt.paper.pair("КОД ПРИЧИНЫ ПЕРЕРЕГИСТРАЦИИ", str(details.reason))


def _print_shift(kkt: Kkt, details: ShiftDetails) -> None:
    kkt.paper.pair("СМЕНА", str(details.shift))


def _print_receipt(kkt: Kkt, details: ReceiptDetails) -> None:
    kkt.paper.pair(OPERATION_NAMES[details.operation], f"={roubles(details.total_kopecks)}")


def _print_close_archive(kkt: Kkt, details: CloseArchiveDetails) -> None:
    kkt.paper.pair("ИНН", details.inn)
    kkt.paper.pair("РН ККТ", details.registration_number)


def _print_settlement(kkt: Kkt, details: SettlementDetails) -> None:
    kkt.paper.pair("НЕПЕРЕДАННЫХ ФД", str(details.unsent_documents))
    if details.first_unsent is not None:
        kkt.paper.pair("ПЕРВЫЙ ОТ", details.first_unsent.strftime("%d.%m.%y"))


PRINTERS: dict[type, Callable[..., None]] = {
    RegistrationDetails: _print_registration,
    FullRegistrationDetails: _print_registration,
    ShiftDetails: _print_shift,
    ReceiptDetails: _print_receipt,
    CloseArchiveDetails: _print_close_archive,
    SettlementDetails: _print_settlement,
}
"""What the short form of a document is on paper, by its layout."""
