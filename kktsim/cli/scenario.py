"""`kktsim scenario`: list, show and run the scenarios of documented errors."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from kktsim.cli.fail import EXPECTATION, fail
from kktsim.cli.model_choice import takes_model
from kktsim.cli.scenario_text import as_json, scenario_json, show_outcome, show_scenario
from kktsim.device.model import KktModel
from kktsim.kkt_models import UnknownModelError
from kktsim.testing.cases import bench_with, fitting
from kktsim.testing.presets import UnreachablePresetError
from kktsim.testing.theatre import InProcess, PtyTheatre, Theatre
from scenarios.cases import Case, cases_of
from scenarios.catalogue import articles
from scenarios.library import SCENARIOS
from scenarios.named import UnknownScenarioError, scenario_named
from scenarios.outcome import Outcome
from scenarios.playbook import Scenario
from scenarios.running import run as run_case
from scenarios.running import unreachable

IN_PROCESS, PTY = "inprocess", "pty"


@click.group()
def scenario() -> None:
    """Documented errors, reproduced by real commands, time and faults, and cured by their documented fixes."""


@scenario.command("list")
@click.option("--json", "json_wanted", is_flag=True, help="JSON on stdout.")
def list_all(json_wanted: bool) -> None:
    """Every scenario with its article and declared verdict."""
    if json_wanted:
        rows = [{"id": one.id, "title": one.title, "article": one.article, "verdict": one.verdict} for one in _all()]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for one in _all():
        click.echo(f"{one.id:<42} {one.verdict:<19} {one.title}")


@scenario.command()
@click.option("--json", "json_wanted", is_flag=True, help="JSON on stdout.")
@click.argument("name", metavar="ID")
def show(name: str, json_wanted: bool) -> None:
    """The steps of one scenario."""
    one = _find(name)
    if json_wanted:
        click.echo(json.dumps(scenario_json(one), ensure_ascii=False, indent=2))
        return
    known = None if one.article is None else articles().get(one.article)
    show_scenario(one, None if known is None else known.title)


@scenario.command()
@click.option("--wire", default=IN_PROCESS, show_default=True, metavar="inprocess|pty|URL", help="How to reach tills.")
@takes_model
@click.option("--control", metavar="URL", help="With a URL wire: the control API of the bench behind it.")
@click.option("--json", "json_wanted", is_flag=True, help="JSON on stdout.")
@click.argument("names", nargs=-1, metavar="[ID...]")
def run(wire: str, model: KktModel, control: str | None, json_wanted: bool, names: tuple[str, ...]) -> None:
    """Run scenarios (all of them unless named): reproduced, fixed, proved, weighed, and once without the fix.

    Inside the process each is run with every generation of FN, and the fewest steps that cure are looked for.
    """
    chosen = [_find(name) for name in names] or _all()
    if wire not in (IN_PROCESS, PTY):
        if not names:
            fail("name the scenarios to play on a running till: each needs it in a state of its own")
        if json_wanted:
            fail("--json is for runs on tills of our own: leave it out with a URL")
        from kktsim.cli.scenario_remote import run_remote  # noqa: PLC0415 - only a foreign till needs it

        run_remote(wire, control, chosen)
        return
    outcomes: list[Outcome] = []
    started = time.monotonic()
    with _theatre(wire) as theatre:

        def played(case: Case) -> Outcome:
            if not json_wanted:
                click.echo(f"... {case.scenario.id}", err=True)
            try:
                bench = bench_with(case, model)
            except (UnreachablePresetError, UnknownModelError) as error:
                if names:
                    fail(str(error))
                return unreachable(case, str(error))
            return run_case(case, theatre.stage(bench), theatre.map, finds_smallest=wire == IN_PROCESS)

        for outcome in theatre.each(played, _cases(chosen, model, wire, is_named=bool(names))):
            outcomes.append(outcome)
            if not json_wanted:
                show_outcome(outcome)
    failed = sum(not outcome.passed for outcome in outcomes)
    if json_wanted:
        click.echo(json.dumps([as_json(outcome) for outcome in outcomes], ensure_ascii=False, indent=2))
    else:
        passed = len(outcomes) - failed
        click.echo(f"{passed} as declared, {failed} not, over {wire}, in {time.monotonic() - started:.1f} s")
    if failed:
        sys.exit(EXPECTATION)


def _cases(chosen: list[Scenario], model: KktModel, wire: str, *, is_named: bool) -> list[Case]:
    """Inside the process every case, else those that differ in more than the generation of the FN.

    Scenarios that are for other models are left out unless named.
    """
    suited = [one for one in chosen if fitting(one, model) is not None]
    if is_named and suited != chosen:
        one = next(one for one in chosen if one not in suited)
        fail(f"{model.name} cannot get into {one.id}: choose one of {', '.join(one.models)} by --model")
    cases = [case for one in suited for case in cases_of(one)]
    return [case for case in cases if wire == IN_PROCESS or case.variant is not None or case.fn == case.scenario.fn]


def _all() -> list[Scenario]:
    return list(SCENARIOS.values())


def _find(name: str) -> Scenario:
    try:
        return scenario_named(name)
    except UnknownScenarioError as error:
        fail(str(error))


@contextmanager
def _theatre(wire: str) -> Iterator[Theatre]:
    theatre: Theatre = PtyTheatre() if wire == PTY else InProcess()
    try:
        yield theatre
    finally:
        theatre.close()
