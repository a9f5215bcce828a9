"""Following an article: its documented steps in its order, until the till sells again or shows another error.

A step is done as a scenario of the article plays it; where several play it differently each way is tried. What cannot
be done now is passed over: a person goes on with the next line.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from kktsim.hands.error import HandsError
from kktsim.host.till import NoAnswerError
from kktsim.testing.theatre import InProcessStage
from protocol.atol.command import CommandError, parse_answer
from protocol.atol.kkt_codes import E
from scenarios.at_terminal import CLOCKS_DIFFER, TRADES
from scenarios.catalogue import articles
from scenarios.library import SCENARIOS
from scenarios.playbook import Kind, NotAsExpected, Step, ValueMissing
from scenarios.roles import Till
from scenarios.routine import Refused

REFUSALS = (Refused, NotAsExpected, ValueMissing, HandsError, NoAnswerError)
_REGISTER, _EXTENDED = 0x91, 0x37
CLOCKS = "clock_mismatch"
_CLOSING = TRADES[-1]
STEP_SECONDS = 120.0
"""A step takes a person so long; meanwhile the till calls its OFD."""
_TIMES = 2
"""How often a person begins a list anew."""


class Ear:
    """A till whose last refusal is kept."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self.refusal: tuple[int, int] = (0, 0)
        """Wire code, and after EEh what register 37h told."""

    def send(self, command: bytes) -> bytes:
        """The reply, after it was listened to."""
        reply = self._till.send(command)
        with suppress(CommandError):
            answer = parse_answer(command[0], reply)
            if not answer.is_ok:
                self.refusal = (answer.code, 0)
            elif command[:2] == bytes((_REGISTER, _EXTENDED)) and self.refusal[0] == E.EXTENDED:
                self.refusal = (E.EXTENDED, int.from_bytes(answer.data[1:3], "big"))
        return reply

    def close(self) -> None:
        """Close the port in good order."""
        self._till.close()

    def drop(self) -> None:
        """Close the port without a word."""
        self._till.drop()


@dataclass(frozen=True, slots=True)
class Symptom:
    """How a small day at the terminal ends."""

    works: bool
    article: str | None = None
    """The article that is about it; None: none is, or nothing is wrong."""
    told: str = ""
    """The line of the screen, or what else was wrong."""


def symptom(stage: InProcessStage) -> Symptom:
    """Sell and close the shift on a fork; a shift that is older than 24 hours is closed first, as every day."""
    twin = stage.fork()
    ear = twin.scene.till = Ear(twin.scene.till)
    found = _played(twin, ear, TRADES)
    if ear.refusal[0] == E.SHIFT_TOO_LONG:
        found = _played(twin, ear, (_CLOSING, *TRADES))
    return found


def _played(stage: InProcessStage, ear: Ear, steps: tuple[Step, ...]) -> Symptom:
    for step in steps:
        ear.refusal = (0, 0)
        try:
            step.act(stage.scene)
        except REFUSALS as trouble:
            told = str(trouble).partition("but: ")[2] or str(trouble)
            return Symptom(False, _article(told, ear.refusal), told)
    return Symptom(True)


def _article(told: str, refusal: tuple[int, int]) -> str | None:
    if CLOCKS_DIFFER in told:
        return CLOCKS
    code, detail = refusal
    for one in articles().values():
        has_code = code in one.wire_codes and (code != E.EXTENDED or detail in one.details)
        if one.scenarios and has_code and one.id != CLOCKS:
            return one.id
    return None


@cache
def advice(article: str) -> tuple[Step, ...]:
    """The documented steps that do something, in the article's order, as its scenarios play them."""
    return tuple(_steps(article))


def _steps(article: str) -> Iterator[Step]:
    played = [step for one in SCENARIOS.values() if one.article == article for step in one.fix if step.documented]
    for title in articles()[article].steps:
        for step in played:
            if step.title == title and step.kind is not Kind.INFORMATIONAL:
                yield step


def follow(stage: InProcessStage, article: str) -> Symptom:
    """Do what the article says, step by step, until the till works, or shows the error of another one; how it ends.

    Clocks that differ interrupt nothing: the list itself may have set one.
    """
    found = symptom(stage)
    for step in advice(article):
        with suppress(*REFUSALS):
            step.act(stage.scene)
        stage.scene.hands.advance(STEP_SECONDS)
        found = symptom(stage)
        if found.works or found.article not in (None, article, CLOCKS):
            break
    return found


def follow_all(stage: InProcessStage, shown: Symptom) -> tuple[Symptom, tuple[str, ...]]:
    """Follow the article of the error that shows, then that of the next error, each twice at most.

    How it ends, and the way.
    """
    way: list[str] = []
    while shown.article is not None and way.count(shown.article) < _TIMES:
        way.append(shown.article)
        shown = follow(stage, shown.article)
    return shown, tuple(way)
