"""Chapter «Коды защиты»: 6D enters one, 74 asks. The code follows from the till's serial number; its passport tells it.

Without the first code every command of registration mode is answered B1h (`dispatch.guard`); article protection_code.
Which code licenses what, and how the digits come about, is a guess: the real function is a secret of the maker.
"""

from dataclasses import replace
from hashlib import blake2b

from kktsim.device.dispatch import handles
from kktsim.device.kkt import Kkt
from kktsim.device.refusal import Refusal
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.resets import CODE_BYTES, AskProtectionCode, EnterProtectionCode
from protocol.atol.kkt_codes import E

NUMBERS = range(1, 31)
_KEY = b"kktsim"


def right_code(serial_number: str, number: int) -> bytes:
    """The code as 6Dh takes it: 16 digits in BCD."""
    word = blake2b(f"{serial_number} {number}".encode("ascii"), digest_size=8, key=_KEY).digest()
    return bytes.fromhex(f"{int.from_bytes(word, 'big') % 10 ** (2 * CODE_BYTES):0{2 * CODE_BYTES}d}")


@handles(EnterProtectionCode, mode=Mode.SELECTION)
def enter_protection_code(kkt: Kkt, request: EnterProtectionCode, at: float) -> bytes:
    """«Ввод кода защиты ККТ»: AEh for a wrong number or code, A9h on a board without a serial number (a guess)."""
    board = kkt.memory.board
    if request.number not in NUMBERS:
        raise Refusal(E.WRONG_PROTECTION_CODE)
    if not board.has_serial_number:
        raise Refusal(E.NO_SERIAL)
    if request.digits != right_code(kkt.model.serial_number, request.number):
        raise Refusal(E.WRONG_PROTECTION_CODE)
    kkt.memory.board = replace(board, protection_codes=board.protection_codes | {request.number})
    return b""


@handles(AskProtectionCode, while_printing=True)
def ask_protection_code(kkt: Kkt, request: AskProtectionCode, at: float) -> bytes:
    """«Запрос активизированности кода защиты ККТ»."""
    if request.number not in NUMBERS:
        raise Refusal(E.WRONG_PROTECTION_CODE)
    return bytes((request.number in kkt.memory.board.protection_codes,))
