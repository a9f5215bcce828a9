"""Scenarios by what a person types for their id; names that are near to what was typed."""

from collections.abc import Collection
from difflib import get_close_matches

from scenarios.library import SCENARIOS
from scenarios.playbook import Scenario

SHOWN = 3
"""Names of which one may have been meant, at most."""
_CLOSE, _PART_LETTERS = 0.5, 3


class UnknownScenarioError(ValueError):
    """There is no scenario of that name; the message names the nearest ones and the command that lists all."""


def scenario_named(name: str) -> Scenario:
    """The scenario of this id; raises `UnknownScenarioError`."""
    if name not in SCENARIOS:
        near = nearest(name, SCENARIOS)
        meant = f"the nearest {'is' if len(near) == 1 else 'are'} {', '.join(near)}; " if near else ""
        raise UnknownScenarioError(f"there is no scenario {name!r}; {meant}`kktsim scenario list` lists them all")
    return SCENARIOS[name]


def nearest(typed: str, names: Collection[str], most: int = SHOWN) -> list[str]:
    """Names that look like what was typed: first those it is a part of, then those spelled nearly so."""
    part = _bare(typed)
    holding = [name for name in names if len(part) >= _PART_LETTERS and part in _bare(name)]
    close = get_close_matches(typed.casefold(), names, most, _CLOSE)
    return list(dict.fromkeys((*holding, *close)))[:most]


def _bare(name: str) -> str:
    """Its letters and digits."""
    return "".join(one for one in name.casefold() if one.isalnum())
