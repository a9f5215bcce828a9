"""An archive on disk: one FN is one SQLite file, and a command is one transaction of it.

The file is locked as long as it is open, and in WAL mode: a process that is killed leaves the log of its last commits
beside it, and whoever opens the file next replays that. Nothing is kept in memory but the ends of the queue.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakSet

from fn_model import state_codec
from fn_model.archive import ALWAYS_WHOLE, FORGOTTEN_PER_COMMIT, ArchiveError, Document, is_to_forget
from fn_model.archive_fork import ArchiveFork
from fn_model.fn_file import FN_FILE, SCHEMA, FnFileError
from fn_model.memory_archive import MemoryArchive
from fn_model.model import FnModel, load_model, model_names
from fn_model.number import checked
from fn_model.settings import FnSettings
from fn_model.state import FnState
from fn_model.store_file import StoreFile
from protocol.ffd.documents import DocumentType
from protocol.fn.archive_answers import StoredConfirmation

__all__ = ["FnFileError", "SqliteArchive"]

_ADD_DOCUMENT = "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?)"
_ADD_BODY = "INSERT INTO body VALUES (?, ?)"
_ADD_CONFIRMATION = "INSERT INTO confirmation VALUES (?, ?, ?)"
_DROP_BODY = "DELETE FROM body WHERE number = ?"
_DOCUMENTS = "SELECT number, type, at, sign, tlv, goes_to_ofd, short, ffd FROM document LEFT JOIN body USING (number) "
_TABLES = ("document", "body", "confirmation", "damaged")


class _Ends(NamedTuple):
    """The last document, the first unsent one, how many are unsent, and up to which one bodies are dropped."""

    tail: Document | None
    head: Document | None
    unsent: int
    forgotten: int


class SqliteArchive:
    """An archive in a file. ``number`` and ``model``: of the FN it is the archive of."""

    __slots__ = ("_database", "_ends", "_forks", "_oldest", "damaged", "model", "number", "state")

    def __init__(self, database: StoreFile) -> None:
        """The archive in an open file; ``open`` and ``create`` make one."""
        number, model_name, settings = database.run("SELECT number, model, settings FROM fn").fetchone()
        self.number: str = checked(number)
        self.model = _model(database.path, model_name, settings)
        self._database = database
        self._forks: WeakSet[ArchiveFork] = WeakSet()
        """Who reads here, and is to be told before something goes."""
        self._read()

    def _read(self) -> None:
        """What is kept in memory."""
        run = self._database.run
        cursor = run("SELECT * FROM state")
        row = dict(zip((name for name, *_ in cursor.description), cursor.fetchone(), strict=True))
        self.state: FnState = state_codec.unpack(row)
        self.damaged = frozenset(number for (number,) in run("SELECT number FROM damaged"))
        self._oldest: Document | None = None
        (last,) = run("SELECT coalesce(max(number), 0) FROM document").fetchone()
        if last != self.state.document_number:
            raise ValueError(f"{last} documents of {self.state.document_number}")
        self._ends = _Ends(self.get(last), self.get(row["head"]), row["unsent"], row["forgotten"])

    @classmethod
    def open(cls, path: Path, *, is_synced: bool = False) -> "SqliteArchive":
        """The archive in a file; raises FnFileError. ``is_synced``: a power cut of the host loses nothing either."""
        database = FN_FILE.open(path, is_synced=is_synced)
        try:
            return cls(database)
        except FnFileError:
            database.abandon()
            raise
        except (sqlite3.Error, ArchiveError, ValueError, TypeError, KeyError) as error:
            database.abandon()
            raise FN_FILE.damaged(path, error) from error

    @classmethod
    def create(
        cls,
        path: Path,
        number: str,
        model: FnModel,
        *,
        contents: MemoryArchive | None = None,
        is_synced: bool = False,
    ) -> "SqliteArchive":
        """A new file of an FN, opened; raises FnFileError, and ValueError for a number that is not of a test FN.

        ``contents``: what the FN has lived through so far; a fresh one otherwise.
        """
        row = checked(number), model.name, json.dumps(_own_settings(model))
        archive = MemoryArchive(FnState()) if contents is None else contents

        def fill(put: Callable[..., Any]) -> None:
            put("INSERT INTO fn VALUES (?, ?, ?)", [row])
            _copy(archive, put)

        columns = ", ".join(state_codec.FIELDS)
        FN_FILE.make(path, (statement.format(fields=columns) for statement in SCHEMA), fill)
        return cls.open(path, is_synced=is_synced)

    @property
    def path(self) -> Path:
        """The file."""
        return self._database.path

    def commit(
        self, state: FnState, document: Document | None = None, confirmation: StoredConfirmation | None = None
    ) -> None:
        """Write the new state, the document and the confirmation of the queue's head in one transaction."""
        columns = state_codec.changes(self.state, state)
        ends, run = self._ends, self._database.run
        try:
            run("BEGIN")
            if document is not None:
                run(_ADD_DOCUMENT, _row(document))
                run(_ADD_BODY, (document.number, document.body))
                ends = _with_document(ends, document)
            if confirmation is not None:
                ends = self._with_confirmation(ends, confirmation)
            ends = self._forget(ends)
            columns |= _changes(self._ends, ends)
            if columns:
                run(_update(tuple(columns)), tuple(columns.values()))
            run("COMMIT")
        except (sqlite3.Error, ArchiveError) as error:
            self._database.roll_back()
            raise ArchiveError(f"{self.path} was not written: {error}") from error
        self._ends = ends
        self.state = state

    def wipe(self, state: FnState) -> None:
        """Forget everything and begin with ``state``."""
        self.take_over(MemoryArchive(state))

    def take_over(self, contents: MemoryArchive) -> None:
        """Forget everything and hold those contents, in one transaction."""
        self._move_forks()
        run = self._database.run
        try:
            run("BEGIN")
            for table in (*_TABLES, "state"):
                run(f"DELETE FROM {table}")
            _copy(contents, self._database.run_many)
            run("COMMIT")
        except (sqlite3.Error, ArchiveError) as error:
            self._database.roll_back()
            raise ArchiveError(f"{self.path} was not written: {error}") from error
        self._read()

    def damage(self, number: int) -> None:
        """Let the record of that document read as zeros from now on."""
        self._ask("INSERT OR IGNORE INTO damaged VALUES (?)", number)
        self.damaged |= {number}

    def get(self, number: int) -> Document | None:
        """The document of that number."""
        return next(self._documents("WHERE number = ?", number), None)

    def tail(self) -> Document | None:
        """The last document."""
        return self._ends.tail

    def head(self) -> Document | None:
        """The first document that waits for its confirmation."""
        return self._ends.head

    def unsent_count(self) -> int:
        """How many documents wait for their confirmation."""
        return self._ends.unsent

    def confirmation(self, number: int) -> StoredConfirmation | None:
        """The confirmation of the document of that number."""
        row = self._ask("SELECT at, sign FROM confirmation WHERE number = ?", number).fetchone()
        return None if row is None else StoredConfirmation(datetime.fromisoformat(row[0]), row[1], number)

    def is_unsent(self, number: int) -> bool:
        """Whether that document waits for its confirmation."""
        head = self._ends.head
        if head is None or number < head.number:
            return False
        document = self.get(number)
        return document is not None and document.goes_to_ofd

    def fork(self) -> ArchiveFork:
        """A second archive that goes on from here in memory, in time that does not depend on how much there is."""
        ends = self._ends
        return ArchiveFork(
            self,
            self.state,
            ends=(ends.tail, ends.head),
            unsent=ends.unsent,
            forgotten=ends.forgotten,
            damaged=self.damaged,
        )

    def let_read(self, fork: ArchiveFork) -> None:
        """``fork`` reads here from now on, as long as it lives."""
        self._forks.add(fork)

    def in_memory(self) -> MemoryArchive:
        """The same contents in memory."""
        rows = self._ask("SELECT number, at, sign FROM confirmation ORDER BY number").fetchall()
        return MemoryArchive.filled(
            self.state,
            self._documents("ORDER BY number"),
            (StoredConfirmation(datetime.fromisoformat(at), sign, number) for number, at, sign in rows),
            forgotten=self._ends.forgotten,
            damaged=self.damaged,
        )

    def close(self) -> None:
        """Close the file and let others open it; nothing more is asked of the archive."""
        with suppress(ArchiveError):  # forks of a file that cannot be read go on with what they have read
            self._move_forks()
        self._database.close()

    def _move_forks(self) -> None:
        """Let whoever reads here read in memory from now on."""
        if self._forks:
            past = self.in_memory()
            for fork in tuple(self._forks):
                fork.move(past)
            self._forks.clear()

    def _ask(self, statement: str, *values: Any) -> sqlite3.Cursor:
        try:
            return self._database.run(statement, values)
        except sqlite3.Error as error:
            raise ArchiveError(f"{self.path} does not answer: {error}") from error

    def _documents(self, which: str, *values: Any) -> Iterator[Document]:
        try:
            for number, kind, at, sign, body, goes_to_ofd, short, ffd in self._ask(_DOCUMENTS + which, *values):
                made_at = datetime.fromisoformat(at)
                yield Document(number, DocumentType(kind), made_at, sign, body or b"", bool(goes_to_ofd), short, ffd)
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise ArchiveError(f"{self.path} cannot be read: {error}") from error

    def _with_confirmation(self, ends: _Ends, confirmation: StoredConfirmation) -> _Ends:
        """Store the confirmation of the head; the next one that goes to the OFD takes its place."""
        self._database.run(_ADD_CONFIRMATION, (confirmation.number, confirmation.at.isoformat(" "), confirmation.sign))
        if ends.unsent == 1:
            return ends._replace(head=None, unsent=0)
        behind = "WHERE number > ? AND goes_to_ofd ORDER BY number LIMIT 1"
        return ends._replace(head=next(self._documents(behind, confirmation.number), None), unsent=ends.unsent - 1)

    def _forget(self, ends: _Ends) -> _Ends:
        """Drop the bodies whose time has come, the oldest first."""
        forgotten = ends.forgotten
        for _ in range(FORGOTTEN_PER_COMMIT):
            number = forgotten + 1
            if self._oldest is None or self._oldest.number != number:
                self._oldest = self.get(number)
            oldest = self._oldest
            if oldest is None or ends.tail is None or not is_to_forget(oldest.at, ends.tail.at):
                break
            if oldest.goes_to_ofd and ends.head is not None and number >= ends.head.number:
                break
            if oldest.type not in ALWAYS_WHOLE:
                for fork in self._forks:
                    fork.save(oldest)
                self._database.run(_DROP_BODY, (number,))
            forgotten = number
        return ends if forgotten == ends.forgotten else ends._replace(forgotten=forgotten)


