"""A scenario played once for its page: what was said that decides, and what a person types."""

import shlex

import pytest

from kktsim.kkt_models import load
from kktsim.terminal.menu import menu
from kktsim.testing.articles.by_hand import lines, serve_line
from kktsim.testing.articles.recorded import Exchange, session
from scenarios.at_terminal import RAW_COMMAND
from scenarios.library import SCENARIOS
from scenarios.playbook import Kind
from scenarios.translations import Language

STATE = Exchange(bytes.fromhex("45"), bytes.fromhex("55 01 00"))


def test_the_state_of_a_till_is_no_refusal() -> None:
    assert STATE.code == 0
    assert STATE.meanings()[0].startswith("45h StateCode")


def test_a_session_goes_from_the_error_to_the_proof() -> None:
    scenario = SCENARIOS["err_3802"]
    one = session(scenario)
    assert [step.step for step in one.reproduced] == list(scenario.reproduce)
    assert [step.step for step in one.fixed] == list(scenario.fix)
    assert [step.step for step in one.proved] == list(scenario.prove)
    assert all(step.exchanges for step in one.proved if step.step.kind is Kind.WIRE)


def test_a_person_types_the_short_path_and_the_port() -> None:
    told = list(lines(session(SCENARIOS["err_3802"]), Language.ENGLISH))
    typed = next(line for line in told if "--type 59" in line)
    assert typed.startswith('kktsim menu "Произвольная команда" --type 59 --port /tmp/kkt0   # ')
    assert menu().find(shlex.split(typed, comments=True)[2]) is menu().find(RAW_COMMAND)
    assert "#   screen: " + SCENARIOS["err_3802"].screens[0] in told


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_till_is_served_as_the_scenario_begins(name: str) -> None:
    scenario = SCENARIOS[name]
    words = shlex.split(serve_line(scenario))
    given = dict(zip(words[2::2], words[3::2], strict=True))
    assert given["--state"] == scenario.preset
    assert not scenario.models or given.get("--model", "evotor-st2f") in scenario.models
    load(given.get("--model", "evotor-st2f"))


def test_words_of_a_shell_survive_it() -> None:
    for name in ("ofd_banner_dialog", "fn_210_faulty"):
        one = session(SCENARIOS[name])
        typed = [words for step in (*one.reproduced, *one.fixed) for words in step.typed if words[0] != "menu"]
        told = [shlex.split(line, comments=True) for line in lines(one, Language.ENGLISH)]
        for words in typed:
            assert any(line[1 : 1 + len(words)] == list(words) for line in told)


def test_what_is_typed_many_times_is_a_loop_of_the_shell() -> None:
    one = session(SCENARIOS["last_fd_date_time"])
    told = [line.partition("   #")[0] for line in lines(one, Language.ENGLISH)]
    (loop,) = [line for line in told if line.startswith("for ")]
    assert loop == 'for i in $(seq 90); do kktsim menu "Продажа" --port /tmp/kkt0; done'
    assert len(told) < 12
    assert sum(len(step.typed) for step in one.reproduced) == 90 + 3
