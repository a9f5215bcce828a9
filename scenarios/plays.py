"""Playing a scenario: the error, the fix, the fix with each step left out, and no fix; all from the same state.

The engine knows a till only as a `Stage`: something with a scene that can be forked. What it finds is compared with
what the scenario declares; an honest «this step does nothing here» is a result, not a failure.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from protocol.atol.kkt_codes import E
from scenarios.health import Health, examine
from scenarios.playbook import Alternative, Kind, NotAsExpected, Scenario, Scene, Step, ValueMissing, Verdict, Weight
from scenarios.routine import Refused


class Stage(Protocol):
    """A till in some state, reached by some wire."""

    scene: Scene

    def fork(self) -> "Stage":
        """The same state once more, with a port of its own."""

    def close(self) -> None:
        """Close the port and let the till go."""

    def conversation(self) -> list[str]:
        """Requests and replies so far, decoded."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one play consists of, beside the proof."""

    title: str
    steps: tuple[Step, ...]


Mapper = Callable[[Callable[[Part], "Play"], Iterable[Part]], list["Play"]]


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
    """One play of fix and proof."""

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


@dataclass(frozen=True, slots=True)
class Instead:
    """What other steps in place of the fix did. ``harm``: in what the till is worse off than after the fix."""

    alternative: Alternative
    cures: bool
    harm: str = ""


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
    alternatives: list[Instead] = field(default_factory=list)
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


_UNWEIGHED = (Verdict.PROCEDURE, Verdict.NO_DOCUMENTED_FIX)


def _one_by_one(function: Callable[[Part], Play], parts: Iterable[Part]) -> list[Play]:
    return [function(part) for part in parts]


def _play_all(scenario: Scenario, stage: Stage, outcome: Outcome, mapper: Mapper) -> None:
    documented = tuple(step for step in scenario.fix if step.documented)
    is_procedure = scenario.verdict is Verdict.PROCEDURE
    is_all_documented = documented == scenario.fix

    def play_part(part: Part) -> Play:
        return play(part.title, stage.fork(), part.steps, scenario.prove)

    parts = [
        Part("procedure" if is_procedure else "documented fix", documented),
        *([] if is_procedure or not documented else [Part("no fix", ())]),
        *([] if is_all_documented else [Part("with the missing steps", scenario.fix)]),
        *(Part(alternative.title, alternative.steps) for alternative in scenario.alternatives),
        *([Part(scenario.beyond_title, (*documented, *scenario.beyond))] if scenario.beyond else []),
    ]
    played = iter(mapper(play_part, parts))
    fixed = outcome.fixed = next(played)
    if not is_procedure:
        outcome.control = next(played) if documented else fixed
    if not is_all_documented:
        outcome.complete = next(played)
    outcome.alternatives = [_instead(alternative, fixed, next(played)) for alternative in scenario.alternatives]
    if scenario.beyond:
        outcome.beyond = next(played)
    base = outcome.complete or fixed
    if base.works and scenario.verdict not in _UNWEIGHED:
        weighed = [step for step in scenario.fix if step.kind is not Kind.INFORMATIONAL]
        rests = [Part(f"without: {one.title}", tuple(step for step in weighed if step is not one)) for one in weighed]
        outcome.weighings = [
            _weigh(step, base, result) for step, result in zip(weighed, mapper(play_part, rests), strict=True)
        ]


def _instead(alternative: Alternative, fixed: Play, result: Play) -> Instead:
    if result.health is None or fixed.health is None:
        return Instead(alternative, result.works)
    settings_may_differ = replace(result.health, tables=fixed.health.tables)
    return Instead(alternative, result.works, settings_may_differ.worse_than(fixed.health))


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


def _harmful(harms: bool) -> str:
    return "to do harm" if harms else "to do no harm"


def _judge(outcome: Outcome, weights: Mapping[str, Weight]) -> None:
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
    for instead in outcome.alternatives:
        alternative = instead.alternative
        if instead.cures is not alternative.cures:
            complaints.append(f"«{alternative.title}» is declared {'to cure' if alternative.cures else 'not to cure'}")
        elif bool(instead.harm) is not alternative.harms:
            found = instead.harm or "nothing is worse than after the fix"
            complaints.append(f"«{alternative.title}» is declared {_harmful(alternative.harms)}: {found}")
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
