"""Documents: what they consist of, how they are counted and read back, what of the KKT's data is refused."""

from datetime import timedelta

import pytest

from fn_model.composition import FORMED_TAGS
from fn_model.sign import SIGNED_TAGS, fiscal_sign
from protocol.ffd.documents import DocumentType, check
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, split, tlv
from protocol.fn.answers import ReceiptResult, ShiftParameters
from protocol.fn.archive_answers import DocumentHeader
from protocol.fn.commands import FnCode, FnCommand, Operation, WorkMode
from protocol.fn.requests import CommitReceipt
from tests.fn.fn_till import (
    CASHIER,
    CLOSE_ARCHIVE_DATA,
    CLOSE_SHIFT_DATA,
    FFD,
    INN,
    NUMBER,
    REGISTRATION_DATA,
    REGISTRATION_NUMBER,
    SHIFT_DATA,
    START,
    Till,
    receipt_data,
)


def a_life(mode: WorkMode = WorkMode.NONE) -> Till:
    till = Till()
    till.register(mode)
    till.wait(minutes=5)
    till.open_shift()
    till.sell(10_000)
    till.sell(5_050)
    till.wait(hours=8)
    till.close_shift()
    till.re_register(mode)
    till.close_archive()
    return till


def read_back(till: Till, number: int) -> tuple[DocumentHeader, bytes]:
    header = DocumentHeader.parse(till.do(FnCommand.BEGIN_DOCUMENT_TLV, number.to_bytes(4, "little")))
    body = b""
    while True:
        code, part = till.ask(FnCommand.NEXT_DOCUMENT_TLV)
        if code == FnCode.NO_DATA:
            return header, body
        assert code == FnCode.OK
        assert len(split(part)) == 1
        body += part


@pytest.mark.parametrize("mode", [WorkMode.NONE, WorkMode.STRICT_FORM, WorkMode.SERVICES | WorkMode.INTERNET])
def test_every_document_of_a_life_keeps_to_the_composition_tables(mode: WorkMode) -> None:
    till = a_life(mode)
    receipt = DocumentType.STRICT_FORM if mode & WorkMode.STRICT_FORM else DocumentType.RECEIPT
    expected = [
        DocumentType.REGISTRATION,
        DocumentType.SHIFT_OPEN,
        receipt,
        receipt,
        DocumentType.SHIFT_CLOSE,
        DocumentType.RE_REGISTRATION,
        DocumentType.CLOSE_ARCHIVE,
    ]
    for number, document_type in enumerate(expected, 1):
        header, body = read_back(till, number)
        assert (header.type, header.length) == (document_type, len(body))
        assert check(header.type, body) == []
        document = till.fn.archive.get(number)
        assert document is not None and document.body == body and document.type is document_type


def test_an_autonomous_life_keeps_to_the_composition_tables() -> None:
    till = Till()
    data = REGISTRATION_DATA.replace(encode(1017, "7704358518"), encode(1017, "0" * 12))
    till.register(WorkMode.AUTONOMOUS, data=data)
    till.open_shift()
    till.sell()
    till.close_shift()
    till.close_archive()
    for number in range(1, 6):
        header, body = read_back(till, number)
        assert check(header.type, body) == []
    assert T.UNSENT_DOCUMENTS not in dict(split(read_back(till, 4)[1]))


def test_requisites_of_the_fn_come_first_and_those_of_the_till_in_its_order() -> None:
    till = a_life()
    tags = [tag for tag, _ in split(read_back(till, 3)[1])]
    own = [T.FN_NUMBER, T.REGISTRATION_NUMBER, T.USER_INN, T.DOCUMENT_NUMBER, T.DATE_TIME, T.FISCAL_SIGN]
    own += [T.OPERATION, T.TOTAL, T.RECEIPT_NUMBER, T.SHIFT_NUMBER]
    assert tags == own + [tag for tag, _ in split(receipt_data())]


def test_the_fn_forms_what_the_table_says_and_nothing_else() -> None:
    till = a_life()
    brought = {
        DocumentType.REGISTRATION: REGISTRATION_DATA,
        DocumentType.RE_REGISTRATION: REGISTRATION_DATA,
        DocumentType.SHIFT_OPEN: SHIFT_DATA,
        DocumentType.RECEIPT: receipt_data(),
        DocumentType.SHIFT_CLOSE: CLOSE_SHIFT_DATA,
        DocumentType.CLOSE_ARCHIVE: CLOSE_ARCHIVE_DATA,
    }
    for number in range(1, 8):
        header, body = read_back(till, number)
        document_type = DocumentType(header.type)
        formed = {tag for tag, _ in split(body)} - {tag for tag, _ in split(brought[document_type])}
        assert formed <= FORMED_TAGS[document_type]
        assert set(SIGNED_TAGS[document_type]) - {T.OFD_INN} <= formed


