"""Every scenario does what it declares: in process, and over a real PTY opened by pyserial."""

from collections.abc import Collection, Iterator
from dataclasses import replace

import pytest

from fn_model import load_model
from kktsim.bench import Bench
from kktsim.cable import Passed
from kktsim.clock import ClockKind, parse_world
from kktsim.kkt_models import DEFAULT_MODEL, load, names
from kktsim.ofd.failures import Failure
from kktsim.testing.presets import build
from kktsim.testing.theatre import InProcess, PtyTheatre
from protocol.append_log import AppendLog
from protocol.fn.frame import ENQ, parse_answer, parse_request
from scenarios import ofd_failures, plays
from scenarios.catalogue import articles
from scenarios.library import SCENARIOS
from scenarios.playbook import (
    Alternative,
    Kind,
    NotAsExpected,
    Scenario,
    Step,
    Verdict,
    Weight,
    accepts,
    informs,
    pos_program_dies,
)
from scenarios.routine import open_shift, sell

AT = parse_world("2026-11-22T10:00")
BY_ARTICLE = {
    article: tuple(one for one in SCENARIOS.values() if one.article == article)
    for article in dict.fromkeys(one.article for one in SCENARIOS.values())
}


def models_for(scenario: Scenario) -> Collection[str]:
    """In which models it is tried: a failure of the OFD in one, for the OFD does not know models."""
    return (DEFAULT_MODEL,) if scenario in ofd_failures.FAMILY else scenario.models or names()


CASES = [
    (one.id, index, model)
    for one in SCENARIOS.values()
    for index in (None, *range(len(one.variants)))
    for model in models_for(one)
]


def bench_for(scenario: Scenario, variant: int | None = None, model: str = "evotor-st2f") -> Bench:
    fn_model = load_model()
    if variant is not None:
        settings = replace(fn_model.settings, **scenario.variants[variant].fn_settings)
        fn_model = replace(fn_model, settings=settings)
    at = AT if scenario.at is None else parse_world(scenario.at)
    return build(load(model), scenario.preset, at, ClockKind.FROZEN, fn_model=fn_model, virtual=True)


@pytest.fixture(scope="module")
def theatre() -> Iterator[PtyTheatre]:
    theatre = PtyTheatre()
    yield theatre
    theatre.close()


@pytest.mark.parametrize(("name", "variant", "model"), CASES)
def test_a_scenario_is_as_declared_in_process(name: str, variant: int | None, model: str) -> None:
    scenario = SCENARIOS[name]
    stage = InProcess().stage(bench_for(scenario, variant, model))
    outcome = plays.run(scenario, stage, None, variant)
    assert outcome.complaints == []
    assert outcome.verdict is scenario.verdict


@pytest.mark.parametrize("article", BY_ARTICLE)
def test_the_scenarios_of_an_article_are_as_declared_over_a_pty(article: str | None, theatre: PtyTheatre) -> None:
    def played(scenario: Scenario) -> plays.Outcome:
        return plays.run(scenario, theatre.stage(bench_for(scenario)), theatre.map)

    outcomes = list(theatre.each(played, BY_ARTICLE[article]))
    assert {one.scenario.id: one.complaints for one in outcomes if one.complaints} == {}
    assert [one.verdict for one in outcomes] == [one.scenario.verdict for one in outcomes]


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_fn_is_reached_only_through_whole_frames_on_the_cable(name: str) -> None:
    scenario = SCENARIOS[name]
    bench = bench_for(scenario)
    bench.cable.record = AppendLog[Passed]()
    stage = InProcess().stage(bench)
    _, failed = plays.perform(stage.scene, scenario.reproduce)
    assert failed is None
    record = stage.bench.cable.record
    assert record is not None
    if not stage.bench.cable.is_cut:
        plays.perform(stage.scene, (*scenario.fix, *scenario.prove))
    frames = list(record)
    assert frames or stage.bench.cable.is_cut
    for to_fn, data in frames:
        if data != ENQ:
            _ = parse_request(data) if to_fn else parse_answer(data)  # raises on a bad check sum


