"""Chapter «Режимы»: 48 56, and the clock: 4B 64 ED."""

from datetime import datetime

from kktsim.device import comparison, tables
from kktsim.device.dispatch import handles
from kktsim.device.kkt import DAY_SECONDS, Kkt, to_datetime, to_world
from kktsim.device.refusal import Refusal
from kktsim.device.state import ClockRegion
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode, SetDate, SetDateTime, SetTime
from protocol.atol.fields import FieldError, date_time_from_bcd
from protocol.atol.kkt_codes import E

CASHIERS, ADMINISTRATOR = range(1, 29), 29
_ENTERABLE = frozenset(Mode) - {Mode.SELECTION, Mode.EXTRA}
_REPORTS = frozenset((Mode.REGISTRATION, Mode.X_REPORTS, Mode.Z_REPORTS))
_OPENED_BY: dict[str, frozenset[Mode]] = {
    "registration": frozenset((Mode.REGISTRATION,)),
    "reports": _REPORTS,
    "administrator": _REPORTS | {Mode.PROGRAMMING},
    "system administrator": _ENTERABLE,
}
"""Which modes a password opens; cashiers: the setting ``cashier_modes``. A guess: drivers use row 30 for everything."""
_DATE_TIME_BYTES = 6
_CONTROLLER, _CLOUD = b"\x00", b"\x03"
_NO_EXTENDED_CODE = b"\x00"


@handles(LeaveMode, without_memory=True)
def leave_mode(kkt: Kkt, request: LeaveMode, at: float) -> bytes:
    """«Выход из текущего режима»: a till without memory has no other mode, and takes it (a guess: the terminal of
    article err_minus16 sends it before the commands that are the cure)."""
    if kkt.memory.receipt is not None and kkt.settings.leave_with_open_receipt == "refuse":
        raise Refusal(E.RECEIPT_OPEN)
    kkt.volatile.mode = Mode.SELECTION
    return b""


@handles(EnterMode)
def enter_mode(kkt: Kkt, request: EnterMode, at: float) -> bytes:
    """«Вход в режим»: only from selection mode; the password's row decides which modes open.

    8Ch: nobody has the password, or it does not open this mode. ABh: mode 7 is the till's own (a guess). 1Eh: till and
    FN disagree. 1Ah: a Z report waits for the rest of its print.
    """
    if request.mode == Mode.SELECTION:
        raise Refusal(E(kkt.model.selection_by_56))
    if kkt.volatile.mode is not Mode.SELECTION:
        raise Refusal(E.WRONG_MODE)
    if request.mode not in _ENTERABLE:
        raise Refusal(E.MODE_NOT_ACTIVE if request.mode == Mode.EXTRA else E(kkt.model.undefined_mode))
    operator = tables.operator_by_password(kkt, request.password)
    if operator is None or request.mode not in _OPENED_BY[_role(kkt, operator)]:
        raise Refusal(E.WRONG_PASSWORD)
    _require_finished_report(kkt, request.mode)
    if request.mode == Mode.REGISTRATION and kkt.is_registered:
        comparison.require_agreement(kkt, at)
    kkt.volatile.mode = Mode(request.mode)
    kkt.volatile.operator = operator
    return b""


def _role(kkt: Kkt, operator: int) -> str:
    if operator in CASHIERS:
        return kkt.settings.cashier_modes
    return "administrator" if operator == ADMINISTRATOR else "system administrator"


def _require_finished_report(kkt: Kkt, mode: int) -> None:
    locks = kkt.settings.interrupted_report_locks and kkt.memory.unprinted_report
    if locks and mode != Mode.Z_REPORTS:
        raise Refusal(E.Z_INTERRUPTED)


