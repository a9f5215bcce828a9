"""What a home knows of a till besides its memory: which model it is, what is in its slot, what time it is there."""

import sqlite3
from collections.abc import Callable

from fn_model.store_file import StoreFileError

SCHEMA = "CREATE TABLE record (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID"
WRITE = "INSERT OR REPLACE INTO record VALUES (?, ?)"


def first_rows(
    model: str, firmware: str, model_file: str | None, fn_number: str, world: float, awaited_sign: int | None
) -> dict[str, str | None]:
    """What a record begins with: no till without them is ever found, however its making ends."""
    awaited = None if awaited_sign is None else str(awaited_sign)
    rows = {"model": model, "firmware": firmware, "model_file": model_file, "fn_number": fn_number}
    return rows | {"world": repr(world), "awaited_sign": awaited}


class TillRecord:
    """«Карточка кассы»: rows in the till's own file, each written at once; StoreFileError when it cannot be."""

    __slots__ = ("_run", "_values")

    def __init__(self, run: Callable[..., sqlite3.Cursor]) -> None:
        """``run`` executes a statement in the file."""
        self._run = run
        self._values: dict[str, str | None] = dict(run("SELECT key, value FROM record").fetchall())

    @property
    def model(self) -> str | None:
        """Name of the till's model; None when a file describes it."""
        return self._values.get("model")

    @property
    def firmware(self) -> str:
        """Which of the model's firmware it has; empty: its own."""
        return self._values.get("firmware") or ""

    @firmware.setter
    def firmware(self, name: str) -> None:
        self._keep("firmware", name)

    @property
    def model_file(self) -> str | None:
        """The file that describes the till's model, if one does."""
        return self._values.get("model_file")

    @model_file.setter
    def model_file(self, path: str | None) -> None:
        self._keep("model_file", path)

    @property
    def fn_number(self) -> str | None:
        """The FN in the slot; None: there is none."""
        return self._values.get("fn_number")

    @fn_number.setter
    def fn_number(self, number: str | None) -> None:
        self._keep("fn_number", number)

    @property
    def awaited_sign(self) -> int | None:
        """Fiscal sign of the last document of the history that moves into the FN behind the till; None: it has."""
        sign = self._values.get("awaited_sign")
        return None if sign is None else int(sign)

    def move_in(self) -> None:
        """The FN has its history: from now on there is such a till."""
        self._keep("awaited_sign", None)

    @property
    def world(self) -> float:
        """World seconds that the till has reached; no time before it comes again."""
        return float(self._values.get("world") or 0.0)

    @world.setter
    def world(self, seconds: float) -> None:
        self._keep("world", repr(seconds))

    @property
    def ofd_is_up(self) -> bool:
        """Whether the OFD could be reached when that was last kept."""
        return self._values.get("ofd") != "down"

    @ofd_is_up.setter
    def ofd_is_up(self, is_up: bool) -> None:
        if is_up is not self.ofd_is_up:
            self._keep("ofd", "up" if is_up else "down")

    def _keep(self, key: str, value: str | None) -> None:
        try:
            self._run(WRITE, (key, value))
        except sqlite3.Error as error:
            raise StoreFileError(f"the till's file was not written ({error}): make room for it") from error
        self._values[key] = value
