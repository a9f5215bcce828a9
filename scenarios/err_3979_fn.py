"""«Исчерпан ресурс хранения ФН» by a faulty FN: the record of the document that is to leave next reads as zeros.

The network is as it should be, and nothing leaves: the FN cannot give the document out, and gives no other before it.
The end of article err_3979 finds it: the document after the last one that the OFD has prints without date and sum.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    CHECK,
    DOCUMENT,
    DONE,
    IT_PRINTS,
    OFD,
    OFD_REACHED,
    REGISTER,
    SET_UP,
    TRADES,
    last_page,
    menu_item,
    screen,
    slip,
)
from scenarios.err_3979_causes import CLOCK_BACK_WITH_AN_OPEN_SHIFT, DIAGNOSE, RETYPED
from scenarios.ofd_cases import (
    DAY_PASSES,
    HOST,
    MADE,
    NOT_IN_FN_1,
    PORT,
    REFUSED,
    TAPE,
    TILL_TRIES,
    Exchange,
    register_tells,
    thirty_days_with_an_open_shift,
)
from scenarios.playbook import Alternative, Scenario, Scene, Verdict, hand, informs, sees

LAST_AT_OFD, HEAD = 1, 2
"""Numbers of the last document that the OFD has, and of the one that is to leave next."""
UNSENT = MADE + 1
ARCHIVE_PAGE = "ДОКУМЕНТ ИЗ АРХИВА ФН"


def _zeros(scene: Scene) -> bool:
    """The page of the document shows neither date nor sum."""
    page = last_page(scene, ARCHIVE_PAGE)
    return any("00.00.00 00:00" in line for line in page) and any("=0.00" in line for line in page)


SCENARIO = Scenario(
    id="err_3979_fn",
    article="err_3979",
    case="fn_faulty",
    title="Исчерпан ресурс хранения ФН: ФН неисправен, документ читается нулями",
    preset="registered",
    error=E.FN_STORAGE_EXHAUSTED,
    tape=TAPE,
    screens=(REFUSED,),
    verdict=Verdict.NO_DOCUMENTED_FIX,
    reproduce=(
        hand("ofd_down", title="the OFD is down for a day"),
        DAY_PASSES,
        hand("damage_document", HEAD, title=f"the FN loses the record of ФД {HEAD}"),
        hand("ofd_up", title="the OFD is up again"),
        register_tells(Exchange(fn=E.FN_FAILURE)),
        *thirty_days_with_an_open_shift(),
    ),
    fix=(
        screen(OFD, OFD_REACHED, f"Ожидают отправки: {UNSENT}", title="Проверить связь с ОФД"),
        screen(CHECK, OFD_REACHED, title=DIAGNOSE, reason=IT_PRINTS),
        slip({"Соединение": "УСТАНОВЛЕНО", "Обмен": "ЕСТЬ ОТВЕТ", "Результат": "УСПЕШНО"}),
        sees(
            lambda scene: scene.witness.ofd_documents()[-1] == LAST_AT_OFD,
            "Проверьте в личном кабинете ОФД, когда был передан последний чек",
        ),
        screen(
            DOCUMENT,
            DONE,
            typed=(str(LAST_AT_OFD),),
            title="Распечатать документ по номеру последнего чека",
            reason=IT_PRINTS,
        ),
        sees(lambda scene: not _zeros(scene), "the last document that the OFD has is as it should be"),
        screen(
            DOCUMENT, DONE, typed=(str(HEAD),), title="Распечатать документ по номеру следующего чека", reason=IT_PRINTS
        ),
        sees(_zeros, "of the next one date, time and sum are zero"),
        informs("Обратитесь в поддержку для диагностики фискального накопителя", "the article knows no other end"),
    ),
    prove=(TILL_TRIES, *TRADES),
    alternatives=(
        Alternative("typing the address anew", (menu_item(SET_UP, HOST, PORT, title=RETYPED),), cures=False),
        Alternative("another network", (hand("use_uplink", "sim", title="a SIM card"),), cures=False),
        CLOCK_BACK_WITH_AN_OPEN_SHIFT,
    ),
    beyond_title="what the service does: another FN; what the old one has not sent is lost to the OFD",
    beyond=(
        hand("swap_fn", title="replace the FN"),
        menu_item(REGISTER, "нет", title="register the new FN"),
    ),
    variants=(NOT_IN_FN_1,),
    documented="that the next document prints as zeros, and that the FN is faulty then",
    inferred="how the two belong together: the FN gives its documents out in order, and cannot give this one",
)
