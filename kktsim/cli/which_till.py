"""Options ``--home`` and the like: which till `kktsim serve` serves, one in memory or one that outlives the process."""

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click
from click.core import ParameterSource

from fn_model import FiscalStorage, FnModel, load_model
from fn_model.sqlite_archive import SqliteArchive
from kktsim.bench import Bench
from kktsim.cli.fail import EXPECTATION, fail
from kktsim.cli.fn_chosen import home_option, till_option, told_as_exit_codes
from kktsim.cli.fn_port import wired
from kktsim.cli.fn_setting import fn_set_option, with_settings
from kktsim.clock import ClockKind
from kktsim.device.model import KktModel
from kktsim.home import DEFAULT_TILL, Home, is_fn_number
from kktsim.home_till import come_up, fn_to_begin_with, live_on, move_in
from kktsim.testing.presets import UnknownPresetError, UnreachablePresetError, build
from protocol.fn.commands import Phase

F = TypeVar("F", bound=Callable[..., Any])
FACTORY = "factory"
AS_LEFT, AFTER = "as left", "after"
NORMAL, FULL = "normal", "full"
OF_A_SCENARIO = ("state", "model", "model_file", "home", "till", "fn", "fn_model", "fn_set", "fn_port", "at")
"""Options for what a scenario tells itself."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for."""

    model: KktModel
    state: str
    home: str | None
    till: str | None
    fn: str | None
    fn_model: str | None
    fn_set: tuple[str, ...]
    fn_port: str | None
    sync: str
    scenario: str | None


class Chosen(NamedTuple):
    """The till, and the word for the state it came in."""

    bench: Bench
    state: str


def takes_till(command: F) -> Callable[..., Any]:
    """Give a command the options; its parameter ``wish`` is what they say. It needs ``model`` and ``state`` too."""

    @home_option
    @till_option
    @click.option("--fn", metavar="FILE|NUMBER", help="The FN in the slot: a file, or a number of the home.")
    @click.option("--fn-model", metavar="NAME", help="Which new FN. Default: fn-1-1-15.")
    @fn_set_option
    @click.option(
        "--fn-port",
        metavar="PORT",
        help="An FN outside: a path, tcp:N, rfc2217:N, a URL of pyserial; the till is a new one in the state factory.",
    )
    @click.option(
        "--sync",
        type=click.Choice([NORMAL, FULL]),
        default=NORMAL,
        show_default=True,
        help="What is kept survives a kill of the process; full: a power cut of this machine too.",
    )
    @click.option(
        "--scenario",
        metavar="ID",
        help="A till in which the error of a scenario has come about already; `kktsim scenario list` lists them.",
    )
    @functools.wraps(command)
    def chosen(
        *args: Any,
        model: KktModel,
        state: str,
        home: str | None,
        till: str | None,
        fn: str | None,
        fn_model: str | None,
        fn_set: tuple[str, ...],
        fn_port: str | None,
        sync: str,
        scenario: str | None,
        **options: Any,
    ) -> Any:
        wish = Wish(model, state, home, till, fn, fn_model, fn_set, fn_port, sync, scenario)
        return command(*args, wish=wish, **options)

    return chosen


@contextmanager
def till(wish: Wish, world: float, kind: ClockKind) -> Iterator[Chosen]:
    """The till that is meant, until it is let go; what cannot be ends the command."""
    with ExitStack() as held:
        with told_as_exit_codes():
            chosen = _chosen(wish, world, kind, held)
        yield chosen


def _chosen(wish: Wish, world: float, kind: ClockKind, held: ExitStack) -> Chosen:
    is_synced = wish.sync == FULL
    if wish.scenario is not None:
        return _after(wish.scenario, kind)
    if wish.fn_port is not None:
        return _with_fn_outside(wish, wish.fn_port, world, kind, held)
    if wish.home:
        return _at_home(Home(Path(wish.home), is_synced=is_synced), wish, world, kind, held)
    if wish.till is not None or is_fn_number(wish.fn or ""):
        fail("--till and the number of an FN are names in a home: say which with --home DIR or KKTSIM_HOME")
    if wish.fn is None:
        return Chosen(_built(wish, world, kind, None), wish.state)
    archive = _held(held, SqliteArchive.open(Path(wish.fn), is_synced=is_synced))
    _refuse_used(wish, archive)
    bench = _built(wish, world, kind, fn_to_begin_with(archive))
    live_on(bench, archive)
    return Chosen(bench, wish.state)


