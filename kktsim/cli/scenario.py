"""`kktsim scenario`: list, show and run the scenarios of documented errors."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from fn_model import load_model
from kktsim.bench import Bench
from kktsim.cli.fail import EXPECTATION, fail
from kktsim.cli.model_choice import takes_model
from kktsim.cli.scenario_text import as_json, scenario_json, show_outcome, show_scenario
from kktsim.clock import ClockKind, parse_world, present
from kktsim.device.model import KktModel
from kktsim.testing.presets import UnreachablePresetError, build
from kktsim.testing.theatre import InProcess, PtyTheatre, Theatre
from scenarios import plays
from scenarios.catalogue import articles
from scenarios.library import SCENARIOS
from scenarios.playbook import Scenario

Case = tuple[Scenario, int | None]
"""A scenario, and which of its variants; None: as it is."""


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
        click.echo(f"{one.id:<32}{one.verdict:<20}{one.title}")


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
@click.option("--wire", default="inprocess", show_default=True, metavar="inprocess|pty|URL", help="How to reach tills.")
@takes_model
@click.option("--control", metavar="URL", help="With a URL wire: the control API of the bench behind it.")
@click.option("--json", "json_wanted", is_flag=True, help="JSON on stdout.")
@click.argument("names", nargs=-1, metavar="[ID...]")
def run(wire: str, model: KktModel, control: str | None, json_wanted: bool, names: tuple[str, ...]) -> None:
    """Run scenarios (all of them unless named): reproduced, fixed, proved, weighed, and once without the fix."""
    chosen = [_find(name) for name in names] or _all()
    if wire not in ("inprocess", "pty"):
        if not names:
            fail("name the scenarios to play on a running till: each needs it in a state of its own")
        if json_wanted:
            fail("--json is for runs on tills of our own: leave it out with a URL")
        from kktsim.cli.scenario_remote import run_remote  # noqa: PLC0415 - only a foreign till needs it

        run_remote(wire, control, chosen)
        return
    outcomes: list[plays.Outcome] = []
    started = time.monotonic()
    with _theatre(wire) as theatre:

        def played(case: Case) -> plays.Outcome:
            one, index = case
            if not json_wanted:
                click.echo(f"... {one.id}", err=True)
            return plays.run(one, theatre.stage(_bench(one, model, index)), theatre.map, index)

        for outcome in theatre.each(played, _cases(chosen, model, is_named=bool(names))):
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


def _bench(one: Scenario, kkt_model: KktModel, variant: int | None) -> Bench:
    fn_model = load_model()
    if variant is not None:
        settings = replace(fn_model.settings, **one.variants[variant].fn_settings)
        fn_model = replace(fn_model, settings=settings)
    world = present() if one.at is None else parse_world(one.at)
    try:
        return build(kkt_model, one.preset, world, ClockKind.FROZEN, fn_model=fn_model, virtual=True)
    except UnreachablePresetError as error:
        fail(str(error))


def _cases(chosen: list[Scenario], model: KktModel, *, is_named: bool) -> list[Case]:
    """Each scenario as it is and in its variants; those that are for other models are left out unless named."""
    fitting = [one for one in chosen if not one.models or model.name in one.models]
    if is_named and fitting != chosen:
        one = next(one for one in chosen if one not in fitting)
        fail(f"{model.name} cannot get into {one.id}: choose one of {', '.join(one.models)} by --model")
    return [(one, index) for one in fitting for index in (None, *range(len(one.variants)))]


def _all() -> list[Scenario]:
    return list(SCENARIOS.values())


def _find(name: str) -> Scenario:
    if name not in SCENARIOS:
        fail(f"there is no scenario {name!r}; `kktsim scenario list` shows: {', '.join(SCENARIOS)}")
    return SCENARIOS[name]


@contextmanager
def _theatre(wire: str) -> Iterator[Theatre]:
    theatre: Theatre = PtyTheatre() if wire == "pty" else InProcess()
    try:
        yield theatre
    finally:
        theatre.close()
