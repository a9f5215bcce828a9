"""What the decoder says, as lists that tests can look into."""

from kktsim.decode import Dialogue, Field, Link, Piece, Side, lines
from kktsim.decode.guess import link_of, pieces


def of(text: str, link: Link | None = None, side: Side | None = None) -> list[Piece]:
    """Pieces of bytes of which nothing more is known."""
    data = bytes.fromhex(text)
    kind = link or link_of(data)
    assert kind is not None
    return list(pieces(data, kind, side))


def one(text: str, link: Link | None = None, side: Side | None = None) -> Piece:
    """The only piece."""
    [piece] = of(text, link, side)
    return piece


def dialogue(*turns: str, link: Link | None = None) -> list[Piece]:
    """Pieces of a dialogue: the host speaks first, then by turns."""
    talk = Dialogue(link)
    sides = (Side.HOST, Side.TILL)
    found = [piece for number, turn in enumerate(turns) for piece in talk.feed(sides[number % 2], bytes.fromhex(turn))]
    return found + talk.finish()


def values(piece: Piece) -> dict[str, str]:
    """Every field of a piece and of what is inside, by name, as it is told."""
    found = {name: text for field in piece.fields for name, text in _of_field(field)}
    for inner in piece.inside:
        found |= values(inner)
    return found


def _of_field(field: Field) -> list[tuple[str, str]]:
    return [(field.name, field.text), *(pair for part in field.parts for pair in _of_field(part))]


def troubles(piece: Piece) -> list[str]:
    """What is wrong with it and with what is inside."""
    return [*([piece.trouble] if piece.trouble else []), *(told for inner in piece.inside for told in troubles(inner))]


def text(piece: Piece) -> str:
    """What a person reads."""
    return "\n".join(lines(piece))
