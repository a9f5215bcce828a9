"""«Некорректное значение параметров команды ФН»: wire E7h (231), driver -3975, paper «Ошибка ФН 231». Articles err_3975
and fn_231.

An FN for 36 months looks into the items of a receipt: under ОСН it takes services, no goods (tag 1212). An FN of the
first generation never looks, so there the error does not arise.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import CARD, CLOSE_SHIFT, REGISTER, REPLACE_FN, TRADES, driver_says, menu_item, sells
from scenarios.playbook import Alternative, Scenario, Step, Variant, Verdict, Weight, hand, informs

TAPE = "Ошибка ФН 231"
GOODS = "Стрижка"
_REFUSED = driver_says(E.FN_BAD_VALUE)
_AS_SERVICE = "Проверьте в карточке товара параметр «вид» и укажите в нем — «Услуга»"
_FN_36, _FN_15 = "fn-1-1-36", "fn-1-1-15"
_SALE = sells(GOODS, shows=_REFUSED)
_GENERATIONS = ("fn-1-1m-36",)
_OLD_FN = Variant("ФН-1 на 36 месяцев: it never looks into items", fn="fn-1-36", arises=False)
_SUPPORT = informs("Если это не привело к положительному результату, обратитесь в поддержку", "whom to ask")


def _card(kind: str, title: str) -> Step:
    return menu_item(CARD, GOODS, None, None, kind, title=title)


SERVICE = Scenario(
    id="err_3975_service",
    article="err_3975",
    case="card_says_goods",
    title="Ошибка ФН 231: услуга заведена в карточке как товар",
    preset="registered-osn",
    fn=_FN_36,
    generations=_GENERATIONS,
    error=E.FN_BAD_VALUE,
    tape=TAPE,
    screens=(_REFUSED,),
    reproduce=(_card("Товар", "a service has a card that says «Товар»"), _SALE),
    fix=(_card("Услуга", _AS_SERVICE).weighs(Weight.NEEDED), _SUPPORT),
    prove=(sells(GOODS), *TRADES[1:]),
    variants=(_OLD_FN,),
    documented="the error, the cause, the cure",
    inferred="that the FN looks at tag 1212 of each item, and only when the receipt is of ОСН",
)

GOODS_SOLD = Scenario(
    id="err_3975_goods",
    article="err_3975",
    case="goods_are_sold",
    title="Ошибка ФН 231: на ОСН продаются товары",
    preset="registered-osn",
    fn=_FN_36,
    generations=_GENERATIONS,
    error=E.FN_BAD_VALUE,
    tape=TAPE,
    screens=(_REFUSED,),
    reproduce=(_card("Товар", "goods are goods"), _SALE),
    verdict=Verdict.FIX_DOES_NOTHING,
    fix=(
        menu_item(CLOSE_SHIFT, title="close the shift")
        .undocumented("an archive is closed with a closed shift")
        .weighs(Weight.NEEDED),
        menu_item(REPLACE_FN, title="close the archive of the old FN")
        .undocumented("an FN that leaves the till with an open archive is abandoned: its report is owed")
        .weighs(Weight.HARMFUL_TO_OMIT),
        hand("swap_fn", _FN_15, title="Замените ФН на другую модель").weighs(Weight.NEEDED),
        menu_item(REGISTER, "нет", title="register the new FN")
        .undocumented("a new FN is to be registered")
        .weighs(Weight.NEEDED),
    ),
    prove=(sells(GOODS), *TRADES[1:]),
    alternatives=(
        Alternative("«Услуга» on the card: the receipt tells a lie", (_card("Услуга", _AS_SERVICE),), cures=True),
        Alternative(
            "another FN of the same model",
            (
                menu_item(CLOSE_SHIFT, title="close the shift"),
                hand("swap_fn", title="replace the FN"),
                menu_item(REGISTER, "нет", title="register the new FN"),
            ),
            cures=False,
        ),
    ),
    variants=(_OLD_FN,),
    documented="the error, the cause, that the FN is to be replaced",
    inferred="that the archive is to be closed before, and the new FN registered",
)

FAMILY = (SERVICE, GOODS_SOLD)
