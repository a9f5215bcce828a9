"""«Восстановление из ФН»: what the till takes from the FN when its own memory of it is lost.

The FN knows its number, phase, last document and shift, and what the till was registered for. It knows no sums. Source:
article counters_zeroed_fd_restored (the line on the paper, sums that stay zero); FNS, «Описание интерфейса ФН» 1.2,
commands 10h 30h 40h 43h 44h; that requisites which the last report lacks are gone is an inference from article
err_1057.
"""

from typing import Final

from kktsim.device import documents, fn_questions, fn_report
from kktsim.device.kkt import Kkt, to_world
from kktsim.device.regions import Region
from kktsim.device.registration_rules import TOLD_ONCE
from kktsim.device.requisites import REGISTRATION
from kktsim.device.state import Mirror
from protocol.ffd.tags import T
from protocol.fn.answers import FnStatus
from protocol.fn.archive_answers import RegistrationResult
from protocol.fn.commands import FnCommand, Phase

RESTORED = "НОМЕР ФД ВОССТАНОВЛЕН ИЗ ФН"
TAKEN_FROM_FN: Final = frozenset((Region.MIRROR, Region.REQUISITES, Region.TOTALS))
"""Regions that cannot be lost without the till's coming to differ from its FN; the others have defaults."""


def forget(kkt: Kkt) -> None:
    """Empty mirror and requisites: they are taken from the FN at the next power-up, or when an FN is put in.

    While the FN does not answer the till is as one that was never registered.
    """
    memory = kkt.memory
    memory.mirror = Mirror()
    documents.forget_intents(kkt)
    memory.requisites = {}
    memory.mirror_is_lost = True


def take_from_fn(kkt: Kkt, status: FnStatus, at: float) -> None:
    """Believe the FN, and say so on paper. A fresh one has nothing to tell.

    Raises `Refusal` or `LayoutError` with nothing changed.
    """
    memory = kkt.memory
    if status.phase == Phase.READY:
        memory.mirror_is_lost = False
        return
    mirror, requisites = _asked(kkt, status, at)
    goes_on = mirror.shift_is_open and memory.mirror.shift_number in (0, mirror.shift_number)
    if memory.totals.documents_in_shift and not goes_on:
        memory.totals.close_shift()
    memory.mirror = mirror
    documents.forget_intents(kkt)
    memory.requisites = requisites
    memory.mirror_is_lost = False
    memory.bad_regions = frozenset()
    kkt.volatile.latch = None
    kkt.paper.centre(RESTORED)
    kkt.paper.cut()


def _asked(kkt: Kkt, status: FnStatus, at: float) -> tuple[Mirror, dict[int, bytes]]:
    """What the FN tells. Of a last document that it cannot read there is no sign: 0."""
    shift = fn_questions.shift_of_fn(kkt, status, at)
    registration = RegistrationResult.parse(kkt.fn.do(FnCommand.REGISTRATION_RESULT, b"", at))
    told = fn_report.requisites(kkt, sorted(REGISTRATION - TOLD_ONCE), at)
    last = fn_questions.find(kkt, status.last_document, at)
    mirror = Mirror(
        fn_number=status.number,
        document_number=status.last_document,
        document_world=0.0 if status.last_document_at is None else to_world(status.last_document_at),
        document_sign=0 if last is None else last.sign,
        shift_number=shift.number,
        shift_is_open=shift.is_open,
        shift_opened_world=shift.since_world if shift.is_open else 0.0,
        shift_closed_world=0.0 if shift.is_open else shift.since_world,
        registration_number=registration.number,
        registration_world=to_world(registration.at),
        registered_inn=told.get(T.USER_INN, b""),
        registered_number=told.get(T.REGISTRATION_NUMBER, b""),
    )
    return mirror, told if kkt.settings.requisites_from_fn else {}
