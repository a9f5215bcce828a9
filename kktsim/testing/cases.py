"""The bench that a scenario is played on in one of its cases."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from fn_model import load_model
from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world
from kktsim.device.model import KktModel
from kktsim.kkt_models import DEFAULT_MODEL, load, with_firmware
from kktsim.model_file import AT as AT_FIRMWARE
from kktsim.testing.presets import build
from scenarios.cases import Case
from scenarios.playbook import Scenario

AT = "2026-11-22T10:00"
"""World time of scenarios that do not tell theirs: what they find must not hang on the day they are played."""
_Settings = tuple[tuple[str, Any], ...]


def bench_for(case: Case, model: str | None = None) -> Bench:
    """A bench in the preset of the scenario, which several may share: play on a fork of it.

    ``model``: which till, unless the variant has another; the first one that can get into it unless told. Raises
    `UnreachablePresetError`, and `UnknownModelError` when there is no such till.
    """
    scenario, variant = case.scenario, case.variant
    usual = model or next(iter(scenario.models), DEFAULT_MODEL)
    name = usual if variant is None else variant.model or usual
    kkt_settings = {} if variant is None else variant.kkt_settings
    fn_settings = {} if variant is None else variant.fn_settings
    return _shared(scenario.preset, scenario.at or AT, name, case.fn, _row(kkt_settings), _row(fn_settings))


def fitting(scenario: Scenario, model: KktModel) -> KktModel | None:
    """A till that can get into it: as it is, or with the firmware that the scenario is about; None: it cannot."""
    if not scenario.models or model.name in scenario.models:
        return model
    base = model.name.partition(AT_FIRMWARE)[0]
    told = (one.partition(AT_FIRMWARE) for one in scenario.models)
    firmware = next((firmware for name, _, firmware in told if name == base), None)
    return None if firmware is None else with_firmware(model, firmware)


def bench_with(case: Case, model: KktModel) -> Bench:
    """The same with a till of one's own that is `fitting`; raises `UnreachablePresetError`."""
    scenario, variant = case.scenario, case.variant
    model = fitting(scenario, model) or model
    if variant is None:
        return _built(scenario.preset, scenario.at or AT, model, case.fn, (), ())
    return _built(
        scenario.preset,
        scenario.at or AT,
        model if variant.model is None else load(variant.model),
        case.fn,
        _row(variant.kkt_settings),
        _row(variant.fn_settings),
    )


def _row(settings: Mapping[str, Any]) -> _Settings:
    return tuple(settings.items())


@cache
def _shared(preset: str, at: str, model: str, fn: str, kkt_settings: _Settings, fn_settings: _Settings) -> Bench:
    return _built(preset, at, load(model), fn, kkt_settings, fn_settings)


def _built(preset: str, at: str, till: KktModel, fn: str, kkt_settings: _Settings, fn_settings: _Settings) -> Bench:
    storage = load_model(fn)
    till = replace(till, settings=replace(till.settings, **dict(kkt_settings)))
    storage = replace(storage, settings=replace(storage.settings, **dict(fn_settings)))
    return build(till, preset, parse_world(at), ClockKind.FROZEN, fn_model=storage, virtual=True)
