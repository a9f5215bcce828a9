"""Chapter «Передача уведомлений о реализации маркированных товаров»: BAh-BFh to the ОИСМ, D3h-D6h to a file.

BAh-BEh are to notifications what 20h and 22h-25h are to documents, without 21h; BFh brings the answer that takes the
first one out. An autonomous FN sends nothing: its notifications are dumped one by one and taken out by their CRC.
Sources: public clients of FN-1.2. Guesses: 02h for either way in the wrong mode, 09h for a wrong number or CRC, one
byte of answer to BFh (tag 2111).
"""

from fn_model.command import ANYTHING, Action, Command, arguments
from fn_model.marking_access import for_marked_goods, percent_used
from fn_model.marking_messages import answered
from fn_model.marking_state import Notification
from fn_model.refusal import FnRefusal
from fn_model.storage import FiscalStorage
from protocol.checksums import crc16
from protocol.ffd.tags import T
from protocol.fn.answers import build_word
from protocol.fn.commands import FnCode, FnCommand
from protocol.fn.frame import MAX_DATA
from protocol.fn.marking import ConfirmDumped, DumpedNotification, DumpStatus, NotificationStatus
from protocol.fn.marking_codes import ExchangeState, MarkingMessage
from protocol.fn.requests import ReadMessage


