"""Playing a scenario: the error, the fix, the fix with each step left out, and no fix; all from the same state.

The engine knows a till only as a `Stage`: something with a scene that can be forked. What it finds is compared with
what the scenario declares; an honest «this step does nothing here» is a result, not a failure.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from protocol.atol.kkt_codes import E
from scenarios.health import Health, examine
from scenarios.playbook import Kind, NotAsExpected, Scenario, Scene, Step, ValueMissing, Verdict, Weight
from scenarios.routine import Refused

In = TypeVar("In")
Out = TypeVar("Out")


class Stage(Protocol):
    """A till in some state, reached by some wire."""

    scene: Scene

    def fork(self) -> "Stage":
        """The same state once more, with a port of its own."""

    def close(self) -> None:
        """Close the port and let the till go."""

    def conversation(self) -> list[str]:
        """Requests and replies so far, decoded."""


Mapper = Callable[[Callable[[Step | None], "Play"], Iterable[Step | None]], list["Play"]]


@dataclass(frozen=True, slots=True)
class Told:
    """What one step did. ``code``: the refusal, if any; ``tape``: the lines it printed that tell of an error."""

    step: Step
    ok: bool
    code: E | None = None
    trouble: str = ""
    tape: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Play:
    """One play of fix and proof. ``left_out``: the step that was not played."""

    title: str
    told: tuple[Told, ...]
    works: bool
    """The proof passed."""
    code: E | None = None
    """Why it did not: the refusal."""
    tape: tuple[str, ...] = ()
    """Error lines printed by the step that failed."""
    trouble: str = ""
    health: Health | None = None
    conversation: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighing:
    """What leaving one step out did."""

    step: Step
    weight: Weight
    because: str


@dataclass(slots=True)
class Outcome:
    """Everything that was found, and whether it is what the scenario declares."""

    scenario: Scenario
    variant: str = ""
    reproduced: bool = False
    told: tuple[Told, ...] = ()
    fixed: Play | None = None
    complete: Play | None = None
    """Fix with the steps that the document lacks; None when it lacks none."""
    control: Play | None = None
    """No fix at all."""
    weighings: list[Weighing] = field(default_factory=list)
    alternatives: list[tuple[str, bool, bool]] = field(default_factory=list)
    """Title, declared to cure, cures."""
    beyond: Play | None = None
    verdict: Verdict | None = None
    complaints: list[str] = field(default_factory=list)
    """Where what was found is not what is declared."""

    @property
    def passed(self) -> bool:
        """Whether everything is as declared."""
        return not self.complaints


def perform(scene: Scene, steps: Iterable[Step]) -> tuple[list[Told], Told | None]:
    """Play steps up to the first that is not as declared: what each did, and that one."""
    told: list[Told] = []
    for step in steps:
        before = len(scene.witness.tape())
        result = _perform(scene, step)
        errors = tuple(line for line in scene.witness.tape()[before:] if line.startswith("Ошибка"))
        result = replace(result, tape=errors)
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
    if step.refusal is not None:
        return Told(step, False, trouble=f"it was expected to be refused with {step.refusal.name}, and was done")
    return Told(step, True)


def play(title: str, stage: Stage, fix: Iterable[Step], prove: Iterable[Step]) -> Play:
    """Play a fix and its proof on a stage, look at the till's health, and close the stage."""
    try:
        told, failed = perform(stage.scene, fix)
        if failed is None:
            proof, failed = perform(stage.scene, prove)
            told += proof
        works = failed is None
        return Play(
            title=title,
            told=tuple(told),
            works=works,
            code=None if failed is None else failed.code,
            tape=() if failed is None else failed.tape,
            trouble="" if failed is None else failed.trouble,
            health=examine(stage.scene) if works else None,
            conversation=() if works else tuple(stage.conversation()),
        )
    finally:
        stage.close()


def run(scenario: Scenario, stage: Stage, mapper: Mapper | None = None, variant_index: int | None = None) -> Outcome:
    """Play everything on forks of ``stage``, which is in the scenario's preset; closes it."""
    variant = None if variant_index is None else scenario.variants[variant_index]
    outcome = Outcome(scenario, "" if variant is None else variant.title)
    try:
        told, failed = perform(stage.scene, scenario.reproduce)
        outcome.told = tuple(told)
        if failed is not None:
            outcome.complaints.append(f"not reproduced: {failed.step.title}: {failed.trouble}")
            outcome.complaints.extend(stage.conversation()[-12:])
            return outcome
        outcome.reproduced = True
        if scenario.tape is not None and scenario.tape not in told[-1].tape:
            outcome.complaints.append(f"the paper does not say «{scenario.tape}» but {list(told[-1].tape)}")
        _play_all(scenario, stage, outcome, mapper or _one_by_one)
    finally:
        stage.close()
    _judge(outcome, {} if variant is None else variant.weights)
    return outcome


