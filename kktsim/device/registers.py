"""Chapter «Регистры»: 91h. Number of the register to the function that knows its values.

The layouts are declared with the command; here is only where the values come from. A register without a function is
answered 6Ch, as an unknown one.
"""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from kktsim.device import status
from kktsim.device.dispatch import handles
from kktsim.device.kkt import DAY_SECONDS, Kkt, to_datetime
from kktsim.device.payments import remainder
from kktsim.device.refusal import Refusal
from protocol.atol.commands.flags import ReceiptType
from protocol.atol.commands.registers import ReadRegister, layout
from protocol.atol.kkt_codes import E
from protocol.fn.answers import ExchangeStatus, FnStatus, Term, parse_word
from protocol.fn.commands import FnCommand

Values = dict[str, Any]
Source = Callable[[Kkt, ReadRegister, float], Values]
SOURCES: dict[int, Source] = {}
PAYMENT_FORMS = range(1, 11)
SHIFT_TOTAL_TYPES = {
    0: ReceiptType.SELL,
    1: ReceiptType.BUY,
    2: ReceiptType.SELL_RETURN,
    3: ReceiptType.BUY_RETURN,
}
"""First parameter of register 0Ch."""


def source(*registers: int) -> Callable[[Source], Source]:
    """Declare where the values of these registers come from."""

    def declare(function: Source) -> Source:
        for register in registers:
            SOURCES[register] = function
        return function

    return declare


@handles(ReadRegister, while_printing=True)
def read_register(kkt: Kkt, request: ReadRegister, at: float) -> bytes:
    """«Считать регистр»."""
    function = SOURCES.get(request.register)
    shape = layout(request.register, kkt.model.register_widths.get(request.register))
    if function is None or shape is None:
        raise Refusal(E.WRONG_REGISTER)
    return bytes(shape.build(function(kkt, request, at)))


def _moment(world: float) -> datetime | None:
    return to_datetime(world) if world else None


@source(0x01)
def _registered(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"sum_kopecks": kkt.memory.totals.registered.get(request.first, 0)}