def test_the_same_commands_get_the_same_answers_in_process_and_over_a_pty(theatre: PtyTheatre) -> None:
    scenario = SCENARIOS["err_3979"]
    talks = []
    for stage in (InProcess().stage(bench_for(scenario)), theatre.stage(bench_for(scenario))):
        plays.perform(stage.scene, (*scenario.reproduce, *scenario.fix, *scenario.prove))
        talks.append(stage.conversation())
        stage.close()
    assert talks[0] == talks[1]


def broken(change: dict[str, object]) -> plays.Outcome:
    """A scenario with something declared wrongly."""
    scenario = replace(SCENARIOS["err_3802"], **change)  # type: ignore[arg-type]
    return plays.run(scenario, InProcess().stage(bench_for(scenario)))


def test_a_fix_that_does_nothing_is_found_out() -> None:
    outcome = broken({"fix": (informs("read the manual", "it is paper"),)})
    assert outcome.verdict is Verdict.NO_DOCUMENTED_FIX
    assert not outcome.passed


def test_a_wrong_weight_is_found_out() -> None:
    step = SCENARIOS["err_3802"].fix[0].weighs(Weight.SUPERFLUOUS)
    outcome = broken({"fix": (step,)})
    assert any("declared superfluous, found needed" in complaint for complaint in outcome.complaints)


def test_harm_that_is_not_declared_is_found_out() -> None:
    scenario = SCENARIOS["err_3979_no_internet"]
    harmless = replace(scenario.alternatives[0], harms=False)
    outcome = plays.run(replace(scenario, alternatives=(harmless,)), InProcess().stage(bench_for(scenario)))
    (complaint,) = outcome.complaints
    assert "is declared to do no harm: 9 documents stay unsent; the till's clock is off by -" in complaint


def test_harm_that_is_not_done_is_found_out() -> None:
    scenario = SCENARIOS["ofd_banner_stale"]
    harmful = replace(scenario.alternatives[0], harms=True)
    outcome = plays.run(replace(scenario, alternatives=(harmful,)), InProcess().stage(bench_for(scenario)))
    assert outcome.complaints == [
        "«restarting the terminal» is declared to do harm: nothing is worse than after the fix"
    ]


def test_an_alternative_that_does_not_cure_is_found_out() -> None:
    title = "restarting the terminal"
    outcome = broken({"alternatives": (Alternative(title, (pos_program_dies(),), cures=True),)})
    assert outcome.complaints == [f"«{title}» is declared to cure"]


def test_an_error_that_does_not_arise_is_found_out() -> None:
    outcome = broken({"reproduce": (accepts(sell, "sell"),)})
    assert outcome.verdict is Verdict.CURES_ITSELF
    assert not outcome.passed


def test_a_failure_shows_the_conversation() -> None:
    outcome = broken({"reproduce": (accepts(open_shift, "open the shift once more"),)})
    assert not outcome.reproduced
    assert any("OpenShift 9A 00 -> 55 9C 00" in complaint for complaint in outcome.complaints)


def test_a_step_that_raises_is_no_success() -> None:
    def act(scene: object) -> None:
        raise NotAsExpected("it burns")

    outcome = broken({"fix": (Step(Kind.HANDS, "burn", act),)})
    assert not outcome.passed


def test_scenarios_and_articles_name_each_other() -> None:
    named = {name: article.id for article in articles().values() for name in article.scenarios}
    assert named == {one.id: one.article for one in SCENARIOS.values() if one.article is not None}


def test_every_failure_of_the_ofd_is_run() -> None:
    assert [one.id for one in ofd_failures.FAMILY] == [f"ofd_failure_{failure}" for failure in Failure]


def test_a_model_that_a_scenario_is_for_exists() -> None:
    assert {model for one in SCENARIOS.values() for model in one.models} <= set(names())


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_informational_step_has_a_reason(name: str) -> None:
    for step in SCENARIOS[name].fix:
        assert step.kind is not Kind.INFORMATIONAL or step.reason
