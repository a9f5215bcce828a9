"""Registers of money and counts: of the shift, and those that no report resets."""

from kktsim.device import daily_report
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal
from kktsim.device.registers.sources import Values, payment_form, receipt_type, source, tax_row
from protocol.atol.commands.flags import ReceiptType
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.kkt_codes import E

SHIFT_TOTAL_TYPES = {
    0: ReceiptType.SELL,
    1: ReceiptType.BUY,
    2: ReceiptType.SELL_RETURN,
    3: ReceiptType.BUY_RETURN,
    4: ReceiptType.SELL_CORRECTION,
    5: ReceiptType.BUY_CORRECTION,
}
"""First parameter of register 0Ch."""


@source(0x01)
def _registered(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"sum_kopecks": kkt.memory.totals.registered.get(receipt_type(request), 0)}


@source(0x03)
def _paid(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    key = (receipt_type(request), payment_form(request))
    return {"sum_kopecks": kkt.memory.totals.paid.get(key, 0)}


@source(0x04)
def _cash_in(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"sum_kopecks": kkt.memory.totals.cash_in_kopecks}


@source(0x05)
def _cash_out(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"sum_kopecks": kkt.memory.totals.cash_out_kopecks}


@source(0x06)
def _registrations(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"count": kkt.memory.totals.registrations.get(receipt_type(request), 0)}


@source(0x08)
def _cash_in_count(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"count": kkt.memory.totals.cash_in_count}


@source(0x09)
def _cash_out_count(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"count": kkt.memory.totals.cash_out_count}


@source(0x0A)
def _cash(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"sum_kopecks": kkt.memory.totals.cash_shown_kopecks}


@source(0x0B)
def _revenue(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """Sign 0 is plus; any other byte is minus to ATOL's driver 10.8."""
    revenue = daily_report.revenue_kopecks(kkt)
    return {"sign": int(revenue < 0), "sum_kopecks": abs(revenue)}


@source(0x0C)
def _shift_total(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """«Сменный итог»: numbered apart from receipt types, as ATOL's driver 10.8 asks it."""
    kind = SHIFT_TOTAL_TYPES.get(request.first)
    if kind is None:
        raise Refusal(E.WRONG_RECEIPT_TYPE)
    return {"sum_kopecks": kkt.memory.totals.registered.get(kind, 0)}


@source(0x28)
def _non_nullable(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"sum_kopecks": kkt.memory.totals.non_nullable.get(receipt_type(request), 0)}


@source(0x2A)
def _discounts(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    kind, totals = receipt_type(request), kkt.memory.totals
    return {"discounts_kopecks": totals.discounts.get(kind, 0), "surcharges_kopecks": totals.surcharges.get(kind, 0)}


@source(0x2E)
def _cancelled(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"sum_kopecks": kkt.memory.totals.cancelled_sums.get(receipt_type(request), 0)}


@source(0x38)
def _non_nullable_paid(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    key = (receipt_type(request), payment_form(request))
    return {"sum_kopecks": kkt.memory.totals.non_nullable_paid.get(key, 0)}


@source(0x3C)
def _shift_tax(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """Of 0 % and no VAT the settled sum, as the document's tags 1104 and 1105."""
    key = (receipt_type(request), tax_row(request.second))
    return {"sum_kopecks": kkt.memory.totals.taxes.get(key, 0)}


@source(0x41)
def _receipt_counts(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    kind, totals = receipt_type(request), kkt.memory.totals
    return {"closed_receipts": totals.receipts.get(kind, 0), "cancelled_receipts": totals.cancelled.get(kind, 0)}
