"""A till that is really served, by the program as it is installed; waited for by what it says, never by the clock."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 30.0
KKTSIM = Path(sys.executable).with_name("kktsim")


TILL, FN = ("serve",), ("fn", "serve")
"""What is served, as the program calls it."""


class Served:
    """A running `kktsim serve` or `kktsim fn serve`."""

    def __init__(self, *arguments: str, program: Path = KKTSIM, what: Sequence[str] = TILL) -> None:
        self.process = subprocess.Popen(
            [program, *what, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        self._told = b""
        self._watchdog = threading.Timer(PATIENCE_SECONDS, self.process.kill)
        self._watchdog.start()
        self.stderr = ""

    def says(self, word: str) -> str:
        """The rest of its next line, which must begin with ``word``."""
        while not self.has_said():
            continue
        line, _, self._told = self._told.partition(b"\n")
        assert line.startswith(f"{word} ".encode()), line
        return line.decode().removeprefix(f"{word} ")

    def has_said(self, seconds: float = PATIENCE_SECONDS) -> bool:
        """Whether a line waits for `says`; waits for so long at most until something comes."""
        stdout = self.process.stdout
        assert stdout is not None
        if b"\n" not in self._told and select.select([stdout], [], [], seconds)[0]:
            said = os.read(stdout.fileno(), 4096)
            assert said, f"serve ended: {self._rest_of_stderr()}"
            self._told += said
        return b"\n" in self._told

    def complains(self) -> str:
        """The next line on stderr."""
        assert self.process.stderr is not None
        line = self.process.stderr.readline().decode()
        self.stderr += line
        return line

    def _rest_of_stderr(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit code after the signal; what it wrote to stderr since is in ``stderr``."""
        self.process.send_signal(number)
        _, stderr = self.process.communicate(timeout=PATIENCE_SECONDS)
        self.stderr += stderr.decode()
        self._watchdog.cancel()
        return self.process.returncode


@contextmanager
def serve(*arguments: str, program: Path = KKTSIM, what: Sequence[str] = TILL) -> Iterator[Served]:
    """A served till; at the end it must stop in good order and have complained of nothing it was not asked about."""
    served = Served(*arguments, program=program, what=what)
    told = ""
    try:
        yield served
        told = served.stderr
    finally:
        code = served.process.poll()
        if code is None:
            code = served.stop()
        else:
            served.process.communicate()
    assert (code, served.stderr) == (0, told)


def kktsim(*arguments: str, program: Path = KKTSIM) -> subprocess.CompletedProcess[str]:
    """The program, run to its end."""
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
