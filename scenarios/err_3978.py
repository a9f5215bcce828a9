"""«Исчерпан ресурс КС ФН»: wire EAh (234), driver -3978, paper «Ошибка ФН 234». Article err_3978, both branches.

The FN's term is judged by the date the till sends. With a closed shift the till's clock can be set back, the archive
closed and the FN replaced. With an open one nothing closes the shift, and the clock cannot be set: a closed circle.
"""

from datetime import datetime, timedelta
from typing import Any

from protocol.atol.commands.registers import ReadRegister
from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    CLOSE_SHIFT,
    OFD,
    REGISTER,
    REPLACE_FN,
    SET_CLOCK,
    TRADES,
    driver_says,
    everything_is_switched_off_and_on,
    menu_item,
    menu_item_when,
    screen,
    sells,
)
from scenarios.playbook import (
    Alternative,
    NotAsExpected,
    Scenario,
    Scene,
    Step,
    Variant,
    Verdict,
    Weight,
    hand,
    informs,
    reads,
)

FIVE_MINUTES = timedelta(minutes=5)
TAPE = "Ошибка ФН 234"
NOTE = "Запишите дату и время последнего отчёта о закрытии смены"
SET_BACK = "Установите дату и время последнего отчёта о закрытии смены, плюс пять минут"
SET_RIGHT = "set the till's clock right again"
_REFUSED = driver_says(E.FN_RESOURCE_EXHAUSTED)
_NOTHING_WAITS = "Ожидают отправки: 0"
_FORMAT = "%d.%m.%Y %H:%M"


def _ends_at(fields: Any) -> datetime:
    """Register 12h with a closed shift: when the last one was closed."""
    moment: datetime | None = fields["ends_at"]
    if moment is None:
        raise NotAsExpected("no shift was closed yet")
    return moment


def _five_minutes_after(note: str) -> Any:
    return lambda scene: ((scene.note(note) + FIVE_MINUTES).strftime(_FORMAT),)


def _world(scene: Scene) -> tuple[str]:
    return ((datetime(1970, 1, 1) + timedelta(seconds=scene.witness.world())).strftime(_FORMAT),)


_SET_RIGHT = menu_item_when(SET_CLOCK, _world, title=SET_RIGHT)
_SWAP = hand("swap_fn", title="Замените фискальный накопитель")
_REGISTER = menu_item(REGISTER, "нет", title="Зарегистрируйте новый накопитель")
_SALE = sells(shows=_REFUSED)


def _all_sent(title: str) -> Step:
    return screen(OFD, _NOTHING_WAITS, title=title)


_UNTIL_THE_SWAP = (
    reads("last_z", ReadRegister(register=0x12), _ends_at, NOTE).by(("send", "91 12 00 00")).weighs(Weight.NEEDED),
    hand("ofd_up", title="Подключите смарт-терминал к интернету").weighs(Weight.NEEDED),
    _all_sent("Убедитесь, что все фискальные документы ушли в ОФД"),
    menu_item_when(SET_CLOCK, _five_minutes_after("last_z"), title=SET_BACK).weighs(Weight.NEEDED),
    menu_item(REPLACE_FN, title="Закройте архив фискального накопителя").weighs(Weight.HARMFUL_TO_OMIT),
    _all_sent("Убедитесь, что информация о закрытии отправлена в ОФД"),
)

_IN_FN_1 = {NOTE: Weight.NEEDED, SET_BACK: Weight.SUPERFLUOUS}
"""What the steps are worth where the archive closes by any date."""
_UNTIL_THE_END = (
    *_UNTIL_THE_SWAP,
    _SWAP.weighs(Weight.NEEDED),
    _SET_RIGHT.undocumented(
        "the new FN's term would begin in the past, its documents would be misdated, and the terminal does not sell"
    ).weighs(Weight.NEEDED),
    _REGISTER.weighs(Weight.NEEDED),
)

