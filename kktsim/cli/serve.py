"""`kktsim serve`: a till on virtual ports, until it is stopped."""

import asyncio
from collections.abc import Callable

import click

from kktsim.cli.fail import ENVIRONMENT, fail
from kktsim.cli.watch import Watch
from kktsim.clock import ClockKind, parse_world, present
from kktsim.kkt_models import DEFAULT_MODEL, UnknownModelError, load, names
from kktsim.ports.line import PortError
from kktsim.ports.parse import parse_address
from kktsim.serve import Server, run
from kktsim.testing.presets import UnknownPresetError, build, check_world
from scenarios.presets import PRESETS

DEFAULT_PORT = "pty:kkt0"


@click.command()
@click.option("--model", default=DEFAULT_MODEL, show_default=True, help=f"Which till: {', '.join(names())}.")
@click.option(
    "--state", default="registered", show_default=True, help=f"The state it is handed over in: {', '.join(PRESETS)}."
)
@click.option(
    "--port",
    "ports",
    multiple=True,
    metavar="PORT",
    help=f"pty:NAME, pty:/ABS/PATH or tcp:N (0: any free); may be given again. Default: {DEFAULT_PORT}",
)
@click.option("--at", metavar="ISO", help="World time at the start, local, as 2026-11-22T10:00. Default: now.")
@click.option("--clock", type=click.Choice([kind.value for kind in ClockKind]), default="real", show_default=True)
@click.option(
    "--control", default="0", show_default=True, help="Port of the control API on 127.0.0.1; 0: any; off: none."
)
@click.option("-v", "--verbose", is_flag=True, help="Show bytes and command names as they pass.")
def serve(
    model: str, state: str, ports: tuple[str, ...], at: str | None, clock: str, control: str, verbose: bool
) -> None:
    """Serve a till until SIGTERM or Ctrl-C. Prints `ready PORT` for each port, `control URL` for the API."""
    try:
        addresses = [parse_address(text) for text in ports or (DEFAULT_PORT,)]
        world = present() if at is None else parse_world(at)
        check_world(world)
        bench = build(load(model), state, world, ClockKind(clock))
    except PortError as error:
        fail(str(error))
    except (UnknownModelError, UnknownPresetError) as error:
        fail(str(error))
    except ValueError as error:
        fail(f"--at {at!r} is no date and time: {error}; write it as 2026-11-22T10:00")
    control_port = _control_port(control)

    def ready(server: Server) -> None:
        for port, line in zip(server.ports, server.lines, strict=True):
            click.echo(f"ready {port.name}")
            line.session.alarm = watch = Watch(port.name)
            if verbose:
                line.session.watcher = watch

    try:
        asyncio.run(run(bench, addresses, control_port, ready, _echo("control")))
    except PortError as error:
        fail(str(error), ENVIRONMENT)


def _echo(word: str) -> Callable[[str], None]:
    return lambda text: click.echo(f"{word} {text}")


def _control_port(text: str) -> int | None:
    if text == "off":
        return None
    if text.isdecimal() and int(text) < 65_536:
        return int(text)
    return fail(f"--control {text!r} is neither a port number nor `off`")
