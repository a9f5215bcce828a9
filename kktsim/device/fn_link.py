"""«Обмен с ФН»: asks the FN over the cable in its own frames and turns its codes into the till's (a table).

What the till gets when something is physically wrong: no answer or unreadable answers (asked again three times by
ENQ) is D2h (210); an answer «bad format», which is what the FN says to a damaged request, is D3h (211).

Source: FNS, «Описание интерфейса ФН» 1.2 (frames, ENQ); ATOL protocol 3.1, error bytes 210-241, whose names match the
FN's codes one to one; codes 0Ah-19h of later FNs by text.
"""

from typing import Protocol, Self

from kktsim.device.refusal import Refusal
from protocol.atol.kkt_codes import E
from protocol.fn.commands import FnCode, FnCommand
from protocol.fn.frame import ENQ, FrameError, build_request, parse_answer

ATTEMPTS = 4
"""The first answer, and three more asked for by ENQ when it cannot be read."""

KKT_CODES: dict[int, E] = {
    FnCode.BAD_FORMAT: E.FN_BAD_FORMAT,
    FnCode.WRONG_STATE: E.FN_WRONG_STATE,
    FnCode.FAILURE: E.FN_FAILURE,
    FnCode.CRYPTO_FAILURE: E.FN_CRYPTO_FAILURE,
    FnCode.TERM_OVER: E.FN_TERM_OVER,
    FnCode.ARCHIVE_FULL: E.FN_ARCHIVE_FULL,
    FnCode.BAD_DATE: E.FN_BAD_DATE,
    FnCode.NO_DATA: E.FN_NO_DATA,
    FnCode.BAD_VALUE: E.FN_BAD_VALUE,
    0x0A: E.FN_BAD_COMMAND,
    0x0B: E.FN_BAD_VALUE,
    0x0C: E.FN_BAD_VALUE,
    0x0D: E.FN_DATA_MISSING,
    0x0E: E.FN_TOO_MANY_ITEMS,
    FnCode.TLV_TOO_LARGE: E.FN_TLV_TOO_LARGE,
    FnCode.NO_TRANSPORT: E.FN_NO_TRANSPORT,
    FnCode.RESOURCE_EXHAUSTED: E.FN_RESOURCE_EXHAUSTED,
    FnCode.STORAGE_EXHAUSTED: E.FN_STORAGE_EXHAUSTED,
    FnCode.SEND_WAIT_EXCEEDED: E.FN_SEND_WAIT_EXCEEDED,
    FnCode.SHIFT_TOO_LONG: E.FN_SHIFT_TOO_LONG,
    FnCode.BAD_TIME_STEP: E.FN_BAD_TIME_STEP,
    0x18: E.FN_BAD_VALUE,
    0x19: E.FN_EXCISE,
    FnCode.OFD_REFUSED: E.FN_OFD_REFUSED,
}
"""FN answer code to the till's wire code; what is missing is shown as D3h. 0Bh, 0Ch and 18h are guesses."""

WARNING = 0x80
"""Bit 7 of an FN answer code: some warning flag is set. The till masks it."""


class CableEnd(Protocol):
    """The till's end of the cable."""

    def exchange(self, frame: bytes, world: float) -> bytes | None:
        """What comes back for ``frame``; None: nothing."""

    def copy(self) -> Self:
        """The same cable, and what is at its other end, for a fork."""


def is_fn_code(code: E) -> bool:
    """Whether a wire code tells of the FN: 210, or an FN answer code."""
    return code is E.FN_NO_ANSWER or code in _FN_BYTES


_FN_BYTES = frozenset(KKT_CODES.values())


class FnLink:
    """The till's dialogue with the FN."""

    __slots__ = ("cable", "last_command")

    def __init__(self, cable: CableEnd) -> None:
        self.cable = cable
        self.last_command = 0

    def ask(self, command: int, data: bytes, world: float) -> tuple[int, bytes]:
        """The FN's answer code, without the warning bit, and its data; raises `Refusal` D2h when it is silent.

        «Bad format» in answer to ENQ may mean the ENQ: what the FN has done before is not known then.
        """
        self.last_command = command
        answer = self.cable.exchange(build_request(command, data), world)
        for attempt in range(ATTEMPTS):
            if answer is None:
                break
            try:
                code, payload = parse_answer(answer)
            except FrameError:
                answer = self.cable.exchange(ENQ, world)
                continue
            if attempt and code & ~WARNING == FnCode.BAD_FORMAT:
                break
            return code & ~WARNING, payload
        raise Refusal(E.FN_NO_ANSWER)

    def do(self, command: int, data: bytes, world: float) -> bytes:
        """The data of a good answer; raises `Refusal` with the till's code for the FN's."""
        code, payload = self.ask(command, data, world)
        if code:
            raise Refusal(KKT_CODES.get(code, E.FN_BAD_FORMAT))
        return payload

    def give_up(self, world: float) -> None:
        """Cancel the document that was begun, as well as it can be: a silent FN has forgotten it anyway."""
        try:
            self.do(FnCommand.CANCEL_DOCUMENT, b"", world)
        except Refusal:
            return
