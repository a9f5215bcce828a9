"""What the reports on opening and closing a shift leave: mirror, totals, paper."""

from kktsim.device import daily_report, documents, printing, reports, tables
from kktsim.device.documents import Made
from kktsim.device.kkt import Kkt
from kktsim.device.state import Intent
from kktsim.printer.paper import roubles


def opening_is_printed(kkt: Kkt) -> bool:
    """By the tables."""
    return bool(tables.number(kkt, 2, 1, 43))


def closing_is_printed(kkt: Kkt) -> bool:
    """By the tables."""
    return daily_report.OfZ.NOT_PRINTED not in daily_report.of_z(kkt)


def complete_opening(kkt: Kkt, intent: Intent, made: Made) -> None:
    """«Отчёт об открытии смены»."""
    documents.adopt(kkt, made)
    mirror, totals = kkt.memory.mirror, kkt.memory.totals
    mirror.shift_number = made.shift
    mirror.shift_is_open = True
    mirror.previous_opened_world = mirror.shift_opened_world
    mirror.shift_opened_world = made.world
    totals.documents_in_shift = 1
    totals.shift_opening_document = made.number
    with printing.report(kkt, is_printed=opening_is_printed(kkt)):
        paper = kkt.paper
        paper.centre("ОТЧЁТ ОБ ОТКРЫТИИ СМЕНЫ")
        paper.pair("СМЕНА", str(mirror.shift_number))
        paper.line(f"КАССИР {intent.cashier}")
        documents.print_footer(kkt, made)


def complete_closing(kkt: Kkt, intent: Intent, made: Made) -> None:
    """«Отчёт о закрытии смены»; the counters of the shift are printed, then reset."""
    documents.adopt(kkt, made)
    mirror, totals = kkt.memory.mirror, kkt.memory.totals
    mirror.shift_number = made.shift
    mirror.shift_is_open = False
    mirror.shift_closed_world = made.world
    with printing.report(kkt, is_printed=closing_is_printed(kkt)):
        _print_z(kkt, intent, made)
        documents.print_footer(kkt, made)
    totals.close_shift()
    if daily_report.Daily.EMPTIES_DRAWER in daily_report.daily(kkt):
        totals.cash_kopecks = 0


def _print_z(kkt: Kkt, intent: Intent, made: Made) -> None:
    paper = kkt.paper
    if daily_report.Daily.SECTIONS_FIRST in daily_report.daily(kkt):
        paper.centre("ОТЧЁТ ПО СЕКЦИЯМ")
        reports.print_sections(kkt, made.world)
        paper.cut()
    paper.centre("ОТЧЁТ О ЗАКРЫТИИ СМЕНЫ")
    paper.pair("СМЕНА", str(made.shift))
    paper.line(f"КАССИР {intent.cashier}")
    daily_report.print_totals(kkt, is_z=True)
    if daily_report.Daily.EMPTIES_DRAWER in daily_report.daily(kkt):
        paper.pair("ИНКАССАЦИЯ", roubles(kkt.memory.totals.cash_shown_kopecks))
