"""Discounts and surcharges: how much, on what, when, and what they leave in sums, registers, paper and document."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.device.forming import share
from protocol.atol.commands.discounts import AddDiscount
from protocol.atol.commands.flags import CommandFlags
from protocol.atol.commands.items import AddItem, EndItem, VoidItem
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.taxes import AddTax
from protocol.atol.kkt_codes import E, X
from protocol.ffd.tags import T

from .desk import Asked, Desk
from .discounting import (
    CLOSE,
    PERCENT,
    SUM,
    SURCHARGE,
    costs,
    on_item,
    on_receipt,
    total,
)

MakeBench = Callable[..., Bench]


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    """Shift open, mode 1."""
    return Desk(make_bench("shift-open"))


def unlimited(make_bench: MakeBench) -> Desk:
    """A till that takes any discount on a receipt."""
    return Desk(make_bench("shift-open", largest_receipt_discount_kopecks=10**10))


# ---- on an item

CHANGED = {
    "ten percent off": (on_item(1000, PERCENT), 9_000),
    "half a kopeck more is rounded up": (on_item(5, PERCENT, SURCHARGE), 10_005),
    "ten roubles off": (on_item(1000), 9_000),
    "ten roubles more": (on_item(1000, SUM, SURCHARGE), 11_000),
    "everything off": (on_item(10_000, PERCENT), 0),
    "nothing": (on_item(0), 10_000),
    "only the lowest bit of the type counts": (on_item(1000, 3), 9_000),
}


@pytest.mark.parametrize(("asked", "cost"), CHANGED.values(), ids=CHANGED)
def test_a_discount_changes_what_the_last_item_costs(desk: Desk, asked: AddDiscount, cost: int) -> None:
    desk.open_receipt(5_000, 10_000)
    desk.does(asked)
    assert total(desk) == 5_000 + cost
    desk.does(CLOSE)
    assert costs(desk) == [5_000, cost]
    assert desk.register(0x2A, 1) == {
        "discounts_kopecks": max(0, 10_000 - cost),
        "surcharges_kopecks": max(0, cost - 10_000),
    }


def test_the_tax_of_a_discounted_item_is_reckoned_anew(desk: Desk) -> None:
    desk.open_receipt(12_000, tax=1)
    desk.does(on_item(5_000, PERCENT))
    assert desk.register(0x3D, 1)["sum_kopecks"] == 1_000


def test_a_tax_that_was_told_shrinks_with_the_cost(desk: Desk) -> None:
    desk.open_receipt()
    desk.does("EA 00 01 00", EndItem(price_kopecks=10_000, cost_kopecks=10_000, tax=1, tax_sum_kopecks=900, name="Чай"))
    desk.does(on_item(5_000))
    assert desk.register(0x3D, 1)["sum_kopecks"] == 450


def test_the_price_is_told_to_the_nearest_kopeck_and_the_sum_exactly(desk: Desk) -> None:
    desk.open_receipt()
    desk.does(AddItem(name="Чай", price_kopecks=1_000, quantity_milli=3_000, tax=6), on_item(100), CLOSE)
    (item,) = desk.told().structures(T.ITEM)
    assert (item.number(T.ITEM_SUM), item.number(T.PRICE), desk.told().number(T.TOTAL)) == (2_900, 967, 2_900)


TWICE = {
    "after 43h": (AddItem(name="Чай", price_kopecks=100, tax=6), on_item(1)),
    "after E6h with its own": (AddItem(name="Чай", price_kopecks=100, tax=6, discount_type=1, discount_size=1),),
}


@pytest.mark.parametrize("before", TWICE.values(), ids=TWICE)
def test_an_item_has_one_discount(desk: Desk, before: tuple[Asked, ...]) -> None:
    desk.open_receipt()
    desk.does(*before)
    desk.refuses(on_item(1), E.DISCOUNT_REPEATED)


def test_a_discount_wants_an_item_right_before_it(desk: Desk) -> None:
    desk.open_receipt()
    desk.refuses(on_item(1), E.DISCOUNT_IMPOSSIBLE)
    desk.does(AddItem(name="Чай", price_kopecks=100, tax=6))
    desk.does(AddPayment(sum_kopecks=10))
    desk.refuses(on_item(1), E.DISCOUNT_IMPOSSIBLE)


def test_a_discount_is_not_more_than_the_item_costs(desk: Desk) -> None:
    desk.open_receipt(10_000, 100)
    desk.refuses(on_item(101), E.BAD_DISCOUNT)
    desk.refuses(on_item(10_100, PERCENT), E.BAD_DISCOUNT)
    desk.refuses(on_item(9_999_999_999, SUM, SURCHARGE), E.BAD_DISCOUNT)
    assert total(desk) == 10_100


FORMED = {
    "a discount told for the paper": ({"discount_kopecks": 500}, X.DISCOUNT_ALREADY_PRINTED),
    "a surcharge told for the paper": ({"discount_kopecks": 500, "discount_sign": 1}, X.DISCOUNT_ALREADY_PRINTED),
    "a tax told per unit": (
        {"flags": CommandFlags(4), "tax": 1, "tax_sum_kopecks": 10},
        X.DISCOUNT_WITH_TAX_PER_UNIT,
    ),
}


@pytest.mark.parametrize(("told", "detail"), FORMED.values(), ids=FORMED)
def test_what_eb_tells_can_forbid_a_discount(desk: Desk, told: dict[str, object], detail: X) -> None:
    desk.open_receipt()
    values = {"price_kopecks": 10_000, "cost_kopecks": 9_500, "tax": 6, "name": "Чай"} | told
    desk.does("EA 00 01 00", EndItem(**values))  # type: ignore[arg-type]
    desk.refuses(on_item(1), E.EXTENDED, detail)


def test_a_discount_told_by_eb_is_printed_and_counted_and_changes_no_sum(desk: Desk) -> None:
    desk.open_receipt()
    desk.does("EA 00 01 00")
    told = EndItem(price_kopecks=10_000, cost_kopecks=9_500, tax=6, discount_kopecks=500, name="Чай")
    printed = desk.tape_of(told)
    assert [line.split() for line in printed] == [
        ["Чай"],
        ["1", "x", "100.00", "=95.00"],
        ["В", "Т.Ч.", "СКИДКА", "5.00"],
    ]
    assert total(desk) == 9_500
    desk.does(CLOSE)
    assert desk.register(0x2A, 1) == {"discounts_kopecks": 500, "surcharges_kopecks": 0}


def test_a_tax_per_unit_is_multiplied_and_may_not_meet_a_discount(desk: Desk) -> None:
    desk.open_receipt()
    desk.does("EA 00 01 00")
    values = {"flags": CommandFlags(4), "price_kopecks": 100, "quantity_milli": 2_500, "cost_kopecks": 250, "tax": 1}
    told = {"tax_sum_kopecks": 7, "name": "Чай"}
    desk.refuses(EndItem(**values, **told, discount_kopecks=1), E.EXTENDED, X.DISCOUNT_WITH_TAX_PER_UNIT)  # type: ignore[arg-type]
    desk.does(EndItem(**values, **told))  # type: ignore[arg-type]
    assert desk.register(0x3D, 1)["sum_kopecks"] == 18


# ---- on the receipt


def test_zero_rounds_the_total_down_to_whole_roubles(desk: Desk) -> None:
    desk.open_receipt(10_055, 20_000)
    printed = desk.tape_of(on_receipt(0))
    assert [line.split() for line in printed] == [["СКИДКА", "НА", "ЧЕК", "=-0.55"]]
    assert total(desk) == 30_000
    desk.does(CLOSE)
    assert costs(desk) == [10_037, 19_963]
    assert (desk.told().number(T.TOTAL), desk.told().number(T.CASH)) == (30_000, 30_000)
    assert desk.register(0x2A, 1)["discounts_kopecks"] == 55


def test_as_the_vendors_driver_tells_a_total(desk: Desk) -> None:
    """ATOL's driver 10.8 as observed: ``receipt_total`` of 100.00 in a receipt of 100.55."""
    desk.open_receipt(10_055)
    desk.does("43 00 00 01 00 00 00 00 00 55", "4A 00 01 00 00 00 00 00")
    assert costs(desk) == [10_000]


