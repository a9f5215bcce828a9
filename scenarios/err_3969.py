"""«Сумма налога больше суммы регистраций по чеку и/или итога»: wire DFh (223), driver -3969. Article err_3969.

Two causes. A business without VAT has goods with a rate: the terminal reckons the tax itself, from the price before the
discount, and sends more than the item costs. Or the till adds what an interrupted receipt has left over to every
receipt. The article's two steps cure one cause each; the second destroys far more than it must.
"""

from protocol.atol.kkt_codes import E
from scenarios.at_terminal import (
    CARD,
    CLOSE_SHIFT,
    TRADES,
    ZEROING,
    driver_says,
    menu_item,
    raw_command,
    screen,
    sells,
    terminal_restarts,
    till_is_switched_off_and_on,
)
from scenarios.ofd_cases import TILL_TRIES
from scenarios.playbook import Alternative, Scenario, Step, Variant, Verdict, Weight, hand, informs, sends
from scenarios.zeroing_cases import (
    BATTERY_LOST,
    DEFAULT_SYSTEM,
    OFD_FORGOTTEN,
    TWO_SYSTEMS,
    default_system,
    power_cycled,
)

GOODS, TEA = "Куртка", "Чай чёрный"
PRICE, DISCOUNTED = "3800", "1"
"""Of a real Evotor log: 3800.00 sold for 1.00; the VAT within the former is 633.33."""
STALE_TAX = "63333"
_REFUSED = driver_says(E.TAX_EXCEEDS_SUM)
_LOOK_AT_CARD = "Если вы работаете без НДС, проверьте, какой НДС указан в карточках товаров"
_ZERO = "Если НДС в позициях указан верно, выполните Технологическое обнуление"
_RIGHT_CARD = menu_item(CARD, GOODS, None, "без НДС", title=_LOOK_AT_CARD)
_ZEROED = menu_item(ZEROING, title=_ZERO)
_CLOCK_COMES_BACK = terminal_restarts("restart the terminal: its driver sets the clock that the zeroing has lost")
_CLOSED = menu_item(CLOSE_SHIFT, title="close the shift")
_DISCOUNT = sells(GOODS, None, DISCOUNTED, title="sell at a discount")
_DISCOUNT_FAILS = sells(GOODS, None, DISCOUNTED, shows=_REFUSED, title="sell at a discount")


VAT_IN_CARD = Scenario(
    id="err_3969_vat_in_card",
    article="err_3969",
    case="vat_in_card",
    title="Сумма налога больше суммы регистраций: НДС в карточке товара, магазин без НДС",
    preset="registered",
    error=E.TAX_EXCEEDS_SUM,
    screens=(_REFUSED,),
    reproduce=(
        menu_item(CARD, GOODS, PRICE, "НДС 20%", title="a goods card has a rate, and the shop works without VAT"),
        _DISCOUNT_FAILS,
    ),
    fix=(
        _RIGHT_CARD.weighs(Weight.NEEDED),
        informs(_ZERO, "the rate was wrong, and it is put right: there is nothing to zero"),
    ),
    prove=(_DISCOUNT, menu_item(CLOSE_SHIFT)),
    alternatives=(
        Alternative(
            "zeroing, and everything set up again that it has lost: the card is as it was",
            (_CLOSED, _ZEROED, _CLOCK_COMES_BACK, OFD_FORGOTTEN),
            cures=False,
        ),
        Alternative(
            "selling without the discount: the tax is right then, for that sale",
            (sells(GOODS, title="sell at the full price"),),
            cures=False,
        ),
        Alternative("a card that says «НДС 0%»", (menu_item(CARD, GOODS, None, "НДС 0%"),), cures=True),
        Alternative("a card with another rate", (menu_item(CARD, GOODS, None, "НДС 10%"),), cures=False),
    ),
    documented="the error, the cause, the cure",
    inferred="why a discount brings it about: the terminal reckons the tax of a shop without VAT itself, before it",
)


def _stale_tax(id: str, title: str, preset: str, *systems: Step) -> Scenario:
    return Scenario(
        id=id,
        article="err_3969",
        case="stale_tax",
        title=f"Сумма налога больше суммы регистраций: остаток прерванного чека{title}",
        preset=preset,
        error=E.TAX_EXCEEDS_SUM,
        screens=(_REFUSED,),
        verdict=Verdict.FIX_DOES_NOTHING,
        reproduce=(
            sells(),
            hand(
                "alter_memory",
                "receipt",
                "left_taxes.1",
                STALE_TAX,
                title="the tax of a receipt that was cut off is left over in the till's memory",
            ),
            sells(shows=_REFUSED),
        ),
        fix=(
            screen(CARD, "НДС: без НДС", typed=(TEA,), title=_LOOK_AT_CARD, reason="the rate is right"),
            _CLOSED.undocumented("the sums of an open shift are lost with everything else").weighs(
                Weight.HARMFUL_TO_OMIT
            ),
            _ZEROED.weighs(Weight.NEEDED),
            _CLOCK_COMES_BACK.undocumented("the zeroing loses the clock").weighs(Weight.NEEDED),
            *systems,
            OFD_FORGOTTEN,
        ),
        prove=(*TRADES, TILL_TRIES),
        alternatives=(
            Alternative("changing the goods card: it is not the terminal's tax", (_card_changed(),), cures=False),
            Alternative(
                "annulling by 59: no receipt is open",
                (sends("48", "56 01 00 00 00 30", "59", title="annul", refusal=E.RECEIPT_CLOSED),),
                cures=False,
            ),
            Alternative("switching the till off and on", (till_is_switched_off_and_on(),), cures=False),
            Alternative(
                "initialising the tables: that is another memory",
                (_CLOSED, raw_command("48"), raw_command("71")),
                cures=False,
            ),
            Alternative(
                "a sale of more than the tax left over: it passes, with a tax of 633.33 that nobody owes",
                (sells(None, None, "1000", title="sell for 1000 roubles"),),
                cures=False,
            ),
            Alternative(
                "closing the shift, then the battery of the till's memory out: the same is lost",
                (
                    _CLOSED,
                    power_cycled("take the battery out for two minutes", *BATTERY_LOST),
                    _CLOCK_COMES_BACK,
                    *systems,
                    OFD_FORGOTTEN,
                ),
                cures=True,
            ),
        ),
        variants=(
            Variant(
                "zeroing keeps the clock: the article's steps alone let it sell",
                kkt_settings={"zeroing_clears_clock": False},
                weights={_CLOCK_COMES_BACK.title: Weight.SUPERFLUOUS},
                verdict=Verdict.FIX_DOES_NOTHING if systems else Verdict.CURED,
            ),
        ),
        documented="the error, both steps",
        inferred="the cause: the article has zeroing as its cure; everything that is to be done around it",
    )


def _card_changed() -> Step:
    return menu_item(CARD, TEA, None, "НДС 20%", title="give the card another rate")


STALE_TAX_LEFT = _stale_tax("err_3969_stale_tax", "", "registered")
STALE_TAX_TWO_SNO = _stale_tax(
    "err_3969_stale_tax_two_sno",
    ", несколько СНО",
    TWO_SYSTEMS,
    default_system(TWO_SYSTEMS).undocumented(f"the zeroing has reset the default tax system, «{DEFAULT_SYSTEM}»"),
)

FAMILY = (VAT_IN_CARD, STALE_TAX_LEFT, STALE_TAX_TWO_SNO)
