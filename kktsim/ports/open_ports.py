"""Ports of one process that are open on its loop, and the signals that end it."""

import asyncio
import signal
from collections.abc import Callable

from kktsim.ports.inotify import TerminalWatcher
from kktsim.ports.line import Line, Port
from kktsim.ports.parse import Address, Rfc2217Address, TcpAddress
from kktsim.ports.pty import PtyPort
from kktsim.ports.rfc2217 import Rfc2217Port
from kktsim.ports.tcp import TcpPort


class OpenPorts:
    """The open ports, each with the line of a device that it serves."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        has_power: Callable[[], bool],
        complain: Callable[[str], None] | None = None,
    ) -> None:
        """``has_power``: whether the device has; ``complain`` is told, a sentence each, what a person should know."""
        self._loop = loop
        self._has_power = has_power
        self._complain = complain
        self._watcher: TerminalWatcher | None = None
        self.ports: list[Port] = []

    def open(self, address: Address, line: Line) -> Port:
        """Open one more port and serve ``line`` at it; raises `PortError`."""
        port: Port
        if isinstance(address, Rfc2217Address):
            port = Rfc2217Port(self._loop, line, address, self._has_power, self._complain)
        elif isinstance(address, TcpAddress):
            port = TcpPort(self._loop, line, address, complain=self._complain)
        else:
            if self._watcher is None:
                self._watcher = TerminalWatcher(self._loop)
            port = PtyPort(self._loop, line, address, self._watcher)
        port.start()
        self.ports.append(port)
        return port

    def wake(self) -> None:
        """Something changed that no port has seen: let each look at its deadline."""
        for port in self.ports:
            port.wake()

    def close(self) -> None:
        """Close every port and leave nothing behind."""
        for port in self.ports:
            port.close()
        self.ports.clear()
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None


def told_to_end(loop: asyncio.AbstractEventLoop) -> asyncio.Event:
    """What is set when a signal asks the process to end."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    return stop
