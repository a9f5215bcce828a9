"""Chapter «Информационный обмен с ОФД»: 20h-26h.

The queue is served in the order of document numbers, one message at a time: 21h says that there is a connection, 22h
and 23h read the head of the queue, 25h ends the reading, 26h brings the confirmation that takes the head out. After a
refused confirmation the same message is handed out again. The bytes of a message are made when they are asked for.

Source: FNS, «Описание интерфейса ФН» 1.2, section 6.6.
"""

from collections.abc import Callable

from fn_model import sign
from fn_model.archive import Document
from fn_model.command import ANYTHING, Command, arguments
from fn_model.phases import LifeEvent
from fn_model.refusal import FnRefusal
from fn_model.storage import FiscalStorage
from protocol.ffd.tlv import tlv
from protocol.fn.answers import ConfirmationResult, ExchangeStatus, build_word
from protocol.fn.archive_answers import DETAILS, OFD_SIGN_SIZE, ReceiptDetails, StoredConfirmation
from protocol.fn.commands import ExchangeFlag, FnCode, FnCommand, FnWarning, OfdRefusal
from protocol.fn.frame import MAX_DATA
from protocol.fn.requests import ReadMessage
from protocol.ofd import container
from protocol.ofd.confirmation import Confirmation, OfdAnswer
from protocol.ofd.confirmation import parse as parse_confirmation
from protocol.ofd.errors import OfdFormatError

MESSAGE_BITS: dict[FnWarning, int] = {
    FnWarning.OFD_FORMAT_REFUSAL: 0x02,
    FnWarning.OFD_SETUP_REQUIRED: 0x40,
    FnWarning.OFD_ANNULLED: 0x80,
}
"""Bits of «сообщение оператора», tag 1206, by the warning flag they set (a public till firmware)."""


