"""What an operator answers: the confirmation of a document, and what it sends in its place when something is wrong.

The signs are the stand-ins that our FN verifies (`fn_model.sign`); a real operator's keys are secret. Every wrong
confirmation is right but for one thing, so that an FN refuses it for the reason that is meant.
"""

from collections.abc import Callable, Mapping

from fn_model import sign
from kktsim.ofd.failures import Failure, Planned
from kktsim.ofd.store import StoredDocument
from protocol.checksums import crc16
from protocol.ofd import confirmation, session
from protocol.ofd.confirmation import OfdAnswer
from protocol.ofd.container import build_document
from protocol.ofd.session import SessionHeader

GARBAGE_BYTES = 64
_CRC = slice(2, 4)
"""Where a container's check sum stands."""

ANSWERS: Mapping[Failure, OfdAnswer] = {
    Failure.NOT_RECOGNISED: OfdAnswer.NOT_RECOGNISED,
    Failure.FORMAT_LOGIC: OfdAnswer.FORMAT_LOGIC_ERROR,
}
"""Failures that are an answer code (1022) of the operator."""


def confirm(inn: str, fn_number: str, number: int, world: float, answer: int) -> bytes:
    """The container that confirms a document. ``inn``: of the operator; ``world``: when the document came."""
    proof = sign.ofd_sign(fn_number, number)
    stlv = confirmation.document(fn_number, number, inn, world, answer, proof)
    return build_document(fn_number, number, stlv, sign.confirmation_sign(fn_number, stlv))


def message(header: SessionHeader, container: bytes) -> bytes:
    """The answer on the wire to a message with ``header``: it repeats FN number and version."""
    return session.build_message(header.fn_number, container, header.p_version)


def empty_message(header: SessionHeader) -> bytes:
    """The answer without a container, to a message that has none (which flags it has is a guess)."""
    return session.build_message(header.fn_number, b"", header.p_version, 0)


def garbage(planned: Planned) -> bytes:
    """Random bytes."""
    return bytes(planned.draw(256) for _ in range(GARBAGE_BYTES))


def _for_another_fn(inn: str, one: StoredDocument) -> bytes:
    last = int(one.fn_number[-1]) ^ 1
    return confirm(inn, f"{one.fn_number[:-1]}{last}", one.number, one.received_world, one.answer)


def _for_another_document(inn: str, one: StoredDocument) -> bytes:
    return confirm(inn, one.fn_number, one.number ^ 1, one.received_world, one.answer)


def _with_a_wrong_crc(inn: str, one: StoredDocument) -> bytes:
    right = bytearray(one.confirmation)
    right[_CRC] = bytes(byte ^ 0xFF for byte in right[_CRC])
    return bytes(right)


def _with_a_wrong_sign(inn: str, one: StoredDocument) -> bytes:
    body = one.confirmation[_CRC.stop : -1] + bytes((one.confirmation[-1] ^ 0xFF,))
    size = one.confirmation[: _CRC.start]
    crc: int = crc16(size + body)
    return size + crc.to_bytes(2, "little") + body


WRONG: Mapping[Failure, Callable[[str, StoredDocument], bytes]] = {
    Failure.WRONG_FN: _for_another_fn,
    Failure.WRONG_NUMBER: _for_another_document,
    Failure.WRONG_CRC: _with_a_wrong_crc,
    Failure.WRONG_SIGN: _with_a_wrong_sign,
}
"""Failures that spoil the container of the confirmation; arguments: the operator's INN and the document."""
