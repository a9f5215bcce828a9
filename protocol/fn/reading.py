"""An FN answer's data as named fields, for people: command to the layout of its answer."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from protocol.ffd.tlv import TlvError, to_json
from protocol.fn.answers import ExchangeStatus, FfdVersions, FnStatus, RoomLeft, ShiftParameters, Term, Version
from protocol.fn.archive_answers import DocumentHeader, FoundDocument, RegistrationResult, StoredConfirmation
from protocol.fn.commands import FnCommand

_FIELDS: dict[int, Callable[[bytes], Any]] = {
    FnCommand.SHIFT_PARAMETERS: ShiftParameters.parse,
    FnCommand.EXCHANGE_STATUS: ExchangeStatus.parse,
    FnCommand.STATUS: FnStatus.parse,
    FnCommand.TERM: Term.parse,
    FnCommand.VERSION: Version.parse,
    FnCommand.FFD_VERSIONS: FfdVersions.parse,
    FnCommand.ROOM_LEFT: RoomLeft.parse,
    FnCommand.FIND_DOCUMENT: FoundDocument.parse,
    FnCommand.FIND_CONFIRMATION: StoredConfirmation.parse,
    FnCommand.REGISTRATION_RESULT: RegistrationResult.parse,
    FnCommand.BEGIN_DOCUMENT_TLV: DocumentHeader.parse,
}
_NUMBERS = {FnCommand.UNSENT_COUNT: "unsent_documents", FnCommand.DAYS_LEFT: "days_left"}
_TEXTS = {FnCommand.NUMBER: "fn_number", FnCommand.EXECUTION: "execution"}
_TLVS = frozenset((FnCommand.NEXT_DOCUMENT_TLV, FnCommand.NEXT_REGISTRATION_TLV, FnCommand.REGISTRATION_REQUISITE))


def read_fields(command: int, data: bytes) -> Mapping[str, Any]:
    """Fields of a good answer's data; empty when they have no layout we know or do not fit it."""
    try:
        if command in _FIELDS:
            return asdict(_FIELDS[command](data))
        if command in _TLVS:
            return to_json(data)
    except (TlvError, ValueError):
        return {}
    if command in _NUMBERS:
        return {_NUMBERS[FnCommand(command)]: int.from_bytes(data, "little")}
    if command in _TEXTS:
        return {_TEXTS[FnCommand(command)]: data.decode("ascii", "replace").rstrip()}
    return {}
