"""What `kktsim serve` tells on stderr of the dialogue: everything with -v, and what a silent driver seems to speak."""

import traceback

import click

from kktsim.session import Session
from protocol.atol import commands as _declared  # noqa: F401 - fills the table of commands
from protocol.atol.command import COMMANDS, PASSWORD_BYTES

TELL_AFTER_BYTES = 24
"""Junk bytes after which a driver that has said nothing we understand is named."""

LOOKS: tuple[tuple[bytes, str], ...] = (
    (b"\x24\x40", "ATOL platform 5 (its driver falls back to 3.x when the till is silent)"),
    (b"\x02\x05\x11", "Shtrih-M protocol: choose the ATOL protocol in the driver"),
    (b"AT", "modem commands: is this port taken for a modem?"),
    (b"\x1b@", "ESC/POS: the driver takes the till for a receipt printer"),
    (b"GET ", "HTTP: point the browser at the control URL instead"),
)
"""How foreign dialogues begin."""


class Watch:
    """Sees the dialogue of one port and prints it; or, set as an alarm only, what is wrong with it."""

    def __init__(self, port: str, session: Session) -> None:
        self._port = port
        self._session = session
        self._told = False

    def message(self, request: bytes, reply: bytes) -> None:
        """An application message was executed."""
        if len(request) > PASSWORD_BYTES:
            declared = COMMANDS.get(request[PASSWORD_BYTES])
            name = "unknown" if declared is None else declared.__name__
            told = request[PASSWORD_BYTES:].hex(" ").upper()
            click.echo(f"{self._port} == {name}: {told} -> {reply.hex(' ').upper()}", err=True)

    def bytes_in(self, data: bytes) -> None:
        """Bytes came from the host."""
        click.echo(f"{self._port} >> {data.hex(' ').upper()}", err=True)

    def bytes_out(self, data: bytes) -> None:
        """Bytes go to the host."""
        click.echo(f"{self._port} << {data.hex(' ').upper()}", err=True)

    def bug(self, request: bytes, error: Exception) -> None:
        """Our own code failed on a request: say so loudly, and how to tell us."""
        told = "".join(traceback.format_exception(error))
        click.echo(
            f"{self._port}: a bug in kktsim on {request.hex(' ').upper()}; please report this:\n{told}", err=True
        )

    def junk(self, data: bytes) -> None:
        """Bytes came that begin neither link; told once, when there are enough of them."""
        if self._told or self._session.spoke or len(data) < TELL_AFTER_BYTES:
            return
        self._told = True
        click.echo(
            f"{self._port}: {len(data)} bytes came and none of them begins a frame: {data.hex(' ').upper()}\n"
            f"{self._port}: this looks like {looks_like(data)}; a till speaks ATOL lower level v3 (FE) or v2 (05)",
            err=True,
        )


def looks_like(data: bytes) -> str:
    """What these bytes seem to be."""
    for start, name in LOOKS:
        if data.startswith(start):
            return name
    if all(32 <= byte < 127 or byte in b"\r\n\t" for byte in data):
        return "text: is this the right port?"
    return "a wrong baud rate or another protocol"
