"""The memory of the terminal's tablet in a home: one JSON file for each till, replaced as a whole."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from fn_model.store_file import StoreFileError
from kktsim.hands.error import HandsError


class TabletFile:
    """``is_synced``: what is written survives a power cut of the machine, not only a kill of the process."""

    __slots__ = ("_is_synced", "_path")

    def __init__(self, path: Path, *, is_synced: bool = False) -> None:
        self._path = path
        self._is_synced = is_synced

    def read(self) -> dict[str, Any] | None:
        """What was written last; None: nothing yet. Raises `StoreFileError` when that is no JSON object."""
        try:
            text = self._path.read_text(encoding="utf-8")
            memory = json.loads(text, parse_constant=_refuse_constant)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreFileError(f"{self._path} cannot be read: {error.strerror}") from error
        except json.JSONDecodeError as error:
            raise self._damaged(f"no JSON from line {error.lineno}, column {error.colno} on") from error
        except (ValueError, RecursionError) as error:
            raise self._damaged("no JSON") from error
        if not isinstance(memory, dict):
            raise self._damaged("no JSON object")
        return memory

    def write(self, memory: Mapping[str, Any]) -> None:
        """Keep it: whoever reads finds the old one or the new one. Raises `HandsError` when it cannot be written."""
        draft = self._path.with_name(f".{self._path.name}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("w", encoding="utf-8") as file:
                json.dump(memory, file, ensure_ascii=False, allow_nan=False)
                file.write("\n")
                if self._is_synced:
                    file.flush()
                    os.fsync(file.fileno())
            draft.replace(self._path)
            if self._is_synced:
                _sync_directory(self._path.parent)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise HandsError(
                f"{self._path} was not written ({error.strerror}): see that there is room, and nothing in its way"
            ) from error

    def forget(self) -> None:
        """Take away what a till of that name has left."""
        self._path.unlink(missing_ok=True)

    def _damaged(self, why: str) -> StoreFileError:
        return StoreFileError(
            f"{self._path} is not the memory of a terminal's tablet ({why}): move it away for a new tablet"
        )


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _sync_directory(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
