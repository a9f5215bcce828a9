"""«Меню»: what is where in the service menu, by the registry ``menu.toml``, and finding a path as people write it.

Any separator will do (→, —, /, >, - or none), so will either case, е for ё, a word cut short by a full stop («Доп.
операции») and the end of a path, as long as it means one place. Source: support articles, which print all of these.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from typing import Any

from protocol.atol.commands.modes import Mode

ARROW = " → "
_NEAREST = 3
_WORD = re.compile(r"[^\W_]+\.?")


class MenuError(ValueError):
    """No single place of the menu is meant; the message names those that may be."""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form. ``longest``: characters of a text; ``most``: of a number."""

    title: str
    kind: str
    longest: int | None = None
    most: int = 0
    required: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One place of the menu. ``does``: name of an action; ``mode``, ``commands``: what the action ``send`` sends."""

    id: str
    path: tuple[str, ...]
    does: str
    about: str
    articles: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    printed: tuple[tuple[str, ...], ...] = ()
    """Other paths in print that mean the same place."""
    mode: Mode = Mode.SELECTION
    commands: tuple[bytes, ...] = ()
    guess: str = ""

    def __str__(self) -> str:
        return ARROW.join(self.path)


@dataclass(frozen=True, slots=True)
class _Path:
    """The words of a path, and where its segments begin and end among them."""

    words: tuple[str, ...]
    starts: frozenset[int]
    ends: frozenset[int]

    @classmethod
    def of(cls, segments: Iterable[str]) -> "_Path":
        words: list[str] = []
        starts, ends = set(), set()
        for segment in segments:
            starts.add(len(words))
            words += _words(segment)
            ends.add(len(words))
        return cls(tuple(words), frozenset(starts), frozenset(ends))

    def places(self, typed: list[str]) -> Iterable[int]:
        """At which word the typed ones begin, whole segments of them."""
        for start in sorted(self.starts):
            end = start + len(typed)
            if end in self.ends and all(map(_means, typed, self.words[start:end])):
                yield start


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("ё", "е"))


def _means(typed: str, word: str) -> bool:
    return word.startswith(typed[:-1]) if typed.endswith(".") else typed == word.removesuffix(".")


@dataclass(frozen=True, slots=True)
class Menu:
    """All places, in the order of the registry."""

    items: tuple[Item, ...]
    _paths: Mapping[str, tuple[_Path, ...]] = field(init=False)

    def __post_init__(self) -> None:
        paths = {item.id: tuple(map(_Path.of, (item.path, *item.printed))) for item in self.items}
        object.__setattr__(self, "_paths", paths)

    def find(self, text: str) -> Item:
        """The place that is meant; raises `MenuError`."""
        typed = _words(text)
        if not typed:
            raise MenuError(f"{text!r} names nothing: write a path, as «{self.items[0]}»")
        whole, ending, passing = self._meant(typed)
        found = whole or ending
        if len(found) == 1:
            return found[0]
        if found:
            raise MenuError(f"«{text}» may be {_listed(found)}: write more of the path")
        if passing:
            raise MenuError(f"«{text}» is a section of the menu: choose {_listed(passing)}")
        raise MenuError(f"the menu has no «{text}»; the nearest is {_listed(self._nearest(typed))}")

    def _meant(self, typed: list[str]) -> tuple[list[Item], list[Item], list[Item]]:
        """Places whose path is typed, those of which it is the end, those that lie below what it is."""
        whole, ending, passing = [], [], []
        for item in self.items:
            at = [(path, start) for path in self._paths[item.id] for start in path.places(typed)]
            ends = [start for path, start in at if start + len(typed) == len(path.words)]
            if 0 in ends:
                whole.append(item)
            elif ends:
                ending.append(item)
            elif at:
                passing.append(item)
        return whole, ending, passing

    def _nearest(self, typed: list[str]) -> list[Item]:
        def likeness(item: Item) -> float:
            known = self._paths[item.id][0].words
            return max(_likeness(typed, known), _likeness(typed, tuple(_words(item.path[-1]))))

        return sorted(self.items, key=likeness, reverse=True)[:_NEAREST]


def _likeness(typed: list[str], known: tuple[str, ...]) -> float:
    return SequenceMatcher(None, " ".join(typed), " ".join(known)).ratio()


def _listed(items: list[Item]) -> str:
    return " or ".join(f"«{item}»" for item in items)


@cache
def menu() -> Menu:
    """The registry, read once."""
    text = files("kktsim.terminal").joinpath("menu.toml").read_text(encoding="utf-8")
    return Menu(tuple(_item(id, row) for id, row in tomllib.loads(text).items()))


def _item(id: str, row: Mapping[str, Any]) -> Item:
    return Item(
        id=id,
        path=tuple(row["path"]),
        does=row["does"],
        about=row["about"],
        articles=tuple(row["articles"]),
        fields=tuple(Field(**one) for one in row.get("fields", ())),
        printed=tuple(map(tuple, row.get("printed", ()))),
        mode=Mode(row.get("mode", Mode.SELECTION)),
        commands=tuple(map(bytes.fromhex, row.get("send", ()))),
        guess=row.get("guess", ""),
    )
