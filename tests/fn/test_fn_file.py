"""The file of an FN: which ones are refused and with what words, who may have it open, what a kill leaves behind."""

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fn_model import load_model
from fn_model.archive import ArchiveError
from fn_model.fn_file import APPLICATION_ID, SCHEMA_VERSION, FnFileError
from fn_model.memory_archive import MemoryArchive
from fn_model.sqlite_archive import SqliteArchive
from fn_model.state import FnState
from tests.fn.archives import NUMBER, add, answers, confirm, document, new_file

PAGE = 4096


def refusal(path: Path) -> str:
    """The sentence with which a file is refused, which must leave it and what lies beside it as it was."""
    before = {one.name: one.read_bytes() for one in path.parent.iterdir() if one.is_file()}
    with pytest.raises(FnFileError) as caught:
        SqliteArchive.open(path)
    assert {one.name: one.read_bytes() for one in path.parent.iterdir() if one.is_file()} == before
    return str(caught.value)


def closed_file(directory: Path, documents: int = 200) -> Path:
    """A file with some documents that nobody has open."""
    archive = new_file(directory)
    for number in range(1, documents + 1):
        add(archive, document(number, number // 10))
    archive.close()
    return archive.path


def changed(path: Path, statement: str) -> Path:
    """The same file after a statement of somebody else."""
    database = sqlite3.connect(path)
    with database:
        database.execute(statement)
    database.close()
    return path


def torn(path: Path) -> Path:
    """The file with a page in its middle that reads as zeros."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // PAGE * PAGE
    data[middle : middle + PAGE] = bytes(PAGE)
    path.write_bytes(data)
    return path


def cut(path: Path) -> Path:
    """The file without its last page."""
    path.write_bytes(path.read_bytes()[:-PAGE])
    return path


def emptied(path: Path) -> Path:
    """The file without anything in it."""
    path.write_bytes(b"")
    return path


def text_file(path: Path) -> Path:
    """A text of that name."""
    path.write_text("a shopping list\n" * 100, encoding="utf-8")
    return path


SPOILT: dict[str, tuple[Callable[[Path], Path], str]] = {
    "text": (text_file, "is not the file of an FN: take one that `kktsim fn new` has made"),
    "empty": (emptied, "is not the file of an FN"),
    "another program's": (lambda path: changed(path, "PRAGMA application_id = 5"), "belongs to another program"),
    "a newer schema": (lambda path: changed(path, "PRAGMA user_version = 2"), "take a newer kktsim"),
    "a torn page": (torn, 'pragma integrity_check"'),
    "cut": (cut, 'pragma integrity_check"'),
    "without its state": (lambda path: changed(path, "DELETE FROM state"), "is damaged"),
    "without a table": (lambda path: changed(path, "DROP TABLE document"), "is damaged"),
    "without its last document": (
        lambda path: changed(path, "DELETE FROM document WHERE number = 200"),
        "is damaged (199 documents of 200)",
    ),
    "of a real FN": (lambda path: changed(path, "UPDATE fn SET number = '8710000100000001'"), "begin it with 9999"),
    "of an unknown model": (
        lambda path: changed(path, "UPDATE fn SET model = 'fn-9'"),
        "no FN model 'fn-9'; there are",
    ),
    "with an unknown setting": (
        lambda path: changed(path, """UPDATE fn SET settings = '{"colour": 1}'"""),
        "no FN setting colour",
    ),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_file_that_is_no_good_fn_is_refused_untouched_with_a_sentence(what: str, tmp_path: Path) -> None:
    spoil, words = SPOILT[what]
    path = spoil(closed_file(tmp_path))
    told = refusal(path)
    assert str(path) in told and words in told
    assert "\n" not in told


def with_log(directory: Path, statement: str = "") -> Path:
    """A file as a killed process leaves it: its last commits, and a statement's, are in a log beside it."""
    living = closed_file(directory)
    (directory / "killed").mkdir()
    archive = SqliteArchive.open(living)
    for number in range(201, 211):
        add(archive, document(number, 21))
    archive._database.run(statement)
    for one in directory.glob("one.fn*"):
        shutil.copy(one, directory / "killed")
    archive.close()
    return directory / "killed" / living.name


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM state", "is damaged"),
        ("DROP TABLE body", "is damaged"),
        ("""UPDATE fn SET settings = '{"colour": 1}'""", "no FN setting colour"),
    ],
)
def test_what_is_wrong_in_the_log_of_a_killed_process_is_refused_untouched(
    statement: str, words: str, tmp_path: Path
) -> None:
    path = with_log(tmp_path, statement)
    assert len(list(path.parent.iterdir())) == 2
    assert words in refusal(path)


def test_a_torn_file_keeps_the_log_of_a_killed_process(tmp_path: Path) -> None:
    path = torn(with_log(tmp_path))
    assert len(list(path.parent.iterdir())) == 2
    assert 'pragma integrity_check"' in refusal(path)


def test_a_log_that_a_killed_process_has_left_is_replayed(tmp_path: Path) -> None:
    archive = SqliteArchive.open(with_log(tmp_path))
    assert archive.state.document_number == 210
    archive.close()


