"""`kktsim scenario`: which scenarios are for which model, and what an outcome says."""

import json

import pytest
from click.testing import CliRunner, Result

from kktsim.cli import main
from scenarios.library import SCENARIOS


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["scenario", *arguments])


def test_a_scenario_that_is_for_other_models_is_refused_by_name() -> None:
    result = run("run", "--model", "atol-77f", "ofd_diag_channel_error")
    assert result.exit_code == 2
    assert "atol-77f cannot get into ofd_diag_channel_error: choose one of evotor-st2f," in result.stderr


def test_it_is_left_out_of_a_run_of_all_of_them() -> None:
    result = run("run", "--model", "atol-77f", "--json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)
    assert set(SCENARIOS) - {row["id"] for row in rows} == {"ofd_diag_channel_error"}
    assert all(row["passed"] for row in rows)


def test_a_cure_that_does_harm_is_told_with_the_harm() -> None:
    result = run("run", "err_3979_no_internet")
    line = next(line for line in result.stdout.splitlines() if "clock back" in line)
    assert "cures, but 9 documents stay unsent; the till's clock is off by -" in line


def test_what_is_seen_of_a_trouble_without_an_error_is_told() -> None:
    result = run("run", "ofd_banner_server_down")
    assert "reproduced: «(!) ОФД» stands above the screen" in result.stdout
    assert "fix 1. Настройки → ОФД: «Нет связи с ОФД»" in result.stdout


@pytest.mark.parametrize(("id", "article"), [("ofd_failure_lost_ack", None), ("err_3979_tariff", "err_3979")])
def test_a_scenario_tells_its_article_if_it_has_one(id: str, article: str | None) -> None:
    assert json.loads(run("show", id, "--json").stdout)["article"] == article
    assert ("  article " in run("show", id).stdout) is (article is not None)
