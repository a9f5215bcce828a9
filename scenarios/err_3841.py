"""«Неверный номер поля»: wire 93h (147), driver -3841. Article err_3841.

Before each sale the terminal reads a field of table 2 that firmware of FFD 1.0 times lacks. New firmware is what cures;
that the till is registered for FFD 1.05 then is what the law wants. Registering alone cures nothing.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    DONE,
    IT_PRINTS,
    REGISTER,
    REGISTRATION_TOTALS,
    TRADES,
    ZEROING,
    driver_says,
    last_page,
    menu_item,
    screen,
    sells,
    terminal_restarts,
)
from scenarios.playbook import Alternative, Scenario, Step, Verdict, Weight, hand, informs, sees
from scenarios.zeroing_cases import SYSTEM_CHOSEN, TWO_SYSTEMS, together

OLD_FIRMWARE = "evotor-st2f@ffd10"
TOTALS, FORMAT_LINE = "ИТОГ РЕГИСТРАЦИИ ККТ", "ФФД ККТ"
_REFUSED = driver_says(E.WRONG_FIELD)
_SALE = sells(shows=_REFUSED)
_MOVE = "Перейти на актуальный ФФД (1.05)"
_LOOKS = screen(
    REGISTRATION_TOTALS,
    DONE,
    title="Проверить формат фискальных документов: ФФД будет указан в строке «ФФД ККТ»",
    reason=IT_PRINTS,
)
_SUPPORT = informs("Если это не помогло или вы уже работаете с ФФД 1.05, обратитесь в техподдержку", "whom to ask")
_FLASHED = hand("flash", "usual", title="install new firmware in the till")
_REPAIRED = hand("flash", "ffd10", title="a repair leaves the till with firmware of FFD 1.0 times")
_REGISTERED = menu_item(REGISTER, "нет", title="register the till again")


def _the_format_is(printed: str) -> Step:
    """What the last print of the totals says."""
    wanted = [*FORMAT_LINE.split(), printed]
    return sees(
        lambda scene: any(line.split() == wanted for line in last_page(scene, TOTALS)),
        f"the totals say «{FORMAT_LINE} {printed}»",
    )


OLD_FORMAT = Scenario(
    id="err_3841",
    article="err_3841",
    case="old_format",
    title="Неверный номер поля: прошивка кассы времён ФФД 1.0",
    preset="registered",
    models=(OLD_FIRMWARE,),
    error=E.WRONG_FIELD,
    screens=(_REFUSED,),
    reproduce=(_SALE,),
    fix=(
        _LOOKS,
        _the_format_is("1.0"),
        together(_MOVE, _FLASHED, _REGISTERED).weighs(Weight.NEEDED),
        _LOOKS,
        _the_format_is("1.05"),
        _SUPPORT,
    ),
    prove=TRADES,
    alternatives=(
        Alternative("registering again without new firmware", (_REGISTERED,), cures=False),
        Alternative(
            "new firmware alone: it sells, and the totals still say «1.0»",
            (_FLASHED, _LOOKS, _the_format_is("1.0")),
            cures=True,
        ),
        Alternative("restarting the terminal", (terminal_restarts(),), cures=False),
    ),
    documented="the error, where the format is told, that FFD 1.05 cures",
    inferred="that the move to FFD 1.05 brings new firmware, and which fields the old one lacks",
)


def _already_1_05(id: str, title: str, preset: str, *systems: Step) -> Scenario:
    return Scenario(
        id=id,
        article="err_3841",
        case="already_1_05",
        title=f"Неверный номер поля: ФФД уже 1.05, прошивка старая{title}",
        preset=preset,
        models=("evotor-st2f",),
        error=E.WRONG_FIELD,
        screens=(_REFUSED,),
        verdict=Verdict.NO_DOCUMENTED_FIX,
        reproduce=(_REPAIRED, _SALE),
        fix=(
            _LOOKS,
            _the_format_is("1.05"),
            informs(_MOVE, "the till is registered for it already"),
            _SUPPORT,
        ),
        prove=TRADES,
        alternatives=(
            Alternative(
                "registering again: the old firmware registers for FFD 1.0",
                (_REGISTERED, _LOOKS, _the_format_is("1.0")),
                cures=False,
            ),
            Alternative(
                "technological zeroing: the build is too old for it",
                (menu_item(ZEROING, shows=driver_says(E.WRONG_MODE), title="zero the till"),),
                cures=False,
            ),
        ),
        beyond_title="new firmware",
        beyond=(_FLASHED, *systems),
        documented="that support is to be asked when the format is 1.05 already",
        inferred="how a till of FFD 1.05 comes to have the old firmware",
    )


ALREADY = _already_1_05("err_3841_already_1_05", "", "registered")
ALREADY_TWO_SNO = _already_1_05("err_3841_already_1_05_two_sno", ", несколько СНО", TWO_SYSTEMS, SYSTEM_CHOSEN)

FAMILY = (OLD_FORMAT, ALREADY, ALREADY_TWO_SNO)
