"""Chapter «Регистрация и закрытие фискального режима»: 02h-05h, A2h and A3h.

02h and 03h register under FFD 1.05; A2h and A3h, which later generations have beside them, under FFD 1.1 or 1.2. What
their values must be is in ``registration_rules``. Sources: FNS, «Описание интерфейса ФН» 1.2, section 6.3; A2h and A3h
by a public client of FN-1.2; FNS order ЕД-7-20/662@, appendix 2, paragraph 19. The term runs from the first report:
registration services and a real-device log (end date = registration date + term).
"""

from dataclasses import replace
from datetime import date, timedelta

from fn_model import composition, composition_1_1, documents, registration_rules, terms
from fn_model.command import Command, arguments
from fn_model.phases import LifeEvent
from fn_model.refusal import FnRefusal
from fn_model.state import AnyRegistration, BegunDocument, FnState, RegistrationReport
from fn_model.storage import FiscalStorage
from fn_model.transitions import Input, Stage
from protocol.ffd.documents import DocumentType
from protocol.ffd.formats import FFD_1_05
from protocol.fn.answers import DocumentResult
from protocol.fn.archive_answers import SettlementDetails
from protocol.fn.commands import FnCode, FnCommand, RegistrationType
from protocol.fn.requests import (
    BeginFullRegistration,
    BeginRegistration,
    CloseArchive,
    FullRegistration,
    Registration,
)

LAST_DAY = date(2099, 12, 31)
"""The last day that a date of the FN can tell; a term that ends later is refused with 07h."""
FN_REPLACED = 1
"""Reason (tag 1101, bit 0 of 1205) that the FN itself writes into the report of a replacement."""

_BEGINNINGS: dict[RegistrationType, tuple[Input, DocumentType]] = {
    RegistrationType.REGISTRATION: (Input.BEGIN_REGISTRATION, DocumentType.REGISTRATION),
    RegistrationType.FN_REPLACEMENT: (Input.BEGIN_FN_REPLACEMENT, DocumentType.RE_REGISTRATION),
    RegistrationType.RE_REGISTRATION: (Input.BEGIN_RE_REGISTRATION, DocumentType.RE_REGISTRATION),
}


