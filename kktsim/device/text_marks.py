"""Marks inside a text: 09h makes the next character twice as wide, 0Ah and 0Bh draw what the till keeps.

Behind 0Ah (picture) and 0Bh (barcode) stand its number and, in two bytes, its offset in dots; the rest of the text
goes on in the next line. Sources: constants of ATOL's driver 8 for the three marks; what stands behind 0Ah and 0Bh is a
guess.
"""

from collections.abc import Callable
from typing import NamedTuple

from kktsim.device import barcodes, pictures
from kktsim.device.kkt import Kkt
from protocol.atol import code_page

WIDE = "\t"


class Piece(NamedTuple):
    """A line of text, or a drawing told in words."""

    text: str
    is_drawing: bool = False
    indent: int = 0


def pieces(kkt: Kkt, text: str) -> list[Piece]:
    """What the text prints, in order; raises `Refusal` 6Fh when it names a picture or barcode that is not there."""
    found = []
    while (start := _first_mark(text)) is not None:
        if text[:start].strip():
            found.append(Piece(_widened(text[:start])))
        number, offset = code_page.encode(text[start + 1 : start + 2]), code_page.encode(text[start + 2 : start + 4])
        what = _MARKS[text[start]](kkt, int.from_bytes(number, "big"))
        found.append(Piece(what, True, pictures.indent(kkt, int.from_bytes(offset, "big"))))
        text = text[start + 4 :]
    if text.strip() or not found:
        found.append(Piece(_widened(text)))
    return found


def put(kkt: Kkt, found: list[Piece], looks: str = "") -> None:
    """Print them."""
    for piece in found:
        if piece.is_drawing:
            kkt.paper.drawing(piece.text, piece.indent)
        else:
            kkt.paper.line(piece.text, looks)


def _first_mark(text: str) -> int | None:
    return min((index for index in map(text.find, _MARKS) if index >= 0), default=None)


def _widened(text: str) -> str:
    """A character of double width takes two places: itself and a space."""
    head, *wide = text.split(WIDE)
    return head + "".join(f"{part[0]} {part[1:]}" for part in wide if part)


def _barcode(kkt: Kkt, number: int) -> str:
    return barcodes.told(barcodes.stored(kkt, number))


_MARKS: dict[str, Callable[[Kkt, int], str]] = {"\n": pictures.told, "\x0b": _barcode}