def _after(scenario: str, kind: ClockKind) -> Chosen:
    for option in OF_A_SCENARIO:
        if _is_said(option):
            fail(
                f"the till of a scenario is in the state that it tells, at its time, and is not kept:"
                f" leave --{option.replace('_', '-')}{' (and KKTSIM_HOME)' if option == 'home' else ''} out"
            )
    from kktsim.testing.aftermath import (  # noqa: PLC0415 - loads every scenario
        NotReproducedError,
        aftermath,
    )
    from scenarios.named import UnknownScenarioError  # noqa: PLC0415 - the same

    try:
        return Chosen(aftermath(scenario, kind), f"{AFTER} {scenario}")
    except UnknownScenarioError as error:
        return fail(str(error))
    except NotReproducedError as error:
        return fail(str(error), EXPECTATION)


def _with_fn_outside(wish: Wish, port: str, world: float, kind: ClockKind, held: ExitStack) -> Chosen:
    if any((wish.home, wish.till, wish.fn, wish.fn_model, wish.fn_set)):
        fail(
            "the FN at --fn-port is what it is, and its till is not kept: leave --home (and KKTSIM_HOME), --till, --fn,"
            " --fn-model and --fn-set out"
        )
    if wish.state != FACTORY and _is_said("state"):
        fail(
            f"a till with its FN at --fn-port begins in the state {FACTORY} and learns more from it: leave --state out"
        )
    bench = build(wish.model, FACTORY, world, kind)
    held.callback(wired(bench, port).close)
    return Chosen(bench, FACTORY)


def _at_home(home: Home, wish: Wish, world: float, kind: ClockKind, held: ExitStack) -> Chosen:
    name = wish.till or DEFAULT_TILL
    number = None if wish.fn is None else home.number_of(wish.fn)
    if number is not None:
        home.refuse_in_other_till(number, name)
    if home.has_till(name):
        _refuse_a_new_beginning(home, name)
        there = come_up(home, name, world, kind, number)
        held.callback(there.close)
        if _is_said("at") and there.bench.world >= world + 1:
            click.echo(f"the till {name} has reached a later time than --at tells, and goes on from there", err=True)
        return Chosen(there.bench, AS_LEFT)
    archive = None if number is None else _held(held, home.open_fn(number))
    if archive is not None:
        _refuse_used(wish, archive)
    fn = FiscalStorage.new(_fn_model(wish), home.next_fn_number()) if archive is None else fn_to_begin_with(archive)
    bench = _built(wish, world, kind, fn)
    moved = move_in(home, name, bench, _model_file(), archive)
    held.callback(moved.close)
    return Chosen(bench, wish.state)


def _built(wish: Wish, world: float, kind: ClockKind, fn: FiscalStorage | None) -> Bench:
    try:
        return build(wish.model, wish.state, world, kind, fn_model=_fn_model(wish), fn=fn)
    except (UnknownPresetError, UnreachablePresetError) as error:
        return fail(str(error))


def _fn_model(wish: Wish) -> FnModel:
    try:
        return with_settings(load_model() if wish.fn_model is None else load_model(wish.fn_model), wish.fn_set)
    except ValueError as error:
        return fail(str(error))


def _model_file() -> Path | None:
    file = click.get_current_context().params.get("model_file")
    return None if file is None else Path(file)


def _refuse_a_new_beginning(home: Home, name: str) -> None:
    for option in ("state", "model", "model_file", "fn_model", "fn_set"):
        if _is_said(option):
            fail(
                f"the till {name} is in {home.path} and comes up as it was left:"
                f" leave --{option.replace('_', '-')} out, or name a new till with --till NAME"
            )


def _refuse_used(wish: Wish, archive: SqliteArchive) -> None:
    if wish.fn_model is not None:
        fail(f"FN {archive.number} is there already and is an {archive.model.name}: leave --fn-model out")
    if wish.fn_set:
        fail(f"FN {archive.number} is there already and keeps its own settings: leave --fn-set out")
    if archive.state.phase is not Phase.READY and wish.state != FACTORY:
        fail(
            f"FN {archive.number} has been registered, and a new till in the state {wish.state!r} needs a fresh one:"
            f" put it into the till that it knows, or take --state {FACTORY}"
        )


def _is_said(option: str) -> bool:
    source = click.get_current_context().get_parameter_source(option)
    return source not in (None, ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP)


def _held(held: ExitStack, archive: SqliteArchive) -> SqliteArchive:
    held.callback(archive.close)
    return archive
