"""«Ошибка интерфейса ЭКЛЗ/ФН»: wire D2h (210), driver -3910, paper «Ошибка ФН 210». Article fn_210, its three causes.

After the FN was plugged in again, «А4 20» typed as the article prints it tells two of them apart: a faulty FN still
answers it, through a damaged cable nothing does.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import REGISTER, TRADES, driver_says, menu_item, raw_command, sells
from scenarios.playbook import Alternative, Kind, Scenario, Scene, Step, Verdict, Weight, hand

TAPE = "Ошибка ФН 210"
_REFUSED = driver_says(E.FN_NO_ANSWER)
_SALE = sells(shows=_REFUSED)
_PLUG = "Переподключите ФН к кассе"
_SUPPORT = "Обратитесь в поддержку, чтобы заменить шлейф или ФН"


def _pull_out_and_put_in(scene: Scene) -> None:
    scene.hands.unplug_fn()
    scene.hands.plug_fn()


_PLUG_AGAIN = Step(Kind.HANDS, _PLUG, _pull_out_and_put_in).by(("fn", "unplug"), ("fn", "plug"))
_NEW_CABLE = hand("mend_cable", title=_SUPPORT)
_NEW_FN = hand("swap_fn", title=_SUPPORT)
_REGISTER = menu_item(REGISTER, "нет", title="register the new FN").undocumented("a new FN is to be registered")

UNPLUGGED = Scenario(
    id="fn_210_unplugged",
    article="fn_210",
    case="unplugged",
    title="Ошибка ФН 210: ФН отсоединился",
    preset="shift-open",
    error=E.FN_NO_ANSWER,
    tape=TAPE,
    screens=(_REFUSED,),
    reproduce=(hand("unplug_fn", title="the FN comes loose"), _SALE),
    fix=(
        hand("plug_fn", title=_PLUG).weighs(Weight.NEEDED),
        raw_command("А4 20").informing("«(0) Нет ошибок»: the FN is heard again; before, it was refused"),
    ),
    prove=TRADES,
    alternatives=(Alternative("replacing the cable", (_NEW_CABLE,), cures=False),),
    documented="the error, the cause, the cure",
)

CABLE = Scenario(
    id="fn_210_cable",
    article="fn_210",
    case="cable",
    title="Ошибка ФН 210: повреждён шлейф",
    preset="shift-open",
    error=E.FN_NO_ANSWER,
    tape=TAPE,
    screens=(_REFUSED,),
    reproduce=(hand("cut_cable", title="the cable breaks"), _SALE),
    fix=(
        _PLUG_AGAIN.weighs(Weight.SUPERFLUOUS),
        raw_command("А4 20", refusal=E.FN_NO_ANSWER).informing("it fails: what is broken lies between till and FN"),
        _NEW_CABLE.weighs(Weight.NEEDED),
    ),
    prove=TRADES,
    alternatives=(Alternative("replacing the FN", (_NEW_FN,), cures=False),),
    documented="the error, the cause, the question «А4 20» and what its refusal means",
)

FAULTY = Scenario(
    id="fn_210_faulty",
    article="fn_210",
    case="faulty",
    title="Ошибка ФН 210: ФН неисправен",
    preset="registered",
    error=E.FN_NO_ANSWER,
    tape=TAPE,
    screens=(_REFUSED,),
    verdict=Verdict.FIX_DOES_NOTHING,
    reproduce=(hand("break_fn", "silent_on_signing", title="the FN begins to hang when it has to sign"), _SALE),
    fix=(
        _PLUG_AGAIN.weighs(Weight.SUPERFLUOUS),
        raw_command("А4 20").informing("«(0) Нет ошибок»: the FN is heard, so it is the FN itself that fails"),
        _NEW_FN.weighs(Weight.NEEDED),
        _REGISTER.weighs(Weight.NEEDED),
    ),
    prove=TRADES,
    alternatives=(Alternative("replacing the cable", (_NEW_CABLE,), cures=False),),
    documented="the error, the cause, the question «А4 20» and what its answer «(0) Нет ошибок» means",
    inferred="how an FN is faulty: it answers questions and hangs when it has to sign; the new one's registration",
)

FAMILY = (UNPLUGGED, CABLE, FAULTY)
