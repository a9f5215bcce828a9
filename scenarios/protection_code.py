"""«Неверный код защиты»: wire B1h (177), driver -3870 without the code, AEh (174), -3857 with a wrong one. Article
protection_code.

The code belongs to the till's serial number. Without it the till does nothing in registration mode; everything else
works. A board from the spare parts has neither: it takes the code of the passport only when it has the number.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    CLOSE_SHIFT,
    PROTECTION_CODE,
    TRADES,
    ZEROING,
    driver_says,
    menu_item,
    menu_item_when,
    screen,
    sells,
    terminal_restarts,
    till_is_switched_off_and_on,
)
from scenarios.playbook import Alternative, Scenario, Scene, Verdict, Weight, hand, informs, sends
from scenarios.zeroing_cases import OFD_FORGOTTEN

SERVICE = "Настройки → Обслуживание кассы"
NO_TILL = "Нет связи с кассой"
NUMBER = "1"
ANOTHER_TILLS_CODE = "1234 5678 9012 3456"
SERIAL_NUMBER = "00 30 74 00 00 00 11"
_REFUSED = driver_says(E.PROTECTION_CODE_NEEDED)
_SALE = sells(shows=_REFUSED)
_ENTER = "Ввести код защиты"
_PASSPORT = informs("Код защиты написан на лицевой стороне паспорта кассы Эвотор", "it is where the code is")
_SUPPORT = informs("Если вылезает ошибка «Нет связи с кассой», обратитесь в техподдержку", "the link is there")


def _of_passport(scene: Scene) -> tuple[str, str]:
    return NUMBER, scene.hands.passport_code(int(NUMBER))


_CODE = menu_item_when(PROTECTION_CODE, _of_passport, title=_ENTER).weighs(Weight.NEEDED)
_REFUSES_CODE = Alternative(
    "a code that is another till's",
    (menu_item(PROTECTION_CODE, NUMBER, ANOTHER_TILLS_CODE, shows=driver_says(E.WRONG_PROTECTION_CODE)),),
    cures=False,
)
_OTHER_NUMBER = Alternative(
    "the right code under another number",
    (
        menu_item_when(
            PROTECTION_CODE,
            lambda scene: ("2", _of_passport(scene)[1]),
            title="type the code under number 2",
            shows=driver_says(E.WRONG_PROTECTION_CODE),
        ),
    ),
    cures=False,
)
_SWITCHED = Alternative("switching the till off and on", (till_is_switched_off_and_on(),), cures=False)
_ZEROED = Alternative(
    "technological zeroing, and everything set up again: no code is made by it",
    (
        menu_item(ZEROING, title="zero the till"),
        terminal_restarts("restart the terminal: its driver sets the clock that the zeroing has lost"),
        OFD_FORGOTTEN,
    ),
    cures=False,
)


CODE_LOST = Scenario(
    id="protection_code_lost",
    article="protection_code",
    case="code_missing",
    title="Неверный код защиты: память с кодами повреждена",
    preset="registered",
    error=E.PROTECTION_CODE_NEEDED,
    screens=(_REFUSED,),
    reproduce=(
        *TRADES,
        hand("alter_memory", "identity", "protection_codes", "[]", title="the codes are lost from the till's memory"),
        _SALE,
    ),
    fix=(_CODE, _PASSPORT, _SUPPORT),
    prove=TRADES,
    alternatives=(_REFUSES_CODE, _OTHER_NUMBER, _SWITCHED, _ZEROED),
    documented="the error, where the code is, where it is typed",
    inferred="how it was lost; which commands want it; what the terminal shows at a sale",
)

WITH_OPEN_SHIFT = Scenario(
    id="protection_code_shift_open",
    article="protection_code",
    case="code_missing",
    title="Неверный код защиты: код потерян посреди смены",
    preset="registered",
    error=E.PROTECTION_CODE_NEEDED,
    screens=(_REFUSED,),
    reproduce=(
        sells(),
        hand("alter_memory", "identity", "protection_codes", "[]", title="the codes are lost from the till's memory"),
        _SALE,
    ),
    fix=(_CODE, _PASSPORT, _SUPPORT),
    prove=TRADES,
    alternatives=(
        Alternative("closing the shift: it works, and cures nothing", (menu_item(CLOSE_SHIFT),), cures=False),
        _REFUSES_CODE,
    ),
    documented="the error, where the code is, where it is typed",
    inferred="that a shift can be closed without the code",
)

BOARD_REPLACED = Scenario(
    id="protection_code_board",
    article="protection_code",
    case="code_missing",
    title="Неверный код защиты: плата заменена",
    preset="registered",
    models=("evotor-st2f",),
    error=E.PROTECTION_CODE_NEEDED,
    screens=(_REFUSED,),
    verdict=Verdict.FIX_DOES_NOTHING,
    reproduce=(*TRADES, hand("replace_board", title="the till gets a board from the spare parts"), _SALE),
    fix=(
        sends(
            *("48", "56 05 00 00 00 30", f"61 {SERIAL_NUMBER}", "48"),
            title="enter the serial number that stands on the till's plate",
        )
        .undocumented("a new board has none, and takes no code before")
        .weighs(Weight.NEEDED),
        _CODE,
        _PASSPORT,
        _SUPPORT,
    ),
    prove=TRADES,
    alternatives=(
        Alternative(
            "the code before the number",
            (menu_item_when(PROTECTION_CODE, _of_passport, title="type the code", shows=driver_says(E.NO_SERIAL)),),
            cures=False,
        ),
    ),
    documented="the error, where the code is, where it is typed",
    inferred="that a board was replaced, and what it lacks: a service centre enters the number",
)

NO_LINK = Scenario(
    id="protection_code_no_link",
    article="protection_code",
    case="no_link",
    title="Неверный код защиты: «Нет связи с кассой» вместо «Обслуживания кассы»",
    preset="registered",
    screens=(NO_TILL,),
    verdict=Verdict.NO_DOCUMENTED_FIX,
    reproduce=(
        hand("power_off", title="the till's module loses its power"),
        screen(SERVICE, NO_TILL),
    ),
    fix=(informs(_SUPPORT.title, "whom to ask"),),
    beyond=(hand("power_on", title="the till's module gets its power back"),),
    beyond_title="what support finds here: the till's module has no power",
    prove=(screen(SERVICE, "Ввести код защиты"), *TRADES),
    documented="the screen, and that support is to be asked",
    inferred="why there is no link; it has nothing to do with a code",
)

FAMILY = (CODE_LOST, WITH_OPEN_SHIFT, BOARD_REPLACED, NO_LINK)
