"""What a person asks wrongly gets one sentence and exit code 2, before anything is done."""

import json

import pytest
from click.testing import CliRunner

from kktsim.cli import main

WRONG = [
    (["serve", "--at", "1990-01-01"], "fits the years 2005 to 2095"),
    (["serve", "--at", "9999-01-01"], "fits the years 2005 to 2095"),
    (["send", "--port", "", "45"], "--port is empty"),
    (["send", "--port", "tcp:99999", "45"], "a TCP port is a number"),
    (["send", "--port", "tcp:abc", "45"], "tcp:abc names no TCP port: write tcp:PORT or tcp:HOST:PORT"),
    (["send", "--port", "rfc2217:", "45"], "rfc2217: names no TCP port: write rfc2217:PORT"),
    (["send", "--port", "http://x", "45"], "http://x is no port"),
    (["send", "--port", "kkt://bogus", "45"], "there is no till model 'bogus'"),
    (["send", "--port", "kkt://?state=bogus", "45"], "there is no state 'bogus'"),
    (["send", "--port", "kkt://?at=zz", "45"], "write it as 2026-11-22T10:00"),
    (["serve", "--port", "pty:a", "--port", "pty:a"], "names the same port twice"),
    (["serve", "--port", "tcp:5555", "--port", "tcp:5555"], "names the same port twice"),
    (["send", "--port", "/dev/null", "45"], "no till's port"),
    (["send", "--port", "tcp:5555", "--timeout", "nan", "45"], "--timeout nan"),
    (["send", "--port", "tcp:5555", "--timeout", "inf", "45"], "--timeout inf"),
    (["send", "--port", "tcp:5555", "--timeout", "0", "45"], "--timeout 0.0"),
    (["send", "--port", "tcp:5555", "4C" + "20" * 3000], "carries at most 2048"),
    (["send", "--port", "tcp:5555", "--link", "v2", "4C" + "20" * 300], "carries at most 253"),
    (["scenario", "run", "--wire", "tcp:5555"], "name the scenarios"),
    (["scenario", "run", "--wire", "tcp:5555", "--json", "err_3802"], "--json is for runs"),
    (["scenario", "run", "err_0"], "there is no scenario 'err_0'"),
]


def test_a_complaint_does_not_repeat_a_hundred_thousand_characters() -> None:
    result = CliRunner().invoke(main, ["send", "--port", "tcp:5555", "Z" * 100_000])
    assert result.exit_code == 2
    assert len(result.stderr) < 200


@pytest.mark.parametrize(("arguments", "sentence"), WRONG, ids=lambda value: " ".join(value)[:40])
def test_what_is_asked_wrongly_gets_one_sentence(arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_scenario_is_shown_as_json_too() -> None:
    result = CliRunner().invoke(main, ["scenario", "show", "err_3978_shift_closed", "--json"])
    shown = json.loads(result.stdout)
    assert shown["wire_code"] == 234
    assert [step["documented"] for step in shown["fix"]].count(False) == 1
