"""TLV and STLV: what goes in comes out, and damage is refused with one error."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.ffd.tags import TAGS, UNLIMITED, Kind, T, Tag
from protocol.ffd.tlv import (
    MAX_DEPTH,
    Input,
    TlvError,
    Value,
    decode,
    decode_all,
    encode,
    quantity,
    split,
    tlv,
    to_json,
    unix_time,
    vln,
)

EPOCH = datetime(1970, 1, 1)
CP866 = st.characters(codec="cp866")
UNKNOWN_TAG = 999
PLAIN_TAGS = sorted(number for number, row in TAGS.items() if row.kind is not Kind.STLV)
STRUCTURES = sorted(number for number, row in TAGS.items() if row.kind is Kind.STLV)
LIMITED_TAGS = [tag for tag in PLAIN_TAGS if TAGS[tag].max_len < UNLIMITED and TAGS[tag].kind is not Kind.UNIX_TIME]


def values_of(row: Tag) -> st.SearchStrategy[Value]:
    """Values that fit a tag, those that come back unchanged: fixed text has no spaces on its right."""
    width = min(row.max_len, 64)
    text = st.text(CP866, max_size=width)
    size = row.max_len if row.fixed else 0
    by_kind: dict[Kind, st.SearchStrategy[Value]] = {
        Kind.FVLN: st.decimals(min_value=0, max_value=10**6, places=3).map(abs),
        Kind.UNIX_TIME: st.integers(0, 2**32 - 1).map(lambda seconds: EPOCH + timedelta(seconds=seconds)),
        Kind.TEXT: text.map(lambda value: value.rstrip(" ")) if row.fixed else text,
        Kind.BYTES: st.binary(min_size=size, max_size=width),
    }
    return by_kind.get(row.kind, st.integers(0, 256 ** min(row.max_len, 8) - 1))


def plain_pairs() -> st.SearchStrategy[tuple[int, Value]]:
    return st.sampled_from(PLAIN_TAGS).flatmap(lambda tag: st.tuples(st.just(tag), values_of(TAGS[tag])))


@pytest.mark.parametrize("tag", PLAIN_TAGS)
@given(data=st.data())
@settings(max_examples=20)
def test_every_tag_decodes_what_it_encoded(tag: int, data: st.DataObject) -> None:
    value = data.draw(values_of(TAGS[tag]))
    [(number, raw)] = split(encode(tag, value))
    assert (number, repr(decode(tag, raw))) == (tag, repr(value))


@pytest.mark.parametrize("tag", LIMITED_TAGS)
def test_every_tag_takes_a_value_of_its_full_length_and_no_longer_one(tag: int) -> None:
    row = TAGS[tag]
    assert len(encode(tag, _of_length(row, row.max_len))) == 4 + row.max_len
    with pytest.raises(TlvError):
        encode(tag, _of_length(row, row.max_len + 1))


def _of_length(row: Tag, size: int) -> Input:
    """A value that needs so many bytes."""
    widest: dict[Kind, Input] = {
        Kind.TEXT: "я" * size,
        Kind.BYTES: bytes(size),
        Kind.FVLN: Decimal(256 ** (size - 1) - 1),
    }
    return widest.get(row.kind, int("ff" * size, 16))


@pytest.mark.parametrize("tag", STRUCTURES)
def test_every_structure_decodes_what_it_encoded(tag: int) -> None:
    parts: list[tuple[int, Value]] = [(T.OFD_ANSWER_CODE, 14)]
    [(number, raw)] = split(encode(tag, parts))
    assert (number, decode(tag, raw)) == (tag, parts)


@given(st.lists(st.one_of(plain_pairs(), st.tuples(st.just(T.AGENT_DATA), st.lists(plain_pairs(), max_size=2)))))
def test_structures_decode_what_they_encoded(parts: list[tuple[int, Value]]) -> None:
    [(_tag, raw)] = split(encode(3, parts))
    assert decode(3, raw) == parts
    assert decode_all(raw) == parts


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=40))))
def test_split_undoes_tlv(parts: list[tuple[int, bytes]]) -> None:
    assert split(b"".join(tlv(tag, value) for tag, value in parts)) == parts


@given(st.binary(max_size=64))
def test_garbage_splits_into_the_same_bytes_or_is_refused(data: bytes) -> None:
    try:
        parts = split(data)
    except TlvError:
        return
    assert b"".join(tlv(tag, value) for tag, value in parts) == data


@given(st.sampled_from(sorted(TAGS)), st.binary(max_size=64))
def test_garbage_in_a_value_raises_only_the_declared_error(tag: int, data: bytes) -> None:
    try:
        value = decode(tag, data)
    except TlvError:
        return
    to_json(tlv(tag, data))
    assert value is not None


def test_structures_nested_without_end_are_refused() -> None:
    data = b""
    while len(data) < 0xFF00:
        data = tlv(T.ITEM, data)
    with pytest.raises(TlvError, match=f"more than {MAX_DEPTH} deep"):
        decode(T.ITEM, data)


def test_a_cut_tlv_is_refused_with_its_place() -> None:
    data = tlv(T.CASHIER, b"abc")
    with pytest.raises(TlvError, match="1021: length 3, but 2 bytes"):
        split(data[:-1])
    with pytest.raises(TlvError, match="3 bytes are left at offset 0"):
        split(data[:3])


def test_a_header_is_little_endian() -> None:
    assert tlv(T.QUANTITY, b"\x02\x15\xcd\x5b\x07") == bytes.fromhex("ff 03 05 00 02 15 cd 5b 07")


def test_a_published_decimal_reads_and_writes() -> None:
    raw = bytes.fromhex("02 15 cd 5b 07")
    assert decode(T.QUANTITY, raw) == Decimal("1234567.89")
    assert encode(T.QUANTITY, Decimal("1234567.89"))[4:] == raw


@pytest.mark.parametrize(
    ("number", "data"),
    [(0, b"\x00"), (255, b"\xff"), (256, b"\x00\x01"), (10000, b"\x10\x27"), (2**48 - 1, b"\xff" * 6)],
)
def test_money_takes_as_few_bytes_as_it_needs(number: int, data: bytes) -> None:
    assert vln(number) == data
    assert decode(T.TOTAL, data) == number


@pytest.mark.parametrize("data", [b"\x05\x00\x00\x00\x00\x00", b"\x05\x00", b"\x05"])
def test_money_with_leading_zeros_reads_the_same(data: bytes) -> None:
    assert decode(T.TOTAL, data) == 5


def test_empty_numbers_are_zero() -> None:
    assert decode(T.TOTAL, b"") == 0
    assert decode(T.QUANTITY, b"") == Decimal(0)
    assert decode(T.QUANTITY, b"\x02") == Decimal(0)


def test_quantity_is_written_in_thousandths() -> None:
    assert decode(T.QUANTITY, quantity(1500)) == Decimal("1.500")
    assert tlv(T.QUANTITY, quantity(1500)) == encode(T.QUANTITY, Decimal("1.500"))


def test_a_whole_decimal_with_an_exponent_is_written_out() -> None:
    assert encode(T.QUANTITY, Decimal("2E+2"))[4:] == b"\x00\xc8"


def test_local_time_is_written_as_if_it_were_utc() -> None:
    raw = bytes.fromhex("98 55 b9 58")
    assert decode(T.DATE_TIME, raw) == datetime(2017, 3, 3, 11, 38)
    assert unix_time(datetime(2017, 3, 3, 11, 38)) == raw
    assert unix_time(1488541080.75) == raw


def test_fixed_text_is_padded_on_the_right_and_other_text_is_not() -> None:
    assert encode(T.USER_INN, "7702203276")[4:] == b"7702203276  "
    assert encode(T.CASHIER, "Шеннон К. ")[4:] == bytes.fromhex("98 a5 ad ad ae ad 20 8a 2e 20")
    assert decode(T.CASHIER, b"  a ") == "  a "


def test_a_structure_takes_ready_bytes_as_well() -> None:
    assert encode(T.ITEM, encode(T.ITEM_SUM, 100)) == encode(T.ITEM, [(T.ITEM_SUM, 100)])


def test_unknown_tags_are_bytes_both_ways() -> None:
    assert encode(UNKNOWN_TAG, b"\x01\x02") == tlv(UNKNOWN_TAG, b"\x01\x02")
    assert decode(UNKNOWN_TAG, b"\x01\x02") == b"\x01\x02"


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        (T.OPERATION, 256),
        (T.OPERATION, -1),
        (T.OPERATION, "1"),
        (T.TOTAL, 2**48),
        (T.TOTAL, -1),
        (T.TOTAL, b"\x01"),
        (T.QUANTITY, Decimal(-1)),
        (T.QUANTITY, Decimal("NaN")),
        (T.QUANTITY, Decimal("Infinity")),
        (T.QUANTITY, Decimal(2**56)),
        (T.QUANTITY, Decimal("1" * 5000)),
        (T.QUANTITY, 1),
        (T.DATE_TIME, datetime(1969, 12, 31)),
        (T.DATE_TIME, datetime(2200, 1, 1)),
        (T.DATE_TIME, 0),
        (T.CASHIER, "я" * 65),
        (T.CASHIER, "тире —"),
        (T.CASHIER, b"abc"),
        (T.FN_NUMBER, "9" * 17),
        (T.FISCAL_SIGN, b"\x21\x04"),
        (T.PRODUCT_CODE, bytes(33)),
        (T.PRODUCT_CODE, "abc"),
        (T.ITEM, bytes(1025)),
        (T.ITEM, "abc"),
        (UNKNOWN_TAG, 5),
        (0x10000, b""),
        (-1, b""),
    ],
)
def test_a_value_that_does_not_fit_its_tag_is_refused(tag: int, value: Input) -> None:
    with pytest.raises(TlvError):
        encode(tag, value)


@pytest.mark.parametrize("at", [-1.0, 2.0**32, float("nan"), float("inf"), datetime(1969, 1, 1)])
def test_a_time_outside_32_bits_is_refused(at: datetime | float) -> None:
    with pytest.raises(TlvError):
        unix_time(at)


def test_a_value_beyond_a_length_field_is_refused() -> None:
    with pytest.raises(TlvError):
        tlv(T.ITEM, bytes(0x10000))


def test_the_readable_form_nests_structures_and_lists_repeated_tags() -> None:
    item: list[tuple[int, Input]] = [(T.ITEM_NAME, "Хлеб"), (T.QUANTITY, Decimal("2.500")), (T.ITEM_SUM, 100)]
    document = encode(
        3,
        [
            (T.DATE_TIME, datetime(2026, 11, 22, 13, 40)),
            (T.ITEM, item),
            (T.FISCAL_SIGN, b"\x21\x04\x00\x00\x00\x01"),
            (T.CASHIER, "А"),
            (T.CASHIER, "Б"),
            (T.BUYER_INN, "7702203276"),
        ],
    )
    assert to_json(document) == {
        "receipt": {
            "dateTime": "2026-11-22T13:40:00",
            "items": [{"name": "Хлеб", "quantity": "2.500", "sum": 100}],
            "fiscalSign": "210400000001",
            "operator": ["А", "Б"],
            "1228": "7702203276",
        }
    }
