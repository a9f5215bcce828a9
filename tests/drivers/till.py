"""A till to play against: ``kktsim serve`` in a process of its own, and the operator's hands beside it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

START_SECONDS: Final = 30
STOP_SECONDS: Final = 10
HANDS_SECONDS: Final = 20
KKTSIM: Final = Path(sys.executable).with_name("kktsim")
"""The command that was installed beside this Python."""


class TillError(Exception):
    """The till did not start, or the hands were refused."""


@dataclass(frozen=True, slots=True)
class Till:
    """Where a running till can be reached: a PTY's path, a TCP address ``host:port``, the control URL."""

    pty: str
    tcp: str
    control: str


@contextmanager
def served(model: str, preset: str, folder: Path, *, with_control: bool) -> Iterator[Till]:
    """Run a till of a model in a preset state until the block ends; its errors are kept in ``folder/serve.log``.

    Raises TillError when it does not say that it is ready.
    """
    command = [str(KKTSIM), "serve", "--model", model, "--state", preset]
    command += ["--port", f"pty:{folder / 'kkt'}", "--port", "tcp:0", "--control", "0" if with_control else "off"]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, cwd=folder, text=True)
        watchdog = threading.Timer(START_SECONDS, process.kill)
        watchdog.start()
        try:
            till = _announced(process, folder, with_control=with_control)
            watchdog.cancel()
            yield till
        finally:
            watchdog.cancel()
            _stop(process)


def hands(control: str, *command: str) -> None:
    """Do something with the operator's hands: ``hands(url, "fn", "unplug")``. Raises TillError if it is refused."""
    line = [str(KKTSIM), *command, "--control", control]
    done = subprocess.run(line, capture_output=True, text=True, timeout=HANDS_SECONDS, check=False)
    if done.returncode:
        raise TillError(f"kktsim {' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")


def _announced(process: subprocess.Popen[str], folder: Path, *, with_control: bool) -> Till:
    """Read the lines ``ready PATH``, ``ready tcp:HOST:PORT`` and ``control URL`` from the till's output."""
    wanted = {"pty", "tcp", "control"} if with_control else {"pty", "tcp"}
    said: dict[str, str] = {}
    for line in process.stdout or ():
        word, _, value = line.strip().partition(" ")
        if word == "ready":
            said["pty" if "/" in value else "tcp"] = value.removeprefix("tcp:")
        elif word == "control":
            said[word] = value
        if wanted <= said.keys():
            return Till(said["pty"], said["tcp"], said.get("control", ""))
    raise TillError(f"kktsim serve is not ready: {(folder / 'serve.log').read_text(errors='replace').strip()}")


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
