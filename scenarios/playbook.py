"""The language of scenarios: a documented error, how it arises by itself, its documented fix, the proof.

A scenario is data: steps in order. The steps speak to a till by the driver's side of its port, let the operator's
hands act, let world time go by, or merely inform. Nothing here opens a port; `scenarios.plays` runs the steps.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from protocol.atol.command import Command, parse_answer
from protocol.atol.kkt_codes import E
from protocol.typed_hex import parse_hex
from scenarios.by_hand import OF_THE_WORLD, Words, command_line
from scenarios.hearing import Heard, HeardTill, SeenTerminal
from scenarios.roles import Hands, Terminal, Till, Witness
from scenarios.routine import Refused, ask


class Kind(StrEnum):
    """What a step is made of."""

    WIRE = "wire"
    HOST = "host"
    HANDS = "hands"
    WORLD = "world"
    INFORMATIONAL = "informational"


class Verdict(StrEnum):
    """What a scenario says of its documented fix."""

    CURED = "cured"
    FIX_DOES_NOTHING = "fix_does_nothing"
    CURES_ITSELF = "cures_itself"
    NO_DOCUMENTED_FIX = "no_documented_fix"
    PROCEDURE = "procedure"
    """Not an error: the document tells how to do something."""


class Weight(StrEnum):
    """What leaving a step of the fix out does."""

    NEEDED = "needed"
    """Without it the till does not work, or a later step is refused."""
    SUPERFLUOUS = "superfluous"
    """Nothing is different without it."""
    SUFFICIENT = "enough by itself"
    """Nothing is different without it, for another step does the same; without any of them the till does not work."""
    HARMFUL_TO_OMIT = "harmful to omit"
    """The till works without it, but something is worse than with it."""
    HARMFUL = "harmful"
    """The till works without it as well, and something is worse with it."""
    INFORMATIONAL = "informational"
    """It changes no byte, no state and no time."""


class NotAsExpected(Exception):
    """A step did not do what the scenario declares."""


class ValueMissing(Exception):
    """A step needs a value that an earlier step did not yield."""


@dataclass(slots=True)
class Scene:
    """What the steps act on. ``notes``: values that steps have yielded.

    ``seat`` puts a terminal at the port of a scene; ``seated``: the one that is there, None: no step has used one yet.
    """

    till: Till
    hands: Hands
    witness: Witness
    connect: Callable[[], Till]
    seat: Callable[["Scene"], Terminal]
    notes: dict[str, Any] = field(default_factory=dict)
    seated: Terminal | None = None
    heard: Heard = field(default_factory=Heard)
    """What the till has refused and the terminal has shown since the step began."""

    def __post_init__(self) -> None:
        connect = self.connect
        self.till = HeardTill(self.till, lambda: self.heard)
        self.connect = lambda: HeardTill(connect(), lambda: self.heard)

    @property
    def terminal(self) -> Terminal:
        """The terminal at the till."""
        if self.seated is None:
            self.seated = self.seat(self)
        return SeenTerminal(self.seated, lambda: self.heard)

    def send(self, command: bytes) -> bytes:
        """The till's reply at the port that is open now: where the terminal speaks."""
        return self.till.send(command)

    def note(self, name: str) -> Any:
        """A value yielded before; raises `ValueMissing`."""
        if name not in self.notes:
            raise ValueMissing(name)
        return self.notes[name]


