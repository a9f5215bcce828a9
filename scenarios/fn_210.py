"""«Ошибка интерфейса ЭКЛЗ/ФН»: wire D2h (210), driver -3910, paper «Ошибка ФН 210». Article fn_210, its three causes.

After the FN was plugged in again, «А4 20» typed as the article prints it tells two of them apart: a faulty FN still
answers it, through a damaged cable nothing does.
"""

from protocol.atol.kkt_codes import E
from scenarios import routine
from scenarios.at_terminal import raw_command
from scenarios.health import trade
from scenarios.playbook import Alternative, Scenario, Step, Weight, accepts, hands, refuses
from scenarios.roles import Hands

TAPE = "Ошибка ФН 210"


def _plug_again(operator: Hands) -> None:
    operator.unplug_fn()
    operator.plug_fn()


def _replace_cable() -> Step:
    return hands(lambda operator: operator.mend_cable(), "replace the cable")


def _replace_fn() -> tuple[Step, ...]:
    return (
        hands(lambda operator: operator.swap_fn(), "replace the FN"),
        accepts(routine.register_again, "register the new FN"),
    )


UNPLUGGED = Scenario(
    id="fn_210_unplugged",
    article="fn_210",
    title="Ошибка ФН 210: ФН отсоединился",
    preset="shift-open",
    error=E.FN_NO_ANSWER,
    tape=TAPE,
    reproduce=(
        hands(lambda operator: operator.unplug_fn(), "the FN comes loose"),
        refuses(routine.sell, E.FN_NO_ANSWER, "sell"),
    ),
    fix=(hands(lambda operator: operator.plug_fn(), "Переподключите ФН к кассе").weighs(Weight.NEEDED),),
    prove=(accepts(trade, "a sale and a Z"),),
    alternatives=(Alternative("replacing the cable", (_replace_cable(),), cures=False),),
    documented="the error, the cause, the cure",
)

CABLE = Scenario(
    id="fn_210_cable",
    article="fn_210",
    title="Ошибка ФН 210: повреждён шлейф",
    preset="shift-open",
    error=E.FN_NO_ANSWER,
    tape=TAPE,
    reproduce=(
        hands(lambda operator: operator.cut_cable(), "the cable breaks"),
        refuses(routine.sell, E.FN_NO_ANSWER, "sell"),
    ),
    fix=(
        hands(_plug_again, "Переподключите ФН к кассе").weighs(Weight.SUPERFLUOUS),
        raw_command("А4 20", refusal=E.FN_NO_ANSWER).weighs(Weight.SUPERFLUOUS),
        _replace_cable().weighs(Weight.NEEDED),
    ),
    prove=(accepts(trade, "a sale and a Z"),),
    alternatives=(
        Alternative("replacing the FN", (hands(lambda operator: operator.swap_fn(), "replace the FN"),), cures=False),
    ),
    documented="the error, the cause, the question «А4 20» and what its refusal means",
)

FAULTY = Scenario(
    id="fn_210_faulty",
    article="fn_210",
    title="Ошибка ФН 210: ФН неисправен",
    preset="shift-open",
    error=E.FN_NO_ANSWER,
    tape=TAPE,
    reproduce=(
        hands(lambda operator: operator.break_fn("silent_on_signing"), "the FN begins to hang when it has to sign"),
        refuses(routine.sell, E.FN_NO_ANSWER, "sell"),
    ),
    fix=(
        hands(_plug_again, "Переподключите ФН к кассе").weighs(Weight.SUPERFLUOUS),
        raw_command("А4 20").weighs(Weight.SUPERFLUOUS),
        *(step.weighs(Weight.NEEDED) for step in _replace_fn()),
    ),
    prove=(accepts(trade, "a sale and a Z"),),
    alternatives=(Alternative("replacing the cable", (_replace_cable(),), cures=False),),
    documented="the error, the cause, the question «А4 20» and what its answer «(0) Нет ошибок» means",
    inferred="how an FN is faulty: it answers questions and hangs on every command that signs",
)
