"""Data of requests and answers: both roles, published vector, wrong lengths."""

from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest

from protocol.fn import answers, archive_answers, requests
from protocol.fn.commands import (
    CurrentDocument,
    ExchangeFlag,
    ExtendedMode,
    FnWarning,
    Operation,
    Phase,
    RegistrationType,
    WorkMode,
)

AT = datetime(2024, 1, 15, 9, 30)
NUMBER = "0000000005008570"
REGISTRATION = archive_answers.RegistrationDetails("7702203276", NUMBER, 33, WorkMode.SERVICES, 4)
FULL_DETAILS = archive_answers.FullRegistrationDetails(
    "7702203276", NUMBER, 3, WorkMode.SERVICES, ExtendedMode.MARKED_GOODS, "7704358518", 1 << 21
)

FULL = requests.FullRegistration(
    AT, "7702203276", NUMBER, 3, WorkMode.WHOLESALE, ExtendedMode.EXCISE | ExtendedMode.MARKED_GOODS, "7704358518"
)

VALUES: list[tuple[Any, int]] = [
    (
        answers.FnStatus(Phase.READY, CurrentDocument.NONE, False, False, FnWarning.NONE, None, "9999078900000001", 0),
        30,
    ),
    (answers.ShiftParameters(True, 7, 12), 5),
    (answers.DocumentResult(5, 0xFFFFFFFF), 8),
    (answers.ShiftResult(7, 5, 1), 10),
    (answers.ReceiptResult(1, 5, 1), 10),
    (answers.SettlementResult(5, 1, 2, date(2024, 1, 15)), 15),
    (answers.SettlementResult(5, 1, 0, None), 15),
    (answers.ExchangeStatus(ExchangeFlag.TRANSPORT | ExchangeFlag.MESSAGE_TO_SEND, True, 3, 5, AT), 13),
    (answers.ExchangeStatus(ExchangeFlag.NONE, False, 0, 0, None), 13),
    (answers.ConfirmationResult(14, b"\1\0\0\0"), 5),
    (answers.Term(date(2025, 4, 30), 11, 1), 5),
    (answers.Term(None, 12, 0), 5),
    (answers.Version("fn v 1.1 mgm", False), 17),
    (answers.FfdVersions(2, 3), 2),
    (answers.RoomLeft(249_999, 1024), 8),
    (answers.DataReceived(512, 0), 8),
    (archive_answers.FoundDocument(11, True, AT, 5, 1, REGISTRATION), 50),
    (archive_answers.FoundDocument(2, False, AT, 5, 1, archive_answers.ShiftDetails(7)), 17),
    (archive_answers.FoundDocument(3, False, AT, 5, 1, archive_answers.ReceiptDetails(Operation.BUY, 1 << 39)), 21),
    (archive_answers.FoundDocument(6, True, AT, 5, 1, archive_answers.CloseArchiveDetails("7702203276", NUMBER)), 47),
    (archive_answers.FoundDocument(21, True, AT, 5, 1, archive_answers.SettlementDetails(2, AT)), 24),
    (archive_answers.FoundDocument(21, True, AT, 5, 1, archive_answers.SettlementDetails(2, None, False)), 22),
    (archive_answers.StoredConfirmation(AT, bytes(range(18)), 5), 27),
    (archive_answers.FoundDocument(11, True, AT, 5, 1, FULL_DETAILS, 0x40), 66),
    (archive_answers.FoundWithFormat(4, archive_answers.FoundDocument(1, True, AT, 5, 1, FULL_DETAILS, 0x40)), 67),
    (archive_answers.RegistrationResult(AT, replace(REGISTRATION, reason=None), 1, 2), 47),
    (archive_answers.RegistrationResult(AT, REGISTRATION, 1, 2), 48),
    (archive_answers.RegistrationResult(AT, replace(FULL_DETAILS, reason=None), 1, 2), 60),
    (archive_answers.RegistrationResult(AT, FULL_DETAILS, 1, 2), 64),
    (archive_answers.DocumentHeader(3, 390), 4),
    (requests.BeginRegistration(RegistrationType.RE_REGISTRATION), 1),
    (requests.Registration(AT, "7702203276", NUMBER, 1, WorkMode.AUTONOMOUS), 39),
    (requests.Registration(AT, "7702203276", NUMBER, 1, WorkMode.AUTONOMOUS, 4), 40),
    (requests.BeginFullRegistration(RegistrationType.FN_REPLACEMENT, 4), 2),
    (FULL, 52),
    (replace(FULL, reasons=1 << 21), 56),
    (requests.CloseArchive(AT, NUMBER), 25),
    (requests.CommitReceipt(AT, Operation.SELL, 12_345), 11),
    (requests.ReadMessage(1024, 100), 4),
    (requests.RegistrationRequisite(1048), 2),
    (requests.RegistrationRequisite(requests.EVERY_TAG, 2), 3),
]


@pytest.mark.parametrize(("value", "size"), VALUES, ids=lambda value: type(value).__name__)
def test_a_value_is_built_to_its_documented_size_and_read_back(value: Any, size: int) -> None:
    data = value.build()
    assert len(data) == size
    assert type(value).parse(data) == value


@pytest.mark.parametrize("value", [value for value, _ in VALUES], ids=lambda value: type(value).__name__)
def test_a_value_cut_short_raises_value_error(value: Any) -> None:
    for size in range(len(value.build())):
        data = value.build()[:size]
        try:
            again = type(value).parse(data)
        except ValueError:
            continue
        meant = (data, data + archive_answers.TIME_OF_DATE)
        assert again.build() in meant or not data, "what is accepted must mean something"


def test_every_declared_layout_is_tried_here() -> None:
    declared = {
        thing
        for module in (answers, archive_answers, requests)
        for thing in vars(module).values()
        if is_dataclass(thing) and thing.__module__ == module.__name__ and fields(thing)
    }
    parts = {type(value.details) for value, _ in VALUES if isinstance(value, archive_answers.FoundDocument)}
    assert {type(value) for value, _ in VALUES} | parts == declared


def test_the_published_status_is_read() -> None:
    data = bytes.fromhex("03 00 00 01 08 18 01 0F 09 1E 39 39 39 39 30 37 38 39 30 30 30 30 30 30 30 31 05 00 00 00")
    expected = answers.FnStatus(
        Phase.FISCAL, CurrentDocument.NONE, False, True, FnWarning.OFD_TIMEOUT, AT, "9999078900000001", 5
    )
    assert answers.FnStatus.parse(data) == expected
    assert expected.build() == data


def test_the_queue_and_words_stop_at_what_two_bytes_tell() -> None:
    assert (
        answers.ExchangeStatus.parse(
            answers.ExchangeStatus(ExchangeFlag.NONE, False, 250_000, 1, AT).build()
        ).unsent_documents
        == 0xFFFF
    )
    assert answers.parse_word(answers.build_word(250_000)) == 0xFFFF
