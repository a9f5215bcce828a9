"""An operator's documents on disk: one SQLite file, and a document is in it before its confirmation goes out.

The file is locked as long as it is open, and in WAL mode: a process that is killed leaves the log of its last commits
beside it, and whoever opens the file next replays that. A file that was taken away from under its process is read and
written no more: what went into it nobody would find again.
"""

import sqlite3
from pathlib import Path
from typing import Any

from fn_model.store_file import FileKind, StoreFile, StoreFileError
from kktsim.ofd.store import MemoryStore, NotStoredError, StoredDocument, Till, same

FILE_NAME = "ofd.sqlite3"
"""What the file is called in a directory of an operator's own."""
OFD_FILE = FileKind(int.from_bytes(b"KKOF", "big"), 1, "an OFD", "kktsim ofd serve --store DIR")
SCHEMA = (
    "CREATE TABLE document (id INTEGER PRIMARY KEY, fn TEXT NOT NULL, number INTEGER NOT NULL,"
    " version INTEGER NOT NULL, type INTEGER NOT NULL, received REAL NOT NULL, container BLOB NOT NULL,"
    " answer INTEGER NOT NULL, confirmation BLOB NOT NULL, UNIQUE (fn, number, version))",
)
"""``id``: 1, 2, ... in the order of receipt; ``version``: 1 for the first document under a number."""

_ADD = "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ANSWER = "UPDATE document SET answer = ?, confirmation = ? WHERE fn = ? AND number = ? AND container = ?"
_DOCUMENTS = "SELECT fn, number, type, received, container, answer, confirmation FROM document WHERE "
_TILLS = "SELECT fn, count(*), min(number), max(number) FROM document GROUP BY fn ORDER BY fn"


class SqliteStore:
    """Documents in a file."""

    __slots__ = ("_count", "_file", "_inode")

    def __init__(self, file: StoreFile) -> None:
        """The documents in an open file; `open` makes one."""
        self._file = file
        self._inode = self._found()
        """Where the open file lies; the same as long as nobody deletes or replaces it."""
        self._count: int = file.run("SELECT count(*) FROM document").fetchone()[0]

    @classmethod
    def open(cls, path: Path, *, is_synced: bool = False) -> "SqliteStore":
        """The documents in a file, which is made when it is not there, and its directory too; raises StoreFileError.

        ``is_synced``: a power cut of the machine loses nothing either.
        """
        if not _is_there(path):
            _make_directory(path.parent)
            OFD_FILE.make(path, SCHEMA, lambda _put: None)
        file = OFD_FILE.open(path, is_synced=is_synced)
        try:
            return cls(file)
        except sqlite3.Error as error:
            file.abandon()
            raise OFD_FILE.damaged(path, error) from error

    @property
    def path(self) -> Path:
        """The file."""
        return self._file.path

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def put(self, document: StoredDocument) -> bool:
        """Keep a document for good before this returns; False: it was there. Raises NotStoredError."""
        versions = self.versions(document.fn_number, document.number)
        if same(versions, document.document) is not None:
            return False
        row = (
            *(self._count + 1, document.fn_number, document.number, len(versions) + 1, int(document.type)),
            *(document.received_world, document.container, int(document.answer), document.confirmation),
        )
        self._run(_ADD, row)
        self._count += 1
        return True

    def answer_anew(self, document: StoredDocument) -> None:
        """Keep another answer to one of `versions`, for good before this returns; raises NotStoredError."""
        answer = int(document.answer), document.confirmation
        self._run(_ANSWER, (*answer, document.fn_number, document.number, document.container))

    def versions(self, fn_number: str, number: int) -> tuple[StoredDocument, ...]:
        """The documents that came under a number, in order."""
        return tuple(self._documents("fn = ? AND number = ? ORDER BY version", fn_number, number))

    def before(self, fn_number: str, number: int) -> StoredDocument | None:
        """The last document of an FN with a lower number."""
        order = "fn = ? AND number < ? ORDER BY number DESC, version DESC LIMIT 1"
        return next(iter(self._documents(order, fn_number, number)), None)

    def listed(self, fn_number: str, first: int, count: int) -> list[StoredDocument]:
        """Documents of an FN by number from ``first`` on, ``count`` at most, versions as they came."""
        return self._documents("fn = ? AND number >= ? ORDER BY number, version LIMIT ?", fn_number, first, count)

    def tills(self) -> list[Till]:
        """What there is of every FN, by its number."""
        return [Till(*row) for row in self._run(_TILLS, ())]

    def received(self, start: int = 0) -> list[StoredDocument]:
        """Documents in the order of receipt, from index ``start`` on."""
        return self._documents("id > ? ORDER BY id", start)

    def __len__(self) -> int:
        return self._count

    def fork(self) -> MemoryStore:
        """The same in memory, for a fork."""
        twin = MemoryStore()
        for document in self.received():
            twin.put(document)
        return twin

    def _documents(self, which: str, *values: str | int) -> list[StoredDocument]:
        return [StoredDocument(*row) for row in self._run(_DOCUMENTS + which, values)]

    def _run(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        if self._found() != self._inode:
            raise NotStoredError(
                f"{self.path} was deleted or replaced while it was in use, nothing more is kept or confirmed: put it"
                " back, or end this process and start it again"
            )
        try:
            return self._file.run(statement, values).fetchall()
        except sqlite3.Error as error:
            raise NotStoredError(f"{self.path} cannot be read or written: {error}") from error

    def _found(self) -> tuple[int, int] | None:
        """Device and inode of what is where the file was opened; None: nothing that can be seen."""
        try:
            seen = self.path.stat()
        except OSError:
            return None
        return seen.st_dev, seen.st_ino


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise StoreFileError(f"{path} cannot be looked for: {error.strerror}; take another place") from error


def _make_directory(path: Path) -> None:
    """Make one directory, unless it is there."""
    try:
        path.mkdir(exist_ok=True)
    except FileNotFoundError:
        raise StoreFileError(f"there is no directory {path.parent}: make it first, or take another one") from None
    except OSError as error:
        raise StoreFileError(f"{path} cannot be made: {error.strerror}; take another place") from error
