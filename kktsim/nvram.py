"""The memory of a till on disk: one SQLite file per till, a row per region.

A commit is one transaction and writes only regions whose bytes have changed. What else a home knows of the till lies
in the same file, in a table of its own (`till_record`).
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from fn_model.store_file import FileKind, StoreFile, StoreFileError
from kktsim.device.nvram import LiveNvram
from kktsim.device.refusal import NotKeptError
from kktsim.device.region_codec import RegionWriter, Sealed, sealed, spoiled, unseal
from kktsim.device.region_parts import SLOTS
from kktsim.device.regions import Region
from kktsim.device.state import Memory
from kktsim.till_record import SCHEMA as RECORD_SCHEMA
from kktsim.till_record import WRITE as WRITE_RECORD
from kktsim.till_record import TillRecord

NvramError = StoreFileError
TILL_FILE: Final = FileKind(int.from_bytes(b"KKTM", "big"), 1, "a till", "kktsim serve --home DIR")
SCHEMA: Final = ("CREATE TABLE region (name TEXT PRIMARY KEY, data BLOB NOT NULL, crc INTEGER NOT NULL)",)
_WRITE: Final = (
    "INSERT INTO region VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data, crc = excluded.crc"
)
_values: Final = attrgetter(*SLOTS)
"""The fields of a memory, in the order of `SLOTS`."""
_regions: Final = tuple(SLOTS.values())
"""Where they lie, in the same order."""


class DiskNvram:
    """Memory that outlives the process. ``record``: what else is known of the till."""

    __slots__ = ("_file", "_kept", "_pending", "_stored", "_unread", "_writer", "record", "run")

    def __init__(self, file: StoreFile) -> None:
        """The memory in an open file; `open` and `create` make one."""
        self._file = file
        self.run: Callable[..., sqlite3.Cursor] = file.run
        self.record = TillRecord(file.run)
        self._writer = RegionWriter()
        self._kept: list[Any] = [None] * len(SLOTS)
        """The fields that were committed last, to find those that have changed since."""
        self._stored: dict[Region, bytes] = {}
        """What is stored of the regions, but of the bad ones."""
        self._pending: frozenset[Region] = frozenset(Region)
        """Regions that may differ from what is stored."""
        self._unread: frozenset[Region] = frozenset()
        """What was spoilt since the last `load`."""

    @classmethod
    def open(cls, path: Path, *, is_synced: bool = False) -> "DiskNvram":
        """The memory in a file; raises NvramError. ``is_synced``: a power cut of the host loses nothing either."""
        file = TILL_FILE.open(path, is_synced=is_synced)
        try:
            nvram = cls(file)
            nvram.stored()
        except (sqlite3.Error, ValueError) as error:
            file.abandon()
            raise TILL_FILE.damaged(path, error) from error
        return nvram

    @classmethod
    def create(
        cls, path: Path, memory: Memory, record: Mapping[str, str | None] | None = None, *, is_synced: bool = False
    ) -> "DiskNvram":
        """A new file with ``memory`` and the rows of a `till_record` in it, opened; raises NvramError."""
        regions = RegionWriter().seal(memory)

        def fill(put: Callable[..., Any]) -> None:
            put(_WRITE, ((region, one.data, one.crc) for region, one in regions.items()))
            put(WRITE_RECORD, () if record is None else record.items())

        TILL_FILE.make(path, (*SCHEMA, RECORD_SCHEMA), fill)
        return cls.open(path, is_synced=is_synced)

    @property
    def path(self) -> Path:
        """The file."""
        return self._file.path

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def commit(self, memory: Memory) -> None:
        """Keep ``memory``; raises NotKeptError when the file cannot be written, and nothing of it is kept."""
        values, kept = _values(memory), self._kept
        changed = [number for number, value in enumerate(values) if value is not kept[number] and value != kept[number]]
        pending = self._pending.union(*[_regions[number] for number in changed])
        if not pending:
            return
        stay = pending & (memory.bad_regions | self._unread)
        written = {region: self._writer.encode(region, memory) for region in pending - stay}
        new = {region: data for region, data in written.items() if data != self._stored.get(region)}
        self._write((region, sealed(data)) for region, data in new.items())
        self._stored |= new
        self._pending = stay
        for number in changed:
            kept[number] = _apart(values[number])

    def load(self) -> Memory:
        """What was kept last; what a file of another make says that is not understood counts as spoilt."""
        stored = self.stored()
        memory = unseal(stored)
        self._stored = {region: one.data for region, one in stored.items() if one.is_whole}
        self._kept = [_apart(value) for value in _values(memory)]
        self._pending, self._unread = frozenset(Region), frozenset()
        return memory

    def stored(self) -> dict[Region, Sealed]:
        """What lies in the file."""
        rows = self.run("SELECT name, data, crc FROM region").fetchall()
        known = {region.value: region for region in Region}
        return {known[name]: Sealed(data, crc) for name, data, crc in rows if name in known and isinstance(data, bytes)}

    def spoil(self, region: Region) -> None:
        """Change bytes under the check sum."""
        one = self.stored().get(region)
        if one is not None and one.is_whole:
            self._write([(region, spoiled(one))])
        self._unread |= {region}
        self._pending |= {region}
        self._stored.pop(region, None)

    def fork(self, memory: Memory) -> LiveNvram:
        """The same for a fork of the till, in memory."""
        twin = LiveNvram(memory)
        for region in self._unread:
            twin.spoil(region)
        return twin

    def _write(self, regions: Iterable[tuple[Region, Sealed]]) -> None:
        rows = [(region, one.data, one.crc) for region, one in regions]
        if not rows:
            return
        try:
            if len(rows) == 1:
                self.run(_WRITE, rows[0])
                return
            self.run("BEGIN")
            for row in rows:
                self.run(_WRITE, row)
            self.run("COMMIT")
        except sqlite3.Error as error:
            self._file.roll_back()
            raise NotKeptError(f"{self.path} was not written ({error}): make room for it") from error


def _apart(value: Any) -> Any:
    """A field as it is now: what can be changed in place is copied."""
    return value.copy() if hasattr(value, "copy") else value
