"""Where a command writes what somebody wants to keep: any file but those that tills and FNs live in."""

from pathlib import Path

from kktsim.cli.fail import ENVIRONMENT, fail

_OURS = (".fn", ".till")
_DATABASE = b"SQLite format 3\0"


def checked(path: Path, option: str) -> Path:
    """The path; ends the command when a till or an FN lives there, or it cannot be looked at."""
    try:
        is_ours = path.suffix in _OURS or (path.is_file() and _begins_like_a_database(path))
    except OSError as error:
        fail(f"{option}: {error.strerror}", ENVIRONMENT)
    if is_ours:
        fail(f"{option} {path} is where a till or an FN lives: give another name")
    return path


def _begins_like_a_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_DATABASE)) == _DATABASE
