"""The port of a control API, as it is said on the command line."""

import click

from kktsim.cli.fail import fail

OFF = "off"

control_port_option = click.option(
    "--control", default="0", show_default=True, help="Port of the control API on 127.0.0.1; 0: any; off: none."
)


def control_port(text: str) -> int | None:
    """The number, None for no control API; ends the command when it is neither."""
    if text == OFF:
        return None
    if text.isdecimal() and len(text) < 6 and int(text) < 65_536:
        return int(text)
    return fail(f"--control {text!r} is neither a port number nor `off`")
