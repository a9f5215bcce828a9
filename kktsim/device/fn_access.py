"""Command A4: the FN's own questions, passed through.

Only questions pass, and the reset of a test FN: a document made behind the till's back would part the two for good.
Source: ATOL protocol 3.1, command A4; which FN commands a real till lets through is a guess.
"""

from kktsim.device.dispatch import handles
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal
from protocol.atol.commands.fn import AskFn
from protocol.atol.kkt_codes import E

QUESTIONS = frozenset((0x10, 0x20, *range(0x30, 0x40), *range(0x40, 0x48), 0x60))


@handles(AskFn, while_printing=True)
def ask_fn(kkt: Kkt, request: AskFn, at: float) -> bytes:
    """«Выполнить команду ФН»."""
    if request.command not in QUESTIONS:
        raise Refusal(E.UNKNOWN_COMMAND)
    return kkt.fn.do(request.command, request.data, at)
