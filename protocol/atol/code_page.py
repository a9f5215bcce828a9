"""The till's «внешняя» code page: CP866 with a few characters of its own, used in commands, tables and requisites.

Source: ATOL protocol 3.1, code pages, as transcribed by two independent decoders (24h is №, 27h is ’, FCh is $, FFh
is ■; that FEh is the no-break space in its turn is a guess).
"""

_TO_TILL = str.maketrans({"№": "$", "’": "'", "€": "\u0404", "‒": "·", "$": "№", "■": "\u00a0", "\u00a0": "■"})
_FROM_TILL = str.maketrans({"$": "№", "'": "’", "\u0404": "€", "·": "‒", "№": "$", "\u00a0": "■", "■": "\u00a0"})


def encode(text: str) -> bytes:
    """Bytes of ``text``; what the page lacks becomes a question mark."""
    return text.translate(_TO_TILL).encode("cp866", "replace")


def decode(data: bytes) -> str:
    """Text of ``data``; every byte has a character."""
    return data.decode("cp866").translate(_FROM_TILL)


def encode_fixed(text: str, width: int) -> bytes:
    """``width`` bytes: cut, or padded with spaces."""
    return encode(text)[:width].ljust(width)
