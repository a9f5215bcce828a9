"""One play of a scenario from the error to the proof: what went over the wire in each step, and what a person types."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kktsim.decode import app
from kktsim.decode.piece import summary
from kktsim.testing.cases import bench_for
from kktsim.testing.theatre import InProcess
from protocol.atol.command import parse_answer
from scenarios.by_hand import Words
from scenarios.cases import as_it_is
from scenarios.playbook import Scenario, Scene, Step
from scenarios.plays import perform
from scenarios.roles import Till, Witness

DONE = bytes.fromhex("55 00 00")
LONGEST_MEANING = 150
"""Characters of a line that tells what bytes mean."""
_ANSWERS = re.compile(r"^ответ на / answer to [^:]*: |(?<=; )ответ ФН на / answer to [^;]*; ")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_MEANING else text[:LONGEST_MEANING].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its reply, as application messages without password. ``prints``: something came out on paper."""

    request: bytes
    reply: bytes
    prints: bool = False

    @property
    def code(self) -> int:
        """The code of the reply, 0 when the till has done it."""
        return int(parse_answer(self.request[0], self.reply).code)

    @property
    def is_order(self) -> bool:
        """Whether the reply is a code alone: the till was not asked for anything."""
        return len(self.reply) <= len(DONE)

    def meanings(self) -> tuple[str, str]:
        """Of the request and of the reply, in one line each; the reply's without what it answers."""
        asked = app.request(self.request, has_password=False)
        answered = summary(app.answer(self.reply, self.request, has_password=False))
        return _cut(summary(asked)), _cut(_ANSWERS.sub("", answered))


@dataclass(frozen=True, slots=True)
class Recorded:
    """One step, done. ``typed``: the words behind ``kktsim`` of each line that does the same.

    ``paper``: words that the step looks for on the paper, with the last line that begins so, None: no line does.
    """

    step: Step
    exchanges: tuple[Exchange, ...]
    typed: tuple[Words, ...]
    paper: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A scenario, played once with the FN that it is made for."""

    scenario: Scenario
    reproduced: tuple[Recorded, ...]
    fixed: tuple[Recorded, ...]
    proved: tuple[Recorded, ...]
    beyond: tuple[Recorded, ...]


class Talk:
    """What is said at the port of a scene, and which of it prints."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self._printed = len(witness.tape())
        self.exchanges: list[Exchange] = []

    def add(self, exchange: Exchange) -> None:
        """One more."""
        self.exchanges.append(exchange)
        self.look_at_paper()

    def look_at_paper(self) -> None:
        """What is new on it comes of the last order: questions are asked while a slip takes its time."""
        printed = len(self._witness.tape())
        if printed > self._printed:
            index = next((at for at in reversed(range(len(self.exchanges))) if self.exchanges[at].is_order), None)
            if index is not None:
                self.exchanges[index] = replace(self.exchanges[index], prints=True)
        self._printed = printed


def session(scenario: Scenario) -> Session:
    """Play it, and its way beyond the document too if it has one."""
    scene = InProcess().stage(bench_for(as_it_is(scenario))).scene
    talk = Talk(scene.witness)
    _listen(scene, talk)
    reproduced = tuple(_played(scene, scenario.reproduce, talk))
    fixed = tuple(_played(scene, scenario.fix, talk))
    beyond = tuple(_played(scene, scenario.beyond, talk))
    return Session(scenario, reproduced, fixed, tuple(_played(scene, scenario.prove, talk)), beyond)


def _played(scene: Scene, steps: Iterable[Step], talk: Talk) -> Iterator[Recorded]:
    for step in steps:
        before = len(talk.exchanges)
        typed = step.typed(scene) if callable(step.typed) else step.typed
        _, failed = perform(scene, (step,))
        talk.look_at_paper()
        paper = tuple(_looked_up(step.paper, scene.witness.tape()))
        yield Recorded(step, tuple(talk.exchanges[before:]), typed, paper)
        if failed is not None:
            return


def _looked_up(wanted: Iterable[str], tape: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    for words in wanted:
        lines = (" ".join(line.split()) for line in reversed(tape))
        yield words, next((line for line in lines if line.startswith(words)), None)


def _listen(scene: Scene, talk: Talk) -> None:
    """From now on everything that is said at the port of the scene is written down."""
    connect: Callable[[], Till] = scene.connect
    scene.till = _Listening(scene.till, talk)
    scene.connect = lambda: _Listening(connect(), talk)


class _Listening:
    """A till that passes everything on and keeps it."""

    def __init__(self, till: Till, talk: Talk) -> None:
        self._till = till
        self._talk = talk

    def send(self, command: bytes) -> bytes:
        """The reply."""
        self._talk.look_at_paper()
        reply = self._till.send(command)
        self._talk.add(Exchange(command, reply))
        return reply

    def close(self) -> None:
        """Close the port in good order."""
        self._till.close()

    def drop(self) -> None:
        """Close the port without a word."""
        self._till.drop()
