"""A till that prints and restarts at once: tests over a real wire have better to do than to wait for it."""

from scenarios.cases import Case
from scenarios.playbook import Scenario, Variant

SOON = 0.05
"""Seconds."""
_DURATIONS = ("z_printing", "z_report", "x_report", "reboot", "zeroing", "test_run")
_VARIANT = Variant("prints and restarts at once", kkt_settings={f"{duration}_seconds": SOON for duration in _DURATIONS})


def in_a_hurry(scenario: Scenario) -> Case:
    """A scenario as it is, but for how long the till is busy."""
    return Case(scenario, scenario.fn, _VARIANT)
