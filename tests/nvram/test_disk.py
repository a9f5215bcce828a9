"""The memory of a till in a file: what is written and when, which files are refused, and what a kill leaves."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fn_model.store_file import StoreInUseError
from kktsim.bench import Bench
from kktsim.device.refusal import NotKeptError
from kktsim.device.regions import DAMAGEABLE, Region
from kktsim.device.state import Memory
from kktsim.nvram import TILL_FILE, DiskNvram, NvramError
from protocol.atol.commands.modes import Mode
from tests.device.desk import Desk
from tests.nvram.memories import values

KILLED_AFTER_SECONDS = 0.4


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kkt0.till"


def new_file(path: Path) -> Path:
    """A file with a new till's memory that nobody has open."""
    DiskNvram.create(path, Memory()).close()
    return path


def writes(nvram: DiskNvram, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements from now on, regions by their names."""
    told: list[str] = []
    run = nvram.run

    def spy(statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        told.append(str(values[0]) if values else statement)
        return run(statement, values)

    monkeypatch.setattr(nvram, "run", spy)
    return told


def test_another_process_finds_what_was_committed(path: Path) -> None:
    nvram = DiskNvram.create(path, Memory())
    memory = nvram.load()
    memory.totals.cash_kopecks = 12_345
    nvram.commit(memory)
    nvram.close()
    nvram.close()
    again = DiskNvram.open(path, is_synced=True)
    assert again.path == path
    assert values(again.load()) == values(memory)
    again.close()


def test_only_regions_that_changed_are_written_in_one_transaction(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nvram = DiskNvram.create(path, Memory())
    memory = nvram.load()
    nvram.commit(memory)
    told = writes(nvram, monkeypatch)
    nvram.commit(memory)
    assert told == []

    memory.totals.cash_kopecks = 1
    nvram.commit(memory)
    nvram.commit(memory)
    assert told == ["totals"]

    told.clear()
    memory.tables[3, 30, 1] = b"\x00\x00\x00\x31"
    memory.mirror.document_number = 7
    nvram.commit(memory)
    assert (told[0], sorted(told[1:-1]), told[-1]) == ("BEGIN", ["mirror", "passwords"], "COMMIT")
    nvram.close()


def test_a_till_trades_on_its_file_as_without_it(make_bench: Callable[..., Bench], path: Path) -> None:
    on_file, in_memory = make_bench("shift-open"), make_bench("shift-open")
    nvram = DiskNvram.create(path, on_file.kkt.memory)
    on_file.kkt.nvram = nvram
    for bench in (on_file, in_memory):
        desk = Desk(bench)
        desk.sell()
        desk.open_receipt(500, 700)
        bench.power_off()
        bench.power_on()
        desk.enter(Mode.REGISTRATION)
        desk.sell(20_000)
        desk.close_shift()
    assert values(on_file.kkt.memory) == values(in_memory.kkt.memory)
    assert on_file.tape() == in_memory.tape()
    assert values(nvram.load()) == values(in_memory.kkt.memory)
    nvram.close()


def test_what_does_not_fit_on_the_disk_is_not_half_written(path: Path) -> None:
    nvram = DiskNvram.create(path, Memory())
    (pages,) = nvram.run("PRAGMA page_count").fetchone()
    nvram.run(f"PRAGMA max_page_count = {pages}")
    memory = nvram.load()
    memory.mirror.document_number = 1
    memory.requisites = {tag: bytes(10_000) for tag in range(10)}
    with pytest.raises(NotKeptError, match=r"was not written \(database or disk is full\): make room"):
        nvram.commit(memory)
    assert values(nvram.load()) == values(Memory())
    nvram.close()


# ---- damage that nobody's hands have done


def changed(path: Path, statement: str, *values: object) -> Path:
    """The same file after a statement of somebody else."""
    database = sqlite3.connect(path)
    with database:
        database.execute(statement, values)
    database.close()
    return path


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("UPDATE region SET data = x'7B7D' WHERE name = 'mirror'", {Region.MIRROR}),
        ("UPDATE region SET data = 'text' WHERE name = 'mirror'", {Region.MIRROR}),
        ("UPDATE region SET crc = crc + 1", set(DAMAGEABLE)),
        ("UPDATE region SET crc = 'x' WHERE name = 'clock'", {Region.CLOCK}),
        ("DELETE FROM region WHERE name = 'tables'", {Region.TABLES}),
        ("DELETE FROM region WHERE name = 'mechanism'", set()),
        ("INSERT INTO region VALUES ('colours', x'00', 0)", set()),
    ],
)
def test_a_file_somebody_has_been_at_opens_with_bad_regions(path: Path, statement: str, bad: set[Region]) -> None:
    nvram = DiskNvram.open(changed(new_file(path), statement))
    assert nvram.load().bad_regions == bad
    for region in bad:
        nvram.spoil(region)
    assert nvram.load().bad_regions == bad
    nvram.close()


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "not there": (lambda path: path.unlink(), "make one with `kktsim serve --home DIR`"),
    "text": (lambda path: path.write_text("a shopping list"), "is not the file of a till: take one that"),
    "of an FN": (lambda path: changed(path, f"PRAGMA application_id = {int.from_bytes(b'KKFN', 'big')}"), "belongs to"),
    "newer": (lambda path: changed(path, f"PRAGMA user_version = {TILL_FILE.schema_version + 1}"), "a newer kktsim"),
    "without its table": (lambda path: changed(path, "DROP TABLE region"), 'pragma integrity_check"'),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_no_tills_is_refused_with_a_sentence(path: Path, what: str) -> None:
    spoil, words = REFUSED[what]
    spoil(new_file(path))
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(NvramError) as refused:
        DiskNvram.open(path)
    told = str(refused.value)
    assert str(path) in told and words in told and "\n" not in told
    assert (path.read_bytes() if path.exists() else None) == before


def test_a_file_is_made_once(path: Path) -> None:
    with pytest.raises(NvramError, match="is there already"):
        DiskNvram.create(new_file(path), Memory())


def test_a_till_runs_once_at_a_time(path: Path) -> None:
    nvram = DiskNvram.open(new_file(path))
    with pytest.raises(StoreInUseError, match="is open in this process already: a till is in one place at a time"):
        DiskNvram.open(path)
    program = "import sys, pathlib; from kktsim.nvram import *; DiskNvram.open(pathlib.Path(sys.argv[1]))"
    told = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=False)
    assert "is open in another process: end that one first" in told.stderr
    nvram.close()
    DiskNvram.open(path).close()


# ---- kill -9

COUNTS = """
import pathlib, sys
from kktsim.nvram import DiskNvram

nvram = DiskNvram.open(pathlib.Path(sys.argv[1]))
memory = nvram.load()
for number in range(1, 10**9):
    memory.totals.running_receipts = memory.mirror.document_number = number
    memory.requisites = {1000 + number % 7: bytes(number % 2000)}
    nvram.commit(memory)
    print(number, flush=True)
"""


def test_a_kill_loses_nothing_that_was_acknowledged_and_halves_nothing(path: Path) -> None:
    new_file(path)
    with subprocess.Popen([sys.executable, "-c", COUNTS, path], stdout=subprocess.PIPE, text=True) as counting:
        assert counting.stdout is not None
        assert counting.stdout.readline() == "1\n"
        time.sleep(KILLED_AFTER_SECONDS)
        counting.send_signal(signal.SIGKILL)
        told = counting.stdout.read().splitlines(keepends=True)
    last = int(next(line for line in reversed(told) if line.endswith("\n")))
    nvram = DiskNvram.open(path)
    memory = nvram.load()
    kept = memory.totals.running_receipts
    assert memory.bad_regions == frozenset()
    assert last <= kept <= last + 1
    assert memory.mirror.document_number == kept
    assert memory.requisites == {1000 + kept % 7: bytes(kept % 2000)}
    nvram.close()