SHIFT_CLOSED = Scenario(
    id="err_3978_shift_closed",
    article="err_3978",
    case="shift_closed",
    title="Исчерпан ресурс КС ФН, смена закрыта",
    preset="fn-expired-offline",
    error=E.FN_RESOURCE_EXHAUSTED,
    tape=TAPE,
    screens=(_REFUSED,),
    reproduce=(_SALE,),
    verdict=Verdict.FIX_DOES_NOTHING,
    fix=_UNTIL_THE_END,
    prove=TRADES,
    alternatives=(
        Alternative(
            "the same, till and terminal switched off for the swap: the driver sets the clock right when it starts",
            (*_UNTIL_THE_SWAP, _SWAP, everything_is_switched_off_and_on(), _REGISTER),
            cures=True,
        ),
        Alternative(
            "switching till and terminal off and on before the archive is closed: the clock is right again, too early",
            (*_UNTIL_THE_SWAP[:4], everything_is_switched_off_and_on(), menu_item(REPLACE_FN, shows=_REFUSED)),
            cures=False,
        ),
    ),
    variants=(Variant("ФН-1: its own code for the end of the term, -3915", fn="fn-1-13", arises=False),),
    documented="the errors, and every step but the one marked",
    inferred="that the FN judges its term by the date it is sent; that the network was down before",
)

_REFUSED_BY_FN_1 = driver_says(E.FN_TERM_OVER)

FN_1 = Scenario(
    id="err_3978_fn_1",
    article="err_3978",
    case="shift_closed",
    title="ФН-1: срок ФН вышел, смена закрыта",
    preset="fn-expired-offline",
    fn="fn-1-13",
    generations=(),
    error=E.FN_TERM_OVER,
    tape="Ошибка ФН 215",
    screens=(_REFUSED_BY_FN_1,),
    reproduce=(sells(shows=_REFUSED_BY_FN_1),),
    verdict=Verdict.FIX_DOES_NOTHING,
    fix=tuple(step.weighs(_IN_FN_1[step.title]) if step.title in _IN_FN_1 else step for step in _UNTIL_THE_END),
    prove=TRADES,
    documented="every step but the one marked; the article's codes are those of the next generation",
    inferred="that a first-generation FN closes its archive after its term: its description lists no code for it",
)

SHIFT_OPEN = Scenario(
    id="err_3978_shift_open",
    article="err_3978",
    case="shift_open",
    title="Исчерпан ресурс КС ФН, смена открыта",
    preset="fn-expired-shift-open",
    at="2026-03-02T10:00",
    error=E.FN_RESOURCE_EXHAUSTED,
    tape=TAPE,
    screens=(_REFUSED,),
    verdict=Verdict.NO_DOCUMENTED_FIX,
    reproduce=(_SALE,),
    fix=(informs("Смена открыта: обратитесь в поддержку Эвотор", "it closes the shift by a special program"),),
    prove=TRADES,
    alternatives=(
        Alternative("closing the shift: the FN refuses", (menu_item(CLOSE_SHIFT, shows=_REFUSED),), cures=False),
        Alternative(
            "setting the clock back: not with an open shift",
            (menu_item(SET_CLOCK, "28.02.2026 12:00", shows=driver_says(E.SHIFT_OPEN)),),
            cures=False,
        ),
        Alternative(
            "closing the archive: not with an open shift",
            (menu_item(REPLACE_FN, shows=driver_says(E.SHIFT_OPEN)),),
            cures=False,
        ),
    ),
    beyond_title="what an engineer can do: a till without a clock takes any date, even with an open shift",
    beyond=(
        reads(
            "last_document",
            ReadRegister(register=0x34),
            lambda fields: fields["at"],
            "read date and time of the last document",
        ).by(("send", "91 34 00 00")),
        hand("lose_clock", title="take the clock's cell out and put it back"),
        menu_item_when(
            SET_CLOCK, _five_minutes_after("last_document"), title="set the clock five minutes after the last document"
        ),
        menu_item(CLOSE_SHIFT, title="close the shift"),
        menu_item(REPLACE_FN, title="close the archive"),
        hand("swap_fn", title="replace the FN"),
        menu_item_when(SET_CLOCK, _world, title="set the clock right"),
        menu_item(REGISTER, "нет", title="register the new FN"),
    ),
    documented="that there is no way without support",
    inferred="the circle: the FN refuses to close the shift by its term, the till to set its clock; the engineer's way",
)

FAMILY = (SHIFT_CLOSED, FN_1, SHIFT_OPEN)
