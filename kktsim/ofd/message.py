"""What the till says to its operator: the head of the FN's queue, or a message that only tries the way.

The session header is the till's work; the FN gives the container. Sources: as of `protocol.ofd.session`; FNS, «Описание
интерфейса ФН» 1.2, 22h, 23h, 25h.
"""

from kktsim.device import Kkt
from protocol.fn.answers import parse_word
from protocol.fn.commands import FnCommand
from protocol.fn.layouts import FN_NUMBER_SIZE, LayoutError
from protocol.ofd import session

BLOCK_BYTES = 1024


def fn_number(kkt: Kkt, world: float) -> str:
    """The number of the FN, as it tells it. Raises Refusal, LayoutError."""
    number = kkt.fn.do(FnCommand.NUMBER, b"", world)
    if len(number) != FN_NUMBER_SIZE or not number.isdigit():
        raise LayoutError(f"{number!r} is no number of an FN")
    return number.decode("ascii")


def head(kkt: Kkt, number: str, world: float) -> bytes:
    """The message of the oldest document that waits; the FN then waits for its confirmation. Raises Refusal,
    LayoutError.
    """
    fn = kkt.fn
    length = parse_word(fn.do(FnCommand.BEGIN_MESSAGE, b"", world))
    parts: list[bytes] = []
    offset = 0
    while offset < length:
        ask = min(BLOCK_BYTES, length - offset)
        part = fn.do(FnCommand.READ_MESSAGE, offset.to_bytes(2, "little") + ask.to_bytes(2, "little"), world)
        if not part:
            break
        parts.append(part)
        offset += len(part)
    fn.do(FnCommand.END_MESSAGE, b"", world)
    return session.build_message(number, b"".join(parts), session.P_VERSIONS[kkt.model.ffd[2]])


def empty(number: str) -> bytes:
    """A header without a document."""
    return session.build_message(number, b"", flags=session.Flags.ANSWER_EXPECTED)
