"""Every scenario does what it declares: in process, and over a real PTY opened by pyserial."""

from collections.abc import Collection, Iterator

import pytest

from kktsim.cable import Passed
from kktsim.kkt_models import DEFAULT_MODEL, load, names
from kktsim.ofd.failures import Failure
from kktsim.testing.cases import bench_for
from kktsim.testing.theatre import InProcess, PtyTheatre
from protocol.append_log import AppendLog
from protocol.fn.frame import ENQ, FrameError, parse_answer, parse_request
from scenarios import ofd_failures
from scenarios.cases import as_it_is, cases_of
from scenarios.catalogue import articles
from scenarios.library import SCENARIOS
from scenarios.playbook import Kind, Scenario, Verdict
from scenarios.plays import perform
from scenarios.running import run

from .hurry import in_a_hurry

SHARES = 4
"""In how many parts they are played over a PTY: several at once in each, for most of the time goes by in printing."""
IN_EVERY_MODEL = ("err_3802", "err_3978_shift_closed", "fn_210_unplugged", "err_3979")
"""One of each kind: the terminal, the clock and the archive, the cable, the OFD."""
OTHER_MODELS = ("evotor-st3f", "atol-77f")


def models_for(scenario: Scenario) -> Collection[str]:
    """In which models it is tried; a failure of the OFD in one, for the OFD does not know models."""
    if scenario in ofd_failures.FAMILY:
        return (DEFAULT_MODEL,)
    fitting = scenario.models or names()
    if scenario.id in IN_EVERY_MODEL:
        return fitting
    return [name for name in fitting if name in (DEFAULT_MODEL, *OTHER_MODELS)] or fitting[:1]


def played_in(scenario: Scenario, model: str) -> Collection[int]:
    """Every case in the usual model, as it is in the others."""
    fitting = models_for(scenario)
    usual = DEFAULT_MODEL if DEFAULT_MODEL in fitting else next(iter(fitting))
    return range(len(cases_of(scenario))) if model == usual else (0,)


CASES = [
    pytest.param(one.id, index, model, id=f"{one.id}-{index}-{model}")
    for one in SCENARIOS.values()
    for model in models_for(one)
    for index in played_in(one, model)
]


@pytest.fixture(scope="module")
def theatre() -> Iterator[PtyTheatre]:
    theatre = PtyTheatre()
    yield theatre
    theatre.close()


@pytest.mark.parametrize(("name", "index", "model"), CASES)
def test_a_scenario_is_as_declared_in_process(name: str, index: int, model: str) -> None:
    case = cases_of(SCENARIOS[name])[index]
    outcome = run(case, InProcess().stage(bench_for(case, model)))
    assert outcome.complaints == []
    assert outcome.reproduced is case.arises
    assert outcome.verdict is (case.verdict if case.arises else None)


@pytest.mark.parametrize("share", range(SHARES))
def test_every_scenario_is_as_declared_over_a_pty(share: int, theatre: PtyTheatre) -> None:
    def played(scenario: Scenario) -> tuple[str, Verdict | None, list[str]]:
        case = in_a_hurry(scenario)
        outcome = run(case, theatre.stage(bench_for(case)), theatre.map)
        return scenario.id, outcome.verdict, outcome.complaints

    chosen = list(SCENARIOS.values())[share::SHARES]
    assert list(theatre.each(played, chosen)) == [(one.id, one.verdict, []) for one in chosen]


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_fn_is_reached_only_through_whole_frames_on_the_cable(name: str) -> None:
    """Where the cable is noisy, frames arrive damaged."""
    scenario = SCENARIOS[name]
    bench = bench_for(as_it_is(scenario)).fork()
    bench.cable.record = AppendLog[Passed]()
    stage = InProcess().stage(bench)
    _, failed = perform(stage.scene, scenario.reproduce)
    assert failed is None
    cable = stage.bench.cable
    is_noisy, is_cut = cable.noise is not None, cable.is_cut
    assert cable.record is not None
    if not is_cut:
        perform(stage.scene, (*scenario.fix, *scenario.beyond, *scenario.prove))
    frames = list(cable.record)
    assert frames or is_cut
    assert is_noisy or all(map(is_whole, frames))


def is_whole(passed: Passed) -> bool:
    """Whether a frame has its form and its check sum."""
    to_fn, data = passed
    try:
        _ = data == ENQ or (parse_request(data) if to_fn else parse_answer(data))
    except FrameError:
        return False
    return True


def test_the_same_commands_get_the_same_answers_in_process_and_over_a_pty(theatre: PtyTheatre) -> None:
    scenario = SCENARIOS["err_3979"]
    talks = []
    for stage in (InProcess().stage(bench_for(as_it_is(scenario))), theatre.stage(bench_for(as_it_is(scenario)))):
        perform(stage.scene, (*scenario.reproduce, *scenario.fix, *scenario.prove))
        talks.append(stage.conversation())
        stage.close()
    assert talks[0] == talks[1]


def test_scenarios_and_articles_name_each_other() -> None:
    named = {name: article.id for article in articles().values() for name in article.scenarios}
    assert named == {one.id: one.article for one in SCENARIOS.values() if one.article is not None}


def test_every_failure_of_the_ofd_is_run() -> None:
    assert [one.id for one in ofd_failures.FAMILY] == [f"ofd_failure_{failure}" for failure in Failure]


def test_a_model_that_a_scenario_is_for_exists() -> None:
    for model in {model for one in SCENARIOS.values() for model in one.models}:
        assert load(model).name == model


@pytest.mark.parametrize("name", SCENARIOS)
def test_an_informational_step_has_a_reason(name: str) -> None:
    for step in SCENARIOS[name].fix:
        assert step.kind is not Kind.INFORMATIONAL or step.reason
