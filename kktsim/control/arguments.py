"""Arguments of actions: what each may be, and the one sentence that is told when it is not.

A value comes as JSON, or as text from a query string: so a number may be written as text.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kktsim.clock import parse_world
from kktsim.control.times import check_world, parse_span


class ArgumentError(ValueError):
    """An action was asked with arguments it does not have; the message says what to give instead."""


class Kind(Protocol):
    """What values an argument may have."""

    @property
    def form(self) -> str:
        """What to give, in words."""

    def read(self, value: object) -> object:
        """The value for the action; raises ValueError."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    minimum: int
    maximum: int

    @property
    def form(self) -> str:
        """Its bounds."""
        return f"a whole number from {self.minimum} to {self.maximum}"

    def read(self, value: object) -> int:
        """JSON's number, or digits."""
        if isinstance(value, str):
            value = int(value) if value.isascii() and value.isdigit() else None
        if not isinstance(value, int) or isinstance(value, bool) or not self.minimum <= value <= self.maximum:
            raise ValueError
        return value


@dataclass(frozen=True, slots=True)
class Digits:
    """A number that is written with all its zeros."""

    length: int

    @property
    def form(self) -> str:
        """How many."""
        return f"{self.length} digits, as text"

    def read(self, value: object) -> str:
        """The same text."""
        if not (isinstance(value, str) and len(value) == self.length and value.isascii() and value.isdigit()):
            raise ValueError
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words. ``words`` is asked when needed: the tables behind it are not for every caller."""

    words: Callable[[], Iterable[str]]

    @property
    def form(self) -> str:
        """The words."""
        return "one of " + ", ".join(self.words())

    def read(self, value: object) -> str:
        """The same word."""
        if not isinstance(value, str) or value not in set(self.words()):
            raise ValueError
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    form: str = "true or false"

    def read(self, value: object) -> bool:
        """JSON's own, or the word."""
        flag = {"true": True, "false": False}.get(value) if isinstance(value, str) else value
        if not isinstance(flag, bool):
            raise ValueError
        return flag


@dataclass(frozen=True, slots=True)
class Word:
    """Any text."""

    form: str

    def read(self, value: object) -> str:
        """The same text."""
        if not isinstance(value, str):
            raise ValueError
        return value


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON; whoever uses it knows what it may be."""

    form: str

    def read(self, value: object) -> object:
        """The same."""
        return value


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time."""

    form: str = "seconds, or a span like 31d, 12h, 90m, 45s or 1w2d"

    def read(self, value: object) -> float:
        """Seconds."""
        seconds = parse_span(value) if isinstance(value, str) else _number(value)
        if seconds < 0:
            raise ValueError
        return seconds


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of world time."""

    form: str = "local date and time without a zone like 2026-11-22T14:00, or world seconds; years 2000 to 2099"

    def read(self, value: object) -> float:
        """World seconds."""
        return check_world(parse_world(value) if isinstance(value, str) else _number(value))


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError
    return float(value)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an action. ``default`` stands where it is not given and not ``required``."""

    name: str
    kind: Kind
    about: str
    required: bool = False
    default: object = None


def read_arguments(declared: Sequence[Argument], given: Mapping[str, object]) -> dict[str, Any]:
    """Every declared argument with its value; null is as good as not given. Raises `ArgumentError`."""
    names = [argument.name for argument in declared]
    for name in given:
        if name not in names:
            raise ArgumentError(f"there is no argument {name!r} here: give {', '.join(names) or 'none'}")
    return {argument.name: _read(argument, given.get(argument.name)) for argument in declared}


def _read(argument: Argument, value: object) -> object:
    if value is None:
        if argument.required:
            raise ArgumentError(f"{argument.name} is missing: give {argument.kind.form}")
        return argument.default
    try:
        return argument.kind.read(value)
    except (ValueError, OverflowError):
        raise ArgumentError(f"{argument.name} cannot be {value!r}: give {argument.kind.form}") from None
