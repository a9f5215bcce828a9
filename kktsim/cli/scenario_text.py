"""A scenario and what its plays found, as text and as JSON."""

import json
from typing import Any

import click

from protocol.atol.errors import describe, driver_line
from scenarios.outcome import Instead, Outcome
from scenarios.playbook import Kind, Scenario, Step, Variant, Verdict
from scenarios.plays import Play, Told


def show_scenario(one: Scenario, article_title: str | None) -> None:
    """The steps of a scenario."""
    click.echo(f"{one.id}: {one.title}")
    if one.article is not None:
        click.echo(f"  article {one.article}" + (f": {article_title}" if article_title else ""))
    if one.error is not None:
        click.echo(f"  error   {_error(one)}")
    click.echo(f"  state   {one.preset}, declared verdict: {one.verdict}")
    if one.case:
        click.echo(f"  cause   {one.case}")
    if one.models:
        click.echo(f"  models  {', '.join(one.models)}")
    for line in one.screens:
        click.echo(f"  screen  {line}")
    if one.documented:
        click.echo(f"  documented: {one.documented}")
    if one.inferred:
        click.echo(f"  inferred:   {one.inferred}")
    for title, steps in (
        ("reproduce", one.reproduce),
        ("fix", one.fix),
        ("prove", one.prove),
        (one.beyond_title or "beyond", one.beyond),
    ):
        if steps:
            click.echo(f"  {title}:")
            for number, step in enumerate(steps, 1):
                click.echo(f"    {number}. [{step.kind}] {_title(step)}")
    for variant in one.variants:
        click.echo(f"  variant: {variant.title} [{', '.join(differences(variant))}]")
    for alternative in one.alternatives:
        harm = ", and does harm" if alternative.harms else ""
        click.echo(f"  instead: {alternative.title} ({'cures' if alternative.cures else 'does not cure'}{harm})")


def differences(variant: Variant) -> list[str]:
    """What a variant sets, by the names that `kktsim models` and `kktsim settings` tell."""
    told = [f"{name} {value}" for name, value in (("model", variant.model), ("fn-model", variant.fn)) if value]
    settings = {**variant.kkt_settings, **variant.fn_settings}
    return [*told, *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in settings.items())]


def _settings(outcome: Outcome) -> list[str]:
    return [] if outcome.case.variant is None else differences(outcome.case.variant)


def show_outcome(outcome: Outcome) -> None:
    """What the plays of one scenario found."""
    one = outcome.scenario
    told = "; ".join(filter(None, (outcome.variant, *_settings(outcome))))
    variant = f" [{told}]" if told else ""
    click.echo(f"{'PASS' if outcome.passed else 'FAIL'} {one.id}{variant}: {one.title}")
    if outcome.reproduced:
        _show_symptoms(outcome)
    elif outcome.why_not:
        click.echo(f"  does not arise: {outcome.why_not}")
    _show_fix(outcome)
    for instead in outcome.alternatives:
        cures = "cures" if instead.cures else "does not cure"
        click.echo(f"  instead of the fix: {instead.alternative.title} {cures}{_but(instead)}")
    if outcome.control is not None:
        click.echo(f"  no fix: {_why(outcome.control)}")
    if outcome.beyond is not None:
        click.echo(f"  beyond the document: {one.beyond_title}: {_why(outcome.beyond)}")
    if outcome.verdict is not None:
        click.echo(f"  verdict: {outcome.verdict}")
    for complaint in outcome.complaints:
        click.echo(f"  ! {complaint}")


def _show_fix(outcome: Outcome) -> None:
    """Each step with what it is worth, what the document lacks, which steps are enough, what they spoil."""
    one, fixed = outcome.scenario, outcome.fixed
    if fixed is not None:
        for number, told in enumerate(_of_fix(one, fixed), 1):
            click.echo(f"  {_heading(one)} {number}. {_title(told.step)}: {_verdict(outcome, told)}")
        if fixed.works:
            click.echo(f"  proved: {', '.join(step.title for step in one.prove)}")
    if outcome.complete is not None:
        for step in one.fix:
            if not step.documented:
                weight = _weight(outcome, step)
                click.echo(f"  the document lacks: {step.title}: {weight} ({step.reason})")
    if outcome.smallest is not None:
        click.echo(f"  enough: {'; '.join(step.title for step in outcome.smallest) or 'nothing'}")
    if outcome.harm:
        click.echo(f"  after the fix, worse than before the error: {outcome.harm}")


