"""What is read out of the archive: 40h-47h, 3Dh, and what is kept for how long."""

from dataclasses import replace

import pytest

from fn_model import load_model
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, split
from protocol.fn.answers import FfdVersions, RoomLeft, Version, parse_word
from protocol.fn.archive_answers import (
    CloseArchiveDetails,
    FoundDocument,
    ReceiptDetails,
    RegistrationDetails,
    RegistrationResult,
    ShiftDetails,
)
from protocol.fn.commands import FnCode, FnCommand, FnWarning, Operation, WorkMode
from protocol.fn.layouts import unpack_text
from protocol.fn.requests import EVERY_TAG, RegistrationRequisite
from tests.fn.fn_till import INN, REGISTRATION_DATA, REGISTRATION_NUMBER, START, Till


def number(value: int) -> bytes:
    return value.to_bytes(4, "little")


def find(till: Till, which: int) -> FoundDocument:
    return FoundDocument.parse(till.do(FnCommand.FIND_DOCUMENT, number(which)))


def test_every_kind_of_document_is_found_in_its_short_form() -> None:
    till = Till()
    till.register(tax_systems=3)
    till.open_shift()
    sold = till.sell(12_345)
    till.close_shift()
    till.re_register(WorkMode.SERVICES)
    till.close_archive()
    till.send_one()
    registered = RegistrationDetails(INN, REGISTRATION_NUMBER, 3, WorkMode.NONE)
    again = RegistrationDetails(INN, REGISTRATION_NUMBER, 1, WorkMode.SERVICES, 4)
    closed = CloseArchiveDetails(INN, REGISTRATION_NUMBER)
    details = [registered, ShiftDetails(1), ReceiptDetails(Operation.SELL, 12_345), ShiftDetails(1), again, closed]
    for which, expected in enumerate(details, 1):
        document = find(till, which)
        assert (document.number, document.at, document.details) == (which, START, expected)
        assert document.is_confirmed is (which == 1)
    assert [find(till, which).type for which in range(1, 7)] == [1, 2, 3, 5, 11, 6]
    assert find(till, 3).sign == sold.sign


def test_documents_that_are_not_there_are_08() -> None:
    till = Till()
    for command in (FnCommand.FIND_DOCUMENT, FnCommand.FIND_CONFIRMATION, FnCommand.BEGIN_DOCUMENT_TLV):
        assert till.refused(command, number(1)) == FnCode.NO_DATA
    till.register()
    for which in (0, 2, 0xFFFFFFFF):
        assert till.refused(FnCommand.FIND_DOCUMENT, number(which)) == FnCode.NO_DATA


def test_listings_need_their_beginning_and_tell_their_end() -> None:
    till = Till()
    till.register()
    assert till.refused(FnCommand.NEXT_DOCUMENT_TLV) == FnCode.WRONG_STATE
    assert till.refused(FnCommand.NEXT_REGISTRATION_TLV) == FnCode.WRONG_STATE
    till.do(FnCommand.REGISTRATION_REQUISITE, RegistrationRequisite(EVERY_TAG).build())
    till.do(FnCommand.BEGIN_DOCUMENT_TLV, number(1))
    document = till.fn.archive.get(1)
    assert document is not None
    for _ in split(document.body):
        assert till.do(FnCommand.NEXT_DOCUMENT_TLV) == till.do(FnCommand.NEXT_REGISTRATION_TLV)
    assert till.refused(FnCommand.NEXT_DOCUMENT_TLV) == FnCode.NO_DATA
    assert till.refused(FnCommand.NEXT_REGISTRATION_TLV) == FnCode.NO_DATA


def test_requisites_of_every_registration_can_be_asked_for() -> None:
    till = Till()
    till.register()
    till.do(FnCommand.BEGIN_REGISTRATION, b"\2")
    till.do(FnCommand.ADD_DATA, REGISTRATION_DATA.replace(b"\x90", b"\x91"))
    till.do(FnCommand.REGISTER, till.registration(reason=3))
    name = encode(T.USER_NAME, 'ООО "Ромашка"')

    def ask(tag: int, report: int | None = None) -> bytes:
        return till.do(FnCommand.REGISTRATION_REQUISITE, RegistrationRequisite(tag, report).build())

    assert ask(T.USER_NAME, 1) == name
    assert ask(T.USER_NAME) == ask(T.USER_NAME, 0) == ask(T.USER_NAME, 2) == name.replace(b"\x90", b"\x91")
    assert ask(T.TAX_SYSTEMS) == encode(T.TAX_SYSTEMS, 1)
    for request in (RegistrationRequisite(T.AGENT), RegistrationRequisite(T.USER_NAME, 3)):
        assert till.refused(FnCommand.REGISTRATION_REQUISITE, request.build()) == FnCode.NO_DATA


def test_registration_results_are_told_without_and_with_the_number_of_the_report() -> None:
    till = Till()
    assert till.refused(FnCommand.REGISTRATION_RESULT) == FnCode.WRONG_STATE
    till.register(WorkMode.INTERNET, tax_systems=5)
    sign = find(till, 1).sign
    told = RegistrationDetails(INN, REGISTRATION_NUMBER, 5, WorkMode.INTERNET)
    result = RegistrationResult(START, told, 1, sign)
    assert RegistrationResult.parse(till.do(FnCommand.REGISTRATION_RESULT)) == result
    assert RegistrationResult.parse(till.do(FnCommand.REGISTRATION_RESULT, b"\1")) == replace(
        result, details=replace(told, reason=0)
    )
    till.re_register()
    again = RegistrationResult.parse(till.do(FnCommand.REGISTRATION_RESULT, b"\2"))
    assert (again.number, again.details.reason) == (2, 4)
    assert till.refused(FnCommand.REGISTRATION_RESULT, b"\3") == FnCode.NO_DATA