@source(0x0C)
def _shift_total(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """«Сменный итог»: numbered apart from receipt types, as ATOL's driver 10.8 asks it."""
    kind = SHIFT_TOTAL_TYPES.get(request.first)
    return {"sum_kopecks": kkt.memory.totals.registered.get(kind, 0) if kind else 0}


@source(0x03)
def _paid(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    if request.second not in PAYMENT_FORMS:
        raise Refusal(E.WRONG_PAYMENT_TYPE)
    return {"sum_kopecks": kkt.memory.totals.paid.get((request.first, request.second), 0)}


@source(0x04)
def _cash_in(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"sum_kopecks": kkt.memory.totals.cash_in_kopecks}


@source(0x05)
def _cash_out(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"sum_kopecks": kkt.memory.totals.cash_out_kopecks}


@source(0x06)
def _registrations(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"count": kkt.memory.totals.registrations.get(request.first, 0)}


@source(0x08)
def _cash_in_count(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"count": kkt.memory.totals.cash_in_count}


@source(0x09)
def _cash_out_count(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"count": kkt.memory.totals.cash_out_count}


@source(0x0A)
def _cash(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"sum_kopecks": kkt.memory.totals.cash_kopecks}


@source(0x0B)
def _revenue(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """Sales and returns of purchases less returns and purchases; sign 0 is plus (guess)."""
    registered = kkt.memory.totals.registered
    revenue = registered.get(1, 0) - registered.get(2, 0) - registered.get(4, 0) + registered.get(5, 0)
    return {"sign": int(revenue < 0), "sum_kopecks": abs(revenue)}


@source(0x11)
def _clock(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"at": to_datetime(kkt.clock(at))}


@source(0x12)
def _shift(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """Open: opening and 24 hours; closed: the moment of the last closing."""
    mirror = kkt.memory.mirror
    ends = mirror.shift_opened_world + DAY_SECONDS if mirror.shift_is_open else mirror.shift_closed_world
    return {"shift_is_open": int(mirror.shift_is_open), "ends_at": _moment(ends)}


@source(0x13)
def _receipt_state(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {
        "mode": kkt.mode_byte,
        "receipt_state": kkt.receipt_state,
        "receipt_number": status.receipt_number(kkt),
        "document_number": kkt.memory.totals.running_documents + 1,
    }


@source(0x14)
def _receipt_sum(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    receipt = kkt.memory.receipt
    return {
        "sum_kopecks": receipt.sum_kopecks if receipt else 0,
        "remainder_kopecks": remainder(receipt) if receipt else 0,
        "change_kopecks": kkt.volatile.change_kopecks,
    }


@source(0x15)
def _closed_shifts(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"closed_shifts": status.closed_shifts(kkt)}


@source(0x16)
def _serial_number(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"serial_number": int(kkt.model.serial_number)}


@source(0x17)
def _model(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    major, minor, _ = kkt.model.version
    return {"model": kkt.model.model, "version": major, "subversion": minor}


@source(0x18)
def _paper_width(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    model = kkt.model
    return {
        "characters": model.characters,
        "pixels": model.pixels,
        "reserve": bytes(3),
        "slip_characters": 0,
        "slip_pixels": 0,
    }


@source(0x19)
def _packet(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"bytes": kkt.model.max_packet_bytes}


@source(0x1A)
def _registrations_left(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    term = Term.parse(kkt.fn.do(FnCommand.TERM, b"", at))
    ends = None if term.expires_on is None else datetime.combine(term.expires_on, time())
    return {"registration_number": term.registrations_made, "left": term.registrations_left, "fn_term_ends": ends}


@source(0x24)
def _module(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    major, minor, _ = kkt.model.version
    return {"version": major, "subversion": minor, "build": kkt.model.build}


@source(0x28)
def _non_nullable(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"sum_kopecks": kkt.memory.totals.non_nullable.get(request.first, 0)}


@source(0x2B)
def _exchange_errors(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    errors = kkt.volatile.exchange
    return {
        "network_error": errors.network,
        "ofd_error": errors.ofd,
        "fn_error": errors.fn,
        "document_number": errors.document_number,
        "fn_command": errors.fn_command,
    }


@source(0x2C)
def _unsent(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"unsent_documents": parse_word(kkt.fn.do(FnCommand.UNSENT_COUNT, b"", at))}


@source(0x2D)
def _first_unsent(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    exchange = ExchangeStatus.parse(kkt.fn.do(FnCommand.EXCHANGE_STATUS, b"", at))
    return {"first_unsent_at": exchange.at}


@source(0x2F)
def _fn_state(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    fn = FnStatus.parse(kkt.fn.do(FnCommand.STATUS, b"", at))
    return {"fn_number": fn.number.encode("ascii").ljust(16), "fn_phase": int(fn.phase)}


@source(0x30)
def _last_registration(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    mirror = kkt.memory.mirror
    return {"document_number": mirror.registration_number, "at": _moment(mirror.registration_world)}


@source(0x33)
def _last_receipt(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    last = kkt.memory.last_receipt
    return {
        "document_number": last.document_number,
        "receipt_type": last.type,
        "sum_kopecks": last.sum_kopecks,
        "at": _moment(last.world),
        "fiscal_sign": last.sign,
    }


@source(0x34)
def _last_document(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """The last fiscal document of any type (article last_fd_date_time)."""
    mirror = kkt.memory.mirror
    return {
        "document_number": mirror.document_number,
        "at": _moment(mirror.document_world),
        "fiscal_sign": mirror.document_sign,
    }


@source(0x35)
def _receipts_in_shift(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"receipts": sum(kkt.memory.totals.receipts.values()), "shift_number": kkt.memory.mirror.shift_number}


@source(0x36)
def _formats(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    of_kkt, of_fn, in_use = kkt.model.ffd
    return {
        "kkt_ffd": of_kkt,
        "fn_ffd": of_fn,
        "ffd": in_use,
        "since": _moment(kkt.memory.mirror.registration_world),
        "minimum_kkt": in_use,
        "minimum_fn": in_use,
    }


@source(0x37)
def _extended_error(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    command, error, data = kkt.volatile.detail
    return {"command": command, "error": error, "data": data}


@source(0x39)
def _last_sent(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"last_sent_at": _moment(kkt.volatile.exchange.last_sent_world or 0.0)}


@source(0x3A)
def _documents(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    totals = kkt.memory.totals
    return {
        "since_reset": totals.running_receipts,
        "in_shift": totals.documents_in_shift,
        "shift_opening_document": totals.shift_opening_document,
    }


@source(0x3B)
def _flags(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"flags": 0}


@source(0x3C)
def _shift_tax(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"sum_kopecks": kkt.memory.totals.taxes.get((request.first, request.second), 0)}


@source(0x3D)
def _receipt_tax(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    receipt = kkt.memory.receipt
    items = receipt.items if receipt else []
    return {"sum_kopecks": sum(item.tax_sum_kopecks for item in items if item.tax == request.first)}


@source(0x41)
def _receipt_counts(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    totals = kkt.memory.totals
    return {
        "closed_receipts": totals.receipts.get(request.first, 0),
        "cancelled_receipts": totals.cancelled.get(request.first, 0),
    }
