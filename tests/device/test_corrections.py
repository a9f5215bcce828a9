"""Correction receipts: who may open one, what they need, what their document has, what they move."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from kktsim.bench import Bench
from protocol.atol.commands.flags import ReceiptType
from protocol.atol.commands.items import SellItem
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.kkt_codes import E, X
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, tlv

from .desk import Desk

MakeBench = Callable[..., Bench]
CLOSE = "4A 00 01 00 00 00 00 00"
DATE = encode(T.CORRECTION_DATE, datetime(2026, 2, 1))
NUMBER = encode(T.CORRECTION_ORDER_NUMBER, "17-А")
BASE = tlv(T.CORRECTION_BASE, DATE + NUMBER)
TYPE = encode(T.CORRECTION_TYPE, 1)
OPERATIONS = {ReceiptType.SELL_CORRECTION: 1, ReceiptType.BUY_CORRECTION: 3}


def e8(*tlvs: bytes) -> list[WriteRequisite]:
    return [WriteRequisite(flags=1, data=one) for one in tlvs]


@pytest.fixture
def desk(make_bench: MakeBench) -> Desk:
    """Shift open, mode 1, 100.00 in the drawer."""
    desk = Desk(make_bench("shift-open"))
    desk.does("49 00 00 00 01 00 00")
    return desk


def correct(desk: Desk, kind: ReceiptType = ReceiptType.SELL_CORRECTION, kopecks: int = 5_000, tax: int = 6) -> None:
    desk.open_receipt(kopecks, type_=kind, tax=tax)
    desk.does(*e8(TYPE, BASE), CLOSE)


@pytest.mark.parametrize("kind", OPERATIONS)
def test_the_document_is_a_correction_with_sums_and_without_items(desk: Desk, kind: ReceiptType) -> None:
    correct(desk, kind, 6_000, tax=1)
    told = desk.told()
    assert desk.document().type == DocumentType.CORRECTION
    assert (told.number(T.OPERATION), told.number(T.TOTAL)) == (OPERATIONS[kind], 6_000)
    assert (told.number(T.CASH), told.number(T.VAT_20)) == (6_000, 1_000)
    assert T.ITEM not in told
    base = told.structures(T.CORRECTION_BASE)[0]
    assert (told.number(T.CORRECTION_TYPE), base.text(T.CORRECTION_ORDER_NUMBER)) == (1, "17-А")


def test_a_till_registered_for_strict_forms_corrects_those(make_bench: MakeBench) -> None:
    desk = Desk(make_bench())
    desk.does("48", "56 06 00 00 00 30", "E8 00 01 00 56 04 01 00 01", "A6")
    desk.open_shift()
    correct(desk)
    desk.told()
    assert desk.document().type == DocumentType.STRICT_FORM_CORRECTION


@pytest.mark.parametrize("before", [True, False])
def test_its_requisites_may_come_before_92_or_after(desk: Desk, before: bool) -> None:
    requisites = e8(TYPE, BASE)
    if before:
        desk.does(*requisites)
    desk.open_receipt(5_000, type_=ReceiptType.SELL_CORRECTION)
    if not before:
        desk.does(*requisites)
    desk.does(CLOSE)
    desk.told()
    assert desk.document().type == DocumentType.CORRECTION


@pytest.mark.parametrize("kind", [8, 10])
def test_returns_are_corrected_under_ffd_1_2_only(make_bench: MakeBench, kind: int) -> None:
    """Whatever till and FN could do besides."""
    desk = Desk(make_bench("shift-open"))
    kkt = desk.bench.kkt
    for ffd in (kkt.model.ffd, (4, 4, 2), (4, 4, 3)):
        kkt.model = replace(kkt.model, ffd=ffd)
        desk.refuses(f"92 00 {kind:02X}", E.WRONG_RECEIPT_TYPE)
    kkt.model = replace(kkt.model, ffd=(4, 4, 4))
    desk.does(f"92 00 {kind:02X}")
    assert desk.does("3F")[21] == kind


MISSING = {
    "nothing told": ((), T.CORRECTION_TYPE),
    "no type": ((BASE,), T.CORRECTION_TYPE),
    "no base": ((TYPE,), T.CORRECTION_BASE),
    "no date": ((TYPE, tlv(T.CORRECTION_BASE, NUMBER)), T.CORRECTION_DATE),
    "no number": ((TYPE, tlv(T.CORRECTION_BASE, DATE)), T.CORRECTION_ORDER_NUMBER),
    "an empty number": ((TYPE, tlv(T.CORRECTION_BASE, DATE + tlv(1179, b""))), T.CORRECTION_ORDER_NUMBER),
}


@pytest.mark.parametrize(("told", "tag"), MISSING.values(), ids=MISSING)
def test_what_is_missing_is_named_and_can_be_told_then(desk: Desk, told: tuple[bytes, ...], tag: int) -> None:
    desk.open_receipt(5_000, type_=ReceiptType.SELL_CORRECTION)
    desk.does(*e8(*told))
    desk.refuses(CLOSE, E.EXTENDED, X.REQUISITE_MISSING)
    assert desk.register(0x37)["data"] == tag.to_bytes(2, "big") + bytes(2)
    desk.does("59")
    correct(desk)


def test_what_a_correction_needs_is_a_setting(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", correction_requisites="base"))
    desk.open_receipt(5_000, type_=ReceiptType.SELL_CORRECTION)
    desk.refuses(CLOSE, E.EXTENDED, X.REQUISITE_MISSING)
    desk.does(*e8(tlv(T.CORRECTION_BASE, NUMBER)), CLOSE)
    desk.told()
    assert desk.document().type == DocumentType.CORRECTION


def test_the_base_may_have_a_name_as_atols_driver_sends_it(desk: Desk) -> None:
    desk.open_receipt(5_000, type_=ReceiptType.SELL_CORRECTION)
    desk.does(*e8(TYPE, tlv(T.CORRECTION_BASE, tlv(1177, "Сбой".encode("cp866")) + DATE + NUMBER)), CLOSE)
    desk.told()
    assert desk.document().type == DocumentType.CORRECTION


def test_a_correction_has_one_item_unless_a_setting_allows_more(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open"))
    desk.open_receipt(5_000, type_=ReceiptType.SELL_CORRECTION)
    desk.refuses(SellItem(price_kopecks=1_000), E.EXTENDED, X.MORE_THAN_ONE_CORRECTION_ITEM)
    desk = Desk(make_bench("shift-open", correction_items="many"))
    desk.open_receipt(5_000, 7_000, type_=ReceiptType.SELL_CORRECTION)
    desk.does(*e8(TYPE, BASE), CLOSE)
    assert desk.told().number(T.TOTAL) == 12_000


def test_taxes_that_e8_tells_stand_instead_of_those_of_the_item(desk: Desk) -> None:
    """ATOL's driver 10.8 makes a correction of one item at 0 % and tells the sums of tax by their tags."""
    desk.open_receipt(30_000, type_=ReceiptType.SELL_CORRECTION, tax=5)
    desk.does(
        *e8(tlv(T.VAT_0, bytes(4)), tlv(T.VAT_20, b"\x05\x0d\0\0"), tlv(T.VAT_10, b"\x8d\3\0\0"), TYPE, BASE), CLOSE
    )
    told = desk.told()
    assert [told.number(tag) for tag in (T.VAT_0, T.VAT_20, T.VAT_10)] == [0, 3_333, 909]


