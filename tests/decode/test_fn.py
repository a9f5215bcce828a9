"""What goes between till and FN in words: bare frames, commands inside A4h, both ways."""

from datetime import date, datetime

import pytest

from kktsim.decode import Link, Piece, Side, app, fn
from kktsim.decode.values import russian_names
from protocol.fn import answers, archive_answers, frame, reading, requests, totals_answers
from protocol.fn.commands import (
    CurrentDocument,
    ExchangeFlag,
    FnCommand,
    FnWarning,
    Operation,
    Phase,
    RegistrationType,
    WorkMode,
    pack_date_time,
)
from protocol.fn.errors import fn_errors
from protocol.fn.russian import RUSSIAN
from protocol.fn.totals_answers import Amount, ByOperation, OperationTotals
from tests.fn.fn_till import NUMBER, Till, make_confirmation

from .told import dialogue, of, one, text, troubles, values

AT = datetime(2026, 3, 2, 12, 30)
PAID, SUM = OperationTotals(1, 20_000, 20_000), Amount(1, 100)
BY = {"inn": "7702203276", "registration_number": "0000000005008570", "tax_systems": 2, "work_mode": WorkMode.NONE}

REQUESTS: dict[int, tuple[bytes, dict[str, str]]] = {
    FnCommand.BEGIN_REGISTRATION: (
        requests.BeginRegistration(RegistrationType.FN_REPLACEMENT).build(),
        {"type": "1 FN_REPLACEMENT"},
    ),
    FnCommand.REGISTER: (
        requests.Registration(at=AT, reason=4, **BY).build(),  # type: ignore[arg-type]
        {"at": "02.03.2026 12:30", "inn": "«7702203276»", "reason": "4"},
    ),
    FnCommand.CLOSE_ARCHIVE: (
        requests.CloseArchive(AT, "0000000005008570").build(),
        {"registration_number": "«0000000005008570»"},
    ),
    FnCommand.ADD_DATA: (bytes.fromhex("F0 03 03 00 41 42 43"), {"buyerPhoneOrAddress": "«ABC»"}),
    FnCommand.BEGIN_OPEN_SHIFT: (pack_date_time(AT), {"at": "02.03.2026 12:30"}),
    FnCommand.COMMIT_RECEIPT: (
        requests.CommitReceipt(AT, Operation.SELL, 12345).build(),
        {"operation": "1 SELL", "total_kopecks": "123.45 руб."},
    ),
    FnCommand.SET_TRANSPORT: (b"\x01", {"transport": "1"}),
    FnCommand.READ_MESSAGE: (requests.ReadMessage(16, 256).build(), {"offset": "16", "size": "256"}),
    FnCommand.FIND_DOCUMENT: (b"\x05\0\0\0", {"number": "5"}),
    FnCommand.REGISTRATION_REQUISITE: (requests.RegistrationRequisite(1018, 1).build(), {"tag": "1018", "report": "1"}),
    FnCommand.REGISTRATION_RESULT: (b"", {}),
    FnCommand.SETTLEMENT_TOTALS: (
        totals_answers.SettlementTotalsRequest(totals_answers.TotalsKind.FN, Operation.BUY).build(),
        {"kind": "1 FN", "operation": "3 BUY"},
    ),
}
ANSWERS: dict[int, tuple[bytes, dict[str, str]]] = {
    FnCommand.STATUS: (
        answers.FnStatus(
            Phase.FISCAL, CurrentDocument.RECEIPT, True, True, FnWarning.OFD_TIMEOUT, AT, "9999078900000001", 7
        ).build(),
        {"phase": "3 FISCAL", "document": "4 RECEIPT", "warnings": "08h OFD_TIMEOUT", "last_document": "7"},
    ),
    FnCommand.SHIFT_PARAMETERS: (answers.ShiftParameters(True, 3, 9).build(), {"is_open": "да / yes", "shift": "3"}),
    FnCommand.OPEN_SHIFT: (answers.ShiftResult(3, 9, 77).build(), {"shift": "3", "number": "9", "sign": "77"}),
    FnCommand.COMMIT_RECEIPT: (answers.ReceiptResult(4, 10, 78).build(), {"receipt": "4", "number": "10"}),
    FnCommand.COMMIT_SETTLEMENT: (
        answers.SettlementResult(5, 6, 2, date(2026, 3, 1)).build(),
        {"unsent_documents": "2", "first_unsent": "01.03.2026"},
    ),
    FnCommand.EXCHANGE_STATUS: (
        answers.ExchangeStatus(ExchangeFlag.MESSAGE_TO_SEND, False, 1, 5, None).build(),
        {"flags": "02h MESSAGE_TO_SEND", "at": "нет / none"},
    ),
    FnCommand.NUMBER: (b"9999078900000001", {"fn_number": "«9999078900000001»"}),
    FnCommand.TERM: (answers.Term(date(2027, 6, 15), 11, 1).build(), {"expires_on": "15.06.2027"}),
    FnCommand.UNSENT_COUNT: (b"\x05\0", {"unsent_documents": "5"}),
    FnCommand.TOTALS: (
        totals_answers.FnTotals(3, 4, ByOperation(*[PAID] * 4), 1, ByOperation(*[SUM] * 4)).build(),
        {"receipts_in_all": "4", "cash_sum_kopecks": "200.00 руб.", "sum_kopecks": "1.00 руб."},
    ),
    FnCommand.OPERATION_TOTALS: (
        totals_answers.ReceiptCounts(3, 4, ByOperation(0, 0, 0, 3), 1, ByOperation(0, 0, 0, 1)).build(),
        {"corrections": "1", "buy_return": "1"},
    ),
    FnCommand.SETTLEMENT_TOTALS: (
        totals_answers.SettlementTotals(3, 4, PAID, 1).build(),
        {"total_kopecks": "200.00 руб.", "vat_none_kopecks": "0.00 руб."},
    ),
    FnCommand.UNSENT_TOTALS: (
        totals_answers.UnsentTotals(2, ByOperation(*[SUM] * 4)).build(),
        {"receipts_in_all": "2", "sum_kopecks": "1.00 руб."},
    ),
    FnCommand.FIND_DOCUMENT: (
        archive_answers.FoundDocument(
            3, True, AT, 10, 78, archive_answers.ReceiptDetails(Operation.SELL, 12345)
        ).build(),
        {"is_confirmed": "да / yes", "total_kopecks": "123.45 руб."},
    ),
    FnCommand.NEXT_DOCUMENT_TLV: (bytes.fromhex("FC 03 02 00 39 30"), {"totalSum": "123.45 руб."}),
    FnCommand.PUT_CONFIRMATION: (b"\0", {"ofd_code": "0", "message": "(пусто / empty)"}),
}


