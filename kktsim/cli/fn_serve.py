"""`kktsim fn serve`: an FN on ports of its own, until it is stopped."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from fn_model import FiscalStorage, load_model
from kktsim.cli.fail import ENVIRONMENT, fail
from kktsim.cli.fn_chosen import home_option, opened
from kktsim.cli.fn_setting import fn_set_option, with_settings
from kktsim.cli.tell import complain
from kktsim.clock import Clock, ClockKind, parse_world, present
from kktsim.device.pace import OFF, PACES
from kktsim.fn_line import Watch
from kktsim.fn_serve import run
from kktsim.ports.line import Port, PortError
from kktsim.ports.parse import parse_address
from kktsim.shelf import FIRST_FN_NUMBER

DEFAULT_PORT = "pty:fn0"


@click.command()
@click.option(
    "--port",
    "ports",
    multiple=True,
    metavar="PORT",
    help=f"pty:NAME, pty:/ABS/PATH, tcp:N or rfc2217:N (0: any free); may be given again. Default: {DEFAULT_PORT}",
)
@click.option("--fn", "which", metavar="FILE|NUMBER", help="The FN of a file, or of a number in the home.")
@home_option
@click.option("--fn-model", metavar="NAME", help="Without --fn: the model of a new FN, which lives in memory.")
@fn_set_option
@click.option("--number", metavar="NUMBER", help=f"Without --fn: its 16 digits. Default: {FIRST_FN_NUMBER}")
@click.option("--at", metavar="ISO", help="World time at the start, local, as 2026-11-22T10:00. Default: now.")
@click.option("--clock", type=click.Choice([kind.value for kind in ClockKind]), default="real", show_default=True)
@click.option(
    "--pace",
    type=click.Choice(list(PACES)),
    default=OFF,
    show_default=True,
    help="How long bytes take on a serial port; real: as long as at the FN's speed.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show frames and what they mean as they pass.")
def serve(
    ports: tuple[str, ...],
    which: str | None,
    home: str | None,
    fn_model: str | None,
    fn_set: tuple[str, ...],
    number: str | None,
    at: str | None,
    clock: str,
    pace: str,
    verbose: bool,
) -> None:
    """Serve an FN alone, on ports of its own, until SIGTERM or Ctrl-C.

    It speaks the frames of the FN's UART and repeats its last answer on ENQ. At what speed you open a port does not
    matter; the FN's own, 115200 until ABh, shows in how long bytes take with --pace real. It has power until it is
    stopped. Prints `ready PORT` for each port. A till elsewhere is wired to it by `kktsim serve --fn-port`.
    """
    try:
        addresses = [parse_address(text) for text in ports or (DEFAULT_PORT,)]
        world = present() if at is None else parse_world(at)
    except PortError as error:
        fail(str(error))
    except ValueError as error:
        fail(f"--at {at!r} is no date and time: {error}; write it as 2026-11-22T10:00")
    if which is not None and (fn_model is not None or fn_set or number is not None):
        fail("--fn names an FN that has a model and a number: leave --fn-model, --fn-set and --number out")
    with opened(home, which) if which is not None else _new(fn_model, fn_set, number) as fn:
        own_clock, watching = Clock(world, ClockKind(clock)), _shown if verbose else _unseen
        try:
            asyncio.run(run(fn, own_clock, addresses, _ready, complain, watching, is_paced=pace != OFF))
        except PortError as error:
            fail(str(error), ENVIRONMENT)


@contextmanager
def _new(model: str | None, fn_set: tuple[str, ...], number: str | None) -> Iterator[FiscalStorage]:
    try:
        chosen = with_settings(load_model() if model is None else load_model(model), fn_set)
        fn = FiscalStorage.new(chosen, number or FIRST_FN_NUMBER)
    except ValueError as error:
        fail(str(error))
    yield fn


def _ready(ports: Sequence[Port]) -> None:
    for port in ports:
        click.echo(f"ready {port.name}")


def _unseen(port: str) -> None:
    return None


def _shown(port: str) -> Watch:
    """Tells what passes at a port on stderr."""
    from kktsim.decode import Side, lines  # noqa: PLC0415 - an FN that nobody watches needs no words
    from kktsim.decode.fn import frame as decoded  # noqa: PLC0415 - the same

    asked: int | None = None

    def watch(frame: bytes, answer: bytes | None) -> None:
        nonlocal asked
        asked = frame[3] if len(frame) > 3 else asked
        pieces = [decoded(frame, Side.HOST, None)]
        if answer is not None:
            pieces.append(decoded(answer, Side.TILL, asked))
        for piece in pieces:
            click.echo("\n".join(f"{port} {line}" for line in lines(piece)), err=True)

    return watch
