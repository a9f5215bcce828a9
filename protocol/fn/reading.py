"""Data of the FN's requests and answers as named fields, for people: command to the layout of both."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from protocol.ffd.tlv import to_json
from protocol.fn import marking, requests
from protocol.fn.answers import (
    ConfirmationResult,
    DataReceived,
    DocumentResult,
    ExchangeStatus,
    FfdVersions,
    FnStatus,
    ReceiptResult,
    RoomLeft,
    SettlementResult,
    ShiftParameters,
    ShiftResult,
    Term,
    Version,
)
from protocol.fn.archive_answers import (
    DocumentHeader,
    FoundDocument,
    FoundWithFormat,
    RegistrationResult,
    StoredConfirmation,
)
from protocol.fn.commands import FnCommand, unpack_date_time
from protocol.fn.layouts import LayoutError
from protocol.fn.totals_answers import (
    FnTotals,
    ReceiptCounts,
    SettlementTotals,
    SettlementTotalsRequest,
    UnsentTotals,
)

Fields = Mapping[str, Any]
Reader = Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class _Number:
    """A layout of one little-endian number of fixed width; nothing at all where it ``may_be_absent``."""

    name: str
    width: int
    may_be_absent: bool = False

    def __call__(self, data: bytes) -> Fields:
        if self.may_be_absent and not data:
            return {}
        if len(data) != self.width:
            raise LayoutError(f"{len(data)} bytes where the layout has {self.width}")
        return {self.name: int.from_bytes(data, "little")}


def _moment(data: bytes) -> Fields:
    return {"at": unpack_date_time(data)}


def _text(name: str) -> Reader:
    return lambda data: {name: data.decode("ascii", "replace").rstrip()}


_REQUESTS: Mapping[int, Reader] = {
    FnCommand.BEGIN_REGISTRATION: requests.BeginRegistration.parse,
    FnCommand.REGISTER: requests.Registration.parse,
    FnCommand.CLOSE_ARCHIVE: requests.CloseArchive.parse,
    FnCommand.BEGIN_OPEN_SHIFT: _moment,
    FnCommand.BEGIN_CLOSE_SHIFT: _moment,
    FnCommand.BEGIN_RECEIPT: _moment,
    FnCommand.COMMIT_RECEIPT: requests.CommitReceipt.parse,
    FnCommand.BEGIN_CORRECTION: _moment,
    FnCommand.BEGIN_SETTLEMENT: _moment,
    FnCommand.SET_TRANSPORT: _Number("transport", 1),
    FnCommand.READ_MESSAGE: requests.ReadMessage.parse,
    FnCommand.DAYS_LEFT: _moment,
    FnCommand.TOTALS: _Number("kind", 1),
    FnCommand.OPERATION_TOTALS: _Number("kind", 1),
    FnCommand.SETTLEMENT_TOTALS: SettlementTotalsRequest.parse,
    FnCommand.FIND_DOCUMENT: _Number("number", 4),
    FnCommand.FIND_CONFIRMATION: _Number("number", 4),
    FnCommand.REGISTRATION_RESULT: _Number("report", 1, may_be_absent=True),
    FnCommand.REGISTRATION_REQUISITE: requests.RegistrationRequisite.parse,
    FnCommand.BEGIN_DOCUMENT_TLV: _Number("number", 4),
    FnCommand.RESET: _Number("confirmation", 1),
    FnCommand.BEGIN_FULL_REGISTRATION: requests.BeginFullRegistration.parse,
    FnCommand.REGISTER_FULLY: requests.FullRegistration.parse,
    FnCommand.CHECK_CODE: marking.CodeToCheck.parse,
    FnCommand.KEEP_CODE: _Number("keep", 1),
    FnCommand.BUILD_CODE_REQUEST: marking.CodeRequest.parse,
    FnCommand.READ_NOTIFICATION: requests.ReadMessage.parse,
    FnCommand.BUILD_KEY_REQUEST: _moment,
    FnCommand.PUT_KEY_ANSWER: marking.KeyAnswer.parse,
    FnCommand.BEGIN_NOTIFICATION_DUMP: _Number("sub_command", 1),
    FnCommand.SELECT_DUMPED_NOTIFICATION: _Number("sub_command", 1),
    FnCommand.READ_DUMPED_NOTIFICATION: requests.ReadMessage.parse,
    FnCommand.CONFIRM_DUMPED_NOTIFICATION: marking.ConfirmDumped.parse,
    FnCommand.KEY_SERVICE: _Number("sub_command", 1),
}
_ANSWERS: Mapping[int, Reader] = {
    FnCommand.REGISTER: DocumentResult.parse,
    FnCommand.CLOSE_ARCHIVE: DocumentResult.parse,
    FnCommand.SHIFT_PARAMETERS: ShiftParameters.parse,
    FnCommand.OPEN_SHIFT: ShiftResult.parse,
    FnCommand.CLOSE_SHIFT: ShiftResult.parse,
    FnCommand.COMMIT_RECEIPT: ReceiptResult.parse,
    FnCommand.COMMIT_SETTLEMENT: SettlementResult.parse,
    FnCommand.EXCHANGE_STATUS: ExchangeStatus.parse,
    FnCommand.BEGIN_MESSAGE: _Number("message_bytes", 2),
    FnCommand.PUT_CONFIRMATION: ConfirmationResult.parse,
    FnCommand.STATUS: FnStatus.parse,
    FnCommand.NUMBER: _text("fn_number"),
    FnCommand.TERM: Term.parse,
    FnCommand.VERSION: Version.parse,
    FnCommand.TOTALS: FnTotals.parse,
    FnCommand.OPERATION_TOTALS: ReceiptCounts.parse,
    FnCommand.SETTLEMENT_TOTALS: SettlementTotals.parse,
    FnCommand.UNSENT_TOTALS: UnsentTotals.parse,
    FnCommand.FFD_VERSIONS: FfdVersions.parse,
    FnCommand.DAYS_LEFT: _Number("days_left", 2),
    FnCommand.ROOM_LEFT: RoomLeft.parse,
    FnCommand.EXECUTION: _text("execution"),
    FnCommand.FIND_DOCUMENT: FoundDocument.parse,
    FnCommand.FIND_DOCUMENT_WITH_FORMAT: FoundWithFormat.parse,
    FnCommand.FIND_CONFIRMATION: StoredConfirmation.parse,
    FnCommand.UNSENT_COUNT: _Number("unsent_documents", 2),
    FnCommand.REGISTRATION_RESULT: RegistrationResult.parse,
    FnCommand.BEGIN_DOCUMENT_TLV: DocumentHeader.parse,
    FnCommand.REGISTER_FULLY: DocumentResult.parse,
    FnCommand.DATA_RECEIVED: DataReceived.parse,
    FnCommand.MARKING_STATUS: marking.MarkingStatus.parse,
    FnCommand.CHECK_CODE: marking.CodeCheck.parse,
    FnCommand.PUT_CODE_ANSWER: marking.CodeVerdict.parse,
    FnCommand.NOTIFICATION_STATUS: marking.NotificationStatus.parse,
    FnCommand.BEGIN_NOTIFICATION: _Number("message_bytes", 2),
    FnCommand.BUILD_KEY_REQUEST: marking.KeyRequest.parse,
    FnCommand.BEGIN_NOTIFICATION_DUMP: marking.DumpStatus.parse,
}
TLVS = frozenset((FnCommand.NEXT_DOCUMENT_TLV, FnCommand.NEXT_REGISTRATION_TLV, FnCommand.REGISTRATION_REQUISITE))
"""Commands whose answer is a TLV."""


def parse_request(command: int, data: bytes) -> Fields | None:
    """Arguments of a request by name; None when no layout is known; ValueError when they do not fit it."""
    return _parse(_REQUESTS, command, data)


def parse_answer(command: int, data: bytes) -> Fields | None:
    """Fields of a good answer's data; None when no layout is known; ValueError when they do not fit it."""
    return to_json(data) if command in TLVS else _parse(_ANSWERS, command, data)


def read_fields(command: int, data: bytes) -> Fields:
    """Fields of a good answer's data; empty when they have no layout we know or do not fit it."""
    try:
        return parse_answer(command, data) or {}
    except ValueError:
        return {}


def _parse(layouts: Mapping[int, Reader], command: int, data: bytes) -> Fields | None:
    layout = layouts.get(command)
    if layout is None:
        return None
    read = layout(data)
    return read if isinstance(read, Mapping) else asdict(read)
