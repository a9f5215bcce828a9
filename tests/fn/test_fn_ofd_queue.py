"""The exchange with the OFD: 20h-26h, the message, its confirmation."""

from datetime import datetime
from typing import Any

import pytest

from fn_model.sign import MESSAGE_SIGN_PREFIX, message_sign
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, tlv, unix_time
from protocol.fn.answers import ConfirmationResult, parse_word
from protocol.fn.archive_answers import StoredConfirmation
from protocol.fn.commands import ExchangeFlag, FnCode, FnCommand, OfdRefusal, WorkMode
from protocol.fn.requests import ReadMessage
from protocol.ofd import container
from protocol.ofd.confirmation import build, document
from tests.fn.fn_till import EPOCH, NUMBER, START, Till, make_confirmation

WAITING = ExchangeFlag.WAITING_CONFIRMATION
WORLD = (START - EPOCH).total_seconds()


@pytest.fixture
def till() -> Till:
    """A registered till with one document to send, connected."""
    till = Till()
    till.register()
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    return till


def refusal(till: Till, data: bytes) -> OfdRefusal:
    assert till.refused(FnCommand.PUT_CONFIRMATION, data) == FnCode.OFD_REFUSED
    return OfdRefusal(till.ask(FnCommand.PUT_CONFIRMATION, data)[1][0])


def test_status_tells_each_step_of_the_exchange(till: Till) -> None:
    status = till.exchange_status()
    assert (status.flags, status.is_reading) == (ExchangeFlag.TRANSPORT | ExchangeFlag.MESSAGE_TO_SEND, False)
    assert (status.unsent_documents, status.number, status.at) == (1, 1, START)
    till.do(FnCommand.BEGIN_MESSAGE)
    assert till.exchange_status().is_reading
    till.do(FnCommand.END_MESSAGE)
    status = till.exchange_status()
    assert (status.is_reading, status.flags & WAITING, status.number) == (False, WAITING, 1)
    till.do(FnCommand.PUT_CONFIRMATION, till.confirmation(1))
    status = till.exchange_status()
    assert (status.flags, status.unsent_documents, status.number, status.at) == (ExchangeFlag.TRANSPORT, 0, 0, None)


def test_the_message_is_a_container_with_the_document_and_the_sign(till: Till) -> None:
    data = till.read_message()
    message = container.parse(data)
    message.check_numbers()
    made = till.fn.archive.get(1)
    assert made is not None
    assert (message.fn_number, message.document_number, message.document_type) == (NUMBER, 1, 1)
    assert message.document == tlv(1, made.body)
    assert message.sign == message_sign(NUMBER, message.document)
    assert len(message.sign) == 10 and message.sign[:2] == MESSAGE_SIGN_PREFIX and message.sign[8:] == b"\0\0"
    assert container.build_document(NUMBER, 1, message.document, message.sign, message.service_2[:4]) == data


def test_a_message_read_in_small_blocks_is_the_same_message(till: Till) -> None:
    assert till.read_message(7) == till.read_message(1024) == till.read_message(117)


def test_documents_are_handed_out_in_their_order(till: Till) -> None:
    till.open_shift()
    till.sell()
    for number in (1, 2, 3):
        assert container.parse(till.read_message()).document_number == number
        till.do(FnCommand.PUT_CONFIRMATION, till.confirmation(number))
    assert till.refused(FnCommand.BEGIN_MESSAGE) == FnCode.NO_DATA


def test_selling_goes_on_while_a_message_is_read_and_a_confirmation_awaited(till: Till) -> None:
    size = parse_word(till.do(FnCommand.BEGIN_MESSAGE))
    till.open_shift()
    assert len(till.do(FnCommand.READ_MESSAGE, ReadMessage(0, 1024).build())) == size
    till.do(FnCommand.END_MESSAGE)
    till.sell()
    till.do(FnCommand.PUT_CONFIRMATION, till.confirmation(1))
    assert till.exchange_status().unsent_documents == 2


