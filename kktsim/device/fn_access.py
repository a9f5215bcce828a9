"""Command A4: the FN's own questions, passed through.

Only questions pass, and the reset of a test FN: a document made behind the till's back, or a message to the OFD taken
out of the queue, would part the two for good. The answer comes back as the FN gave it, except that of 35h, which the
till gives in blocks. Source: ATOL protocol 3.1, command A4; which FN commands a real till lets through is a guess.
"""

from kktsim.device.dispatch import handles
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal
from protocol.atol.commands.fn import AskFn
from protocol.atol.kkt_codes import E
from protocol.fn.commands import FnCommand

QUESTIONS = frozenset((0x10, 0x20, *range(0x30, 0x40), *range(0x40, 0x48), 0x60))
DIAGNOSTICS_BLOCK_BYTES = 128
"""Bytes of one block of 35h (guess)."""


@handles(AskFn, while_printing=True, acts_with=(FnCommand.RESET,))
def ask_fn(kkt: Kkt, request: AskFn, at: float) -> bytes:
    """«Выполнить команду ФН»: the reset of a test FN waits for its turn, and is answered 9Bh with an open receipt."""
    if request.command not in QUESTIONS:
        raise Refusal(E.UNKNOWN_COMMAND)
    if request.command == FnCommand.RESET and kkt.memory.receipt is not None:
        raise Refusal(E.RECEIPT_OPEN)
    if request.command == FnCommand.DIAGNOSTICS and len(request.data) == 1:
        return _block_of_diagnostics(kkt, request.data[0], at)
    return kkt.fn.do(request.command, request.data, at)


def _block_of_diagnostics(kkt: Kkt, block: int, at: float) -> bytes:
    """How many blocks the FN's diagnostics have, and one of them, counted from 0; of one that there is not, DAh."""
    whole = kkt.fn.do(FnCommand.DIAGNOSTICS, b"", at)
    starts = range(0, max(len(whole), 1), DIAGNOSTICS_BLOCK_BYTES)
    if block >= len(starts):
        raise Refusal(E.FN_NO_DATA)
    return bytes((len(starts),)) + whole[starts[block] : starts[block] + DIAGNOSTICS_BLOCK_BYTES]