def _one_by_one(function: Callable[[Step | None], Play], items: Iterable[Step | None]) -> list[Play]:
    return [function(item) for item in items]


def _play_all(scenario: Scenario, stage: Stage, outcome: Outcome, mapper: Mapper) -> None:
    documented = tuple(step for step in scenario.fix if step.documented)
    if scenario.verdict is Verdict.PROCEDURE:
        outcome.fixed = play("procedure", stage.fork(), documented, scenario.prove)
        return
    outcome.control = play("no fix", stage.fork(), (), scenario.prove)
    outcome.fixed = play("documented fix", stage.fork(), documented, scenario.prove)
    if documented != scenario.fix:
        outcome.complete = play("with the missing steps", stage.fork(), scenario.fix, scenario.prove)
    if outcome.fixed.works and scenario.verdict is not Verdict.NO_DOCUMENTED_FIX:
        base = outcome.complete or outcome.fixed

        def without(left_out: Step | None) -> Play:
            rest = tuple(step for step in scenario.fix if step is not left_out and step.kind is not Kind.INFORMATIONAL)
            title = "" if left_out is None else left_out.title
            return play(f"without: {title}", stage.fork(), rest, scenario.prove)

        weighed = [step for step in scenario.fix if step.kind is not Kind.INFORMATIONAL]
        for step, result in zip(weighed, mapper(without, weighed), strict=True):
            outcome.weighings.append(_weigh(step, base, result))
    for alternative in scenario.alternatives:
        result = play(alternative.title, stage.fork(), alternative.steps, scenario.prove)
        outcome.alternatives.append((alternative.title, alternative.cures, result.works))
    if scenario.beyond:
        outcome.beyond = play(scenario.beyond_title, stage.fork(), (*documented, *scenario.beyond), scenario.prove)


def _weigh(step: Step, base: Play, result: Play) -> Weighing:
    if not result.works:
        failed = result.told[-1]
        told = result.trouble if result.code is None else f"{result.code.name} ({int(result.code)})"
        return Weighing(step, Weight.NEEDED, f"without it «{failed.step.title}» ends in {told}")
    assert base.health is not None and result.health is not None
    worse = result.health.worse_than(base.health)
    if worse:
        return Weighing(step, Weight.HARMFUL_TO_OMIT, f"without it {worse}")
    return Weighing(step, Weight.SUPERFLUOUS, "without it everything is the same")


def _judge(outcome: Outcome, weights: dict[str, Weight]) -> None:
    scenario, complaints = outcome.scenario, outcome.complaints
    fixed, control = outcome.fixed, outcome.control
    if fixed is None:
        return
    outcome.verdict = _verdict(scenario, fixed, control)
    if outcome.verdict is not scenario.verdict:
        complaints.append(f"declared {scenario.verdict}, found {outcome.verdict}: {fixed.trouble}")
        complaints.extend(fixed.conversation[-12:])
    if control is not None and not control.works and scenario.error is not None:
        if control.code is not scenario.error:
            found = control.trouble if control.code is None else control.code.name
            complaints.append(f"without a fix the till says {found}, not {scenario.error.name}")
        elif scenario.tape is not None and scenario.tape not in control.tape:
            complaints.append(f"without a fix the paper says {list(control.tape)}, not «{scenario.tape}»")
    for weighing in outcome.weighings:
        declared = weights.get(weighing.step.title, weighing.step.weight)
        if declared is not None and declared is not weighing.weight:
            complaints.append(f"«{weighing.step.title}» is declared {declared}, found {weighing.weight}")
    for title, declared_to_cure, cures in outcome.alternatives:
        if cures is not declared_to_cure:
            complaints.append(f"«{title}» is declared {'to cure' if declared_to_cure else 'not to cure'}")
    if outcome.complete is not None and not outcome.complete.works:
        complaints.append(f"the complete fix does not work: {outcome.complete.trouble}")
        complaints.extend(outcome.complete.conversation[-12:])
    if outcome.beyond is not None and not outcome.beyond.works:
        complaints.append(f"«{scenario.beyond_title}» does not work: {outcome.beyond.trouble}")
        complaints.extend(outcome.beyond.conversation[-12:])


def _verdict(scenario: Scenario, fixed: Play, control: Play | None) -> Verdict:
    if scenario.verdict is Verdict.PROCEDURE:
        return Verdict.PROCEDURE if fixed.works else Verdict.FIX_DOES_NOTHING
    assert control is not None
    if control.works:
        return Verdict.CURES_ITSELF
    if fixed.works:
        return Verdict.CURED
    done = [told.step for told in fixed.told if told.ok and told.step.kind is not Kind.INFORMATIONAL]
    acted = any(step.refusal is None and step in scenario.fix for step in done)
    return Verdict.FIX_DOES_NOTHING if acted else Verdict.NO_DOCUMENTED_FIX
