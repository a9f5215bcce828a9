"""What it costs to keep an FN on disk: receipts, commits, opening, queries, memory, 410 simulated days.

Commits are compared with a loop of bare ones in the same directory and the same run; put that directory on the disk in
question with --dir. Run it on a quiet machine. --days N shortens the simulated trading.
"""

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from fn_model import FiscalStorage, FnPort
from fn_model.archive import WHOLE_FOR, Document
from fn_model.memory_archive import MemoryArchive
from fn_model.sqlite_archive import SqliteArchive
from kktsim.bench import Bench
from kktsim.clock import ClockKind, parse_world
from kktsim.kkt_models import load
from kktsim.testing.presets import build, open_till
from protocol.atol.command import Command
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.receipt import CloseReceipt, OpenReceipt
from protocol.atol.commands.shift import CloseShift
from protocol.fn.archive_answers import StoredConfirmation
from protocol.fn.commands import FnCommand
from protocol.fn.frame import build_request

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run as a script, it must find the tools beside it

from tools.bench_device import ITEMS, exchange, frames, item_commands, timed  # noqa: E402
from tools.fn_shop import FnShop  # noqa: E402

AT = parse_world("2026-11-22T10:00")
ROUNDS = 5
RECEIPTS = 200
FULL_ARCHIVE = 250_000
DOCUMENTS_PER_DAY = 610
RECEIPTS_PER_DAY = 100


def bench_with_file(path: Path, *, is_synced: bool = False) -> tuple[Bench, SqliteArchive]:
    """A till with an open shift whose FN lies in a new file."""
    bench = build(load(), "shift-open", AT, ClockKind.FROZEN, virtual=True)
    fn = bench.fn
    assert fn is not None and isinstance(fn.archive, MemoryArchive)
    archive = SqliteArchive.create(path, fn.number, fn.model, contents=fn.archive, is_synced=is_synced)
    fn.archive = archive
    return bench, archive


def receipts(directory: Path) -> float:
    """Closed receipts of five items a second through the whole till, the archive in a file."""
    seconds = []
    for number in range(ROUNDS):
        bench, archive = bench_with_file(directory / f"receipts-{number}.fn")
        bench.ofd_down()
        line = bench.open_line()
        exchange(line, bytes.fromhex("560100000030"))
        commands = [OpenReceipt(), *(item_commands() * ITEMS), CloseReceipt()]
        seconds.append(timed(line, frames(commands, RECEIPTS), b"\x55\x00\x00"))
        archive.close()
    return RECEIPTS / min(seconds)


def commit_ratio(directory: Path) -> float:
    """A synced commit of a receipt against a synced commit of a bare row as long, medians of interleaved rounds."""
    _, archive = bench_with_file(directory / "synced.fn", is_synced=True)
    receipt, bare = _receipt_of(archive), sqlite3.connect(directory / "bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE row (number INTEGER PRIMARY KEY, data BLOB)")
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(RECEIPTS):
        started = time.perf_counter()
        _commit_one(archive, receipt)
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        bare.execute("BEGIN")
        bare.execute("INSERT INTO row (data) VALUES (?)", (receipt.body,))
        bare.execute("COMMIT")
        theirs.append(time.perf_counter() - started)
    bare.close()
    archive.close()
    return median(ours) / median(theirs)


def _receipt_of(archive: SqliteArchive) -> Document:
    """A document as long as a receipt of five items, with the last document's date."""
    last = archive.tail()
    assert last is not None
    return last._replace(body=bytes(700), short=bytes(6))


def _commit_one(archive: SqliteArchive, receipt: Document) -> None:
    state = archive.state.copy()
    state.document_number += 1
    state.unsent_bytes += len(receipt.body)
    state.shift = state.shift.with_receipt()
    archive.commit(state, receipt._replace(number=state.document_number))