@handles(SetTime, mode=Mode.SELECTION, without_clock=True)
def set_time(kkt: Kkt, request: SetTime, at: float) -> bytes:
    """«Программирование времени»: 20h when the last document of the FN would lie ahead."""
    _require_closed_shift(kkt)
    if kkt.memory.clock_region is ClockRegion.NEEDS_DATE:
        raise Refusal(E.DATE_ENTRY_LOCK)
    wanted = datetime.combine(to_datetime(kkt.clock(at)).date(), request.time)
    if to_world(wanted) < kkt.memory.mirror.document_world:
        raise Refusal(E.DATE_BEFORE_FN)
    _set_clock(kkt, wanted, at)
    kkt.memory.clock_region = ClockRegion.GOOD
    return b""


@handles(SetDate, mode=Mode.SELECTION, without_clock=True)
def set_date(kkt: Kkt, request: SetDate, at: float) -> bytes:
    """«Программирование даты»: dates are compared by day, because the time of day comes by a command of its own."""
    _require_closed_shift(kkt)
    shown = to_datetime(kkt.clock(at))
    if request.date < to_datetime(kkt.memory.mirror.document_world).date():
        raise Refusal(E.DATE_BEFORE_FN)
    wanted = datetime.combine(request.date, shown.time())
    _confirm(kkt, SetDate.code, request.date.isoformat().encode(), wanted, shown)
    _set_clock(kkt, wanted, at)
    if kkt.memory.clock_region is ClockRegion.NEEDS_DATE:
        kkt.memory.clock_region = ClockRegion.NEEDS_TIME
    return b""


@handles(SetDateTime, without_clock=True)
def set_date_time(kkt: Kkt, request: SetDateTime, at: float) -> bytes:
    """«Программирование даты и времени» by six bytes; one byte is a question to an Evotor, other lengths are wrong.

    Done in any mode: ATOL's driver 10.8 sends it as it is and gives up on 66h.
    """
    if len(request.parameters) == 1:
        return _controller(kkt, request.parameters, at)
    if len(request.parameters) != _DATE_TIME_BYTES:
        raise Refusal(E.BAD_LENGTH)
    _require_closed_shift(kkt)
    try:
        wanted = date_time_from_bcd(request.parameters)
    except FieldError as error:
        raise Refusal(error.code) from None
    if to_world(wanted) < kkt.memory.mirror.document_world:
        raise Refusal(E.DATE_BEFORE_FN)
    _confirm(kkt, SetDateTime.code, request.parameters[:3], wanted, to_datetime(kkt.clock(at)))
    _set_clock(kkt, wanted, at)
    kkt.memory.clock_region = ClockRegion.GOOD
    return _NO_EXTENDED_CODE


def _controller(kkt: Kkt, question: bytes, at: float) -> bytes:
    """ED 00: the controller's number. ED 03: a byte 2, a date, a byte 0; that the date is today's is a guess."""
    if not kkt.model.controller_id:
        raise Refusal(E.UNKNOWN_COMMAND)
    if question == _CONTROLLER:
        return kkt.model.controller_id
    if question == _CLOUD:
        return b"\x02" + bytes.fromhex(to_datetime(kkt.clock(at)).strftime("%y%m%d")) + b"\x00"
    raise Refusal(E.BAD_FORMAT)


def _require_closed_shift(kkt: Kkt) -> None:
    if kkt.memory.clock_region is not ClockRegion.GOOD:
        return
    if kkt.memory.mirror.shift_is_open and kkt.settings.clock_set_with_open_shift == "refuse":
        raise Refusal(E.SHIFT_OPEN)


def _confirm(kkt: Kkt, code: int, parameters: bytes, wanted: datetime, shown: datetime) -> None:
    """Answer 16h to the first of two equal commands that jump ahead by a day or more."""
    if kkt.memory.clock_region is not ClockRegion.GOOD:
        return
    far = (to_world(wanted) - to_world(shown)) >= kkt.settings.date_confirmation_days * DAY_SECONDS
    asked = (code, parameters)
    if far and kkt.volatile.date_to_confirm != asked:
        kkt.volatile.date_to_confirm = asked
        raise Refusal(E.DATE_NOT_CONFIRMED)
    kkt.volatile.date_to_confirm = None


def _set_clock(kkt: Kkt, wanted: datetime, at: float) -> None:
    kkt.memory.clock_offset = to_world(wanted) - at
