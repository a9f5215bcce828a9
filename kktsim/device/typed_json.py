"""Plain values to JSON and back without loss, told what they are by the annotations of their classes.

Numbers, texts, booleans and None are themselves; bytes are hex; an enum is its value; a tuple, list or frozenset is an
array; a dataclass or named tuple is an object of its fields. A dict is an object when its keys are whole numbers or
tuples of them (``2/1/23``), else an array of pairs. Reading is strict, so that only what was written is read: a value
of another kind, an unknown field, a missing one that has no default are refused with ValueError.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

_EARLIEST_SECONDS, _LATEST_SECONDS = -62e9, 253e9
"""Floats are civil time, or differences of it: the years 1 to 9999."""


class Codec(NamedTuple):
    """How values of one type become JSON values, and back; ``unpack`` raises ValueError."""

    pack: Callable[[Any], Any]
    unpack: Callable[[Any], Any]


def codec(kind: Any, special: Mapping[Any, Codec] | None = None) -> Codec:
    """The codec of an annotation. ``special``: types that are written in a way of their own."""
    return _Builder(special or {}).build(kind)


class _Builder:
    def __init__(self, special: Mapping[Any, Codec]) -> None:
        self._known = dict(special)

    def build(self, kind: Any) -> Codec:
        found = self._known.get(kind)
        if found is None:
            found = self._known[kind] = self._new(kind)
        return found

    def _new(self, kind: Any) -> Codec:
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            return self._optional(kind, arguments)
        if origin is dict:
            return self._dict(*arguments)
        if origin is tuple and arguments[1:] != (Ellipsis,):
            return _row(tuple(map(self.build, arguments)))
        if origin in (list, tuple, frozenset):
            return _array(origin, self.build(arguments[0]))
        if kind in _PLAIN:
            return _PLAIN[kind]
        if isinstance(kind, type) and issubclass(kind, Enum):
            return Codec(lambda member: member.value, kind)
        if is_dataclass(kind) or hasattr(kind, "_fields"):
            return self._object(kind)
        raise TypeError(f"{kind} cannot be written as JSON")

    def _optional(self, kind: Any, arguments: tuple[Any, ...]) -> Codec:
        others = [one for one in arguments if one is not NoneType]
        if len(others) != 1 or len(arguments) != 2:
            raise TypeError(f"{kind} cannot be written as JSON: which of them it is would not be told")
        pack, unpack = self.build(others[0])
        return Codec(
            lambda value: None if value is None else pack(value), lambda data: None if data is None else unpack(data)
        )

    def _dict(self, key: Any, value: Any) -> Codec:
        pack, unpack = self.build(value)
        if key is int:
            return Codec(
                lambda dictionary: {str(int(one)): pack(two) for one, two in dictionary.items()},
                lambda data: {_number(one): unpack(two) for one, two in _mapping(data).items()},
            )
        numbers = get_args(key)
        if get_origin(key) is tuple and all(one is int for one in numbers):
            return Codec(
                lambda dictionary: {_joined(one): pack(two) for one, two in dictionary.items()},
                lambda data: {_split(one, len(numbers)): unpack(two) for one, two in _mapping(data).items()},
            )
        pairs = _array(list, _row((self.build(key), Codec(pack, unpack))))
        return Codec(lambda dictionary: pairs.pack(dictionary.items()), lambda data: dict(pairs.unpack(data)))

    def _object(self, kind: Any) -> Codec:
        hints, are_needed = _hints(kind), _fields(kind)
        codecs = {name: self.build(hints[name]) for name in are_needed}
        needed = {name for name, is_needed in are_needed.items() if is_needed}
        packs = [(name, one.pack) for name, one in codecs.items()]

        def unpack(data: Any) -> Any:
            given = _mapping(data)
            if unknown := given.keys() - codecs.keys():
                raise ValueError(f"{kind.__name__} has no {min(unknown)}")
            if missing := needed - given.keys():
                raise ValueError(f"{kind.__name__} needs {min(missing)}")
            return kind(**{name: codecs[name].unpack(value) for name, value in given.items()})

        return Codec(lambda value: {name: pack(getattr(value, name)) for name, pack in packs}, unpack)


_hints = cache(get_type_hints)


def _fields(kind: Any) -> dict[str, bool]:
    """Fields of a dataclass or a named tuple, in their order, and whether they must be given."""
    if is_dataclass(kind):
        return {one.name: one.default is MISSING and one.default_factory is MISSING for one in fields(kind)}
    return {name: name not in kind._field_defaults for name in kind._fields}


def _row(codecs: tuple[Codec, ...]) -> Codec:
    """A tuple with a type of its own at each place."""

    def unpack(data: Any) -> tuple[Any, ...]:
        if not isinstance(data, list) or len(data) != len(codecs):
            raise ValueError(f"{data!r} is no array of {len(codecs)}")
        return tuple(one.unpack(value) for one, value in zip(codecs, data, strict=True))

    return Codec(lambda values: [one.pack(value) for one, value in zip(codecs, values, strict=True)], unpack)


def _array(kind: Any, item: Codec) -> Codec:
    """A list, a frozenset, or a tuple of any length."""
    pack, unpack = item

    def read(data: Any) -> Any:
        if not isinstance(data, list):
            raise ValueError(f"{data!r} is no array")
        return kind(unpack(value) for value in data)

    if kind is frozenset:
        return Codec(lambda values: sorted(map(pack, values)), read)
    return Codec(lambda values: [pack(value) for value in values], read)


def _plain(kind: type, data: Any) -> Any:
    if type(data) is not kind:
        raise ValueError(f"{data!r} is no {kind.__name__}")
    return data


def _float(data: Any) -> float:
    if type(data) not in (int, float) or not _EARLIEST_SECONDS <= data <= _LATEST_SECONDS:
        raise ValueError(f"{data!r} is no number of seconds")
    return float(data)


def _bytes(data: Any) -> bytes:
    try:
        return bytes.fromhex(_plain(str, data))
    except ValueError:
        raise ValueError(f"{data!r} is no hex, which has two digits for a byte, as 'FF 00'") from None


def _mapping(data: Any) -> dict[str, Any]:
    mapping: dict[str, Any] = _plain(dict, data)
    return mapping


def _number(text: str) -> int:
    if not text.removeprefix("-").isdecimal() or not text.isascii():
        raise ValueError(f"{text!r} is no whole number")
    return int(text)


def _joined(numbers: tuple[int, ...]) -> str:
    return "/".join(str(int(one)) for one in numbers)


def _split(text: str, count: int) -> tuple[int, ...]:
    numbers = tuple(_number(one) for one in text.split("/"))
    if len(numbers) != count:
        raise ValueError(f"{text!r} is no {count} numbers")
    return numbers


_PLAIN: Mapping[Any, Codec] = {
    int: Codec(int, partial(_plain, int)),
    bool: Codec(bool, partial(_plain, bool)),
    str: Codec(str, partial(_plain, str)),
    float: Codec(float, _float),
    bytes: Codec(bytes.hex, _bytes),
}