def test_a_tax_above_the_total_is_refused_when_the_receipt_is_closed(desk: Desk) -> None:
    desk.open_receipt(5_000, type_=ReceiptType.SELL_CORRECTION)
    desk.does(*e8(TYPE, BASE, encode(T.VAT_20, 5_001)))
    desk.refuses(CLOSE, E.TAX_EXCEEDS_SUM)


def test_a_tax_belongs_to_an_open_receipt(desk: Desk) -> None:
    desk.refuses(e8(encode(T.VAT_20, 1))[0], E.RECEIPT_CLOSED)


@pytest.mark.parametrize(("kind", "cash"), [(ReceiptType.SELL_CORRECTION, 15_000), (ReceiptType.BUY_CORRECTION, 5_000)])
def test_counters_and_drawer_follow_the_type(desk: Desk, kind: ReceiptType, cash: int) -> None:
    correct(desk, kind)
    assert desk.register(0x0A) == {"sum_kopecks": cash}
    assert desk.register(0x01, kind) == {"sum_kopecks": 5_000}
    assert desk.register(0x03, kind, 1) == {"sum_kopecks": 5_000}
    assert desk.register(0x06, kind) == {"count": 1}
    assert desk.register(0x28, kind) == {"sum_kopecks": 5_000}
    assert desk.register(0x41, kind)["closed_receipts"] == 1
    last = desk.register(0x33)
    assert (last["receipt_type"], last["sum_kopecks"]) == (kind, 5_000)
    assert desk.register(0x01, 1) == {"sum_kopecks": 0}
    desk.close_shift()
    assert desk.register(0x01, kind) == {"sum_kopecks": 0}


