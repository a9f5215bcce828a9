"""«Отчёты без гашения»: what 67h prints besides the daily report, and what is counted for it when a receipt is closed.

Types: ATOL protocol 3.1, command 67, and ATOL's driver 10.8 as observed (16h: discounts). By 10h, 11h and 12h that
driver means counters of an FN with FFD 1.1; the protocol means goods by 10h, and no modelled FN has counters. What a
report prints is told by its name; its looks are a guess.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from kktsim.device import daily_report, tables
from kktsim.device.kkt import Kkt, to_datetime
from kktsim.device.names import TYPE_NAMES
from kktsim.device.refusal import Refusal
from kktsim.device.report_counters import Amount, Goods, increase
from kktsim.device.requisite_prints import TAX_SYSTEMS
from kktsim.device.state import Closing
from kktsim.device.wear import cuts, head_cycles, motor_steps
from kktsim.printer.paper import quantity, roubles
from protocol.atol.kkt_codes import E
from protocol.fn.answers import FnStatus, parse_word
from protocol.fn.commands import FnCommand

K = TypeVar("K", bound=Hashable)
PRINTING, SERVICE_PRINTING = 0x22, 0x32
"""Mode bytes while a report prints: states 2.2 and 2.3."""
SECTIONS = 16
"""Rows of table 7."""


def count(kkt: Kkt, closing: Closing, world: float) -> None:
    """A receipt was closed. ``world``: its date and time, by the till's clock."""
    receipt = closing.receipt
    counters, kind = kkt.memory.totals.reports, int(receipt.type)
    for item in receipt.items:
        goods = Goods(kind, closing.tax_system, item.section, item.name)
        increase(counters.goods, goods, Amount(1, item.cost_kopecks, item.quantity_milli))
    whole = Amount(1, receipt.sum_kopecks)
    increase(counters.cashiers, (closing.operator, kind), whole)
    increase(counters.hours, (to_datetime(world).hour, kind), whole)


@dataclass(frozen=True, slots=True)
class Report:
    """One type of 67h. ``mode_byte``: shown while it prints."""

    title: str
    body: Callable[[Kkt, float], None]
    mode_byte: int = PRINTING


def print_report(kkt: Kkt, number: int, at: float) -> int:
    """Print the report of this type; the mode byte to show meanwhile. Raises `Refusal`: A3h no such type."""
    if number in NEED_FN_COUNTERS:
        raise Refusal(E.NO_REPORTS)
    report = REPORTS.get(number)
    if report is None:
        raise Refusal(E.WRONG_REPORT_TYPE)
    kkt.paper.centre(report.title)
    kkt.paper.pair("", to_datetime(kkt.clock(at)).strftime("%d.%m.%y %H:%M"))
    report.body(kkt, at)
    kkt.paper.cut()
    return report.mode_byte


# ---- sums of what was counted


def _grouped(amounts: Iterable[tuple[Goods, Amount]], key: Callable[[Goods], K]) -> dict[K, Amount]:
    found: dict[K, Amount] = {}
    for goods, amount in amounts:
        increase(found, key(goods), amount)
    return found


def _by(kkt: Kkt, key: Callable[[Goods], K]) -> dict[K, Amount]:
    return _grouped(kkt.memory.totals.reports.goods.items(), key)


def _section_name(kkt: Kkt, section: int) -> str:
    """«Секция»: its name in table 7; section 0 and those without a row by their number."""
    return tables.text(kkt, 7, section, 1) if 1 <= section <= SECTIONS else f"СЕКЦИЯ {section:02d}"


def _cashier_name(kkt: Kkt, row: int) -> str:
    return tables.text(kkt, 3, row, 2) if row else "БЕЗ КАССИРА"


def print_sections(kkt: Kkt, at: float) -> None:
    """What was sold in each section, by receipt type."""
    _print_groups(kkt, _by(kkt, lambda goods: (goods.section, goods.type)), _section_name, _roubles)


def _print_cashiers(kkt: Kkt, at: float) -> None:
    _print_groups(kkt, kkt.memory.totals.reports.cashiers, _cashier_name, _roubles)


def _print_hours(kkt: Kkt, at: float) -> None:
    _print_groups(kkt, kkt.memory.totals.reports.hours, _hour_name, _roubles)


def _print_quantities(kkt: Kkt, at: float) -> None:
    """How many of what: items by section, then receipts and slips."""
    _print_groups(kkt, _by(kkt, lambda goods: (goods.section, goods.type)), _section_name, _quantity)
    totals = kkt.memory.totals
    for kind, name in TYPE_NAMES.items():
        if totals.receipts.get(kind) or totals.cancelled.get(kind):
            kkt.paper.pair(f"ЧЕКОВ: {name}", str(totals.receipts.get(kind, 0)))
            kkt.paper.pair("  АННУЛИРОВАНО", str(totals.cancelled.get(kind, 0)))
    kkt.paper.pair("ВНЕСЕНИЙ", str(totals.cash_in_count))
    kkt.paper.pair("ВЫПЛАТ", str(totals.cash_out_count))


def _hour_name(kkt: Kkt, hour: int) -> str:
    return f"{hour:02d}:00 - {hour:02d}:59"


def _roubles(amount: Amount) -> str:
    """The sum of an amount."""
    return roubles(amount.kopecks)


def _quantity(amount: Amount) -> str:
    """The quantity of an amount."""
    return quantity(amount.milli)


