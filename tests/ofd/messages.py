"""Messages of tills, made by hand, and what an operator's replies come to."""

from collections.abc import Iterable

from fn_model.sign import message_sign
from kktsim.ofd.server import OfdServer, Reply
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.ffd.tlv import encode, tlv
from protocol.ofd import confirmation, container, session
from protocol.ofd.confirmation import Confirmation

FN = "9999078900000001"
OTHER_FN = "9999078900000002"
WORLD = 1_772_452_800.0
"""2026-03-02 12:00, as world seconds."""


def stlv(number: int, fn_number: str = FN, total_kopecks: int = 10_000) -> bytes:
    """A receipt, as far as an operator looks at it."""
    parts = (
        encode(T.FN_NUMBER, fn_number),
        encode(T.DOCUMENT_NUMBER, number),
        tlv(T.DATE_TIME, int(WORLD).to_bytes(4, "little")),
        encode(T.SHIFT_NUMBER, 3),
        encode(T.OPERATION, 1),
        encode(T.TOTAL, total_kopecks),
        encode(T.FISCAL_SIGN, b"\x21\x04\x00\x00\x01\x02"),
    )
    return tlv(DocumentType.RECEIPT, b"".join(parts))


def in_container(number: int, fn_number: str = FN, total_kopecks: int = 10_000, varying: bytes = bytes(4)) -> bytes:
    """The same as an FN hands it out."""
    document = stlv(number, fn_number, total_kopecks)
    return container.build_document(fn_number, number, document, message_sign(fn_number, document), varying)


def message(number: int, fn_number: str = FN, total_kopecks: int = 10_000) -> bytes:
    """The same as a till sends it."""
    return session.build_message(fn_number, in_container(number, fn_number, total_kopecks))


EMPTY = session.build_message(FN, b"", flags=session.Flags.ANSWER_EXPECTED)
"""A message that only tries the connection."""


def say(server: OfdServer, data: bytes, world: float = WORLD) -> list[Reply]:
    """What the operator does on a connection of its own that says ``data``."""
    line = server.connect()
    return line.opened(world) + line.receive(data, world)


def said(replies: Iterable[Reply]) -> bytes:
    """The bytes of replies, in order."""
    return b"".join(reply.data for reply in replies)


def answers(data: bytes) -> list[bytes]:
    """The containers of whole messages."""
    found: list[bytes] = []
    while data:
        size = session.HEADER_SIZE + session.parse_header(data[: session.HEADER_SIZE]).body_size
        assert len(data) >= size
        found.append(data[session.HEADER_SIZE : size])
        data = data[size:]
    return found


def confirmed(replies: Iterable[Reply]) -> Confirmation:
    """The one confirmation in replies."""
    [one] = answers(said(replies))
    return confirmation.parse(one)