def test_a_discount_on_the_receipt_comes_after_payments_as_well(desk: Desk) -> None:
    desk.open_receipt(10_055)
    desk.does(AddPayment(payment_form=2, sum_kopecks=10_000), AddPayment(sum_kopecks=100), on_receipt(55))
    assert desk.register(0x14) == {"sum_kopecks": 10_000, "remainder_kopecks": 0, "change_kopecks": 100}
    desk.does(CLOSE)
    assert (desk.told().number(T.CASH), desk.told().number(T.ELECTRONIC)) == (0, 10_000)


def test_a_discount_below_what_was_paid_by_card_is_refused(desk: Desk) -> None:
    desk.open_receipt(10_055)
    desk.does(AddPayment(payment_form=2, sum_kopecks=10_001))
    desk.refuses(on_receipt(55), E.NON_CASH_EXCEEDS_TOTAL)


def test_a_discount_below_the_tax_that_was_told_is_refused(desk: Desk) -> None:
    desk.open_receipt(100, tax=1)
    desk.does(AddTax(tax=1, sum_kopecks=60))
    desk.refuses(on_receipt(50), E.TAX_EXCEEDS_SUM)
    desk.does(on_receipt(40), CLOSE)


def test_a_rouble_or_more_is_refused_unless_a_setting_allows_it(make_bench: MakeBench, desk: Desk) -> None:
    desk.open_receipt(10_000)
    desk.refuses(on_receipt(100), E.DISCOUNT_IMPOSSIBLE)
    desk.refuses(on_receipt(100, SURCHARGE), E.DISCOUNT_IMPOSSIBLE)
    desk.does(on_receipt(99))
    other = unlimited(make_bench)
    other.open_receipt(10_000)
    other.refuses(on_receipt(10_001), E.BAD_DISCOUNT)
    other.does(on_receipt(10_000), CLOSE)
    assert costs(other) == [0]


