"""Processes that serve tills and begin at once: one that has imported everything forks for each of them.

What a fork runs is the command line itself, `kktsim serve` with its arguments.
"""

import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from kktsim.cli import main as command_line

PROGRAM = (sys.executable, "-m", "kktsim.testing.crash_zygote")
PATIENCE_SECONDS = 20.0
"""After which a process that says nothing hangs."""
_READ_BYTES = 1 << 16
_MESSAGE_BYTES = 1 << 16


class ServingError(Exception):
    """A process does not do what it must; the message says what was seen."""


class Serving:
    """A process that serves a till, as its own. ``stdout``, ``stderr``: where it writes, to be read here."""

    def __init__(self, pid: int, stdout: int, stderr: int, wait: Callable[[int], int]) -> None:
        self.pid = pid
        self._stdout, self._stderr, self._wait = stdout, stderr, wait
        self._timer: threading.Timer | None = None
        self.is_killed = False

    def is_ready(self) -> bool:
        """Wait until its port is open; False: it has ended before."""
        told = b""
        while b"ready " not in told:
            if not select.select([self._stdout], [], [], PATIENCE_SECONDS)[0]:
                raise ServingError(f"it is not ready after {PATIENCE_SECONDS} s, and said {told!r}")
            more = os.read(self._stdout, _READ_BYTES)
            if not more:
                return False
            told += more
        return True

    def kill(self, before: Callable[[], None] | None = None) -> None:
        """`kill -9`; ``before`` is called an instant earlier."""
        self.is_killed = True
        if before is not None:
            before()
        os.kill(self.pid, signal.SIGKILL)

    def kill_in(self, seconds: float, before: Callable[[], None] | None = None) -> None:
        """`kill -9` after a while; the first call counts."""
        if self._timer is None:
            self._timer = threading.Timer(seconds, self.kill, [before])
            self._timer.start()

    def stop(self) -> None:
        """Ask it to end in good order."""
        os.kill(self.pid, signal.SIGTERM)

    def end(self) -> tuple[int, str]:
        """Wait until it is gone: its exit code (-9 when it was killed), and all that it wrote to stderr."""
        if self._timer is not None:
            self._timer.join()
        code = self._wait(self.pid)
        complaints = b"".join(iter(lambda: os.read(self._stderr, _READ_BYTES), b"")).decode(errors="replace")
        os.close(self._stdout)
        os.close(self._stderr)
        return code, complaints


class Zygote:
    """The process that forks; several threads may ask it.

    ``program``: another one that ends in `main`; ``environment``: variables beside the present ones.
    """

    def __init__(self, program: Sequence[str] = PROGRAM, environment: Mapping[str, str] | None = None) -> None:
        self._lock = threading.Lock()
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [*program, str(theirs.fileno())], pass_fds=[theirs.fileno()], env={**os.environ, **(environment or {})}
            )

    def serve(self, *arguments: str) -> Serving:
        """A new process that runs `kktsim serve` with these arguments."""
        (stdout, told), (stderr, complained) = os.pipe(), os.pipe()
        try:
            pid = self._ask({"serve": ["serve", *arguments]}, told, complained)
        finally:
            os.close(told)
            os.close(complained)
        return Serving(pid, stdout, stderr, lambda pid: self._ask({"wait": pid}))

    def close(self) -> None:
        """End it; what it has forked must have ended before."""
        self._door.close()
        self._process.wait(PATIENCE_SECONDS)

    def _ask(self, request: Mapping[str, Any], *files: int) -> int:
        with self._lock:
            socket.send_fds(self._door, [json.dumps(request).encode()], files)
            answer = self._door.recv(_MESSAGE_BYTES)
        if not answer:
            raise ServingError("the process that forks has ended")
        return int(answer)


def main() -> None:
    """The process that forks: does what is asked of it at the socket whose number is its only argument."""
    door = socket.socket(fileno=int(sys.argv[1]))
    import_module("kktsim.cli.serve")
    gc.collect()
    gc.freeze()
    while True:
        message, files, _, _ = socket.recv_fds(door, _MESSAGE_BYTES, 2)
        if not message:
            return
        request = json.loads(message)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            door.send(str(os.waitstatus_to_exitcode(status)).encode())
            continue
        pid = os.fork()
        if pid == 0:
            door.close()
            for descriptor, file in enumerate(files, start=1):
                os.dup2(file, descriptor)
                os.close(file)
            command_line(request["serve"], prog_name="kktsim")  # ends the process
        for file in files:
            os.close(file)
        door.send(str(pid).encode())


if __name__ == "__main__":
    main()