def fill(path: Path, count: int) -> None:
    """A new file with that many documents of a year and more, all but the last confirmed."""
    bench = build(load(), "shift-open", AT, ClockKind.FROZEN, virtual=True)
    fn = bench.fn
    assert fn is not None and fn.state.last_at is not None
    first = fn.archive.get(1)
    assert first is not None
    state = fn.state.copy()
    last_at = first.at + timedelta(days=count // DOCUMENTS_PER_DAY)
    state.document_number, state.last_at = count, last_at
    documents = list(_history(first, count, last_at))
    confirmed = (StoredConfirmation(one.at, bytes(18), one.number) for one in documents[:-1])
    forgotten = max((one.number for one in documents if not one.body), default=0)
    contents = MemoryArchive.filled(state, documents, confirmed, forgotten=forgotten, damaged=frozenset())
    SqliteArchive.create(path, fn.number, fn.model, contents=contents).close()


def _history(first: Document, count: int, last_at: datetime) -> Iterator[Document]:
    """The registration and receipts, whole when they are young enough."""
    yield first
    bill = first._replace(type=first.type.RECEIPT, short=bytes(6))
    for number in range(2, count + 1):
        at = first.at + timedelta(days=number // DOCUMENTS_PER_DAY)
        body = random.Random(number).randbytes(600) if last_at - at <= WHOLE_FOR else b""
        yield bill._replace(number=number, at=at, body=body, sign=number)


_ALONE = """
import json, sys
from pathlib import Path
from tools.bench_archive import look_at
print(json.dumps(look_at(Path(sys.argv[1]))))
"""


def look_at(path: Path) -> dict[str, float]:
    """Of a file: milliseconds to open it, the slowest per cent of queries in milliseconds, resident memory in MiB."""
    started = time.perf_counter()
    archive = SqliteArchive.open(path)
    opened = time.perf_counter() - started
    port, count = FnPort(FiscalStorage.opened(archive)), archive.state.document_number
    queries = []
    for number in random.Random(1).choices(range(1, count + 1), k=2_000):
        for command in (FnCommand.FIND_DOCUMENT, FnCommand.FIND_CONFIRMATION, FnCommand.BEGIN_DOCUMENT_TLV):
            request = build_request(command, number.to_bytes(4, "little"))
            started = time.perf_counter()
            port.exchange(request, AT)
            queries.append(time.perf_counter() - started)
    archive.close()
    resident_pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return {
        "open": 1_000 * opened,
        "query": 1_000 * sorted(queries)[len(queries) * 99 // 100],
        "resident": resident_pages * 4096 / (1 << 20),
    }


def full_archive(directory: Path) -> tuple[float, float, float]:
    """Opening and querying 250 000 documents, and the memory that takes above an empty archive; a process each."""
    paths = directory / "full.fn", directory / "empty.fn"
    fill(paths[0], FULL_ARCHIVE)
    fill(paths[1], 1)

    def told(path: Path) -> dict[str, float]:
        command = [sys.executable, "-c", _ALONE, str(path)]
        out = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
        found: dict[str, float] = json.loads(out.stdout)
        return found

    rounds = [(told(paths[0]), told(paths[1])) for _ in range(ROUNDS)]
    best = min(rounds, key=lambda one: one[0]["open"])[0]
    return best["open"], best["query"], median(full["resident"] - empty["resident"] for full, empty in rounds)


def days_through_the_port(directory: Path, days: int) -> float:
    """Seconds for that many days of trading and sending, through the FN's frames with the archive in a file."""
    bench = build(load(), "registered", AT, ClockKind.FROZEN, virtual=True)
    fn = bench.fn
    assert fn is not None and isinstance(fn.archive, MemoryArchive)
    archive = SqliteArchive.create(directory / "port.fn", fn.number, fn.model, contents=fn.archive)
    shop = FnShop(FnPort(FiscalStorage.opened(archive)), fn.state.last_at or datetime(2026, 11, 22))
    started = time.perf_counter()
    for _ in range(days):
        shop.day(RECEIPTS_PER_DAY)
    seconds = time.perf_counter() - started
    if archive.state.shift.number < days or archive.unsent_count():
        raise SystemExit(f"the FN has {archive.state.shift.number} shifts, {archive.unsent_count()} documents unsent")
    archive.close()
    return seconds


def days_of_a_till(directory: Path, days: int) -> float:
    """Seconds for the same days with the whole till between: receipts of one item, the OFD reached every night."""
    bench, archive = bench_with_file(directory / "till.fn")
    till = open_till(bench)
    sale: list[Command] = [OpenReceipt(), *item_commands(), CloseReceipt()]
    started = time.perf_counter()
    for _ in range(days):
        till.send(EnterMode(mode=Mode.REGISTRATION).to_wire())
        for command in sale * RECEIPTS_PER_DAY:
            till.send(command.to_wire())
        for command in (LeaveMode(), EnterMode(mode=Mode.Z_REPORTS), CloseShift(), LeaveMode()):
            till.send(command.to_wire())
        bench.advance(86_400)
    seconds = time.perf_counter() - started
    if archive.state.shift.number < days or archive.unsent_count():
        raise SystemExit(f"the FN has {archive.state.shift.number} shifts, {archive.unsent_count()} documents unsent")
    archive.close()
    return seconds


def measure(directory: Path, days: int) -> Iterator[tuple[str, float, str, float, bool]]:
    """Every figure: its name, value, shape, goal, and whether more is better."""
    share = days / 410
    yield "closed five-item receipts /s, on disk", receipts(directory), "{:,.0f}", 1_500, True
    yield "synced commit / bare synced commit", commit_ratio(directory), "{:.2f}", 3, False
    opened, query, resident = full_archive(directory)
    yield f"open with {FULL_ARCHIVE:,} documents, ms", opened, "{:.1f}", 100, False
    yield "40h 41h 45h of any of them, 99th percentile, ms", query, "{:.3f}", 1, False
    yield "resident above an empty archive, MiB", resident, "{:.1f}", 20, False
    yield (
        f"{days} days x {RECEIPTS_PER_DAY} receipts, s",
        days_through_the_port(directory, days),
        "{:.1f}",
        60 * share,
        False,
    )
    yield "the same through a whole till, s", days_of_a_till(directory, days), "{:.1f}", 0, False


def main() -> int:
    """Measure everything and print a table, or JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--dir", type=Path, help="directory to measure in; otherwise one for temporary files")
    parser.add_argument("--days", type=int, default=410, help="simulated days")
    given = parser.parse_args()
    figures = {}
    with TemporaryDirectory(dir=given.dir) as directory:
        for name, value, shape, goal, more_is_better in measure(Path(directory), given.days):
            figures[name] = value
            if not given.json:
                reached = not goal or (value >= goal if more_is_better else value <= goal)
                aim = f"{'>=' if more_is_better else '<='} {goal:,.3g}" if goal else ""
                print(f"{name:<50}{shape.format(value):>12}   {aim:<12}{'' if reached else '  BELOW THE GOAL'}")
    if given.json:
        print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
