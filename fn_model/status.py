"""Chapter «Запрос состояния ФН»: 30h-3Fh, and the test command 60h.

Source: FNS, «Описание интерфейса ФН» 1.2, section 6.2; 3Ah-3Fh by public clients of FN-1.1 and FN-1.2.
"""

from fn_model.command import DATE_TIME, Command, date_time
from fn_model.marking_access import is_registered, percent_used
from fn_model.refusal import FnRefusal
from fn_model.storage import FiscalStorage
from fn_model.transitions import CURRENT_DOCUMENT
from protocol.ffd.documents import DocumentType
from protocol.fn.answers import FfdVersions, FnStatus, RoomLeft, Term, Version, build_word
from protocol.fn.commands import CurrentDocument, FnCode, FnCommand, FnWarning
from protocol.fn.layouts import pack_text

RESET_TO_READY = 0x16
"""The only argument of 60h: forget everything, phase 1."""
EXECUTION_SIZE = 48
REMAINING_LIFE_SIZE = 8
"""By a public emulator of an FN-1.2."""
SPEEDS = frozenset({9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600})
"""Bits per second that ABh takes: the usual ones (a guess)."""
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
    if not made and fn.settings.term_before_registration == "02":
        raise FnRefusal(FnCode.WRONG_STATE)
    return Term(fn.state.expires_on, fn.model.registrations - made, made).build()


def version(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос версии ФН», 33h: never serial, all our FNs are test ones."""
    return Version(fn.model.version, is_serial=False).build()


def remaining_life(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос остаточного ресурса ФН», 34h: eight zero bytes (a guess), no source tells what they mean."""
    return bytes(REMAINING_LIFE_SIZE)


def diagnostics(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос последних ошибок ФН», 35h: the layout is the maker's; ours is text."""
    faults = ",".join(sorted(fn.faults)) or "no faults"
    return f"{fn.model.execution}: {faults}".encode("ascii")


def ffd_versions(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос версии ФФД», 3Ah: the format of the last registration, and the newest that the FN knows."""
    return FfdVersions(fn.state.ffd, fn.model.newest_ffd).build()


def days_left(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос срока действия ФН в днях», 3Bh: the KKT tells what day it is."""
    return build_word(fn.state.days_left(date_time(data).date()))


def room_left(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос ресурса свободной памяти», 3Dh."""
    free_bytes = max(0, fn.model.storage_bytes - fn.state.unsent_bytes)
    documents = max(0, fn.model.archive_documents - fn.state.document_number)
    return RoomLeft(documents, free_bytes // 1024, percent_used(fn) if is_registered(fn) else None).build()


def execution(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос исполнения ФН», 3Fh."""
    return pack_text(fn.model.execution, EXECUTION_SIZE)


def set_speed(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Установить скорость обмена с ФН», ABh: what changes is the wire, which is not the FN's to know.

    Whoever serves the FN on a real port reads the speed from the request it has let pass.
    """
    if int.from_bytes(data, "little") not in SPEEDS:
        raise FnRefusal(FnCode.BAD_FORMAT)
    return b""


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
    FnCommand.REMAINING_LIFE: Command(remaining_life),
    FnCommand.DIAGNOSTICS: Command(diagnostics),
    FnCommand.FFD_VERSIONS: Command(ffd_versions),
    FnCommand.DAYS_LEFT: Command(days_left, DATE_TIME),
    FnCommand.ROOM_LEFT: Command(room_left),
    FnCommand.EXECUTION: Command(execution),
    FnCommand.RESET: Command(reset, (1,)),
    FnCommand.SET_SPEED: Command(set_speed, (4,)),
}
