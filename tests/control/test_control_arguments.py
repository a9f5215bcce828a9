"""Whatever an action is given, it gets what it declares or one sentence is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kktsim.control.actions import ACTIONS
from kktsim.control.arguments import ArgumentError, read_arguments
from kktsim.control.times import iso, parse_span

UNIT_SECONDS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
argument_names = st.sampled_from([one.name for action in ACTIONS.values() for one in action.arguments])


@given(st.sampled_from(list(ACTIONS.values())), st.dictionaries(argument_names, json_values))
def test_any_json_gives_the_declared_arguments_or_a_sentence(action: Any, given_values: dict[str, object]) -> None:
    told = ""
    try:
        values = read_arguments(action.arguments, given_values)
    except ArgumentError as error:
        told = str(error)
    else:
        assert list(values) == [one.name for one in action.arguments]
    assert not told or ": give " in told


@given(st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from("wdhms")), min_size=1, max_size=6))
def test_a_span_is_the_sum_of_its_parts(parts: list[tuple[int, str]]) -> None:
    text = "".join(f"{count}{unit}" for count, unit in parts)

    assert parse_span(text) == sum(count * UNIT_SECONDS[unit] for count, unit in parts)


@pytest.mark.parametrize("text", ["", "d", "1.5d", "-1d", "1d ", "1D", "٣d"])
def test_a_span_has_whole_numbers_and_units(text: str) -> None:
    with pytest.raises(ValueError, match="no span"):
        parse_span(text)


def test_a_span_without_units_is_seconds() -> None:
    assert parse_span("31") == 31


def test_a_query_string_may_write_numbers_as_text() -> None:
    assert read_arguments(ACTIONS["tape"].arguments, {"since": "12"}) == {"since": 12}


def test_what_is_not_given_has_its_default() -> None:
    noise = ACTIONS["cable noise"].arguments

    assert read_arguments(noise, {"to_fn_percent": 5, "times": None}) == {
        "to_fn_percent": 5,
        "to_kkt_percent": 0,
        "seed": 1,
        "times": None,
    }


def test_world_seconds_are_shown_as_a_local_date_and_time() -> None:
    assert iso(1_795_356_000.999) == "2026-11-22T14:00:00"
