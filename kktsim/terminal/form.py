"""What a person types into a form, read by the kind of each field."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kktsim.terminal.menu import Field, Item
from protocol.typed_hex import parse_hex


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


_KINDS: Mapping[str, Callable[[Field, str], Any]] = {"text": _text, "number": _number, "hex": _hex}
