"""Chapter «Запрос состояния ФН»: 30h-3Fh, and the test command 60h.

Source: FNS, «Описание интерфейса ФН» 1.2, section 6.2; 3Ah-3Fh by public clients of FN-1.1 and FN-1.2.
"""

from fn_model.command import DATE_TIME, Command, date_time
from fn_model.refusal import FnRefusal
from fn_model.storage import FiscalStorage
from fn_model.transitions import CURRENT_DOCUMENT
from protocol.ffd.documents import FFD_1_05, DocumentType
from protocol.fn.answers import FfdVersions, FnStatus, RoomLeft, Term, Version, build_word
from protocol.fn.commands import CurrentDocument, FnCode, FnCommand, FnWarning
from protocol.fn.layouts import pack_text

RESET_TO_READY = 0x16
"""The only argument of 60h: forget everything, phase 1."""
EXECUTION_SIZE = 48
_STRICT_FORMS = {
    DocumentType.STRICT_FORM: CurrentDocument.STRICT_FORM,
    DocumentType.STRICT_FORM_CORRECTION: CurrentDocument.STRICT_FORM_CORRECTION,
}


def status(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос статуса ФН», 30h."""
    begun, state = fn.volatile.begun, fn.state
    document = CURRENT_DOCUMENT[fn.stage]
    if begun is not None:
        document = _STRICT_FORMS.get(begun.type, document)
    return FnStatus(
        phase=state.phase,
        document=document,
        has_data=begun is not None and begun.size_bytes > 0,
        shift_is_open=fn.shift_is_open,
        warnings=FnWarning(fn.warnings()),
        last_document_at=state.last_at,
        number=fn.number,
        last_document=state.document_number,
    ).build()


def number(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос номера ФН», 31h."""
    return fn.number.encode("ascii")


def term(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос срока действия ФН», 32h."""
    made = len(fn.state.reports)
    return Term(fn.state.expires_on, fn.model.registrations - made, made).build()


def version(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос версии ФН», 33h: never serial, all our FNs are test ones."""
    return Version(fn.model.version, is_serial=False).build()


def diagnostics(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос последних ошибок ФН», 35h: the layout is the maker's; ours is text."""
    faults = ",".join(sorted(fn.faults)) or "no faults"
    return f"{fn.model.execution}: {faults}".encode("ascii")


def ffd_versions(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос версии ФФД», 3Ah: commands 02h and 03h register under FFD 1.05."""
    return FfdVersions(FFD_1_05 if fn.state.reports else 0, fn.model.newest_ffd).build()


def days_left(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос срока действия ФН в днях», 3Bh: the KKT tells what day it is."""
    return build_word(fn.state.days_left(date_time(data).date()))


def room_left(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос ресурса свободной памяти», 3Dh."""
    free_bytes = max(0, fn.model.storage_bytes - fn.state.unsent_bytes)
    return RoomLeft(max(0, fn.model.archive_documents - fn.state.document_number), free_bytes // 1024).build()


def execution(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос исполнения ФН», 3Fh."""
    return pack_text(fn.model.execution, EXECUTION_SIZE)


def reset(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Сброс состояния ФН», 60h, test FNs only."""
    if data[0] != RESET_TO_READY:
        raise FnRefusal(FnCode.BAD_FORMAT)
    fn.reset()
    return b""


COMMANDS = {
    FnCommand.STATUS: Command(status),
    FnCommand.NUMBER: Command(number),
    FnCommand.TERM: Command(term),
    FnCommand.VERSION: Command(version),
    FnCommand.DIAGNOSTICS: Command(diagnostics),
    FnCommand.FFD_VERSIONS: Command(ffd_versions),
    FnCommand.DAYS_LEFT: Command(days_left, DATE_TIME),
    FnCommand.ROOM_LEFT: Command(room_left),
    FnCommand.EXECUTION: Command(execution),
    FnCommand.RESET: Command(reset, (1,)),
}
