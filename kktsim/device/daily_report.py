"""«Суточный отчёт»: what the X and the Z report print of the totals. Nothing is changed here.

What is printed is chosen by table 2: field 18 (non-nullable sums, emptying the drawer, the extended report, counts of
receipts, the sections first), 46 (the non-nullable sum at the shift's start), 75 (taxes), 105 (more of all that), 118
(the Z report). Source: ATOL protocol 3.1, table 2; names of the bits: ATOL's driver 10.8. The looks are a guess.
"""

from collections.abc import Iterable
from enum import IntFlag

from kktsim.device import tables
from kktsim.device.kkt import Kkt
from kktsim.device.names import TYPE_NAMES, payment_name, tax_name
from kktsim.printer.paper import roubles
from protocol.atol.commands.flags import ReceiptType as R

_USUAL = frozenset((R.SELL, R.SELL_RETURN, R.BUY, R.BUY_RETURN))
_PLUS = frozenset((R.SELL, R.SELL_CORRECTION, R.BUY_RETURN, R.BUY_RETURN_CORRECTION))
_MINUS = TYPE_NAMES.keys() - _PLUS


class Daily(IntFlag):
    """Table 2, field 18."""

    NON_NULLABLE = 0x01
    EMPTIES_DRAWER = 0x04
    EXTENDED = 0x08
    COUNTS = 0x20
    SECTIONS_FIRST = 0x40


class AtStart(IntFlag):
    """Table 2, field 46."""

    IN_Z = 0x01
    IN_X = 0x02


class More(IntFlag):
    """Table 2, field 105."""

    ZERO_TAXES = 0x01
    NON_NULLABLE_SELL_RETURNS = 0x02
    NON_NULLABLE_BUY_RETURNS = 0x04
    CANCELLED = 0x08
    WITHOUT_TYPES = 0x10
    ZERO_SUMS = 0x20
    NUMBER_IN_SHOP = 0x80


class OfZ(IntFlag):
    """Table 2, field 118."""

    NOT_PRINTED = 0x01
    SELLS_BY_FORM = 0x02
    BUYS_BY_FORM = 0x04


def daily(kkt: Kkt) -> Daily:
    """Field 18."""
    return Daily(tables.number(kkt, 2, 1, 18))


def of_z(kkt: Kkt) -> OfZ:
    """Field 118."""
    return OfZ(tables.number(kkt, 2, 1, 118))


def revenue_kopecks(kkt: Kkt) -> int:
    """«Выручка»: sales and returns of purchases less purchases and returns of sales, this shift."""
    registered = kkt.memory.totals.registered
    return sum(registered.get(kind, 0) for kind in _PLUS) - sum(registered.get(kind, 0) for kind in _MINUS)


def print_totals(kkt: Kkt, *, is_z: bool) -> None:
    """The body of the report."""
    more, paper, totals = More(tables.number(kkt, 2, 1, 105)), kkt.paper, kkt.memory.totals
    if More.NUMBER_IN_SHOP in more:
        paper.pair("НОМЕР ККТ", str(tables.number(kkt, 2, 1, 1)))
    if More.WITHOUT_TYPES not in more:
        for kind, name in TYPE_NAMES.items():
            if kind in _USUAL or totals.receipts.get(kind) or totals.cancelled.get(kind):
                paper.pair(name, roubles(totals.registered.get(kind, 0)))
                _print_type(kkt, kind, more)
    paper.pair("ВЫРУЧКА", roubles(revenue_kopecks(kkt)))
    paper.pair("ВНЕСЕНИЯ", roubles(totals.cash_in_kopecks))
    paper.pair("ВЫПЛАТЫ", roubles(totals.cash_out_kopecks))
    paper.pair("НАЛИЧНЫХ В КАССЕ", roubles(totals.cash_shown_kopecks))
    _print_non_nullable(kkt, more, is_z=is_z)


def _print_type(kkt: Kkt, kind: int, more: More) -> None:
    totals, zeros, asked = kkt.memory.totals, More.ZERO_SUMS in more, daily(kkt)
    extended = Daily.EXTENDED in asked
    if extended or Daily.COUNTS in asked:
        kkt.paper.pair("  ЧЕКОВ", str(totals.receipts.get(kind, 0)))
    if extended:
        kkt.paper.pair("  РЕГИСТРАЦИЙ", str(totals.registrations.get(kind, 0)))
    forms = [(payment_name(kkt, form), totals.paid.get((kind, form), 0)) for form in tables.PAYMENT_FORMS]
    _print_sums(kkt, forms[:5], zeros)
    _print_sums(kkt, forms[5:], with_zeros=False)
    if tables.number(kkt, 2, 1, 75):
        taxes = [(tax_name(kkt, row), totals.taxes.get((kind, row), 0)) for row in tables.TAX_ROWS]
        _print_sums(kkt, taxes, with_zeros=More.ZERO_TAXES in more)
    changes = [("СКИДКИ", totals.discounts.get(kind, 0)), ("НАДБАВКИ", totals.surcharges.get(kind, 0))]
    _print_sums(kkt, changes, zeros and extended)
    if More.CANCELLED in more:
        kkt.paper.pair("  АННУЛИРОВАНО ЧЕКОВ", str(totals.cancelled.get(kind, 0)))
    _print_sums(kkt, [("АННУЛИРОВАНО", totals.cancelled_sums.get(kind, 0))], zeros and extended)


def _print_sums(kkt: Kkt, sums: Iterable[tuple[str, int]], with_zeros: bool) -> None:
    for name, kopecks in sums:
        if kopecks or with_zeros:
            kkt.paper.pair(f"  {name}", roubles(kopecks))


def _print_non_nullable(kkt: Kkt, more: More, *, is_z: bool) -> None:
    """«Необнуляемая сумма»: of sales and purchases, of returns when asked for; first those at the shift's start."""
    totals = kkt.memory.totals
    kinds: list[int] = [R.SELL, R.BUY]
    if More.NON_NULLABLE_SELL_RETURNS in more:
        kinds.append(R.SELL_RETURN)
    if More.NON_NULLABLE_BUY_RETURNS in more:
        kinds.append(R.BUY_RETURN)
    if (AtStart.IN_Z if is_z else AtStart.IN_X) in AtStart(tables.number(kkt, 2, 1, 46)):
        kkt.paper.line("НЕОБН. СУММА НА НАЧАЛО СМЕНЫ")
        _print_kinds(kkt, {kind: totals.non_nullable.get(kind, 0) - totals.registered.get(kind, 0) for kind in kinds})
    if Daily.NON_NULLABLE in daily(kkt):
        kkt.paper.line("НЕОБНУЛЯЕМАЯ СУММА")
        _print_kinds(kkt, {kind: totals.non_nullable.get(kind, 0) for kind in kinds})
    if is_z:
        for bit, kind in ((OfZ.SELLS_BY_FORM, R.SELL), (OfZ.BUYS_BY_FORM, R.BUY)):
            if bit in of_z(kkt):
                kkt.paper.line(f"НЕОБН. СУММА, {TYPE_NAMES[kind]}")
                paid = totals.non_nullable_paid
                _print_sums(kkt, [(payment_name(kkt, form), paid.get((kind, form), 0)) for form in range(1, 6)], True)


def _print_kinds(kkt: Kkt, sums: dict[int, int]) -> None:
    _print_sums(kkt, [(TYPE_NAMES[kind], kopecks) for kind, kopecks in sums.items()], with_zeros=True)
