"""Chapter «ФН»: A6 registers, A7 closes the archive.

Registration takes everything from the requisites that E8h wrote; which report it makes follows from the FN (fresh or
working) and from whether the same owner's till was registered before. Sources: ATOL protocol 3.1, commands A6 A7; FNS,
«Описание интерфейса ФН» 1.2, 02h-05h; wire codes by their texts: D0h an FN of another till, 9Fh no report left.
"""

from dataclasses import replace

from kktsim.device import booking, comparison, documents, fn_report, registration_rules
from kktsim.device.dispatch import Need, handles
from kktsim.device.kkt import Kkt
from kktsim.device.printing import Prints
from kktsim.device.refusal import Refusal
from kktsim.device.registration_rules import FLAGS, Held, is_set
from kktsim.device.requisites import REGISTRATION
from kktsim.device.shift import firmware
from protocol.atol.commands.fn import CloseArchive, Register
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E
from protocol.ffd.documents import DocumentType
from protocol.ffd.rules import NO_OFD_INN
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from protocol.fn.answers import DocumentResult, FnStatus, Term
from protocol.fn.commands import FnCommand, Phase, RegistrationType, WorkMode

_WORK_MODES = (
    (T.ENCRYPTION, WorkMode.ENCRYPTION),
    (T.AUTONOMOUS_MODE, WorkMode.AUTONOMOUS),
    (T.AUTOMATIC_MODE, WorkMode.AUTOMATIC),
    (T.SERVICES, WorkMode.SERVICES),
    (T.STRICT_FORM_SYSTEM, WorkMode.STRICT_FORM),
    (T.INTERNET_ONLY, WorkMode.INTERNET),
)
_REPORT_TAGS = (
    T.USER_NAME,
    T.SETTLEMENT_ADDRESS,
    T.SETTLEMENT_PLACE,
    T.OFD_INN,
    T.OFD_NAME,
    T.FNS_SITE,
    T.SENDER_EMAIL,
    T.MACHINE_NUMBER,
    T.AGENT,
    T.LOTTERY,
    T.GAMBLING,
    T.EXCISE,
    T.PRINTER_IN_MACHINE,
)


@handles(Register, mode=Mode.FN_ACCESS, receipt=Need.CLOSED, makes_document=True, prints=Prints.ALWAYS)
def register(kkt: Kkt, request: Register, at: float) -> bytes:
    """«Регистрация или перерегистрация»; activates a fresh FN.

    With a working FN the shift must be closed. A fresh one has no shift: what the till remembers of the old one's
    ends. A report that the FN has made unheard is the one that was wanted. When the till has given its intent up since,
    by a document with another FN, an FN that has a report of this very till and nothing else is registered again.
    """
    held = _held(kkt)
    registration_rules.check(kkt, held)
    status = comparison.ask(kkt, at)
    intent = comparison.pending(kkt, status)
    if comparison.settle(kkt, status, at) and intent is not None and intent.requisites == held:
        return b""
    kind = _kind(kkt, held, status, at)
    reason = b""
    if kind is RegistrationType.RE_REGISTRATION:
        reason = bytes((registration_rules.reason(kkt, held, at),))
    elif kind is RegistrationType.FN_REPLACEMENT:
        registration_rules.check_replacement(held)
    intent = documents.intend(kkt, DocumentType.REGISTRATION, at, status)
    intent = replace(intent, requisites=held, registration=kind)
    commit = (FnCommand.REGISTER, documents.dated(kkt, at) + _arguments(held) + reason)
    answer = documents.make(kkt, intent, (FnCommand.BEGIN_REGISTRATION, bytes((kind,))), _report(kkt, held), commit, at)
    result = DocumentResult.parse(answer)
    booking.complete(kkt, intent, documents.Made(result.number, result.sign, intent.world))
    return b""


def _held(kkt: Kkt) -> dict[int, bytes]:
    """What E8h wrote: into the till's memory, and in mode 1, where tags of both kinds are a receipt's."""
    told = kkt.volatile.operation_requisites
    return kkt.memory.requisites | {tag: value for tag, value in told.items() if tag in REGISTRATION}