def exchange_status(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос статуса передачи уведомлений», BAh."""
    session, queue = fn.volatile.marking, fn.state.marking.queue
    state = ExchangeState.WAITING if session.is_waiting else ExchangeState.NONE
    return NotificationStatus(
        state=state if session.message is None else ExchangeState.READING,
        unsent_notifications=len(queue),
        number=queue[0].number if queue else 0,
        at=queue[0].at if queue else None,
        percent=percent_used(fn),
    ).build()


def begin_notification(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать чтение уведомления», BBh."""
    if fn.volatile.marking.message is not None and not fn.settings.second_reading_restarts:
        raise FnRefusal(FnCode.WRONG_STATE)
    message = _head(fn).message
    fn.volatile.marking = fn.volatile.marking._replace(message=message, is_waiting=False)
    return build_word(len(message))


def read_notification(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Прочитать блок уведомления», BCh."""
    return _block(_being_read(fn), data)


def cancel_notification(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Отменить чтение уведомления», BDh."""
    _being_read(fn)
    fn.volatile.marking = fn.volatile.marking._replace(message=None)
    return b""


def end_notification(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Завершить чтение уведомления», BEh: the FN waits for the answer."""
    _being_read(fn)
    fn.volatile.marking = fn.volatile.marking._replace(message=None, is_waiting=True)
    return b""


def put_notification_answer(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Передать квитанцию на уведомление», BFh: tells 2111."""
    if not fn.volatile.marking.is_waiting:
        raise FnRefusal(FnCode.WRONG_STATE)
    told = answered(data, MarkingMessage.NOTIFICATION_ANSWER, fn.number, _head(fn).number)
    _drop_head(fn)
    fn.volatile.marking = fn.volatile.marking._replace(is_waiting=False)
    return bytes((told.number(T.NOTIFICATION_CODE),))


def begin_dump(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать выгрузку уведомлений», D3h: 0 tells how many there are, 1 selects the first as well."""
    _need_sub_command(data)
    queue = fn.state.marking.queue
    if data[0]:
        fn.volatile.marking = fn.volatile.marking._replace(dumped=_head(fn).number)
    first, last = (queue[0].number, queue[-1].number) if queue else (0, 0)
    return DumpStatus(len(queue), first, len(queue), last).build()


def select_dumped(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Выбрать уведомление для выгрузки», D4h: 0 tells the selected one, 1 goes on; 08h when none is left."""
    _need_sub_command(data)
    if not data[0]:
        selected = _dumped(fn)
        return DumpedNotification(len(selected.message), selected.number).build()
    queue = fn.state.marking.queue
    following = queue[queue.index(_dumped(fn)) + 1 :]
    if not following:
        raise FnRefusal(FnCode.NO_DATA)
    fn.volatile.marking = fn.volatile.marking._replace(dumped=following[0].number)
    return b""


def read_dumped(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Прочитать блок выгружаемого уведомления», D5h."""
    return _block(_dumped(fn).message, data)


def confirm_dumped(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Подтвердить выгрузку уведомления», D6h: 0 tells how many wait for it, 1 takes the first out."""
    _need_sub_command(data)
    request = arguments(ConfirmDumped.parse, data)
    if (request.number is None) is bool(request.sub_command):
        raise FnRefusal(FnCode.BAD_FORMAT)
    if request.number is None:
        return DumpedNotification(len(fn.state.marking.queue), _head(fn).number).build()
    head = _head(fn)
    if (request.number, request.crc) != (head.number, crc16(head.message[:2] + head.message[4:])):
        raise FnRefusal(FnCode.BAD_VALUE)
    _drop_head(fn)
    return b""


def _head(fn: FiscalStorage) -> Notification:
    queue = fn.state.marking.queue
    if not queue:
        raise FnRefusal(FnCode.NO_DATA)
    return queue[0]


def _drop_head(fn: FiscalStorage) -> None:
    state = fn.state.copy()
    state.marking = state.marking.without_head()
    fn.commit(state)


def _being_read(fn: FiscalStorage) -> bytes:
    message = fn.volatile.marking.message
    if message is None:
        raise FnRefusal(FnCode.WRONG_STATE)
    return message


def _dumped(fn: FiscalStorage) -> Notification:
    """The selected notification: 02h before D3h, 08h when it is taken out."""
    number = fn.volatile.marking.dumped
    if not number:
        raise FnRefusal(FnCode.WRONG_STATE)
    found = next((one for one in fn.state.marking.queue if one.number == number), None)
    if found is None:
        raise FnRefusal(FnCode.NO_DATA)
    return found


def _block(message: bytes, data: bytes) -> bytes:
    block = arguments(ReadMessage.parse, data)
    if block.offset > len(message):
        raise FnRefusal(FnCode.BAD_FORMAT)
    return message[block.offset : block.offset + min(block.size, MAX_DATA)]


def _need_sub_command(data: bytes) -> None:
    if data[0] > 1:
        raise FnRefusal(FnCode.BAD_FORMAT)


def _in_mode(action: Action, *, is_autonomous: bool) -> Action:
    """``action`` of an FN in that mode; 02h in the other one."""

    def judged(fn: FiscalStorage, data: bytes, world: float) -> bytes:
        if fn.state.is_autonomous is not is_autonomous:
            raise FnRefusal(FnCode.WRONG_STATE)
        return action(fn, data, world)

    return for_marked_goods(judged)


def _sending(action: Action) -> Action:
    return _in_mode(action, is_autonomous=False)


def _dumping(action: Action) -> Action:
    return _in_mode(action, is_autonomous=True)


COMMANDS = {
    FnCommand.NOTIFICATION_STATUS: Command(for_marked_goods(exchange_status)),
    FnCommand.BEGIN_NOTIFICATION: Command(_sending(begin_notification)),
    FnCommand.READ_NOTIFICATION: Command(_sending(read_notification), (4,)),
    FnCommand.CANCEL_NOTIFICATION: Command(_sending(cancel_notification)),
    FnCommand.END_NOTIFICATION: Command(_sending(end_notification)),
    FnCommand.PUT_NOTIFICATION_ANSWER: Command(_sending(put_notification_answer), ANYTHING),
    FnCommand.BEGIN_NOTIFICATION_DUMP: Command(_dumping(begin_dump), (1,)),
    FnCommand.SELECT_DUMPED_NOTIFICATION: Command(_dumping(select_dumped), (1,)),
    FnCommand.READ_DUMPED_NOTIFICATION: Command(_dumping(read_dumped), (4,)),
    FnCommand.CONFIRM_DUMPED_NOTIFICATION: Command(_dumping(confirm_dumped), (1, 7)),
}
