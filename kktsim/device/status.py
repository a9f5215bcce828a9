"""Chapter «Запросы»: 3F 45 4D 58 9D A5 B3. All of them answer while a report prints."""

from kktsim.device import printing, tables
from kktsim.device.dispatch import handles
from kktsim.device.kkt import Kkt, to_datetime
from kktsim.device.refusal import Refusal
from protocol.atol import code_page
from protocol.atol.commands.status import (
    CashInDrawer,
    DeviceType,
    FullStatus,
    LastError,
    LastShiftTotal,
    StateCode,
    Versions,
)
from protocol.atol.fields import to_bcd
from protocol.atol.kkt_codes import E

FN_ACTIVATED = 0x40
REGISTERED = 0x01
_MAIN_FIRMWARE, _FISCAL_MEMORY, _BOOTLOADER, _BUILD = 0x01, 0x02, 0x03, 0x91


def receipt_number(kkt: Kkt) -> int:
    """Number of the next receipt: running, or within the shift, as the model counts and table 2 says (27 and 28)."""
    totals = kkt.memory.totals
    runs_on = kkt.model.running_receipt_numbers or tables.number(kkt, 2, 1, 27)
    if runs_on and not tables.number(kkt, 2, 1, 28):
        return totals.running_receipts + 1
    return sum(totals.receipts.values()) + 1


def closed_shifts(kkt: Kkt) -> int:
    """Number of the last closed shift."""
    mirror = kkt.memory.mirror
    return mirror.shift_number - 1 if mirror.shift_is_open else mirror.shift_number


@handles(FullStatus, while_printing=True)
def full_status(kkt: Kkt, request: FullStatus, at: float) -> bytes:
    """«Запрос состояния ККТ»."""
    model, memory, volatile = kkt.model, kkt.memory, kkt.volatile
    major, minor, _ = model.version
    flags = model.flags_shift_open if memory.mirror.shift_is_open else model.flags_shift_closed
    if not kkt.is_registered:
        flags &= ~(REGISTERED | FN_ACTIVATED)
    flags = printing.status_flags(kkt, flags)
    receipt = memory.receipt
    return b"".join(
        (
            to_bcd(volatile.operator, 1),
            bytes((tables.number(kkt, 2, 1, 1),)),
            bytes.fromhex(to_datetime(kkt.clock(at)).strftime("%y%m%d%H%M%S")),
            bytes((flags,)),
            bytes.fromhex(model.unit_number),
            bytes((model.model,)),
            f"{major}{minor}".encode(),
            bytes((kkt.mode_byte,)),
            to_bcd(receipt_number(kkt), 2),
            to_bcd(closed_shifts(kkt), 2),
            bytes((kkt.receipt_state,)),
            to_bcd(receipt.sum_kopecks if receipt else 0, 5),
            b"\x02",
            bytes((model.interface,)),
        )
    )


@handles(StateCode, while_printing=True)
def state_code(kkt: Kkt, request: StateCode, at: float) -> bytes:
    """«Запрос кода состояния ККТ»."""
    return bytes((kkt.mode_byte, printing.flags(kkt)))


@handles(CashInDrawer, while_printing=True)
def cash_in_drawer(kkt: Kkt, request: CashInDrawer, at: float) -> bytes:
    """«Запрос наличных»."""
    return to_bcd(kkt.memory.totals.cash_shown_kopecks, 7)


@handles(LastShiftTotal, while_printing=True)
def last_shift_total(kkt: Kkt, request: LastShiftTotal, at: float) -> bytes:
    """«Запрос последнего сменного итога»."""
    totals = kkt.memory.totals
    income = to_bcd(max(totals.last_shift_income_kopecks, 0), 7)
    if kkt.model.last_total_has_outcome:
        return income + to_bcd(max(totals.last_shift_outcome_kopecks, 0), 7)
    return income


@handles(Versions, while_printing=True)
def versions(kkt: Kkt, request: Versions, at: float) -> bytes:
    """«Запрос версии». A till with an FN has no fiscal memory: zeros (a guess)."""
    if request.source == _FISCAL_MEMORY:
        return bytes(5)
    if request.source in (_MAIN_FIRMWARE, _BUILD):
        build = kkt.model.build
    elif request.source == _BOOTLOADER:
        build = kkt.model.bootloader_build
    else:
        raise Refusal(E.BAD_FORMAT)
    return _version(kkt, build)


@handles(DeviceType, while_printing=True)
def device_type(kkt: Kkt, request: DeviceType, at: float) -> bytes:
    """«Запрос типа устройства»: type 1 is a till."""
    model = kkt.model
    head = bytes((model.protocol, 1, model.model)) + model.modes
    return head + _version(kkt, model.build) + code_page.encode(model.title)


def _version(kkt: Kkt, build: int) -> bytes:
    """Major, minor, language and build, all in BCD."""
    return b"".join(to_bcd(part, 1) for part in kkt.model.version) + to_bcd(build, 2)


@handles(LastError, while_printing=True)
def last_error(kkt: Kkt, request: LastError, at: float) -> bytes:
    """«Последний код ошибки»: why the till is locked in state 7.15, as an error; elsewhere 66h."""
    raise Refusal(E.PRINTER_MECHANICAL if kkt.memory.printer.is_locked else E.WRONG_MODE)