def _show_symptoms(outcome: Outcome) -> None:
    """The error, the paper, the screen; of what shows none of them, what is seen of it last before the fix."""
    one = outcome.scenario
    if one.error is not None:
        click.echo(f"  reproduced: {_error(one)}")
    elif one.screens:
        click.echo("  reproduced")
    else:
        for step in [step for step in one.reproduce if step.kind is Kind.INFORMATIONAL][-1:]:
            click.echo(f"  reproduced: {step.title}")
    if one.tape:
        click.echo(f"    paper:  {one.tape}")
    for line in one.screens or (() if one.error is None else (_driver_says(one.error),)):
        click.echo(f"    screen: {line}")


def _driver_says(code: int) -> str:
    """What the driver says to a program that is no terminal of ours."""
    return f"Ошибка при работе с кассой: {driver_line(code)}"


def _but(instead: Instead) -> str:
    return f", but {instead.harm}" if instead.harm else ""


def scenario_json(one: Scenario) -> dict[str, Any]:
    """The steps of a scenario for programs."""

    def steps(some: tuple[Step, ...]) -> list[dict[str, Any]]:
        return [
            {
                "kind": step.kind,
                "title": step.title,
                "refusal": None if step.refusal is None else int(step.refusal),
                "documented": step.documented,
                "weight": step.weight,
            }
            for step in some
        ]

    return {
        "id": one.id,
        "title": one.title,
        "article": one.article,
        "case": one.case,
        "preset": one.preset,
        "models": list(one.models),
        "wire_code": None if one.error is None else int(one.error),
        "verdict": one.verdict,
        "variants": [
            {
                "title": variant.title,
                "model": variant.model,
                "fn": variant.fn,
                "kkt_settings": dict(variant.kkt_settings),
                "fn_settings": dict(variant.fn_settings),
            }
            for variant in one.variants
        ],
        "reproduce": steps(one.reproduce),
        "fix": steps(one.fix),
        "prove": steps(one.prove),
        "beyond": steps(one.beyond),
        "documented": one.documented,
        "inferred": one.inferred,
    }


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The same for programs."""
    one = outcome.scenario
    return {
        "id": one.id,
        "fn": outcome.case.fn,
        "variant": outcome.variant,
        "differences": _settings(outcome),
        "article": one.article,
        "passed": outcome.passed,
        "reproduced": outcome.reproduced,
        "wire_code": None if one.error is None else int(one.error),
        "driver_code": None if one.error is None else describe(one.error).driver_code,
        "tape": one.tape,
        "screen": list(outcome.screen),
        "why_not": outcome.why_not,
        "verdict": outcome.verdict,
        "weights": [
            {"step": weighing.step.title, "weight": weighing.weight, "because": weighing.because}
            for weighing in outcome.weighings
        ],
        "smallest": None if outcome.smallest is None else [step.title for step in outcome.smallest],
        "harm": outcome.harm,
        "alternatives": [
            {"title": instead.alternative.title, "cures": instead.cures, "harm": instead.harm}
            for instead in outcome.alternatives
        ],
        "complaints": outcome.complaints,
    }


def _error(one: Scenario) -> str:
    assert one.error is not None
    return f"{int(one.error):02X}h = {int(one.error)}, driver {driver_line(one.error)}"


def _heading(one: Scenario) -> str:
    return "step" if one.verdict is Verdict.PROCEDURE else "fix"


def _of_fix(one: Scenario, play: Play) -> list[Told]:
    return [told for told in play.told if told.step in one.fix]


def _title(step: Step) -> str:
    refusal = "" if step.refusal is None else f" -> {int(step.refusal):02X}h"
    return f"{step.title}{refusal}" + ("" if step.documented else " (not in the document)")


def _verdict(outcome: Outcome, told: Told) -> str:
    if not told.ok:
        return f"FAILED: {told.trouble}"
    weight = _weight(outcome, told.step)
    because = next((one.because for one in outcome.weighings if one.step is told.step), told.step.reason)
    return f"{weight} ({because})" if because else weight


def _weight(outcome: Outcome, step: Step) -> str:
    weighing = next((one for one in outcome.weighings if one.step is step), None)
    if weighing is not None:
        return str(weighing.weight)
    return "refused, as it must be" if step.refusal is not None else "done"


def _why(play: Play) -> str:
    if play.works:
        return "the till works again"
    if play.code is None:
        return play.trouble
    return f"{int(play.code):02X}h, {driver_line(play.code)}" + "".join(f"; paper: {line}" for line in play.tape)
