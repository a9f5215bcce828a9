"""Playing every scenario of articles in all its cases, on all cores."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from kktsim.testing.articles.benches import bench_for, cases_of
from kktsim.testing.articles.found import Case, Cell, Found, InsteadFound, StepFound
from kktsim.testing.presets import UnreachablePresetError
from kktsim.testing.theatre import InProcess
from scenarios import plays
from scenarios.library import SCENARIOS
from scenarios.playbook import Kind, Scenario, Step, Weight

CELLS = {
    Weight.NEEDED: Cell.NEEDED,
    Weight.HARMFUL_TO_OMIT: Cell.HARMFUL_TO_OMIT,
    Weight.SUPERFLUOUS: Cell.NOTHING,
    Weight.HARMFUL: Cell.HARMFUL,
    Weight.INFORMATIONAL: Cell.INFORMATIONAL,
}


def cases(scenarios: Iterable[Scenario]) -> list[Case]:
    """Everything that is to be played."""
    return [case for one in scenarios for case in cases_of(one)]


def found_in(chosen: Sequence[Case]) -> Iterator[Found]:
    """What each case yields, in order; several processes share the work where there is more than one core."""
    workers = min(os.cpu_count() or 1, len(chosen))
    if workers < 2:
        yield from map(found, chosen)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield from pool.map(found, chosen)


def found(case: Case) -> Found:
    """Play one case."""
    scenario = SCENARIOS[case.scenario]
    arises = case.variant is None or scenario.variants[case.variant].arises
    try:
        bench = bench_for(scenario, case)
    except UnreachablePresetError as error:
        return Found(case, arises, reproduced=False, verdict=None, complaints=(str(error),))
    outcome = plays.run(scenario, InProcess().stage(bench), None, case.variant)
    return Found(
        case=case,
        arises=arises,
        reproduced=outcome.reproduced,
        verdict=outcome.verdict,
        steps=tuple(_step(step, outcome) for step in scenario.fix),
        alternatives=tuple(
            InsteadFound(instead.alternative.title, instead.cures, instead.harm) for instead in outcome.alternatives
        ),
        is_completed=_works(outcome.complete) and not _works(outcome.fixed),
        helps_beyond=_works(outcome.beyond),
        complaints=tuple(outcome.complaints),
    )


def _works(play: plays.Play | None) -> bool:
    return play is not None and play.works


def _step(step: Step, outcome: plays.Outcome) -> StepFound:
    code = None if step.refusal is None else int(step.refusal)
    weighing = next((one for one in outcome.weighings if one.step is step), None)
    if step.kind is Kind.INFORMATIONAL:
        return StepFound(step.title, Cell.INFORMATIONAL, step.reason, code)
    if weighing is not None:
        return StepFound(step.title, CELLS[weighing.weight], weighing.because, code)
    if step.refusal is not None:
        return StepFound(step.title, Cell.REFUSED, "", code)
    return StepFound(step.title, Cell.IN_VAIN, "", code)
