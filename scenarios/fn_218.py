"""«В ФН нет запрошенных данных»: wire DAh (218), driver -3918, paper «ошибка ФН 218». Article fn_218.

The number of the sale, of the receipt and of the document are three: only the last one is the FN's. What a damaged
record looks like is at the end of article err_3979: the document is found, and is all zeros.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import DOCUMENT, driver_says, last_page, menu_item, menu_item_when, sells
from scenarios.playbook import Kind, NotAsExpected, Scenario, Scene, Step, Verdict, Weight, hand, sees

NUMBER_OF_SALE = "18972"
_REFUSED = driver_says(E.FN_NO_DATA)
_PAGE = "ДОКУМЕНТ ИЗ АРХИВА ФН"
_FD = "ФД "
_ZERO_DATE = "00.00.00 00:00"
_SELL_AND_LOSE = (sells(), sells("Кофе", title="sell something else"))


def _read_number(scene: Scene) -> None:
    """The number at the end of the last receipt on the paper."""
    numbers = [line.split()[-1] for line in scene.witness.tape() if line.startswith(_FD)]
    if not numbers:
        raise NotAsExpected("no receipt is on the paper")
    scene.notes["document"] = numbers[-1]


def _typed(scene: Scene) -> tuple[str]:
    return (scene.notes.get("document", NUMBER_OF_SALE),)


_READ = Step(
    Kind.HANDS,
    "Проверьте номер фискального документа: он указан в нижней части чека (либо в ЛК ОФД)",
    _read_number,
).by(("tape",))
_PRINT = menu_item_when(DOCUMENT, _typed, title="print the document by the number that is known")


SCENARIO = Scenario(
    id="fn_218",
    article="fn_218",
    case="no_such_document",
    title="Ошибка ФН 218: вместо номера ФД введён номер продажи",
    preset="shift-open",
    error=E.FN_NO_DATA,
    tape="Ошибка ФН 218",
    screens=(_REFUSED,),
    reproduce=(*_SELL_AND_LOSE, menu_item(DOCUMENT, NUMBER_OF_SALE, shows=_REFUSED)),
    fix=(_READ.weighs(Weight.NEEDED),),
    prove=(_PRINT,),
    documented="the error, the cause, where the right number is",
    inferred="which number was typed: that of the sale in the terminal's journal",
)


def _zeros(scene: Scene) -> bool:
    page = last_page(scene, _PAGE)
    return any(_ZERO_DATE in line for line in page)


READS_AS_ZEROS = Scenario(
    id="fn_218_reads_as_zeros",
    article="fn_218",
    case="reads_as_zeros",
    title="Документ есть, но печатается нулями",
    preset="shift-open",
    verdict=Verdict.FIX_DOES_NOTHING,
    reproduce=(
        *_SELL_AND_LOSE,
        hand("damage_document", 3, title="the FN loses the record of ФД 3"),
        menu_item(DOCUMENT, "3"),
        sees(_zeros, "date and time of the page are zero", _ZERO_DATE),
    ),
    fix=(_READ,),
    prove=(menu_item(DOCUMENT, "3"), sees(lambda scene: not _zeros(scene), "the page shows date and time")),
    documented="that date, time and sum may be zero: at the end of article err_3979",
    inferred="that the record is damaged inside the FN; the number is right, so this article's advice changes nothing",
)

FAMILY = (SCENARIO, READS_AS_ZEROS)
