"""What a registration needs: which requisites, which values together, which reason of a re-registration it has.

Sources: FNS order ЕД-7-20/662@, appendix 2, tables 12, 15 and 16 (FFD 1.05: what is mandatory, tag 1101; tag 1205 as
later formats number it); ATOL protocol 3.1, error bytes A6h and A7h and register 37h by their texts; article err_1057.
"""

from collections.abc import Callable, Mapping

from kktsim.device import documents, fn_report
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal, extended
from protocol.atol.kkt_codes import E, X
from protocol.ffd.numbers import REGISTRATION_NUMBER_DIGITS, inn_is_right, registration_number_is_right
from protocol.ffd.tags import T

Held = Mapping[int, bytes]
"""Requisites by tag."""

REQUIRED = (
    T.USER_INN,
    T.REGISTRATION_NUMBER,
    T.TAX_SYSTEMS,
    T.USER_NAME,
    T.SETTLEMENT_ADDRESS,
    T.SETTLEMENT_PLACE,
    T.AGENT,
)
"""Requisites without which A6h refuses; that 1057 is one of them is what article err_1057 shows.

Firmware of FFD 1.0 times does not ask for 1057: a guess, which lets a till come to lack it.
"""
FLAGS = (
    T.AUTONOMOUS_MODE,
    T.ENCRYPTION,
    T.AUTOMATIC_MODE,
    T.SERVICES,
    T.STRICT_FORM_SYSTEM,
    T.INTERNET_ONLY,
    T.LOTTERY,
    T.GAMBLING,
    T.EXCISE,
    T.PRINTER_IN_MACHINE,
)
"""Flags that are 0 unless they are written."""
TOLD_ONCE = frozenset((T.RE_REGISTRATION_REASON, T.CHANGE_REASONS))
"""Requisites of one report, not of the till: the reason of a re-registration."""
FN_REPLACED, OFD, OWNER, SETTINGS = 1, 2, 3, 4
"""«Код причины перерегистрации», tag 1101."""
_REASON_OF_TAG: dict[int, int] = {
    T.OFD_INN: OFD,
    T.OFD_NAME: OFD,
    T.USER_NAME: OWNER,
    T.SETTLEMENT_ADDRESS: OWNER,
    T.SETTLEMENT_PLACE: OWNER,
}
"""What a changed requisite is the reason of; the others change the settings."""
_REASON_OF_BIT: dict[int, int] = {1: FN_REPLACED, 2: OFD, 3: OWNER, 4: OWNER}
_REASON_OF_BIT.update(dict.fromkeys((*range(5, 16), *range(18, 23), 32), SETTINGS))
"""Reason of later formats (tag 1205, counted from 1) to the one of FFD 1.05."""


def is_set(held: Held, tag: int) -> bool:
    """Whether a flag is there and not 0."""
    return any(held.get(tag, b""))


_NEEDED_IN: tuple[tuple[int, Callable[[Held], bool]], ...] = (
    (T.OFD_INN, lambda held: not is_set(held, T.AUTONOMOUS_MODE)),
    (T.MACHINE_NUMBER, lambda held: is_set(held, T.AUTOMATIC_MODE)),
)
"""Requisites that are needed in one working mode: who waits for the documents, which machine the till is in."""


def check(kkt: Kkt, held: Held) -> None:
    """Raise `Refusal` for what is wrong with the requisites to be registered.

    EEh/0206h with the tag: one is missing. EEh/0205h: an autonomous till encrypts nothing. A7h, A6h: an INN, a
    registration number that cannot be.
    """
    needed = [*REQUIRED, *(tag for tag, is_needed in _NEEDED_IN if is_needed(held))]
    for tag in needed:
        if not held.get(tag) and (tag != T.AGENT or documents.ffd_version(kkt)):
            raise extended(X.REQUISITE_MISSING, tag)
    if is_set(held, T.AUTONOMOUS_MODE) and is_set(held, T.ENCRYPTION):
        raise extended(X.REQUISITE_COMBINATION, T.ENCRYPTION)
    inn, number = _text(held[T.USER_INN]), _text(held[T.REGISTRATION_NUMBER])
    if not inn_is_right(inn):
        raise Refusal(E.BAD_INN)
    if not _is_registration_number(kkt, number, inn):
        raise Refusal(E.BAD_REGISTRATION_NUMBER)


def _is_registration_number(kkt: Kkt, number: str, inn: str) -> bool:
    if kkt.settings.registration_number_check == "digits":
        return len(number) == REGISTRATION_NUMBER_DIGITS and number.isascii() and number.isdigit()
    return registration_number_is_right(number, inn, kkt.model.serial_number)


def reason(kkt: Kkt, held: Held, at: float) -> int:
    """«Код причины перерегистрации» of the same FN: as told, by 1101 or 1205, else by what differs from its report.

    Of several reasons the first by number, a guess: the FN takes one. Raises `Refusal` EEh/020Bh: a reason that there
    is not, or that the FN was replaced.
    """
    told = _told(held)
    if told == FN_REPLACED:
        raise extended(X.WRONG_REASON, T.CHANGE_REASONS)
    if told:
        return told
    reported = fn_report.requisites(kkt, _COMPARED, at)
    changed = (tag for tag in _COMPARED if _plain(held, tag) != _plain(reported, tag))
    return min((_REASON_OF_TAG.get(tag, SETTINGS) for tag in changed), default=SETTINGS)


def check_replacement(held: Held) -> None:
    """Raise `Refusal` EEh/020Bh when the reason told is another than the replaced FN."""
    if _told(held) not in (0, FN_REPLACED):
        raise extended(X.WRONG_REASON, T.CHANGE_REASONS)


_COMPARED = sorted({*REQUIRED, *FLAGS, *_REASON_OF_TAG, T.FNS_SITE, T.SENDER_EMAIL, T.MACHINE_NUMBER})


def _told(held: Held) -> int:
    """The reason that E8h has brought, by 1205 or else by 1101; 0: none."""
    mask = int.from_bytes(held.get(T.CHANGE_REASONS, b""), "little")
    bits = [bit for bit in range(1, 33) if mask >> (bit - 1) & 1]
    if not _REASON_OF_BIT.keys() >= set(bits):
        raise extended(X.WRONG_REASON, T.CHANGE_REASONS)
    by_mask = min((_REASON_OF_BIT[bit] for bit in bits), default=0)
    return by_mask or int.from_bytes(held.get(T.RE_REGISTRATION_REASON, b""), "little")


def _plain(held: Held, tag: int) -> bytes:
    """A value for comparing: padding and leading zeros do not count."""
    return held.get(tag, b"").rstrip(b" \0")


def _text(value: bytes) -> str:
    return value.decode("cp866").strip()