def test_without_a_connection_nothing_is_read() -> None:
    till = Till()
    till.register()
    assert till.refused(FnCommand.BEGIN_MESSAGE) == FnCode.NO_TRANSPORT
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    till.do(FnCommand.BEGIN_MESSAGE)
    till.do(FnCommand.SET_TRANSPORT, b"\0")
    assert till.refused(FnCommand.READ_MESSAGE, ReadMessage(0, 1).build()) == FnCode.NO_TRANSPORT
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    assert till.refused(FnCommand.READ_MESSAGE, ReadMessage(0, 1).build()) == FnCode.WRONG_STATE


def test_reading_commands_need_their_beginning(till: Till) -> None:
    for command, data in (
        (FnCommand.READ_MESSAGE, ReadMessage(0, 1).build()),
        (FnCommand.CANCEL_MESSAGE, b""),
        (FnCommand.END_MESSAGE, b""),
        (FnCommand.PUT_CONFIRMATION, till.confirmation(1)),
    ):
        assert till.refused(command, data) == FnCode.WRONG_STATE


def test_a_cancelled_reading_leaves_the_message_where_it_is(till: Till) -> None:
    till.do(FnCommand.BEGIN_MESSAGE)
    till.do(FnCommand.CANCEL_MESSAGE)
    status = till.exchange_status()
    assert (status.unsent_documents, status.flags & WAITING) == (1, ExchangeFlag.NONE)
    till.send_one()


def test_reading_begins_anew_while_a_confirmation_is_awaited(till: Till) -> None:
    first = till.read_message()
    till.do(FnCommand.BEGIN_MESSAGE)
    assert not till.exchange_status().flags & WAITING
    assert till.refused(FnCommand.PUT_CONFIRMATION, till.confirmation(1)) == FnCode.WRONG_STATE
    assert till.read_message() == first
    till.do(FnCommand.PUT_CONFIRMATION, till.confirmation(1))


def test_an_offset_past_the_end_is_01(till: Till) -> None:
    size = parse_word(till.do(FnCommand.BEGIN_MESSAGE))
    assert till.do(FnCommand.READ_MESSAGE, ReadMessage(size, 10).build()) == b""
    assert till.refused(FnCommand.READ_MESSAGE, ReadMessage(size + 1, 10).build()) == FnCode.BAD_FORMAT


@pytest.mark.parametrize("data", ["01", "01 00 00 00"])
def test_the_transport_flag_may_come_in_more_bytes_than_one(data: str) -> None:
    till = Till()
    till.register()
    till.do(FnCommand.SET_TRANSPORT, bytes.fromhex(data))
    assert till.exchange_status().flags & ExchangeFlag.TRANSPORT
    assert till.refused(FnCommand.SET_TRANSPORT, b"\2") == FnCode.BAD_FORMAT


def test_a_wrong_confirmation_is_refused_with_its_reason_and_the_right_one_still_taken(till: Till) -> None:
    till.read_message()
    right = till.confirmation(1)
    stlv = document(NUMBER, 1, "7704358518", WORLD, 0, bytes(18))
    wrong = {
        OfdRefusal.LENGTH: right[:-1],
        OfdRefusal.CRC: bytes((*right[:-1], right[-1] ^ 1)),
        OfdRefusal.FORMAT: make_confirmation(NUMBER, 1, (datetime(1999, 1, 1) - EPOCH).total_seconds()),
        OfdRefusal.FN_NUMBER: make_confirmation("9999078900000002", 1, WORLD),
        OfdRefusal.DOCUMENT_NUMBER: till.confirmation(2),
        OfdRefusal.SIGN: build(NUMBER, 1, "7704358518", WORLD, 0, bytes(18), bytes(8)),
    }
    assert stlv
    for reason, data in wrong.items():
        assert refusal(till, data) == reason
    till.do(FnCommand.PUT_CONFIRMATION, right)


def foreign_confirmation(header_number: int) -> bytes:
    """What an OFD answers that has no signs to give. ``header_number``: the document's, in the container's header."""
    requisites = (
        encode(T.OFD_INN, "7704358518"),
        encode(T.FN_NUMBER, NUMBER),
        encode(T.DOCUMENT_NUMBER, 1),
        tlv(T.DATE_TIME, unix_time(WORLD)),
        encode(T.MESSAGE_TO_FN, [(T.OFD_ANSWER_CODE, 0)]),
    )
    return container.build_document(NUMBER, header_number, tlv(DocumentType.CONFIRMATION, b"".join(requisites)), b"")


