"""Option ``--fn-port``: an FN outside of the process that serves the till."""

import click

from kktsim.bench import Bench
from kktsim.cli.fail import ENVIRONMENT, USAGE, fail
from kktsim.cli.port_name import exit_code, openable
from kktsim.fn_elsewhere import wire
from kktsim.hands.error import HandsError
from kktsim.host.fn_wire import FnWire
from kktsim.host.serial_wire import PortUnavailableError
from kktsim.remote_cable import RemoteCable, UnfitFnError


def wired(bench: Bench, port: str) -> FnWire:
    """Wire the new till of ``bench`` to the test FN at ``port``; ends the command when there is none."""
    outside = FnWire(openable(port, "--fn-port"))
    cable = RemoteCable(outside, lambda sentence: click.echo(f"kktsim: {sentence}", err=True))
    try:
        outside.open()
        cable.plug()
    except PortUnavailableError as error:
        fail(str(error), exit_code(error))
    except UnfitFnError as error:
        fail(str(error), USAGE)
    except HandsError as error:
        fail(str(error), ENVIRONMENT)
    wire(bench, cable)
    return outside
