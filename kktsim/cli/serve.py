"""`kktsim serve`: a till on virtual ports, until it is stopped."""

import asyncio
import gc
from collections.abc import Sequence

import click

from kktsim.cli.control_port import control_port as parse_control_port
from kktsim.cli.control_port import control_port_option
from kktsim.cli.fail import ENVIRONMENT, fail
from kktsim.cli.model_choice import takes_model
from kktsim.cli.port_name import is_typed
from kktsim.cli.tell import complain, echo
from kktsim.cli.watch import Observers
from kktsim.cli.which_till import Wish, takes_till, till
from kktsim.clock import ClockKind, parse_world, present
from kktsim.device.pace import OFF, PACES
from kktsim.ofd.hosts import OFD_NAME, OFD_PORT, place_of, split_peer
from kktsim.ports.line import PortError
from kktsim.ports.parse import Address, PtyAddress, parse_address
from kktsim.serve import Server, run
from kktsim.testing.presets import check_world
from scenarios.presets import PRESETS

DEFAULT_PORT = "pty:kkt0"


@click.command()
@takes_model
@takes_till
@click.option(
    "--state", default="registered", show_default=True, help=f"The state it is handed over in: {', '.join(PRESETS)}."
)
@click.option(
    "--port",
    "ports",
    multiple=True,
    metavar="PORT",
    help=f"pty:NAME, pty:/ABS/PATH, tcp:N or rfc2217:N (0: any free); may be given again. Default: {DEFAULT_PORT}",
)
@click.option("--at", metavar="ISO", help="World time at the start, local, as 2026-11-22T10:00. Default: now.")
@click.option("--clock", type=click.Choice([kind.value for kind in ClockKind]), default="real", show_default=True)
@control_port_option
@click.option(
    "--pace",
    type=click.Choice(list(PACES)),
    default=OFF,
    show_default=True,
    help="How long commands take, and bytes on a serial line; real: as long as on a real till.",
)
@click.option(
    "--ofd",
    default="inner",
    show_default=True,
    metavar="inner|HOST:PORT",
    help=f"The operator that tills find as {OFD_NAME}:{OFD_PORT}: the one inside, or `kktsim ofd serve` here.",
)
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="HOST[:PORT]",
    help="Let the till call an operator that is not on this machine; may be given again.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show bytes and what they mean as they pass, and calls to the OFD.")
@click.option(
    "--trace", metavar="FILE", help="Record both directions, and calls to the OFD, in FILE, over an older trace."
)
def serve(
    wish: Wish,
    ports: tuple[str, ...],
    at: str | None,
    clock: str,
    control: str,
    pace: str,
    ofd: str,
    allowed: tuple[str, ...],
    verbose: bool,
    trace: str | None,
) -> None:
    """Serve a till until SIGTERM or Ctrl-C. Prints `ready PORT` for each port, `control URL` for the API."""
    try:
        addresses = [parse_address(text) for text in ports or (DEFAULT_PORT,)]
        _refuse_twins(addresses)
        world = present() if at is None else parse_world(at)
        check_world(world)
    except PortError as error:
        fail(str(error))
    except ValueError as error:
        fail(f"--at {at!r} is no date and time: {error}; write it as 2026-11-22T10:00")
    control_port = parse_control_port(control)
    try:
        operator, peers = place_of(ofd), [split_peer(text) for text in allowed]
    except ValueError as error:
        fail(str(error))
    with (
        till(wish, world, ClockKind(clock)) as chosen,
        Observers(chosen.bench.kkt.model.name, chosen.state, verbose, trace) as observers,
    ):
        chosen.bench.executor.pace = PACES[pace]
        hosts = chosen.bench.network.hosts
        if wish.scenario is None or is_typed("ofd"):
            hosts.set(OFD_NAME, operator)
        for host, port in peers:
            hosts.allow(host, port)

        def ready(server: Server) -> None:
            observers.watch(server)
            for port in server.ports:
                click.echo(f"ready {port.name}")

        gc.freeze()  # what is there stays: no collection, while the web stack is loaded, makes an answer late
        try:
            asyncio.run(run(chosen.bench, addresses, control_port, ready, echo("control"), complain))
        except PortError as error:
            fail(str(error), ENVIRONMENT)


def _refuse_twins(addresses: Sequence[Address]) -> None:
    """No port can be opened twice; port 0 is another one each time."""
    named = [one for one in addresses if isinstance(one, PtyAddress) or one.port]
    if len(set(named)) < len(named):
        fail("--port names the same port twice: give every port a name or number of its own")
