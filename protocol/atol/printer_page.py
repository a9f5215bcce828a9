"""The till's «внутренняя» code page: what its printer works in, and in which it tells printed texts of its tables.

А-Я are 00-1F, а-я 80-9F, the rest as ASCII; № and ’ stand where they stand in the «внешняя» page (`code_page`).
Sources: ATOL protocol 3.1, code pages, as transcribed by two independent decoders; ATOL's driver 10.8 as observed and
kiosk software both read names of sections in it, though they write them in the other page.
"""

import codecs

from protocol.atol import code_page

_UPPER = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
_OWN = {0x24: "№", 0x27: "’", 0x7F: "\x7f", 0xA0: "$", 0xA1: "€", 0xA2: "‒", 0xF0: "Ё", 0xF1: "ё"}
_ASCII = {byte: chr(byte) for byte in range(0x20, 0x7F)}
_CHARACTERS = dict(enumerate(_UPPER)) | dict(enumerate(_UPPER.lower(), 0x80)) | _ASCII | _OWN
_TABLE = "".join(_CHARACTERS.get(byte, "\ufffe") for byte in range(256))
_BYTES = codecs.charmap_build(_TABLE)


def encode(text: str) -> bytes:
    """Bytes of ``text``; what the page lacks becomes a question mark."""
    return codecs.charmap_encode(text, "replace", _BYTES)[0]


def decode(data: bytes) -> str:
    """Text of ``data``; bytes that stand for nothing become the replacement character."""
    return codecs.charmap_decode(data, "replace", _TABLE)[0]


def _internal(byte: int) -> int:
    character = code_page.decode(bytes((byte,)))
    known = byte >= 0x20 and character in _CHARACTERS.values()
    return encode(character)[0] if known else byte


_FROM_EXTERNAL = bytes(_internal(byte) for byte in range(256))


def from_external(data: bytes) -> bytes:
    """The same text as bytes of this page; control bytes and what this page lacks stay as they are."""
    return data.translate(_FROM_EXTERNAL)
