"""A process that forks tills which forget what they have acknowledged; who is killed like that must be found out.

Its first argument says who forgets.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from fn_model.fn_file import FN_FILE
from fn_model.store_file import FileKind, StoreFile
from kktsim.device import Kkt
from kktsim.testing import crash_zygote


def the_till() -> None:
    """Nothing is kept of its memory but how it began."""
    Kkt.keep = lambda kkt: None  # type: ignore[method-assign, assignment]


def the_fn() -> None:
    """Everything since it was opened is one transaction, which never ends."""
    opened = FileKind.open

    def open_(kind: FileKind, path: Path, *, is_synced: bool) -> StoreFile:
        file = opened(kind, path, is_synced=is_synced)
        if kind == FN_FILE:
            run = file.run
            run("BEGIN")
            file.run = lambda statement, *values: run(
                "SELECT 1" if statement in ("BEGIN", "COMMIT") else statement, *values
            )
        return file

    FileKind.open = open_  # type: ignore[method-assign, assignment]


def the_intent() -> None:
    """It is not kept before the FN is told to make a document."""
    keep = Kkt.keep
    Kkt.keep = lambda kkt: keep(kkt) if kkt.memory.intent is None else None  # type: ignore[method-assign, assignment]


FORGETS: dict[str, Callable[[], None]] = {"till": the_till, "fn": the_fn, "intent": the_intent}

if __name__ == "__main__":
    FORGETS[sys.argv.pop(1)]()
    crash_zygote.main()
