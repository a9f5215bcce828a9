"""Requisites (TLV, and STLV inside each other) as a tree of fields with the names of the FFD.

Sources: ``protocol/ffd/tags``; sums of type VLN are kopecks (FNS order ЕД-7-20/662@, appendix 2).
"""

from collections.abc import Mapping
from functools import cache
from struct import Struct

from kktsim.decode.piece import Field, Piece, Side
from kktsim.decode.values import money, of_bytes, plain, show
from protocol.ffd import nomenclature
from protocol.ffd.tags import TAGS, Kind, T, Tag
from protocol.ffd.tlv import MAX_DEPTH, TlvError, Value, decode

NOT_MONEY = frozenset({1293, 1294})
"""Tags of type VLN that are no sums: numerator and denominator of a part."""
_HEADER = Struct("<HH")


def piece(data: bytes, side: Side | None = None, title: str = "реквизиты / requisites", offset: int = 0) -> Piece:
    """Concatenated TLVs. ``offset``: the byte of the message at which ``data`` begins, for what is told to be wrong."""
    parts, trouble = tree(data, offset)
    return Piece("tlv", title, data, parts, trouble=trouble, side=side)


def looks_right(data: bytes) -> bool:
    """Whether ``data`` is whole TLVs of known tags."""
    position = 0
    while position < len(data):
        if len(data) - position < _HEADER.size:
            return False
        tag, length = _HEADER.unpack_from(data, position)
        if tag not in TAGS:
            return False
        position += _HEADER.size + length
    return bool(data) and position == len(data)


def tree(data: bytes, offset: int = 0, depth: int = MAX_DEPTH) -> tuple[tuple[Field, ...], str]:
    """The requisites that can be read, and what is wrong with the rest."""
    if depth < 0:
        return (), f"byte {offset}: structures inside each other more than {MAX_DEPTH} deep"
    found: list[Field] = []
    trouble = ""
    position = 0
    while position < len(data):
        left = len(data) - position
        if left < _HEADER.size:
            return tuple(found), f"byte {offset + position}: a requisite begins with 4 bytes, {left} are left"
        tag, length = _HEADER.unpack_from(data, position)
        start = position + _HEADER.size
        value = data[start : start + length]
        one, wrong = _requisite(tag, value, offset + start, depth)
        found.append(one)
        if len(value) < length:
            wrong = f"byte {offset + position}: tag {tag} tells {length} bytes, {len(value)} are left"
        trouble = trouble or wrong
        position = start + length
    return tuple(found), trouble


def _requisite(tag: int, value: bytes, offset: int, depth: int) -> tuple[Field, str]:
    row = TAGS.get(tag)
    name = (row.json_name if row is not None else "") or _own_names().get(tag) or str(tag)
    russian = f"{tag} {row.name_ru}" if row is not None else f"{tag} неизвестный реквизит"
    if row is not None and row.kind is Kind.STLV:
        parts, trouble = tree(value, offset, depth - 1)
        return Field(name, russian, None, "", parts), trouble
    try:
        read = decode(tag, value)
    except TlvError as error:
        return Field(name, russian, plain(value), of_bytes(value)), f"byte {offset}: {error}"
    return Field(name, russian, plain(read), _show(row, read)), ""


@cache
def _own_names() -> Mapping[int, str]:
    """What tags without a JSON name are called in this program."""
    return {one.value: one.name.lower() for one in T}


def _show(row: Tag | None, value: Value) -> str:
    if row is not None and row.kind is Kind.VLN and row.number not in NOT_MONEY and isinstance(value, int):
        return money(value)
    if row is not None and row.number == T.PRODUCT_CODE and isinstance(value, bytes):
        return str(nomenclature.parse(value) or of_bytes(value))
    return show("", value)
