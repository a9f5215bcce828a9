"""Random histories of a till and its operator, under every failure there is: each document must be there once.

A history is data: which till, and what is done to it, `DEEDS` of `kktsim.testing.ofd_life`. `Judge` looks behind every
deed. In the end everything is made right, time goes by, the queue must drain and the till must sell. One that goes
wrong is made as short as it can be.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import NamedTuple

from fn_model import load_model
from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world
from kktsim.kkt_models import load
from kktsim.testing.ofd_life import HOUR, Deed, Life, NoPowerError, draw
from kktsim.testing.presets import build
from scenarios.routine import Refused

AT = parse_world("2026-03-02T12:00")
MODELS = ("evotor-st2f", "evotor-st3f", "atol-30f", "atol-77f")
FN_MODELS = ("fn-1-1-15", "fn-1-1-36", "fn-1-1m-15", "fn-1-13")
STATES = ("registered", "shift-open", "receipt-open")
DEEDS_OF_A_HISTORY = (5, 40)
PAUSES = 2 * HOUR
"""More than the longest pause and the longest call take."""


class History(NamedTuple):
    """A till with the state it begins in, and what is done."""

    model: str
    fn_model: str
    state: str
    deeds: tuple[Deed, ...]

    def __str__(self) -> str:
        return "\n".join((f"{self.model} with {self.fn_model}, {self.state}", *(f"    {deed}" for deed in self.deeds)))


class Violation(NamedTuple):
    """A history that goes wrong, with what is seen."""

    seed: str
    history: History
    seen: str


@dataclass
class Tally:
    """What histories have come to."""

    histories: int = 0
    deeds: int = 0
    documents: int = 0
    attempts: int = 0
    sent: int = 0
    days: float = 0.0
    struck: Counter[str] = field(default_factory=Counter)
    """How often each failure did; power cuts and cut connections too."""

    def add(self, life: Life, deeds: int) -> None:
        """One more history."""
        self.histories += 1
        self.deeds += deeds
        self.documents += life.judge.stored
        self.attempts += life.bench.client.attempts
        self.sent += life.bench.client.sent
        self.days += (life.bench.world - life.began) / 86_400
        self.struck += life.struck
        self.struck["connection cut"] += life.script.met


def history(seed: str) -> History:
    """The history of a seed."""
    random = Random(seed)
    model, fn_model, state = random.choice(MODELS), random.choice(FN_MODELS), random.choice(STATES)
    return History(model, fn_model, state, draw(random, random.randint(*DEEDS_OF_A_HISTORY)))


def live(one: History, tally: Tally | None = None) -> str | None:
    """Play a history to its end; what is wrong, or None."""
    life = Life(_built(one.model, one.fn_model, one.state).fork())
    try:
        for deed in one.deeds:
            life.play(deed)
            if wrong := life.judge.look():
                return "; ".join(wrong)
        wrong = _end(life)
    except (Refused, NoPowerError) as error:
        return f"in the end the till does not work: {error!r}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if tally is not None:
        tally.add(life, len(one.deeds))
    return "; ".join(wrong) or None


def trial(seed: str, tally: Tally) -> Violation | None:
    """Play the history of a seed; one that goes wrong is returned as short as it can be."""
    one = history(seed)
    seen = live(one, tally)
    if seen is None:
        return None
    least = shortest(one, lambda shorter: live(shorter) is not None)
    return Violation(seed, least, live(least) or seen)


def shortest(one: History, goes_wrong: Callable[[History], bool]) -> History:
    """A history without deeds that make no difference."""
    size = len(one.deeds)
    while size:
        start = 0
        while start < len(one.deeds):
            shorter = one._replace(deeds=one.deeds[:start] + one.deeds[start + size :])
            if goes_wrong(shorter):
                one = shorter
            else:
                start += size
        size //= 2
    return one


@cache
def _built(model: str, fn_model: str, state: str) -> Bench:
    return build(load(model), state, AT, ClockKind.FROZEN, fn_model=load_model(fn_model), virtual=True)


def _end(life: Life) -> list[str]:
    """Make everything right, wait, and sell; what is wrong then."""
    life.make_right()
    life.bench.advance(PAUSES)
    wrong = life.judge.at_rest()
    if life.shift_is_open:
        life.close_shift()
    life.sell(2, 10_000)
    life.close_shift()
    life.bench.advance(PAUSES)
    wrong += life.judge.at_rest()
    last = life.fn.state.document_number
    if (life.judge.stored, life.judge.confirmed) != (last, last):
        wrong.append(f"of {last} documents {life.judge.stored} are stored and {life.judge.confirmed} confirmed")
    return wrong
