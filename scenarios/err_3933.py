"""«Вход в режим заблокирован»: wire 1Eh (30), driver -3933. Article err_3933, all three causes.

The till remembers another last document, or another state of the shift, than its FN. Registration mode stays shut until
a document makes the till take the FN's numbers over: the end of the shift when it is open for both, else the report on
the state of settlements. Taking the FN out and in changes nothing, unless the memory that is wrong has a wrong check
sum as well. Zeroing helps too, and costs the totals, the clock and the address of the OFD.
"""

from dataclasses import dataclass

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    CLOSE_SHIFT,
    REGISTER,
    SETTLEMENT,
    driver_says,
    menu_item,
    menu_words,
    sells,
    terminal_restarts,
)
from scenarios.ofd_cases import TILL_TRIES
from scenarios.playbook import Alternative, Kind, Scenario, Scene, Step, Variant, Verdict, Weight, hand
from scenarios.zeroing_cases import (
    OFD_CHECKED,
    RESTARTED,
    TWO_SYSTEMS,
    ZERO,
    default_system,
    power_cycled,
)

_REFUSED = driver_says(E.MODE_LOCKED)
_SALE = sells(shows=_REFUSED)
_TRIED = sells(title="Провести тестовую продажу, чтобы проверить, что все работает")
_CLOSE_TITLE = "Закрыть кассовую смену"
_CLOSE = menu_item(CLOSE_SHIFT, title=_CLOSE_TITLE)
_REPORT = menu_item(SETTLEMENT, title="Снять отчет о текущем состоянии расчетов")
_RESEAT = power_cycled(
    "Переподключить фискальный накопитель: выключить кассу, вынуть и поставить на место, включить кассу",
    hand("unplug_fn", title="take the FN out"),
    hand("plug_fn", title="put it back"),
)
_CLOCK = (
    terminal_restarts("restart the terminal: its driver sets the clock")
    .undocumented("the zeroing loses the clock, and the list does not tell to set it")
    .weighs(Weight.NEEDED)
)


def _closing_is_refused(code: E) -> Step:
    return menu_item(CLOSE_SHIFT, shows=driver_says(code), title=_CLOSE_TITLE)


RESEAT_ALONE = Alternative("taking the FN out and in alone", (_RESEAT,), cures=False)
ZEROING_ALONE = Alternative(
    "zeroing at once: the sums of the open shift are in no report any more",
    (ZERO, RESTARTED, OFD_CHECKED),
    cures=True,
    harms=True,
)


def _wrong(field: str, value: str | bool, title: str) -> Step:
    return hand("alter_memory", "mirror", field, value, title=title)


@dataclass(frozen=True, slots=True)
class Record:
    """How the till's record of its FN is wrong. ``fix``: with what the first list does in that state."""

    id: str
    title: str
    arises: tuple[Step, ...]
    fix: tuple[Step, ...]
    alternatives: tuple[Alternative, ...]
    variants: tuple[Variant, ...] = ()
    preset: str = "registered"
    case: str = "module"
    inferred: str = "that the till's record of the FN is what is wrong"
    verdict: Verdict = Verdict.CURED
    prove: tuple[Step, ...] = (_TRIED, TILL_TRIES)


_NUMBER = _wrong("document_number", "7", "the till's module remembers another last document")
_UNHEARD = hand("break_fn", "unheard_on_signing", title="the FN comes loose while it signs: the till does not hear it")
_LOOSE = (
    _UNHEARD,
    sells(shows=driver_says(E.FN_NO_ANSWER), title="sell: the FN makes the receipt, the till annuls it"),
    hand("mend_fn", title="the contact holds again"),
    hand("unplug_fn", title="the FN is taken out, the shift is open"),
    hand("plug_fn", title="and put in again"),
)
_IN_BETWEEN = (
    hand("unplug_fn", title="the FN is taken out between two receipts"),
    hand("plug_fn", title="and put in again"),
    sells(title="sell: that does no harm"),
)


