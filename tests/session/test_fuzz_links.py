"""A short run of what `tools/fuzz_links.py` does with a million bytes; and that it would find something."""

import runpy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kktsim.device import HANDLERS, Kkt
from kktsim.testing.link_fuzz import LINKS, Failure, Link, Tally, batches, fuzz
from protocol.atol.commands.status import StateCode

SEED = 2026
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("link", LINKS)
def test_neither_noise_nor_damaged_frames_keep_a_till_from_its_duty(link: Link) -> None:
    tally = fuzz(list(batches([link], total_bytes=20_000, total_frames=1_000)), SEED)
    assert 0 < tally.accepted < tally.executed


def test_a_seed_says_the_same_each_time() -> None:
    work = list(batches(LINKS, total_bytes=0, total_frames=200))
    assert fuzz(work, SEED) == fuzz(work, SEED) != fuzz(work, SEED + 1)


def test_the_tool_tells_how_far_it_is_and_what_came_of_it() -> None:
    command = [sys.executable, "tools/fuzz_links.py", "--bytes", "100", "--frames", "100", "--link", "v3"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("seed 1: 2 batches") and "100%" in ran.stdout
    assert "commands came through" in ran.stdout.splitlines()[-1]


def break_down(kkt: Kkt, request: StateCode, at: float) -> bytes:
    raise ZeroDivisionError("a bug of ours")


def test_what_is_found_is_told_with_the_way_to_see_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, StateCode.code, replace(HANDLERS[StateCode.code], handler=break_down))
    with pytest.raises(Failure, match=r"a bug of ours; again: --seed 3 --only v3:bytes:0"):
        fuzz(list(batches(["v3"], total_bytes=100, total_frames=0)), 3)


@pytest.mark.parametrize("arguments", ["--only bogus", "--bytes -5 --frames 0", "--bytes 0 --frames 0"])
def test_a_run_that_would_test_nothing_is_refused(arguments: str) -> None:
    command = [sys.executable, "tools/fuzz_links.py", *arguments.split()]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)


def test_a_run_in_which_nothing_came_through_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tool = runpy.run_path(str(ROOT / "tools/fuzz_links.py"))
    monkeypatch.setattr(sys, "argv", ["fuzz_links.py", "--frames", "0"])
    monkeypatch.setitem(tool["main"].__globals__, "fuzz", lambda *_: Tally())
    monkeypatch.setattr("faulthandler.dump_traceback_later", lambda *_, **__: None)
    assert tool["main"]() == 1
    assert "nothing was tested" in capsys.readouterr().err
