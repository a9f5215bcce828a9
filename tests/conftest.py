"""What all tests share: how Hypothesis runs, and tills in named states.

Profiles: ``dev`` looks for new examples in every run; ``ci`` tries the same ones each time and prints how to repeat a
failure. ``HYPOTHESIS_PROFILE`` chooses, else ``CI`` does.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import settings

from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.device.kkt import to_world
from kktsim.kkt_models import DEFAULT_MODEL, load
from kktsim.testing.presets import build

AT = datetime(2026, 3, 2, 12, 0)
"""World time at which benches are handed over."""

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session")
def make_bench() -> Callable[..., Bench]:
    """``make_bench(state="registered", model="evotor-st2f", **settings)``: a bench of the test's own.

    World time stands at `AT`, host time is virtual. ``settings``: named settings of the till that differ.
    """
    built: dict[object, Bench] = {}

    def make(state: str = "registered", model: str = DEFAULT_MODEL, **changed: object) -> Bench:
        key = (state, model, tuple(sorted(changed.items())))
        if key not in built:
            till = load(model)
            till = replace(till, settings=replace(till.settings, **changed))  # type: ignore[arg-type]
            built[key] = build(till, state, to_world(AT), ClockKind.FROZEN, virtual=True)
        return built[key].fork()

    return make


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    """A registered till with a closed shift."""
    return make_bench()
