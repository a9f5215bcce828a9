"""How people write an error code, and what it may be: ``-3978``, ``0xEA``, ``EAh``, ``234``, «ФН 234», ``EE/0206``.

Digits alone are decimal; ``0x``, a final ``h``, a letter A-F or a leading zero make a number hexadecimal, Cyrillic
look-alikes included («9В» is 9Bh). A word before the number narrows down what it can be.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from protocol.atol.errors import EXTENDED


class Kind(StrEnum):
    """What a code can be; the value is its label."""

    WIRE = "wire byte"
    DETAIL = "register 55"
    THIRD_BYTE = "third byte after F6h"
    DRIVER = "driver code"
    FN = "FN answer code"
    LIBFPTR10 = "libfptr10 code"
    TAG = "requisite"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number taken for something; ``byte``: what a detail follows."""

    kind: Kind
    number: int
    byte: int = EXTENDED


def detail_candidate(byte: int, detail: int) -> Candidate:
    """What follows ``byte``: register 55 after EEh, else the third byte of the reply."""
    return Candidate(Kind.DETAIL if byte == EXTENDED else Kind.THIRD_BYTE, detail, byte)


_ALL = frozenset({Kind.WIRE, Kind.DETAIL, Kind.DRIVER, Kind.FN, Kind.LIBFPTR10, Kind.TAG})
_FN = frozenset({Kind.WIRE, Kind.FN})
_DETAIL = frozenset({Kind.DETAIL})
_PREFIXES: Mapping[str, frozenset[Kind]] = {
    **dict.fromkeys(("ошибка", "код", "error", "code"), _ALL),
    **dict.fromkeys(("фн", "fn"), _FN),
    **dict.fromkeys(("байт", "byte", "wire"), frozenset({Kind.WIRE})),
    **dict.fromkeys(("драйвер", "driver"), frozenset({Kind.DRIVER})),
    **dict.fromkeys(("libfptr10", "fptr10"), frozenset({Kind.LIBFPTR10})),
    **dict.fromkeys(("register 55", "register55", "reg 55", "reg55", "регистр 55", "55-register"), _DETAIL),
    **dict.fromkeys(("реквизит", "тег", "tag"), frozenset({Kind.TAG})),
}
"""A word before a number, in lower case, and what the number can be then."""

_OPENERS = frozenset({*_PREFIXES, "register", "reg", "регистр"})
_HEXADECIMAL_KINDS = (Kind.WIRE, Kind.FN, Kind.DETAIL)
_FIRST_PRINTED = 0x80
"""«Ошибка ФН 234» on paper is a byte of the till, and those are large; the FN's own answer codes have seven bits."""

_LOOK_ALIKES = str.maketrans("авсехн−–", "abcexh--")
_AROUND = " ()«»\"'.,:;№#"
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,9})")
_HEXADECIMAL = re.compile(r"0x(?P<prefixed>[0-9a-f]{1,8})|(?P<plain>[0-9a-f]{1,8})h?")
_PAIR = re.compile(r"(?P<byte>[0-9a-fxh]+)[/:.](?P<detail>[0-9a-fxh]+)")


def spellings(words: Iterable[str]) -> list[str]:
    """Words of a command line as spellings: «ФН» and the number after it are one."""
    done: list[str] = []
    pending: list[str] = []
    for word in words:
        pending.append(word)
        whole = " ".join(pending)
        if not _OPENERS & {word.casefold(), whole.casefold()}:
            done.append(whole)
            pending = []
    return [*done, " ".join(pending)] if pending else done


def candidates(spelling: str) -> list[Candidate]:
    """What ``spelling`` may be, each once; empty if it is no number."""
    text, kinds = _without_prefix(spelling)
    pair = _PAIR.fullmatch(text)
    found = _detail_of(pair["byte"], pair["detail"]) if pair else _numbers(text, kinds)
    return list(dict.fromkeys(found))


def _without_prefix(spelling: str) -> tuple[str, frozenset[Kind]]:
    """The number in lower case, and what the words before it allow it to be."""
    text = spelling.casefold().strip(_AROUND)
    kinds = _ALL
    while prefix := next((one for one in _PREFIXES if text.startswith(one) and text != one), None):
        kinds &= _PREFIXES[prefix]
        text = text.removeprefix(prefix).strip(_AROUND)
    return text.translate(_LOOK_ALIKES), kinds


def _numbers(text: str, kinds: frozenset[Kind]) -> Iterator[Candidate]:
    decimal = int(text) if _DECIMAL.fullmatch(text) else None
    if decimal is not None and kinds != _DETAIL:
        yield from _decimal(decimal, kinds)
    # Digits alone are hexadecimal as well where codes are usually printed so: FN answers and register 55.
    number = _hexadecimal(text) if decimal is None or kinds in (_FN, _DETAIL) else None
    if number is not None:
        yield from _those(_HEXADECIMAL_KINDS, number, kinds)


def _decimal(number: int, kinds: frozenset[Kind]) -> Iterator[Candidate]:
    """A minus belongs to the driver's codes alone; a number without it may still be one."""
    if number >= 0:
        yield from _those((Kind.WIRE, Kind.FN, Kind.LIBFPTR10, Kind.TAG), number, kinds)
    if Kind.DRIVER in kinds:
        yield Candidate(Kind.DRIVER, -abs(number))


def _those(order: tuple[Kind, ...], number: int, kinds: frozenset[Kind]) -> Iterator[Candidate]:
    if kinds == _FN:
        kinds = frozenset({Kind.WIRE if number >= _FIRST_PRINTED else Kind.FN})
    return (Candidate(kind, number) for kind in order if kind in kinds)


def _detail_of(byte: str, detail: str) -> Iterator[Candidate]:
    """``EE/0206``, ``55:0206``, ``246.1``."""
    code = _hexadecimal(detail)
    known = int(byte) if _DECIMAL.fullmatch(byte) else _hexadecimal(byte)
    if code is not None and known is not None:
        yield detail_candidate(EXTENDED if byte == "55" else known, code)


def _hexadecimal(text: str) -> int | None:
    match = _HEXADECIMAL.fullmatch(text)
    return int(match["prefixed"] or match["plain"], 16) if match else None
