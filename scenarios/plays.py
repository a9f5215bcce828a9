"""Playing steps on a till: what each did, whether the proof passes, how well the till is then.

The engine knows a till only as a `Stage`: something with a scene that can be forked.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from protocol.atol.kkt_codes import E
from scenarios.health import Books, Health, examine, read_books
from scenarios.hearing import Heard
from scenarios.playbook import NotAsExpected, Scene, Step, ValueMissing
from scenarios.routine import Refused

_TAPE_ERROR = "Ошибка"
"""How a line of the paper begins that tells of an error."""


class Stage(Protocol):
    """A till in some state, reached by some wire."""

    scene: Scene

    def fork(self) -> "Stage":
        """The same state once more, with a port of its own."""

    def keep(self) -> Callable[[], "Stage"]:
        """The state as it is now, without a port; a stage with it when that is wanted."""

    def close(self) -> None:
        """Close the port and let the till go."""

    def conversation(self) -> list[str]:
        """Requests and replies so far, decoded."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one step did. ``code``: the refusal that ended it, if any; ``tape``: lines it printed that tell of an error.

    ``heard``: the last answer of the till that was a refusal, whatever came of it; a step at the terminal that is
    done may have one. ``answers``: whether the till said anything to the last request, None: there was none.
    ``screen``: what the terminal showed last in this step.
    """

    step: Step
    ok: bool
    code: E | None = None
    trouble: str = ""
    tape: tuple[str, ...] = ()
    heard: int | None = None
    answers: bool | None = None
    screen: tuple[str, ...] = ()

    @property
    def error(self) -> int | None:
        """The wire code that the step ended in, by the port or behind the terminal's screen."""
        return self.heard if self.code is None else self.code


@dataclass(frozen=True, slots=True)
class Play:
    """One play of fix and proof. ``failed``: the step that was not as declared, None: the proof passed."""

    title: str
    told: tuple[Told, ...]
    failed: Told | None = None
    health: Health | None = None
    conversation: tuple[str, ...] = ()

    @property
    def works(self) -> bool:
        """The proof passed."""
        return self.failed is None

    @property
    def code(self) -> E | None:
        """The refusal that ended it."""
        return None if self.failed is None else self.failed.code

    @property
    def error(self) -> int | None:
        """The wire code behind its end, a screen of the terminal included."""
        return None if self.failed is None else self.failed.error

    @property
    def tape(self) -> tuple[str, ...]:
        """Error lines printed by the step that failed."""
        return () if self.failed is None else self.failed.tape

    @property
    def trouble(self) -> str:
        """Why it does not work."""
        return "" if self.failed is None else self.failed.trouble


@dataclass(frozen=True, slots=True)
class Part:
    """A play that is to be done: where, and what beside the proof."""

    title: str
    stage: Callable[[], Stage]
    steps: tuple[Step, ...]
    prove: tuple[Step, ...]
    books: Books
    """What the till added up before."""


Mapper = Callable[[Callable[[Part], Play], Iterable[Part]], list[Play]]


def one_by_one(function: Callable[[Part], Play], parts: Iterable[Part]) -> list[Play]:
    """The mapper of one thread."""
    return [function(part) for part in parts]


def perform(scene: Scene, steps: Iterable[Step]) -> tuple[list[Told], Told | None]:
    """Play steps up to the first that is not as declared: what each did, and that one."""
    told: list[Told] = []
    for step in steps:
        before = len(scene.witness.tape())
        heard = scene.heard = Heard()
        result = _perform(scene, step)
        errors = tuple(line for line in scene.witness.tape()[before:] if line.startswith(_TAPE_ERROR))
        last = heard.refused[-1] if heard.refused else None
        result = replace(result, tape=errors, heard=last, answers=heard.answers, screen=heard.screen)
        told.append(result)
        if not result.ok:
            return told, result
    return told, None


def _perform(scene: Scene, step: Step) -> Told:
    try:
        step.act(scene)
    except Refused as refused:
        expected = refused.code is step.refusal
        return Told(step, expected, refused.code, "" if expected else str(refused))
    except ValueMissing as missing:
        return Told(step, False, trouble=f"the value {missing} is not known")
    except NotAsExpected as trouble:
        return Told(step, False, trouble=str(trouble))
    except TimeoutError:
        return Told(step, False, trouble="the till does not answer")
    if step.refusal is not None:
        return Told(step, False, trouble=f"it was expected to be refused with {step.refusal.name}, and was done")
    return Told(step, True)


def play(part: Part) -> Play:
    """Play a fix and its proof on a stage, look at the till's health, and close the stage."""
    stage = part.stage()
    try:
        told, failed = perform(stage.scene, part.steps)
        if failed is None:
            books = read_books(stage.scene.till) if speaks(told) else part.books
            proof, failed = perform(stage.scene, part.prove)
            failed = failed or _printed(proof)
            told += proof
        return Play(
            title=part.title,
            told=tuple(told),
            failed=failed,
            health=None if failed is not None else examine(stage.scene, books),
            conversation=() if failed is None else tuple(stage.conversation()),
        )
    finally:
        stage.close()


def speaks(told: Iterable[Told]) -> bool:
    """Whether the till answered when it was asked last; a till that was not asked is not known to."""
    return next((one.answers for one in reversed(list(told)) if one.answers is not None), False)


def _printed(proof: Iterable[Told]) -> Told | None:
    """The step of a proof whose paper tells of an error that nobody expected."""
    for told in proof:
        if told.tape and told.code is None:
            return replace(told, ok=False, trouble=f"the paper says «{told.tape[-1]}»")
    return None
