"""Commands as people type them: hexadecimal, spaces optional, Cyrillic letters that look like digits."""

from string import hexdigits

LOOK_ALIKES = str.maketrans("АВСЕавсе", "ABCEabce")
"""Cyrillic letters that are typed for hexadecimal digits; the support articles do it themselves («А4 20»)."""
SHOWN_CHARACTERS = 60
"""How much of a wrongly typed command a complaint repeats."""


def parse_hex(text: str) -> tuple[bytes, bool]:
    """Bytes of a typed command, and whether Cyrillic letters stood for digits; raises ValueError with the remedy."""
    latin = text.translate(LOOK_ALIKES)
    try:
        data = bytes.fromhex(latin)
    except ValueError:
        shown = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
        raise ValueError(f"{shown!r} {_trouble(latin)}: write a command as «91 34 00 00» or «91340000»") from None
    if not data:
        raise ValueError("a command is empty: write at least its byte, as «45»")
    return data, latin != text


def _trouble(text: str) -> str:
    words = text.split()
    odd = next((word for word in words if len(word) % 2), "")
    if not set("".join(words)) <= set(hexdigits):
        return "is not hexadecimal"
    return f"has a byte of one digit, a byte is two («{odd[-1]}» as «0{odd[-1]}»)"
