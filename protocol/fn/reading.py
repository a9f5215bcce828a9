"""Data of the FN's requests and answers as named fields, for people: command to the layout of both."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from protocol.ffd.tlv import to_json
from protocol.fn import requests
from protocol.fn.answers import (
    ConfirmationResult,
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
from protocol.fn.archive_answers import DocumentHeader, FoundDocument, RegistrationResult, StoredConfirmation
from protocol.fn.commands import FnCommand, unpack_date_time
from protocol.fn.layouts import LayoutError

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
    FnCommand.FIND_DOCUMENT: _Number("number", 4),
    FnCommand.FIND_CONFIRMATION: _Number("number", 4),
    FnCommand.REGISTRATION_RESULT: _Number("report", 1, may_be_absent=True),
    FnCommand.REGISTRATION_REQUISITE: requests.RegistrationRequisite.parse,
    FnCommand.BEGIN_DOCUMENT_TLV: _Number("number", 4),
    FnCommand.RESET: _Number("confirmation", 1),
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
    FnCommand.FFD_VERSIONS: FfdVersions.parse,
    FnCommand.DAYS_LEFT: _Number("days_left", 2),
    FnCommand.ROOM_LEFT: RoomLeft.parse,
    FnCommand.EXECUTION: _text("execution"),
    FnCommand.FIND_DOCUMENT: FoundDocument.parse,
    FnCommand.FIND_CONFIRMATION: StoredConfirmation.parse,
    FnCommand.UNSENT_COUNT: _Number("unsent_documents", 2),
    FnCommand.REGISTRATION_RESULT: RegistrationResult.parse,
    FnCommand.BEGIN_DOCUMENT_TLV: DocumentHeader.parse,
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