def _print_groups(
    kkt: Kkt,
    amounts: dict[tuple[int, int], Amount],
    name: Callable[[Kkt, int], str],
    told: Callable[[Amount], str],
) -> None:
    """(Group, receipt type) to amount, a block for each group."""
    for group in sorted({group for group, _ in amounts}):
        kkt.paper.line(name(kkt, group))
        for kind, type_name in TYPE_NAMES.items():
            amount = amounts.get((group, kind))
            if amount is not None:
                kkt.paper.pair(f"  {type_name} ({amount.times})", told(amount))


def _goods_in(group: Callable[[Goods], Any], name: Callable[[Kkt, Any], str]) -> Callable[[Kkt, float], None]:
    """A body that lists goods under each value of ``group``."""

    def body(kkt: Kkt, at: float) -> None:
        counted = kkt.memory.totals.reports.goods
        for value in sorted({group(goods) for goods in counted}):
            if heading := name(kkt, value):
                kkt.paper.line(heading)
            chosen = {goods: amount for goods, amount in counted.items() if group(goods) == value}
            for (kind, title), amount in _grouped(chosen.items(), lambda goods: (goods.type, goods.name)).items():
                kkt.paper.line(title)
                kkt.paper.pair(f"  {TYPE_NAMES[kind]} {_quantity(amount)}", _roubles(amount))

    return body


def _print_goods_by_sums(kkt: Kkt, at: float) -> None:
    """Every goods, those of the largest sum first."""
    sums = _by(kkt, lambda goods: (goods.type, goods.name))
    for (kind, title), amount in sorted(sums.items(), key=lambda pair: (-pair[1].kopecks, pair[0])):
        kkt.paper.line(title)
        kkt.paper.pair(f"  {TYPE_NAMES[kind]} {_quantity(amount)}", _roubles(amount))


def _tax_system_name(kkt: Kkt, system: int) -> str:
    return TAX_SYSTEMS[system.bit_length() - 1]


def _print_discounts(kkt: Kkt, at: float) -> None:
    totals = kkt.memory.totals
    for kind, name in TYPE_NAMES.items():
        less, more = totals.discounts.get(kind, 0), totals.surcharges.get(kind, 0)
        if less or more:
            kkt.paper.line(name)
            kkt.paper.pair("  СКИДКИ", roubles(less))
            kkt.paper.pair("  НАДБАВКИ", roubles(more))


def _print_service(kkt: Kkt, at: float) -> None:
    """State of till, printer and FN, for the engineer."""
    paper, model = kkt.paper, kkt.model
    paper.line(model.title)
    paper.pair("ЗН ККТ", model.serial_number)
    paper.pair("ВЕРСИЯ ПО", f"{model.version[0]}.{model.version[1]}.{model.build:04d}")
    paper.pair("ЧАСОВ РАБОТЫ", str(int(at - kkt.volatile.started_world) // 3600))
    paper.pair("ШАГОВ ДВИГАТЕЛЯ", str(motor_steps(kkt)))
    paper.pair("РЕСУРС ГОЛОВКИ", str(head_cycles(kkt)))
    paper.pair("ОТРЕЗОВ", str(cuts(kkt)))
    paper.pair("ОБЩИХ ГАШЕНИЙ", str(kkt.memory.totals.general_resets))
    for kind, kopecks in sorted(kkt.memory.totals.non_nullable.items()):
        paper.line(f"НЕОБН. СУММА, {TYPE_NAMES[kind]}")
        paper.pair("", roubles(kopecks))
    try:
        fn = FnStatus.parse(kkt.fn.do(FnCommand.STATUS, b"", at))
        unsent = parse_word(kkt.fn.do(FnCommand.UNSENT_COUNT, b"", at))
    except Refusal as refusal:
        paper.pair("ФН", f"ОШИБКА {int(refusal.code)}")
        return
    paper.pair("ФН", fn.number)
    paper.pair("ПОСЛЕДНИЙ ФД", str(fn.last_document))
    paper.pair("НЕ ПЕРЕДАНО", str(unsent))


def _print_daily(kkt: Kkt, at: float) -> None:
    if daily_report.Daily.SECTIONS_FIRST in daily_report.daily(kkt):
        print_sections(kkt, at)
    daily_report.print_totals(kkt, is_z=False)


REPORTS: dict[int, Report] = {
    1: Report("СУТОЧНЫЙ ОТЧЁТ БЕЗ ГАШЕНИЯ", _print_daily),
    2: Report("ОТЧЁТ ПО СЕКЦИЯМ", print_sections),
    3: Report("ОТЧЁТ ПО КАССИРАМ", _print_cashiers),
    5: Report("ПОЧАСОВОЙ ОТЧЁТ", _print_hours),
    7: Report("ОТЧЁТ КОЛИЧЕСТВ", _print_quantities),
    8: Report("СЛУЖЕБНЫЙ ОТЧЁТ", _print_service, SERVICE_PRINTING),
    10: Report("ОТЧЁТ ПО ТОВАРАМ", _goods_in(lambda goods: 0, lambda kkt, group: "")),
    13: Report("ОТЧЁТ ПО ТОВАРАМ ПО СНО", _goods_in(lambda goods: goods.tax_system, _tax_system_name)),
    14: Report("ОТЧЁТ ПО ТОВАРАМ ПО СЕКЦИЯМ", _goods_in(lambda goods: goods.section, _section_name)),
    15: Report("ОТЧЁТ ПО ТОВАРАМ ПО СУММАМ", _print_goods_by_sums),
    16: Report("ОТЧЁТ ПО СКИДКАМ И НАДБАВКАМ", _print_discounts),
}
"""Type of 67h, decimal, to the report; type 9 is a document of the FN."""
NEED_FN_COUNTERS = frozenset((11, 12))
"""Types of counters of the FN: answered AAh «Нет отчетов» (guess) by a till whose FN has none."""
