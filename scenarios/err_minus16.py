"""«Не поддерживается в данном режиме»: wire 66h (102), driver -16. Article err_minus16.

Memory that is lost is taken from the FN when the till is switched on. If the FN is not heard at that moment, nothing
but the resets is done until the next time. So whatever makes the till start once more with an FN that answers helps,
zeroing among it; what the document tells of the build is only whether the menu may do it.
"""

from dataclasses import dataclass

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    CLOSE_SHIFT,
    GENERAL_RESET,
    IT_PRINTS,
    SET_UP,
    TEST_RUN,
    ZEROING,
    driver_says,
    everything_is_switched_off_and_on,
    last_page,
    menu_item,
    screen,
    sells,
)
from scenarios.ofd_cases import HOST, PORT, TILL_TRIES
from scenarios.playbook import Alternative, Scenario, Scene, Step, Weight, hand, informs, sees
from scenarios.zeroing_cases import (
    BATTERY_LOST,
    OFD_CHECKED,
    RESTARTED,
    TWO_SYSTEMS,
    ZERO,
    clock_set,
    default_system,
    power_cycled,
    together,
)

_REFUSED = driver_says(E.WRONG_MODE)
_SALE = sells(shows=_REFUSED)
_RESET = menu_item(GENERAL_RESET, title="Закрыть смену / выполнить общее гашение")
_TRIED = sells(title="Провести тестовую продажу, чтобы проверить, что все работает")
_CLOCK = clock_set("После технического обнуления обязательно введите корректные дату и время")
_BATTERY = power_cycled("Вынуть аккумулятор на 2 минуты и вставить обратно", *BATTERY_LOST)
_REFUSES_ZEROING = menu_item(ZEROING, shows=_REFUSED, title=ZERO.title)


_STARTS_WITHOUT_FN = (
    hand("power_off", title="the till is switched off"),
    hand("spoil_memory", "totals", title="the part of its memory that holds the totals is lost"),
    hand("spoil_memory", "tables", title="and so is the part that holds the tables"),
    hand("cut_cable", title="the FN's contact fails"),
    hand("power_on", title="the till is switched on, and does not hear the FN"),
)
_FN_IS_BACK = hand("mend_cable", title="the contact holds again")


def _told_build(build: str) -> tuple[Step, ...]:
    def is_printed(scene: Scene) -> bool:
        return any(line.split() == ["ID", "серии", build] for line in last_page(scene, "ПРОГОН"))

    return (
        screen(TEST_RUN, title="Прогон-1: номер прошивки будет справа «ID серии»", reason=IT_PRINTS),
        sees(is_printed, f"the slip says «ID серии {build}»"),
    )


CLOSED_INSTEAD = Alternative(
    "closing the shift instead of the general reset: it cannot be closed, and zeroing asks for the reset",
    (
        menu_item(CLOSE_SHIFT, shows=_REFUSED, title="close the shift"),
        menu_item(ZEROING, shows=driver_says(E.GENERAL_RESET_NEEDED), title=ZERO.title),
    ),
    cures=False,
)
CLOCK_LAST = Alternative(
    "the clock last, where the document has its warning: the till takes no address before",
    (_RESET, ZERO, menu_item(SET_UP, HOST, PORT, shows=driver_says(E.DATE_ENTRY_LOCK))),
    cures=False,
)
SWITCHED = Alternative(
    "switching everything off and on, then the address of the OFD: the FN is heard this time",
    (everything_is_switched_off_and_on(), OFD_CHECKED),
    cures=True,
)
NOT_FROM_THE_MENU = Alternative(
    "the same from the menu: zeroing is refused with the error it was to cure", (_RESET, _REFUSES_ZEROING), cures=False
)
BATTERY_OUT = Alternative(
    "the second round, without any service: the battery out", (_BATTERY, _CLOCK, OFD_CHECKED), cures=True
)
_SERVICE = together(
    "Если версия прошивки ниже 4544, необходимо обратиться в сервисный центр",
    hand("set_jumper", True, title="the service sets the boot jumper"),
    _RESET,
    ZERO,
    hand("set_jumper", False, title="and takes it off"),
)


@dataclass(frozen=True, slots=True)
class Firmware:
    """A case of the article. ``zeroed``: the steps that zero the till."""

    id: str
    case: str
    title: str
    build: str
    zeroed: tuple[Step, ...]
    alternatives: tuple[Alternative, ...]
    models: tuple[str, ...] = ()
    preset: str = "registered"


