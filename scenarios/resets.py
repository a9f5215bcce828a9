"""What each reset destroys: organs of a till and its terminal, and what becomes of them at a reset.

The table is ``scenarios/resets.toml``, read on first use; its head explains the columns. `hidden_harm` is what an
article's own list of steps leaves undone after a reset that it prescribes.
"""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from scenarios.catalogue import articles
from scenarios.error_recipes import Hand, Typed
from scenarios.translations import Language

AS_THEY_COME: Mapping[str, Any] = {}
"""No named setting of the till differs from its default."""
_ARROW = " → "


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    en: str
    ru: str

    def in_language(self, language: Language) -> str:
        """One of them."""
        return self.ru if language is Language.RUSSIAN else self.en


@dataclass(frozen=True, slots=True)
class Effect:
    """What can happen to an organ. ``is_loss``: somebody has to set it up again, or it is gone for good."""

    id: str
    words: Words
    is_loss: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """The named setting on which a cell depends. ``effect``: what happens when it is ``value``."""

    setting: str
    default: Any
    value: Any
    effect: Effect


@dataclass(frozen=True, slots=True)
class Cell:
    """What a reset does to an organ. ``source``: where that is from; ``is_guess``: nobody has told it."""

    effect: Effect
    source: Words
    is_guess: bool
    condition: Condition | None = None

    def effect_with(self, settings: Mapping[str, Any]) -> Effect:
        """What happens in a till with these named settings, the others by default."""
        one = self.condition
        if one is None or settings.get(one.setting, one.default) != one.value:
            return self.effect
        return one.effect


@dataclass(frozen=True, slots=True)
class Trial:
    """Something about a reset that can be tried: a state, then commands and hands with their answers."""

    words: Words
    state: str
    steps: tuple[Typed | Hand, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reset:
    """One column. ``by``: the documented steps that do it, places of the menu or words that such a step has."""

    id: str
    words: Words
    by: tuple[str, ...]
    command: bytes
    """Empty: no command does it."""
    others: Cell
    """What happens to every organ of which nothing else is told."""
    conditions: tuple[Trial, ...]
    """What it wants first."""
    afterwards: tuple[Trial, ...]
    """What the till answers when it is done."""


@dataclass(frozen=True, slots=True)
class Organ:
    """One row: something of the till, its FN or its terminal that can be set up and lost."""

    id: str
    words: Words
    asked: tuple[bytes, ...]
    """Commands whose answers show it; none: it can be seen only."""
    restores: tuple[str, ...]
    """Documented steps that set it up again, each by itself enough: places of the menu, or words of such a step."""
    matters: Words | None
    """When its loss hurts; None: always."""
    cells: Mapping[str, Cell]
    """By the id of the reset, for all of them."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an organ at a reset."""

    organ: Organ
    effect: Effect
    cell: Cell


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table, by ids, in the order of the file."""

    effects: Mapping[str, Effect]
    resets: Mapping[str, Reset]
    organs: Mapping[str, Organ]


def resets() -> Mapping[str, Reset]:
    """All resets by id."""
    return table().resets


def organs() -> Mapping[str, Organ]:
    """All organs by id."""
    return table().organs


def fates(reset: str, settings: Mapping[str, Any] = AS_THEY_COME) -> tuple[Fate, ...]:
    """What becomes of every organ at the reset with this id, in a till with these named settings."""
    cells = ((organ, organ.cells[reset]) for organ in organs().values())
    return tuple(Fate(organ, cell.effect_with(settings), cell) for organ, cell in cells)


def destroyed(reset: str, settings: Mapping[str, Any] = AS_THEY_COME) -> tuple[Fate, ...]:
    """What is lost at the reset."""
    return tuple(fate for fate in fates(reset, settings) if fate.effect.is_loss)


def hidden_harm(
    reset: str, restored_organs: Collection[str], settings: Mapping[str, Any] = AS_THEY_COME
) -> tuple[Fate, ...]:
    """What is lost at the reset, and is none of these organs; see `restored_by` for those that steps set up again."""
    return tuple(fate for fate in destroyed(reset, settings) if fate.organ.id not in restored_organs)


def restored_by(steps: Iterable[str]) -> frozenset[str]:
    """Ids of the organs that these documented steps set up again; what they only have checked is entered if wrong."""
    done = tuple(steps)
    return frozenset(organ.id for organ in organs().values() if any(_is_done(step, organ.restores) for step in done))


def done_by(step: str) -> Reset | None:
    """The reset that a documented step does; None: none."""
    return next((reset for reset in resets().values() if _is_done(step, reset.by)), None)


def _is_done(step: str, wanted: Iterable[str]) -> bool:
    """Whether a step goes to one of these places, whatever is typed there, or has one of these words."""
    place, _, _ = step.replace("«", "").replace("»", "").partition(": ")
    return any(place == one if _ARROW in one else one.casefold() in step.casefold() for one in wanted)


# ---- reading the table


@cache
def table() -> Table:
    """The table as it is in the file."""
    data = tomllib.loads(files("scenarios").joinpath("resets.toml").read_text(encoding="utf-8"))
    effects = {key: Effect(key, _words(row), row["loss"]) for key, row in data["effects"].items()}
    sources = {key: _words(row) for key, row in data["sources"].items()}

    def cell(row: list[Any]) -> Cell:
        effect, source, *more = row
        told = sources.get(source) or _article(source)
        condition = None
        for one in more:
            condition = Condition(one["setting"], one["default"], one["value"], effects[one["effect"]])
        return Cell(effects[effect], told, told.en.startswith("guess"), condition)

    columns = data["resets"]
    others = {key: cell(row["others"]) for key, row in columns.items()}
    rows = {
        key: Organ(
            id=key,
            words=_words(row),
            asked=tuple(map(bytes.fromhex, row["asked"])),
            restores=tuple(row["restores"]),
            matters=_words(row["matters"]) if "matters" in row else None,
            cells={reset: cell(row[reset]) if reset in row else others[reset] for reset in columns},
        )
        for key, row in data["organs"].items()
    }
    return Table(effects, {key: _reset(key, row, others[key]) for key, row in columns.items()}, rows)


def _reset(key: str, row: Mapping[str, Any], others: Cell) -> Reset:
    return Reset(
        id=key,
        words=_words(row),
        by=tuple(row["by"]),
        command=bytes.fromhex(row["command"]),
        others=others,
        conditions=tuple(map(_trial, row["conditions"])),
        afterwards=tuple(map(_trial, row["afterwards"])),
    )


def _trial(row: Mapping[str, Any]) -> Trial:
    return Trial(_words(row), row["state"], tuple(_steps(row["steps"])), row.get("settings", {}))


def _steps(lines: Iterable[str]) -> Iterator[Typed | Hand]:
    for line in lines:
        command, _, code = line.partition(" -> ")
        try:
            yield Typed(bytes.fromhex(command), int(code or "0", 16))
        except ValueError:
            yield Hand(tuple(line.split()))


def _words(row: Mapping[str, Any]) -> Words:
    return Words(row["en"], row["ru"])


def _article(key: str) -> Words:
    """An article as a source; raises KeyError: there is no such article."""
    name = articles()[key].id
    return Words(f"article {name}", f"статья {name}")
