"""SQLite files of ours, an FN or the memory of a till each: how one is made and opened, and why one is refused.

What must not be opened is found out from its first bytes, before SQLite touches it: the magic text, ``application_id``
and ``user_version`` of the SQLite file format. A file is locked as long as it is open, and in WAL mode.
"""

import os
import sqlite3
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

_MAGIC = b"SQLite format 3\0"
_HEADER = struct.Struct(">16xH6xII28xI4xI20xI4x")
"""Page size, change counter, number of pages, user_version, application_id, the change counter at which that number of
pages was right."""
_open_files: set[tuple[int, int]] = set()
"""Device and inode of the files this process has open: to open one once more, even to look at its first bytes, would
end the locks on it (POSIX drops them at any close)."""


class StoreFileError(Exception):
    """A file that is not made or not opened, and is left as it was. The text is a sentence and tells what to do."""


class StoreInUseError(StoreFileError):
    """Somebody has the file open."""


class StoreOpenHereError(StoreInUseError):
    """This process itself has it open: to wait is in vain."""


class StoreFile:
    """A file that is open, and locked for everybody else.

    ``run`` executes a statement, ``run_many`` one statement with many rows.
    """

    __slots__ = ("_connection", "_key", "path", "run", "run_many")

    def __init__(self, path: Path, key: tuple[int, int], connection: sqlite3.Connection) -> None:
        """`FileKind.open` makes one."""
        self.path = path
        self._key = key
        self._connection = connection
        self.run: Callable[..., sqlite3.Cursor] = connection.execute
        self.run_many: Callable[..., sqlite3.Cursor] = connection.executemany

    def roll_back(self) -> None:
        """Undo the transaction, if one is begun."""
        if self._connection.in_transaction:
            self._connection.rollback()

    def close(self) -> None:
        """Close and unlock it; once is enough, twice is no error."""
        self._connection.close()
        _open_files.discard(self._key)

    def abandon(self) -> None:
        """Close a file that is refused, and leave it and its log as they are."""
        _close_untouched(self._connection)
        _open_files.discard(self._key)


class FileKind(NamedTuple):
    """What tells files of one kind. ``noun``, ``maker``: what is in it, and the command that makes it, for people."""

    application_id: int
    schema_version: int
    noun: str
    maker: str

    def open(self, path: Path, *, is_synced: bool) -> StoreFile:
        """Open a file; raises StoreFileError. ``is_synced``: every commit waits until it is on the medium."""
        key = self._checked_header(path)
        uri = f"{path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, 0, isolation_level=None, check_same_thread=False, uri=True)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute(f"PRAGMA synchronous = {'FULL' if is_synced else 'NORMAL'}")
            (told,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            _close_untouched(connection)
            raise self._not_opened(path, error) from error
        if told != "ok":
            _close_untouched(connection)
            raise self.damaged(path, told)
        _open_files.add(key)
        return StoreFile(path, key, connection)

    def make(self, path: Path, schema: Iterable[str], fill: Callable[[Callable[..., Any]], None]) -> None:
        """A new file with what ``fill`` puts into it, there as a whole or not at all; raises StoreFileError.

        ``schema``: statements; ``fill`` gets a function that executes one statement with many rows.
        """
        taken = StoreFileError(f"{path} is there already: take another name, or use it as it is")
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        try:
            if path.exists():
                raise taken
            draft.unlink(missing_ok=True)
            draft.touch()
        except FileNotFoundError:
            raise StoreFileError(f"there is no directory {path.parent}: make it first, or take another one") from None
        except OSError as error:
            raise StoreFileError(f"{path} cannot be made: {error.strerror}; take another place") from error
        try:
            self._write(draft, schema, fill)
            path.hardlink_to(draft)
        except FileExistsError:
            raise taken from None
        except (OSError, sqlite3.Error) as error:
            raise StoreFileError(f"{path} cannot be made: {error}; is there room on the disk?") from error
        finally:
            draft.unlink(missing_ok=True)

    def damaged(self, path: Path, why: object) -> StoreFileError:
        """What is said of a file of this kind that cannot be read."""
        told = " ".join(str(why).split())
        return StoreFileError(
            f'{path} is damaged ({told}): look at it with sqlite3 {path} "pragma integrity_check", use a copy'
        )

    def _write(self, path: Path, schema: Iterable[str], fill: Callable[[Callable[..., Any]], None]) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = MEMORY")  # a draft that is cut off is never looked at again
            connection.execute(f"PRAGMA application_id = {self.application_id}")
            connection.execute(f"PRAGMA user_version = {self.schema_version}")
            connection.execute("BEGIN")
            for statement in schema:
                connection.execute(statement)
            fill(connection.executemany)
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()

    def _checked_header(self, path: Path) -> tuple[int, int]:
        """Device and inode of a file that is of this kind by its first bytes; raises StoreFileError otherwise."""
        try:
            stat = path.stat()
            key = stat.st_dev, stat.st_ino
            if key in _open_files:
                raise StoreOpenHereError(
                    f"{path} is open in this process already: {self.noun} is in one place at a time"
                )
            with path.open("r+b") as file:
                head = file.read(_HEADER.size)
        except FileNotFoundError:
            raise StoreFileError(f"there is no file {path}: make one with `{self.maker}`") from None
        except OSError as error:
            raise StoreFileError(f"{path} cannot be opened to read and write: {error.strerror}") from error
        if not head.startswith(_MAGIC) or len(head) < _HEADER.size:
            raise StoreFileError(f"{path} is not the file of {self.noun}: take one that `{self.maker}` has made")
        page, counter, pages, version, application, valid_for = _HEADER.unpack(head)
        if application != self.application_id:
            raise StoreFileError(
                f"{path} belongs to another program: look at it with sqlite3 {path} .schema,"
                f" take one that `{self.maker}` has made"
            )
        if version != self.schema_version:
            raise StoreFileError(
                f"{path} has schema {version}, this kktsim knows {self.schema_version}: take a newer kktsim"
            )
        wanted = pages * (page if page > 1 else 1 << 16)
        if stat.st_size < wanted and counter == valid_for and not _has_log(path):
            raise self.damaged(path, f"{stat.st_size} bytes of {wanted} are left")
        return key

    def _not_opened(self, path: Path, error: sqlite3.Error) -> StoreFileError:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return StoreInUseError(f"{path} is open in another process: end that one first, or take another file")
        if isinstance(error, sqlite3.OperationalError):
            return StoreFileError(f"{path} cannot be opened ({error}): is its directory writable?")
        return self.damaged(path, error)


def _close_untouched(connection: sqlite3.Connection) -> None:
    """Close without the replay of the log into the file, which SQLite does at the last close.

    An interrupt that no statement has heard yet stops that before its first page, and the log stays.
    """
    connection.interrupt()
    connection.close()


def _has_log(path: Path) -> bool:
    """Whether a process that was killed has left something to replay."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0
