"""What must hold for the values of 03h and A3h; otherwise the FN answers 09h. A table: name, rule, source.

Sources: FNS, «Описание интерфейса ФН» 1.2, command 03h; FNS order ЕД-7-20/662@, appendix 2; for the flags that do not
go together a service program's list of registrations that are not accepted (that the FN refuses them is an inference).
"""

from collections.abc import Callable
from typing import NamedTuple

from fn_model.composition_1_1 import CONDITION_TAGS
from fn_model.model import FnModel
from fn_model.refusal import FnRefusal
from fn_model.state import AnyRegistration, BegunDocument, FnState
from fn_model.transitions import Stage
from protocol.ffd.formats import FFD_1_2
from protocol.ffd.numbers import inn_is_right, registration_number_is_right
from protocol.ffd.tags import T
from protocol.fn.commands import ExtendedMode, FnCode, WorkMode
from protocol.fn.requests import FullRegistration


class Registering(NamedTuple):
    """A registration that is asked for. ``begun``: its document, with the requisites that the KKT has told."""

    state: FnState
    model: FnModel
    begun: BegunDocument
    request: AnyRegistration


def conditions(begun: BegunDocument, request: AnyRegistration) -> ExtendedMode:
    """The second flags of the registration: of A3h, or under 03h those told as requisites."""
    if isinstance(request, FullRegistration):
        return request.extended_mode
    told = ExtendedMode.NONE
    for tag, flag in CONDITION_TAGS.items():
        if any(begun.tags.get(tag, b"")):
            told |= flag
    return told


def agents(begun: BegunDocument) -> int:
    """«Признак агента» (1057) of the report: a mask, 0 when it is not told."""
    return int.from_bytes(begun.tags.get(T.AGENT, b""), "little")


def _is_number(text: str, *lengths: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) in lengths


def _registration_number(now: Registering) -> bool:
    return _is_number(now.request.registration_number, 16)


def _check_digits(now: Registering) -> bool:
    if now.model.settings.registration_number_check != "digits":
        return True
    serial_number = now.begun.tags.get(T.SERIAL_NUMBER, b"").decode("cp866")
    return registration_number_is_right(now.request.registration_number, now.request.inn, serial_number)


def _inn(now: Registering) -> bool:
    return _is_number(now.request.inn, 10, 12)


def _inn_check_digits(now: Registering) -> bool:
    return not now.model.settings.inn_digits_checked or inn_is_right(now.request.inn)


def _same_numbers(now: Registering) -> bool:
    if not now.state.reports:
        return True
    first = now.state.reports[0].request
    return (first.inn, first.registration_number) == (now.request.inn, now.request.registration_number)


def _tax_systems(now: Registering) -> bool:
    return 0 < now.request.tax_systems < 1 << 6


def _encryption(now: Registering) -> bool:
    return WorkMode.ENCRYPTION not in now.request.work_mode or not now.model.settings.encryption_refused


def _autonomous_encryption(now: Registering) -> bool:
    return WorkMode.ENCRYPTION | WorkMode.AUTONOMOUS not in now.request.work_mode


def _known_modes(now: Registering) -> bool:
    return WorkMode.WHOLESALE not in now.request.work_mode or now.begun.ffd >= FFD_1_2


def _ofd_inn(now: Registering) -> bool:
    request = now.request
    if not isinstance(request, FullRegistration) or WorkMode.AUTONOMOUS in request.work_mode:
        return True
    return _is_number(request.ofd_inn, 10, 12)


def _reason(now: Registering) -> bool:
    request = now.request
    if isinstance(request, FullRegistration):
        if now.begun.stage is not Stage.RE_REGISTERING:
            return True
        return bool(request.reasons) and not (request.reasons or 0) & _FN_REPLACED
    return request.reason is None or request.reason in _REASONS


_FN_REPLACED = 0x1
_REASONS = (2, 3, 4)


def _flags_checked(rule: Callable[[ExtendedMode, Registering], bool]) -> Callable[[Registering], bool]:
    def checked(now: Registering) -> bool:
        is_checked = now.model.settings.registration_flags_checked
        return not is_checked or rule(conditions(now.begun, now.request), now)

    return checked


def _no_excise_services(flags: ExtendedMode, now: Registering) -> bool:
    are_goods = bool(flags & (ExtendedMode.EXCISE | ExtendedMode.MARKED_GOODS))
    return not (are_goods and WorkMode.SERVICES in now.request.work_mode)


def _gambling_is_a_service(flags: ExtendedMode, now: Registering) -> bool:
    return ExtendedMode.GAMBLING not in flags or WorkMode.SERVICES in now.request.work_mode


def _marking_needs_ffd_1_2(flags: ExtendedMode, now: Registering) -> bool:
    return ExtendedMode.MARKED_GOODS not in flags or now.begun.ffd >= FFD_1_2


class Rule(NamedTuple):
    """One rule. ``name``: what must hold."""

    name: str
    holds: Callable[[Registering], bool]
    source: str


_INTERFACE = "FNS, «Описание интерфейса ФН» 1.2, command 03h"
_SERVICE = "a service program's list of registrations that are not accepted"

RULES: tuple[Rule, ...] = (
    Rule("the registration number has 16 digits", _registration_number, _INTERFACE),
    Rule("its check digits are the owner's and the till's", _check_digits, "FNS order ЕД-7-20/662@, paragraph 16"),
    Rule("the INN has 10 or 12 digits", _inn, "guess"),
    Rule("the INN has right check digits", _inn_check_digits, "guess: a named setting, off"),
    Rule(
        "INN and registration number stay those of the first report", _same_numbers, "a fiscal register's XML protocol"
    ),
    Rule("there are tax systems, and no unknown ones", _tax_systems, "FNS order ЕД-7-20/662@, table 6"),
    Rule("messages are not encrypted", _encryption, "guess: the algorithm is not public"),
    Rule("an autonomous KKT encrypts nothing", _autonomous_encryption, "FNS order ЕД-7-20/662@, table 15"),
    Rule("only FFD 1.2 knows wholesale", _known_modes, "a public client of FN-1.2"),
    Rule("the OFD's INN has 10 or 12 digits", _ofd_inn, "guess"),
    Rule("a reason is given, and not the FN's own", _reason, _INTERFACE),
    Rule("excise and marked goods are not sold as services", _flags_checked(_no_excise_services), _SERVICE),
    Rule("gambling is registered as a service", _flags_checked(_gambling_is_a_service), _SERVICE),
    Rule("marked goods need FFD 1.2", _flags_checked(_marking_needs_ffd_1_2), _SERVICE),
)
"""All rules; the first that does not hold refuses."""


def judge(now: Registering) -> None:
    """Raise FnRefusal 09h when a rule does not hold."""
    if not all(rule.holds(now) for rule in RULES):
        raise FnRefusal(FnCode.BAD_VALUE)
