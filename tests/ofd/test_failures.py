"""Planned failures: where each strikes, and that each ends by itself."""

from typing import Any

import pytest

from kktsim.ofd.failures import NETWORK_FAILURES, SERVER_FAILURES, Failure, FailurePlan, Planned
from tests.ofd.messages import FN, OTHER_FN

ALL = frozenset(Failure)
SILENCE = Failure.SILENCE


def plan(*entries: Planned) -> FailurePlan:
    made = FailurePlan()
    for entry in entries:
        made.add(entry)
    return made


def picks(made: FailurePlan, count: int) -> list[Failure | None]:
    return [made.pick(ALL, number, FN) for number in range(1, count + 1)]


def test_an_empty_plan_lets_everything_pass() -> None:
    assert picks(FailurePlan(), 3) == [None, None, None]


def test_a_failure_strikes_once_unless_told_otherwise() -> None:
    made = plan(Planned(SILENCE))
    assert picks(made, 3) == [SILENCE, None, None]
    assert made.entries() == []


def test_a_failure_strikes_so_many_times_and_is_over() -> None:
    made = plan(Planned(SILENCE, times=3))
    assert picks(made, 2) == [SILENCE, SILENCE]
    assert made.entries() == [Planned(SILENCE, times=1)]
    assert picks(made, 2) == [SILENCE, None]


def test_a_failure_without_end_strikes_until_it_is_cleared() -> None:
    made = plan(Planned(SILENCE, times=None))
    assert picks(made, 50) == [SILENCE] * 50
    made.clear(SILENCE)
    assert picks(made, 1) == [None]


def test_clearing_one_kind_leaves_the_others() -> None:
    made = plan(Planned(SILENCE, times=None), Planned(Failure.SLOW), Planned(SILENCE))
    made.clear(SILENCE)
    assert [entry.failure for entry in made.entries()] == [Failure.SLOW]
    assert made.has(Failure.SLOW) and not made.has(SILENCE)
    made.clear()
    assert made.entries() == []


def test_failures_strike_in_the_order_in_which_they_were_planned() -> None:
    made = plan(Planned(Failure.SLOW), Planned(SILENCE, times=2), Planned(Failure.TARIFF))
    assert picks(made, 5) == [Failure.SLOW, SILENCE, SILENCE, Failure.TARIFF, None]


def test_a_failure_waits_for_its_document() -> None:
    made = plan(Planned(SILENCE, times=2, from_document=3))
    assert picks(made, 5) == [None, None, SILENCE, SILENCE, None]


def test_a_message_without_a_document_is_none_of_those_from_a_document_on() -> None:
    made = plan(Planned(SILENCE, from_document=1))
    assert made.pick(ALL, None, FN) is None
    assert made.pick(ALL, 1, FN) is SILENCE


def test_a_failure_of_one_till_leaves_the_others_alone() -> None:
    made = plan(Planned(SILENCE, fn_number=OTHER_FN))
    assert made.pick(ALL, 1, FN) is None
    assert made.pick(ALL, 1, OTHER_FN) is SILENCE
    assert made.entries() == []


def test_only_the_kinds_that_are_asked_for_strike() -> None:
    made = plan(Planned(SILENCE), Planned(Failure.REFUSED))
    assert made.pick(NETWORK_FAILURES, 1, FN) is Failure.REFUSED
    assert made.pick(NETWORK_FAILURES, 1, FN) is None
    assert made.pick(SERVER_FAILURES, 1, FN) is SILENCE


def test_a_failure_that_had_its_chance_is_passed_over_when_only_scoped_ones_are_asked_for() -> None:
    made = plan(Planned(SILENCE), Planned(Failure.SLOW, from_document=1))
    struck = made.strike(ALL, 1, FN, only_scoped=True)
    assert struck is not None and struck.failure is Failure.SLOW
    assert made.entries() == [Planned(SILENCE)]


def test_chance_strikes_about_as_often_as_it_should_and_alike_for_one_seed() -> None:
    made, again = (plan(Planned(SILENCE, times=None, percent=30, seed=7)) for _ in range(2))
    struck = picks(made, 2000)
    assert 500 < struck.count(SILENCE) < 700
    assert struck == picks(again, 2000)
    assert struck != picks(plan(Planned(SILENCE, times=None, percent=30, seed=8)), 2000)


def test_times_count_only_when_chance_strikes() -> None:
    made = plan(Planned(SILENCE, times=3, percent=20))
    assert picks(made, 500).count(SILENCE) == 3
    assert made.entries() == []


def test_a_copy_goes_on_alike_and_apart() -> None:
    made = plan(Planned(SILENCE, times=5, percent=40, seed=3))
    picks(made, 3)
    twin = made.copy()
    assert picks(twin, 20) == picks(made, 20)
    twin.add(Planned(Failure.SLOW))
    assert not made.has(Failure.SLOW)


def test_what_was_planned_and_what_is_told_of_it_belong_to_the_caller() -> None:
    mine = Planned(SILENCE, times=2)
    made = plan(mine)
    picks(made, 1)
    assert mine.times == 2
    made.entries()[0].times = None
    assert picks(made, 2) == [SILENCE, None]


@pytest.mark.parametrize(
    ("entries", "is_steady"),
    [
        ((), True),
        ((Planned(SILENCE, times=None),), True),
        ((Planned(SILENCE, times=None), Planned(Failure.SLOW, times=None, fn_number=FN)), True),
        ((Planned(SILENCE),), False),
        ((Planned(SILENCE, times=None, percent=99),), False),
        ((Planned(SILENCE, times=None, from_document=1),), False),
        ((Planned(SILENCE, times=None), Planned(SILENCE)), False),
    ],
)
def test_a_plan_is_steady_when_only_a_person_ends_it(entries: tuple[Planned, ...], is_steady: bool) -> None:
    assert plan(*entries).is_steady is is_steady


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"times": 0}, "once or more often, not 0 times"),
        ({"percent": 0}, "1 to 100 percent, not 0"),
        ({"percent": 101}, "1 to 100 percent, not 101"),
        ({"from_document": 0}, "there is no 0"),
        ({"seconds": -1.0}, "not -1.0"),
        ({"seconds": float("nan")}, "not nan"),
    ],
)
def test_a_scope_that_makes_no_sense_is_refused(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Planned(SILENCE, **values)


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_is_told_in_both_languages(failure: Failure) -> None:
    russian, english = failure.about.split(" / ")
    assert russian and english and english.isascii()


def test_a_failure_is_of_the_way_or_of_the_operator() -> None:
    assert NETWORK_FAILURES | SERVER_FAILURES == ALL
    assert NETWORK_FAILURES.isdisjoint(SERVER_FAILURES)
    assert Failure.NAME in NETWORK_FAILURES and SILENCE in SERVER_FAILURES
