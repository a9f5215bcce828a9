"""The check of a finished document finds each thing that is wrong with it, and nothing in a good one."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.ffd.documents import DocumentType, check, qr
from protocol.ffd.formats import FFD_1_05, FFD_1_1, FFD_1_2, FORMATS
from protocol.ffd.tags import TAGS, Kind, T
from protocol.ffd.tlv import Input, encode, tlv

Parts = list[tuple[int, Input]]

ITEM: Parts = [
    (T.ITEM_NAME, "Молоко"),
    (T.PRICE, 10050),
    (T.QUANTITY, Decimal("2.000")),
    (T.ITEM_SUM, 20100),
    (T.VAT_RATE, 6),
    (T.SETTLEMENT_METHOD, 4),
    (T.ITEM_TYPE, 1),
]
BASIS: Parts = [(T.CORRECTION_DATE, datetime(2026, 11, 20)), (T.CORRECTION_ORDER_NUMBER, "12/3")]
SPECIAL: dict[int, Input] = {
    T.FFD_VERSION: 2,
    T.TOTAL: 20100,
    T.CASH: 20000,
    T.ELECTRONIC: 100,
    T.OPERATION: 1,
    T.TAX_SYSTEM: 2,
    T.ITEM: ITEM,
    T.CORRECTION_BASE: BASIS,
    T.DOCUMENT_NUMBER: 1,
    T.KKT_FFD_VERSION: 2,
    T.OFD_INN: "7704358518",
}
PLAIN: dict[Kind, Input] = {
    Kind.TEXT: "1",
    Kind.UNIX_TIME: datetime(2026, 11, 22, 13, 40),
    Kind.FVLN: Decimal(1),
    Kind.STLV: b"",
}
MANDATORY = [
    (ffd, document, tag)
    for ffd, row in FORMATS.items()
    for document in DocumentType
    for tag in sorted(row.compositions[document].mandatory)
    if tag != T.FFD_VERSION
]


def good(document: DocumentType, ffd: int = FFD_1_05) -> Parts:
    """The shortest document that has nothing wrong."""
    tags = set(FORMATS[ffd].compositions[document].mandatory)
    if document in (DocumentType.REGISTRATION, DocumentType.RE_REGISTRATION):
        tags.add(T.OFD_INN)
    if document == DocumentType.SETTLEMENT:
        tags.add(T.UNSENT_DOCUMENTS)
    return [(tag, ffd if tag == T.FFD_VERSION else ordinary(tag)) for tag in sorted(tags)]


def ordinary(tag: int) -> Input:
    row = TAGS[tag]
    if tag in SPECIAL:
        return SPECIAL[tag]
    return bytes(row.max_len) if row.kind is Kind.BYTES else PLAIN.get(row.kind, 0)


def body(parts: Sequence[tuple[int, Input]]) -> bytes:
    return b"".join(encode(tag, value) for tag, value in parts)


def changed(
    document: DocumentType, changes: dict[int, Input | None], more: Parts | None = None, ffd: int = FFD_1_05
) -> list[str]:
    """Violations of a good document with other values (None: left out) and with more requisites at its end."""
    parts = [(tag, changes.get(tag, value)) for tag, value in good(document, ffd)]
    added = [(tag, value) for tag, value in changes.items() if tag not in dict(parts)]
    return check(document, body([(tag, value) for tag, value in [*parts, *added, *(more or [])] if value is not None]))


@pytest.mark.parametrize("ffd", FORMATS)
@pytest.mark.parametrize("document", DocumentType)
def test_a_good_document_has_no_violations(document: DocumentType, ffd: int) -> None:
    assert check(document, body(good(document, ffd))) == []


@pytest.mark.parametrize(("ffd", "document", "tag"), MANDATORY)
def test_a_missing_mandatory_requisite_is_found(ffd: int, document: DocumentType, tag: int) -> None:
    problems = changed(document, {tag: None}, ffd=ffd)
    assert f"{tag} «{TAGS[tag].name_ru}» is missing" in problems


def test_a_document_that_does_not_tell_its_format_is_taken_for_ffd_1_05() -> None:
    assert changed(DocumentType.RECEIPT, {T.FFD_VERSION: None}) == ["1209 «номер версии ФФД» is missing"]


@pytest.mark.parametrize("document", DocumentType)
def test_a_repeated_requisite_is_found_unless_it_may_repeat(document: DocumentType) -> None:
    for tag, value in good(document):
        problems = changed(document, {}, [(tag, value)])
        assert any(f"{tag} «" in problem and "repeated" in problem for problem in problems) != TAGS[tag].repeatable


def test_a_requisite_of_another_document_is_found() -> None:
    problems = changed(DocumentType.SHIFT_OPEN, {T.TOTAL: 1})
    assert problems == ["1020 «сумма расчета, указанного в чеке (БСО)» does not belong to 2 «отчет об открытии смены»"]


def test_an_unknown_tag_is_found() -> None:
    problems = check(DocumentType.SHIFT_OPEN, body(good(DocumentType.SHIFT_OPEN)) + tlv(999, b""))
    assert problems == ["999 does not belong to 2 «отчет об открытии смены»", "tag 999 is unknown"]


def test_a_mandatory_requisite_of_an_item_is_found_with_its_place() -> None:
    items: Parts = [(T.ITEM, ITEM), (T.ITEM, [(T.ITEM_NAME, "Хлеб")])]
    parts = [part for part in good(DocumentType.RECEIPT) if part[0] != T.ITEM]
    problems = check(DocumentType.RECEIPT, body([*parts, *items]))
    assert problems == ["1059 no. 2: 1043 «стоимость предмета расчета с учетом скидок и наценок» is missing"]


def test_the_basis_of_a_correction_needs_its_number() -> None:
    problems = changed(DocumentType.CORRECTION, {T.CORRECTION_BASE: [(T.CORRECTION_DATE, datetime(2026, 1, 1))]})
    assert problems == ["1174: 1179 «номер предписания налогового органа» is missing"]


@pytest.mark.parametrize(
    ("document", "changes", "problem"),
    [
        (DocumentType.RECEIPT, {T.TOTAL: 20000}, "1020 = 20000, but the sum of 1043 is 20100 kopecks"),
        (
            DocumentType.RECEIPT,
            {T.CASH: 0},
            "1020 = 20100, but 1031 + 1081 + 1215 + 1216 + 1217 = 100 kopecks",
        ),
        (DocumentType.RECEIPT, {T.TAX_SYSTEM: 1}, "1055 = 1 (ОСН), so one of 1102..1107 must be there"),
        (DocumentType.RECEIPT, {T.TAX_SYSTEM: 3}, "1055 «применяемая система налогообложения» may not be 3"),
        (DocumentType.RECEIPT, {T.OPERATION: 5}, "1054 «признак расчета» may not be 5"),
        (DocumentType.RECEIPT, {T.AGENT: 5}, "1057 = 5: a receipt has one kind of agent"),
        (DocumentType.RECEIPT, {T.AGENT: 1}, "1057 = 1 (bank agent), so 1016 must be there"),
        (DocumentType.CORRECTION, {T.OPERATION: 2}, "1054 = 2: a correction is 1 or 3"),
        (DocumentType.SHIFT_OPEN, {T.OFD_TIMEOUT: 0}, "«признак превышения времени ожидания ответа ОФД» may not be 0"),
        (DocumentType.REGISTRATION, {T.AUTOMATIC_MODE: 1}, "1001 = 1, so 1036 must be there"),
        (DocumentType.REGISTRATION, {T.AUTONOMOUS_MODE: 1, T.ENCRYPTION: 1}, "1002 = 1, so 1056 must be 0"),
        (DocumentType.REGISTRATION, {T.AUTONOMOUS_MODE: 1}, "1002 = 1, so 1017 must be 000000000000"),
        (DocumentType.REGISTRATION, {T.OFD_INN: None}, "1002 = 0, so 1017 must be there"),
        (DocumentType.REGISTRATION, {T.DOCUMENT_NUMBER: 2}, "the first document of an FN has the number 1"),
        (
            DocumentType.RE_REGISTRATION,
            {T.DOCUMENT_NUMBER: 2, T.RE_REGISTRATION_REASON: 1},
            "the first document of an FN has the number 1",
        ),
        (DocumentType.SETTLEMENT, {T.UNSENT_DOCUMENTS: None}, "neither 1002 = 1 (autonomous) nor 1097"),
    ],
)
def test_a_broken_rule_is_found(document: DocumentType, changes: dict[int, Input | None], problem: str) -> None:
    assert any(problem in found for found in changed(document, changes))


def test_a_sum_that_is_not_price_by_quantity_is_found() -> None:
    item = [(tag, 20102 if tag == T.ITEM_SUM else value) for tag, value in ITEM]
    problems = changed(DocumentType.RECEIPT, {T.ITEM: item, T.TOTAL: 20102, T.CASH: 20002})
    assert problems == ["1059 no. 1: 1043 = 20102, but 1079 x 1023 = 20100.000 kopecks"]


def test_a_sum_rounded_to_either_side_is_right() -> None:
    for rounded in (33, 34):
        item: Parts = [(T.PRICE, 99), (T.QUANTITY, Decimal("0.339")), (T.ITEM_SUM, rounded)]
        assert changed(DocumentType.RECEIPT, {T.ITEM: item, T.TOTAL: rounded, T.CASH: rounded, T.ELECTRONIC: 0}) == []


def test_an_agents_item_needs_the_supplier() -> None:
    item: Parts = [*ITEM, (T.ITEM_AGENT, 3)]
    assert changed(DocumentType.RECEIPT, {T.ITEM: item}) == [
        "1059 no. 1: 1222 = 3: an item has one kind of agent",
        "1059 no. 1: 1222 is set, so 1226 must be there",
    ]


def test_a_bank_agents_data_may_stand_in_the_item() -> None:
    data: Parts = [
        (T.PAYMENT_AGENT_OPERATION, "перевод"),
        (T.TRANSFER_OPERATOR_NAME, "Банк"),
        (T.TRANSFER_OPERATOR_ADDRESS, "Москва"),
        (T.TRANSFER_OPERATOR_INN, "7702203276"),
    ]
    item: Parts = [*ITEM, (T.ITEM_AGENT, 1), (T.SUPPLIER_INN, "7702203276"), (T.AGENT_DATA, data)]
    assert changed(DocumentType.RECEIPT, {T.ITEM: item, T.AGENT: 1}) == []


def test_an_autonomous_registration_and_its_settlement_report_are_right() -> None:
    registration: dict[int, Input | None] = {T.AUTONOMOUS_MODE: 1, T.OFD_INN: "0" * 12}
    settlement: dict[int, Input | None] = {T.UNSENT_DOCUMENTS: None, T.AUTONOMOUS_MODE: 1}
    assert changed(DocumentType.REGISTRATION, registration) == []
    assert changed(DocumentType.SETTLEMENT, settlement) == []


def test_a_re_registration_without_a_new_fn_has_any_number() -> None:
    assert changed(DocumentType.RE_REGISTRATION, {T.DOCUMENT_NUMBER: 7, T.RE_REGISTRATION_REASON: 4}) == []


def test_a_value_of_wrong_length_is_found() -> None:
    parts = [part for part in good(DocumentType.SHIFT_OPEN) if part[0] not in (T.FN_NUMBER, T.SHIFT_NUMBER)]
    damaged = body(parts) + tlv(T.FN_NUMBER, b"123") + tlv(T.SHIFT_NUMBER, b"\x01\x00")
    assert check(DocumentType.SHIFT_OPEN, damaged) == [
        "1041 «номер ФН» has 3 bytes, exactly 16 are right",
        "1038 «номер смены» has 2 bytes, exactly 4 are right",
    ]


def test_a_document_of_an_unknown_format_is_checked_for_structure_only() -> None:
    problems = changed(DocumentType.RECEIPT, {T.FFD_VERSION: 9, T.TOTAL: 1, T.OPERATION: None})
    assert problems == []
    problems = changed(DocumentType.RECEIPT, {T.FFD_VERSION: 9}, [(T.TOTAL, 1)])
    assert problems == ["1020 «сумма расчета, указанного в чеке (БСО)» is repeated"]


CONDITIONS: Parts = [(T.CONDITIONS, 1 << 8)]
BUYER: Parts = [(T.BUYER, [(T.BUYER_NAME, "Иванов"), (T.BUYER_INN, "500100732259")])]
SUPPLIER_PHONE: Parts = [(T.SUPPLIER_PHONE, "+74950000000")]
MARKED_ITEM: Parts = [*ITEM[:-1], (T.ITEM_TYPE, 33), (T.MEASURE, 0)]
FN_TOTALS: Parts = [(T.FN_TOTALS, [(1134, 2), (1129, [(1135, 2), (1201, 300)])])]


@pytest.mark.parametrize(
    ("document", "more", "formats"),
    [
        (DocumentType.REGISTRATION, CONDITIONS, {FFD_1_2}),
        (DocumentType.RECEIPT, BUYER, {FFD_1_2}),
        (DocumentType.RECEIPT, SUPPLIER_PHONE, {FFD_1_05, FFD_1_1}),
        (DocumentType.RECEIPT, [(T.ITEM, ITEM)], {FFD_1_05, FFD_1_1, FFD_1_2}),
        (DocumentType.SHIFT_OPEN, [(T.OPERATOR_MESSAGE, 1)], {FFD_1_1, FFD_1_2}),
        (DocumentType.SHIFT_CLOSE, FN_TOTALS, {FFD_1_1, FFD_1_2}),
        (DocumentType.SHIFT_OPEN, [(T.USER_NAME, "ООО")], {FFD_1_1, FFD_1_2}),
        (DocumentType.RE_REGISTRATION, [(T.CHANGE_REASONS, 1 << 21)], {FFD_1_1, FFD_1_2}),
    ],
)
def test_what_belongs_to_a_document_depends_on_its_format(
    document: DocumentType, more: Parts, formats: set[int]
) -> None:
    fits = {ffd for ffd in FORMATS if not any("belong" in one for one in changed(document, {}, more, ffd))}
    assert fits == formats


def test_values_that_came_with_a_later_format_are_wrong_in_ffd_1_05() -> None:
    changes: dict[int, Input | None] = {T.ITEM: MARKED_ITEM}
    assert any("1212 «признак предмета расчета» may not be 33" in one for one in changed(DocumentType.RECEIPT, changes))
    assert changed(DocumentType.RECEIPT, changes, ffd=FFD_1_2) == []


@pytest.mark.parametrize(("ffd", "is_right"), [(FFD_1_05, False), (FFD_1_1, True), (FFD_1_2, True)])
def test_a_correction_of_a_return_needs_a_later_format(ffd: int, is_right: bool) -> None:
    problems = changed(DocumentType.CORRECTION, {T.OPERATION: 2}, ffd=ffd)
    assert (problems == []) is is_right


@pytest.mark.parametrize("ffd", [FFD_1_1, FFD_1_2])
def test_sums_are_checked_in_later_formats_too(ffd: int) -> None:
    assert changed(DocumentType.RECEIPT, {T.TOTAL: 1}, ffd=ffd) == [
        "1020 = 1, but the sum of 1043 is 20100 kopecks",
        "1020 = 1, but 1031 + 1081 + 1215 + 1216 + 1217 = 20100 kopecks",
    ]


@pytest.mark.parametrize(("ffd", "limit"), [(FFD_1_05, 4096), (FFD_1_1, 4096), (FFD_1_2, 6144)])
def test_a_report_of_ffd_1_2_may_be_larger(ffd: int, limit: int) -> None:
    parts = body(good(DocumentType.REGISTRATION, ffd))
    for size, is_right in ((limit, True), (limit + 1, False)):
        filler = tlv(60_000, bytes(size - 4 - len(parts) - 4))
        problems = check(DocumentType.REGISTRATION, parts + filler)
        assert any(f"at most {limit} fit" in one for one in problems) is not is_right


def test_too_large_a_document_is_found() -> None:
    data = b"".join(tlv(T.ITEM, bytes(1024)) for _ in range(40))
    assert "the document has 41124 bytes, at most 32768 fit" in check(DocumentType.RECEIPT, data)


def test_a_code_that_is_no_document_is_told() -> None:
    assert check(99, b"") == ["99 is no fiscal document"]


@given(st.sampled_from(DocumentType), st.binary(max_size=80))
def test_garbage_never_raises_and_never_passes(document: DocumentType, data: bytes) -> None:
    assert check(document, data)


@given(st.sampled_from(DocumentType), st.data())
def test_a_damaged_document_never_raises(document: DocumentType, data: st.DataObject) -> None:
    damaged = bytearray(body(good(document)))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    check(document, bytes(damaged))


def test_the_code_of_a_receipt_has_the_official_order() -> None:
    text = qr(datetime(2015, 7, 20, 16, 38), 999999900, "000110000105", 12345678, 123456, 2)
    assert text == "t=20150720T1638&s=9999999.00&fn=000110000105&i=12345678&fp=123456&n=2"


def test_the_code_of_a_receipt_keeps_two_digits_of_kopecks() -> None:
    assert "&s=0.05&" in qr(datetime(2026, 11, 22, 9, 5, 59), 5, "9999078900005488", 1, 42, 1)
