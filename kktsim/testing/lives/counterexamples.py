"""Lives after which the articles' fixes do not help: found, made minimal, compared.

A till may have several troubles, so the article of each error that shows is followed, one after another, as a person
would. It is a counterexample to an article when its error still shows, or shows again, after all of its steps.

The reviewed ones are ``scenarios/counterexamples.toml``. A life that is found is explained by one of them when that is
a part of it, in order, and both end alike.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

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
    why: str = ""

    def explains(self, other: "Counterexample") -> bool:
        """Whether the other is this one with more deeds."""
        return (self.article, self.ends) == (other.article, other.ends) and is_part(self.life, other.life)


def is_part(few: Life, many: Life) -> bool:
    """Whether all deeds of ``few`` are among ``many``, in this order."""
    rest = iter(many)
    return all(deed in rest for deed in few)


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
def known() -> tuple[Counterexample, ...]:
    """The reviewed ones."""
    text = files("scenarios").joinpath("counterexamples.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["counterexample"]
    return tuple(Counterexample(row["article"], tuple(row["life"]), row["ends"], row["why"]) for row in rows)


def explained(found: Counterexample, by: Iterable[Counterexample]) -> bool:
    """Whether one of these explains it."""
    return any(one.explains(found) for one in by)
