"""«Неверное состояние ФН»: wire D4h (212), driver -3912, paper «Ошибка ФН 212». Article fn_212, its three causes.

«А4 20» tells whether the FN can be heard, and nothing of its state: a fresh FN answers it as a registered one does.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    REGISTER,
    TRADES,
    driver_says,
    menu_item,
    raw_command,
    raw_question,
    sells,
)
from scenarios.playbook import Alternative, Scenario, Step, Verdict, Weight, hand

TAPE = "Ошибка ФН 212"
_REFUSED = driver_says(E.FN_WRONG_STATE)
_LOOK_AT_CABLE = "Проверить физическое соединение: ФН → шлейф ФН / шлейф ФН → плата ККТ"
_REGISTER = menu_item(REGISTER, "нет", title="Необходимо зарегистрировать ККТ")
_OFF, _ON = hand("power_off", title="switch the till off"), hand("power_on", title="switch the till on")
_SALE = sells(shows=_REFUSED)
_SERVICE = "Неисправность ФН, необходимо обратиться в сервисный центр"


def _no_link(id: str, title: str, arises: Step, cures: Step) -> Scenario:
    return Scenario(
        id=f"fn_212_{id}",
        article="fn_212",
        case="no_link",
        title=f"Ошибка ФН 212: {title}",
        preset="shift-open",
        error=E.FN_WRONG_STATE,
        tape=TAPE,
        screens=(_REFUSED,),
        reproduce=(_OFF, arises, _ON, _SALE),
        fix=(
            cures.weighs(Weight.NEEDED),
            raw_command("А4 20").informing("«(0) Нет ошибок»: the FN is heard again; before, it was refused"),
        ),
        prove=TRADES,
        alternatives=(
            Alternative(
                "registering the till", (menu_item(REGISTER, "нет", shows=driver_says(E.FN_NO_ANSWER)),), cures=False
            ),
        ),
        documented="the error, the cause, the check of the cable, «А4 20» and its good answer",
        inferred="that the till has found no FN when it was switched on: one that falls silent later is error 210",
    )


UNPLUGGED = _no_link(
    "unplugged",
    "ФН не вставлен при включении",
    hand("unplug_fn", title="the FN comes out while the till is off"),
    hand("plug_fn", title=_LOOK_AT_CABLE),
)
CABLE = _no_link(
    "cable",
    "шлейф повреждён до включения",
    hand("cut_cable", title="the cable breaks while the till is off"),
    hand("mend_cable", title=_LOOK_AT_CABLE),
)

NOT_ACTIVATED = Scenario(
    id="fn_212_not_activated",
    article="fn_212",
    case="not_activated",
    title="Ошибка ФН 212: ФН не активирован",
    preset="registered",
    error=E.FN_WRONG_STATE,
    tape=TAPE,
    screens=(_REFUSED,),
    reproduce=(hand("swap_fn", title="a fresh FN is put in, and nobody registers it"), _SALE),
    fix=(
        hand("mend_cable", title=_LOOK_AT_CABLE).weighs(Weight.SUPERFLUOUS),
        raw_question(
            "А4 20",
            "it proves nothing here: an FN answers it without registration too; one of the first generation refuses",
        ),
        _REGISTER.weighs(Weight.NEEDED),
    ),
    prove=TRADES,
    documented="the error, the cause, the cure",
    inferred="that the till was registered before, with another FN: one that never was answers -3868 (A8h)",
)

FAULTY = Scenario(
    id="fn_212_faulty",
    article="fn_212",
    case="fn_faulty",
    title="Ошибка ФН 212: ФН неисправен",
    preset="registered",
    error=E.FN_WRONG_STATE,
    tape=TAPE,
    screens=(_REFUSED,),
    reproduce=(
        hand("break_fn", "silent", title="the FN dies"),
        _OFF,
        _ON,
        _SALE,
    ),
    fix=(
        hand("mend_cable", title=_LOOK_AT_CABLE).weighs(Weight.SUPERFLUOUS),
        raw_command("А4 20", refusal=E.FN_NO_ANSWER).informing("it fails, as it does with a broken cable"),
        hand("swap_fn", title=_SERVICE).weighs(Weight.NEEDED),
        menu_item(REGISTER, "нет", title="register the new FN")
        .undocumented("a new FN is to be registered, whoever has put it in")
        .weighs(Weight.NEEDED),
    ),
    prove=TRADES,
    verdict=Verdict.FIX_DOES_NOTHING,
    documented="the error, the cause, whom to ask",
    inferred="how an FN is faulty: it has been dead since the till was switched on; «А4 20» then fails as with a cable",
)

FAMILY = (UNPLUGGED, CABLE, NOT_ACTIVATED, FAULTY)
