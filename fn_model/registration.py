"""Chapter «Регистрация и закрытие фискального режима»: 02h-05h.

Source: FNS, «Описание интерфейса ФН» 1.2, section 6.3. The term runs from the first report: registration services
and a real-device log (end date = registration date + term).
"""

from collections.abc import Callable
from datetime import date, timedelta

from fn_model import composition, documents
from fn_model.command import Command, arguments
from fn_model.phases import LifeEvent
from fn_model.refusal import FnRefusal
from fn_model.state import FnState, RegistrationReport
from fn_model.storage import FiscalStorage
from fn_model.transitions import Input, Stage
from protocol.ffd.documents import DocumentType
from protocol.fn.answers import DocumentResult
from protocol.fn.commands import FnCode, FnCommand, RegistrationType, WorkMode
from protocol.fn.requests import BeginRegistration, CloseArchive, Registration

LAST_DAY = date(2099, 12, 31)
"""The last day that a date of the FN can tell; a term that ends later is refused with 07h."""
FN_REPLACED = 1
"""Reason (tag 1101) that the FN itself writes into the report of a replacement."""

_BEGINNINGS: dict[RegistrationType, tuple[Input, DocumentType]] = {
    RegistrationType.REGISTRATION: (Input.BEGIN_REGISTRATION, DocumentType.REGISTRATION),
    RegistrationType.FN_REPLACEMENT: (Input.BEGIN_FN_REPLACEMENT, DocumentType.RE_REGISTRATION),
    RegistrationType.RE_REGISTRATION: (Input.BEGIN_RE_REGISTRATION, DocumentType.RE_REGISTRATION),
}


def begin(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать отчёт о регистрации ККТ», 02h. Re-registrations above the model's number: 12h (a guess)."""
    one, document_type = _BEGINNINGS[arguments(BeginRegistration.parse, data).type]
    fn.next_stage(one)
    if len(fn.state.reports) >= fn.model.registrations:
        raise FnRefusal(FnCode.RESOURCE_EXHAUSTED)
    return documents.begin(fn, one, document_type, b"", world)


def register(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Сформировать отчёт о регистрации», 03h."""
    begun = documents.begun_document(fn, Input.REGISTER, needs_data=True)
    request = arguments(Registration.parse, data)
    is_repeated = begun.stage is Stage.RE_REGISTERING
    if is_repeated is (request.reason is None):
        raise FnRefusal(FnCode.BAD_FORMAT)
    at = documents.judge(fn, Input.REGISTER, request.at, world)
    state = fn.state.copy()
    if not all(rule(state, request) for rule in VALUE_RULES):
        raise FnRefusal(FnCode.BAD_VALUE)
    if not is_repeated:
        state.expires_on = at.date() + timedelta(days=fn.model.term_days)
        state.identity = composition.identity(fn.number, request)
        if state.expires_on > LAST_DAY:
            raise FnRefusal(FnCode.BAD_DATE)
    reason = FN_REPLACED if begun.stage is Stage.REPLACING_FN else request.reason
    state.reports = (*state.reports, RegistrationReport.of(state.document_number + 1, request, reason))
    fn.live(state, LifeEvent.RE_REGISTERED if is_repeated else LifeEvent.REGISTERED)
    own = composition.registration(request, reason, state.days_left(at.date()))
    document = documents.form(fn, Input.REGISTER, state, begun, at, own, world)
    return DocumentResult(document.number, document.sign).build()


def begin_close_archive(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать закрытие фискального режима ФН», 04h."""
    fn.next_stage(Input.BEGIN_CLOSE_ARCHIVE)
    if fn.settings.archive_close_checks_queue and fn.archive.unsent_count():
        raise FnRefusal(FnCode.WRONG_STATE)
    return documents.begin(fn, Input.BEGIN_CLOSE_ARCHIVE, DocumentType.CLOSE_ARCHIVE, b"", world)


def close_archive(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Закрыть фискальный режим ФН», 05h: to phase 7, or to 15 when nothing will ever be sent."""
    begun = documents.begun_document(fn, Input.CLOSE_ARCHIVE, needs_data=True)
    request = arguments(CloseArchive.parse, data)
    at = documents.judge(fn, Input.CLOSE_ARCHIVE, request.at, world)
    state = fn.state.copy()
    if request.registration_number != state.reports[-1].request.registration_number:
        raise FnRefusal(FnCode.BAD_VALUE)
    nothing_to_send = state.is_autonomous and not fn.archive.unsent_count()
    fn.live(state, LifeEvent.ARCHIVE_CLOSED_AUTONOMOUSLY if nothing_to_send else LifeEvent.ARCHIVE_CLOSED)
    own = composition.close_archive(state.shift)
    document = documents.form(fn, Input.CLOSE_ARCHIVE, state, begun, at, own, world)
    return DocumentResult(document.number, document.sign).build()


def _is_number(text: str, *lengths: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) in lengths


def _registration_number_has_16_digits(state: FnState, request: Registration) -> bool:
    return _is_number(request.registration_number, 16)


def _inn_has_10_or_12_digits(state: FnState, request: Registration) -> bool:
    return _is_number(request.inn, 10, 12)


def _numbers_are_those_of_the_first_report(state: FnState, request: Registration) -> bool:
    if not state.reports:
        return True
    first = state.reports[0].request
    return (first.inn, first.registration_number) == (request.inn, request.registration_number)


def _tax_systems_are_known(state: FnState, request: Registration) -> bool:
    return 0 < request.tax_systems < 1 << 6


def _work_mode_is_possible(state: FnState, request: Registration) -> bool:
    """Encryption is refused: its algorithm is not public."""
    return not request.work_mode & (WorkMode.ENCRYPTION | 0x80)


def _reason_is_the_kkts(state: FnState, request: Registration) -> bool:
    """2 OFD, 3 requisites, 4 settings; 1 is the FN's own."""
    return request.reason is None or request.reason in (2, 3, 4)


VALUE_RULES: tuple[Callable[[FnState, Registration], bool], ...] = (
    _registration_number_has_16_digits,
    _inn_has_10_or_12_digits,
    _numbers_are_those_of_the_first_report,
    _tax_systems_are_known,
    _work_mode_is_possible,
    _reason_is_the_kkts,
)
"""What must hold for the values of 03h; otherwise 09h. That INN and number stay the same is a guess."""

COMMANDS = {
    FnCommand.BEGIN_REGISTRATION: Command(begin, (0, 1)),
    FnCommand.REGISTER: Command(register, (39, 40)),
    FnCommand.BEGIN_CLOSE_ARCHIVE: Command(begin_close_archive),
    FnCommand.CLOSE_ARCHIVE: Command(close_archive, (25,)),
}
