"""What a home knows of a till besides its memory: which model it is, what is in its slot, what time it is there."""

import sqlite3
from collections.abc import Callable

_SCHEMA = "CREATE TABLE IF NOT EXISTS record (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID"


class TillRecord:
    """«Карточка кассы»: rows in the till's own file, each written at once."""

    __slots__ = ("_run", "_values")

    def __init__(self, run: Callable[..., sqlite3.Cursor]) -> None:
        """``run`` executes a statement in the file."""
        self._run = run
        run(_SCHEMA)
        self._values: dict[str, str | None] = dict(run("SELECT key, value FROM record").fetchall())

    @property
    def model(self) -> str | None:
        """Name of the till's model; None when a file describes it."""
        return self._values.get("model")

    @model.setter
    def model(self, name: str | None) -> None:
        self._keep("model", name)

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
        self._run("INSERT OR REPLACE INTO record VALUES (?, ?)", (key, value))
        self._values[key] = value