def _kind(kkt: Kkt, held: Held, status: FnStatus, at: float) -> RegistrationType:
    """Which report it will be; raises `Refusal`: D0h, 9Ch, 9Fh."""
    mirror = kkt.memory.mirror
    if status.phase is not Phase.READY:
        if status.number != mirror.fn_number and not _was_registered_unheard(kkt, status, at):
            raise Refusal(E.FN_ACTIVATION_IMPOSSIBLE)
        if status.shift_is_open or (mirror.shift_is_open and status.number == mirror.fn_number):
            raise Refusal(E.SHIFT_OPEN)
        if status.phase is Phase.FISCAL and not _reports_left(kkt, at):
            raise Refusal(E.NO_REGISTRATIONS_LEFT)
        return RegistrationType.RE_REGISTRATION
    same_owner = (mirror.registered_inn, mirror.registered_number) in (
        (b"", b""),
        (held[T.USER_INN], held[T.REGISTRATION_NUMBER]),
    )
    return RegistrationType.FN_REPLACEMENT if kkt.is_registered and same_owner else RegistrationType.REGISTRATION


def _was_registered_unheard(kkt: Kkt, status: FnStatus, at: float) -> bool:
    if status.phase is not Phase.FISCAL or status.last_document != 1:
        return False
    serial_number = fn_report.requisite(kkt, T.SERIAL_NUMBER, at)
    return serial_number is not None and serial_number.strip() == kkt.model.serial_number.encode("ascii")


def _reports_left(kkt: Kkt, at: float) -> int:
    return Term.parse(kkt.fn.do(FnCommand.TERM, b"", at)).registrations_left


def _arguments(held: Held) -> bytes:
    """Data of 03h behind the date: INN, registration number, tax systems, working mode."""
    mode = WorkMode.NONE
    for tag, flag in _WORK_MODES:
        if is_set(held, tag):
            mode |= flag
    inn, number = held[T.USER_INN].ljust(12), held[T.REGISTRATION_NUMBER].ljust(20)
    return inn + number + held[T.TAX_SYSTEMS] + bytes((mode,))


def _report(kkt: Kkt, held: Held) -> list[bytes]:
    """TLVs of the report that the FN does not form. FFD 1.05 sends flags as 0 when they are not set."""
    told = {tag: held.get(tag, b"\x00" if tag in FLAGS else b"") for tag in _REPORT_TAGS}
    if is_set(held, T.AUTONOMOUS_MODE):
        told[T.OFD_INN] = NO_OFD_INN.encode("ascii")
    return [
        tlv(T.SERIAL_NUMBER, kkt.model.serial_number.encode("ascii").ljust(20)),
        *documents.ffd_version(kkt),
        tlv(T.KKT_VERSION, firmware(kkt)),
        *documents.kkt_ffd_version(kkt),
        *documents.cashier(kkt),
        *(tlv(tag, value) for tag, value in told.items() if value),
    ]


@handles(
    CloseArchive,
    mode=Mode.FN_ACCESS,
    receipt=Need.CLOSED,
    shift=Need.CLOSED,
    registered=True,
    makes_document=True,
    prints=Prints.ALWAYS,
)
def close_archive(kkt: Kkt, request: CloseArchive, at: float) -> bytes:
    """«Закрытие архива ФН»: refused with EDh while the OFD has not confirmed everything.

    A report that the FN has made unheard is the one that was wanted.
    """
    was_closing = any(one.type == DocumentType.CLOSE_ARCHIVE for one in documents.intents(kkt))
    status = comparison.compare(kkt, at)
    if was_closing and status.phase is not Phase.FISCAL:
        return b""
    if kkt.settings.archive_close_needs_empty_queue:
        queue = kkt.fn.do(FnCommand.UNSENT_COUNT, b"", at)
        if int.from_bytes(queue[:2], "little"):
            raise Refusal(E.FN_UNSENT_DOCUMENTS)
    requisites = [
        *documents.ffd_version(kkt),
        *documents.cashier(kkt),
        *documents.registered(kkt, T.USER_NAME, T.SETTLEMENT_ADDRESS, T.SETTLEMENT_PLACE),
    ]
    number = fn_report.requisite(kkt, T.REGISTRATION_NUMBER, at) or b""
    intent = documents.intend(kkt, DocumentType.CLOSE_ARCHIVE, at, status)
    commit = (FnCommand.CLOSE_ARCHIVE, documents.dated(kkt, at) + number.ljust(20))
    answer = documents.make(kkt, intent, (FnCommand.BEGIN_CLOSE_ARCHIVE, b""), requisites, commit, at)
    result = DocumentResult.parse(answer)
    booking.complete(kkt, intent, documents.Made(result.number, result.sign, intent.world))
    return b""
