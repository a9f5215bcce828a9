"""Where a command writes what somebody wants to keep: any file but those that tills and FNs live in."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from kktsim.cli.fail import ENVIRONMENT, fail
from kktsim.cli.tell import complain

_OURS = (".fn", ".till", ".ofd")
_DATABASE = b"SQLite format 3\0"
_LOOKED_AT_BYTES = 4096
"""Of a file that would be overwritten: more than the header of any trace."""


def checked(path: Path, option: str) -> Path:
    """The path; ends the command when a till or an FN lives there, or it cannot be looked at."""
    try:
        is_ours = path.suffix in _OURS or (path.is_file() and _begins_like_a_database(path))
    except OSError as error:
        fail(f"{option} {path}: {error.strerror}", ENVIRONMENT)
    if is_ours:
        fail(f"{option} {path} is where a till or an FN lives: give another name")
    return path


def _begins_like_a_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_DATABASE)) == _DATABASE


def _is_no_trace(path: Path) -> bool:
    """Whether there is something in a file that does not begin as a trace."""
    from kktsim.trace import is_trace  # noqa: PLC0415 - few dialogues are recorded

    if not path.is_file():
        return False
    with path.open("rb") as file:
        begun = file.read(_LOOKED_AT_BYTES)
    return bool(begun) and not is_trace(begun.decode("utf-8", "replace"))


class TraceFile:
    """The file of ``--trace``, which an older trace gives way to, and nothing else does.

    One that cannot be written any more is told of once, and what it records goes on.
    """

    def __init__(self, path: str) -> None:
        """Ends the command when there can be no such file."""
        self._path = path
        self._is_broken = False
        if not path:
            fail("--trace names no file: say where to record, as --trace FILE.jsonl")
        try:
            place = checked(Path(path), "--trace")
            if _is_no_trace(place):
                fail(f"--trace {path} is a file that is no trace, it is not overwritten: give another name")
            self._file: TextIO = place.open("w", encoding="utf-8")
        except FileNotFoundError:
            fail(f"--trace {path}: there is no directory {Path(path).parent}: make it first", ENVIRONMENT)
        except OSError as error:
            fail(f"--trace {path}: {error.strerror}", ENVIRONMENT)

    def write(self, text: str) -> None:
        """Take a text."""
        self._try(lambda: self._file.write(text))

    def flush(self) -> None:
        """Let it out."""
        self._try(self._file.flush)

    def close(self) -> None:
        """Nothing more comes."""
        self._try(self._file.close)

    def _try(self, act: Callable[[], object]) -> None:
        if self._is_broken:
            return
        try:
            act()
        except OSError as error:
            self._is_broken = True
            with suppress(OSError):
                self._file.close()
            complain(f"--trace {self._path}: {error.strerror}; nothing more is recorded")
