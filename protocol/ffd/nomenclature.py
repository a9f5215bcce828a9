"""«Код товара» of FFD 1.05 (tag 1162): two bytes of type, then what identifies the goods.

Source: FNS order ЕД-7-20/662@, appendix 2, table 26.
"""

from collections.abc import Callable
from dataclasses import dataclass

_NUMBER_BYTES = 6


@dataclass(frozen=True, slots=True)
class ProductCode:
    """``type``: what it is a code of; ``number``: the digits or characters that stand on the goods."""

    type: str
    number: str

    def __str__(self) -> str:
        return f"{self.type} {self.number}"


def _digits(count: int) -> Callable[[bytes], str]:
    def read(data: bytes) -> str:
        number = int.from_bytes(data, "big")
        if len(data) != _NUMBER_BYTES or number >= 10**count:
            raise ValueError(f"{data.hex(' ')} is no number of {count} digits in {_NUMBER_BYTES} bytes")
        return f"{number:0{count}d}"

    return read


def _gtin_and_serial(data: bytes) -> str:
    gtin = _digits(14)(data[:_NUMBER_BYTES])
    return f"(01){gtin}(21){_characters(data[_NUMBER_BYTES:])}"


def _characters(data: bytes) -> str:
    return data.decode("ascii")


TYPES: dict[bytes, tuple[str, Callable[[bytes], str]]] = {
    b"\x45\x08": ("EAN-8", _digits(8)),
    b"\x45\x0d": ("EAN-13", _digits(13)),
    b"\x49\x0e": ("ITF-14", _digits(14)),
    b"\x44\x4d": ("GS1 DataMatrix", _gtin_and_serial),
    b"\x52\x46": ("меховое изделие", _characters),
    b"\xc5\x14": ("ЕГАИС-2.0", _characters),
    b"\xc5\x1e": ("ЕГАИС-3.0", _characters),
}
"""Type to its name, and how the rest is read. What is behind type 0000 is not interpreted."""


def parse(value: bytes) -> ProductCode | None:
    """The code in the value of 1162; None for one that was not recognised, and for one that is not as its type says."""
    known = TYPES.get(value[:2])
    if known is None:
        return None
    name, read = known
    try:
        return ProductCode(name, read(value[2:]))
    except ValueError:
        return None
