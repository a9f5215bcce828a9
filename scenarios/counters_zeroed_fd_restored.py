"""Sums are zero in a report, «номер ФД восстановлен из ФН» is on the paper. Article counters_zeroed_fd_restored.

No command fails: the till has taken number and shift from the FN, which keeps no sums. What was sold before is in no
report any more, whatever is done; the report of the next shift is right. The steps of the document are the list of
what else was lost.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    CLOSE_SHIFT,
    ENCASHMENT,
    SET_CLOCK,
    driver_says,
    last_page,
    menu_item,
    screen,
    sells,
)
from scenarios.playbook import Kind, Scenario, Scene, Step, Weight, hand, sees, sends
from scenarios.zeroing_cases import (
    BATTERY_LOST,
    OFD_CHECKED,
    REBOOTED,
    RESTARTED,
    TWO_SYSTEMS,
    ZERO,
    clock_set,
    default_system,
    power_cycled,
    together,
)

RESTORED = "НОМЕР ФД ВОССТАНОВЛЕН ИЗ ФН"
_OPENING, _CLOSING, _X = "ОТЧЁТ ОБ ОТКРЫТИИ СМЕНЫ", "ОТЧЁТ О ЗАКРЫТИИ СМЕНЫ", "СУТОЧНЫЙ ОТЧЁТ БЕЗ ГАШЕНИЯ"
_TOTAL, _SOLD, _TAKEN_OUT = "ИТОГ", "ПРИХОД", "ИНКАССАЦИЯ"


def _sums(lines: list[str], title: str) -> list[Decimal]:
    """The sums of the lines that begin with a title."""
    words = [line.split() for line in lines]
    return [
        Decimal(last.lstrip("=")) for first, *_, last in (line for line in words if len(line) == 2) if first == title
    ]


def _was_restored(scene: Scene) -> bool:
    return any(RESTORED in line for line in scene.witness.tape())


def _is_zero(scene: Scene) -> bool:
    return _was_restored(scene) and _sums(last_page(scene, _X), _SOLD) == [Decimal()]


def _is_right(scene: Scene) -> bool:
    """The last report on the end of a shift has what the receipts of that shift come to."""
    shift = last_page(scene, _OPENING)
    report = last_page(scene, _CLOSING)
    return bool(report) and _sums(report, _SOLD) == [sum(_sums(shift[: -len(report)], _TOTAL), Decimal())]


def _is_taken_out(scene: Scene) -> bool:
    return bool(_sums(last_page(scene, _CLOSING), _TAKEN_OUT))


def _has_todays_date(scene: Scene) -> bool:
    now = datetime(1970, 1, 1) + timedelta(seconds=scene.witness.world())
    return any(f"{now:%d.%m.%y}" in line for line in last_page(scene, _CLOSING))


_REPORT = sends("48", "56 02 00 00 00 30", "67 01", "48", title="a report without closing the shift")
_ZERO_IN_IT = sees(_is_zero, f"the report says «{_SOLD} 0.00», and above it stands «{RESTORED}»", RESTORED, _SOLD)
_ENCASHMENT = menu_item(ENCASHMENT, "Да", title="Установить параметр «Инкассация»")
_CLOSE = together(
    "Закройте смену и проверьте, что на отчете о закрытии смены стоит корректная дата",
    menu_item(CLOSE_SHIFT),
    sees(_has_todays_date, "the report has today's date"),
    kind=Kind.WIRE,
)
_PROOF = (
    sells(title="sell in the next shift"),
    menu_item(CLOSE_SHIFT, title="close it"),
    sees(_is_right, "the report has what the receipts of the shift come to", _SOLD),
    sees(_is_taken_out, f"the report says «{_TAKEN_OUT}»: the cash is taken out", _TAKEN_OUT),
)
_BATTERY_FLAT = power_cycled("the till is switched off, its battery is flat, it is switched on", *BATTERY_LOST)
_ON = menu_item(ENCASHMENT, "Да", title="encashment at the end of the shift is on")
_LOOK_AT_CLOCK = "Проверьте дату и время"
_CLOCK_IS_RIGHT = screen(SET_CLOCK, title=_LOOK_AT_CLOCK)
_DOES_NOT_SELL = sells(shows=driver_says(E.DATE_ENTRY_LOCK))
_SEEN = (_REPORT, _ZERO_IN_IT)


@dataclass(frozen=True, slots=True)
class Loss:
    """How the sums were lost. ``settings_are_lost``: OFD and encashment were set up for nothing."""

    id: str
    case: str
    title: str
    arises: tuple[Step, ...]
    clock: Step = _CLOCK_IS_RIGHT
    settings_are_lost: bool = True
    preset: str = "registered"


_FLAT = (_BATTERY_FLAT, RESTARTED, *_SEEN)
LOSSES = (
    Loss("", "inferred_memory_lost", "батарея памяти разряжена", _FLAT),
    Loss("_two_sno", "inferred_memory_lost", "то же, несколько СНО", _FLAT, preset=TWO_SYSTEMS),
    Loss(
        "_clock",
        "inferred_memory_lost",
        "то же, время кассе никто не установил",
        (_BATTERY_FLAT, sees(_was_restored, f"the paper says «{RESTORED}»", RESTORED), _DOES_NOT_SELL),
        clock_set(_LOOK_AT_CLOCK).weighs(Weight.NEEDED),
    ),
    Loss(
        "_totals",
        "inferred_memory_lost",
        "потеряна только часть памяти с суммами",
        (
            power_cycled(
                "the till is switched off, loses the part of its memory that holds the totals, is switched on",
                hand("spoil_memory", "totals", title="the totals are lost"),
            ),
            *_SEEN,
        ),
        settings_are_lost=False,
    ),
    Loss("_by_zeroing", "inferred_zeroing", "технологическое обнуление при открытой смене", (ZERO, REBOOTED, *_SEEN)),
    Loss(
        "_by_zeroing_two_sno",
        "inferred_zeroing",
        "то же, несколько СНО",
        (ZERO, REBOOTED, *_SEEN),
        preset=TWO_SYSTEMS,
    ),
)


def _scenario(loss: Loss) -> Scenario:
    ofd, encashment = Weight.SUPERFLUOUS, Weight.SUPERFLUOUS
    if loss.settings_are_lost:
        ofd, encashment = Weight.HARMFUL_TO_OMIT, Weight.NEEDED
    return Scenario(
        id=f"counters_zeroed_fd_restored{loss.id}",
        article="counters_zeroed_fd_restored",
        case=loss.case,
        title=f"Обнулились суммы, «номер ФД восстановлен из ФН»: {loss.title}",
        preset=loss.preset,
        reproduce=(_ON, sells(), *loss.arises),
        fix=(
            loss.clock,
            _CLOSE.weighs(Weight.NEEDED),
            OFD_CHECKED.weighs(ofd),
            default_system(loss.preset),
            _ENCASHMENT.weighs(encashment),
        ),
        prove=_PROOF,
        documented="the line on the paper, the sums, and every step",
        inferred="how the sums were lost; that the report of the next shift is what the steps cure; that the"
        " encashment is a setting of the till, and was on",
    )


FAMILY = tuple(map(_scenario, LOSSES))
