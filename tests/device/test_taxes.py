"""Taxes: by the rates of table 13, item by item or of the total, or as B8h tells them."""

from collections.abc import Callable

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.flags import CommandFlags
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import CloseReceipt
from protocol.atol.commands.taxes import AddTax, VoidTax
from protocol.atol.kkt_codes import E, X
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T

from .desk import Asked, Desk

MakeBench = Callable[..., Bench]
CLOSE = CloseReceipt()
TAGS = (T.VAT_20, T.VAT_10, T.VAT_20_120, T.VAT_10_110, T.VAT_0, T.VAT_NONE)


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    """Shift open, mode 1."""
    return Desk(make_bench("shift-open"))


def taxes(desk: Desk) -> list[object]:
    """Register 3Dh, row by row."""
    return [desk.register(0x3D, row)["sum_kopecks"] for row in range(1, 7)]


def told(desk: Desk) -> list[int]:
    """The tax sums of the last document, row by row."""
    fn = desk.bench.fn
    assert fn is not None
    made = fn.archive.tail()
    assert made is not None
    return [Requisites.parse(made.body).number(tag) for tag in TAGS]


def sold(price: int, tax: int) -> AddItem:
    return AddItem(name="Чай", price_kopecks=price, tax=tax)


def programmed(make_bench: MakeBench, *writes: str) -> Desk:
    """A till with other settings, in registration mode."""
    desk = Desk(make_bench())
    desk.enter(Mode.PROGRAMMING)
    desk.does(*writes)
    desk.enter(Mode.REGISTRATION)
    return desk


def test_every_row_has_its_sum_in_register_and_document(desk: Desk) -> None:
    desk.open_receipt()
    desk.does(
        *(sold(price, row) for row, price in enumerate((12_000, 11_000, 12_000, 11_000, 500, 700), 1)), sold(1, 6)
    )
    expected = [2_000, 1_000, 2_000, 1_000, 500, 701]
    assert taxes(desk) == expected
    desk.does(CLOSE)
    assert told(desk) == expected
    assert [desk.register(0x3C, 1, row)["sum_kopecks"] for row in range(1, 7)] == expected
    assert taxes(desk) == [0] * 6


def test_the_rate_stands_in_table_13(make_bench: MakeBench) -> None:
    desk = programmed(make_bench, "50 0D 00 01 02 18 00")
    desk.open_receipt(11_800, tax=1)
    assert taxes(desk)[0] == 1_800


def test_a_tax_is_reckoned_item_by_item_unless_a_setting_says_of_the_total(make_bench: MakeBench) -> None:
    by_item = programmed(make_bench)
    of_total = programmed(make_bench, "50 02 00 01 72 01")
    for desk, tax in ((by_item, 6), (of_total, 5)):
        desk.open_receipt(9, 9, 9, tax=1)
        desk.does(sold(3, 6))
        assert taxes(desk) == [tax, 0, 0, 0, 0, 3]
        desk.does(CLOSE)
        assert told(desk)[0] == tax
    assert by_item.register(0x3C, 1, 1)["sum_kopecks"] == 6


def test_the_tape_tells_the_taxes(desk: Desk) -> None:
    desk.open_receipt(12_000, tax=1)
    printed = [line.split() for line in desk.tape_of(CLOSE)]
    assert ["СУММА", "НДС", "20%", "=20.00"] in printed


# ---- B8h and B9h


def test_a_tax_that_is_told_stands_for_its_row(desk: Desk) -> None:
    desk.open_receipt(12_000, tax=1)
    desk.does(sold(11_000, 2))
    desk.does(AddTax(tax=1, sum_kopecks=1_999))
    assert taxes(desk)[:2] == [1_999, 1_000]
    desk.does(CLOSE)
    assert told(desk)[:2] == [1_999, 1_000]
    assert desk.register(0x3C, 1, 1)["sum_kopecks"] == 1_999


def test_a_tax_of_a_row_without_items_is_told_too(desk: Desk) -> None:
    """ATOL's driver 10.8 as observed: five bytes of sum."""
    desk.open_receipt(10_000, tax=1)
    desk.does("B8 00 00 06 00 00 00 10 00", CLOSE)
    assert told(desk) == [1_667, 0, 0, 0, 0, 1_000]


def test_the_manual_has_seven_bytes_of_sum(desk: Desk) -> None:
    desk.open_receipt(10_000, tax=1)
    desk.does("B8 00 00 01 00 00 00 00 00 10 00")
    assert taxes(desk)[0] == 1_000
    desk.refuses("B8 00 00 01 00 00 00 00 10 00", E.BAD_LENGTH)


def test_taxes_add_up_to_the_receipt_at_most(desk: Desk) -> None:
    desk.open_receipt(10_000)
    desk.refuses(AddTax(tax=1, sum_kopecks=10_001), E.TAX_EXCEEDS_SUM)
    desk.does(AddTax(tax=1, sum_kopecks=6_000), AddTax(tax=1, sum_kopecks=4_000))
    desk.refuses(AddTax(tax=1, sum_kopecks=1), E.TAX_EXCEEDS_SUM)
    assert taxes(desk)[0] == 10_000


def test_what_was_told_is_taken_back(desk: Desk) -> None:
    desk.open_receipt(12_000, tax=1)
    desk.does(AddTax(tax=1, sum_kopecks=1_500))
    desk.refuses(VoidTax(tax=1, sum_kopecks=1_501), E.TAX_VOID_EXCEEDS)
    desk.refuses(VoidTax(tax=2, sum_kopecks=1), E.TAX_VOID_EXCEEDS)
    desk.does(VoidTax(tax=1, sum_kopecks=500))
    assert taxes(desk)[0] == 1_000
    desk.does(VoidTax(tax=1, sum_kopecks=1_000))
    assert taxes(desk)[0] == 2_000


WRONG: dict[str, tuple[Asked, E, int]] = {
    "the last item": (AddTax(area=1, tax=1, sum_kopecks=1), E.TAX_ON_LAST_IMPOSSIBLE, 0),
    "the last item, taken back": (VoidTax(area=1, tax=1, sum_kopecks=1), E.TAX_ON_LAST_IMPOSSIBLE, 0),
    "row 0": (AddTax(tax=0, sum_kopecks=1), E.EXTENDED, X.WRONG_VAT_RATE),
    "row 7": (VoidTax(tax=7, sum_kopecks=1), E.EXTENDED, X.WRONG_VAT_RATE),
    "a sum that is no number": ("B8 00 00 01 00 00 00 00 0A", E.BAD_FORMAT, 0),
}


@pytest.mark.parametrize(("asked", "code", "detail"), WRONG.values(), ids=WRONG)
def test_a_tax_that_cannot_be_told_is_refused(desk: Desk, asked: Asked, code: E, detail: int) -> None:
    desk.open_receipt(10_000)
    desk.refuses(asked, code, detail)


def test_checking_tells_nothing(desk: Desk) -> None:
    desk.open_receipt(12_000, tax=1)
    desk.does(AddTax(flags=CommandFlags.CHECK_ONLY, tax=1, sum_kopecks=1))
    assert taxes(desk)[0] == 2_000


def test_taxes_that_were_told_go_with_the_receipt(desk: Desk) -> None:
    desk.open_receipt(12_000, tax=1)
    desk.does(AddTax(tax=1, sum_kopecks=1), "59")
    desk.open_receipt(12_000, tax=1)
    assert taxes(desk)[0] == 2_000