@pytest.mark.parametrize(
    ("settings", "header_number", "reason"),
    [
        ({}, 1, OfdRefusal.FORMAT),
        ({"ofd_sign": "any"}, 1, None),
        ({"ofd_sign": "any"}, 0x310000, OfdRefusal.DOCUMENT_NUMBER),
        ({"ofd_sign": "any", "confirmation_header_checked": False}, 0x310000, None),
    ],
)
def test_a_confirmation_without_signs_is_for_fns_that_do_not_look_at_them(
    settings: dict[str, Any], header_number: int, reason: OfdRefusal | None
) -> None:
    till = Till(**settings)
    till.register()
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    till.read_message()
    data = foreign_confirmation(header_number)
    if reason is not None:
        assert refusal(till, data) == reason
        return
    till.do(FnCommand.PUT_CONFIRMATION, data)
    assert parse_word(till.do(FnCommand.UNSENT_COUNT)) == 0
    assert StoredConfirmation.parse(till.do(FnCommand.FIND_CONFIRMATION, b"\1\0\0\0")).sign == bytes(18)


def test_whose_confirmation_it_is_is_looked_at_even_without_signs() -> None:
    till = Till(ofd_sign="any", confirmation_header_checked=False)
    till.register()
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    till.read_message()
    assert refusal(till, make_confirmation("9999078900000002", 1, WORLD)) == OfdRefusal.FN_NUMBER
    assert refusal(till, till.confirmation(2)) == OfdRefusal.DOCUMENT_NUMBER


def test_a_refused_confirmation_leaves_the_document_to_be_sent_again(till: Till) -> None:
    message = till.read_message()
    assert refusal(till, b"garbage") == OfdRefusal.LENGTH
    assert till.read_message() == message


@pytest.mark.parametrize("code", [0, 11, 14])
def test_whatever_the_ofd_thinks_of_it_the_document_is_confirmed(till: Till, code: int) -> None:
    till.read_message()
    answer = till.do(FnCommand.PUT_CONFIRMATION, till.confirmation(1, code))
    assert ConfirmationResult.parse(answer) == ConfirmationResult(code)
    assert parse_word(till.do(FnCommand.UNSENT_COUNT)) == 0


def test_the_confirmation_is_kept(till: Till) -> None:
    assert till.refused(FnCommand.FIND_CONFIRMATION, b"\1\0\0\0") == FnCode.NO_DATA
    till.wait(minutes=90)
    till.send_one()
    stored = StoredConfirmation.parse(till.do(FnCommand.FIND_CONFIRMATION, b"\1\0\0\0"))
    assert (stored.number, stored.at, len(stored.sign)) == (1, till.at, 18)
    assert till.refused(FnCommand.FIND_CONFIRMATION, b"\2\0\0\0") == FnCode.NO_DATA


def test_an_autonomous_fn_has_nothing_to_send() -> None:
    till = Till()
    till.register(WorkMode.AUTONOMOUS)
    till.open_shift()
    till.do(FnCommand.SET_TRANSPORT, b"\1")
    status = till.exchange_status()
    assert (status.flags, status.unsent_documents, status.number) == (ExchangeFlag.TRANSPORT, 0, 0)
    assert till.refused(FnCommand.BEGIN_MESSAGE) == FnCode.NO_DATA


def test_documents_of_an_autonomous_time_are_left_out_of_the_queue() -> None:
    till = Till()
    till.register()
    till.re_register(WorkMode.AUTONOMOUS)
    till.open_shift()
    till.close_shift()
    till.re_register()
    assert parse_word(till.do(FnCommand.UNSENT_COUNT)) == 2
    till.send_one()
    assert till.exchange_status().number == 5
    till.send_one()
    assert till.refused(FnCommand.FIND_CONFIRMATION, b"\3\0\0\0") == FnCode.NO_DATA
    assert till.do(FnCommand.FIND_CONFIRMATION, b"\5\0\0\0")


def test_archive_close_may_look_at_the_queue() -> None:
    till = Till(unsent_archive_close_code=FnCode.WRONG_STATE)
    till.register()
    assert till.refused(FnCommand.BEGIN_CLOSE_ARCHIVE) == FnCode.WRONG_STATE
    till.send_all()
    till.close_archive()
