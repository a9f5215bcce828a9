"""In what a scenario is weighed: itself, the generations of FN, its variants."""

from dataclasses import replace

import pytest

from kktsim.kkt_models import UnknownModelError, load
from kktsim.testing.cases import bench_for, bench_with
from scenarios.cases import Case, as_it_is, cases_of
from scenarios.library import SCENARIOS
from scenarios.playbook import GENERATIONS, Scenario, Variant, Verdict, Weight

PLAIN = replace(SCENARIOS["fn_210_unplugged"], variants=(), generations=GENERATIONS, fn="fn-1-1-15")
STEP = PLAIN.fix[0]


def told(scenario: Scenario) -> list[tuple[str, str]]:
    return [(case.fn, case.title) for case in cases_of(scenario)]


def test_every_generation_is_a_case_and_its_own_comes_first() -> None:
    assert told(PLAIN) == [("fn-1-1-15", ""), ("fn-1-13", "fn-1-13"), ("fn-1-1m-15", "fn-1-1m-15")]
    assert told(replace(PLAIN, fn="fn-1-36", generations=())) == [("fn-1-36", "")]


def test_a_variant_with_nothing_but_an_fn_is_what_is_declared_for_its_generation() -> None:
    older = Variant("ФН-1", fn="fn-1-13", weights={STEP.title: Weight.SUPERFLUOUS}, verdict=Verdict.CURES_ITSELF)
    scenario = replace(PLAIN, variants=(older,))
    assert told(scenario) == [("fn-1-1-15", ""), ("fn-1-13", "ФН-1"), ("fn-1-1m-15", "fn-1-1m-15")]
    plain, of_fn_1, _ = cases_of(scenario)
    assert (plain.weight(STEP), plain.verdict) == (Weight.NEEDED, Verdict.CURED)
    assert (of_fn_1.weight(STEP), of_fn_1.verdict) == (Weight.SUPERFLUOUS, Verdict.CURES_ITSELF)


def test_a_variant_of_an_fn_that_is_no_generation_is_a_case_of_its_own() -> None:
    assert told(replace(PLAIN, variants=(Variant("36", fn="fn-1-36"),)))[-1] == ("fn-1-36", "36")


@pytest.mark.parametrize(
    "variant",
    [
        Variant("x", fn="fn-1-13", fn_settings={"expiry_blocks_shift_close": False}),
        Variant("x", fn="fn-1-13", kkt_settings={"zeroing_clears_clock": False}),
        Variant("x", fn="fn-1-13", model="evotor-st3f"),
    ],
)
def test_a_variant_that_differs_in_more_leaves_the_generation_alone(variant: Variant) -> None:
    cases = cases_of(replace(PLAIN, variants=(variant,)))
    assert [(case.fn, case.variant) for case in cases] == [
        *((fn, None) for fn in ("fn-1-1-15", "fn-1-13", "fn-1-1m-15")),
        ("fn-1-13", variant),
    ]


def test_a_variant_has_the_fn_of_the_scenario_unless_it_tells_another() -> None:
    scenario = replace(PLAIN, fn="fn-1-1-36", variants=(Variant("x", kkt_settings={"zeroing_clears_clock": False}),))
    assert cases_of(scenario)[-1].fn == "fn-1-1-36"


def test_the_bench_is_of_the_model_the_fn_and_the_settings_of_its_case() -> None:
    variant = Variant(
        "x",
        model="evotor-st2f@4543",
        kkt_settings={"zeroing_clears_clock": False},
        fn_settings={"expiry_blocks_shift_close": False},
    )
    bench = bench_for(Case(PLAIN, "fn-1-13", variant), "atol-77f")
    assert bench.fn is not None
    assert (bench.kkt.model.name, bench.fn.model.name) == ("evotor-st2f@4543", "fn-1-13")
    assert bench.kkt.settings.zeroing_clears_clock is False
    assert bench.fn.model.settings.expiry_blocks_shift_close is False


def test_the_model_is_the_one_that_is_asked_for_unless_the_scenario_wants_another() -> None:
    assert bench_for(as_it_is(PLAIN)).kkt.model.name == "evotor-st2f"
    assert bench_for(as_it_is(PLAIN), "atol-77f").kkt.model.name == "atol-77f"
    assert bench_for(as_it_is(replace(PLAIN, models=("evotor-st3f",)))).kkt.model.name == "evotor-st3f"
    assert bench_with(as_it_is(PLAIN), load("atol-77f")).kkt.model.name == "atol-77f"
    with pytest.raises(UnknownModelError):
        bench_for(Case(PLAIN, "fn-1-13", Variant("x", model="evotor-st9f")))
