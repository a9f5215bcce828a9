"""Lives after which the articles' fixes do not help: found, made minimal, compared.

A till may have several troubles, so the article of each error that shows is followed, one after another, as a person
would. It is a counterexample to an article when its error still shows, or shows again, after all of its steps.

The reviewed ones are ``scenarios/counterexamples.toml``, in families. A life that is found is explained by one of them
when that is a part of it and both end alike.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import permutations, product

from kktsim.bench import Bench
from kktsim.testing.lives.advice import follow_all, symptom
from kktsim.testing.lives.deeds import live
from kktsim.testing.theatre import InProcess

Life = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counterexample:
    """After ``life`` errors show; when all their articles were followed the one of ``article`` is on the screen."""

    article: str
    life: Life
    ends: str
    """The line of the screen."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A family of counterexamples: of each of ``parts`` one deed, in their order unless ``in_any_order``."""

    article: str
    parts: tuple[frozenset[str], ...]
    ends: str
    why: str
    in_any_order: bool = False

    def explains(self, found: Counterexample) -> bool:
        """Whether the found one is of this family, perhaps with more deeds."""
        if (self.article, self.ends) != (found.article, found.ends):
            return False
        orders = permutations(self.parts) if self.in_any_order else (self.parts,)
        return any(is_part(parts, found.life) for parts in orders)

    def members(self) -> Iterator[Life]:
        """Every life of the family that has nothing more."""
        for parts in permutations(self.parts) if self.in_any_order else (self.parts,):
            yield from product(*map(sorted, parts))


def is_part(parts: Sequence[frozenset[str]], life: Life) -> bool:
    """Whether a deed of each part is in a life, in this order."""
    rest = iter(life)
    return all(any(deed in part for deed in rest) for part in parts)


def try_life(bench: Bench, life: Life) -> Counterexample | None:
    """Live on a fork of a bench, follow the articles; None: the till sells, at once or then.

    An error that no article is about is none of ours, unless following one has led to it.
    """
    stage = InProcess().stage(bench)
    live(stage.scene, life)
    left, way = follow_all(stage, symptom(stage))
    if left.works or not way:
        return None
    return Counterexample(left.article or way[-1], life, left.told)


def minimal(bench: Bench, found: Counterexample) -> Counterexample:
    """Without every deed that it can do without, the first ones first."""
    place = 0
    while place < len(found.life):
        shorter = try_life(bench, found.life[:place] + found.life[place + 1 :])
        if shorter is not None and (shorter.article, shorter.ends) == (found.article, found.ends):
            found = shorter
        else:
            place += 1
    return found


@cache
def known() -> tuple[Reviewed, ...]:
    """The reviewed ones."""
    text = files("scenarios").joinpath("counterexamples.toml").read_text(encoding="utf-8")
    return tuple(
        Reviewed(
            article=row["article"],
            parts=tuple(frozenset((part,) if isinstance(part, str) else part) for part in row["life"]),
            ends=row["ends"],
            why=row["why"],
            in_any_order=row.get("in_any_order", False),
        )
        for row in tomllib.loads(text)["counterexample"]
    )


def is_explained(found: Counterexample) -> bool:
    """Whether a reviewed one explains it."""
    return any(one.explains(found) for one in known())
