"""From any state that a shop's life leads to, the articles' fixes help, or the life is a reviewed counterexample."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fn_model import load_model
from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world
from kktsim.testing.lives.counterexamples import (
    Counterexample,
    Reviewed,
    is_explained,
    is_part,
    known,
    minimal,
    try_life,
)
from kktsim.testing.lives.deeds import DEEDS
from kktsim.testing.presets import build
from scenarios.catalogue import articles

LIVES = st.lists(st.sampled_from(list(DEEDS)), min_size=1, max_size=5).map(tuple)


@pytest.fixture(scope="module")
def shop() -> Bench:
    """A till in order; every life begins from a fork of it."""
    at = parse_world("2026-11-22T10:00")
    return build(kkt_models.load(), "registered", at, ClockKind.FROZEN, fn_model=load_model(), virtual=True)


def row(found: Counterexample) -> str:
    """A found one, ready to be reviewed and put into the list."""
    life = "".join(f'    "{deed}",\n' for deed in found.life)
    return f'[[counterexample]]\narticle = "{found.article}"\nlife = [\n{life}]\nends = "{found.ends}"\nwhy = ""\n'


@settings(max_examples=250)
@given(life=LIVES)
def test_the_advice_helps_or_the_life_is_a_reviewed_counterexample(shop: Bench, life: tuple[str, ...]) -> None:
    found = try_life(shop, life)
    if found is not None and not is_explained(found):
        raise AssertionError(f"an unlisted counterexample, made minimal:\n{row(minimal(shop, found))}")


DAYS_AFTER: tuple[tuple[str, ...], ...] = (
    ("sell",),
    ("sell", "a month goes by"),
    ("sell", "the FN's term goes by"),
    ("sell", "close the shift", "a month goes by", "the terminal restarts"),
)


@pytest.mark.parametrize("days", DAYS_AFTER, ids=" → ".join)
def test_after_every_deed_a_shop_that_goes_on_is_helped_or_reviewed(shop: Bench, days: tuple[str, ...]) -> None:
    """What chance would seldom put together: one thing goes wrong, and then time goes by."""
    for deed in DEEDS:
        found = try_life(shop, (deed, *days))
        assert found is None or is_explained(found), row(minimal(shop, found))


@pytest.mark.parametrize("one", known(), ids=lambda one: one.why)
def test_a_reviewed_family_has_no_deed_too_many(shop: Bench, one: Reviewed) -> None:
    """Each deed is in a life that is a counterexample, and is one only with it."""
    confirmed: set[str] = set()
    for life in one.members():
        if confirmed.issuperset(life):
            continue
        found = try_life(shop, life)
        if found is not None and one.explains(found) and minimal(shop, found).life == life:
            confirmed.update(life)
    assert confirmed == {deed for part in one.parts for deed in part}


@pytest.mark.parametrize("one", known(), ids=lambda one: one.why)
def test_a_reviewed_family_is_of_an_article_and_has_its_reason(one: Reviewed) -> None:
    assert one.article in articles()
    assert one.why


def test_a_life_that_the_advice_cures_is_no_counterexample(shop: Bench) -> None:
    assert try_life(shop, ("the cable breaks", "sell")) is None
    assert try_life(shop, ("the program dies before it notes the receipt",)) is None
    assert try_life(shop, ("sell",)) is None


def test_deeds_that_do_not_matter_are_left_out(shop: Bench) -> None:
    life = ("sell", "the FN dies", "an hour goes by", "the password is changed")
    found = try_life(shop, life)
    assert found is not None
    assert minimal(shop, found).life == ("the FN dies", "the password is changed")


@pytest.mark.parametrize(
    ("few", "many", "is_one"),
    [
        ("", "a", True),
        ("ac", "abc", True),
        ("ca", "abc", False),
        ("aa", "a", False),
    ],
)
def test_a_part_of_a_life_keeps_its_order(few: str, many: str, is_one: bool) -> None:
    assert is_part([frozenset(one) for one in few], tuple(many)) is is_one
