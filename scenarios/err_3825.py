"""«Неверный пароль»: wire 8Ch (140), driver -3825. Article err_3825.

The terminal enters every mode by the password of row 30 of table 3; another one there, and no mode opens: no sale, no
end of the shift. Zeroing needs no mode. It costs the totals of the shift, the clock and the address of the OFD.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import ZEROING, driver_says, menu_item, sells, terminal_restarts
from scenarios.ofd_cases import TILL_TRIES
from scenarios.playbook import Alternative, Scenario, Step, Variant, Verdict, Weight, hand, sends
from scenarios.zeroing_cases import (
    BATTERY_LOST,
    OFD_FORGOTTEN,
    REBOOTED,
    TWO_SYSTEMS,
    ZERO,
    default_system,
    power_cycled,
)

_REFUSED = driver_says(E.WRONG_PASSWORD)
_SALE = sells(shows=_REFUSED)
_TO_PROGRAMMING = ("48", "56 04 00 00 00 30")
_WRITTEN = sends(
    *_TO_PROGRAMMING, "50 03 00 1E 01 00 00 12 34", "48", title="another program changes the password of row 30"
)
_DAMAGED = hand("alter_memory", "passwords", "3/30/1", "00000031", title="a bit of the password is lost")
_ACCESS = sends(*_TO_PROGRAMMING, "50 02 00 01 17 12 34", title="another program changes the access password")
_WRITTEN_BACK = Alternative(
    "writing the password back by the new one, if somebody knows it",
    (sends("48", "56 04 00 00 12 34", "50 03 00 1E 01 00 00 00 30", "48", title="write the password back"),),
    cures=True,
)
_REBOOT_ALONE = Alternative("the reboot without the zeroing", (REBOOTED,), cures=False)


def _scenario(id: str, preset: str, title: str, arises: Step, *alternatives: Alternative) -> Scenario:
    return Scenario(
        id=id,
        article="err_3825",
        case="inferred_password_changed",
        title=f"Неверный пароль: {title}",
        preset=preset,
        error=E.WRONG_PASSWORD,
        screens=(_REFUSED,),
        reproduce=(sells(), arises, _SALE),
        fix=(
            ZERO.weighs(Weight.NEEDED),
            REBOOTED.weighs(Weight.NEEDED),
            default_system(preset),
            OFD_FORGOTTEN,
        ),
        prove=(sells(), TILL_TRIES),
        alternatives=(*alternatives, _REBOOT_ALONE),
        variants=(
            Variant(
                "zeroing keeps the clock: the reboot does nothing",
                kkt_settings={"zeroing_clears_clock": False},
                weights={REBOOTED.title: Weight.SUPERFLUOUS},
            ),
        ),
        documented="the error, and every step but the one marked",
        inferred="how the password came to be another; that zeroing is done with an open shift, and loses the clock",
    )


CHANGED = _scenario("err_3825", "registered", "пароль в таблице 3 изменён", _WRITTEN, _WRITTEN_BACK)
TWO_SNO = _scenario("err_3825_two_sno", TWO_SYSTEMS, "то же, несколько СНО", _WRITTEN, _WRITTEN_BACK)
DAMAGED = _scenario("err_3825_damaged", "registered", "память с паролем повреждена", _DAMAGED)

ACCESS = Scenario(
    id="err_3825_access",
    article="err_3825",
    case="inferred_access_password",
    title="Неверный пароль: изменён пароль доступа",
    preset="registered",
    error=E.WRONG_PASSWORD,
    screens=(_REFUSED,),
    verdict=Verdict.FIX_DOES_NOTHING,
    reproduce=(sells(), _ACCESS, _SALE),
    fix=(menu_item(ZEROING, shows=_REFUSED, title=ZERO.title), REBOOTED),
    prove=(sells(), TILL_TRIES),
    beyond_title="what a service can do: the battery of the till's memory out",
    beyond=(
        power_cycled("take the battery out for two minutes", *BATTERY_LOST),
        terminal_restarts(),
    ),
    documented="the error and the steps",
    inferred="the cause: every command is refused then, zeroing too, and the article does not help",
)

FAMILY = (CHANGED, TWO_SNO, DAMAGED, ACCESS)
