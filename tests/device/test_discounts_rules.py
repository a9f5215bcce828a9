"""Discounts and surcharges: which are cancelled and how long, which table 4 forbids, which are none at all."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.discounts import AddDiscount, CancelDiscount
from protocol.atol.commands.flags import CommandFlags, ReceiptType
from protocol.atol.commands.items import AddItem, VoidItem
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.taxes import AddTax
from protocol.atol.kkt_codes import E

from .desk import Asked, Desk
from .discounting import (
    CANCEL,
    CLOSE,
    DISCOUNT,
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


# ---- cancelling


@pytest.mark.parametrize("asked", [on_item(500), on_receipt(0), on_receipt(50, SURCHARGE)])
def test_the_last_discount_is_cancelled(desk: Desk, asked: AddDiscount) -> None:
    desk.open_receipt(10_055)
    desk.does(asked, CANCEL)
    assert total(desk) == 10_055
    desk.refuses(CANCEL, E.DISCOUNT_NOT_CANCELLABLE)
    desk.does(on_item(55), CLOSE)
    assert costs(desk) == [10_000]
    assert desk.register(0x2A, 1) == {"discounts_kopecks": 55, "surcharges_kopecks": 0}


LATER: dict[str, Asked] = {
    "another item": AddItem(name="Чай", price_kopecks=1, tax=6),
    "a payment": AddPayment(sum_kopecks=1),
    "a tax": AddTax(tax=6, sum_kopecks=1),
    "a storno": VoidItem(price_kopecks=10_000),
}


@pytest.mark.parametrize("asked", LATER.values(), ids=LATER)
def test_what_comes_later_makes_a_discount_final(desk: Desk, asked: Asked) -> None:
    desk.open_receipt(10_000, 5_000)
    desk.does(on_item(500), asked)
    desk.refuses(CANCEL, E.DISCOUNT_NOT_CANCELLABLE)


def test_without_a_discount_there_is_nothing_to_cancel(desk: Desk) -> None:
    desk.open_receipt(100)
    desk.refuses(CANCEL, E.DISCOUNT_NOT_CANCELLABLE)


def test_a_byte_of_flags_behind_78_is_taken_and_checked(desk: Desk) -> None:
    desk.open_receipt(10_000)
    desk.does(on_item(500), CancelDiscount(flags=CommandFlags.CHECK_ONLY))
    assert total(desk) == 9_500
    desk.does("78 00")
    assert total(desk) == 10_000
    desk.refuses("78 00 00", E.BAD_LENGTH)


def test_a_fork_cancels_by_itself(desk: Desk) -> None:
    desk.open_receipt(10_000)
    desk.does(on_item(500))
    twin = Desk(desk.bench.fork())
    twin.does(CANCEL, AddItem(name="Чай", price_kopecks=1, tax=6))
    desk.does(CANCEL)
    assert (total(desk), total(twin)) == (10_000, 10_001)


# ---- table 4

TABLE_4 = [
    (row, allowed, sign, asked, bit)
    for row, sign in ((1, DISCOUNT), (2, SURCHARGE))
    for allowed in range(4)
    for asked, bit in ((on_receipt(50, sign), 1), (on_item(50, SUM, sign), 2))
]


@pytest.mark.parametrize(("row", "allowed", "sign", "asked", "bit"), TABLE_4)
def test_table_4_says_what_is_allowed(
    make_bench: MakeBench, row: int, allowed: int, sign: int, asked: AddDiscount, bit: int
) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.PROGRAMMING)
    desk.does(f"50 04 00 {row:02X} 01 {allowed:02X}")
    desk.enter(Mode.REGISTRATION)
    desk.open_receipt(10_000)
    if allowed & bit:
        desk.does(asked)
    else:
        desk.refuses(asked, E.FORBIDDEN_BY_TABLE)


def test_table_4_is_asked_for_e6_too(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.enter(Mode.PROGRAMMING)
    desk.does("50 04 00 01 01 01")
    desk.enter(Mode.REGISTRATION)
    desk.open_receipt()
    discounted = {"name": "Чай", "price_kopecks": 100, "tax": 6, "discount_type": 1, "discount_size": 1}
    desk.refuses(AddItem(**discounted), E.FORBIDDEN_BY_TABLE)  # type: ignore[arg-type]
    desk.does(AddItem(**discounted | {"discount_sign": 1}))  # type: ignore[arg-type]


# ---- every type of receipt


@pytest.mark.parametrize("kind", [ReceiptType.SELL, ReceiptType.SELL_RETURN, ReceiptType.BUY, ReceiptType.BUY_RETURN])
def test_discounts_are_counted_by_the_type_of_the_receipt(desk: Desk, kind: ReceiptType) -> None:
    desk.does("49 00 00 00 01 00 00")
    desk.open_receipt(5_000, type_=kind)
    desk.does(on_item(100), AddItem(name="Чай", price_kopecks=1_000, tax=6), on_item(1_000, PERCENT, SURCHARGE), CLOSE)
    for other in (1, 2, 4, 5):
        expected = (100, 100) if other == kind else (0, 0)
        assert tuple(desk.register(0x2A, other).values()) == expected
    desk.close_shift()
    assert tuple(desk.register(0x2A, kind).values()) == (0, 0)


WRONG: dict[str, tuple[str, E]] = {
    "area 2": ("43 00 02 01 00 00 00 00 00 01", E.BAD_FORMAT),
    "size that is no number": ("43 00 00 01 00 00 00 00 00 0A", E.BAD_FORMAT),
    "too short": ("43 00 00 01 00 00 00 00 01", E.BAD_LENGTH),
}


@pytest.mark.parametrize(("asked", "code"), WRONG.values(), ids=WRONG)
def test_a_discount_that_is_none_is_refused(desk: Desk, asked: str, code: E) -> None:
    desk.open_receipt(10_000)
    desk.refuses(asked, code)
