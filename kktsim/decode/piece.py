"""What decoding gives: pieces of a dialogue, their fields by name, and how both are told to people and programs."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Plain: TypeAlias = int | str | bool | None
"""A value as JSON has it."""
Json: TypeAlias = Plain | float | list["Json"] | dict[str, "Json"]

INDENT = "  "
SHOWN_BYTES = 512
"""Bytes of one piece that a line of text shows; JSON has them all."""


class Side(StrEnum):
    """Who speaks: a till, or who is at the other end of its wire."""

    HOST = "host"
    TILL = "till"
    OFD = "ofd"


ARROWS = {Side.HOST: ">>", Side.TILL: "<<", Side.OFD: ">>", None: "··"}
"""To the till, or from it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One named value. ``text``: as a person reads it; ``parts``: requisites of a structure."""

    name: str
    russian: str
    value: Plain
    text: str
    parts: tuple["Field", ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes and what they are. ``trouble``: what is wrong with them and at which byte; empty when nothing is.

    ``kind``: ``v3``, ``v2``, ``request``, ``answer``, ``fn request``, ``fn answer``, ``tlv``, ``ofd`` (and its
    ``ofd container``, ``ofd document``, ``ofd sign``) or ``junk``.
    """

    kind: str
    title: str
    data: bytes
    fields: tuple[Field, ...] = ()
    inside: tuple["Piece", ...] = ()
    trouble: str = ""
    side: Side | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with it, nor with anything inside."""
        return not self.trouble and all(piece.is_sound for piece in self.inside)


def hexes(data: bytes) -> str:
    """``FE 01 00``."""
    return data.hex(" ").upper()


def lines(piece: Piece) -> Iterator[str]:
    """A piece of the dialogue: its bytes, then what they mean, each level one step further in."""
    told = meaning(piece, INDENT)
    if not piece.data:
        yield f"{ARROWS[piece.side]} {next(told).strip()}"
    else:
        cut = f" … {len(piece.data)} bytes in all" if len(piece.data) > SHOWN_BYTES else ""
        yield f"{ARROWS[piece.side]} {hexes(piece.data[:SHOWN_BYTES])}{cut}"
    yield from told


def meaning(piece: Piece, indent: str = "") -> Iterator[str]:
    """The same without the bytes."""
    yield f"{indent}{piece.title}"
    further = indent + INDENT
    for field in piece.fields:
        yield from _field_lines(field, further)
    for inner in piece.inside:
        yield from meaning(inner, further)
    if piece.trouble:
        yield f"{further}!! {piece.trouble}"


def _field_lines(field: Field, indent: str) -> Iterator[str]:
    name = f"{field.russian} / {field.name}" if field.russian else field.name
    yield f"{indent}{name}: {field.text}".rstrip()
    for part in field.parts:
        yield from _field_lines(part, indent + INDENT)


def summary(piece: Piece) -> str:
    """The piece in one line: title, fields of the first level, what is inside and what is wrong."""
    told = [piece.title]
    if piece.fields:
        told.append(" ".join(f"{field.name}={field.text}" for field in piece.fields))
    told.extend(summary(inner) for inner in piece.inside)
    if piece.trouble:
        told.append(f"!! {piece.trouble}")
    return "; ".join(told)


def told_fields(piece: Piece, indent: str = "") -> Iterator[str]:
    """The fields of a piece and of what is inside, a line each."""
    for field in piece.fields:
        yield from _field_lines(field, indent)
    for inner in piece.inside:
        yield from told_fields(inner, indent)


def values(piece: Piece) -> dict[str, Json]:
    """The values of a piece and of what is inside, by name; structures inside each other as such."""
    found = {field.name: _value(field) for field in piece.fields}
    for inner in piece.inside:
        found |= values(inner)
    return found


def _value(field: Field) -> Json:
    return {part.name: _value(part) for part in field.parts} if field.parts else field.value


def as_json(piece: Piece) -> dict[str, Json]:
    """The piece for programs."""
    told: dict[str, Json] = {"kind": piece.kind, "title": piece.title, "hex": hexes(piece.data)}
    if piece.side is not None:
        told["from"] = piece.side.value
    if piece.fields:
        told["fields"] = [_field_json(field) for field in piece.fields]
    if piece.inside:
        told["inside"] = [as_json(inner) for inner in piece.inside]
    if piece.trouble:
        told["trouble"] = piece.trouble
    return told


def _field_json(field: Field) -> dict[str, Json]:
    told: dict[str, Json] = {"name": field.name, "russian": field.russian, "value": field.value, "text": field.text}
    if field.parts:
        told["parts"] = [_field_json(part) for part in field.parts]
    return told
