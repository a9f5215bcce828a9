"""Correction receipts: begun by 17h, formed by 16h, numbered with the receipts of the shift."""

from datetime import timedelta

import pytest

from fn_model.composition import FORMED_TAGS
from fn_model.sign import SIGNED_TAGS
from protocol.ffd.documents import DocumentType, check
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, split
from protocol.fn.archive_answers import FoundDocument, ReceiptDetails
from protocol.fn.commands import CurrentDocument, FnCode, FnCommand, Operation, WorkMode
from protocol.fn.requests import CommitReceipt
from tests.fn.fn_till import Till, correction_data, receipt_data
from tests.fn.test_fn_documents import read_back


def in_shift(mode: WorkMode = WorkMode.NONE) -> Till:
    till = Till()
    till.register(mode)
    till.open_shift()
    return till


def found(till: Till, number: int) -> FoundDocument:
    return FoundDocument.parse(till.do(FnCommand.FIND_DOCUMENT, number.to_bytes(4, "little")))


@pytest.mark.parametrize("operation", [Operation.SELL, Operation.BUY])
def test_a_correction_reads_back_as_the_composition_table_wants_it(operation: Operation) -> None:
    till = in_shift()
    result = till.correct(7_050, operation)
    header, body = read_back(till, result.number)
    assert (header.type, header.length) == (DocumentType.CORRECTION, len(body))
    assert check(header.type, body) == []
    told = Requisites.parse(body)
    assert (told.number(T.OPERATION), told.number(T.TOTAL)) == (operation, 7_050)
    assert T.ITEM not in told
    assert found(till, result.number).details == ReceiptDetails(operation, 7_050)


def test_the_fn_forms_of_a_correction_what_it_forms_of_a_receipt() -> None:
    till = in_shift()
    _, body = read_back(till, till.correct().number)
    formed = {tag for tag, _ in split(body)} - {tag for tag, _ in split(correction_data())}
    assert formed == FORMED_TAGS[DocumentType.CORRECTION] == FORMED_TAGS[DocumentType.RECEIPT]
    assert set(SIGNED_TAGS[DocumentType.CORRECTION]) <= formed


def test_receipts_and_corrections_of_a_shift_are_numbered_together() -> None:
    till = in_shift()
    assert [till.sell().receipt, till.correct().receipt, till.sell().receipt] == [1, 2, 3]
    closing = Requisites.parse(read_back(till, till.close_shift().number)[1])
    assert (closing.number(T.SHIFT_RECEIPTS), closing.number(T.SHIFT_DOCUMENTS)) == (3, 5)


def test_an_fn_for_strict_forms_corrects_those() -> None:
    till = in_shift(WorkMode.STRICT_FORM)
    till.begin_correction()
    assert till.status().document is CurrentDocument.STRICT_FORM_CORRECTION
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())
    header, body = read_back(till, 3)
    assert header.type == DocumentType.STRICT_FORM_CORRECTION
    assert check(header.type, body) == []


def test_the_status_tells_a_correction_apart_from_a_receipt() -> None:
    till = in_shift()
    till.begin_correction()
    assert till.status().document is CurrentDocument.CORRECTION
    till.cancel()
    till.begin_receipt()
    assert till.status().document is CurrentDocument.RECEIPT


@pytest.mark.parametrize("operation", [Operation.SELL_RETURN, Operation.BUY_RETURN])
def test_under_ffd_1_05_returns_are_not_corrected(operation: Operation) -> None:
    till = in_shift()
    till.begin_correction()
    data = CommitReceipt(till.at, operation, 10_000).build()
    assert till.refused(FnCommand.COMMIT_RECEIPT, data) == FnCode.BAD_VALUE
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


def test_a_correction_needs_data_and_a_registered_tax_system() -> None:
    till = in_shift()
    till.do(FnCommand.BEGIN_CORRECTION, till.dated())
    assert till.refused(FnCommand.COMMIT_RECEIPT, till.receipt()) == FnCode.WRONG_STATE
    assert till.refused(FnCommand.ADD_DATA, correction_data(tax_system=2)) == FnCode.CONTRADICTS_REGISTRATION
    till.do(FnCommand.ADD_DATA, correction_data())
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


def test_a_base_of_the_correction_that_is_no_structure_is_18() -> None:
    till = in_shift()
    till.do(FnCommand.BEGIN_CORRECTION, till.dated())
    assert till.refused(FnCommand.ADD_DATA, encode(T.CORRECTION_BASE, b"\1")) == FnCode.BAD_REQUISITE


def test_a_correction_is_stopped_by_what_stops_a_receipt() -> None:
    till = in_shift()
    till.wait(hours=24, minutes=1)
    assert till.refused(FnCommand.BEGIN_CORRECTION, till.dated()) == FnCode.SHIFT_TOO_LONG
    till = in_shift()
    till.set_clock(till.at + timedelta(minutes=6))
    assert till.refused(FnCommand.BEGIN_CORRECTION, till.dated()) == FnCode.BAD_TIME_STEP
    till = in_shift()
    till.set_clock(till.at - timedelta(minutes=1))
    assert till.refused(FnCommand.BEGIN_CORRECTION, till.dated()) == FnCode.BAD_DATE


def test_receipt_and_correction_exclude_each_other() -> None:
    till = in_shift()
    till.begin_correction()
    assert till.refused(FnCommand.BEGIN_RECEIPT, till.dated()) == FnCode.WRONG_STATE
    till.cancel()
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    assert till.refused(FnCommand.BEGIN_CORRECTION, till.dated()) == FnCode.WRONG_STATE
    till.do(FnCommand.ADD_DATA, receipt_data())
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())
