"""Registers of the FN, of its documents and of the exchange with the OFD."""

from datetime import datetime, time

from kktsim.device.kkt import Kkt
from kktsim.device.registers.sources import Values, moment, source
from protocol.atol.commands.registers import ReadRegister
from protocol.fn.answers import ExchangeStatus, FnStatus, Term, parse_word
from protocol.fn.commands import FnCommand


@source(0x1A)
def _registrations_left(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    term = Term.parse(kkt.fn.do(FnCommand.TERM, b"", at))
    ends = None if term.expires_on is None else datetime.combine(term.expires_on, time())
    return {"registration_number": term.registrations_made, "left": term.registrations_left, "fn_term_ends": ends}


@source(0x1B)
def _registered_on(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"registered_on": moment(kkt.memory.mirror.registration_world)}


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
    return {"document_number": mirror.registration_number, "at": moment(mirror.registration_world)}


@source(0x34)
def _last_document(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """The last fiscal document of any type (article last_fd_date_time); of an FN that is elsewhere, as it tells."""
    last = kkt.volatile.latch or kkt.memory.mirror
    return {
        "document_number": last.document_number,
        "at": moment(last.document_world),
        "fiscal_sign": last.document_sign,
    }


@source(0x36)
def _formats(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    of_kkt, of_fn, in_use = kkt.model.ffd
    return {
        "kkt_ffd": of_kkt,
        "fn_ffd": of_fn,
        "ffd": in_use,
        "since": moment(kkt.memory.mirror.registration_world),
        "minimum_kkt": in_use,
        "minimum_fn": in_use,
    }


@source(0x37)
def _extended_error(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    command, error, data = kkt.volatile.detail
    return {"command": command, "error": error, "data": data}


@source(0x39)
def _last_sent(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"last_sent_at": moment(kkt.volatile.exchange.last_sent_at or 0.0)}
