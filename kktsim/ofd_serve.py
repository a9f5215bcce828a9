"""Serving an operator of fiscal data alone, until a signal: for tills of other processes, ours and others'."""

import asyncio
from collections.abc import Callable

from kktsim.clock import Clock
from kktsim.ofd.server import OfdServer
from kktsim.ofd.tcp_server import Limits, TcpServer, Watching, allowed_connections
from kktsim.ports.open_ports import told_to_end
from kktsim.ports.parse import TcpAddress

_NO_TILL = "an OFD without a till is served here; ask the till's `kktsim serve`, by --control with the URL that it told"
"""What is said of actions that only a bench has."""


async def run(
    operator: OfdServer,
    clock: Clock,
    address: TcpAddress,
    control_port: int | None,
    ready: Callable[[TcpServer], None],
    control_ready: Callable[[str], None],
    complain: Callable[[str], None],
    watching: Watching,
) -> None:
    """Serve until a signal asks to end; raises `PortError` before anything is told to be ready.

    ``ready`` is called when calls are answered, ``control_ready`` with the URL of the control API,
    ``complain`` with sentences.
    """
    loop = asyncio.get_running_loop()
    stop = told_to_end(loop)
    operator.complain = complain
    limits = Limits(connections=allowed_connections(Limits().connections))
    server = TcpServer(loop, operator, clock, address, limits, complain, watching)
    control = None
    try:
        server.start()
        if control_port is not None:
            from kktsim.control import serve as control_api  # noqa: PLC0415 - not always wanted
            from kktsim.control.controlled import Controlled  # noqa: PLC0415 - the same
            from kktsim.control.ofd_actions import OPERATOR_ACTIONS  # noqa: PLC0415 - the same
            from kktsim.hands.ofd_server import OfdServerHands  # noqa: PLC0415 - the same

            controlled = Controlled(OPERATOR_ACTIONS, OfdServerHands(operator), remedy=_NO_TILL)
            control = control_api.start(controlled, control_port, loop, control_ready)
        ready(server)
        await stop.wait()
    finally:
        if control is not None:
            await control.close()
        server.close()