def test_values_that_the_fn_forms_are_those_of_the_commands_and_counters() -> None:
    till = a_life()
    receipt = Requisites.parse(read_back(till, 4)[1])
    assert receipt.text(T.FN_NUMBER) == NUMBER
    assert receipt.text(T.REGISTRATION_NUMBER) == REGISTRATION_NUMBER
    assert receipt.text(T.USER_INN) == INN
    assert receipt.time(T.DATE_TIME) == START + timedelta(minutes=5)
    assert (receipt.number(T.SHIFT_NUMBER), receipt.number(T.RECEIPT_NUMBER)) == (1, 2)
    assert (receipt.number(T.OPERATION), receipt.number(T.TOTAL)) == (1, 5_050)
    closing = Requisites.parse(read_back(till, 5)[1])
    assert (closing.number(T.SHIFT_DOCUMENTS), closing.number(T.SHIFT_RECEIPTS)) == (4, 2)
    assert closing.number(T.UNSENT_DOCUMENTS) == 4
    assert closing.time(T.FIRST_UNSENT_DATE) == START.replace(hour=0, minute=0)
    assert closing.number(T.KEY_RESOURCE) == 470
    registration = Requisites.parse(read_back(till, 1)[1])
    assert registration.number(T.TAX_SYSTEMS) == 1
    assert T.RE_REGISTRATION_REASON not in registration
    assert Requisites.parse(read_back(till, 6)[1]).numbers(T.RE_REGISTRATION_REASON) == [4]


def test_the_first_report_of_a_replacement_is_number_1_and_gives_its_reason() -> None:
    till = Till()
    till.do(FnCommand.BEGIN_REGISTRATION, b"\1")
    till.do(FnCommand.ADD_DATA, REGISTRATION_DATA)
    till.do(FnCommand.REGISTER, till.registration())
    header, body = read_back(till, 1)
    assert header.type == DocumentType.RE_REGISTRATION
    assert check(header.type, body) == []
    assert Requisites.parse(body).numbers(T.RE_REGISTRATION_REASON) == [1]


def test_the_sign_in_the_answer_in_the_document_and_in_the_archive_is_one() -> None:
    till = Till()
    till.register()
    till.open_shift()
    result = till.sell()
    _, body = read_back(till, result.number)
    requisites = dict(split(body))
    assert int.from_bytes(requisites[T.FISCAL_SIGN][2:], "big") == result.sign
    tlvs = {tag: tlv(tag, value) for tag, value in requisites.items()}
    assert fiscal_sign(NUMBER, DocumentType.RECEIPT, tlvs) == result.sign


def test_an_injected_sign_is_used_for_its_document_only() -> None:
    till = Till()
    till.fn.injected_signs[3] = 1_234_567_890
    till.register()
    till.open_shift()
    assert till.sell().sign == 1_234_567_890
    assert till.sell().sign != 1_234_567_890


def test_numbers_grow_by_one_and_a_cancelled_document_takes_none() -> None:
    till = Till()
    till.register()
    assert till.open_shift().number == 2
    till.begin_receipt()
    till.cancel()
    till.fn.power_off()
    till.fn.power_on(till.world)
    first, second = till.sell(), till.sell(7)
    assert (first.number, first.receipt) == (3, 1)
    assert (second.number, second.receipt) == (4, 2)
    assert till.close_shift().shift == 1
    assert till.open_shift().shift == 2
    assert till.sell().receipt == 1
    assert till.status().last_document == 7


def test_shift_parameters_tell_the_last_receipt_or_the_documents_of_the_closed_shift() -> None:
    till = Till()

    def parameters() -> ShiftParameters:
        return ShiftParameters.parse(till.do(FnCommand.SHIFT_PARAMETERS))

    till.register()
    assert parameters() == ShiftParameters(False, 0, 0)
    till.begin_open_shift()
    assert not till.status().shift_is_open
    till.do(FnCommand.OPEN_SHIFT)
    assert parameters() == ShiftParameters(True, 1, 0)
    till.sell()
    assert parameters() == ShiftParameters(True, 1, 1)
    till.begin_close_shift()
    assert till.status().shift_is_open
    till.do(FnCommand.CLOSE_SHIFT)
    assert parameters() == ShiftParameters(False, 1, 3)


def test_status_follows_the_begun_document() -> None:
    till = Till()
    assert till.status().last_document_at is None
    till.register()
    till.open_shift()
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    assert not till.status().has_data
    till.do(FnCommand.ADD_DATA, receipt_data())
    assert till.status().has_data
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())
    assert (till.status().has_data, till.status().last_document_at) == (False, START)


