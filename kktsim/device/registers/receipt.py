"""Registers of the open receipt, of the last closed one and of the shift."""

from kktsim.device import status, taxes
from kktsim.device.forming import remainder
from kktsim.device.kkt import DAY_SECONDS, Kkt
from kktsim.device.registers.sources import Values, moment, source, tax_row
from protocol.atol.commands.registers import ReadRegister


@source(0x12)
def _shift(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """Open: opening and 24 hours; closed: the moment of the last closing."""
    mirror = kkt.memory.mirror
    ends = mirror.shift_opened_world + DAY_SECONDS if mirror.shift_is_open else mirror.shift_closed_world
    return {"shift_is_open": int(mirror.shift_is_open), "ends_at": moment(ends)}


@source(0x13)
def _receipt_state(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {
        "mode": kkt.mode_byte,
        "receipt_state": kkt.receipt_state,
        "receipt_number": status.receipt_number(kkt),
        "document_number": kkt.memory.totals.running_documents + 1,
    }


@source(0x14)
def _receipt_sums(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    receipt = kkt.memory.receipt
    return {
        "sum_kopecks": receipt.sum_kopecks if receipt else 0,
        "remainder_kopecks": remainder(receipt) if receipt else 0,
        "change_kopecks": kkt.volatile.change_kopecks,
    }


@source(0x15)
def _closed_shifts(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"closed_shifts": status.closed_shifts(kkt)}


@source(0x33)
def _last_receipt(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    last = kkt.memory.last_receipt
    return {
        "document_number": last.document_number,
        "receipt_type": last.type,
        "sum_kopecks": last.sum_kopecks,
        "at": moment(last.world),
        "fiscal_sign": last.sign,
    }


@source(0x35)
def _receipts_in_shift(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"receipts": sum(kkt.memory.totals.receipts.values()), "shift_number": kkt.memory.mirror.shift_number}


@source(0x3A)
def _documents(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    totals = kkt.memory.totals
    return {
        "since_reset": totals.running_receipts,
        "in_shift": totals.documents_in_shift,
        "shift_opening_document": totals.shift_opening_document,
    }


@source(0x3D)
def _receipt_tax(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """What B8h told of the row, else what the till reckons."""
    row, receipt = tax_row(request.first), kkt.memory.receipt
    return {"sum_kopecks": 0 if receipt is None else taxes.of_receipt(kkt, receipt).get(row, 0)}


@source(0x42)
def _receipt_bytes(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    receipt = kkt.memory.receipt
    return {"bytes": 0 if receipt is None else receipt.bytes_used}


@source(0x46)
def _previous_shift(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """The shift that was closed last."""
    mirror = kkt.memory.mirror
    if not mirror.shift_closed_world:
        return {"opened_at": None, "closed_at": None}
    opened = mirror.previous_opened_world if mirror.shift_is_open else mirror.shift_opened_world
    return {"opened_at": moment(opened), "closed_at": moment(mirror.shift_closed_world)}
