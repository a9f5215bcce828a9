"""The bench that a scenario is played on in one of its cases."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from fn_model import load_model
from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world
from kktsim.kkt_models import DEFAULT_MODEL, load
from kktsim.testing.articles.found import Case
from kktsim.testing.presets import build
from scenarios.playbook import Scenario

Settings = tuple[tuple[str, Any], ...]
AT = "2026-11-22T10:00"
"""World time of scenarios that do not tell theirs: what they find must not hang on the day they are played."""


def cases_of(scenario: Scenario) -> Iterator[Case]:
    """With each FN that it is weighed in, then its variants with the FN that each of them has."""
    yield from (Case(scenario.id, fn) for fn in scenario.generations)
    for index, variant in enumerate(scenario.variants):
        yield Case(scenario.id, variant.fn or scenario.fn, index)


def bench_for(scenario: Scenario, case: Case) -> Bench:
    """A bench in the preset of the scenario, which several may share: play on a fork of it."""
    variant = None if case.variant is None else scenario.variants[case.variant]
    model = (variant and variant.model) or (scenario.models[0] if scenario.models else DEFAULT_MODEL)
    kkt_settings = () if variant is None else tuple(variant.kkt_settings.items())
    fn_settings = () if variant is None else tuple(variant.fn_settings.items())
    return _built(scenario.preset, scenario.at or AT, model, case.fn, kkt_settings, fn_settings)


@cache
def _built(preset: str, at: str, model: str, fn: str, kkt_settings: Settings, fn_settings: Settings) -> Bench:
    till, storage = load(model), load_model(fn)
    till = replace(till, settings=replace(till.settings, **dict(kkt_settings)))
    storage = replace(storage, settings=replace(storage.settings, **dict(fn_settings)))
    return build(till, preset, parse_world(at), ClockKind.FROZEN, fn_model=storage, virtual=True)