@pytest.mark.parametrize(
    ("data", "code", "tag"),
    [
        (b"\1", FnCode.BAD_FORMAT, None),
        (b"\x1f\x04\x02\x00\1", FnCode.BAD_FORMAT, None),
        (encode(T.SHIFT_NUMBER, 1), FnCode.TAG_NOT_ALLOWED, T.SHIFT_NUMBER),
        (encode(T.TOTAL, 1), FnCode.TAG_NOT_ALLOWED, T.TOTAL),
        (FFD + encode(T.USER_INN, INN), FnCode.TAG_NOT_ALLOWED, T.USER_INN),
        (CASHIER + CASHIER, FnCode.DUPLICATE_TAG, T.CASHIER),
        (tlv(T.TAX_SYSTEM, b"\1\1"), FnCode.BAD_REQUISITE, T.TAX_SYSTEM),
        (tlv(T.CASHIER, bytes(65)), FnCode.BAD_REQUISITE, T.CASHIER),
        (tlv(T.ITEM, b"\1"), FnCode.BAD_REQUISITE, T.ITEM),
        (tlv(T.ITEM, tlv(T.VAT_RATE, b"")), FnCode.BAD_REQUISITE, T.VAT_RATE),
        (tlv(T.ITEM, b"\xaf\x04\2\0\1"), FnCode.BAD_REQUISITE, T.ITEM),
    ],
)
def test_data_that_the_fn_refuses_is_named_by_its_tag(data: bytes, code: FnCode, tag: int | None) -> None:
    till = Till()
    till.register()
    till.open_shift()
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    assert till.refused(FnCommand.ADD_DATA, data) == code
    assert till.ask(FnCommand.ADD_DATA, data)[1] == (b"" if tag is None else tag.to_bytes(2, "little"))
    till.do(FnCommand.ADD_DATA, receipt_data())
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


def test_a_tag_may_not_come_again_in_a_later_block_unless_it_repeats() -> None:
    till = Till()
    till.register()
    till.open_shift()
    till.begin_receipt()
    assert till.refused(FnCommand.ADD_DATA, CASHIER) == FnCode.DUPLICATE_TAG
    till.do(FnCommand.ADD_DATA, encode(T.ITEM, [(T.ITEM_SUM, 1)]))


@pytest.mark.parametrize(
    ("stage", "limit"), [("registration", 2048), ("shift", 1024), ("receipt", 30_720), ("archive", 2048)]
)
def test_data_above_the_limit_of_the_document_is_10(stage: str, limit: int) -> None:
    till = Till()
    if stage == "registration":
        till.do(FnCommand.BEGIN_REGISTRATION, b"\0")
    else:
        till.register()
    if stage == "shift":
        till.do(FnCommand.BEGIN_OPEN_SHIFT, till.dated())
    elif stage == "receipt":
        till.open_shift()
        till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    elif stage == "archive":
        till.do(FnCommand.BEGIN_CLOSE_ARCHIVE)
    for number in range(limit // 512):
        till.do(FnCommand.ADD_DATA, tlv(60_000 + number, bytes(508)))
    assert till.refused(FnCommand.ADD_DATA, CASHIER) == FnCode.TLV_TOO_LARGE


def test_totals_of_the_shift_overflow_with_09() -> None:
    till = Till()
    till.register()
    till.open_shift()
    most = (1 << 40) - 1
    for _ in range(256):
        till.begin_receipt()
        till.do(FnCommand.COMMIT_RECEIPT, till.receipt(most))
    till.begin_receipt()
    assert till.refused(FnCommand.COMMIT_RECEIPT, till.receipt(most)) == FnCode.BAD_VALUE
    result = ReceiptResult.parse(till.do(FnCommand.COMMIT_RECEIPT, till.receipt(most, Operation.BUY_RETURN)))
    assert result.receipt == 257


def test_an_operation_that_does_not_exist_is_09() -> None:
    till = Till()
    till.register()
    till.open_shift()
    till.begin_receipt()
    data = bytearray(CommitReceipt(till.at, Operation.SELL, 1).build())
    data[5] = 5
    assert till.refused(FnCommand.COMMIT_RECEIPT, bytes(data)) == FnCode.BAD_VALUE


def test_documents_need_data_except_the_shift_close() -> None:
    till = Till()
    till.do(FnCommand.BEGIN_REGISTRATION, b"\0")
    assert till.refused(FnCommand.REGISTER, till.registration()) == FnCode.WRONG_STATE
    till.do(FnCommand.ADD_DATA, REGISTRATION_DATA)
    till.do(FnCommand.REGISTER, till.registration())
    till.do(FnCommand.BEGIN_OPEN_SHIFT, till.dated())
    assert till.refused(FnCommand.OPEN_SHIFT) == FnCode.WRONG_STATE
    till.do(FnCommand.ADD_DATA, SHIFT_DATA)
    till.do(FnCommand.OPEN_SHIFT)
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    assert till.refused(FnCommand.COMMIT_RECEIPT, till.receipt()) == FnCode.WRONG_STATE
    till.cancel()
    till.do(FnCommand.BEGIN_CLOSE_SHIFT, till.dated())
    till.do(FnCommand.CLOSE_SHIFT)
    till.do(FnCommand.BEGIN_CLOSE_ARCHIVE)
    assert till.refused(FnCommand.CLOSE_ARCHIVE, till.closing()) == FnCode.WRONG_STATE


def test_that_documents_need_data_is_a_setting() -> None:
    till = Till(data_required=False)
    till.do(FnCommand.BEGIN_REGISTRATION, b"\0")
    till.do(FnCommand.REGISTER, till.registration())
