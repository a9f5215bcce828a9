"""Comparing what was found with what is declared; an honest «this step does nothing here» is no failure."""

from collections.abc import Iterable, Iterator

from protocol.atol.errors import driver_line
from scenarios.cases import Case
from scenarios.outcome import Instead, Outcome
from scenarios.playbook import Kind, Verdict
from scenarios.plays import Play, Told

KEPT_LINES = 12
"""Of the conversation, shown with a complaint."""


def doubts_about_error(case: Case, told: list[Told], screen: tuple[str, ...]) -> Iterator[str]:
    """What of the error is not as declared, when the steps that lead to it are done."""
    scenario, error = case.scenario, case.error
    last = next((one for one in reversed(told) if one.step.kind is not Kind.INFORMATIONAL), None)
    if error is not None and (last is None or last.error != error):
        yield f"the till says {_said(None if last is None else last.error)}, not {error.name}"
    if scenario.tape is not None and (last is None or scenario.tape not in last.tape):
        yield f"the paper does not say «{scenario.tape}» but {[] if last is None else list(last.tape)}"
    for line in scenario.screens:
        if line not in screen:
            yield f"the terminal does not show «{line}» but: {'; '.join(screen)}"


def _said(code: int | None) -> str:
    return "nothing" if code is None else driver_line(code)


def verdict_of(outcome: Outcome) -> Verdict | None:
    """What is to be said of the documented fix; None: it was not played."""
    fixed, control = outcome.fixed, outcome.control
    if fixed is None:
        return None
    if outcome.scenario.verdict is Verdict.PROCEDURE:
        return Verdict.PROCEDURE if fixed.works else Verdict.FIX_DOES_NOTHING
    if control is not None and control.works:
        return Verdict.CURES_ITSELF
    if fixed.works:
        return Verdict.CURED
    fix = outcome.scenario.fix
    tried = [told.step for told in fixed.told if told.step.kind is not Kind.INFORMATIONAL]
    acts = any(step.refusal is None and any(step is one for one in fix) for step in tried)
    return Verdict.FIX_DOES_NOTHING if acts else Verdict.NO_DOCUMENTED_FIX


def complaints_of(outcome: Outcome) -> Iterator[str]:
    """Where the plays of fixes are not as declared."""
    case, scenario = outcome.case, outcome.scenario
    if outcome.fixed is not None and outcome.verdict is not case.verdict:
        yield f"declared {case.verdict}, found {outcome.verdict}: {outcome.fixed.trouble}"
        yield from outcome.fixed.conversation[-KEPT_LINES:]
    yield from _without_a_fix(case, outcome.control)
    for weighing in outcome.weighings:
        declared = case.weight(weighing.step)
        if declared is not None and declared is not weighing.weight:
            found = f"{weighing.weight} ({weighing.because})"
            yield f"«{weighing.step.title}» is declared {declared}, found {found}"
    yield from _instead(outcome.alternatives)
    for title, play in (("the complete fix", outcome.complete), (f"«{scenario.beyond_title}»", outcome.beyond)):
        if play is not None and not play.works:
            yield f"{title} does not work: {play.trouble}"
            yield from play.conversation[-KEPT_LINES:]


def _without_a_fix(case: Case, control: Play | None) -> Iterator[str]:
    """The same error must come back, on the wire and on the paper."""
    error, tape = case.error, case.scenario.tape
    if control is None or control.works or error is None:
        return
    if control.error != error:
        found = control.trouble if control.error is None else driver_line(control.error)
        yield f"without a fix the till says {found}, not {error.name}"
    elif tape is not None and tape not in control.tape:
        yield f"without a fix the paper says {list(control.tape)}, not «{tape}»"


def _instead(found: Iterable[Instead]) -> Iterator[str]:
    for instead in found:
        alternative = instead.alternative
        if instead.cures is not alternative.cures:
            yield f"«{alternative.title}» is declared {'to cure' if alternative.cures else 'not to cure'}"
        elif bool(instead.harm) is not alternative.harms:
            harm = instead.harm or "nothing is worse than after the fix"
            yield f"«{alternative.title}» is declared {'to do harm' if alternative.harms else 'to do no harm'}: {harm}"
