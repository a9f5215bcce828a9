"""The exchange with the OFD over loopback TCP: one till with a long queue, many tills at once, clients that are stuck.

The operator is a process of its own, `kktsim ofd serve`; the tills are in this one. A bare exchange is what none of it
can be faster than: connect, write a message, read its answer, hang up, with another process that looks at nothing.
Run it on a quiet machine. --documents and --tills make it shorter.
"""

import argparse
import asyncio
import gc
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from fn_model import FiscalStorage, load_model
from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world
from kktsim.device import execute
from kktsim.kkt_models import load
from kktsim.ofd.client import DOCUMENTS_A_TURN
from kktsim.ofd.hosts import OFD_NAME, place_of
from kktsim.ofd.tcp_carrier import TcpCarrier
from kktsim.ofd.tcp_server import allowed_connections
from kktsim.testing.presets import build
from protocol.atol.command import Command
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.receipt import CloseReceipt, OpenReceipt
from protocol.ofd.session import SessionHeader
from protocol.ofd.stream import MAX_BODY

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a script, it must find the tools beside it

from tools.bench_round_trip import no_core_halts

AT = parse_world("2026-11-22T10:00")
DOCUMENTS = 10_000
TILLS, DOCUMENTS_OF_A_TILL = 500, 20
SLOW_CLIENTS = 1_000
BARE = 2_000
BARE_ROUNDS = 3
MESSAGE_BYTES, ANSWER_BYTES = 369, 157
"""Of a receipt with one item, and of its confirmation."""
PATIENCE_SECONDS = 60.0
FIRST_FN = 9_999_078_900_000_001
MODE: tuple[Command, ...] = (LeaveMode(), EnterMode(mode=Mode.REGISTRATION))
RECEIPT: tuple[Command, ...] = (OpenReceipt(), AddItem(name="Чай", price_kopecks=10_000, tax=6), CloseReceipt())


# ---- processes


@contextmanager
def process(*command: str) -> Iterator[tuple[int, int]]:
    """A program that prints ``ready HOST:PORT``: its pid and port."""
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        ready = running.stdout.readline()
        yield running.pid, int(ready.rsplit(":", 1)[1])
    finally:
        running.terminate()
        running.wait()


def operator(*more: str) -> tuple[str, ...]:
    """The command of an operator."""
    kktsim = str(Path(sys.executable).with_name("kktsim"))
    return (kktsim, "ofd", "serve", "--port", "0", "--control", "off", *more)