def exchange_status(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Получить статус информационного обмена», 20h."""
    volatile, head = fn.volatile, fn.archive.head()
    flags = ExchangeFlag.NONE
    if volatile.has_transport:
        flags |= ExchangeFlag.TRANSPORT
    if head is not None:
        flags |= ExchangeFlag.MESSAGE_TO_SEND
    if volatile.is_waiting:
        flags |= ExchangeFlag.WAITING_CONFIRMATION
    return ExchangeStatus(
        flags=flags,
        is_reading=volatile.message is not None,
        unsent_documents=fn.archive.unsent_count(),
        number=0 if head is None else head.number,
        at=None if head is None else head.at,
    ).build()


def set_transport(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Передать статус транспортного соединения с сервером ОФД», 21h. A lost connection ends the reading."""
    if data[0] > 1 or (len(data) > 1 and not fn.settings.set_transport_ignores_rest):
        raise FnRefusal(FnCode.BAD_FORMAT)
    fn.volatile.has_transport = bool(data[0])
    if not data[0]:
        fn.volatile.message = None
    return b""


def begin_message(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать чтение сообщения для сервера ОФД», 22h."""
    _need_transport(fn)
    if fn.volatile.message is not None and not fn.settings.second_reading_restarts:
        raise FnRefusal(FnCode.WRONG_STATE)
    head = fn.archive.head()
    if head is None:
        raise FnRefusal(FnCode.NO_DATA)
    if head.number in fn.archive.damaged:
        raise FnRefusal(FnCode.FAILURE)
    fn.volatile.message = message(fn.number, head)
    fn.volatile.is_waiting = False
    return build_word(len(fn.volatile.message))


def read_message(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Прочитать блок сообщения для сервера ОФД», 23h: as many bytes as asked for, as one frame takes, as there are."""
    _need_transport(fn)
    message_bytes, block = _being_read(fn), arguments(ReadMessage.parse, data)
    if block.offset > len(message_bytes):
        raise FnRefusal(FnCode.BAD_FORMAT)
    return message_bytes[block.offset : block.offset + min(block.size, MAX_DATA)]


def cancel_message(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Отменить чтение сообщения для сервера ОФД», 24h."""
    _being_read(fn)
    fn.volatile.message = None
    return b""


def end_message(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Завершить чтение сообщения для сервера ОФД», 25h: the FN waits for the confirmation."""
    _being_read(fn)
    fn.volatile.message = None
    fn.volatile.is_waiting = True
    return b""


def put_confirmation(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Передать квитанцию от сервера ОФД», 26h. The OFD's answer code (1022) goes on to the KKT."""
    head = fn.archive.head()
    if head is None or not fn.volatile.is_waiting:
        raise FnRefusal(FnCode.WRONG_STATE)
    try:
        confirmation = parse_confirmation(
            data,
            needs_signs=fn.settings.ofd_sign == "stand-in",
            header_counts=fn.settings.confirmation_header_checked,
        )
    except OfdFormatError as error:
        raise _refused(error.reason) from None
    for reason, is_right in CONFIRMATION_RULES:
        if not is_right(fn, head, confirmation):
            raise _refused(reason)
    state = fn.state.copy()
    if fn.settings.confirmation_sets_flags:
        state.ofd_flags = flags_of(confirmation)
    if confirmation.answer != OfdAnswer.ACCEPTED and not fn.settings.refusing_confirmation_confirms:
        fn.commit(state)
        fn.volatile.is_waiting = False
        return ConfirmationResult(confirmation.answer).build()
    state.unsent_bytes -= len(head.body)
    if DETAILS[head.type] is ReceiptDetails:
        details = ReceiptDetails.parse(head.short)
        state.totals = state.totals.confirmed(details.operation, details.total_kopecks)
    if fn.archive.unsent_count() == 1:
        fn.live(state, LifeEvent.LAST_DOCUMENT_CONFIRMED)
    ofd_sign = confirmation.ofd_sign[:OFD_SIGN_SIZE].ljust(OFD_SIGN_SIZE, b"\0")
    fn.commit(state, confirmation=StoredConfirmation(confirmation.received_at, ofd_sign, head.number))
    fn.volatile.is_waiting = False
    return ConfirmationResult(confirmation.answer).build()


def flags_of(confirmation: Confirmation) -> FnWarning:
    """The warnings that a confirmation sets; it takes back those of the one before (a guess)."""
    flags = FnWarning.NONE if confirmation.answer == OfdAnswer.ACCEPTED else FnWarning.OFD_FORMAT_REFUSAL
    for flag, bit in MESSAGE_BITS.items():
        if confirmation.operator_message & bit:
            flags |= flag
    return flags


def message(fn_number: str, document: Document) -> bytes:
    """«Сообщение для ОФД»: the container with the document and the message's sign."""
    stlv = tlv(document.type, document.body)
    varying = document.sign.to_bytes(4, "big")
    return container.build_document(fn_number, document.number, stlv, sign.message_sign(fn_number, stlv), varying)


def _is_for_this_fn(fn: FiscalStorage, head: Document, confirmation: Confirmation) -> bool:
    return confirmation.fn_number == fn.number


def _is_for_this_document(fn: FiscalStorage, head: Document, confirmation: Confirmation) -> bool:
    return confirmation.document_number == head.number


def _has_a_date(fn: FiscalStorage, head: Document, confirmation: Confirmation) -> bool:
    return 2000 <= confirmation.received_at.year < 2100


def _is_signed(fn: FiscalStorage, head: Document, confirmation: Confirmation) -> bool:
    if fn.settings.ofd_sign == "any":
        return True
    ofd_sign = sign.ofd_sign(fn.number, head.number)
    signs = ofd_sign[-len(confirmation.ofd_sign) :], sign.confirmation_sign(fn.number, confirmation.document)
    return (confirmation.ofd_sign, confirmation.sign[-len(signs[1]) :]) == signs


CONFIRMATION_RULES: tuple[tuple[OfdRefusal, Callable[[FiscalStorage, Document, Confirmation], bool]], ...] = (
    (OfdRefusal.FORMAT, _has_a_date),
    (OfdRefusal.FN_NUMBER, _is_for_this_fn),
    (OfdRefusal.DOCUMENT_NUMBER, _is_for_this_document),
    (OfdRefusal.SIGN, _is_signed),
)
"""What the FN checks in a well-formed confirmation, in this order (a guess), and the reason it gives behind 20h."""


def _refused(reason: OfdRefusal) -> FnRefusal:
    return FnRefusal(FnCode.OFD_REFUSED, bytes((reason,)))


def _need_transport(fn: FiscalStorage) -> None:
    if not fn.volatile.has_transport:
        raise FnRefusal(FnCode.NO_TRANSPORT)


def _being_read(fn: FiscalStorage) -> bytes:
    if fn.volatile.message is None:
        raise FnRefusal(FnCode.WRONG_STATE)
    return fn.volatile.message


COMMANDS = {
    FnCommand.EXCHANGE_STATUS: Command(exchange_status),
    FnCommand.SET_TRANSPORT: Command(set_transport, range(1, 5)),  # a field client sends four bytes
    FnCommand.BEGIN_MESSAGE: Command(begin_message),
    FnCommand.READ_MESSAGE: Command(read_message, (4,)),
    FnCommand.CANCEL_MESSAGE: Command(cancel_message),
    FnCommand.END_MESSAGE: Command(end_message),
    FnCommand.PUT_CONFIRMATION: Command(put_confirmation, ANYTHING),
}
