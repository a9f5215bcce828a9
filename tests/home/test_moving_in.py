"""A till that is killed at any instant while it moves into its home is there whole afterwards, or not at all."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fn_model import FiscalStorage, load_model
from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.home import DEFAULT_TILL, Home
from kktsim.home_till import fn_to_begin_with, move_in
from kktsim.testing.presets import build, open_till
from protocol.fn.commands import Phase
from scenarios import routine

from .house import WORLD, looked_at, new_fn, new_till, up_again

KILLED = 9
MOST_INSTANTS = 500


class Killer:
    """Ends this process at the instant of that number, statements and changes of directories counted from 1."""

    def __init__(self, instant: int) -> None:
        self._left = instant

    def step(self) -> None:
        self._left -= 1
        if self._left == 0:
            os._exit(KILLED)

    def before(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            self.step()
            return function(*arguments, **named)

        return counted

    def watch(self) -> None:
        """Count from now on."""
        killer = self

        class Connection(sqlite3.Connection):
            execute = killer.before(sqlite3.Connection.execute)
            executemany = killer.before(sqlite3.Connection.executemany)
            close = killer.before(sqlite3.Connection.close)

        connect = sqlite3.connect
        sqlite3.connect = lambda *a, **n: connect(*a, factory=Connection, **n)  # type: ignore[assignment]
        for name in ("touch", "hardlink_to", "unlink", "mkdir"):
            setattr(Path, name, self.before(getattr(Path, name)))


def is_killed(instant: int, deed: Callable[[], object]) -> bool:
    """Whether a child of this process that does ``deed`` is killed at that instant, or has done it before."""
    child = os.fork()
    if child == 0:
        try:
            Killer(instant).watch()
            deed()
        except BaseException:
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED)
    return code == KILLED


def begun(state: str, fn: FiscalStorage) -> Bench:
    return build(kkt_models.load("atol-11f"), state, WORLD, ClockKind.FROZEN, fn=fn, virtual=True)


def start(home: Home, number: str | None, state: str) -> str:
    """What `kktsim serve --home` does: the till that is there comes up, or a new one moves in. Its model."""
    if home.has_till(DEFAULT_TILL):
        till = up_again(home)
    elif number is None:
        bench = begun(state, FiscalStorage.new(load_model(), home.next_fn_number()))
        till = move_in(home, DEFAULT_TILL, bench, None, None)
    else:
        archive = home.open_fn(number)
        assert archive.state.phase is Phase.READY
        till = move_in(home, DEFAULT_TILL, begun(state, fn_to_begin_with(archive)), None, archive)
    host = open_till(till.bench)
    if state != "factory":
        if not till.bench.state().shift_is_open:
            routine.open_shift(host)
        routine.sell(host)
        assert till.bench.state().fn_phase == Phase.FISCAL
    assert number in (None, till.bench.state().fn_number)
    model = till.bench.kkt.model.name
    till.close()
    return model


@pytest.mark.parametrize(("state", "is_given"), [("factory", True), ("shift-open", False)])
def test_a_kill_at_any_instant_leaves_a_till_that_can_be_started(tmp_path: Path, state: str, is_given: bool) -> None:
    for instant in range(1, MOST_INSTANTS):
        home = Home(tmp_path / str(instant))
        number = new_fn(home) if is_given else None
        archive = None if number is None else home.open_fn(number)
        fn = FiscalStorage.new(load_model(), home.next_fn_number()) if archive is None else fn_to_begin_with(archive)
        bench = begun(state, fn)
        if archive is not None:
            archive.close()

        def deed(home: Home = home, number: str | None = number, bench: Bench = bench) -> None:
            archive = None if number is None else home.open_fn(number)
            move_in(home, DEFAULT_TILL, bench, None, archive)

        killed = is_killed(instant, deed)
        assert start(home, number, state) == "atol-11f"
        if not killed:
            break
    assert not killed
    assert instant > 20


def test_a_till_that_awaits_another_history_than_its_fn_has_is_taken_away(tmp_path: Path) -> None:
    home = Home(tmp_path)
    till = new_till(home)
    till.record._keep("awaited_sign", "1")
    till.close()

    assert not home.has_till(DEFAULT_TILL)
    assert home.tills() == []


def test_a_till_whose_fn_has_its_history_is_there_and_awaits_nothing_more(tmp_path: Path) -> None:
    home = Home(tmp_path)
    till = new_till(home)
    last = till.bench.slot.plugged().archive.tail()
    assert last is not None
    till.record._keep("awaited_sign", str(last.sign))
    till.close()

    assert home.has_till(DEFAULT_TILL)
    with home.record(DEFAULT_TILL) as record:
        assert record.awaited_sign is None


def test_a_till_that_somebody_only_looks_at_comes_up(tmp_path: Path) -> None:
    home = Home(tmp_path)
    till = new_till(home)
    number = till.bench.state().fn_number
    assert number is not None
    till.close()
    for path in (home.till_file(DEFAULT_TILL), home.fn_file(number)):
        with looked_at(path):
            up_again(home).close()
