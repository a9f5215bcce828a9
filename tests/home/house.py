"""Tills of a home inside this process, with frozen world time and virtual host time."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fn_model import FiscalStorage, load_model
from kktsim import kkt_models
from kktsim.clock import ClockKind, parse_world
from kktsim.home import DEFAULT_TILL, Home
from kktsim.home_till import HomeTill, come_up, move_in
from kktsim.testing.presets import build

WORLD = parse_world("2026-11-22T10:00")


def new_till(
    home: Home, state: str = "registered", name: str = DEFAULT_TILL, model: str = kkt_models.DEFAULT_MODEL
) -> HomeTill:
    """A till in that state that has moved in, with the next FN."""
    fn = FiscalStorage.new(load_model(), home.next_fn_number())
    bench = build(kkt_models.load(model), state, WORLD, ClockKind.FROZEN, fn=fn, virtual=True)
    return move_in(home, name, bench, None, None)


def up_again(home: Home, name: str = DEFAULT_TILL, world: float = WORLD, number: str | None = None) -> HomeTill:
    """A till that is there, as the next process finds it."""
    return come_up(home, name, world, ClockKind.FROZEN, number, virtual=True)


def new_fn(home: Home, model: str = "fn-1-1-15") -> str:
    """The number of a fresh FN on the shelf."""
    archive = home.new_fn(load_model(model), None)
    archive.close()
    return archive.number


_LOOKER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA locking_mode = EXCLUSIVE")
connection.execute("PRAGMA quick_check")
print(flush=True)
time.sleep(0.15)
"""


@contextmanager
def looked_at(path: Path) -> Iterator[None]:
    """Another process has that file locked, and lets go of it soon."""
    with subprocess.Popen([sys.executable, "-c", _LOOKER, str(path)], stdout=subprocess.PIPE) as looker:
        assert looker.stdout is not None
        looker.stdout.readline()
        yield


def files(home: Home) -> dict[str, bytes]:
    """What lies in the home, by path."""
    return {str(path.relative_to(home.path)): path.read_bytes() for path in _all(home.path) if path.is_file()}


def _all(path: Path) -> list[Path]:
    return sorted(path.rglob("*"))
