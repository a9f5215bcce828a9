"""What the reports on registration, on settlements and on the closed archive leave: mirror, requisites, paper."""

from kktsim.device import documents, requisite_prints
from kktsim.device.documents import Made
from kktsim.device.kkt import Kkt
from kktsim.device.registration_rules import FLAGS, TOLD_ONCE
from kktsim.device.state import Intent, Mirror
from protocol.ffd.tags import T
from protocol.fn.commands import RegistrationType

TITLES = {
    RegistrationType.REGISTRATION: "ОТЧЁТ О РЕГИСТРАЦИИ",
    RegistrationType.FN_REPLACEMENT: "ОТЧЁТ О ПЕРЕРЕГИСТРАЦИИ",
    RegistrationType.RE_REGISTRATION: "ОТЧЁТ О ПЕРЕРЕГИСТРАЦИИ",
}


def complete_registration(kkt: Kkt, intent: Intent, made: Made) -> None:
    """«Отчёт о регистрации»; with an FN that is new to the till its shift and all that was of the old one ends."""
    memory = kkt.memory
    if intent.number == 1 or intent.fn_number != memory.mirror.fn_number:
        memory.totals.close_shift()
        memory.mirror = Mirror(fn_number=intent.fn_number)
        memory.mirror_is_lost = False
        memory.unprinted_report = 0
    documents.adopt(kkt, made)
    _remember(kkt, intent, made)
    kkt.paper.centre(TITLES[RegistrationType(intent.registration)])
    requisite_prints.of_registration(kkt, memory.requisites)
    documents.print_footer(kkt, made)


def _remember(kkt: Kkt, intent: Intent, made: Made) -> None:
    """Keep what is registered now, the flags that were told as 0 among it."""
    held = intent.requisites
    told = {T.FFD_VERSION: documents.FFD_1_05} if documents.ffd_version(kkt) else {}
    known = dict.fromkeys(FLAGS, b"\x00") | told | held
    kkt.memory.requisites = {tag: value for tag, value in known.items() if tag not in TOLD_ONCE}
    mirror = kkt.memory.mirror
    mirror.registration_number, mirror.registration_world = made.number, made.world
    mirror.registered_inn, mirror.registered_number = held[T.USER_INN], held[T.REGISTRATION_NUMBER]


def complete_settlement(kkt: Kkt, intent: Intent, made: Made) -> None:
    """«Отчёт о состоянии расчётов»: the till believes the FN about the shift."""
    if intent.shift is not None:
        documents.adopt_shift(kkt, intent.shift)
    documents.adopt(kkt, made)
    paper = kkt.paper
    paper.centre("ОТЧЁТ О СОСТОЯНИИ РАСЧЁТОВ")
    if made.unsent_documents is not None:
        paper.pair("НЕПЕРЕДАННЫХ ФД", str(made.unsent_documents))
    if made.first_unsent is not None:
        paper.pair("ПЕРВЫЙ ОТ", made.first_unsent.strftime("%d.%m.%y"))
    documents.print_footer(kkt, made)


def complete_archive(kkt: Kkt, intent: Intent, made: Made) -> None:
    """«Отчёт о закрытии ФН»."""
    documents.adopt(kkt, made)
    kkt.paper.centre("ОТЧЁТ О ЗАКРЫТИИ ФН")
    documents.print_footer(kkt, made)
