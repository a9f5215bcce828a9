"""One play of a scenario from the error to the proof: what went over the wire in each step, and what a person types."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kktsim.decode import app
from kktsim.decode.piece import summary
from kktsim.testing.cases import bench_for
from kktsim.testing.theatre import InProcess
from protocol.atol.command import parse_answer
from scenarios.by_hand import Words
from scenarios.cases import as_it_is
from scenarios.playbook import Scenario, Scene, Step
from scenarios.plays import perform
from scenarios.roles import Till

_ASKS_THE_LAST_ERROR = bytes.fromhex("91 37")
LONGEST_MEANING = 150
"""Characters of a line that tells what bytes mean."""
_ANSWERS = re.compile(r"^ответ на / answer to [^:]*: ")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_MEANING else text[:LONGEST_MEANING].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its reply, as application messages without password."""

    request: bytes
    reply: bytes

    @property
    def code(self) -> int:
        """The code of the reply, 0 when the till has done it."""
        return int(parse_answer(self.request[0], self.reply).code)

    def meanings(self) -> tuple[str, str]:
        """Of the request and of the reply, in one line each; the reply's without what it answers."""
        asked = app.request(self.request, has_password=False)
        answered = summary(app.answer(self.reply, self.request, has_password=False))
        return _cut(summary(asked)), _cut(_ANSWERS.sub("", answered))


@dataclass(frozen=True, slots=True)
class Recorded:
    """One step, done. ``typed``: the words behind ``kktsim`` of each line that does the same."""

    step: Step
    exchanges: tuple[Exchange, ...]
    typed: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """A scenario, played once with the FN that it is made for."""

    scenario: Scenario
    reproduced: tuple[Recorded, ...]
    fixed: tuple[Recorded, ...]
    proved: tuple[Recorded, ...]
    beyond: tuple[Recorded, ...]


def decisive(exchanges: Sequence[Exchange], error: int | None) -> Sequence[Exchange]:
    """The last that was refused so, else the last that was refused, with the question about it; else the last.

    Where no error is looked for, that is the last one: a terminal passes over refusals that every sale has.
    """
    refused = [index for index, one in enumerate(exchanges) if one.code]
    if not refused or error is None:
        return exchanges[-1:]
    index = next((index for index in reversed(refused) if exchanges[index].code == error), refused[-1])
    asked = [one for one in exchanges[index + 1 :] if one.request[:2] == _ASKS_THE_LAST_ERROR]
    return (exchanges[index], *asked[:1])


def session(scenario: Scenario) -> Session:
    """Play it, and its way beyond the document too if it has one."""
    stage = InProcess().stage(bench_for(as_it_is(scenario)))
    talk: list[Exchange] = []
    _listen(stage.scene, talk)
    reproduced = tuple(_played(stage.scene, scenario.reproduce, talk))
    fixed = tuple(_played(stage.scene, scenario.fix, talk))
    beyond = tuple(_played(stage.scene, scenario.beyond, talk))
    return Session(scenario, reproduced, fixed, tuple(_played(stage.scene, scenario.prove, talk)), beyond)


def _played(scene: Scene, steps: Iterable[Step], talk: list[Exchange]) -> Iterator[Recorded]:
    for step in steps:
        before = len(talk)
        typed = step.typed(scene) if callable(step.typed) else step.typed
        _, failed = perform(scene, (step,))
        yield Recorded(step, tuple(talk[before:]), typed)
        if failed is not None:
            return


def _listen(scene: Scene, talk: list[Exchange]) -> None:
    """From now on everything that is said at the port of the scene is written down."""
    connect: Callable[[], Till] = scene.connect
    scene.till = _Listening(scene.till, talk)
    scene.connect = lambda: _Listening(connect(), talk)


class _Listening:
    """A till that passes everything on and keeps it."""

    def __init__(self, till: Till, talk: list[Exchange]) -> None:
        self._till = till
        self._talk = talk

    def send(self, command: bytes) -> bytes:
        """The reply."""
        reply = self._till.send(command)
        self._talk.append(Exchange(command, reply))
        return reply

    def close(self) -> None:
        """Close the port in good order."""
        self._till.close()

    def drop(self) -> None:
        """Close the port without a word."""
        self._till.drop()
