"""What `kktsim serve` tells on stderr of the dialogue: everything with -v, and what a silent driver seems to speak."""

import traceback

import click

from protocol.atol import commands as _declared  # noqa: F401 - fills the table of commands
from protocol.atol.command import COMMANDS, PASSWORD_BYTES

TELL_AFTER_BYTES = 24
"""Bytes after which a driver that has said nothing we understand is named; longer than ATOL's probe of platform 5."""

SHOWN_BYTES = 64
LOOKS: tuple[tuple[bytes, str], ...] = (
    (b"\x24\x40", "ATOL platform 5 (its driver falls back to 3.x when the till is silent)"),
    (b"\x05\x02", "the Shtrih-M protocol: choose the ATOL protocol in the driver"),
    (b"\x02\x05\x11", "the Shtrih-M protocol: choose the ATOL protocol in the driver"),
    (b"\x05\x05", "a host that asks by ENQ and sends nothing: lower level v2 whose host does not see the answer 06"),
    (b"\xfe", "lower level v3 with wrong check sums: a damaged line, or another protocol that begins with FE"),
    (b"AT", "modem commands: is this port taken for a modem?"),
    (b"\x1b@", "ESC/POS: the driver takes the till for a receipt printer"),
    (b"GET ", "HTTP: point the browser at the control URL instead"),
    (b"{", "JSON: this is the till's own port; the control API is an HTTP server beside it"),
)
"""How foreign dialogues begin."""


class Watch:
    """Sees the dialogue of one port and prints it; or, set as an alarm only, what is wrong with it."""

    def __init__(self, port: str) -> None:
        self._port = port
        self._heard = b""
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
        """Bytes came that begin neither link; what they look like is told when there are enough of them."""

    def not_understood(self, data: bytes) -> None:
        """Bytes came, and not one whole frame yet; told once, when there are enough of them."""
        if self._told:
            return
        self._heard += data
        if len(self._heard) >= TELL_AFTER_BYTES:
            self._told = True
            shown, self._heard = self._heard[:SHOWN_BYTES], b""
            click.echo(
                f"{self._port}: nothing understood in {shown.hex(' ').upper()}\n{self._port}: this looks like "
                f"{looks_like(shown)}; a till speaks ATOL lower level v3 (frames begin with FE) or v2 (with 05)",
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