def begin(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать отчёт о регистрации ККТ», 02h: under FFD 1.05."""
    return _begin(fn, arguments(BeginRegistration.parse, data).type, FFD_1_05, world)


def begin_full(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать отчёт о регистрации ККТ» с версией ФФД, A2h: 0Ah for a format that the FN does not know."""
    request = arguments(BeginFullRegistration.parse, data)
    if not FFD_1_05 < request.ffd <= fn.model.newest_ffd:
        raise FnRefusal(FnCode.WRONG_FFD)
    return _begin(fn, request.type, request.ffd, world)


def _begin(fn: FiscalStorage, registration_type: RegistrationType, ffd: int, world: float) -> bytes:
    one, document_type = _BEGINNINGS[registration_type]
    fn.next_stage(one)
    if len(fn.state.reports) >= fn.model.registrations:
        raise FnRefusal(FnCode(fn.settings.registrations_over_code))
    is_change = fn.state.ffd not in (0, ffd)
    if is_change and fn.settings.ffd_change_needs_settlement and not _is_settled(fn):
        raise FnRefusal(FnCode.WRONG_STATE)
    return documents.begin(fn, one, document_type, b"", world, ffd)


def _is_settled(fn: FiscalStorage) -> bool:
    """Whether the last document is a report on the state of settlements that found everything confirmed."""
    last = fn.archive.tail()
    if last is None or last.type is not DocumentType.SETTLEMENT:
        return False
    return SettlementDetails.parse(last.short).unsent_documents == 0


def register(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Сформировать отчёт о регистрации», 03h. It gives a reason in a re-registration, and only there."""
    begun = _begun(fn, is_full=False)
    request = arguments(Registration.parse, data)
    is_repeated = begun.stage is Stage.RE_REGISTERING
    if is_repeated is (request.reason is None):
        raise FnRefusal(FnCode.BAD_FORMAT)
    reason = FN_REPLACED if begun.stage is Stage.REPLACING_FN else request.reason
    return _register(fn, begun, request, reason, world)


def register_fully(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Сформировать отчёт о регистрации» с версией ФФД, A3h. It gives reasons in every report but a first one."""
    begun = _begun(fn, is_full=True)
    request = arguments(FullRegistration.parse, data)
    if (begun.stage is Stage.REGISTERING) is (request.reasons is not None):
        raise FnRefusal(FnCode.BAD_FORMAT)
    if request.reasons is not None and begun.stage is Stage.REPLACING_FN:
        request = replace(request, reasons=request.reasons | FN_REPLACED)
    return _register(fn, begun, request, request.reasons, world)


def _begun(fn: FiscalStorage, *, is_full: bool) -> BegunDocument:
    """The begun report; one that was begun by the other pair of commands is 02h (a guess)."""
    begun = documents.begun_document(fn, Input.REGISTER, needs_data=True)
    if (begun.ffd > FFD_1_05) is not is_full:
        raise FnRefusal(FnCode.WRONG_STATE)
    return begun


def _register(
    fn: FiscalStorage, begun: BegunDocument, request: AnyRegistration, reason: int | None, world: float
) -> bytes:
    at = documents.judge(fn, Input.REGISTER, request.at, world)
    state = fn.state.copy()
    registration_rules.judge(registration_rules.Registering(state, fn.model, begun, request))
    report = RegistrationReport.of(
        state.document_number + 1,
        request,
        reason,
        begun.ffd,
        registration_rules.conditions(begun, request),
        registration_rules.agents(begun),
    )
    is_repeated = begun.stage is Stage.RE_REGISTERING
    if not is_repeated:
        state.expires_on = at.date() + timedelta(days=terms.term_days(fn.model, report))
        state.identity = composition.identity(fn.number, request)
        if state.expires_on > LAST_DAY:
            raise FnRefusal(FnCode.BAD_DATE)
    state.reports = (*state.reports, report)
    fn.live(state, LifeEvent.RE_REGISTERED if is_repeated else LifeEvent.REGISTERED)
    days_left = state.days_left(at.date())
    if isinstance(request, FullRegistration):
        own = composition_1_1.registration(request, begun.ffd, fn.model.newest_ffd, days_left)
    else:
        own = composition.registration(request, reason, days_left)
    document = documents.form(fn, Input.REGISTER, state, begun, at, own, world)
    return DocumentResult(document.number, document.sign).build()


def begin_close_archive(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Начать закрытие фискального режима ФН», 04h."""
    fn.next_stage(Input.BEGIN_CLOSE_ARCHIVE)
    if fn.settings.unsent_archive_close_code and fn.archive.unsent_count():
        raise FnRefusal(FnCode(fn.settings.unsent_archive_close_code))
    return documents.begin(fn, Input.BEGIN_CLOSE_ARCHIVE, DocumentType.CLOSE_ARCHIVE, b"", world)


def close_archive(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Закрыть фискальный режим ФН», 05h: to phase 7, or to 15 when nothing will ever be sent."""
    begun = documents.begun_document(fn, Input.CLOSE_ARCHIVE, needs_data=True)
    request = arguments(CloseArchive.parse, data)
    at = documents.judge(fn, Input.CLOSE_ARCHIVE, request.at, world)
    state = fn.state.copy()
    if request.registration_number != state.reports[-1].request.registration_number:
        raise FnRefusal(FnCode.BAD_VALUE)
    fn.live(state, _closing(fn, state))
    own = composition.close_archive(state.shift)
    document = documents.form(fn, Input.CLOSE_ARCHIVE, state, begun, at, own, world)
    return DocumentResult(document.number, document.sign).build()


def _closing(fn: FiscalStorage, state: FnState) -> LifeEvent:
    nothing_to_send = state.is_autonomous and not fn.archive.unsent_count()
    return LifeEvent.ARCHIVE_CLOSED_AUTONOMOUSLY if nothing_to_send else LifeEvent.ARCHIVE_CLOSED


COMMANDS = {
    FnCommand.BEGIN_REGISTRATION: Command(begin, (0, 1)),
    FnCommand.REGISTER: Command(register, (39, 40)),
    FnCommand.BEGIN_FULL_REGISTRATION: Command(begin_full, (2,)),
    FnCommand.REGISTER_FULLY: Command(register_fully, (52, 56)),
    FnCommand.BEGIN_CLOSE_ARCHIVE: Command(begin_close_archive),
    FnCommand.CLOSE_ARCHIVE: Command(close_archive, (25,)),
}