def test_the_report_of_a_replacement_tells_the_reason_that_the_fn_gave_it() -> None:
    till = Till()
    till.do(FnCommand.BEGIN_REGISTRATION, b"\1")
    till.do(FnCommand.ADD_DATA, REGISTRATION_DATA)
    till.do(FnCommand.REGISTER, till.registration())
    assert RegistrationResult.parse(till.do(FnCommand.REGISTRATION_RESULT, b"\1")).details.reason == 1
    assert find(till, 1).details == RegistrationDetails(INN, REGISTRATION_NUMBER, 1, WorkMode.NONE, 1)


def test_shifts_are_refused_when_their_numbers_run_out() -> None:
    till = Till()
    till.register()
    state = till.fn.state.copy()
    state.shift = state.shift._replace(number=0xFFFF)
    till.fn.commit(state)
    till.begin_open_shift()
    assert till.refused(FnCommand.OPEN_SHIFT) == FnCode.STORAGE_EXHAUSTED


def test_a_whole_document_is_kept_30_days_and_until_it_is_confirmed() -> None:
    till = Till()
    till.register()
    till.open_shift()
    till.close_shift()
    till.send_all()
    till.wait(days=30)
    till.begin_open_shift()
    till.do(FnCommand.BEGIN_DOCUMENT_TLV, number(2))
    till.cancel()
    till.wait(days=1)
    till.open_shift()
    assert till.refused(FnCommand.BEGIN_DOCUMENT_TLV, number(2)) == FnCode.NO_DATA
    assert find(till, 2).details == ShiftDetails(1)
    till.do(FnCommand.BEGIN_DOCUMENT_TLV, number(1))
    till.wait(days=29)
    till.close_shift()
    till.wait(days=2)
    till.do(FnCommand.BEGIN_OPEN_SHIFT, till.dated())
    till.do(FnCommand.BEGIN_DOCUMENT_TLV, number(4))


def test_the_archive_of_a_closed_fn_is_read() -> None:
    till = Till()
    till.register()
    till.close_archive()
    till.send_all()
    assert find(till, 2).is_confirmed
    till.do(FnCommand.BEGIN_DOCUMENT_TLV, number(2))
    till.do(FnCommand.NEXT_DOCUMENT_TLV)
    assert parse_word(till.do(FnCommand.UNSENT_COUNT)) == 0


@pytest.mark.parametrize(
    ("left", "warnings", "code"),
    [(3, FnWarning.NONE, FnCode.OK), (0, FnWarning.ARCHIVE_NEARLY_FULL, FnCode.STORAGE_EXHAUSTED)],
)
def test_a_full_archive_refuses_openings_and_receipts_but_not_the_closing(
    left: int, warnings: FnWarning, code: FnCode
) -> None:
    till = Till(replace(load_model(), archive_documents=3 + left))
    till.register()
    till.open_shift()
    till.sell()
    till.begin_receipt()
    assert till.status().warnings == warnings
    assert till.ask(FnCommand.COMMIT_RECEIPT, till.receipt())[0] == code
    till.cancel()
    till.close_shift()
    till.close_archive()


def test_a_storage_full_of_unsent_documents_is_14_without_flags_until_they_are_sent() -> None:
    def sold_one(till: Till) -> Till:
        till.register()
        till.open_shift()
        till.sell()
        return till

    room = sold_one(Till()).fn.state.unsent_bytes
    till = sold_one(Till(replace(load_model(), storage_bytes=room)))
    till.begin_receipt()
    assert till.refused(FnCommand.COMMIT_RECEIPT, till.receipt()) == FnCode.STORAGE_EXHAUSTED
    assert till.status().warnings == FnWarning.NONE
    assert RoomLeft.parse(till.do(FnCommand.ROOM_LEFT)).kibibytes == 0
    till.send_all()
    till.do(FnCommand.COMMIT_RECEIPT, till.receipt())


def test_room_left_counts_documents_and_what_waits() -> None:
    till = Till()
    model = load_model()
    assert RoomLeft.parse(till.do(FnCommand.ROOM_LEFT)) == RoomLeft(
        model.archive_documents, model.storage_bytes // 1024
    )
    till.register()
    room = RoomLeft.parse(till.do(FnCommand.ROOM_LEFT))
    assert (room.documents, room.kibibytes) == (model.archive_documents - 1, model.storage_bytes // 1024 - 1)
    till.send_all()
    assert RoomLeft.parse(till.do(FnCommand.ROOM_LEFT)).kibibytes == model.storage_bytes // 1024


def test_the_fn_tells_who_it_is() -> None:
    till = Till()
    model = load_model()
    assert till.do(FnCommand.NUMBER) == b"9999078900000001"
    assert Version.parse(till.do(FnCommand.VERSION)) == Version(model.version, is_serial=False)
    assert unpack_text(till.do(FnCommand.EXECUTION)) == model.execution
    assert model.execution.encode() in till.do(FnCommand.DIAGNOSTICS)
    assert FfdVersions.parse(till.do(FnCommand.FFD_VERSIONS)) == FfdVersions(0, 3)
    till.register()
    assert FfdVersions.parse(till.do(FnCommand.FFD_VERSIONS)) == FfdVersions(2, 3)
