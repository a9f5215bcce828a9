"""`kktsim ofd serve`: an operator of fiscal data on a port of its own, until it is stopped."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import click

from fn_model.store_file import StoreFileError
from kktsim.cli.control_port import control_port, control_port_option
from kktsim.cli.fail import ENVIRONMENT, fail
from kktsim.cli.ofd_watch import Onlookers
from kktsim.cli.tell import complain, echo
from kktsim.clock import Clock, present
from kktsim.ofd.hosts import LOCALHOST, OFD_PORT
from kktsim.ofd.server import OfdServer
from kktsim.ofd.sqlite_store import FILE_NAME, SqliteStore
from kktsim.ofd.tcp_server import TcpServer
from kktsim.ofd_serve import run
from kktsim.ports.line import PortError
from kktsim.ports.parse import LOOPBACK, TcpAddress


@click.command()
@click.option(
    "--port",
    default=str(OFD_PORT),
    show_default=True,
    metavar="[HOST:]PORT",
    help=f"Where tills call, on this machine only: HOST is {LOOPBACK} or [::1]; PORT 0: any free.",
)
@click.option("--store", metavar="DIR", help=f"Keep the documents there, in {FILE_NAME}; else in memory.")
@control_port_option
@click.option("--trace", metavar="FILE", help="Record every connection in FILE, in place of an older trace.")
@click.option("-v", "--verbose", is_flag=True, help="Tell of each message and its answer, a line each.")
def serve(port: str, store: str | None, control: str, trace: str | None, verbose: bool) -> None:
    """Serve an OFD (ОФД) for tills of other processes, ours and others', until SIGTERM or Ctrl-C.

    It takes the documents of test FNs only, whose numbers begin with 9999, confirms them with stand-ins for the
    fiscal signs, and can be made to fail: `kktsim ofd fault --control URL`. Prints `ready HOST:PORT`, and
    `control URL` for its API. A till finds it by `kktsim serve --ofd HOST:PORT`.
    """
    address, api = _address(port), control_port(control)
    clock = Clock(present())
    with _operator(store) as operator, Onlookers(verbose, trace, clock) as onlookers:

        def ready(server: TcpServer) -> None:
            onlookers.begin(server.name)
            click.echo(f"ready {server.name}")

        gc.freeze()  # what is there stays: no collection looks at it while tills are answered
        try:
            asyncio.run(run(operator, clock, address, api, ready, echo("control"), complain, onlookers.at))
        except PortError as error:
            fail(str(error), ENVIRONMENT)


@contextmanager
def _operator(store: str | None) -> Iterator[OfdServer]:
    """An operator with the documents of a directory, or with none yet."""
    if store is None:
        yield OfdServer()
        return
    if not store:
        fail("--store names no directory: say where the documents are kept, or leave --store out")
    try:
        documents = SqliteStore.open(Path(store) / FILE_NAME)
    except StoreFileError as error:
        fail(str(error), ENVIRONMENT)
    try:
        yield OfdServer(documents)
    finally:
        documents.close()


def _address(text: str) -> TcpAddress:
    """Where to listen; ends the command when that is nowhere on this machine alone."""
    host, _, digits = text.rpartition(":")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 6 and int(digits) < 65_536):
        fail(f"--port {text!r} names no TCP port: write PORT or HOST:PORT with a port from 0 to 65535")
    if host in ("", LOCALHOST):
        return TcpAddress(LOOPBACK, int(digits))
    name = host.removeprefix("[").removesuffix("]")
    try:
        is_ours = ip_address(name).is_loopback
    except ValueError:
        is_ours = False
    if not is_ours:
        fail(f"--port {text} is not on this machine alone, and anybody could fill this OFD: write --port {digits}")
    return TcpAddress(name, int(digits))
