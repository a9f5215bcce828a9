"""`kktsim scenario run --wire URL`: a till that somebody serves, and what is declared of the documented fix."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from kktsim.cli import main
from scenarios.library import SCENARIOS
from scenarios.playbook import Verdict
from tests.serve.served import serve

NO_FIX, CURED, IN_VAIN = "err_3978_shift_open", "fn_210_unplugged", "protection_code_board"
SHIFT_CLOSED = "err_1057"


@contextmanager
def served(name: str) -> Iterator[tuple[str, ...]]:
    """A till in the state in which a scenario begins; options that name it."""
    one = SCENARIOS[name]
    at = one.at or "2026-11-22T10:00"
    with serve("--state", one.preset, "--at", at, "--clock", "frozen", "--port", "tcp:0", "--control", "0") as till:
        yield "--wire", f"tcp:{till.says('ready').rpartition(':')[2]}", "--control", till.says("control")


def run(name: str) -> Result:
    with served(name) as where:
        return CliRunner().invoke(main, ["scenario", "run", *where, name])


@pytest.mark.parametrize("name", [NO_FIX, IN_VAIN])
def test_a_fix_that_is_declared_not_to_cure_does_not_and_all_is_well(name: str) -> None:
    result = run(name)

    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert any(line.startswith("  FAIL") for line in lines)
    (told,) = [line for line in lines if "verdict" in line]
    assert told.startswith(f"  verdict: {SCENARIOS[name].verdict}, as declared: ")
    assert (f"`kktsim scenario show {name}`" in result.stdout) is bool(SCENARIOS[name].beyond)


def test_a_fix_that_cures_is_told_so() -> None:
    result = run(CURED)

    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "  verdict: cured")
    assert "FAIL" not in result.stdout


def test_a_cure_that_nobody_declared_is_not_as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCENARIOS, CURED, replace(SCENARIOS[CURED], verdict=Verdict.FIX_DOES_NOTHING))

    result = run(CURED)

    assert result.exit_code == 1
    assert "  ! declared fix_does_nothing, and the proof has passed" in result.stdout


def test_a_cure_that_is_declared_and_fails_is_not_as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCENARIOS, NO_FIX, replace(SCENARIOS[NO_FIX], verdict=Verdict.CURED))

    result = run(NO_FIX)

    assert result.exit_code == 1
    assert "verdict" not in result.stdout
    assert "  ! " in result.stdout


def test_a_till_in_another_state_is_left_alone() -> None:
    with served(SHIFT_CLOSED) as where:
        result = CliRunner().invoke(main, ["scenario", "run", *where, NO_FIX])

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "whether a shift is open differs: serve one with `--state fn-expired-shift-open`" in result.stderr