def test_a_correction_of_a_purchase_needs_cash_in_the_drawer(desk: Desk) -> None:
    desk.open_receipt(10_001, type_=ReceiptType.BUY_CORRECTION)
    desk.does(*e8(TYPE, BASE))
    desk.refuses(CLOSE, E.NOT_ENOUGH_CASH)
    desk.does("4A 00 02 00 00 00 00 00")


def test_receipts_and_corrections_are_numbered_together(desk: Desk) -> None:
    desk.sell()
    correct(desk)
    desk.sell()
    assert desk.told().number(T.RECEIPT_NUMBER) == 3


def test_the_paper_tells_what_is_corrected_and_why(desk: Desk) -> None:
    start = len(desk.bench.kkt.paper)
    correct(desk)
    printed = [line.strip() for line in desk.bench.tape(start)]
    assert {"КАССОВЫЙ ЧЕК КОРРЕКЦИИ", "КОРРЕКЦИЯ ПРИХОДА", "ТИП КОРРЕКЦИИ: 1"} < set(printed)
    assert any("17-А" in line for line in printed)


def test_what_makes_a_correction_has_no_place_in_a_receipt(desk: Desk) -> None:
    desk.does(*e8(TYPE, BASE))
    desk.open_receipt(5_000)
    desk.refuses(e8(TYPE)[0], E.EXTENDED, X.REQUISITE_COMBINATION)
    desk.does(CLOSE)
    told = desk.told()
    assert desk.document().type == DocumentType.RECEIPT
    assert T.CORRECTION_TYPE not in told and T.CORRECTION_BASE not in told


def test_a_cancelled_correction_leaves_nothing_in_the_fn(desk: Desk) -> None:
    before = desk.bench.state().last_document
    desk.open_receipt(5_000, type_=ReceiptType.SELL_CORRECTION)
    desk.does("59")
    assert desk.bench.state().last_document == before
    assert desk.register(0x41, 7) == {"closed_receipts": 0, "cancelled_receipts": 1}
    correct(desk)


def test_a_commit_that_the_fn_refused_is_begun_again_as_a_correction(desk: Desk) -> None:
    desk.bench.kkt.memory.requisites[T.TAX_SYSTEMS] = b"\x04"
    desk.open_receipt(5_000, type_=ReceiptType.SELL_CORRECTION)
    desk.does(*e8(TYPE, BASE))
    desk.refuses(CLOSE, E.FN_EXCISE)
    desk.bench.kkt.memory.requisites[T.TAX_SYSTEMS] = b"\x02"
    desk.does(CLOSE)
    desk.told()
    assert desk.document().type == DocumentType.CORRECTION


def test_a_correction_whose_answer_got_lost_is_asked_about(desk: Desk) -> None:
    desk.open_receipt(5_000, type_=ReceiptType.SELL_CORRECTION)
    desk.does(*e8(TYPE, BASE))
    desk.bench.cut_cable()
    desk.refuses(CLOSE, E.FN_NO_ANSWER)
    desk.bench.mend_cable()
    desk.does(CLOSE)
    desk.told()
    assert desk.document().type == DocumentType.CORRECTION
