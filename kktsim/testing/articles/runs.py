"""Playing every scenario of articles in all its cases, on all cores."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from kktsim.testing.articles.found import CaseKey, Cell, Found, InsteadFound, StepFound
from kktsim.testing.cases import bench_for
from kktsim.testing.presets import UnreachablePresetError
from kktsim.testing.theatre import InProcess
from scenarios.cases import Case, cases_of, is_generation
from scenarios.library import SCENARIOS
from scenarios.outcome import Outcome
from scenarios.playbook import Kind, Scenario, Step, Weight
from scenarios.plays import Play
from scenarios.running import run, unreachable

CELLS = {
    Weight.NEEDED: Cell.NEEDED,
    Weight.HARMFUL_TO_OMIT: Cell.HARMFUL_TO_OMIT,
    Weight.SUFFICIENT: Cell.SUFFICIENT,
    Weight.SUPERFLUOUS: Cell.NOTHING,
    Weight.HARMFUL: Cell.HARMFUL,
    Weight.INFORMATIONAL: Cell.INFORMATIONAL,
}


def keys(scenarios: Iterable[Scenario]) -> list[CaseKey]:
    """Everything that is to be played."""
    return [_key(case, number) for one in scenarios for number, case in enumerate(cases_of(one))]


def _key(case: Case, number: int) -> CaseKey:
    variant = case.variant
    if variant is None:
        return CaseKey(case.scenario.id, number, case.fn)
    return CaseKey(case.scenario.id, number, case.fn, "" if is_generation(variant) else variant.title)


def found_in(chosen: Sequence[CaseKey]) -> Iterator[Found]:
    """What each case yields, in order; several processes share the work where there is more than one core."""
    workers = min(os.cpu_count() or 1, len(chosen))
    if workers < 2:
        yield from map(found, chosen)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield from pool.map(found, chosen)


def found(key: CaseKey) -> Found:
    """Play one case."""
    case = cases_of(SCENARIOS[key.scenario])[key.number]
    outcome = _played(case)
    return Found(
        case=key,
        arises=case.arises,
        reproduced=outcome.reproduced,
        verdict=outcome.verdict,
        steps=tuple(_steps(outcome)) if outcome.reproduced else (),
        smallest=tuple(step.title for step in outcome.smallest or ()),
        harm=outcome.harm,
        alternatives=tuple(
            InsteadFound(instead.alternative.title, instead.cures, instead.harm) for instead in outcome.alternatives
        ),
        is_completed=_works(outcome.complete) and not _works(outcome.fixed),
        helps_beyond=_works(outcome.beyond),
        complaints=tuple(outcome.complaints),
    )


def _played(case: Case) -> Outcome:
    try:
        bench = bench_for(case)
    except UnreachablePresetError as error:
        return unreachable(case, str(error))
    return run(case, InProcess().stage(bench), finds_smallest=True)


def _works(play: Play | None) -> bool:
    return play is not None and play.works


def _steps(outcome: Outcome) -> Iterator[StepFound]:
    """Those of the fix, then what has no weight: the proof, and what was looked at before the fix."""
    scenario = outcome.scenario
    yield from (_step(step, outcome) for step in scenario.fix)
    yield from (StepFound(step.title, Cell.PROOF) for step in scenario.prove)
    looked = (step for step in scenario.reproduce if step.kind is Kind.INFORMATIONAL)
    yield from (StepFound(step.title, Cell.INFORMATIONAL, step.reason) for step in looked)


def _step(step: Step, outcome: Outcome) -> StepFound:
    code = None if step.refusal is None else int(step.refusal)
    weighing = next((one for one in outcome.weighings if one.step is step), None)
    if step.kind is Kind.INFORMATIONAL:
        return StepFound(step.title, Cell.INFORMATIONAL, step.reason, code)
    if weighing is not None:
        if weighing.weight is Weight.NEEDED and _is_left_out(step, outcome.smallest):
            return StepFound(step.title, Cell.MENDS, weighing.because, code)
        return StepFound(step.title, CELLS[weighing.weight], weighing.because, code)
    if step.refusal is not None:
        return StepFound(step.title, Cell.REFUSED, "", code)
    return StepFound(step.title, Cell.IN_VAIN, "", code)


def _is_left_out(step: Step, smallest: tuple[Step, ...] | None) -> bool:
    return smallest is not None and not any(one is step for one in smallest)