Act = Callable[[Scene], None]
Typed = tuple[Words, ...] | Callable[[Scene], tuple[Words, ...]]
"""Command lines, or what tells them once the values that they need are known."""
Doing = Command | bytes | Callable[[Till], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``title`` is what the document prints or what is done; ``refusal``: the wire code that is expected."""

    kind: Kind
    title: str
    act: Act
    refusal: E | None = None
    documented: bool = True
    """False: the document does not have this step; it is played only to show what it would change."""
    reason: str = ""
    """Why an informational step changes nothing; why an undocumented one is here."""
    weight: Weight | None = None
    """What leaving it out is declared to do; None: not declared."""
    typed: Typed = ()
    """What a person types to do it at a till that is served; nothing: there is nothing to do."""
    paper: tuple[str, ...] = ()
    """How the lines of the paper begin that it looks at."""

    def weighs(self, weight: Weight) -> "Step":
        """The same step with its declared weight."""
        return replace(self, weight=weight)

    def by(self, *lines: Words) -> "Step":
        """The same step with the command lines by which a person does it."""
        return replace(self, typed=lines)

    def informing(self, reason: str) -> "Step":
        """The same step, said to change nothing: it is done for its answer alone."""
        return replace(self, kind=Kind.INFORMATIONAL, reason=reason)

    def undocumented(self, reason: str) -> "Step":
        """The same step, said to be missing from the document."""
        return replace(self, documented=False, reason=reason)


def _doing(what: Doing) -> Callable[[Till], None]:
    if callable(what):
        return what

    def send(till: Till) -> None:
        ask(till, what)

    return send


def accepts(what: Doing, title: str) -> Step:
    """The till does it."""
    doing = _doing(what)
    return Step(Kind.WIRE, title, lambda scene: doing(scene.till))


def reads(name: str, command: Command, read: Callable[[Any], Any], title: str) -> Step:
    """Ask the till and keep a value of the answer under ``name`` for later steps."""

    def act(scene: Scene) -> None:
        answer = parse_answer(command.code, scene.till.send(command.to_wire()))
        if not answer.is_ok:
            raise Refused(command.to_wire(), answer.code, answer.detail)
        scene.notes[name] = read(command.read_answer(answer.data))

    return Step(Kind.WIRE, title, act)


def sees(what: Callable[[Scene], bool], title: str, *paper: str) -> Step:
    """Something must be so; checking it changes nothing. ``paper``: how the lines begin that tell it."""

    def act(scene: Scene) -> None:
        if not what(scene):
            raise NotAsExpected(f"it is not so: {title}")

    return Step(Kind.INFORMATIONAL, title, act, reason="it only looks", paper=paper)


def hand(method: str, *arguments: Any, title: str, **options: Any) -> Step:
    """The operator's hands do one thing: a method of `Hands` and its arguments."""

    def do(scene: Scene) -> None:
        getattr(scene.hands, method)(*arguments, **options)

    kind = Kind.WORLD if method in OF_THE_WORLD else Kind.HANDS
    return Step(kind, title, do, typed=(command_line(method, arguments, options),))


def sends(*lines: str, title: str, refusal: E | None = None) -> Step:
    """Commands typed in hexadecimal, at a program that sends them one after another; the last may be refused."""
    requests = [parse_hex(line)[0] for line in lines]

    def act(scene: Scene) -> None:
        for request in requests:
            ask(scene.till, request)

    return Step(Kind.WIRE, title, act, refusal=refusal, typed=(("send", *lines),))


def informs(title: str, reason: str) -> Step:
    """Something to read or to ask; it changes nothing."""
    return Step(Kind.INFORMATIONAL, title, lambda scene: None, reason=reason)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Other steps in place of the fix, and whether they cure."""

    title: str
    steps: tuple[Step, ...]
    cures: bool
    harms: bool = False
    """It cures, and the till is worse off than after the fix."""


GENERATIONS = ("fn-1-13", "fn-1-1-15", "fn-1-1m-15")
"""FNs of the three generations, in which a scenario is weighed."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The same scenario with another FN, another till or other settings: what is declared to be different.

    What is None is as in the scenario.
    """

    title: str
    fn: str | None = None
    """Model of the FN."""
    model: str | None = None
    """Model of the till, with its firmware: ``evotor-st2f@4543``."""
    fn_settings: Mapping[str, Any] = field(default_factory=dict)
    kkt_settings: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, Weight] = field(default_factory=dict)
    """Title of a step of the fix to its weight here."""
    verdict: Verdict | None = None
    error: E | None = None
    """The wire code."""
    arises: bool = True
    """False: here the error does not come about."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A documented error, or a documented procedure."""

    id: str
    article: str | None
    """Id of the article that prints it; None: it is no article's."""
    title: str
    preset: str
    reproduce: tuple[Step, ...]
    prove: tuple[Step, ...]
    fix: tuple[Step, ...] = ()
    case: str = ""
    """Which cause or branch of the article it is: a key of the article's cases."""
    error: E | None = None
    """The wire code; the last step of ``reproduce`` expects it."""
    tape: str | None = None
    """The line of the paper that tells of the error; None: the paper does not."""
    screens: tuple[str, ...] = ()
    """Lines that the terminal shows when the error comes about; the last step of ``reproduce`` is at the terminal."""
    verdict: Verdict = Verdict.CURED
    alternatives: tuple[Alternative, ...] = ()
    beyond: tuple[Step, ...] = ()
    """What helps although no document says so, after the documented fix has not."""
    beyond_title: str = ""
    variants: tuple[Variant, ...] = ()
    generations: tuple[str, ...] = GENERATIONS
    """Models of FN in which it is weighed."""
    documented: str = ""
    """What the document says, in one line."""
    inferred: str = ""
    """What we had to infer."""
    at: str | None = None
    """World time of the handing over, when it matters."""
    fn: str = "fn-1-1-15"
    """Model of the FN, unless a variant has another."""
    models: tuple[str, ...] = ()
    """Names of the models that can get into this; empty: every one."""
