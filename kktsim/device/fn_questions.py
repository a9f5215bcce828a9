"""What the till asks its FN to know where the FN stands. Everything here raises `Refusal` when the FN does not tell.

Source: FNS, «Описание интерфейса ФН» 1.2, commands 06h 10h 30h 40h.
"""

from kktsim.device.kkt import Kkt, to_world
from kktsim.device.state import FnShift
from protocol.ffd.documents import DocumentType
from protocol.fn.answers import FnStatus, ShiftParameters
from protocol.fn.archive_answers import FoundDocument, ShiftDetails
from protocol.fn.commands import CurrentDocument, FnCommand


def ask(kkt: Kkt, at: float) -> FnStatus:
    """The FN's state."""
    return FnStatus.parse(kkt.fn.do(FnCommand.STATUS, b"", at))


def ask_status(kkt: Kkt, at: float) -> FnStatus:
    """The FN's state before a document is begun; one left half made, by an answer that got lost, is cancelled."""
    status = ask(kkt, at)
    if status.document is not CurrentDocument.NONE:
        kkt.fn.give_up(at)
    return status


def find(kkt: Kkt, number: int, at: float) -> FoundDocument | None:
    """The short form of a document; None: its record reads as zeros. One that there is not is DAh."""
    data = kkt.fn.do(FnCommand.FIND_DOCUMENT, number.to_bytes(4, "little"), at)
    try:
        return FoundDocument.parse(data)
    except ValueError:
        return None


def shift_parameters(kkt: Kkt, at: float) -> ShiftParameters:
    """The FN's shift."""
    return ShiftParameters.parse(kkt.fn.do(FnCommand.SHIFT_PARAMETERS, b"", at))


def shift_of_fn(kkt: Kkt, status: FnStatus, at: float) -> FnShift:
    """What the FN tells of its shift; when the till knows the open one, it knows when it was opened.

    Else the report that opened it is looked for among the last documents; if that cannot be read, the first document of
    the shift that can is taken for it.
    """
    parameters, mirror = shift_parameters(kkt, at), kkt.memory.mirror
    if not parameters.is_open:
        since = status.last_document_at
        return FnShift(False, parameters.shift, 0.0 if since is None else to_world(since))
    known = mirror.shift_is_open and (mirror.fn_number, mirror.shift_number) == (status.number, parameters.shift)
    since_world = mirror.shift_opened_world if known else _opened_world(kkt, status, parameters.shift, at)
    return FnShift(True, parameters.shift, since_world)


def _opened_world(kkt: Kkt, status: FnStatus, shift: int, at: float) -> float:
    since = status.last_document_at
    for number in range(status.last_document, 0, -1):
        found = find(kkt, number, at)
        if found is None:
            continue
        if isinstance(found.details, ShiftDetails) and found.details.shift != shift:
            break
        since = found.at
        if found.type == DocumentType.SHIFT_OPEN:
            break
    return 0.0 if since is None else to_world(since)
