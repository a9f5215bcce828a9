"""«Чек открыт - операция невозможна»: wire 9Bh (155), driver -3802. Fixed by command 59h. Article err_3801_3802.

The terminal's program died when the till had opened the receipt and before it noted that on the tablet. It begins the
sale anew when it comes back; the till refuses to leave the mode it is in. 59h is hexadecimal, and is itself answered
9Ah (-3801) when nothing is open.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    DEFAULT_SNO,
    SELL,
    TRADES,
    WIPE,
    driver_says,
    everything_is_switched_off_and_on,
    menu_item,
    program_dies,
    raw_command,
    sells,
    terminal_restarts,
)
from scenarios.playbook import Alternative, Scenario, Weight, informs

SELL_AGAIN = "Повторить продажу"
ONE_SYSTEM = informs(
    "Выбрать СНО по умолчанию", "this till is registered with one tax system, so the menu has no such item"
)
BACKUP = informs("Создайте резервную копию", "a file of the tablet, which the bench does not model")
RESTORED = (
    informs(
        "Выбрать СНО по умолчанию (до запуска кассы)",
        "before the till is switched on it cannot be asked; the setting is the till's and outlives the reset",
    ),
    informs("После запуска кассы зарегистрируйте ее на тот же номер, что и раньше", "the cloud is not modelled"),
    informs("Выберите магазин, который выбирали ранее", "the cloud is not modelled"),
    informs("Восстановите настройки из резервной копии", "a file of the tablet, which the bench does not model"),
)
_REFUSED = driver_says(E.RECEIPT_OPEN)

SCENARIO = Scenario(
    id="err_3802",
    article="err_3801_3802",
    case="receipt_open",
    title="Чек открыт - операция невозможна",
    preset="shift-open",
    error=E.RECEIPT_OPEN,
    screens=(_REFUSED,),
    reproduce=(
        program_dies(0x92, SELL, title="the terminal's program dies when a receipt was opened"),
        terminal_restarts(shows=_REFUSED),
        sells(shows=_REFUSED),
    ),
    fix=(
        raw_command("59").weighs(Weight.NEEDED),
        ONE_SYSTEM,
        sells(title=SELL_AGAIN).weighs(Weight.SUPERFLUOUS),
    ),
    prove=TRADES,
    alternatives=(
        Alternative("restarting the terminal", (terminal_restarts(shows=_REFUSED),), cures=False),
        Alternative(
            "the reset of the tablet: the receipt is the till's",
            (menu_item(WIPE, title="Сбросьте настройки планшетного модуля с помощью Android Recovery"),),
            cures=False,
        ),
        Alternative(
            "switching till and terminal off and on: the till drops its receipt",
            (everything_is_switched_off_and_on(),),
            cures=True,
        ),
    ),
    documented="the error and command 59",
    inferred="the cause: the article names none; a program that died is the plainest way to an open receipt",
)

TWO_SYSTEMS = Scenario(
    id="err_3802_two_sno",
    article="err_3801_3802",
    case="receipt_open",
    title="Чек открыт - операция невозможна: касса с двумя СНО",
    preset="registered-two-sno",
    error=E.RECEIPT_OPEN,
    screens=(_REFUSED,),
    reproduce=SCENARIO.reproduce,
    fix=(
        SCENARIO.fix[0],
        menu_item(DEFAULT_SNO, "УСН доход", title="Выбрать СНО по умолчанию").weighs(Weight.SUPERFLUOUS),
        SCENARIO.fix[2],
    ),
    prove=TRADES,
    documented="the error, command 59, the choice of the default tax system",
    inferred="the cause; that 59 does not touch the default tax system",
)

FAMILY = (SCENARIO, TWO_SYSTEMS)
