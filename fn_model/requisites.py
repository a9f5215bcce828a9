"""What FN-1.1 and later check in the data of 07h: one reading of the bytes against the book of the document.

FN-1 looks only whether the lengths add up. Which check comes first is a guess.
"""

from collections.abc import Mapping
from struct import Struct
from typing import NamedTuple

from fn_model import requisite_books
from fn_model.model import FnModel
from fn_model.refusal import FnRefusal
from fn_model.requisite_books import COUNTED, Book, Registered, Row
from fn_model.settings import FnSettings
from fn_model.state import BegunDocument, FnState
from protocol.ffd.tags import TAGS, UNLIMITED, T
from protocol.ffd.tlv import TlvError, split
from protocol.fn.commands import FnCode

_HEADER = Struct("<HH")
_TAG = Struct("<H")
UNKNOWN_DETAIL = b"\0"
"""Follows the missing tag in an answer 0Dh: there is one byte more, and no source tells what it means."""


class Received(NamedTuple):
    """What one 07h brought.

    ``tags``: the first value of each; ``items``: how many of 1059; ``kinds``: bit n is set for an item of kind n.
    """

    tags: dict[int, bytes]
    items: int
    kinds: int


def received(data: bytes, begun: BegunDocument, state: FnState, model: FnModel) -> Received:
    """The requisites in ``data``; raises FnRefusal for the first fault found.

    Lengths that do not add up: by setting. 0Bh: not allowed in this document. 0Ch: came already. 0Dh: an item lacks
    what is counted. 0Eh: too many items. 18h: wrong length or value. 19h: not registered for it. The tag follows the
    code, except the first and 0Eh.
    """
    settings = model.settings
    if not settings.composition_checked:
        return Received(_first_values(data, settings.broken_tlv_code), 0, 0)
    registered = None
    if begun.type in COUNTED:
        registered = Registered.of(state.reports[-1], settings.contradictions_checked)
    reading = _Reading(data, settings)
    book = requisite_books.book(begun.type, begun.ffd, registered)
    tags = reading.read(0, len(data), book, begun.tags)
    if begun.items + reading.items > model.most_items:
        raise FnRefusal(FnCode.TOO_MANY_ITEMS)
    return Received(tags, reading.items, reading.kinds)


def require_counted(begun: BegunDocument) -> None:
    """Raise FnRefusal 0Dh when a document that is to be formed lacks what the FN's counters need."""
    for tag in COUNTED.get(begun.type, ()):
        if tag not in begun.tags:
            raise _missing(tag)


def _first_values(data: bytes, broken_code: int) -> dict[int, bytes]:
    try:
        return dict(reversed(split(data)))
    except TlvError:
        raise FnRefusal(FnCode(broken_code)) from None


class _Reading:
    """One pass over the data of a document, with its items counted. Every receipt passes here."""

    __slots__ = ("_data", "_settings", "items", "kinds")

    def __init__(self, data: bytes, settings: FnSettings) -> None:
        self._data = data
        self._settings = settings
        self.items = 0
        self.kinds = 0

    def read(
        self, position: int, end: int, book: Book, known: Mapping[int, bytes], parent: int = 0
    ) -> dict[int, bytes]:
        """The first value of each tag between two offsets; raises FnRefusal.

        ``known``: tags that came before; ``parent``: tag of the structure, 0 outside of one.
        """
        data, unpack, row_of = self._data, _HEADER.unpack_from, book.rows.get
        first: dict[int, bytes] = {}
        while position < end:
            start = position + 4
            if start > end:
                raise self._broken(parent)
            tag, length = unpack(data, position)
            position = start + length
            if position > end:
                raise self._broken(parent)
            smallest, largest, special = row_of(tag) or self._stranger(tag)
            value = data[start:position]
            if tag not in first and tag not in known:
                first[tag] = value
            elif special is None or not special.repeats:
                raise _refusal(FnCode.DUPLICATE_TAG, tag)
            if not smallest <= length <= largest:
                raise _refusal(FnCode.BAD_REQUISITE, tag)
            if special is not None:
                refusal, values, inside, _ = special
                code = refusal if values is None or refusal else values.get(value, FnCode.BAD_REQUISITE)
                if code:
                    raise _refusal(code, tag)
                if inside is not None:
                    self._read_structure(tag, start, position, inside)
        return first

    def _read_structure(self, tag: int, start: int, end: int, book: Book) -> None:
        inside = self.read(start, end, book, _NOTHING, tag)
        for needed in book.needed:
            if needed not in inside:
                raise _missing(needed)
        if tag == _ITEM:
            self.items += 1
            kind = inside.get(_ITEM_TYPE)
            if kind is not None:
                self.kinds |= 1 << kind[0]

    def _stranger(self, tag: int) -> Row:
        """The row of a tag that does not belong there: 0Bh, unless no format knows it and such may come."""
        if tag in TAGS or not self._settings.unknown_tags_pass:
            raise _refusal(FnCode.TAG_NOT_ALLOWED, tag)
        return _UNKNOWN

    def _broken(self, parent: int) -> FnRefusal:
        return _refusal(FnCode.BAD_REQUISITE, parent) if parent else FnRefusal(FnCode(self._settings.broken_tlv_code))


_ITEM, _ITEM_TYPE = int(T.ITEM), int(T.ITEM_TYPE)
_UNKNOWN: Row = (0, UNLIMITED, None)
_NOTHING: Mapping[int, bytes] = {}


def _refusal(code: int, tag: int) -> FnRefusal:
    return FnRefusal(FnCode(code), _TAG.pack(tag))


def _missing(tag: int) -> FnRefusal:
    return FnRefusal(FnCode.DATA_MISSING, _TAG.pack(tag) + UNKNOWN_DETAIL)
