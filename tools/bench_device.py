"""How fast the till is without a wire: status queries, items, receipts, forks, thirty simulated days.

Every figure is the best of several rounds in this process: what the code costs when nothing disturbs it. Run it on a
quiet machine; the figures say nothing about a serial port (see bench_round_trip.py).
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from kktsim.bench import Bench
from kktsim.bench_line import BenchLine
from kktsim.clock import ClockKind, parse_world
from kktsim.kkt_models import load
from kktsim.testing.presets import build
from protocol.atol.command import Command
from protocol.atol.commands.items import BeginItem, EndItem
from protocol.atol.commands.receipt import CloseReceipt, OpenReceipt
from protocol.atol.commands.status import StateCode
from protocol.atol.link_v3 import encode
from protocol.atol.link_v3_host import LAST_ID
from protocol.atol.task_buffer import BufferCommand, TaskFlags

AT = parse_world("2026-11-22T10:00")
ROUNDS = 7
ITEMS = 5
_IDS = cycle(range(LAST_ID + 1))


def exchange(line: BenchLine, command: bytes) -> bytes:
    """One command as a driver sends it: the last task is acknowledged in the write that adds the next."""
    number = next(_IDS)
    ack = encode(number, bytes((BufferCommand.ACK, (number - 1) % (LAST_ID + 1))))
    add = encode(number, bytes((BufferCommand.ADD, TaskFlags.NEED_RESULT, number, 0, 0)) + command)
    return line.receive(ack + add)


def frames(commands: list[Command], times: int) -> list[bytes]:
    """Ready-made writes, so that only the till is measured."""
    out = []
    for _ in range(times):
        for command in commands:
            number = next(_IDS)
            ack = encode(number, bytes((BufferCommand.ACK, (number - 1) % (LAST_ID + 1))))
            head = bytes((BufferCommand.ADD, TaskFlags.NEED_RESULT, number, 0, 0))
            out.append(ack + encode(number, head + command.to_wire()))
    return out


def best(measure: Callable[[], float]) -> float:
    """The smallest of several rounds, in seconds."""
    return min(measure() for _ in range(ROUNDS))


def bench_in_registration() -> tuple[Bench, BenchLine]:
    """A till with an open shift, in registration mode."""
    bench = build(load(), "shift-open", AT, ClockKind.FROZEN, virtual=True)
    bench.ofd_down()
    line = bench.open_line()
    exchange(line, bytes.fromhex("560100000030"))
    return bench, line


def timed(line: BenchLine, writes: list[bytes], wanted: bytes) -> float:
    """Seconds for the writes; each must end in an answer that contains ``wanted``."""
    receive = line.receive
    started = time.perf_counter()
    for write in writes:
        answer = receive(write)
    seconds = time.perf_counter() - started
    if wanted not in answer:
        raise SystemExit(f"the till answers {answer.hex(' ')}")
    return seconds


def status() -> float:
    """Status queries a second."""
    _, line = bench_in_registration()
    count = 5_000
    return count / best(lambda: timed(line, frames([StateCode()], count), b"\x55"))


def item_commands() -> list[Command]:
    """One sale item."""
    end = EndItem(
        price_kopecks=12_345, quantity_milli=2_000, cost_kopecks=24_690, tax=1, name="Чай чёрный байховый листовой"
    )
    return [BeginItem(), end]


def items() -> float:
    """Sale items (EAh and EBh) a second, as many as one receipt has room for."""
    count = 300

    def measure() -> float:
        _, line = bench_in_registration()
        timed(line, frames([OpenReceipt()], 1), b"\x55\x00\x00")
        return timed(line, frames(item_commands(), count), b"\x55\x00\x00")

    return count / best(measure)


def receipts() -> float:
    """Closed receipts of five items a second, document made and kept in the FN."""
    count = 200
    commands = [OpenReceipt(), *(item_commands() * ITEMS), CloseReceipt()]

    def measure() -> float:
        _, line = bench_in_registration()
        return timed(line, frames(commands, count), b"\x55\x00\x00")

    return count / best(measure)


def forks() -> float:
    """Forks of a whole bench a second, with an open receipt and two hundred documents."""
    bench, line = bench_in_registration()
    timed(line, frames([OpenReceipt(), *item_commands(), CloseReceipt()], 200), b"\x55")
    timed(line, frames([OpenReceipt(), *item_commands()], 1), b"\x55")
    count = 500

    def measure() -> float:
        started = time.perf_counter()
        for _ in range(count):
            bench.fork()
        return time.perf_counter() - started

    return count / best(measure)


def thirty_days() -> float:
    """Milliseconds for thirty days without the OFD, a document waiting."""

    def measure() -> float:
        bench, line = bench_in_registration()
        timed(line, frames([OpenReceipt(), *item_commands(), CloseReceipt()], 1), b"\x55")
        started = time.perf_counter()
        bench.advance(30 * 86_400)
        return time.perf_counter() - started

    return 1000 * best(measure)


def version_ratio() -> float:
    """`kktsim --version` against `python -c pass`, both as whole processes."""

    def process(*command: str) -> float:
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started

    script = str(Path(sys.executable).with_name("kktsim"))
    bare = best(lambda: process(sys.executable, "-c", "pass"))
    return best(lambda: process(sys.executable, script, "--version")) / bare


GOALS: tuple[tuple[str, Callable[[], float], str, float, bool], ...] = (
    ("status queries /s", status, "{:,.0f}", 50_000, True),
    ("sale items /s", items, "{:,.0f}", 0, True),
    ("closed five-item receipts /s", receipts, "{:,.0f}", 2_000, True),
    ("forks of a bench /s (10 000 is 100 us each)", forks, "{:,.0f}", 10_000, True),
    ("thirty simulated days, ms", thirty_days, "{:.2f}", 50, False),
    ("kktsim --version / python -c pass", version_ratio, "{:.2f}", 6, False),
)


def main() -> int:
    """Measure everything and print a table, or JSON with --json."""
    figures = {}
    for name, measure, shape, goal, more_is_better in GOALS:
        value = measure()
        figures[name] = value
        if "--json" not in sys.argv:
            reached = value >= goal if more_is_better else value <= goal
            aim = f"{'>=' if more_is_better else '<='} {goal:,}" if goal else ""
            print(f"{name:<46}{shape.format(value):>12}   {aim:<12}{'' if reached else '  BELOW THE GOAL'}")
    if "--json" in sys.argv:
        print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
