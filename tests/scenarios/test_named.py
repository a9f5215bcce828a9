"""Ids of scenarios as people type them."""

import pytest

from scenarios.library import SCENARIOS
from scenarios.named import SHOWN, UnknownScenarioError, nearest, scenario_named


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("fn210", ["fn_210_unplugged", "fn_210_cable", "fn_210_faulty"]),
        ("-3978", ["err_3978_shift_closed", "err_3978_fn_1", "err_3978_shift_open"]),
        ("ERR_3841", ["err_3841", "err_3841_already_1_05", "err_3841_already_1_05_two_sno"]),
        ("err_I057", ["err_1057"]),
        ("xyzzy", []),
        ("a", []),
    ],
)
def test_the_nearest_are_those_that_hold_what_was_typed_and_then_those_spelled_like_it(
    typed: str, near: list[str]
) -> None:
    found = nearest(typed, SCENARIOS)
    assert found[: len(near)] == near
    assert bool(found) is bool(near) and len(found) <= SHOWN


def test_an_unknown_one_is_told_with_the_nearest_and_where_all_are_listed() -> None:
    with pytest.raises(UnknownScenarioError) as told:
        scenario_named("banner_stale")
    listed = "`kktsim scenario list` lists them all"
    assert str(told.value).startswith("there is no scenario 'banner_stale'; the nearest are ofd_banner_stale, ")
    assert str(told.value).endswith(f"; {listed}")
    with pytest.raises(UnknownScenarioError) as told:
        scenario_named("xyzzy")
    assert str(told.value) == f"there is no scenario 'xyzzy'; {listed}"


def test_each_is_found_by_its_id() -> None:
    assert all(scenario_named(name) is one for name, one in SCENARIOS.items())
