"""«Меню»: what is where in the service menu, by the registry in ``places``, and finding a path as people write it.

A table of the registry is an `Item` by its id, a table of its ``fields`` a `Field`; the keys that are not named there:

send           commands in hex, for the actions that send them in ``mode``
in_any_state   the commands are sent though the till refuses the mode because it has lost its memory or its clock

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
NOT_MODELLED = "not_modelled"
"""What a place does that articles name and nothing here imitates."""
PARTS = ("settings", "service", "shop", "more", "alcohol", "elsewhere")
"""Files of the registry, in the order in which they are listed."""
_NEAREST = 3
_WORD = re.compile(r"[^\W_]+\.?")


class MenuError(ValueError):
    """No single place of the menu is meant; the message names those that may be."""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form: what is typed there.

    ``kind``: text, number, digits, hex, moment, choice (one of ``words``), choices (one or more of them). ``longest``:
    characters of a text, or how many digits; ``most``: of a number. ``required``: nothing is done without it; other
    fields come filled in, and are left as they are.
    """

    title: str
    kind: str
    longest: int | None = None
    most: int = 0
    required: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One place of the menu. ``does``: name of an action (`kktsim.terminal.actions`).

    ``articles``: support articles that name the place. ``guess``: what none of them tells.
    """

    id: str
    path: tuple[str, ...]
    """As the articles print it, segment by segment."""
    does: str
    about: str
    articles: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    printed: tuple[tuple[str, ...], ...] = ()
    """Other paths in print that mean the same place, and that no freedom of spelling covers."""
    mode: Mode = Mode.SELECTION
    """The mode that is entered first."""
    commands: tuple[bytes, ...] = ()
    in_any_state: bool = False
    guess: str = ""

    @property
    def is_modelled(self) -> bool:
        """Whether choosing it does anything."""
        return self.does != NOT_MODELLED

    def __str__(self) -> str:
        return ARROW.join(self.path)


@dataclass(frozen=True, slots=True)
class _Path:
    """The words of a path, and where its segments begin and end among them."""

    segments: tuple[str, ...]
    words: tuple[str, ...]
    starts: frozenset[int]
    ends: frozenset[int]

    @classmethod
    def of(cls, segments: Iterable[str]) -> "_Path":
        known, words = tuple(segments), list[str]()
        starts, ends = set(), set()
        for segment in known:
            starts.add(len(words))
            words += _words(segment)
            ends.add(len(words))
        return cls(known, tuple(words), frozenset(starts), frozenset(ends))

    def places(self, typed: list[str]) -> Iterable[int]:
        """At which word the typed ones begin, whole segments of them."""
        for start in sorted(self.starts):
            end = start + len(typed)
            if end in self.ends and all(map(_means, typed, self.words[start:end])):
                yield start

    def behind(self, typed: list[str]) -> str:
        """The path as far as one segment behind what was typed of it."""
        passed = next(iter(self.places(typed))) + len(typed)
        return ARROW.join(self.segments[: sum(end <= passed for end in self.ends) + 1])


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
        whole, ending, below, passing = self._meant(typed)
        found = whole or (not below and ending) or []
        if len(found) == 1:
            return found[0]
        if found:
            raise MenuError(f"«{text}» may be {_listed(found)}: write more of the path")
        if below or passing:
            choice = dict.fromkeys(path.behind(typed) for path in below or passing)
            raise MenuError(f"«{text}» is a section of the menu: choose {_listed(choice)}")
        raise MenuError(f"the menu has no «{text}»; the nearest is {_listed(self._nearest(typed))}")

    def _meant(self, typed: list[str]) -> tuple[list[Item], list[Item], list[_Path], list[_Path]]:
        """Places whose path is typed, and of which it is the end; paths of which it is the beginning, or in between."""
        whole, ending, below, passing = list[Item](), list[Item](), list[_Path](), list[_Path]()
        for item in self.items:
            at = [(path, start) for path in self._paths[item.id] for start in path.places(typed)]
            ends = [start for path, start in at if start + len(typed) == len(path.words)]
            if ends:
                (whole if 0 in ends else ending).append(item)
                continue
            for path, start in at:
                (passing if start else below).append(path)
        return whole, ending, below, passing

    def below(self, item: Item) -> tuple[str, ...]:
        """What a section has: the next segment of every path that goes through it, each once."""
        depth = len(item.path)
        return tuple(dict.fromkeys(one.path[depth] for one in self.items if one.path[:depth] == item.path != one.path))

    def _nearest(self, typed: list[str]) -> list[Item]:
        def likeness(item: Item) -> float:
            known = self._paths[item.id][0].words
            return max(_likeness(typed, known), _likeness(typed, tuple(_words(item.path[-1]))))

        return sorted(self.items, key=likeness, reverse=True)[:_NEAREST]


def _likeness(typed: list[str], known: tuple[str, ...]) -> float:
    return SequenceMatcher(None, " ".join(typed), " ".join(known)).ratio()


def _listed(items: Iterable[Item | str]) -> str:
    return " or ".join(f"«{item}»" for item in items)


@cache
def place(text: str) -> Item:
    """The place of the registry that is meant; raises `MenuError`."""
    return menu().find(text)


@cache
def menu() -> Menu:
    """The registry, read once."""
    places = files("kktsim.terminal").joinpath("places")
    texts = (places.joinpath(f"{part}.toml").read_text(encoding="utf-8") for part in PARTS)
    return Menu(tuple(_item(id, row) for text in texts for id, row in tomllib.loads(text).items()))


def _item(id: str, row: Mapping[str, Any]) -> Item:
    return Item(
        id=id,
        path=tuple(row["path"]),
        does=row["does"],
        about=row["about"],
        articles=tuple(row["articles"]),
        fields=tuple(Field(**{**one, "words": tuple(one.get("words", ()))}) for one in row.get("fields", ())),
        printed=tuple(map(tuple, row.get("printed", ()))),
        mode=Mode(row.get("mode", Mode.SELECTION)),
        commands=tuple(map(bytes.fromhex, row.get("send", ()))),
        in_any_state=row.get("in_any_state", False),
        guess=row.get("guess", ""),
    )