def echo() -> None:
    """Answer whatever comes with as many bytes as a confirmation has, for ever."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        print(f"ready 127.0.0.1:{listener.getsockname()[1]}", flush=True)
        answer = bytes(ANSWER_BYTES)
        while True:
            connection, _ = listener.accept()
            with connection:
                while connection.recv(4096):
                    connection.sendall(answer)


def bare_seconds(port: int) -> float:
    """One bare exchange."""
    message, rounds = bytes(MESSAGE_BYTES), []
    for _ in range(BARE_ROUNDS):
        started = time.perf_counter()
        for _ in range(BARE):
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(message)
                connection.recv(4096)
        rounds.append((time.perf_counter() - started) / BARE)
    return min(rounds)


# ---- tills


def till(number: int, documents: int) -> Bench:
    """A till with an FN of its own and that many receipts to send; its registration is sent."""
    fn = FiscalStorage.new(load_model(), str(FIRST_FN + number))
    bench = build(load(), "shift-open", AT, ClockKind.FROZEN, fn=fn, virtual=True)
    bench.run_due()
    bench.ofd_down()
    told = [bench.kkt.access_password + command.to_wire() for command in (*MODE, *RECEIPT)]
    for index in range(documents):
        for data in told if not index else told[len(MODE) :]:
            reply, _ = execute(bench.kkt, data, 0.0, AT)
            assert reply[:2] == b"\x55\x00", reply.hex(" ")
    bench.after_command(0.0)
    return bench


class Sending:
    """Tills that send all they have, on the running loop. ``took``: seconds until each was through, in that order."""

    def __init__(self, tills: Sequence[Bench], port: int) -> None:
        self.took: list[float] = []
        self._tills = tills
        self._done = asyncio.Event()
        for bench in tills:
            bench.network.hosts.set(OFD_NAME, place_of(f"127.0.0.1:{port}"))
            bench.network.tcp = TcpCarrier(asyncio.get_running_loop(), self._go_on_with(bench))

    async def run(self) -> None:
        """Begin with all, and wait for the last one."""
        gc.freeze()  # as a served till does
        self._began = time.perf_counter()
        for bench in self._tills:
            bench.ofd_up()
        await asyncio.wait_for(self._done.wait(), PATIENCE_SECONDS)
        for bench in self._tills:
            bench.network.hang_up()

    def _go_on_with(self, bench: Bench) -> Callable[[], None]:
        fn = bench.fn
        assert fn is not None

        def go_on() -> None:
            bench.run_due(DOCUMENTS_A_TURN)
            if fn.archive.unsent_count() == 0:
                self.took.append(time.perf_counter() - self._began)
                if len(self.took) == len(self._tills):
                    self._done.set()

        return go_on


def send(tills: Sequence[Bench], port: int) -> list[float]:
    """Let tills send all they have; seconds until each was through."""

    async def run() -> list[float]:
        sending = Sending(tills, port)
        await sending.run()
        return sending.took

    return asyncio.run(run())


# ---- clients that are stuck


def resident_kib(pid: int) -> int:
    """Memory that a process has."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def stuck(pid: int, port: int, said: bytes) -> float:
    """KiB that each of many clients costs an operator when it says so much and then nothing."""
    before = resident_kib(pid)
    with ExitStack() as clients:
        for _ in range(SLOW_CLIENTS):
            client = clients.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(said)
        served(port)
        return (resident_kib(pid) - before) / SLOW_CLIENTS


def served(port: int) -> None:
    """Another client is answered all the same."""
    empty = SessionHeader(str(FIRST_FN), 0).build()
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(empty)
        assert len(client.recv(4096)) == len(empty)


def main() -> int:
    """Measure and print; JSON with --json."""
    parser = argparse.ArgumentParser(description="How fast documents go to the OFD over loopback TCP.")
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--tills", type=int, default=TILLS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--echo", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.echo:
        echo()
    allowed_connections(max(options.tills, SLOW_CLIENTS))
    with no_core_halts(sorted(os.sched_getaffinity(0))):
        figures = measured(options.documents, options.tills)
    if options.json:
        print(json.dumps(figures, indent=2))
        return 0
    for name, value in figures.items():
        print(f"{name:<58}{value:>12.2f}")
    return 0


def measured(documents: int, tills: int) -> dict[str, float]:
    """All figures."""
    with process(sys.executable, __file__, "--echo") as (_, port):
        bare = bare_seconds(port)
    one = till(0, documents)
    with process(*operator()) as (_, port):
        [alone] = send([one], port)
    many = [till(number, DOCUMENTS_OF_A_TILL) for number in range(1, tills + 1)]
    with process(*operator()) as (_, port):
        took = send(many, port)
    with process(*operator()) as (pid, port):
        one_byte = stuck(pid, port, b"\x2a")
    with process(*operator()) as (pid, port):
        whole = stuck(pid, port, SessionHeader(str(FIRST_FN), MAX_BODY).build() + bytes(MAX_BODY - 1))
    sent = tills * DOCUMENTS_OF_A_TILL
    return {
        "bare exchange, us": bare * 1e6,
        f"{documents} documents of one till, s": alone,
        "one of them, us": alone / documents * 1e6,
        "of bare exchanges": alone / documents / bare,
        f"{tills} tills, {DOCUMENTS_OF_A_TILL} documents each: first through, s": min(took),
        "median, s": median(took),
        "last through, s": max(took),
        "tills that are not through": tills - len(took),
        "one of all their documents, of bare exchanges": max(took) / sent / bare,
        "server, a client that says one byte, KiB": one_byte,
        "server, a client that says all but one of 32 KiB, KiB": whole,
    }


if __name__ == "__main__":
    sys.exit(main())
