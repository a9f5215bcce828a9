"""«Печать кассового чека. Неопознанная ошибка»: an agent's receipt is printed, then annulled. Wire EEh, register 37h
tells 0205h of tag 1057. Article agent_receipt_annulled.

The goods card makes an agent's receipt of the sale, the FN's last report on registration has no such agent flag. The
till looks at the end of the receipt, when everything is on paper. Only a new report cures; it needs a closed shift.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    CARD,
    CLOSE_SHIFT,
    DONE,
    IT_PRINTS,
    REGISTER,
    REGISTRATION_TOTALS,
    UNKNOWN_ERROR,
    driver_says,
    last_page,
    menu_item,
    raw_command,
    screen,
    sells,
)
from scenarios.playbook import Alternative, Scenario, Step, Variant, Verdict, Weight, informs, sees

GOODS = "Пополнение телефона"
AGENT, OTHER_AGENT = "Платёжный агент", "Комиссионер"
SUPPLIER_INN = "7707083893"
TOTALS = "ИТОГ РЕГИСТРАЦИИ ККТ"
FLAG_LINE = "ПРИЗНАК АГЕНТА"
_REGISTER_AGAIN = "Если признак платежного агента не указан, следует перерегистрировать смарт-терминал"
_SALE = sells(GOODS, shows=UNKNOWN_ERROR, title="sell as an agent")
_SALE_PASSES = sells(GOODS, title="sell as an agent")
_CLOSED = menu_item(CLOSE_SHIFT, title="close the shift")
_LOOKS = screen(REGISTRATION_TOTALS, DONE, title="Распечатайте итог регистрации ККТ", reason=IT_PRINTS)
_TAX_OFFICE = informs(
    "Смарт-терминал должен быть зарегистрирован в налоговой с соответствующим признаком",
    "the tax office is told before the till; that changes no byte of it",
)
_SUPPORT = informs("Обратитесь в нашу бесплатную техподдержку Эвотор", "whom to ask")
_TO_MODE_6 = (raw_command("48"), raw_command("56 06 00 00 00 30"))
_ZERO_FLAG = raw_command("E8 00 01 00 21 04 01 00 00")
_NO_AGENT_ON_CARD = Alternative(
    "taking the agent off the goods card: the receipt passes, and tells a lie",
    (menu_item(CARD, GOODS, None, None, None, "нет", title="take the agent off the goods card"),),
    cures=True,
)


def _card(agent: str) -> Step:
    return menu_item(
        CARD, GOODS, None, None, "Услуга", agent, SUPPLIER_INN, title="a goods card says that an agent sells"
    )


def _the_report(says: bool) -> Step:
    """What the last print of the totals has."""
    title = f"the report {'has' if says else 'has no'} line «{FLAG_LINE}»"
    return sees(lambda scene: any(FLAG_LINE in line for line in last_page(scene, TOTALS)) is says, title, FLAG_LINE)


NO_FLAG = Scenario(
    id="agent_no_flag",
    article="agent_receipt_annulled",
    case="no_flag",
    title="Аннуляция агентского чека: касса зарегистрирована без признака агента",
    preset="registered",
    error=E.EXTENDED,
    screens=(UNKNOWN_ERROR,),
    verdict=Verdict.FIX_DOES_NOTHING,
    reproduce=(_card(AGENT), _SALE),
    fix=(
        _LOOKS,
        _the_report(says=False),
        _CLOSED.undocumented("the sale has opened a shift, and the till is not registered with an open one").weighs(
            Weight.NEEDED
        ),
        menu_item(REGISTER, AGENT, title=_REGISTER_AGAIN).weighs(Weight.NEEDED),
        _TAX_OFFICE,
        _SUPPORT,
    ),
    prove=(_SALE_PASSES, menu_item(CLOSE_SHIFT)),
    alternatives=(
        Alternative(
            "registering with the shift open: refused",
            (menu_item(REGISTER, AGENT, shows=driver_says(E.SHIFT_OPEN), title=_REGISTER_AGAIN),),
            cures=False,
        ),
        Alternative(
            "writing the flag, and not registering: the FN's report is what counts",
            (_CLOSED, *_TO_MODE_6, raw_command("E8 00 01 00 21 04 01 00 04")),
            cures=False,
        ),
        Alternative(
            "the raw commands of article err_1057, and registering: they write that there is no agent",
            (_CLOSED, *_TO_MODE_6, _ZERO_FLAG, raw_command("A6")),
            cures=False,
        ),
        _NO_AGENT_ON_CARD,
    ),
    variants=(
        Variant("a till that looks at each item", kkt_settings={"agents_checked_at": "EBh"}),
        Variant(
            "a till that does not look, an FN that does: 245 instead of 238",
            fn="fn-1-1m-15",
            kkt_settings={"agents_checked_at": "nowhere"},
            error=E.FN_EXCISE,
        ),
        Variant(
            "a till that does not look, an FN that does not either",
            kkt_settings={"agents_checked_at": "nowhere"},
            arises=False,
        ),
    ),
    documented="the error, the print of the totals, registering again with the flag",
    inferred="that the till compares the receipt with its last report, and when; that the shift must be closed",
)

OTHER_KIND = Scenario(
    id="agent_other_kind",
    article="agent_receipt_annulled",
    case="flag_of_another_kind",
    title="Аннуляция агентского чека: признак есть, но другого вида",
    preset="registered",
    error=E.EXTENDED,
    screens=(UNKNOWN_ERROR,),
    verdict=Verdict.NO_DOCUMENTED_FIX,
    reproduce=(
        menu_item(REGISTER, AGENT, title="the till is registered as a payment agent"),
        _card(AGENT),
        _SALE_PASSES,
        _card(OTHER_AGENT),
        _SALE,
    ),
    fix=(_LOOKS, _the_report(says=True), _TAX_OFFICE, _SUPPORT),
    prove=(_SALE_PASSES, menu_item(CLOSE_SHIFT)),
    alternatives=(
        Alternative("the right kind on the goods card", (_card(AGENT),), cures=True),
        Alternative(
            "registering again with the flag that is there already",
            (_CLOSED, menu_item(REGISTER, AGENT, title=_REGISTER_AGAIN)),
            cures=False,
        ),
        Alternative(
            "the raw commands of article err_1057, registering, the right kind on the card: now that fails as well",
            (_CLOSED, *_TO_MODE_6, _ZERO_FLAG, raw_command("A6"), _card(AGENT)),
            cures=False,
        ),
    ),
    beyond_title="registering with every kind that is sold",
    beyond=(
        _CLOSED,
        menu_item(REGISTER, f"{AGENT}, {OTHER_AGENT}", title="register again with both flags"),
    ),
    documented="that support is to be asked when the flag is there",
    inferred="that each kind of agent has a flag of its own, a bit of tag 1057",
)

FAMILY = (NO_FLAG, OTHER_KIND)
