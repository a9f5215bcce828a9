"""What `kktsim serve` tells on stderr of the dialogue: everything with -v, and what a silent driver seems to speak."""

import traceback
from typing import TYPE_CHECKING, Self

import click

from kktsim.cli.output_file import TraceFile
from kktsim.session import Watcher
from protocol.atol.command import PASSWORD_BYTES

if TYPE_CHECKING:
    from kktsim.serve import Server

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


class Observers:
    """Who looks on while a till is served: one who tells on stderr, and a recorder if there is a file for it."""

    def __init__(self, model: str, state: str, verbose: bool, trace: str | None) -> None:
        self._model = model
        self._state = state
        self._verbose = verbose
        self._trace = None if trace is None else TraceFile(trace)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._trace is not None:
            self._trace.close()

    def watch(self, server: "Server") -> None:
        """Look on at every port of ``server`` from now on."""
        for port, line in zip(server.ports, server.lines, strict=True):
            line.session.alarm = watch = Watch(port.name)
            line.session.watcher = watch if self._verbose else None
        if self._verbose:
            from kktsim.cli.call_watch import CallWatch  # noqa: PLC0415 - a till that nobody watches needs no words

            server.bench.network.watcher = CallWatch()
        if self._trace is not None:
            self._record(server, self._trace)

    def _record(self, server: "Server", out: TraceFile) -> None:
        from kktsim.cli.call_watch import EveryWatch  # noqa: PLC0415 - few tills are recorded
        from kktsim.control.times import iso  # noqa: PLC0415 - the same
        from kktsim.ofd_trace import TillRecorder  # noqa: PLC0415 - the same
        from kktsim.trace import Header, Recorder, write_header  # noqa: PLC0415 - the same

        now = server.bench.clock.now
        started = now()
        ports = tuple(port.name for port in server.ports)
        write_header(out, Header(self._model, self._state, iso(server.bench.world), ports=ports))
        for port, line in zip(server.ports, server.lines, strict=True):
            recorder = Recorder(out, port.name, now, started)
            told = line.session.watcher
            line.session.watcher = recorder if told is None else Both(told, recorder)
        told_of_calls = server.bench.network.watcher
        calls = TillRecorder(out, now, started)
        server.bench.network.watcher = calls if told_of_calls is None else EveryWatch((told_of_calls, calls))


class Watch:
    """Sees the dialogue of one port and prints it; or, set as an alarm only, what is wrong with it."""

    def __init__(self, port: str) -> None:
        self._port = port
        self._heard = b""
        self._told = False

    def message(self, request: bytes, reply: bytes) -> None:
        """An application message was executed."""
        from kktsim.decode import app, summary  # noqa: PLC0415 - a till that nobody watches needs no words

        if len(request) > PASSWORD_BYTES:
            click.echo(f"{self._port} == {summary(app.request(request))}", err=True)
            click.echo(f"{self._port} == {summary(app.answer(reply, request))}", err=True)

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
        """Bytes came that belong to neither link, and are not answered."""
        rest = len(data) - SHOWN_BYTES
        more = f" and {rest} more" if rest > 0 else ""
        told = f"{data[:SHOWN_BYTES].hex(' ').upper()}{more} begin neither link and are skipped"
        click.echo(f"{self._port} -- {told}", err=True)

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


class Both:
    """Two watchers of one port."""

    def __init__(self, first: Watcher, second: Watcher) -> None:
        self._watchers = (first, second)

    def message(self, request: bytes, reply: bytes) -> None:
        """An application message was executed."""
        for watcher in self._watchers:
            watcher.message(request, reply)

    def bytes_in(self, data: bytes) -> None:
        """Bytes came from the host."""
        for watcher in self._watchers:
            watcher.bytes_in(data)

    def bytes_out(self, data: bytes) -> None:
        """Bytes go to the host."""
        for watcher in self._watchers:
            watcher.bytes_out(data)

    def bug(self, request: bytes, error: Exception) -> None:
        """Our own code failed on a request."""
        for watcher in self._watchers:
            watcher.bug(request, error)

    def junk(self, data: bytes) -> None:
        """Bytes came that belong to neither link."""
        for watcher in self._watchers:
            watcher.junk(data)

    def not_understood(self, data: bytes) -> None:
        """Bytes came, and not one whole frame yet."""
        for watcher in self._watchers:
            watcher.not_understood(data)


def looks_like(data: bytes) -> str:
    """What these bytes seem to be."""
    for start, name in LOOKS:
        if data.startswith(start):
            return name
    if all(32 <= byte < 127 or byte in b"\r\n\t" for byte in data):
        return "text: is this the right port?"
    return "a wrong baud rate or another protocol"
