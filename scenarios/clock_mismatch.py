"""«Расхождение времени в ККТ и планшете»: two clocks, of which one is wrong. Article clock_mismatch.

No command fails: the terminal compares the two and does not sell. It sets the till's clock itself when its driver
starts, unless the shift is open; so a tablet that is wrong, and restarted, makes the till wrong as well.
"""

from datetime import datetime, timedelta

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    CLOCKS_DIFFER,
    CLOSE_SHIFT,
    SET_CLOCK,
    TABLET_CLOCK,
    TRADES,
    driver_says,
    menu_item,
    menu_item_when,
    sells,
    terminal_restarts,
)
from scenarios.playbook import Alternative, Scenario, Scene, Step, Verdict, Weight, hand

_FORMAT = "%d.%m.%Y %H:%M"
_WRONG, _SLOW = timedelta(hours=2), timedelta(minutes=10)
_LOOK_AT_TABLET = "Проверьте время на планшете; если время неправильное, установите верное"
_LOOK_AT_TILL = "Введите время в кассе: установите правильное время"


def _at(scene: Scene, ahead: timedelta = timedelta()) -> str:
    """A moment as it is typed, from the world's time."""
    return (datetime(1970, 1, 1) + timedelta(seconds=scene.witness.world()) + ahead).strftime(_FORMAT)


def _tablet(title: str, ahead: timedelta = timedelta()) -> Step:
    return menu_item_when(TABLET_CLOCK, lambda scene: (_at(scene, ahead),), title=title)


def _till(title: str, ahead: timedelta = timedelta()) -> Step:
    return menu_item_when(SET_CLOCK, lambda scene: (_at(scene, ahead),), title=title)


_DOES_NOT_SELL = sells(shows=CLOCKS_DIFFER)

TABLET_WRONG = Scenario(
    id="clock_mismatch_tablet",
    article="clock_mismatch",
    case="tablet_wrong",
    title="Расхождение времени: неверны часы планшета",
    preset="registered",
    screens=(CLOCKS_DIFFER,),
    reproduce=(_tablet("the tablet's clock is set two hours ahead", _WRONG), _DOES_NOT_SELL),
    fix=(_tablet(_LOOK_AT_TABLET).weighs(Weight.NEEDED), _till(_LOOK_AT_TILL).weighs(Weight.SUPERFLUOUS)),
    prove=TRADES,
    alternatives=(
        Alternative(
            "restarting the terminal first: its driver makes the till as wrong as the tablet",
            (terminal_restarts(),),
            cures=True,
            harms=True,
        ),
    ),
    documented="the error and both steps",
    inferred="how far the clocks may differ (five minutes), and that the terminal does not sell then",
)

TILL_WRONG = Scenario(
    id="clock_mismatch_till",
    article="clock_mismatch",
    case="till_wrong",
    title="Расхождение времени: неверны часы кассы",
    preset="registered",
    screens=(CLOCKS_DIFFER,),
    reproduce=(
        _tablet("the tablet's clock is set two hours ahead", _WRONG),
        terminal_restarts("the terminal starts, and its driver sets the till's clock by the tablet's"),
        _tablet("the tablet gets the right time again"),
        _DOES_NOT_SELL,
    ),
    fix=(_tablet(_LOOK_AT_TABLET).weighs(Weight.SUPERFLUOUS), _till(_LOOK_AT_TILL).weighs(Weight.NEEDED)),
    prove=TRADES,
    alternatives=(
        Alternative(
            "restarting the terminal: its driver sets the till's clock by the tablet's",
            (terminal_restarts(),),
            cures=True,
        ),
    ),
    documented="the error and both steps",
    inferred="how the till came to be wrong; how far the clocks may differ, and that the terminal does not sell then",
)

SHIFT_OPEN = Scenario(
    id="clock_mismatch_shift_open",
    article="clock_mismatch",
    case="till_wrong",
    title="Расхождение времени: часы кассы отстают, смена открыта",
    preset="registered",
    screens=(CLOCKS_DIFFER,),
    reproduce=(
        _tablet("the tablet's clock is set ten minutes back", -_SLOW),
        terminal_restarts("the terminal starts, and its driver sets the till's clock by the tablet's"),
        sells(title="sell at the terminal: the shift is open now"),
        _tablet("the tablet gets the right time again"),
        _DOES_NOT_SELL,
    ),
    fix=(
        menu_item(CLOSE_SHIFT, title="close the shift")
        .undocumented("with an open shift the till refuses to set its clock: -3828")
        .weighs(Weight.NEEDED),
        _tablet(_LOOK_AT_TABLET).weighs(Weight.SUPERFLUOUS),
        _till(_LOOK_AT_TILL).weighs(Weight.NEEDED),
    ),
    prove=TRADES,
    verdict=Verdict.FIX_DOES_NOTHING,
    documented="the error and both steps",
    inferred="that the shift must be closed before the till's clock can be set",
)

DOCUMENT_AHEAD = Scenario(
    id="clock_mismatch_document_ahead",
    article="clock_mismatch",
    case="till_wrong",
    title="Расхождение времени: в ФН уже есть документ из будущего",
    preset="registered",
    screens=(CLOCKS_DIFFER,),
    reproduce=(
        _tablet("the tablet's clock is set two hours ahead", _WRONG),
        terminal_restarts("the terminal starts, and its driver sets the till's clock by the tablet's"),
        sells(title="sell at the terminal: a document two hours ahead"),
        menu_item(CLOSE_SHIFT, title="close the shift"),
        _tablet("the tablet gets the right time again"),
        _DOES_NOT_SELL,
    ),
    fix=(
        _tablet(_LOOK_AT_TABLET),
        menu_item_when(
            SET_CLOCK, lambda scene: (_at(scene),), title=_LOOK_AT_TILL, shows=driver_says(E.DATE_BEFORE_FN)
        ),
    ),
    prove=TRADES,
    verdict=Verdict.FIX_DOES_NOTHING,
    beyond_title="waiting until the time of the last document is over",
    beyond=(
        hand("advance", _WRONG.total_seconds() + 600, title="a little more than two hours go by"),
        _till("set the till's clock"),
    ),
    documented="the error and both steps",
    inferred="that a document with a wrong date is in the FN: it takes no earlier one",
)

FAMILY = (TABLET_WRONG, TILL_WRONG, SHIFT_OPEN, DOCUMENT_AHEAD)
