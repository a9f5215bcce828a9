"""Chapter «Режимы»: 48 56, and the clock: 4B 64 ED."""

from datetime import datetime

from kktsim.device import tables
from kktsim.device.dispatch import handles
from kktsim.device.kkt import DAY_SECONDS, Kkt, to_datetime, to_world
from kktsim.device.refusal import Refusal
from kktsim.device.state import ClockRegion
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode, SetDate, SetDateTime, SetTime
from protocol.atol.fields import FieldError, date_time_from_bcd
from protocol.atol.kkt_codes import E

ADMINISTRATOR = 29
_ENTERABLE = frozenset(Mode) - {Mode.SELECTION, Mode.EXTRA}
_OF_CASHIERS = frozenset((Mode.REGISTRATION, Mode.X_REPORTS, Mode.Z_REPORTS))
_DATE_TIME_BYTES = 6


@handles(LeaveMode)
def leave_mode(kkt: Kkt, request: LeaveMode, at: float) -> bytes:
    """«Выход из текущего режима»."""
    if kkt.memory.receipt is not None and kkt.settings.leave_with_open_receipt == "refuse":
        raise Refusal(E.RECEIPT_OPEN)
    kkt.volatile.mode = Mode.SELECTION
    kkt.volatile.paying = False
    return b""


@handles(EnterMode)
def enter_mode(kkt: Kkt, request: EnterMode, at: float) -> bytes:
    """«Вход в режим»: only from selection mode; the password's row decides which modes open."""
    if request.mode == Mode.SELECTION:
        raise Refusal(E(kkt.model.selection_by_56))
    if kkt.volatile.mode is not Mode.SELECTION:
        raise Refusal(E.WRONG_MODE)
    if request.mode not in _ENTERABLE:
        raise Refusal(E.WRONG_MODE)
    operator = tables.operator_by_password(kkt, request.password)
    if operator is None or not _may_enter(operator, request.mode):
        raise Refusal(E.WRONG_PASSWORD)
    kkt.volatile.mode = Mode(request.mode)
    kkt.volatile.operator = operator
    return b""


def _may_enter(operator: int, mode: int) -> bool:
    """Cashiers: modes 1-3; administrator: 1-4; system administrator: all (guess, drivers use row 30)."""
    if operator > ADMINISTRATOR:
        return True
    return mode in _OF_CASHIERS or (operator == ADMINISTRATOR and mode == Mode.PROGRAMMING)


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
    """«Программирование даты и времени» by six bytes; other lengths are commands this till does not have.

    Done in any mode: ATOL's driver 10.8 sends it as it is and gives up on 66h.
    """
    if len(request.parameters) != _DATE_TIME_BYTES:
        raise Refusal(E.UNKNOWN_COMMAND if len(request.parameters) == 1 else E.BAD_LENGTH)
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
    return b""


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