def pass_through(request: bytes, reply: bytes) -> tuple[Piece, Piece]:
    """A4h, asked and answered."""
    message = b"\0\0\xa4" + request
    return app.request(message), app.answer(b"\x55\0" + reply, message)


def test_every_command_of_the_fn_has_a_russian_name() -> None:
    assert set(FnCommand) == RUSSIAN.keys()


def test_every_field_of_the_fn_has_a_russian_name() -> None:
    named: set[str] = set()
    for layouts in (reading._REQUESTS, reading._ANSWERS):
        for reader in layouts.values():
            declared = getattr(reader, "__self__", None)
            named |= set(getattr(declared, "__dataclass_fields__", {}))
            if isinstance(reader, reading._Number):
                named.add(reader.name)
    assert sorted(named - russian_names().keys()) == []


@pytest.mark.parametrize("command", REQUESTS, ids=lambda command: f"{command:02X}")
def test_a_request_is_told_bare_and_inside_a4(command: int) -> None:
    data, told = REQUESTS[command]
    bare = one(frame.build_request(command, data).hex(), Link.FN, Side.HOST)
    inside, _ = pass_through(bytes((command,)) + data, b"")
    for piece in (bare, inside):
        assert piece.is_sound
        assert values(piece).items() >= told.items()
        assert RUSSIAN[command] in text(piece)


@pytest.mark.parametrize("command", ANSWERS, ids=lambda command: f"{command:02X}")
def test_an_answer_is_told_bare_and_inside_a4(command: int) -> None:
    data, told = ANSWERS[command]
    _, bare = dialogue(frame.build_request(command).hex(), frame.build_answer(0, data).hex(), link=Link.FN)
    _, inside = pass_through(bytes((command,)), data)
    for piece in (bare, inside):
        assert troubles(piece) == []
        assert values(piece).items() >= told.items()


def test_a_refusal_is_told_in_the_words_of_the_catalogue() -> None:
    _, answer = dialogue(frame.build_request(0x45, bytes(4)).hex(), frame.build_answer(0x88).hex(), link=Link.FN)
    assert values(answer)["code"] == f"08h {fn_errors()[8].name_ru}, есть предупреждение / a warning is set"


def test_enq_is_the_till_that_asks_again() -> None:
    asked, again, answer = dialogue(
        frame.build_request(0x30).hex(), "", "05", frame.build_answer(0, ANSWERS[0x30][0]).hex(), link=Link.FN
    )
    assert (asked.side, again.side, answer.side) == (Side.HOST, Side.HOST, Side.TILL)
    assert "ENQ" in again.title


