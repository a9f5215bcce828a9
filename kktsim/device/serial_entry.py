"""Chapter «Ввод заводского номера»: 61.

The number is that of the till's plate and passport; only a board without one takes it. 62h, 65h and 66h of the same
mode belong to a memory of payment documents («память ПД») that a till with an FN does not have.
"""

from dataclasses import replace

from kktsim.device.dispatch import handles
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.resets import EnterSerialNumber
from protocol.atol.kkt_codes import E


@handles(EnterSerialNumber, mode=Mode.SERIAL_ENTRY)
def enter_serial_number(kkt: Kkt, request: EnterSerialNumber, at: float) -> bytes:
    """«Ввод заводского номера»: 9Eh when the board has one, A5h (a guess) for a number of another till."""
    board = kkt.memory.board
    if board.has_serial_number:
        raise Refusal(E.SERIAL_ALREADY_SET)
    if request.number != bytes.fromhex(kkt.model.serial_number):
        raise Refusal(E.BAD_SERIAL)
    kkt.memory.board = replace(board, has_serial_number=True)
    return b""