def test_the_header_is_what_other_programs_know_the_file_by(tmp_path: Path) -> None:
    database = sqlite3.connect(closed_file(tmp_path))
    assert database.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert database.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert f"there is no file {tmp_path / 'none.fn'}: make one" in refusal(tmp_path / "none.fn")
    (tmp_path / "room").mkdir()
    assert "cannot be opened" in refusal(tmp_path / "room")


def test_a_file_that_may_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = closed_file(tmp_path)

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", denied)
        with pytest.raises(FnFileError, match="cannot be opened to read and write: Permission denied"):
            SqliteArchive.open(path)
        patch.setattr(Path, "touch", denied)
        with pytest.raises(FnFileError, match="cannot be made: Permission denied"):
            new_file(tmp_path, "two.fn")


def test_nothing_is_made_over_a_file_or_without_a_directory(tmp_path: Path) -> None:
    path = text_file(tmp_path / "one.fn")
    before = path.read_bytes()
    with pytest.raises(FnFileError, match="is there already"):
        new_file(tmp_path)
    assert path.read_bytes() == before
    with pytest.raises(FnFileError, match="there is no directory"):
        new_file(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="begin it with 9999"):
        SqliteArchive.create(tmp_path / "two.fn", "8710000100000001", load_model())
    assert sorted(one.name for one in tmp_path.iterdir()) == ["one.fn"]


def test_a_file_that_could_not_be_filled_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(sqlite3, "connect", full)
    with pytest.raises(FnFileError, match="database or disk is full; is there room"):
        new_file(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_open_once_in_a_process_and_stays_locked_for_others(tmp_path: Path) -> None:
    archive = new_file(tmp_path)
    for _ in range(2):
        with pytest.raises(FnFileError, match="is open in this process already"):
            SqliteArchive.open(archive.path)
        told = _in_another_process(archive.path)
        assert "is open in another process: end that one first" in told
    add(archive, document(1))
    archive.close()
    assert _in_another_process(archive.path) == "opened with 1 documents"
    SqliteArchive.open(archive.path).close()


_OPENER = """
import sys
from pathlib import Path
from fn_model.sqlite_archive import FnFileError, SqliteArchive
try:
    archive = SqliteArchive.open(Path(sys.argv[1]))
    print(f"opened with {archive.state.document_number} documents")
except FnFileError as error:
    print(error)
"""


def _in_another_process(path: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", _OPENER, str(path)], capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()


def test_a_closed_file_stands_alone(tmp_path: Path) -> None:
    closed_file(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["one.fn"]


def test_a_history_in_memory_moves_into_a_file_as_it_is(tmp_path: Path) -> None:
    lived = MemoryArchive(FnState())
    for number in range(1, 41):
        add(lived, document(number, number * 3, goes_to_ofd=number % 4 != 0))
        if number % 3:
            confirm(lived)
    lived.damage(7)
    model = load_model()
    own = replace(model, settings=replace(model.settings, data_required=False))
    archive = SqliteArchive.create(tmp_path / "one.fn", NUMBER, own, contents=lived)
    assert answers(archive) == answers(lived)
    for one in (lived, archive):
        add(one, document(41, 200))
        confirm(one)
    assert answers(archive) == answers(lived)
    archive.close()
    again = SqliteArchive.open(archive.path)
    assert answers(again) == answers(lived)
    assert (again.number, again.model) == (NUMBER, own)


def test_a_write_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    archive = new_file(tmp_path)
    add(archive, document(1))
    before = answers(archive)
    with pytest.raises(ArchiveError, match="was not written: UNIQUE constraint failed"):
        add(archive, document(1))
    assert answers(archive) == before
    add(archive, document(2))
    archive.close()
    assert SqliteArchive.open(archive.path).state.document_number == 2


@pytest.mark.parametrize("is_synced", [False, True])
def test_commits_wait_for_the_medium_only_when_told(tmp_path: Path, is_synced: bool) -> None:
    new_file(tmp_path).close()
    archive = SqliteArchive.open(tmp_path / "one.fn", is_synced=is_synced)
    assert archive._database.run("PRAGMA synchronous").fetchone() == ((2 if is_synced else 1),)
    archive.close()


_WRITER = """
import sys
from pathlib import Path
from fn_model.sqlite_archive import SqliteArchive
from tests.fn.archives import add, confirm, document
archive = SqliteArchive.open(Path(sys.argv[1]))
while True:
    number = archive.state.document_number + 1
    add(archive, document(number, number // 50))
    if number % 2:
        confirm(archive)
    print(number, flush=True)
"""


def test_what_a_killed_process_has_committed_is_there(tmp_path: Path) -> None:
    path = closed_file(tmp_path, documents=0)
    for round_number in range(3):
        process = subprocess.Popen([sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.03 * round_number)
        process.kill()
        told = process.stdout.read().split()
        process.wait(timeout=60)
        process.stdout.close()
        archive = SqliteArchive.open(path)
        last = archive.state.document_number
        assert last >= int(told[-1] if told else 1)
        assert archive.tail() == document(last, last // 50)
        assert all(archive.get(number) is not None for number in range(1, last + 1))
        confirmed = [number for number in range(1, last + 1) if archive.confirmation(number) is not None]
        assert archive.unsent_count() == last - len(confirmed) <= last // 2 + 1 + round_number
        assert confirmed == list(range(1, len(confirmed) + 1))
        archive.close()
