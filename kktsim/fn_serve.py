"""Serving an FN alone, on ports of its own, until a signal: for people who make KKT boards, and for tills elsewhere."""

import asyncio
from collections.abc import Callable, Sequence

from fn_model import FiscalStorage, FnPort
from kktsim.clock import Clock
from kktsim.fn_line import FnLine, Uart, Watch
from kktsim.ports.line import Port
from kktsim.ports.open_ports import OpenPorts, told_to_end
from kktsim.ports.paced import PacedLine
from kktsim.ports.parse import Address, PtyAddress, Rfc2217Address

Watching = Callable[[str], Watch | None]
"""Who looks on at the port of this name; None: nobody."""


async def run(
    fn: FiscalStorage,
    clock: Clock,
    addresses: Sequence[Address],
    ready: Callable[[Sequence[Port]], None],
    complain: Callable[[str], None],
    watching: Watching,
    *,
    is_paced: bool = False,
) -> None:
    """Serve until a signal asks to end; raises `PortError` before anything is told to be ready.

    The FN has power all the while. ``is_paced``: bytes take their time on serial ports. ``ready`` is called when every
    port answers, ``complain`` with sentences of ports.
    """
    loop = asyncio.get_running_loop()
    stop = told_to_end(loop)
    fn.power_on(clock.world(clock.now()))
    uart = Uart(FnPort(fn).exchange)
    opened = OpenPorts(loop, lambda: True, complain)
    try:
        for address in addresses:
            line = FnLine(uart.exchange, clock)
            takes_time = is_paced and isinstance(address, PtyAddress | Rfc2217Address)
            port = opened.open(address, PacedLine(line, lambda: uart.baud, clock.now) if takes_time else line)
            line.watch = watching(port.name)
        ready(opened.ports)
        await stop.wait()
    finally:
        opened.close()