_BY_MENU = (_RESET.weighs(Weight.NEEDED), ZERO.weighs(Weight.NEEDED))
_BOTH = (CLOSED_INSTEAD, CLOCK_LAST)
_NEW = (*_BOTH, SWITCHED)
_TILLS = ("evotor-st2f", "evotor-st3f")
NEWER = Firmware("", "newer_firmware", "прошивка выше 4544", "5313", _BY_MENU, _NEW, _TILLS)
TWO_SNO = Firmware("_two_sno", "newer_firmware", "то же, несколько СНО", "5313", _BY_MENU, _BOTH, _TILLS, TWO_SYSTEMS)
EXACTLY = Firmware("_4544", "firmware_4544", "прошивка ровно 4544", "4544", _BY_MENU, _NEW, ("evotor-st2f@4544",))
OLDER = Firmware(
    "_older",
    "older_firmware",
    "прошивка ниже 4544",
    "4543",
    (_SERVICE.weighs(Weight.NEEDED),),
    (NOT_FROM_THE_MENU, BATTERY_OUT),
    ("evotor-st2f@4543",),
)


def _scenario(one: Firmware) -> Scenario:
    return Scenario(
        id=f"err_minus16{one.id}",
        article="err_minus16",
        case=one.case,
        title=f"Не поддерживается в данном режиме: {one.title}",
        preset=one.preset,
        models=one.models,
        error=E.WRONG_MODE,
        screens=(_REFUSED,),
        reproduce=(sells(), *_STARTS_WITHOUT_FN, _FN_IS_BACK, _SALE),
        fix=(
            *_told_build(one.build),
            *one.zeroed,
            _CLOCK.weighs(Weight.NEEDED),
            OFD_CHECKED.weighs(Weight.HARMFUL_TO_OMIT),
            default_system(one.preset),
        ),
        prove=(_TRIED, TILL_TRIES),
        alternatives=one.alternatives,
        documented="the error and every step",
        inferred="the cause; that zeroing wants a general reset first, and accepts an open shift; what a service does",
    )


_RIGHT_TIME = "Установить корректные дату и время"
_AGAIN = together(
    "Повторить пункты 1-5 списка для технического обнуления Эвотор",
    menu_item(CLOSE_SHIFT),
    ZERO,
    clock_set("the time once more"),
    OFD_CHECKED,
)


def _second_round(id: str, title: str, starts_anew: Step, clock: Step) -> Scenario:
    return Scenario(
        id=id,
        article="err_minus16",
        case="second_round",
        title=f"Не поддерживается в данном режиме: {title}",
        preset="registered",
        error=E.WRONG_MODE,
        screens=(_REFUSED,),
        reproduce=(
            sells(),
            *_STARTS_WITHOUT_FN,
            hand("spoil_memory", "totals", title="a cell of the memory is worn out: it loses the totals at each start"),
            _RESET,
            ZERO,
            _SALE,
            _FN_IS_BACK,
            _SALE,
        ),
        fix=(
            informs("Создать резервную копию", "it copies what is on the tablet"),
            starts_anew.weighs(Weight.NEEDED),
            clock,
            _AGAIN.weighs(Weight.HARMFUL_TO_OMIT),
            default_system("registered"),
        ),
        prove=(_TRIED, TILL_TRIES),
        documented="every step, and that it is for a till which the first round has not helped",
        inferred="why it has not: the memory is lost, and the FN not heard, at the start after the zeroing too",
    )


SECOND_ROUND = _second_round(
    "err_minus16_second_round", "второй круг, аккумулятор вынут", _BATTERY, clock_set(_RIGHT_TIME).weighs(Weight.NEEDED)
)
SECOND_ROUND_7_2 = _second_round(
    "err_minus16_second_round_7_2",
    "второй круг, Эвотор 7.2",
    everything_is_switched_off_and_on("Для Эвотор 7.2 — перезагрузить кассу"),
    clock_set(_RIGHT_TIME, shows=driver_says(E.SHIFT_OPEN)).weighs(Weight.SUPERFLUOUS),
)

_LOST = driver_says(E.DATE_ENTRY_LOCK)
CLOCK_LOST = Scenario(
    id="err_minus16_clock",
    article="err_minus16",
    case="inferred_clock_lost",
    title="Не поддерживается в данном режиме: касса потеряла часы",
    preset="registered",
    error=E.DATE_ENTRY_LOCK,
    screens=(_LOST,),
    reproduce=(sells(), hand("lose_clock", title="the cell of the till's clock is flat"), sells(shows=_LOST)),
    fix=(clock_set(_RIGHT_TIME).weighs(Weight.NEEDED),),
    prove=(_TRIED, TILL_TRIES),
    alternatives=(
        Alternative("restarting the terminal: its driver sets the clock", (RESTARTED,), cures=True),
        Alternative(
            "the first round: it cures by its clock alone, and loses the sums of the open shift",
            (ZERO, _CLOCK, OFD_CHECKED),
            cures=True,
            harms=True,
        ),
    ),
    documented="that date and time are to be set",
    inferred="the cause, of which our till tells by a code of its own, -3892, and with another setting by -16",
)

FAMILY = (*map(_scenario, (NEWER, TWO_SNO, EXACTLY, OLDER)), SECOND_ROUND, SECOND_ROUND_7_2, CLOCK_LOST)
