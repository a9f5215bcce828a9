"""How a user names the port of a till: a path, a URL, or as `serve` spells and prints it."""

import re

import click
from click.core import ParameterSource

from kktsim.cli.fail import ENVIRONMENT, USAGE, fail
from kktsim.host.serial_wire import MisnamedPortError
from kktsim.ports.line import PortError
from kktsim.ports.parse import LOOPBACK, PtyAddress
from kktsim.ports.pty_link import PtyLink

port_option = click.option(
    "--port",
    envvar="KKTSIM_PORT",
    metavar="PATH|URL",
    help="The till's port: a path, tcp:N, rfc2217:N or kkt://; also from KKTSIM_PORT.",
)
_TCP = re.compile(r"(?:(tcp|rfc2217):)?(?:([\w.]+):)?(\d{1,9})")
_SCHEMES = {"tcp": "socket", "rfc2217": "rfc2217"}
"""What pyserial calls it."""


def openable(port: str, option: str = "--port") -> str:
    """What pyserial opens; ends the command when it is no port at all."""
    if not port:
        fail(f"{option} is empty: name a path, tcp:N, rfc2217:N or a URL as socket://127.0.0.1:N")
    if port.startswith("pty:"):
        try:
            return str(PtyLink(PtyAddress(port.removeprefix("pty:"))).path)
        except PortError as error:
            fail(str(error))
    if port.startswith("kkt://"):
        import kktsim.pyserial  # noqa: F401, PLC0415 - it registers the URL, and loads a whole till to serve it

        return port
    found = _TCP.fullmatch(port)
    if found is None:
        kind = port.partition(":")[0]
        if kind in _SCHEMES and "://" not in port:
            fail(f"{port} names no TCP port: write {kind}:PORT or {kind}:HOST:PORT, as {kind}:5555")
        return port
    kind, host, number = found.groups()
    if not 0 < int(number) < 65_536:
        fail(f"{port}: a TCP port is a number from 1 to 65535")
    return f"{_SCHEMES[kind or 'tcp']}://{host or LOOPBACK}:{number}"


def is_typed(option: str) -> bool:
    """Whether an option of the running command was typed, and does not come from the environment or a default."""
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE


def exit_code(error: Exception) -> int:
    """How a command ends that cannot speak to the till it was told to."""
    return USAGE if isinstance(error, MisnamedPortError) else ENVIRONMENT
