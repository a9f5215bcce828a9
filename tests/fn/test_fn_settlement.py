"""The report on the state of settlements: when it is made, what it tells, what does not stop it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from fn_model import FnFault
from fn_model.composition import FORMED_TAGS
from protocol.ffd.documents import DocumentType, check
from protocol.ffd.requisites import Requisites
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, split, tlv
from protocol.fn.answers import SettlementResult, ShiftParameters
from protocol.fn.archive_answers import FoundDocument, SettlementDetails
from protocol.fn.commands import FnCode, FnCommand, Phase, WorkMode
from protocol.fn.frame import build_request
from tests.fn.fn_till import FFD, INN, NUMBER, REGISTRATION_DATA, START, Till
from tests.fn.test_fn_documents import read_back

MIDNIGHT = START.replace(hour=0, minute=0)


def registered(**settings: Any) -> Till:
    till = Till(**settings)
    till.register()
    return till


def in_shift() -> Till:
    till = registered()
    till.open_shift()
    return till


def closed() -> Till:
    till = registered()
    till.close_archive()
    return till


def details(till: Till, number: int) -> object:
    return FoundDocument.parse(till.do(FnCommand.FIND_DOCUMENT, number.to_bytes(4, "little"))).details


@pytest.mark.parametrize("make", [registered, in_shift, closed])
def test_the_report_tells_the_queue_with_the_shift_open_or_closed_and_after_the_closing(
    make: Callable[[], Till],
) -> None:
    till = make()
    waiting = till.fn.archive.unsent_count()
    till.wait(days=2)
    result = till.settle()
    assert result == SettlementResult(waiting + 1, result.sign, waiting, START.date())
    header, body = read_back(till, result.number)
    assert header.type == DocumentType.SETTLEMENT
    assert check(header.type, body) == []
    told = Requisites.parse(body)
    assert (told.number(T.UNSENT_DOCUMENTS), told.number(T.FIRST_UNSENT_NUMBER)) == (waiting, 1)
    assert told.time(T.FIRST_UNSENT_DATE) == MIDNIGHT
    assert (T.SHIFT_NUMBER in told) is (make is in_shift)
    assert details(till, result.number) == SettlementDetails(waiting, MIDNIGHT)


def test_with_nothing_to_send_the_report_says_so() -> None:
    till = registered()
    till.send_all()
    result = till.settle()
    assert (result.unsent_documents, result.first_unsent) == (0, None)
    header, body = read_back(till, result.number)
    assert check(header.type, body) == []
    told = Requisites.parse(body)
    assert T.UNSENT_DOCUMENTS in told
    assert T.FIRST_UNSENT_NUMBER not in told and T.FIRST_UNSENT_DATE not in told
    assert details(till, result.number) == SettlementDetails(0, None)


def test_an_autonomous_fn_reports_its_mode_instead() -> None:
    till = Till()
    data = REGISTRATION_DATA.replace(encode(1017, "7704358518"), encode(1017, "0" * 12))
    till.register(WorkMode.AUTONOMOUS, data=data)
    header, body = read_back(till, till.settle().number)
    assert check(header.type, body) == []
    told = Requisites.parse(body)
    assert told.number(T.AUTONOMOUS_MODE) == 1
    assert T.UNSENT_DOCUMENTS not in told


def test_the_fn_forms_everything_but_the_version_of_the_format() -> None:
    till = in_shift()
    formed = {tag for tag, _ in split(read_back(till, till.settle().number)[1])} - {T.FFD_VERSION}
    assert formed == FORMED_TAGS[DocumentType.SETTLEMENT] - {T.AUTONOMOUS_MODE}


@pytest.mark.parametrize("tag", [T.UNSENT_DOCUMENTS, T.FIRST_UNSENT_NUMBER, T.AUTONOMOUS_MODE, T.SHIFT_NUMBER])
def test_what_the_fn_forms_the_till_may_not_bring(tag: int) -> None:
    till = registered()
    till.do(FnCommand.BEGIN_SETTLEMENT, till.dated())
    assert till.refused(FnCommand.ADD_DATA, encode(tag, 1)) == FnCode.TAG_NOT_ALLOWED


def test_more_data_than_the_report_takes_is_10() -> None:
    till = registered()
    till.do(FnCommand.BEGIN_SETTLEMENT, till.dated())
    till.do(FnCommand.ADD_DATA, tlv(60_000, bytes(1020)))
    assert till.refused(FnCommand.ADD_DATA, FFD) == FnCode.TLV_TOO_LARGE


def test_it_needs_no_data_of_the_till() -> None:
    till = registered()
    till.do(FnCommand.BEGIN_SETTLEMENT, till.dated())
    till.do(FnCommand.COMMIT_SETTLEMENT)


def test_in_a_shift_it_is_a_document_of_the_shift_and_no_receipt() -> None:
    till = in_shift()
    till.sell()
    till.settle()
    assert till.sell().receipt == 2
    closing = Requisites.parse(read_back(till, till.close_shift().number)[1])
    assert (closing.number(T.SHIFT_DOCUMENTS), closing.number(T.SHIFT_RECEIPTS)) == (5, 2)
    till.settle()
    parameters = ShiftParameters.parse(till.do(FnCommand.SHIFT_PARAMETERS))
    assert parameters == ShiftParameters(False, 1, 5)


def test_that_an_open_shift_does_not_hinder_it_is_a_setting() -> None:
    till = registered(settlement_in_open_shift=False)
    till.settle()
    till.open_shift()
    assert till.refused(FnCommand.BEGIN_SETTLEMENT, till.dated()) == FnCode.WRONG_STATE


def test_thirty_days_without_the_ofd_do_not_stop_it() -> None:
    till = registered()
    till.wait(days=40)
    till.begin_open_shift()
    assert till.refused(FnCommand.OPEN_SHIFT) == FnCode.STORAGE_EXHAUSTED
    till.cancel()
    assert till.settle().unsent_documents == 1


def test_the_end_of_the_term_stops_it_unless_a_setting_lets_it_pass() -> None:
    till = registered()
    till.wait(days=471)
    till.do(FnCommand.BEGIN_SETTLEMENT, till.dated())
    assert till.refused(FnCommand.COMMIT_SETTLEMENT) == FnCode.RESOURCE_EXHAUSTED
    till = registered(expiry_blocks_settlement=False)
    till.wait(days=471)
    till.settle()


def test_a_date_behind_the_last_document_is_07() -> None:
    till = registered()
    till.set_clock(START - timedelta(minutes=1))
    assert till.refused(FnCommand.BEGIN_SETTLEMENT, till.dated()) == FnCode.BAD_DATE


def test_before_the_registration_there_is_nothing_to_report() -> None:
    till = Till()
    assert till.refused(FnCommand.BEGIN_SETTLEMENT, till.dated()) == FnCode.WRONG_STATE
    assert till.refused(FnCommand.COMMIT_SETTLEMENT) == FnCode.WRONG_STATE


def test_after_the_closing_it_goes_to_the_ofd_with_the_rest_and_then_no_more() -> None:
    till = closed()
    till.settle()
    till.send_one()
    till.send_one()
    assert till.status().phase is Phase.POST_FISCAL
    till.send_one()
    assert till.status().phase is Phase.ARCHIVE_READ
    assert till.refused(FnCommand.BEGIN_SETTLEMENT, till.dated()) == FnCode.BAD_FORMAT


def test_an_fn_that_hangs_on_signing_hangs_on_it() -> None:
    till = registered()
    till.do(FnCommand.BEGIN_SETTLEMENT, till.dated())
    till.fn.faults.add(FnFault.SILENT_ON_SIGNING)
    assert till.port.exchange(build_request(FnCommand.COMMIT_SETTLEMENT), till.world) is None


def test_its_head_is_that_of_every_document() -> None:
    till = registered()
    told = Requisites.parse(read_back(till, till.settle().number)[1])
    assert (told.text(T.FN_NUMBER), told.text(T.USER_INN), told.time(T.DATE_TIME)) == (NUMBER, INN, START)
