"""«Восстановление из ФН»: what the till takes from the FN at power-up when its own memory of it is lost.

The FN knows its number, phase, last document and shift, and what the till was registered for. It knows no sums. Source:
article counters_zeroed_fd_restored (the line on the paper, sums that stay zero); FNS, «Описание интерфейса ФН» 1.2,
commands 10h 30h 40h 43h 44h; that requisites which the last report lacks are gone is an inference from article
err_1057.
"""

from kktsim.device import documents, fn_report
from kktsim.device.kkt import Kkt, to_world
from kktsim.device.refusal import Refusal
from kktsim.device.requisites import REGISTRATION
from kktsim.device.state import Mirror
from protocol.ffd.tags import T
from protocol.fn.archive_answers import FoundDocument, RegistrationResult
from protocol.fn.commands import FnCommand, Phase

RESTORED = "НОМЕР ФД ВОССТАНОВЛЕН ИЗ ФН"


def forget(kkt: Kkt) -> None:
    """Lose mirror and requisites until the next power-up."""
    kkt.memory.mirror = Mirror()
    kkt.memory.requisites = {}
    kkt.memory.mirror_is_lost = True


def at_power_up(kkt: Kkt, at: float) -> None:
    """Take back what is lost. While the FN does not answer the till is as one that was never registered."""
    if not kkt.memory.mirror_is_lost:
        return
    try:
        was_registered = _take_from_fn(kkt, at)
    except Refusal:
        return
    kkt.memory.mirror_is_lost = False
    if was_registered:
        kkt.paper.centre(RESTORED)
        kkt.paper.cut()


def _take_from_fn(kkt: Kkt, at: float) -> bool:
    """Whether there was anything to take: a fresh FN knows nothing. Raises `Refusal` with nothing changed."""
    status = documents.ask_status(kkt, at)
    if status.phase == Phase.READY:
        return False
    shift = documents.shift_of_fn(kkt, status, at)
    registration = RegistrationResult.parse(kkt.fn.do(FnCommand.REGISTRATION_RESULT, b"", at))
    requisites = fn_report.requisites(kkt, sorted(REGISTRATION), at)
    last = FoundDocument.parse(kkt.fn.do(FnCommand.FIND_DOCUMENT, status.last_document.to_bytes(4, "little"), at))
    kkt.memory.requisites = requisites
    kkt.memory.mirror = Mirror(
        fn_number=status.number,
        document_number=last.number,
        document_world=to_world(last.at),
        document_sign=last.sign,
        shift_number=shift.number,
        shift_is_open=shift.is_open,
        shift_opened_world=shift.since_world if shift.is_open else 0.0,
        shift_closed_world=0.0 if shift.is_open else shift.since_world,
        registration_number=registration.number,
        registration_world=to_world(registration.at),
        registered_inn=requisites.get(T.USER_INN, b""),
        registered_number=requisites.get(T.REGISTRATION_NUMBER, b""),
    )
    return True
