"""«Ошибка формата передачи параметров ЭКЛЗ/ФН»: wire D3h (211), driver -3911, paper «Ошибка ФН 211». Article fn_211.

Three causes. «82 01 01 00» says whether the archive is closed; «А4 20» tells a bad cable from a bad FN. The screen that
the article shows, -3975, is the one of the next article: a driver calls this byte -3911.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    REGISTER,
    TRADES,
    driver_says,
    last_page,
    menu_item,
    raw_command,
    sells,
)
from scenarios.playbook import Scenario, Scene, Step, Variant, Verdict, Weight, hand, sees

TAPE = "Ошибка ФН 211"
_REFUSED = driver_says(E.FN_BAD_FORMAT)
_LOOK_AT_CABLE = "Проверьте физическое соединение ФН → шлейф ФН / шлейф ФН → плата ККТ"
_SUPPORT = "Если это не привело к положительному результату, обратитесь в поддержку"
_IS_CLOSED = "Фиск. режим закрыт"
_ALL = 100
_SALE = sells(shows=_REFUSED)


def _closed(word: str) -> Step:
    """What the slip of 82 01 01 00 says of the archive."""

    def says(scene: Scene) -> bool:
        page = last_page(scene, _IS_CLOSED)
        return bool(page) and page[0].endswith(word)

    return sees(says, f"the report says «{_IS_CLOSED}: {word}»", _IS_CLOSED)


def _asked(what_the_link_tells: str, archive: str, what_that_tells: str) -> tuple[Step, ...]:
    """Both questions of the article. ``archive``: ДА or НЕТ."""
    return (
        raw_command("А4 20").informing(what_the_link_tells),
        raw_command("82 01 01 00").informing(what_that_tells),
        _closed(archive),
    )


_REGISTER_NEW = (
    menu_item(REGISTER, "нет", title="register the new FN")
    .undocumented("a new FN is to be registered")
    .weighs(Weight.NEEDED)
)
_REPLACE = hand("swap_fn", title=_SUPPORT).weighs(Weight.NEEDED)

CABLE = Scenario(
    id="fn_211_cable",
    article="fn_211",
    case="no_link",
    title="Ошибка ФН 211: плохой контакт, кадры к ФН искажаются",
    preset="shift-open",
    error=E.FN_BAD_FORMAT,
    tape=TAPE,
    screens=(_REFUSED,),
    reproduce=(hand("make_noise", _ALL, 0, title="what the till sends to the FN arrives damaged"), _SALE),
    fix=(
        hand("mend_cable", title=_LOOK_AT_CABLE).weighs(Weight.NEEDED),
        *_asked(
            "«(0) Нет ошибок»: with the cable mended the FN is heard",
            "НЕТ",
            "«Фиск. режим закрыт: НЕТ»: it is not the archive",
        ),
    ),
    prove=TRADES,
    documented="the error, the cause, the check of the cable",
    inferred="that frames are damaged on the way to the FN: on the way back, or with none at all, it is error 210",
)

FAULTY = Scenario(
    id="fn_211_faulty",
    article="fn_211",
    case="fn_faulty",
    title="Ошибка ФН 211: ФН неисправен",
    preset="registered",
    error=E.FN_BAD_FORMAT,
    tape=TAPE,
    screens=(_REFUSED,),
    verdict=Verdict.FIX_DOES_NOTHING,
    reproduce=(hand("break_fn", "misreads", title="the FN misreads what it is to sign"), _SALE),
    fix=(
        hand("mend_cable", title=_LOOK_AT_CABLE).weighs(Weight.SUPERFLUOUS),
        *_asked(
            "«(0) Нет ошибок»: the FN is heard and answers, so the link is not what fails",
            "НЕТ",
            "«Фиск. режим закрыт: НЕТ»: not the archive either; what is left is the FN itself",
        ),
        _REPLACE,
        _REGISTER_NEW,
    ),
    prove=TRADES,
    documented="the error, the cause, both questions",
    inferred="how an FN is faulty: it answers questions and takes nothing to sign; that support replaces it",
)

ARCHIVE_CLOSED = Scenario(
    id="fn_211_archive_closed",
    article="fn_211",
    case="archive_closed",
    title="Ошибка ФН 211: архив ФН закрыт",
    preset="archive-closed",
    error=E.FN_BAD_FORMAT,
    tape=TAPE,
    screens=(_REFUSED,),
    verdict=Verdict.FIX_DOES_NOTHING,
    reproduce=(_SALE,),
    fix=(
        hand("mend_cable", title=_LOOK_AT_CABLE).weighs(Weight.SUPERFLUOUS),
        *_asked(
            "«(0) Нет ошибок»: a closed FN answers as well",
            "ДА",
            "«Фиск. режим закрыт: ДА»: the archive is closed, only another FN helps",
        ),
        _REPLACE,
        _REGISTER_NEW,
    ),
    prove=TRADES,
    variants=(Variant("ФН-1: a closed archive is a wrong state, error 212", fn="fn-1-13", arises=False),),
    documented="the error, the cause, how to find it; not what to do then",
    inferred="that an FN of the 1.1 family does not know the command in this phase; that support replaces the FN",
)

FAMILY = (CABLE, FAULTY, ARCHIVE_CLOSED)