def _tried(path: str, title: str) -> Step:
    """It is chosen, and the person goes on whatever the screen says."""

    def act(scene: Scene) -> None:
        scene.terminal.choose(path)

    return Step(Kind.WIRE, title, act, typed=(menu_words(path),))


def _scenario(record: Record) -> Scenario:
    return Scenario(
        id=f"err_3933_{record.id}",
        article="err_3933",
        case=record.case,
        title=f"Вход в режим заблокирован: {record.title}",
        preset=record.preset,
        error=E.MODE_LOCKED,
        screens=(_REFUSED,),
        reproduce=(sells(), *record.arises, _SALE),
        fix=record.fix,
        prove=record.prove,
        verdict=record.verdict,
        alternatives=record.alternatives,
        variants=record.variants,
        documented="the error, its causes and every step but what is marked",
        inferred=record.inferred,
    )


def _first_list(close: Step, report: Weight, reseat: Weight = Weight.SUPERFLUOUS) -> tuple[Step, ...]:
    return close, _REPORT.weighs(report), _RESEAT.weighs(reseat)


_CLOSED_FIRST = (menu_item(CLOSE_SHIFT, title="close the shift"),)
_NOT_CLOSED = _closing_is_refused(E.SHIFT_CLOSED).weighs(Weight.SUPERFLUOUS)
_FN_HAS_CLOSED = _closing_is_refused(E.FN_WRONG_STATE).weighs(Weight.SUPERFLUOUS)
_CLOSE_ALONE = Alternative("closing the shift alone", (_CLOSE,), cures=True)
_ON_FN_1 = (
    Variant(
        "ФН-1: it makes no report on the state of settlements with an open shift",
        fn="fn-1-13",
        weights={_CLOSE.title: Weight.NEEDED, _REPORT.title: Weight.SUPERFLUOUS},
    ),
)
_NOT_ADOPTED = "a till whose reports do not take over what the FN says"
_KEEPS = {"reports_adopt_fn": False}


def _zeroed(id: str, title: str, preset: str) -> Record:
    """«Если это не помогло»: the second list."""
    return Record(
        id,
        title,
        (_NUMBER,),
        (
            ZERO.weighs(Weight.NEEDED),
            _CLOCK,
            OFD_CHECKED.weighs(Weight.HARMFUL_TO_OMIT),
            default_system(preset),
        ),
        (RESEAT_ALONE,),
        (
            Variant(_NOT_ADOPTED, kkt_settings=_KEEPS),
            Variant(
                "zeroing keeps the clock",
                kkt_settings={"zeroing_clears_clock": False},
                weights={_CLOCK.title: Weight.SUPERFLUOUS},
                verdict=Verdict.CURED,
            ),
        ),
        preset,
        verdict=Verdict.FIX_DOES_NOTHING,
        inferred="the cause; that zeroing loses the clock, so that the list as it is printed ends in error -3892",
    )


