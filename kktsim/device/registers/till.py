"""Registers of the machine: clock, numbers, paper, wear, power, flags."""

from kktsim.device import printing, wear
from kktsim.device.kkt import Kkt, to_datetime
from kktsim.device.refusal import Refusal
from kktsim.device.registers.sources import Values, source
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.kkt_codes import E

SOURCES_OF_POWER = {0: (2400, 100), 1: (300, 100), 2: (0, 0)}
"""Mains adapter, cell of the clock, battery: hundredths of a volt, percent of charge. There is no battery (guess)."""
SINCE_MADE, SINCE_SERVICE = 1, 2
"""First parameter of 21h, 22h, 23h: all, or since the resettable counter was reset; as ATOL's driver 10.8 asks."""
ALL_STEPS, FORWARD_STEPS = 0, 1
"""Second parameter of 22h."""


@source(0x11)
def _clock(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"at": to_datetime(kkt.clock(at))}


@source(0x16)
def _serial_number(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """Nothing but zeros until it is entered."""
    return {"serial_number": int(kkt.model.serial_number) if kkt.memory.board.has_serial_number else 0}


@source(0x17)
def _model(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    major, minor, _ = kkt.model.version
    return {"model": kkt.model.model, "version": major, "subversion": minor}


@source(0x18)
def _paper_width(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """There is no printer of slips."""
    return {"characters": kkt.model.characters, "pixels": kkt.model.pixels, "slip_characters": 0, "slip_pixels": 0}


@source(0x19)
def _packet(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"bytes": kkt.model.max_packet_bytes}


@source(0x21)
def _cuts(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    _check_wear(request)
    return {"count": wear.cuts(kkt)}


@source(0x22)
def _steps(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    _check_wear(request)
    if request.second not in (ALL_STEPS, FORWARD_STEPS):
        raise Refusal(E.BAD_FORMAT)
    return {"count": wear.motor_steps(kkt)}


@source(0x23)
def _head(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    _check_wear(request)
    return {"count": wear.head_cycles(kkt)}


def _check_wear(request: ReadRegister) -> None:
    """13h for a counter that there is not: what an Evotor answers to any parameter out of range."""
    if request.first not in (SINCE_MADE, SINCE_SERVICE):
        raise Refusal(E.BAD_FORMAT)


@source(0x24)
def _module(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    major, minor, _ = kkt.model.version
    return {"version": major, "subversion": minor, "build": kkt.model.build}


@source(0x26)
def _power(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """Flags, as ATOL's driver 10.8 reads them: 1 on battery, 2 charging, 4 cannot print on battery."""
    if request.first not in SOURCES_OF_POWER:
        raise Refusal(E.BAD_FORMAT)
    centivolts, percent = SOURCES_OF_POWER[request.first]
    return {"flags": 0, "centivolts": centivolts, "charge_percent": percent}


@source(0x27)
def _temperature(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"celsius": printing.celsius(kkt)}


@source(0x3B)
def _flags(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"flags": printing.UNPRINTED_DOCUMENT if kkt.memory.unprinted_report else 0}


@source(0x3F)
def _buffered_reports(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    return {"reports": len(kkt.memory.totals.reports.buffered)}


@source(0x43)
def _uptime(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """Seconds since the last power-up (the unit is a guess)."""
    return {"seconds": max(int(at - kkt.volatile.started_world), 0)}


@source(0x47)
def _wizard(kkt: Kkt, request: ReadRegister, at: float) -> Values:
    """«Мастер настройки»: 1 when it is done, which registration is the end of (a guess)."""
    return {"state": int(kkt.is_registered)}