GOOD = frame.build_request(0x30)
BROKEN = {
    b"\x05\x30": "byte 0: a frame of the FN begins with 04, not 05",
    GOOD[:4]: "byte 4: the frame ends here, the shortest has 6 bytes",
    b"\x04\0\0\x30\0\0": "byte 1: the length is 0, and counts the command too",
    b"\x04\x09\0\x30\0\0": "byte 1: the length 9 makes a frame of 14 bytes, there are 6",
    GOOD[:4] + b"\0\0": f"byte 4: the check sum is 00 00, it should be {GOOD[4:].hex(' ').upper()}",
    frame.build_request(0x16, bytes(3)): "byte 4: 3 bytes where the layout has 11",
    frame.build_request(0x07, b"\xf0\x03\x09\0A"): "byte 4: tag 1008 tells 9 bytes, 1 are left",
}


@pytest.mark.parametrize(("wire", "told"), BROKEN.items())
def test_what_is_wrong_is_told_with_its_byte(wire: bytes, told: str) -> None:
    assert told in troubles(fn.frame(wire, Side.HOST, None))


def test_several_frames_in_a_row_are_asked_and_answered_by_turns() -> None:
    talk = GOOD + frame.build_answer(0, ANSWERS[0x30][0]) + frame.build_request(0x31) + frame.build_answer(0)
    assert [piece.side for piece in of(talk.hex(), Link.FN)] == [Side.HOST, Side.TILL, Side.HOST, Side.TILL]


# --- documents for the OFD --------------------------------------------------------------------------------------------

REPORT = 1
"""Number of the document that waits for the OFD: the report of the registration."""


@pytest.fixture
def sending() -> Till:
    """A till whose FN has a document for the OFD, and is asked for it."""
    till = Till()
    till.register()
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    till.do(FnCommand.BEGIN_MESSAGE)
    return till


def read(till: Till, offset: int, size: int) -> tuple[str, str]:
    """The frames that read a block of the message, in hex."""
    asked = requests.ReadMessage(offset, size).build()
    block = till.do(FnCommand.READ_MESSAGE, asked)
    return frame.build_request(FnCommand.READ_MESSAGE, asked).hex(), frame.build_answer(0, block).hex()


TOLD = {
    "fn_number": f"«{NUMBER}»",
    "document_number": str(REPORT),
    "kktRegId": "«0000000005008570»",
    "user": '«ООО "Ромашка"»',
}


def test_the_container_in_a_block_of_a_message_is_told_with_its_requisites(sending: Till) -> None:
    _, bare = dialogue(*read(sending, 0, 1024), link=Link.FN)
    _, inside = pass_through(b"\x23\0\0\0\x04", sending.do(FnCommand.READ_MESSAGE, b"\0\0\0\x04"))
    for piece in (bare, inside):
        assert troubles(piece) == []
        assert values(piece).items() >= TOLD.items()


def test_a_message_in_several_blocks_is_told_behind_the_last(sending: Till) -> None:
    talk = [hexes for offset in range(0, 400, 100) for hexes in read(sending, offset, 100)]
    *begun, last = dialogue(*talk, link=Link.FN)[1::2]
    assert values(last).items() >= TOLD.items()
    assert all("data" in values(piece) and "user" not in values(piece) for piece in begun)


def test_blocks_with_one_left_out_are_no_message(sending: Till) -> None:
    talk = [hexes for offset in (0, 100, 300) for hexes in read(sending, offset, 100)]
    assert all("user" not in values(piece) for piece in dialogue(*talk, link=Link.FN))


def test_the_confirmation_of_the_ofd_is_told_with_its_requisites() -> None:
    confirmation = make_confirmation(NUMBER, REPORT, 0.0)
    bare = one(frame.build_request(FnCommand.PUT_CONFIRMATION, confirmation).hex(), Link.FN, Side.HOST)
    inside, _ = pass_through(b"\x26" + confirmation, b"")
    for piece in (bare, inside):
        assert troubles(piece) == []
        assert (
            values(piece).items() >= {"document_type": "7 «подтверждение оператора»", "ofdInn": "«7704358518»"}.items()
        )
    spoilt = confirmation[:20] + b"\xff" + confirmation[21:]
    (trouble,) = troubles(fn.frame(frame.build_request(FnCommand.PUT_CONFIRMATION, spoilt), Side.HOST, None))
    assert trouble.startswith("byte 6: the container CRC is ")