def _with_document(ends: _Ends, document: Document) -> _Ends:
    if not document.goes_to_ofd:
        return ends._replace(tail=document)
    return _Ends(document, ends.head or document, ends.unsent + 1, ends.forgotten)


def _columns(ends: _Ends) -> dict[str, state_codec.Stored]:
    """What is stored of the ends; the last document is simply the last."""
    head = 0 if ends.head is None else ends.head.number
    return {"unsent": ends.unsent, "head": head, "forgotten": ends.forgotten}


def _changes(old: _Ends, new: _Ends) -> dict[str, state_codec.Stored]:
    was = _columns(old)
    return {name: value for name, value in _columns(new).items() if value != was[name]}


@cache
def _update(names: tuple[str, ...]) -> str:
    """The statement that changes those columns of the state."""
    return f"UPDATE state SET {', '.join(f'{name} = ?' for name in names)}"


def _row(document: Document) -> tuple[Any, ...]:
    number, kind, at, sign, _, goes_to_ofd, short, ffd = document
    return number, int(kind), at.isoformat(" "), sign, goes_to_ofd, short, ffd


def _copy(archive: MemoryArchive, put: Callable[..., Any]) -> None:
    """Put everything that an archive holds into an empty database."""
    tail, head = archive.tail(), archive.head()
    numbers = range(1, 0 if tail is None else tail.number + 1)
    documents = [document for number in numbers if (document := archive.get(number)) is not None]
    confirmations = [one for number in numbers if (one := archive.confirmation(number)) is not None]
    columns = state_codec.pack(archive.state) | _columns(_Ends(tail, head, archive.unsent_count(), archive.forgotten))
    put(f"INSERT INTO state ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", [tuple(columns.values())])
    put(_ADD_DOCUMENT, map(_row, documents))
    put(_ADD_BODY, ((document.number, document.body) for document in documents if document.body))
    put(_ADD_CONFIRMATION, ((one.number, one.at.isoformat(" "), one.sign) for one in confirmations))
    put("INSERT INTO damaged VALUES (?)", ((number,) for number in archive.damaged))


def _own_settings(model: FnModel) -> dict[str, Any]:
    """The settings that differ from those of the named model."""
    usual = load_model(model.name).settings
    own = ((one.name, getattr(model.settings, one.name)) for one in fields(usual))
    return {name: value for name, value in own if value != getattr(usual, name)}


def _model(path: Path, name: str, settings: str) -> FnModel:
    """The named model with the file's own settings; FnFileError when this program does not know them."""
    try:
        model, own = load_model(name), json.loads(settings)
        chosen = FnSettings.from_mapping(own)
    except ValueError as error:
        known = ", ".join(model_names())
        raise FnFileError(f"{path}: {error}; take the kktsim that made the file, or an FN of {known}") from error
    return replace(model, settings=replace(model.settings, **{one: getattr(chosen, one) for one in own}))
