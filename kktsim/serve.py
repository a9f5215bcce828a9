"""Serving one bench: its ports and its control API on one asyncio loop, until a signal.

Every call into the till happens on this loop, so there are no locks. What an operator's hand or one port changes may
be due on another port: `Server.wake` lets every port look at its deadline again.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from kktsim.bench import Bench
from kktsim.bench_line import BenchLine
from kktsim.ofd.tcp_carrier import TcpCarrier
from kktsim.ports.line import Line, Port
from kktsim.ports.link_record import BENCH_RECORDS, LinkRecord, links_directory
from kktsim.ports.open_ports import OpenPorts, told_to_end
from kktsim.ports.paced import as_slow_as
from kktsim.ports.parse import Address, PtyAddress, Rfc2217Address
from kktsim.ports.pty import PtyPort

PATIENCE_SECONDS, LESS_PATIENCE_SECONDS, PATIENCE_LEFT = 2.0, 0.2, 0.95
"""Host seconds that one call to another process may take, whatever it says meanwhile, before an advance of the world
goes on without it: the first time, the next time, and which part of that is left each time after. All that an advance
waits in vain is 6 s at most.
"""


class Server:
    """The ports of one bench on the running loop, and its calls to operators in other processes."""

    def __init__(
        self, bench: Bench, loop: asyncio.AbstractEventLoop, complain: Callable[[str], None] | None = None
    ) -> None:
        """``complain`` is told, a sentence each, what the ports see that a person should know."""
        self.bench = bench
        self._open = OpenPorts(loop, lambda: bench.kkt.is_on, complain)
        self._record: Path | None = None
        self.lines: list[BenchLine] = []
        self._news = asyncio.Event()
        self._loop = loop
        bench.network.tcp = self._carrier = TcpCarrier(loop, self._heard)

    def _heard(self) -> None:
        """Something has come from an operator in another process."""
        self.bench.outside_event()
        self._news.set()
        self.wake()

    async def settled(self) -> None:
        """Wait until the world has arrived where it was told to go, for each call only so long."""
        patience, following = PATIENCE_SECONDS, LESS_PATIENCE_SECONDS
        call, until = -1, 0.0
        while self.bench.is_advancing:
            if call != self._carrier.calls:
                call, until = self._carrier.calls, self._loop.time() + patience
            self._news.clear()
            try:
                async with asyncio.timeout_at(until):
                    await self._news.wait()
            except TimeoutError:
                if call == self._carrier.calls:  # nobody else who waits has lost patience with it just now
                    patience, following = following, following * PATIENCE_LEFT
                    self.bench.lose_patience()
        self.wake()

    def abandon(self) -> None:
        """Who told the world to go ahead wants no more: it stays where it has come."""
        self.bench.stop_advancing()
        self._news.set()
        self.wake()

    @property
    def ports(self) -> list[Port]:
        """The open ports, in the order of ``lines``."""
        return self._open.ports

    def open(self, address: Address) -> Port:
        """Open one more port; raises `PortError`."""
        is_serial = isinstance(address, PtyAddress | Rfc2217Address)
        own_end = self.bench.open_line(is_network=not is_serial)
        line: Line = own_end
        if is_serial:
            line = as_slow_as(self.bench.executor, own_end, self.bench.clock.now)
        port = self._open.open(address, line)
        self.lines.append(own_end)
        self.wake()
        return port

    def announce(self, control: str | None) -> None:
        """Write which ports there are, and where the bench is controlled, into its records: its own and the links'."""
        names = [port.name for port in self.ports]
        _forget_the_dead()
        self._record = links_directory() / BENCH_RECORDS.replace("*", str(os.getpid()))
        LinkRecord.of_this_process("", names, control).write(self._record)
        for port in self.ports:
            if isinstance(port, PtyPort):
                port.announce(names, control)

    def wake(self) -> None:
        """Something changed that no port has seen: let each look at its deadline, and the world at its events."""
        self._open.wake()

    def close(self) -> None:
        """Close every port and leave nothing behind."""
        self.bench.network.hang_up()
        self._open.close()
        if self._record is not None:
            self._record.unlink(missing_ok=True)
            self._record = None


def _forget_the_dead() -> None:
    """Remove the records of benches that were killed."""
    for path in links_directory().glob(BENCH_RECORDS):
        try:
            record = LinkRecord.read(path)
        except ValueError:
            continue
        if record is not None and not record.is_live():
            path.unlink(missing_ok=True)


async def run(
    bench: Bench,
    addresses: Sequence[Address],
    control_port: int | None,
    ready: Callable[[Server], None],
    control_ready: Callable[[str], None],
    complain: Callable[[str], None],
) -> None:
    """Serve until a signal asks to end; raises `PortError` before anything is told to be ready.

    ``ready`` is called when every port answers, ``control_ready`` with the URL, ``complain`` with sentences
    of the ports and of the bench.
    """
    loop = asyncio.get_running_loop()
    stop = told_to_end(loop)
    server = Server(bench, loop, complain)
    bench.complain = complain
    control = None
    try:
        for address in addresses:
            server.open(address)
        if control_port is not None:
            from kktsim.control import serve as control_api  # noqa: PLC0415 - not always wanted
            from kktsim.control.actions import ACTIONS  # noqa: PLC0415 - the same
            from kktsim.control.controlled import Controlled  # noqa: PLC0415 - the same
            from kktsim.hands.bench import BenchHands  # noqa: PLC0415 - the same

            controlled = Controlled(ACTIONS, BenchHands(bench), server.wake, server.settled, server.abandon)
            control = control_api.start(controlled, control_port, loop, control_ready)
        server.announce(None if control is None else control.url)
        ready(server)
        await stop.wait()
    finally:
        if control is not None:
            await control.close()
        server.close()
