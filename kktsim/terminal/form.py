"""What a person types into a form, read by the kind of each field."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kktsim.terminal.menu import Field, Item
from protocol.typed_hex import parse_hex

_MOMENTS = ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")
_YEARS = range(2000, 2100)
"""What two digits of a year can tell."""


class FormError(ValueError):
    """The form cannot be filled in so; the message says what is wrong."""


def filled(item: Item, typed: Sequence[str | None]) -> tuple[Any, ...]:
    """A value for each field from top to bottom; None: it stays as it is. Raises `FormError`."""
    if len(typed) > len(item.fields):
        titles = ", ".join(f"«{field.title}»" for field in item.fields) or "nothing"
        raise FormError(f"«{item}» asks for {titles}, and {len(typed)} values are given")
    padded = (*typed, *(None for _ in range(len(item.fields) - len(typed))))
    return tuple(_value(item, field, text) for field, text in zip(item.fields, padded, strict=True))


def _value(item: Item, field: Field, text: str | None) -> Any:
    if text is not None:
        return _KINDS[field.kind](field, text)
    if field.required:
        raise FormError(f"«{item}» does nothing until «{field.title}» is typed")
    return None


def _text(field: Field, text: str) -> str:
    if field.longest is not None and len(text) > field.longest:
        raise FormError(f"«{field.title}» takes {field.longest} characters, and {len(text)} are typed")
    return text


def _number(field: Field, text: str) -> int:
    digits = text.strip()
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(field.most))
    if not is_number or int(digits) > field.most:
        raise FormError(f"«{field.title}» takes a number up to {field.most}, not {text!r}")
    return int(digits)


def _hex(field: Field, text: str) -> bytes:
    try:
        return parse_hex(text)[0]
    except ValueError as error:
        raise FormError(str(error)) from None


def _digits(field: Field, text: str) -> str:
    """As many as the field is long, written in groups or not."""
    digits = "".join(text.replace("-", " ").split())
    if not (digits.isascii() and digits.isdecimal()) or len(digits) != field.longest:
        raise FormError(f"«{field.title}» takes {field.longest} digits, not {text!r}")
    return digits


def _moment(field: Field, text: str) -> datetime:
    plain = " ".join(text.replace("T", " ").split())
    for pattern in _MOMENTS:
        try:
            moment = datetime.strptime(plain, pattern)
        except ValueError:
            continue
        if moment.year in _YEARS:
            return moment
    raise FormError(f"«{field.title}» takes a moment like 20.11.2026 20:05, from 2000 to 2099, not {text!r}")


def _thousandths(field: Field, text: str) -> int:
    return _parts(field, text, 3, 99_999_999)


def _money(field: Field, text: str) -> int:
    return _parts(field, text, 2, 999_999_999)


def _parts(field: Field, text: str, digits: int, most: int) -> int:
    """A number with so many digits behind the point or comma, in parts of one."""
    whole, _, rest = text.strip().replace(",", ".").partition(".")
    number = f"{whole}{rest.ljust(digits, '0')}"
    if not (number.isascii() and number.isdecimal()) or len(rest) > digits or not 0 < int(number) <= most:
        raise FormError(
            f"«{field.title}» takes a number above 0 with up to {digits} digits behind the point, not {text!r}"
        )
    return int(number)


def _choice(field: Field, text: str) -> str:
    """One of the words, as the field spells it."""
    for word in field.words:
        if _plain(word) == _plain(text):
            return word
    raise FormError(f"«{field.title}» takes one of: {', '.join(field.words)}; not {text!r}")


def _choices(field: Field, text: str) -> tuple[str, ...]:
    return tuple(_choice(field, one) for one in text.split(","))


def _plain(word: str) -> str:
    return " ".join(word.casefold().replace("ё", "е").split())


_KINDS: Mapping[str, Callable[[Field, str], Any]] = {
    "text": _text,
    "number": _number,
    "digits": _digits,
    "hex": _hex,
    "moment": _moment,
    "thousandths": _thousandths,
    "money": _money,
    "choice": _choice,
    "choices": _choices,
}
