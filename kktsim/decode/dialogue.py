"""A dialogue in the order it went: bytes of either side in, pieces with their meaning out.

The context is kept: frames may be cut anywhere, an answer is laid out as its request says. Nothing raises, whatever
the bytes are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum

from kktsim.decode import app, fn, ofd, tlv, v2, v3
from kktsim.decode.piece import Piece, Side
from protocol.atol.command import ANSWER_MARK, COMMANDS, PASSWORD_BYTES
from protocol.atol.link_v2_frame import Control
from protocol.atol.link_v3 import START
from protocol.fn import frame as fn_frame
from protocol.fn.russian import RUSSIAN


class Link(StrEnum):
    """What the bytes are."""

    V3 = "v3"
    V2 = "v2"
    APP = "app"
    FN = "fn"
    TLV = "tlv"
    OFD = "ofd"


DEAD_SECONDS = 5.0
"""A pause after which no frame goes on: longer than any time-out of the links. A message to an OFD does."""


class Dialogue:
    """One port's dialogue. ``link`` None: v2 or v3, as the bytes show, chosen anew whenever both sides are quiet.

    Where it is chosen, a frame of v2 that was begun ends where a sound frame of v3 follows it.
    """

    def __init__(self, link: Link | None = None) -> None:
        self._chooses = link is None
        self.link = link
        self._v3 = {side: v3.Splitter() for side in Side}
        self._v2 = {side: v2.Splitter() for side in Side}
        self._ofd = {side: ofd.Splitter() for side in Side}
        self._v3_meaning = v3.Meaning()
        self._v2_meaning = v2.Meaning()
        self._messages = Messages()
        self._frames = FnFrames()
        self._heard_at: float | None = None

    def feed(self, side: Side, data: bytes, at: float | None = None) -> list[Piece]:
        """What is complete now. ``at``: when it came, in seconds, where that is known."""
        if not data:
            return []
        was, self._heard_at = self._heard_at, at
        if self.link is not Link.OFD and was is not None and at is not None and at - was >= DEAD_SECONDS:
            return [*self.finish(), *self._fed(side, data)]
        return self._fed(side, data)

    def _fed(self, side: Side, data: bytes) -> list[Piece]:
        if self._chooses and self._is_quiet:
            self._choose(data)
        if self.link is Link.V2:
            return self._fed_v2(side, data)
        if self.link is Link.APP:
            return [self._messages.piece(data, side)]
        if self.link is Link.FN:
            return list(self._frames.feed(data, side))
        if self.link is Link.TLV:
            return [tlv.piece(data, side)]
        if self.link is Link.OFD:
            return [ofd.piece(raw, side) for raw in self._ofd[side].feed(data)]
        return [self._v3_meaning.piece(raw, side) for raw in self._v3[side].feed(data)]

    def _fed_v2(self, side: Side, data: bytes) -> list[Piece]:
        splitter = self._v2[side]
        unread = splitter.unread + data
        found = list(splitter.feed(data))
        start = None
        if self._chooses and not any(raw.data is not None for raw in found):
            start = v3.first_sound(unread)
        if start is not None:
            splitter = self._v2[side] = v2.Splitter()
            found = [*splitter.feed(unread[:start]), *splitter.finish()]
        told = [self._v2_meaning.piece(raw, side) for raw in found]
        if start is None:
            return told
        self.link = Link.V3
        return [*told, *self._fed(side, unread[start:])]

    def finish(self) -> list[Piece]:
        """What was begun and never completed."""
        found = [self._v3_meaning.piece(raw, side) for side, one in self._v3.items() for raw in one.finish()]
        found += [self._v2_meaning.piece(raw, side) for side, two in self._v2.items() for raw in two.finish()]
        found += [ofd.piece(raw, side) for side, one_way in self._ofd.items() for raw in one_way.finish()]
        return found

    @property
    def _is_quiet(self) -> bool:
        return all(one.is_idle for one in self._v3.values()) and all(one.is_idle for one in self._v2.values())

    def _choose(self, data: bytes) -> None:
        """Which link begins here: the first byte that can begin one decides; junk leaves it as it is."""
        for byte in data:
            if byte == START:
                self.link = Link.V3
                return
            if byte in (Control.ENQ, Control.STX) or (self.link is Link.V2 and byte in v2.MEANINGS):
                self.link = Link.V2
                return


class Messages:
    """Application messages without a link, one at a time; an answer belongs to the request before it."""

    def __init__(self) -> None:
        self._asked: tuple[bytes, bool] | None = None

    def piece(self, data: bytes, side: Side | None, *, has_password: bool | None = None) -> Piece:
        """A request or an answer; ``side`` None: as it looks. ``has_password`` None: as it looks."""
        speaks = side or (Side.HOST if looks_like_request(data) else Side.TILL)
        if speaks is Side.HOST:
            password = looks_like_password(data) if has_password is None else has_password
            self._asked = (data, password)
            return app.request(data, speaks, has_password=password)
        asked, self._asked = self._asked, None
        if asked is None:
            return app.answer(data, None, speaks)
        return app.answer(data, asked[0], speaks, has_password=asked[1])


def looks_like_password(data: bytes) -> bool:
    """Whether a request begins with the access password, as on the wire, or with the command, as people type it."""
    if len(data) <= PASSWORD_BYTES or data[PASSWORD_BYTES] not in COMMANDS:
        return False
    password = data[:PASSWORD_BYTES]
    return password.hex().isdecimal() and (data[0] not in COMMANDS or not any(password))


def looks_like_request(data: bytes) -> bool:
    """Whether these bytes ask; an answer begins with 55, with a mark of its own, or with 00 that is no password."""
    if data[:1] == bytes((ANSWER_MARK,)):
        return False
    return looks_like_password(data) or (data[:1] != b"" and data[0] in COMMANDS and not app.looks_like_answer(data))


class FnFrames:
    """Frames between till and FN; the till asks first."""

    def __init__(self) -> None:
        self._asked = b""
        """The frame that waits for its answer."""
        self._blocks = fn.MessageBlocks()

    def feed(self, data: bytes, side: Side | None) -> Iterator[Piece]:
        """Every frame in ``data``; HOST is the till here. ``side`` None: asked and answered by turns."""
        for raw in _fn_frames(data):
            if raw == fn_frame.ENQ and side is not Side.TILL:
                yield fn.frame(raw, Side.HOST, None)
                continue
            speaks = side or self._turn(raw)
            asked, self._asked = self._asked, raw if speaks is Side.HOST and len(raw) > 3 else b""
            told = fn.frame(raw, speaks, asked[3] if asked else None)
            message = self._blocks.heard(asked, raw) if speaks is Side.TILL else None
            yield told if message is None else replace(told, inside=(*told.inside, message))

    def _turn(self, raw: bytes) -> Side:
        is_asking = not self._asked and len(raw) > 3 and raw[3] in RUSSIAN
        return Side.HOST if is_asking else Side.TILL


def _fn_frames(data: bytes) -> Iterable[bytes]:
    """``data`` cut into frames by their lengths; what is left over is the last."""
    found: list[bytes] = []
    while len(data) > 3 and data[0] == fn_frame.START:
        whole = int.from_bytes(data[1:3], "little") + 5
        if whole < 6 or whole >= len(data):
            break
        found.append(data[:whole])
        data = data[whole:]
    if data[:1] == fn_frame.ENQ and len(data) > 1:
        return [*found, fn_frame.ENQ, *_fn_frames(data[1:])]
    return [*found, data] if data else found
