"""Chapter «ФН»: A6 registers, A7 closes the archive.

Registration takes everything from the requisites that E8h wrote; which report it makes follows from the FN (fresh or
working) and from whether the till was registered before. Sources: ATOL protocol 3.1, commands A6 A7; FNS,
«Описание интерфейса ФН» 1.2, 02h-05h; article err_1057 (a missing requisite is EEh with 0206h and its tag in 37h).
"""

from kktsim.device import documents
from kktsim.device.dispatch import Need, handles
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal, extended
from kktsim.device.shift import firmware
from kktsim.device.state import Mirror
from protocol.atol import code_page
from protocol.atol.commands.fn import CloseArchive, Register
from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E, X
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from protocol.fn.answers import DocumentResult
from protocol.fn.commands import FnCommand, Phase, RegistrationType, WorkMode

REQUIRED = (
    T.USER_INN,
    T.REGISTRATION_NUMBER,
    T.TAX_SYSTEMS,
    T.USER_NAME,
    T.SETTLEMENT_ADDRESS,
    T.SETTLEMENT_PLACE,
    T.AGENT,
)
"""Requisites without which A6 refuses; that 1057 is one of them is what article err_1057 shows."""
_FLAGS = (
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
OTHER_SETTINGS = b"\x04"
"""Reason of a re-registration without FN replacement (tag 1101): settings of the till changed."""
_ALWAYS_TOLD = {T.EXCISE: b"\x00", T.PRINTER_IN_MACHINE: b"\x00"}
"""Flags that FFD 1.05 sends as 0 when they are not set."""


@handles(Register, mode=Mode.FN_ACCESS, receipt=Need.CLOSED, makes_document=True)
def register(kkt: Kkt, request: Register, at: float) -> bytes:
    """«Регистрация или перерегистрация»; activates a fresh FN.

    With a working FN the shift must be closed. A fresh one has no shift: what the till remembers of the old one's ends.
    """
    held = kkt.memory.requisites
    for tag in REQUIRED:
        if not held.get(tag):
            raise extended(X.REQUISITE_MISSING, tag)
    status = documents.ask_status(kkt, at)
    fresh = status.phase == Phase.READY
    if not fresh and status.number != kkt.memory.mirror.fn_number:
        raise Refusal(E.FN_FOREIGN)
    if not fresh and kkt.memory.mirror.shift_is_open:
        raise Refusal(E.SHIFT_OPEN)
    if not fresh:
        kind = RegistrationType.RE_REGISTRATION
    elif kkt.is_registered:
        kind = RegistrationType.FN_REPLACEMENT
    else:
        kind = RegistrationType.REGISTRATION
    answer, world = documents.make(
        kkt,
        (FnCommand.BEGIN_REGISTRATION, bytes((kind,))),
        _report(kkt),
        (FnCommand.REGISTER, _arguments(kkt, kind, at)),
        at,
    )
    if fresh:
        kkt.memory.totals.close_shift()
        kkt.memory.mirror = Mirror(fn_number=status.number)
    result = DocumentResult.parse(answer)
    made = documents.adopt(kkt, result.number, result.sign, world)
    mirror = kkt.memory.mirror
    mirror.registration_number, mirror.registration_world = made.number, world
    paper = kkt.paper
    paper.centre("ОТЧЁТ О РЕГИСТРАЦИИ" if kind is RegistrationType.REGISTRATION else "ОТЧЁТ О ПЕРЕРЕГИСТРАЦИИ")
    for tag in (T.USER_NAME, T.USER_INN, T.SETTLEMENT_ADDRESS, T.SETTLEMENT_PLACE):
        paper.line(code_page.decode(held[tag]).strip())
    paper.pair("ФФД ККТ", "1.05")
    documents.print_footer(kkt, made)
    return b""


def _arguments(kkt: Kkt, kind: RegistrationType, at: float) -> bytes:
    """Data of 03h: date, INN, registration number, tax systems, working mode, and the reason of a re-registration."""
    held = kkt.memory.requisites
    mode = WorkMode.NONE
    for tag, flag in _FLAGS:
        if held.get(tag, b"\x00") != b"\x00":
            mode |= flag
    reason = OTHER_SETTINGS if kind is RegistrationType.RE_REGISTRATION else b""
    inn, number = held[T.USER_INN].ljust(12), held[T.REGISTRATION_NUMBER].ljust(20)
    return documents.dated(kkt, at) + inn + number + held[T.TAX_SYSTEMS] + bytes((mode,)) + reason


def _report(kkt: Kkt) -> list[bytes]:
    told = _ALWAYS_TOLD | {tag: kkt.memory.requisites[tag] for tag in _REPORT_TAGS if tag in kkt.memory.requisites}
    return [
        tlv(T.SERIAL_NUMBER, kkt.model.serial_number.encode("ascii").ljust(20)),
        tlv(T.FFD_VERSION, documents.FFD_1_05),
        tlv(T.KKT_VERSION, firmware(kkt)),
        tlv(T.KKT_FFD_VERSION, documents.FFD_1_05),
        *documents.cashier(kkt),
        *(tlv(tag, value) for tag, value in told.items()),
    ]


@handles(
    CloseArchive, mode=Mode.FN_ACCESS, receipt=Need.CLOSED, shift=Need.CLOSED, registered=True, makes_document=True
)
def close_archive(kkt: Kkt, request: CloseArchive, at: float) -> bytes:
    """«Закрытие архива ФН»: refused with EDh while the OFD has not confirmed everything."""
    documents.compare(kkt, at)
    if kkt.settings.archive_close_needs_empty_queue:
        queue = kkt.fn.do(FnCommand.UNSENT_COUNT, b"", at)
        if int.from_bytes(queue[:2], "little"):
            raise Refusal(E.FN_UNSENT_DOCUMENTS)
    requisites = [
        tlv(T.FFD_VERSION, documents.FFD_1_05),
        *documents.cashier(kkt),
        *documents.registered(kkt, T.USER_NAME, T.SETTLEMENT_ADDRESS, T.SETTLEMENT_PLACE),
    ]
    number = kkt.memory.requisites[T.REGISTRATION_NUMBER].ljust(20)
    answer, world = documents.make(
        kkt,
        (FnCommand.BEGIN_CLOSE_ARCHIVE, b""),
        requisites,
        (FnCommand.CLOSE_ARCHIVE, documents.dated(kkt, at) + number),
        at,
    )
    result = DocumentResult.parse(answer)
    made = documents.adopt(kkt, result.number, result.sign, world)
    kkt.memory.mirror.archive_is_closed = True
    kkt.paper.centre("ОТЧЁТ О ЗАКРЫТИИ ФН")
    documents.print_footer(kkt, made)
    return b""
