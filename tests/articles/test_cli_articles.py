"""`kktsim articles`: one of them, all of them, those that are not there."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from kktsim.cli import main
from scenarios.catalogue import articles
from scenarios.library import SCENARIOS
from scenarios.playbook import Verdict


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["articles", *words])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("err_39788", "kktsim: the article 'err_39788' does not exist; the nearest are err_3978, "),
        (
            "3978",
            "kktsim: the article '3978' does not exist; the nearest are err_3978, ",
        ),
        ("nonsense", "kktsim: the article 'nonsense' does not exist; `kktsim articles` lists all 23\n"),
        ("err_3898", "kktsim: the article 'err_3898' is none that a till alone can show; the nearest are "),
    ],
)
def test_an_article_that_is_not_there_is_told_with_the_nearest(name: str, sentence: str) -> None:
    told = run(name)
    assert told.exit_code == 2
    assert told.stderr.startswith(sentence)
    assert told.stdout == ""


def test_one_article_is_told_as_a_table() -> None:
    told = run("fn_210")
    lines = told.stdout.splitlines()
    assert told.exit_code == 0, told.output
    assert lines[0].startswith("fn_210  D2h -3910  FN error 210")
    assert "needed only in A" in told.stdout


def test_it_is_told_in_russian() -> None:
    assert "нужен только в A" in run("fn_210", "--lang", "ru").stdout


def test_an_article_that_points_to_another_is_that_one() -> None:
    assert json.loads(run("fn_231", "--json").stdout)[0]["id"] == "err_3975"


def test_it_is_told_as_json() -> None:
    (told,) = json.loads(run("fn_210", "--json").stdout)
    assert told["passed"] and told["reproduced"]
    assert {column["name"][0] for column in told["columns"]} == {"A", "B", "C"}
    assert [len(step["cells"]) for step in told["steps"]] == [len(told["columns"])] * len(told["steps"])


def test_all_articles_are_a_line_each_and_a_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kktsim.cli.articles.device_articles", lambda: [articles()["fn_210"], articles()["fn_212"]])
    told = run()
    assert told.exit_code == 0, told.output
    first, counts, *_, last = told.stdout.splitlines()
    assert first.split()[:3] == ["fn_210", "D2h", "-3910"]
    assert counts.startswith("    reproduced 3/3; cured by the documented fix ")
    assert last.startswith("2 of 2 reproduced and judged, ")


def test_what_is_not_as_declared_ends_with_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(SCENARIOS["fn_210_cable"], verdict=Verdict.CURES_ITSELF)
    monkeypatch.setitem(SCENARIOS, "fn_210_cable", broken)
    told = run("fn_210")
    assert told.exit_code == 1
    assert "  ! fn_210_cable fn-1-13: " in told.stdout
