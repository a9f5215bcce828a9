"""What a requisite written by E8h may hold: length and value by the table of tags, 13h when it is neither.

Source: FNS order ЕД-7-20/662@, appendix 2, tables 5 and 12-26; which code refuses a value is a guess: 13h is what a
real Evotor log shows for a parameter out of its range.
"""

from kktsim.device.refusal import Refusal, extended
from protocol.atol.kkt_codes import E, X
from protocol.ffd.composition import ALLOWED_VALUES
from protocol.ffd.formats import FFD_1_05
from protocol.ffd.tags import TAGS, Kind, T, Tag
from protocol.ffd.tlv import TlvError, decode, split

_ONE_KIND = frozenset({0, *(1 << bit for bit in range(7))})
"""One kind of agent, or none."""
_JUDGED_LATER = frozenset({T.TAX_SYSTEM, T.TAX_SYSTEMS})
"""Tax systems: 4Ah refuses them with a code of their own."""
_REASONS = frozenset(range(5))
"""Values of 1101; 0 is what ATOL's driver 10.8 writes at a first registration."""


def checked(tag: int, value: bytes) -> bytes:
    """``value`` as it is kept: texts of a fixed length with their spaces; raises `Refusal`."""
    row = TAGS.get(tag)
    if row is None:
        raise Refusal(E.BAD_FORMAT)
    if row.fixed and row.kind is Kind.TEXT and value:
        value = value.ljust(row.max_len)
    if not _fits(row, value):
        raise Refusal(E.BAD_FORMAT)
    if value:
        _check_value(tag, value)
    return value


def _fits(row: Tag, value: bytes) -> bool:
    """Whether the length is right and the bytes decode; an empty text is one that is not set."""
    if not value:
        return row.kind in (Kind.TEXT, Kind.VLN)
    if len(value) > row.max_len or (row.fixed and len(value) < row.max_len):
        return False
    if row.kind is Kind.STLV:
        return _is_whole(value)
    try:
        decode(row.number, value)
    except TlvError:
        return False
    return True


def _is_whole(value: bytes) -> bool:
    """Whether a structure is made of known requisites of right lengths."""
    try:
        parts = split(value)
    except TlvError:
        return False
    return all(tag in TAGS and _fits(TAGS[tag], inner) for tag, inner in parts)


def _check_value(tag: int, value: bytes) -> None:
    number = int.from_bytes(value, "little")
    if tag == T.RE_REGISTRATION_REASON:
        if number not in _REASONS:
            raise extended(X.WRONG_REASON, tag)
    elif tag == T.FFD_VERSION:
        if number != FFD_1_05:  # what 02h and 03h of the FN register
            raise extended(X.REQUISITE_BAD_CHANGE, tag)
    elif tag in ALLOWED_VALUES and tag not in _JUDGED_LATER and number not in ALLOWED_VALUES[tag]:
        raise Refusal(E.BAD_FORMAT)


def check_one_kind(value: bytes) -> None:
    """Raise `Refusal` 13h when a receipt or an item tells more than one kind of agent."""
    if int.from_bytes(value, "little") not in _ONE_KIND:
        raise Refusal(E.BAD_FORMAT)
