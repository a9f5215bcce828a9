"""What bytes are of which nobody knows more: the link, and who sent them."""

from collections.abc import Iterator

from kktsim.decode import app, fn, ofd, tlv, v2, v3
from kktsim.decode.dialogue import FnFrames, Link, Messages, looks_like_password
from kktsim.decode.piece import Piece, Side
from protocol.atol.command import ANSWER_MARK, COMMANDS
from protocol.atol.link_v2_frame import Control
from protocol.atol.link_v3 import START


def link_of(data: bytes) -> Link | None:
    """The link whose marks are found in ``data``; None when it looks like nothing we know."""
    if not data:
        return None
    if ofd.looks_right(data):
        return Link.OFD
    if START in data and _has_v3_frame(data):
        return Link.V3
    if fn.is_frame(data) or (data[:1] == b"\x04" and any(fn.is_frame(data[:end]) for end in range(6, len(data)))):
        return Link.FN
    if _is_v2(data):
        return Link.V2
    if data[0] == ANSWER_MARK or looks_like_password(data):
        return Link.APP
    if tlv.looks_right(data):
        return Link.TLV
    if data[0] in COMMANDS or app.looks_like_answer(data):
        return Link.APP
    if data[0] == START:
        return Link.V3
    if fn.has_length(data):
        return Link.FN
    return Link.V2 if data[0] == Control.STX else None


def pieces(data: bytes, link: Link, side: Side | None = None) -> Iterator[Piece]:
    """``data`` cut into pieces; who sent each is told by ``side``, else by the piece itself."""
    if link is Link.V3:
        three, meaning = v3.Splitter(), v3.Meaning()
        for raw in (*three.feed(data), *three.finish()):
            yield meaning.piece(raw, side or v3.side_of(raw))
    elif link is Link.V2:
        two, order, said = v2.Splitter(), v2.Order(), v2.Meaning()
        for one in (*two.feed(data), *two.finish()):
            yield said.piece(one, side or order.side(one))
    elif link is Link.FN:
        yield from FnFrames().feed(data, side)
    elif link is Link.TLV:
        yield tlv.piece(data, side)
    elif link is Link.OFD:
        messages = ofd.Splitter()
        yield from (ofd.piece(raw, side) for raw in (*messages.feed(data), *messages.finish()))
    else:
        yield Messages().piece(data, side)


def _has_v3_frame(data: bytes) -> bool:
    return any(raw.data is not None for raw in v3.Splitter().feed(data))


def _is_v2(data: bytes) -> bool:
    """Whether all of it is control bytes and frames, and at least one frame is sound or nothing else is there."""
    found = list(v2.Splitter().feed(data))
    if any(raw.data is not None for raw in found):
        return True
    return sum(len(raw.raw) for raw in found if raw.control is not None) == len(data)
