"""Requisites in words: names of the FFD, values in their units, structures inside each other, what is wrong where."""

from datetime import datetime
from decimal import Decimal

import pytest

from kktsim.decode import tlv
from kktsim.decode.values import show
from protocol.ffd.tlv import encode

from .told import text, troubles, values

ITEM = encode(
    1059, [(1030, "Чай"), (1079, 10000), (1023, Decimal("2.000")), (1043, 20000), (1199, 6), (1214, 4), (1212, 1)]
)


def test_an_item_of_a_receipt_is_told_as_a_tree() -> None:
    piece = tlv.piece(ITEM)
    assert piece.is_sound
    assert values(piece) == {
        "items": "",
        "name": "«Чай»",
        "price": "100.00 руб.",
        "quantity": "2.000",
        "sum": "200.00 руб.",
        "nds": "6",
        "paymentType": "4",
        "productType": "1",
    }
    assert "1059 предмет расчета / items:\n      1030 наименование предмета расчета / name: «Чай»" in text(piece)


def test_times_and_bytes_and_unknown_tags_are_told() -> None:
    assert values(tlv.piece(encode(1012, datetime(2026, 3, 2, 12, 36)))) == {"dateTime": "02.03.2026 12:36"}
    assert values(tlv.piece(encode(1012, datetime(2026, 3, 2, 12, 36, 5)))) == {"dateTime": "02.03.2026 12:36:05"}
    unknown = tlv.piece(bytes.fromhex("FF FE 02 00 01 02"))
    assert values(unknown) == {"65279": "01 02"} and "неизвестный реквизит" in text(unknown)


def test_a_part_of_an_item_is_no_sum() -> None:
    assert values(tlv.piece(bytes.fromhex("0D 05 01 00 02"))) == {"1293": "2"}


BROKEN = {
    "F0": "byte 0: a requisite begins with 4 bytes, 1 are left",
    "F0 03 03 00 41": "byte 0: tag 1008 tells 3 bytes, 1 are left",
    "F0 03 01 00 41 F4 03": "byte 5: a requisite begins with 4 bytes, 2 are left",
    "F4 03 02 00 01 02": "byte 4: tag 1012: 2 bytes, a number of 4 is needed",
    "23 04 06 00 06 04 09 00 41 42": "byte 4: tag 1030 tells 9 bytes, 2 are left",
}


@pytest.mark.parametrize(("data", "told"), BROKEN.items())
def test_what_is_wrong_is_told_with_its_byte(data: str, told: str) -> None:
    assert troubles(tlv.piece(bytes.fromhex(data))) == [told]


def test_structures_without_end_are_not_followed() -> None:
    data = b"\x41"
    for _ in range(20):
        data = (1059).to_bytes(2, "little") + len(data).to_bytes(2, "little") + data
    [told] = troubles(tlv.piece(data))
    assert "structures inside each other more than" in told


def test_only_known_tags_look_like_requisites() -> None:
    assert tlv.looks_right(ITEM)
    assert not tlv.looks_right(b"")
    assert not tlv.looks_right(ITEM[:-1])
    assert not tlv.looks_right(bytes.fromhex("FF FE 02 00 01 02"))


def test_values_are_shown_in_their_units() -> None:
    assert [show("price_kopecks", -5), show("quantity_milli", 1500), show("is_open", False), show("x", None)] == [
        *("-0.05 руб.", "1.500", "нет / no", "нет / none")
    ]


@pytest.mark.parametrize(
    ("code", "told"),
    [("45 0D 04 30 77 19 57 61", "EAN-13 4606203090785"), ("00 00 31 32", "00 00 31 32")],
)
def test_a_product_code_is_told_as_it_stands_on_the_goods(code: str, told: str) -> None:
    assert values(tlv.piece(encode(1162, bytes.fromhex(code)))) == {"productCode": told}
