"""A status query over a PTY, against a bare asyncio echo of the same bytes over a PTY, in the same run.

The till is served by its own process. One exchange is what ATOL's driver does: the acknowledgement of the last task
and Add 45h in one write; the answers A3 and A2 and the result A6 back. The echo answers the same number of bytes to
the same number. Rounds are interleaved; what counts is the ratio of medians, of round trip and of server CPU.
"""

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tty
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from protocol.atol.link_v3 import encode
from protocol.atol.task_buffer import BufferCommand, TaskFlags

ROUNDS = 15
CYCLES = 5
"""Cycles of ids in a round: a round must end where it began, or a task is left over."""
LAST_TASK = 0xDC
ANSWER_BYTES = len(encode(0, b"\xa3") + encode(0, b"\xa2") + encode(0xF0, b"\xa6\x00\x55\x00\x00"))


def add(number: int) -> bytes:
    """The frame that adds a status query as task ``number``."""
    return encode(number, bytes((BufferCommand.ADD, TaskFlags.NEED_RESULT, number)) + b"\x00\x00\x45")


def writes() -> list[bytes]:
    """The exchanges of one cycle: those ids whose answers need no escaping, so that all have one length.

    The first acknowledges the last task of the cycle.
    """
    plain = [number for number in range(LAST_TASK) if _answer_bytes(number) == ANSWER_BYTES]
    previous = [plain[-1], *plain[:-1]]
    return [
        encode(number, bytes((BufferCommand.ACK, before))) + add(number)
        for before, number in zip(previous, plain, strict=True)
    ]


def _answer_bytes(number: int) -> int:
    """Bytes of what the till answers to the exchange of this id."""
    result = encode(0xF0, bytes((0xA6, number)) + b"\x55\x00\x00")
    return len(encode(number, b"\xa3") + encode(number, b"\xa2") + result)


async def _echo(path: str) -> None:
    """Answer as many bytes as the till does, at once."""
    master, slave = os.openpty()
    tty.setraw(slave)
    os.set_blocking(master, False)
    os.symlink(os.ttyname(slave), path)
    answer = bytes(ANSWER_BYTES)

    def readable() -> None:
        os.read(master, 4096)
        os.write(master, answer)

    asyncio.get_running_loop().add_reader(master, readable)
    print("ready", flush=True)
    await asyncio.Event().wait()


def pin(cpu: int) -> None:
    """Stay on one processor where that can be asked."""
    with contextlib.suppress(AttributeError, OSError):
        os.sched_setaffinity(0, {cpu})


@contextlib.contextmanager
def server(command: list[str], cpu: int) -> Iterator[int]:
    """A process that has said that it is ready; its pid."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=partial(pin, cpu))  # noqa: PLW1509 - no threads here
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def no_core_halts(cpus: list[int]) -> Iterator[None]:
    """Keep the processors from going to sleep by work of the lowest priority: waking one costs much."""
    spin = "import os; os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))\nwhile True: pass"
    spinners = [
        subprocess.Popen([sys.executable, "-c", spin], preexec_fn=partial(pin, cpu))  # noqa: PLW1509 - no threads here
        for cpu in cpus
    ]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.wait()


def cpu_seconds(pid: int) -> float:
    """User and system time that a process has used."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        total = 0
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def one_round(port: int, messages: list[bytes], pid: int) -> tuple[float, float]:
    """Median round trip and server CPU an exchange, both in microseconds."""
    times = []
    before = cpu_seconds(pid)
    clock = time.perf_counter
    for message in messages * CYCLES:
        started = clock()
        os.write(port, message)
        _drain(port, ANSWER_BYTES)
        times.append(clock() - started)
    used = cpu_seconds(pid) - before
    return statistics.median(times) * 1e6, used / len(times) * 1e6


def open_port(path: str) -> int:
    """The slave end, raw."""
    port = os.open(path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(port)
    return port


def _drain(port: int, size: int) -> None:
    while size > 0:
        size -= len(os.read(port, 4096))


def main() -> int:
    """Measure and print; JSON with --json."""
    if sys.argv[1:2] == ["--echo"]:
        asyncio.run(_echo(sys.argv[2]))
    cpus = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as place:
        till_path, echo_path = f"{place}/till", f"{place}/echo"
        kktsim = str(Path(sys.executable).with_name("kktsim"))
        till_command = [kktsim, "serve", "--port", f"pty:{till_path}", "--control", "off", "--state", "factory"]
        echo_command = [sys.executable, __file__, "--echo", echo_path]
        with (
            no_core_halts(cpus),
            server(till_command, cpus[0]) as till_pid,
            server(echo_command, cpus[0]) as echo_pid,
        ):
            pin(cpus[-1])
            till, echo = open_port(till_path), open_port(echo_path)
            messages = writes()
            last = messages[0][5]
            os.write(till, encode(0, bytes((BufferCommand.ABORT,))) + add(last))
            _drain(till, len(encode(0, b"\xa3")) + ANSWER_BYTES - len(encode(last, b"\xa3")))
            one_round(till, messages, till_pid)
            one_round(echo, messages, echo_pid)
            tills, echoes = [], []
            for _ in range(ROUNDS):
                echoes.append(one_round(echo, messages, echo_pid))
                tills.append(one_round(till, messages, till_pid))
    figures = {
        "round trip, us": statistics.median(row[0] for row in tills),
        "round trip of the echo, us": statistics.median(row[0] for row in echoes),
        "ratio of round trips": statistics.median(t[0] / e[0] for t, e in zip(tills, echoes, strict=True)),
        "server CPU, us": statistics.median(row[1] for row in tills),
        "server CPU of the echo, us": statistics.median(row[1] for row in echoes),
        "ratio of server CPU": statistics.median(t[1] / e[1] for t, e in zip(tills, echoes, strict=True)),
    }
    if "--json" in sys.argv:
        print(json.dumps(figures, indent=2))
        return 0
    for name, value in figures.items():
        print(f"{name:<32}{value:>10.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
