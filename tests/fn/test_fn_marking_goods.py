"""Goods with codes in a receipt of an FN-1.1M: what B7h takes, and what becomes of it."""

from dataclasses import replace

import pytest

from protocol.ffd.tlv import decode_all, encode, tlv
from protocol.fn.answers import DataReceived
from protocol.fn.commands import FnCode, FnCommand
from protocol.fn.marking_codes import GoodsData, NotificationState
from tests.fn.full_till import item
from tests.fn.marking_till import MarkingTill, code, goods, selling

C = FnCommand
ITEM = bytes((GoodsData.ITEM,))


def in_receipt(till: MarkingTill) -> None:
    till.keep_code()
    till.begin_sale()


def awaiting(till: MarkingTill) -> None:
    in_receipt(till)
    till.add(GoodsData.GOODS, goods(code().code))


GOODS = {
    (GoodsData.GOODS, b"\1\0"): (FnCode.BAD_FORMAT, b""),
    (GoodsData.GOODS, encode(1055, 1)): (FnCode.MARKING_REQUISITES_MISSING, b"\xd7\7"),
    (GoodsData.GOODS, tlv(2007, encode(2110, 1))): (FnCode.MARKING_REQUISITES_MISSING, b"\xd0\7"),
    (GoodsData.GOODS, tlv(2007, tlv(2000, b"x"))): (FnCode.MARKING_REQUISITES_MISSING, b"\x3e\x08"),
    (GoodsData.GOODS, goods(b"another")): (FnCode.MARKING_CODE_UNCHECKED, b""),
}


@pytest.mark.parametrize("kind_and_data", GOODS)
def test_goods_are_refused_without_their_code_or_its_check(kind_and_data: tuple[GoodsData, bytes]) -> None:
    till = selling()
    in_receipt(till)
    kind, data = kind_and_data
    assert till.ask(C.ADD_CODE_DATA, bytes((kind,)) + data) == GOODS[kind_and_data]


def test_an_item_that_is_none_is_refused() -> None:
    till = selling()
    awaiting(till)
    code_, told = till.ask(C.ADD_CODE_DATA, ITEM + encode(1055, 1))
    assert (code_, int.from_bytes(told, "little")) == (FnCode.MARKING_REQUISITES_MISSING, 1059)


@pytest.mark.parametrize("kind", [0, 4, 255])
def test_an_unknown_kind_of_data_is_refused(kind: int) -> None:
    till = selling()
    in_receipt(till)
    assert till.refused(C.ADD_CODE_DATA, bytes((kind,))) == FnCode.BAD_FORMAT


def test_marked_goods_count_in_the_data_of_the_receipt() -> None:
    till = selling()
    in_receipt(till)
    before = DataReceived.parse(till.do(C.DATA_RECEIVED))
    data = goods(code().code)
    till.add(GoodsData.GOODS, data)
    assert DataReceived.parse(till.do(C.DATA_RECEIVED)) == replace(before, marking_bytes=len(data))
    limits = replace(till.fn.model.data_limits, receipt=before.data_bytes + len(data))
    till.fn.model = replace(till.fn.model, data_limits=limits)
    assert till.refused(C.ADD_CODE_DATA, ITEM + item(t1212=33)) == FnCode.TLV_TOO_LARGE


def test_the_item_of_marked_goods_stands_in_the_receipt_and_is_judged_like_any_other() -> None:
    till = selling()
    awaiting(till)
    assert till.refused(C.ADD_CODE_DATA, ITEM + item(t1212=2)) == FnCode.CONTRADICTS_REGISTRATION
    till.add(GoodsData.ITEM, item(t1212=33))
    till.do(C.COMMIT_RECEIPT, till.receipt())
    document = till.fn.archive.tail()
    assert document is not None and document.body is not None
    kinds = [dict(part).get(1212) for tag, part in decode_all(document.body) if tag == 1059]  # type: ignore[arg-type]
    assert kinds == [None, 33]


def test_a_receipt_takes_the_results_with_it() -> None:
    till = selling()
    till.sell_marked()
    status = till.marking_status()
    assert (status.kept_codes, status.notification_state) == (0, NotificationState.NONE)


def test_a_receipt_is_not_formed_before_the_item_of_its_last_goods() -> None:
    till = selling()
    awaiting(till)
    assert till.refused(C.COMMIT_RECEIPT, till.receipt()) == FnCode.MARKING_ORDER
