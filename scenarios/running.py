"""Running a scenario: the error, the fix, the fix with each step left out, and no fix; all from the same state."""

from collections.abc import Callable
from dataclasses import replace

from scenarios.cases import Case
from scenarios.health import Books, Harm, Health, read_books, worse
from scenarios.judging import KEPT_LINES, complaints_of, doubts_about_error, verdict_of
from scenarios.outcome import Instead, Outcome
from scenarios.playbook import Alternative, Step, Verdict
from scenarios.plays import Mapper, Part, Play, Stage, one_by_one, perform, play, speaks
from scenarios.weighing import acting, smallest, weigh

_UNWEIGHED = (Verdict.PROCEDURE, Verdict.NO_DOCUMENTED_FIX)


def run(case: Case, stage: Stage, mapper: Mapper = one_by_one, *, finds_smallest: bool = False) -> Outcome:
    """Play everything on forks of ``stage``, which is in the scenario's preset; closes it.

    ``finds_smallest``: look for the fewest steps that cure as well, which takes many plays.
    """
    outcome, scenario = Outcome(case), case.scenario
    untouched = stage.keep()
    try:
        told, failed = perform(stage.scene, scenario.reproduce)
        outcome.told = tuple(told)
        if failed is not None:
            outcome.why_not = f"{failed.step.title}: {failed.trouble}"
            if case.arises:
                outcome.complaints += [f"not reproduced: {outcome.why_not}", *stage.conversation()[-KEPT_LINES:]]
            return outcome
        outcome.reproduced = True
        outcome.screen = next((one.screen for one in reversed(told) if one.screen), ())
        outcome.complaints += doubts_about_error(case, told, outcome.screen)
        if not case.arises:
            outcome.complaints.append("declared not to arise, and it does")
        _play_all(outcome, stage, untouched, mapper, finds_smallest=finds_smallest)
    finally:
        stage.close()
    outcome.complaints += complaints_of(outcome)
    return outcome


def unreachable(case: Case, why: str) -> Outcome:
    """The outcome of a case whose till cannot be brought into the state it begins with."""
    return Outcome(case, complaints=[why])


def _play_all(
    outcome: Outcome, stage: Stage, untouched: Callable[[], Stage], mapper: Mapper, *, finds_smallest: bool
) -> None:
    scenario, verdict = outcome.scenario, outcome.case.verdict
    documented = tuple(step for step in scenario.fix if step.documented)
    books = read_books(stage.scene.till) if speaks(outcome.told) else Books()

    def part(title: str, *steps: Step) -> Part:
        return Part(title, stage.fork, steps, scenario.prove, books)

    parts = {
        "before": Part("before the error", untouched, (), (), Books()),
        "fixed": part("documented fix", *documented),
        "control": part("no fix"),
        "complete": part("with the missing steps", *scenario.fix),
        "beyond": part(scenario.beyond_title, *documented, *scenario.beyond),
        **{f"instead {index}": part(one.title, *one.steps) for index, one in enumerate(scenario.alternatives)},
    }
    if verdict is Verdict.PROCEDURE or not acting(documented):
        del parts["control"]
    if documented == scenario.fix:
        del parts["complete"]
    if not scenario.beyond:
        del parts["beyond"]
    played = dict(zip(parts, mapper(play, parts.values()), strict=True))
    fixed = outcome.fixed = played["fixed"]
    outcome.complete, outcome.beyond = played.get("complete"), played.get("beyond")
    outcome.control = None if verdict is Verdict.PROCEDURE else played.get("control", fixed)
    outcome.verdict = verdict_of(outcome)
    instead = [(one, played[f"instead {index}"]) for index, one in enumerate(scenario.alternatives)]
    cure = outcome.cure
    if cure is None:
        outcome.alternatives = [Instead(one, play.works) for one, play in instead]
        return
    before = played["before"].health
    assert before is not None
    before = replace(before, world=stage.scene.witness.world())
    if verdict is not Verdict.PROCEDURE:
        before = replace(before, books=before.books.at_most(books))
    outcome.alternatives = [_instead(one, cure, play, before) for one, play in instead]
    as_printed = fixed if fixed.works else cure
    outcome.harm = worse(_harms(as_printed, before), ())
    if verdict in _UNWEIGHED:
        return
    fix = parts["fixed" if cure is fixed else "complete"]
    outcome.weighings = weigh(fix, cure, before, mapper)
    if finds_smallest:
        chosen = parts["fixed"] if fixed.works else fix
        outcome.smallest = smallest(chosen, outcome.weighings, cure, before)


def _harms(play: Play, before: Health) -> tuple[Harm, ...]:
    return () if play.health is None else play.health.harms(before)


def _instead(alternative: Alternative, cure: Play, result: Play, before: Health) -> Instead:
    return Instead(alternative, result.works, worse(_harms(result, before), _harms(cure, before)))
