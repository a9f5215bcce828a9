"""«Чек закрыт - операция невозможна»: wire 9Ah (154), driver -3801. Article err_3801_3802, its other half.

The terminal keeps an unfinished sale on the tablet and goes on with it, though the till has lost the receipt. 59h is
answered 9Ah as well: there is nothing to annul. Only the reset of the tablet makes it forget the sale.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    SELL,
    TRADES,
    WIPE,
    driver_says,
    menu_item,
    program_dies,
    raw_command,
    sells,
    terminal_restarts,
    till_is_switched_off_and_on,
)
from scenarios.err_3802 import BACKUP, ONE_SYSTEM, RESTORED, SELL_AGAIN
from scenarios.playbook import Alternative, Scenario, Step, Weight, sends

_REFUSED = driver_says(E.RECEIPT_CLOSED)
_DIES = program_dies(0xEB, SELL, title="the terminal's program dies in the middle of a sale")
_RESET = menu_item(WIPE, title="Сбросьте настройки планшетного модуля с помощью Android Recovery")
_FIX = (
    raw_command("59", refusal=E.RECEIPT_CLOSED).weighs(Weight.SUPERFLUOUS),
    ONE_SYSTEM,
    sells(shows=_REFUSED, title=SELL_AGAIN).weighs(Weight.SUPERFLUOUS),
    BACKUP,
    _RESET.weighs(Weight.NEEDED),
    *RESTORED,
)


def _scenario(id: str, title: str, lost: Step, inferred: str) -> Scenario:
    return Scenario(
        id=id,
        article="err_3801_3802",
        case="receipt_closed",
        title=f"Чек закрыт - операция невозможна: {title}",
        preset="shift-open",
        error=E.RECEIPT_CLOSED,
        screens=(_REFUSED,),
        reproduce=(_DIES, lost, terminal_restarts(shows=_REFUSED), sells(shows=_REFUSED)),
        fix=_FIX,
        prove=TRADES,
        alternatives=(
            Alternative("restarting the terminal", (terminal_restarts(shows=_REFUSED),), cures=False),
            Alternative("switching the till off and on", (till_is_switched_off_and_on(),), cures=False),
        ),
        documented="the error, command 59, the reset of the tablet",
        inferred=inferred,
    )


TILL_LOST_POWER = _scenario(
    "err_3801",
    "касса была выключена посреди продажи",
    till_is_switched_off_and_on(),
    "that an unfinished sale is kept on the tablet; that the till dropped its receipt when its power went",
)
ANNULLED = _scenario(
    "err_3801_annulled",
    "чек аннулирован в обход терминала",
    sends("59", title="another program at the port annuls the receipt"),
    "that an unfinished sale is kept on the tablet; that somebody else annulled the receipt",
)

FAMILY = (TILL_LOST_POWER, ANNULLED)
