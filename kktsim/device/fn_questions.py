"""What the till asks its FN to know where the FN stands. Everything here raises `Refusal` when the FN does not tell.

Source: FNS, «Описание интерфейса ФН» 1.2, commands 06h 10h 30h 40h.
"""

from kktsim.device.kkt import Kkt, to_world
from kktsim.device.refusal import Refusal
from kktsim.device.state import FnShift
from protocol.atol.kkt_codes import E
from protocol.ffd.documents import DocumentType
from protocol.fn.answers import FnStatus, ShiftParameters
from protocol.fn.archive_answers import FoundDocument
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


def find(kkt: Kkt, number: int, at: float) -> FoundDocument:
    """The short form of a document; one whose record reads as zeros is as good as none: DAh (guess)."""
    data = kkt.fn.do(FnCommand.FIND_DOCUMENT, number.to_bytes(4, "little"), at)
    try:
        return FoundDocument.parse(data)
    except ValueError:
        raise Refusal(E.FN_NO_DATA) from None


def shift_of_fn(kkt: Kkt, status: FnStatus, at: float) -> FnShift:
    """What the FN tells of its shift; the report that opened it is looked for among the last documents."""
    parameters = ShiftParameters.parse(kkt.fn.do(FnCommand.SHIFT_PARAMETERS, b"", at))
    since = status.last_document_at
    number = status.last_document
    while parameters.is_open and number:
        found = find(kkt, number, at)
        since, number = found.at, number - 1
        if found.type == DocumentType.SHIFT_OPEN:
            break
    return FnShift(parameters.is_open, parameters.shift, 0.0 if since is None else to_world(since))
