"""Notifications about marked goods: made by receipts, sent to the ОИСМ, or dumped by autonomous tills; and keys."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fn_model import FnPort
from fn_model.sign import keys_sign
from fn_model.sqlite_archive import SqliteArchive
from fn_model.storage import FiscalStorage
from protocol.checksums import crc16
from protocol.ffd.tlv import decode_all, encode, split
from protocol.fn.answers import RoomLeft, parse_word
from protocol.fn.commands import FnCode, FnCommand, WorkMode
from protocol.fn.marking import ConfirmDumped, DumpedNotification, DumpStatus, KeyAnswer, KeyRequest
from protocol.fn.marking_codes import ExchangeState, GoodsData, KeyAnswerKind, NotificationState
from protocol.fn.requests import ReadMessage
from protocol.ofd import container
from tests.fn.fn_till import NUMBER
from tests.fn.full_till import item
from tests.fn.marking_till import MarkingTill, code, goods, oism_answer, selling

C = FnCommand
BLOCK = ReadMessage(0, 1024).build()


def autonomous() -> MarkingTill:
    till = MarkingTill()
    till.register_marked(WorkMode.AUTONOMOUS)
    till.update_keys()
    till.open_shift()
    return till


# ---- made by a receipt


def test_a_receipt_with_marked_goods_leaves_a_notification() -> None:
    till = selling()
    codes = [till.keep_code(number) for number in range(2)]
    till.begin_marked(*codes)
    till.add(GoodsData.MORE, encode(1009, "Москва"))
    assert till.marking_status().notification_state is NotificationState.BEGUN
    till.do(C.COMMIT_RECEIPT, till.receipt())
    status = till.notifications()
    assert (status.unsent_notifications, status.number, status.at) == (1, 1, till.at)
    parts = split(container.parse(till.fn.state.marking.queue[0].message).document[4:])
    values = dict(parts)
    assert values[1040] == till.fn.state.document_number.to_bytes(4, "little")
    assert (values[1041], values[1009]) == (NUMBER.encode(), "Москва".encode("cp866"))
    assert [dict(split(value))[2000] for tag, value in parts if tag == 2007] == [one.code for one in codes]


def test_a_receipt_without_marked_goods_leaves_none() -> None:
    till = selling()
    till.keep_code()
    till.begin_marked()
    till.do(C.COMMIT_RECEIPT, till.receipt())
    assert till.notifications().unsent_notifications == 0


def test_a_correction_leaves_a_notification_too() -> None:
    till = selling()
    one = till.keep_code()
    till.do(C.BEGIN_CORRECTION, till.dated())
    till.add(GoodsData.GOODS, goods(one.code))
    till.add(GoodsData.ITEM, item(t1212=33))
    sums = {1055: 1, 1031: 10_000, 1081: 0, 1215: 0, 1216: 0, 1217: 0}
    till.do(C.ADD_DATA, encode(1209, till.ffd) + b"".join(encode(tag, value) for tag, value in sums.items()))
    till.do(C.COMMIT_RECEIPT, till.receipt())
    assert till.notifications().unsent_notifications == 1


def test_the_closing_of_the_shift_tells_how_many_wait() -> None:
    till = selling()
    till.sell_marked()
    till.close_shift()
    document = till.fn.archive.tail()
    assert document is not None and document.body is not None
    assert dict(decode_all(document.body))[2104] == 1


FILLS = {49: 0, 50: 1, 79: 1, 80: 2, 89: 2, 90: 3, 99: 3, 100: 4}


@pytest.mark.parametrize(("percent", "fill"), FILLS.items())
def test_the_area_fills_in_steps_until_it_blocks(percent: int, fill: int) -> None:
    till = selling()
    till.sell_marked()
    used = till.fn.state.marking.size_bytes
    till.fn.model = replace(till.fn.model, notification_bytes=used * 100 // percent)
    assert till.marking_status().fill == fill
    assert till.notifications().percent == percent
    assert RoomLeft.parse(till.do(C.ROOM_LEFT)).notification_percent == percent
    is_blocked = till.marking_status().notification_state is NotificationState.BLOCKED
    assert is_blocked is (percent == 100)


def test_goods_of_a_code_kept_before_are_blocked_too() -> None:
    till = selling()
    till.sell_marked()
    one = till.keep_code(1)
    till.begin_sale()
    till.fn.model = replace(till.fn.model, notification_bytes=1)
    assert till.refused(C.ADD_CODE_DATA, b"\1" + goods(one.code)) == FnCode.MARKING_BLOCKED


# ---- sent


def read(till: MarkingTill) -> bytes:
    size = parse_word(till.do(C.BEGIN_NOTIFICATION))
    assert till.notifications().state is ExchangeState.READING
    message = till.do(C.READ_NOTIFICATION, BLOCK)
    assert len(message) == size
    till.do(C.END_NOTIFICATION)
    assert till.notifications().state is ExchangeState.WAITING
    return message


def test_a_notification_is_sent_and_its_answer_takes_it_out() -> None:
    till = selling()
    for number in range(2):
        till.sell_marked(number)
    for number in (1, 2):
        assert container.parse(read(till)).document_number == number
        assert till.do(C.PUT_NOTIFICATION_ANSWER, oism_answer(84, number, encode(2111, 7))) == b"\7"
    assert till.notifications().unsent_notifications == 0
    assert till.refused(C.BEGIN_NOTIFICATION) == FnCode.NO_DATA


def test_a_wrong_answer_leaves_it_in_the_queue() -> None:
    till = selling()
    till.sell_marked()
    read(till)
    told = till.ask(C.PUT_NOTIFICATION_ANSWER, oism_answer(84, 2, encode(2111, 0)))
    assert told == (FnCode.OFD_REFUSED, b"\3")
    assert till.ask(C.PUT_NOTIFICATION_ANSWER, oism_answer(84, 1)) == (FnCode.OFD_REFUSED, b"\2")
    assert till.notifications().state is ExchangeState.WAITING


@pytest.mark.parametrize("command", [C.READ_NOTIFICATION, C.CANCEL_NOTIFICATION, C.END_NOTIFICATION])
def test_nothing_is_read_before_it_is_begun_or_after_it_is_cancelled(command: FnCommand) -> None:
    till = selling()
    till.sell_marked()
    data = BLOCK if command is C.READ_NOTIFICATION else b""
    assert till.refused(command, data) == FnCode.WRONG_STATE
    till.do(C.BEGIN_NOTIFICATION)
    till.do(C.CANCEL_NOTIFICATION)
    assert till.refused(command, data) == FnCode.WRONG_STATE


def test_a_block_behind_the_end_is_refused() -> None:
    till = selling()
    till.sell_marked()
    size = parse_word(till.do(C.BEGIN_NOTIFICATION))
    assert till.do(C.READ_NOTIFICATION, ReadMessage(size, 1).build()) == b""
    assert till.refused(C.READ_NOTIFICATION, ReadMessage(size + 1, 1).build()) == FnCode.BAD_FORMAT


def test_a_second_reading_restarts_unless_the_setting_says_no() -> None:
    till = selling()
    till.sell_marked()
    till.do(C.BEGIN_NOTIFICATION)
    till.do(C.BEGIN_NOTIFICATION)
    till.fn.model = replace(till.fn.model, settings=replace(till.fn.settings, second_reading_restarts=False))
    assert till.refused(C.BEGIN_NOTIFICATION) == FnCode.WRONG_STATE


def test_no_answer_is_taken_that_nobody_waits_for() -> None:
    till = selling()
    till.sell_marked()
    assert till.refused(C.PUT_NOTIFICATION_ANSWER, oism_answer(84, 1, encode(2111, 0))) == FnCode.WRONG_STATE


# ---- dumped


def test_an_autonomous_till_dumps_its_notifications_and_confirms_them() -> None:
    till = autonomous()
    for number in range(3):
        till.sell_marked(number)
    assert DumpStatus.parse(till.do(C.BEGIN_NOTIFICATION_DUMP, b"\1")) == DumpStatus(3, 1, 3, 3)
    dumped: list[tuple[int, bytes]] = []
    for left in (2, 1, 0):
        selected = DumpedNotification.parse(till.do(C.SELECT_DUMPED_NOTIFICATION, b"\0"))
        message = till.do(C.READ_DUMPED_NOTIFICATION, ReadMessage(0, selected.size).build())
        dumped.append((selected.number, message))
        if left:
            till.do(C.SELECT_DUMPED_NOTIFICATION, b"\1")
        else:
            assert till.refused(C.SELECT_DUMPED_NOTIFICATION, b"\1") == FnCode.NO_DATA
    for left, (number, message) in zip((3, 2, 1), dumped, strict=True):
        waiting = DumpedNotification.parse(till.do(C.CONFIRM_DUMPED_NOTIFICATION, b"\0"))
        assert waiting == DumpedNotification(left, number)
        crc = crc16(message[:2] + message[4:])
        assert crc == int.from_bytes(message[2:4], "little")
        for wrong in (ConfirmDumped(1, number, crc ^ 1), ConfirmDumped(1, number + 1, crc)):
            assert till.refused(C.CONFIRM_DUMPED_NOTIFICATION, wrong.build()) == FnCode.BAD_VALUE
        till.do(C.CONFIRM_DUMPED_NOTIFICATION, ConfirmDumped(1, number, crc).build())
    assert till.marking_status().unsent_notifications == 0
    assert till.refused(C.CONFIRM_DUMPED_NOTIFICATION, b"\0") == FnCode.NO_DATA
    assert till.refused(C.SELECT_DUMPED_NOTIFICATION, b"\0") == FnCode.NO_DATA


DUMPS = {
    C.BEGIN_NOTIFICATION_DUMP: b"\1",
    C.SELECT_DUMPED_NOTIFICATION: b"\0",
    C.READ_DUMPED_NOTIFICATION: BLOCK,
    C.CONFIRM_DUMPED_NOTIFICATION: b"\0",
}


@pytest.mark.parametrize("command", DUMPS)
def test_only_an_autonomous_till_dumps(command: FnCommand) -> None:
    till = selling()
    till.sell_marked()
    assert till.refused(command, DUMPS[command]) == FnCode.WRONG_STATE


@pytest.mark.parametrize("command", [C.SELECT_DUMPED_NOTIFICATION, C.READ_DUMPED_NOTIFICATION])
def test_nothing_is_dumped_before_it_is_begun(command: FnCommand) -> None:
    till = autonomous()
    till.sell_marked()
    assert DumpStatus.parse(till.do(C.BEGIN_NOTIFICATION_DUMP, b"\0")).notifications == 1
    assert till.refused(command, DUMPS[command]) == FnCode.WRONG_STATE


@pytest.mark.parametrize("data", [b"\2", b"\0" + bytes(6), b"\1"])
def test_an_unknown_sub_command_of_a_dump_is_refused(data: bytes) -> None:
    till = autonomous()
    till.sell_marked()
    assert till.refused(C.CONFIRM_DUMPED_NOTIFICATION, data) == FnCode.BAD_FORMAT


@pytest.mark.parametrize("command", [C.BEGIN_NOTIFICATION, C.END_NOTIFICATION])
def test_an_autonomous_till_sends_nothing(command: FnCommand) -> None:
    till = autonomous()
    till.sell_marked()
    assert till.refused(command) == FnCode.WRONG_STATE


# ---- keys


def asked_for_keys() -> tuple[MarkingTill, int]:
    till = selling()
    return till, KeyRequest.parse(till.do(C.BUILD_KEY_REQUEST, till.dated())).number


def test_keys_that_came_are_not_taken_twice() -> None:
    till, number = asked_for_keys()
    data = KeyAnswer(KeyAnswerKind.KEYS, number, keys_sign(NUMBER, number)).build()
    till.do(C.PUT_KEY_ANSWER, data)
    assert till.refused(C.PUT_KEY_ANSWER, data) == FnCode.WRONG_STATE


KEY_ANSWERS: dict[bytes, Callable[[int], KeyAnswer]] = {
    b"\1": lambda number: KeyAnswer(KeyAnswerKind.KEYS, number, bytes(8)),
    b"\3": lambda number: KeyAnswer(KeyAnswerKind.KEYS, number + 1, keys_sign(NUMBER, number + 1)),
}


@pytest.mark.parametrize("reason", KEY_ANSWERS)
def test_keys_for_something_else_are_refused_with_the_reason(reason: bytes) -> None:
    till, number = asked_for_keys()
    assert till.ask(C.PUT_KEY_ANSWER, KEY_ANSWERS[reason](number).build()) == (FnCode.OFD_REFUSED, reason)


def test_what_the_key_service_says_goes_on_to_the_till() -> None:
    till, number = asked_for_keys()
    words = b"\5\0\2\0\x8d\xa5"
    data = KeyAnswer(KeyAnswerKind.REFUSED, number, words).build()
    assert till.ask(C.PUT_KEY_ANSWER, data) == (FnCode.KEY_SERVICE_REFUSED, words)


NEEDS = {0: 0, 14: 0, 15: 1, 60: 1, 61: 2}


@pytest.mark.parametrize(("days", "need"), NEEDS.items())
def test_an_update_is_needed_by_its_age(days: int, need: int) -> None:
    till = autonomous()
    till.close_shift()
    till.wait(days=days)
    till.open_shift()
    assert till.do(C.KEY_SERVICE, b"\0") == bytes((need,))


@pytest.mark.parametrize(("days", "works"), [(89, True), (90, True), (91, False)])
def test_keys_serve_ninety_days(days: int, works: bool) -> None:
    till = autonomous()
    till.close_shift()
    till.wait(days=days)
    till.open_shift()
    if works:
        till.check()
    else:
        assert till.refused(C.CHECK_CODE, code().build()) == FnCode.MARKING_KEYS_TOO_OLD
        till.update_keys()
        till.check()


def test_the_address_of_the_key_service_is_told() -> None:
    till = selling()
    assert till.do(C.KEY_SERVICE, b"\1").startswith(b"tcp://")
    assert till.refused(C.KEY_SERVICE, b"\2") == FnCode.BAD_FORMAT


# ---- nothing is lost


def test_notifications_and_keys_survive_on_disk(tmp_path: Path) -> None:
    till = MarkingTill()
    archive = SqliteArchive.create(tmp_path / "one.fn", NUMBER, till.fn.model)
    till.port = FnPort(FiscalStorage.opened(archive))
    till.register_marked()
    till.update_keys()
    till.open_shift()
    till.sell_marked()
    before = till.fn.state.marking
    till.fn.archive.close()
    again = SqliteArchive.open(tmp_path / "one.fn")
    till.port = FnPort(FiscalStorage.opened(again))
    assert till.fn.state.marking == before
    assert till.notifications().unsent_notifications == 1
    again.close()
