"""«Отчёт о состоянии расчётов»: command 67h with type 09.

The FN tells in it what waits for the OFD. The document adopts the FN's numbers: a till that is locked because its FN is
a document ahead, or because the two differ about the shift, works again after it (article err_3933). Legal with the
shift open or closed. Sources: ATOL protocol 3.1, command 67; FNS, «Описание интерфейса ФН» 1.2, commands 18h and 19h.
"""

from dataclasses import replace

from kktsim.device import booking, comparison, documents, fn_questions
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal
from protocol.atol.kkt_codes import E
from protocol.ffd.documents import DocumentType
from protocol.fn.answers import SettlementResult
from protocol.fn.commands import FnCommand

REPORT_TYPE = 9
"""Type of 67h."""


def make_report(kkt: Kkt, at: float) -> None:
    """Make and print the report; raises `Refusal`: A8h, 9Bh, and what the FN says, with nothing changed."""
    if not kkt.is_registered:
        raise Refusal(E.NOT_REGISTERED)
    if kkt.memory.receipt is not None:
        raise Refusal(E.RECEIPT_OPEN)
    status = comparison.compare(kkt, at, adopts=kkt.settings.reports_adopt_fn)
    intent = documents.intend(kkt, DocumentType.SETTLEMENT, at, status)
    intent = replace(intent, shift=fn_questions.shift_of_fn(kkt, status, at))
    answer = documents.make(
        kkt,
        intent,
        (FnCommand.BEGIN_SETTLEMENT, documents.dated(kkt, at)),
        documents.ffd_version(kkt),
        (FnCommand.COMMIT_SETTLEMENT, b""),
        at,
    )
    result = SettlementResult.parse(answer)
    unsent, first = result.unsent_documents, result.first_unsent
    made = documents.Made(result.number, result.sign, intent.world, unsent_documents=unsent, first_unsent=first)
    booking.complete(kkt, intent, made)