RECORDS = (
    Record(
        "unplugged",
        "ФН вынимали при открытой смене",
        (*_IN_BETWEEN, *_LOOSE),
        _first_list(_CLOSE.weighs(Weight.SUFFICIENT), Weight.SUFFICIENT),
        (_CLOSE_ALONE, RESEAT_ALONE),
        _ON_FN_1,
        case="unplugged",
        inferred="that it was taken out while it signed: between two documents it does no harm",
        prove=(_TRIED, menu_item(CLOSE_SHIFT, title="close the shift"), TILL_TRIES),
    ),
    Record(
        "module",
        "некорректно работает модуль ККТ, смена открыта",
        (_NUMBER,),
        _first_list(_CLOSE.weighs(Weight.SUFFICIENT), Weight.SUFFICIENT),
        (_CLOSE_ALONE, RESEAT_ALONE, ZEROING_ALONE),
        _ON_FN_1,
    ),
    Record(
        "module_shift_closed",
        "некорректно работает модуль ККТ, смена закрыта",
        (*_CLOSED_FIRST, _NUMBER),
        _first_list(_NOT_CLOSED, Weight.NEEDED),
        (RESEAT_ALONE,),
    ),
    Record(
        "module_shift",
        "модуль ККТ помнит открытой смену, закрытую в ФН",
        (*_CLOSED_FIRST, _wrong("shift_is_open", "true", "the till's module remembers that the shift is open")),
        _first_list(_FN_HAS_CLOSED, Weight.NEEDED),
        (RESEAT_ALONE,),
    ),
    Record(
        "module_check_sum",
        "некорректно работает модуль ККТ, память повреждена вместе с контрольной суммой",
        (_NUMBER, hand("spoil_memory", "mirror", title="and the check sum of that memory is wrong as well")),
        (
            _tried(CLOSE_SHIFT, _CLOSE.title).weighs(Weight.SUFFICIENT),
            _tried(SETTLEMENT, _REPORT.title).weighs(Weight.SUFFICIENT),
            _RESEAT.weighs(Weight.SUFFICIENT),
        ),
        (
            Alternative(
                "taking the FN out and in: the power comes back, and the wrong check sum is found", (_RESEAT,), True
            ),
        ),
        (
            Variant(
                "ФН-1: it makes no report on the state of settlements with an open shift",
                fn="fn-1-13",
                weights={_REPORT.title: Weight.SUPERFLUOUS},
            ),
            Variant(
                _NOT_ADOPTED,
                kkt_settings=_KEEPS,
                weights={
                    _CLOSE.title: Weight.SUPERFLUOUS,
                    _REPORT.title: Weight.SUPERFLUOUS,
                    _RESEAT.title: Weight.NEEDED,
                },
            ),
        ),
    ),
    *(
        _zeroed(id, title, preset)
        for id, title, preset in (
            ("zeroing", "первый список не помог, смена открыта", "registered"),
            ("zeroing_two_sno", "то же, несколько СНО", TWO_SYSTEMS),
        )
    ),
)

_NO_ANSWER = driver_says(E.FN_NO_ANSWER)
FAULTY = Scenario(
    id="err_3933_fn_faulty",
    article="err_3933",
    case="fn_faulty",
    title="Вход в режим заблокирован: ФН неисправен",
    preset="shift-open",
    error=E.MODE_LOCKED,
    screens=(_REFUSED,),
    verdict=Verdict.FIX_DOES_NOTHING,
    reproduce=(
        hand("break_fn", "unheard_on_signing", title="the FN fails: what it signs is made, and it does not answer"),
        sells(shows=_NO_ANSWER, title="sell: the FN makes the receipt, the till annuls it"),
        _SALE,
    ),
    fix=(
        menu_item(CLOSE_SHIFT, shows=_NO_ANSWER, title=_CLOSE.title).weighs(Weight.SUPERFLUOUS),
        _tried(SETTLEMENT, _REPORT.title).weighs(Weight.SUPERFLUOUS),
        _RESEAT.weighs(Weight.HARMFUL_TO_OMIT),
        ZERO.weighs(Weight.SUPERFLUOUS),
        _CLOCK,
        OFD_CHECKED.weighs(Weight.HARMFUL_TO_OMIT),
        default_system("registered"),
        hand("swap_fn", title="Если ничего не помогает, обратитесь в наш сервисный центр").weighs(Weight.NEEDED),
        menu_item(REGISTER, "нет", title="register the new FN")
        .undocumented("a new FN is to be registered")
        .weighs(Weight.NEEDED),
    ),
    prove=(_TRIED,),
    documented="the error, the cause and every step but what is marked",
    inferred="how an FN is faulty; that the service replaces it",
)

FAMILY = (*map(_scenario, RECORDS), FAULTY)
