"""Runs all plays and prints the table: ``python -m tests.drivers [WORD ...]`` (only plays with these words in them).

Exit code 0 when every check passed and the driver was really used; 1 otherwise.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from . import loopback
from .fetch import FetchError, Package, fetch
from .plays import PLAYS, Play
from .report import Result, summary, table
from .till import Till, TillError, served

AT_ONCE: Final = 4
"""Plays at a time: the driver mostly sleeps between its polls, so there may be more of them than cores."""
PLAY_SECONDS: Final = 90
"""Two answers that the driver waits for in vain (35 s each), and the play itself."""
FEWEST_CALLS: Final = 100
ROOT: Final = Path(__file__).parents[2]


def main(words: Sequence[str]) -> int:
    """Fetch the driver, leave the network, play everything; return the exit code."""
    try:
        package = fetch()
    except FetchError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        loopback.enter()
        print("Network: loopback only.")
    except OSError as error:
        print(f"Network: as it is, a namespace of our own is not permitted here ({error.strerror}).")
    started = time.monotonic()
    chosen = [play for play in PLAYS if all(word in play.name for word in words)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = [result for played in pool.map(lambda play: run(play, package), chosen) for result in played]
    for line in table(results):
        print(line)
    calls = sum(result.calls for result in results)
    print(f"{calls} calls of the driver in {time.monotonic() - started:.0f} s")
    if calls < FEWEST_CALLS:
        print(f"That is fewer than {FEWEST_CALLS}: the driver was not really used.")
    print(summary(results))
    return int(calls < FEWEST_CALLS or any(result.failure for result in results))


def run(play: Play, package: Package) -> list[Result]:
    """Start a till, play in a child process, and return a result for each check, those never reached included."""
    with tempfile.TemporaryDirectory(prefix="kktsim-drivers-") as name:
        folder = Path(name)
        try:
            with served(play.model.name, play.preset, folder, with_control=play.needs_hands) as till:
                results, trouble = _played(play, till, package, folder)
        except TillError as error:
            results, trouble = [], str(error)
    titles = ["Connect", *((check.__doc__ or check.__name__).strip() for check in play.checks)]
    reasons = [f"not run: {trouble}", *["not run, for the reason above"] * len(titles)]
    unreached = zip(titles[len(results) :], reasons, strict=False)
    return results + [Result(play.name, title, 0, 0.0, reason) for title, reason in unreached]


def _played(play: Play, till: Till, package: Package, folder: Path) -> tuple[list[Result], str]:
    """Run the child; its HOME is the scratch folder, so the driver's log and settings end there."""
    home = folder / "home"
    home.mkdir()
    scratch = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    command = [sys.executable, "-m", f"{__package__}.worker", play.name, till.pty, till.tcp, till.control]
    command += [str(package.library), str(package.header)]
    environment = {**os.environ, **scratch}
    child = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        output, complaint = child.communicate(timeout=PLAY_SECONDS)
        trouble = f"the play ended with {child.returncode}: {complaint.strip()[-2000:]}"
    except subprocess.TimeoutExpired:
        child.kill()
        output, _ = child.communicate()
        trouble = f"the play took longer than {PLAY_SECONDS} s"
    return [Result.from_json(line) for line in output.splitlines()], trouble


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
