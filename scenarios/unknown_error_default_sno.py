"""«Неопознанная ошибка», «неизвестная ошибка» at a sale: wire EEh, register 37h tells 0103h. Article
unknown_error_default_sno.

The till is registered for several tax systems, the sale names none, and the default is unset since the settings were
lost. No driver has a text for it. The items are on paper already: the receipt is annulled.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    CLOSE_SHIFT,
    DEFAULT_SNO,
    REGISTER,
    TRADES,
    UNKNOWN_ERROR,
    WIPE,
    driver_says,
    menu_item,
    opens_shift,
    sells,
    terminal_restarts,
    till_is_switched_off_and_on,
)
from scenarios.playbook import Alternative, Scenario, Step, Variant, Verdict, Weight, sends
from scenarios.zeroing_cases import (
    BATTERY_LOST,
    DEFAULT_SYSTEM,
    NO_SYSTEM_TO_CHOOSE,
    OFD_CHECKED,
    TWO_SYSTEMS,
    ZERO,
    power_cycled,
)

_CHOSEN = menu_item(DEFAULT_SNO, DEFAULT_SYSTEM, title="Выбрать СНО по умолчанию").weighs(Weight.NEEDED)
_SALE = sells(shows=UNKNOWN_ERROR)
_CLOCK_COMES_BACK = terminal_restarts("restart the terminal: its driver sets the clock that the zeroing has lost")
_TABLES_RESET = sends("48", "71", title="put the till's tables back to factory settings")
_NAMED = Alternative(
    "a sale that names its tax system passes: that one alone",
    (sells(None, None, None, DEFAULT_SYSTEM, title="sell, and name the tax system"),),
    cures=False,
)
_FOREIGN = Alternative(
    "choosing a tax system that the till is not registered for: refused",
    (menu_item(DEFAULT_SNO, "ОСН", shows=driver_says(E.BAD_FORMAT)),),
    cures=False,
)
_SWITCHED = Alternative("switching the till off and on", (till_is_switched_off_and_on(),), cures=False)
_ONE_LEFT = Alternative(
    "registering the till again for one tax system: there is nothing to choose then",
    (
        menu_item(CLOSE_SHIFT, title="close the shift"),
        menu_item(REGISTER, None, DEFAULT_SYSTEM, title="register again for one tax system"),
    ),
    cures=True,
    harms=True,
)
_EARLY = Variant(
    "a till that asks for the tax system when a receipt is opened", kkt_settings={"tax_system_checked_at": "92h"}
)


def _scenario(id: str, case: str, title: str, inferred: str, *arises: Step) -> Scenario:
    return Scenario(
        id=id,
        article="unknown_error_default_sno",
        case=case,
        title=f"Неопознанная ошибка: {title}",
        preset=TWO_SYSTEMS,
        error=E.EXTENDED,
        screens=(UNKNOWN_ERROR,),
        reproduce=(*TRADES, *arises, OFD_CHECKED, opens_shift(), _SALE),
        fix=(_CHOSEN,),
        prove=TRADES,
        alternatives=(_NAMED, _FOREIGN, _SWITCHED, _ONE_LEFT),
        variants=(_EARLY,),
        documented="the error, that it comes after a zeroing or a rollback with several tax systems, the cure",
        inferred=inferred,
    )


AFTER_ZEROING = _scenario(
    "unknown_error_after_zeroing",
    "after_zeroing",
    "СНО по умолчанию сброшена обнулением",
    "where the till refuses: at the end of the receipt, which is annulled; that the address of the OFD was typed again",
    ZERO,
    _CLOCK_COMES_BACK,
)
AFTER_ROLLBACK = _scenario(
    "unknown_error_after_rollback",
    "after_rollback",
    "СНО по умолчанию сброшена откатом до заводских установок",
    "that the settings of the till are rolled back, by 71h: those of the tablet alone do nothing",
    menu_item(WIPE, title="put the tablet back to factory settings: nothing happens"),
    *TRADES,
    _TABLES_RESET,
)
AFTER_BATTERY = _scenario(
    "unknown_error_after_battery",
    "after_rollback",
    "СНО по умолчанию потеряна вместе с памятью",
    "that a flat battery is a rollback too",
    power_cycled("the battery of the till's memory goes flat", *BATTERY_LOST),
    _CLOCK_COMES_BACK,
)
ONE_SYSTEM = Scenario(
    id="unknown_error_one_sno",
    article="unknown_error_default_sno",
    case="after_zeroing",
    title="Неопознанная ошибка: с одной СНО её нет",
    preset="registered",
    verdict=Verdict.PROCEDURE,
    reproduce=(*TRADES, ZERO, _CLOCK_COMES_BACK, OFD_CHECKED),
    fix=(NO_SYSTEM_TO_CHOOSE,),
    prove=TRADES,
    documented="that the system is to be chosen when there are several",
    inferred="what the menu says when there is one: a till takes the only one it has",
)

FAMILY = (AFTER_ZEROING, AFTER_ROLLBACK, AFTER_BATTERY, ONE_SYSTEM)
