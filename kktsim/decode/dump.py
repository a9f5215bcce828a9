r"""Hex in any usual spelling: ``FE 01``, ``fe01``, ``0xFE, 0x01``, ``\xFE\x01``, ``FEh 01h``, ``b'\xfe\x01'``; logs.

A line of a log may begin with a time and tell by a mark who spoke: ``>>`` ``->`` ``TX`` the host, ``<<`` ``<-`` ``RX``
the till. What stands behind ``;``, ``#`` or ``|`` is a comment.
"""

import ast
import re
from collections.abc import Iterable
from typing import NamedTuple

from kktsim.decode.piece import Side

SHOWN_CHARACTERS = 60
"""How much of what is no hex a complaint repeats."""

_WORDS = {
    **dict.fromkeys(("tx", "send", "sent", "write", "host", "pc", "пк"), Side.HOST),
    **dict.fromkeys(("rx", "recv", "received", "read", "till", "kkt", "kkm", "ккт", "ккм"), Side.TILL),
}
_FAMILIES: tuple[tuple[re.Pattern[str], dict[str, Side]], ...] = (
    *(
        (re.compile(rf"(?<![<>=-])(?:{to_till}|{to_host})(?![<>=-])"), {to_till: Side.HOST, to_host: Side.TILL})
        for to_till, to_host in ((">>", "<<"), ("->", "<-"), ("=>", "<="), (">", "<"))
    ),
    (re.compile(rf"(?<!\w)(?:{'|'.join(_WORDS)})(?!\w)", re.IGNORECASE), _WORDS),
)
"""Marks of one kind: a log has one of them, and the first that is found in it counts."""
_COMMENT = re.compile(r"[;#|].*")
_LENGTH = re.compile(r"^\s*:?\s*[(\[]?\d+[)\]]?\s*:\s*")
_TIME = re.compile(r"^[\[(]?\d[\d.:,\-/T]*[.:\-/T][\d.:,\-/T]*(?:ms|s|Z)?[\])]?:?$")
_LITERAL = re.compile(r"""^b(['"]).*\1$""", re.DOTALL)
_BYTE = re.compile(r"(?:0x|\\x)?([0-9a-f]{2})h?|(?:0x|\\x)([0-9a-f])", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9a-f]+", re.IGNORECASE)


class Chunk(NamedTuple):
    """Bytes of one line. ``side`` None: the line does not tell."""

    side: Side | None
    data: bytes


class NotHexError(ValueError):
    """The text is no hex; the message names the line and what is wrong."""


def read(text: str) -> list[Chunk]:
    """The bytes of each line; raises `NotHexError`. In a log whose lines tell who spoke, other lines are prose."""
    rows = [(number, _COMMENT.sub("", line).strip()) for number, line in enumerate(text.splitlines(), 1)]
    rows = [(number, line) for number, line in rows if line]
    for marks, sides in _FAMILIES:
        marked = [chunk for _, line in rows if (chunk := _marked(line, marks, sides)) is not None]
        if marked:
            return marked
    found = [Chunk(None, _plain(number, line)) for number, line in rows]
    if not found:
        raise NotHexError("there are no bytes in it")
    return found


def _marked(line: str, marks: re.Pattern[str], sides: dict[str, Side]) -> Chunk | None:
    """A line of a log: anything, a mark, hex and nothing else."""
    for mark in marks.finditer(line):
        try:
            data = to_bytes(_LENGTH.sub("", line[mark.end() :]))
        except NotHexError:
            continue
        if data:
            return Chunk(sides[mark[0].lower()], data)
    return None


def _plain(number: int, line: str) -> bytes:
    words = line.split()
    while len(words) > 1 and _TIME.match(words[0]) and not _DIGITS.fullmatch(words[0]):
        words.pop(0)
    try:
        return to_bytes(" ".join(words))
    except NotHexError as error:
        raise NotHexError(f"line {number}: {error}") from None


def to_bytes(text: str) -> bytes:
    """The bytes of one spelling; raises `NotHexError`."""
    stripped = text.strip().strip("[]{}()").strip()
    if _LITERAL.match(stripped):
        try:
            literal = ast.literal_eval(stripped)
        except (SyntaxError, ValueError):
            raise NotHexError(f"{_short(stripped)!r} is no literal of bytes") from None
        return bytes(literal)
    spaced = re.sub(r"(?<=[0-9a-fA-F])(?=\\x)", " ", stripped.strip("\"'"))
    return b"".join(_word(word) for word in re.split(r"[\s,:\-]+", spaced) if word)


def _word(word: str) -> bytes:
    one = _BYTE.fullmatch(word)
    if one is not None:
        return bytes.fromhex((one[1] or one[2]).rjust(2, "0"))
    digits = word[2:] if word[:2].lower() == "0x" else word
    if not _DIGITS.fullmatch(digits):
        raise NotHexError(f"{_short(word)!r} is not hexadecimal")
    if len(digits) % 2:
        raise NotHexError(f"{_short(word)!r} has an odd number of digits: a byte has two")
    return bytes.fromhex(digits)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def joined(chunks: Iterable[Chunk]) -> bytes:
    """All bytes in a row, whoever sent them."""
    return b"".join(chunk.data for chunk in chunks)
