"""What FN-1.1 checks in the data of 07h: whole TLVs, known ones well-formed, none that it forms itself, none twice.

FN-1 looks only whether the lengths add up. Sources: lists of answer codes 0Bh, 0Ch, 18h in public clients of FN-1.1;
that the tag follows the code, a till vendor's notes. Which check comes first is a guess.
"""

import struct
from collections.abc import Collection
from functools import cache

from fn_model.refusal import FnRefusal
from protocol.ffd.tags import TAGS, Kind
from protocol.fn.commands import FnCode

_HEADER = struct.Struct("<HH")
_TAG = struct.Struct("<H")
_ANY_SIZE = (0, 0xFFFF)


@cache
def _sizes() -> dict[int, tuple[int, int]]:
    """Bytes of the smallest and of the largest value, by tag."""
    return {tag: (row.max_len if row.fixed else 0, row.max_len) for tag, row in TAGS.items()}


@cache
def _structures() -> frozenset[int]:
    return frozenset(tag for tag, row in TAGS.items() if row.kind is Kind.STLV)


@cache
def _repeatable() -> frozenset[int]:
    return frozenset(tag for tag, row in TAGS.items() if row.repeatable)


def received(data: bytes, formed_by_fn: Collection[int], known: Collection[int]) -> dict[int, bytes]:
    """The first value of each tag in ``data``; raises FnRefusal 01h, 0Bh, 0Ch or 18h for the first fault found.

    ``known``: tags that the document has already got. Every receipt passes here, so it is one loop over offsets.
    """
    unpack, sizes, structures = _HEADER.unpack_from, _sizes(), _structures()
    first: dict[int, bytes] = {}
    position, end = 0, len(data)
    while position < end:
        start = position + 4
        if start > end:
            raise FnRefusal(FnCode.BAD_FORMAT)
        tag, length = unpack(data, position)
        position = start + length
        if position > end:
            raise FnRefusal(FnCode.BAD_FORMAT)
        if tag in formed_by_fn:
            raise _refusal(FnCode.TAG_NOT_ALLOWED, tag)
        if tag not in first and tag not in known:
            first[tag] = data[start:position]
        elif tag not in _repeatable():
            raise _refusal(FnCode.DUPLICATE_TAG, tag)
        smallest, largest = sizes.get(tag, _ANY_SIZE)
        if not smallest <= length <= largest:
            raise _refusal(FnCode.BAD_REQUISITE, tag)
        if tag in structures:
            _check_structure(tag, data[start:position])
    return first


def _check_structure(parent: int, value: bytes) -> None:
    """Refuse a structure that is not whole TLVs of right lengths; structures inside it are not opened."""
    unpack, size_of, any_size = _HEADER.unpack_from, _sizes().get, _ANY_SIZE
    position, end = 0, len(value)
    while position < end:
        try:
            tag, length = unpack(value, position)
        except struct.error:
            raise _refusal(FnCode.BAD_REQUISITE, parent) from None
        position += 4 + length
        if position > end:
            raise _refusal(FnCode.BAD_REQUISITE, parent)
        smallest, largest = size_of(tag, any_size)
        if not smallest <= length <= largest:
            raise _refusal(FnCode.BAD_REQUISITE, tag)


def _refusal(code: FnCode, tag: int) -> FnRefusal:
    return FnRefusal(code, _TAG.pack(tag))