def test_percents_are_for_items_only(desk: Desk) -> None:
    desk.open_receipt(10_000)
    desk.refuses(AddDiscount(type=PERCENT, size=10), E.BAD_DISCOUNT)


def test_an_empty_receipt_has_no_discount(desk: Desk) -> None:
    desk.open_receipt()
    desk.refuses(on_receipt(1), E.DISCOUNT_IMPOSSIBLE)


def test_a_surcharge_may_not_overflow_the_total(desk: Desk) -> None:
    desk.open_receipt(9_999_999_999)
    desk.refuses(on_receipt(1, SURCHARGE), E.RECEIPT_OVERFLOW)


REFUSED_AFTER: dict[str, Asked] = {
    "an item": AddItem(name="Чай", price_kopecks=1, tax=6),
    "an old item": "52 00 00 00 00 00 01 00 00 00 10 00 00",
    "a formed item": "EA 00 01 00",
    "a storno": VoidItem(price_kopecks=5_500),
    "another discount": on_receipt(1),
    "one on the item": on_item(1),
}


@pytest.mark.parametrize("asked", REFUSED_AFTER.values(), ids=REFUSED_AFTER)
def test_after_a_discount_on_the_receipt_items_are_final(desk: Desk, asked: Asked) -> None:
    desk.open_receipt(5_500)
    desk.does(on_receipt(0))
    desk.refuses(asked, E.NOT_AFTER_DISCOUNT)


def test_after_a_discount_on_the_receipt_it_is_taxed_paid_and_closed(desk: Desk) -> None:
    desk.open_receipt(5_555, tax=1)
    desk.does(on_receipt(0), AddTax(tax=1, sum_kopecks=900), AddPayment(sum_kopecks=1_000), CLOSE)
    assert desk.told().number(T.VAT_20) == 900
    desk.open_receipt(5_555)
    desk.does(on_receipt(0), "59")


def test_a_discount_on_the_receipt_is_shared_among_the_items(make_bench: MakeBench) -> None:
    desk = unlimited(make_bench)
    desk.open_receipt(100, 100, 100, tax=1)
    desk.does(on_receipt(100), CLOSE)
    assert costs(desk) == [66, 67, 67]
    assert desk.told().number(T.VAT_20) == 11 + 11 + 11
    desk.open_receipt(100, 200)
    desk.does(on_receipt(50, SURCHARGE), CLOSE)
    assert costs(desk) == [117, 233]


@given(st.integers(-10_000, 10_000), st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_shares_make_up_the_whole_and_are_within_a_kopeck_of_fair(whole: int, weights: list[int]) -> None:
    parts = share(whole, weights)
    if not sum(weights):
        assert not any(parts)
        return
    assert sum(parts) == whole
    assert all(abs(part - whole * weight / sum(weights)) < 1 for part, weight in zip(parts, weights, strict=True))
