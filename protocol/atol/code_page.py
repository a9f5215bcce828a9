"""The till's «внешняя» code page: CP866 with a few characters of its own, used in commands, tables and requisites.

Source: ATOL protocol 3.1, code pages, as transcribed by two independent decoders (24h is №, 27h is ’, FCh is $).
"""

import codecs

_OWN = {0x24: "№", 0x27: "’", 0xF2: "€", 0xFA: "‒", 0xFC: "$", 0xFE: "\xa0", 0xFF: "■"}
_TABLE = "".join(_OWN.get(byte, bytes((byte,)).decode("cp866")) for byte in range(256))
_BYTES = codecs.charmap_build(_TABLE)


def encode(text: str) -> bytes:
    """Bytes of ``text``; what the page lacks becomes a question mark."""
    return codecs.charmap_encode(text, "replace", _BYTES)[0]


def decode(data: bytes) -> str:
    """Text of ``data``; every byte has a character."""
    return codecs.charmap_decode(data, "strict", _TABLE)[0]


def encode_fixed(text: str, width: int) -> bytes:
    """``width`` bytes: cut, or padded with spaces."""
    return encode(text)[:width].ljust(width)
