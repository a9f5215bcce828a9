"""What the FN's last registration report says: the FN, not the till, knows what the till is registered for.

Each requisite is asked for by itself, so that a listing which a host has begun is not disturbed. Source: FNS,
«Описание интерфейса ФН» 1.2, command 44h.
"""

from collections.abc import Iterable

from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal
from protocol.atol.kkt_codes import E
from protocol.ffd.tlv import split
from protocol.fn.commands import FnCommand
from protocol.fn.requests import RegistrationRequisite


def requisite(kkt: Kkt, tag: int, at: float) -> bytes | None:
    """The value of one requisite of the report, None when it has none; raises `Refusal` when the FN cannot tell."""
    try:
        told = kkt.fn.do(FnCommand.REGISTRATION_REQUISITE, RegistrationRequisite(tag).build(), at)
    except Refusal as refusal:
        if refusal.code is E.FN_NO_DATA:
            return None
        raise
    return split(told)[0][1]


def requisites(kkt: Kkt, tags: Iterable[int], at: float) -> dict[int, bytes]:
    """Those requisites of the report that it has among ``tags``; raises `Refusal`, D4h when there is no report."""
    asked = ((tag, requisite(kkt, tag, at)) for tag in tags)
    return {tag: value for tag, value in asked if value is not None}
