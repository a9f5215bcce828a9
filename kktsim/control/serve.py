"""Serves the control API on the till's own loop, without holding it up while the web stack is imported.

The port listens at once: one in use is told before anything else happens, and who connects early waits the 150 ms
until requests are answered. Everything is done on the loop.
"""

import asyncio
import errno
import importlib
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from kktsim.control.controlled import Controlled, HandsT
from kktsim.ports.line import PortError

if TYPE_CHECKING:
    from kktsim.control.loop_server import LoopServer

HOST = "127.0.0.1"
_BACKLOG = 16
_WEB_STACK = "kktsim.control.loop_server"
_REMEDIES = {
    errno.EADDRINUSE: "Stop the program that listens there, or use port 0 for any free one",
    errno.EACCES: "Choose a port above 1023",
}


def start(
    controlled: Controlled[HandsT],
    port: int,
    loop: asyncio.AbstractEventLoop,
    answering: Callable[[str], None],
) -> "ControlServer":
    """Serve on 127.0.0.1:``port`` (0: any free one); raises PortError when that is taken. Call it on ``loop``'s thread.

    ``answering`` is called once, with the URL, as soon as requests are answered.
    """
    return ControlServer(controlled, _listener(port), loop, answering)


class ControlServer:
    """A control API that is being started, or serves, or has been closed."""

    def __init__(
        self,
        controlled: Controlled[HandsT],
        listener: socket.socket,
        loop: asyncio.AbstractEventLoop,
        answering: Callable[[str], None],
    ) -> None:
        self.url = f"http://{HOST}:{listener.getsockname()[1]}"
        """Where it answers, or will; who asks early has to wait."""
        self._listener = listener
        self._answering = answering
        self._server: LoopServer | None = None
        self._task = loop.create_task(self._serve(controlled))
        self._task.add_done_callback(self._ended)

    async def close(self) -> None:
        """Hang up and stop listening; a second call does nothing."""
        if self._server is None:
            self._task.cancel()
        else:
            self._server.stop()
        await asyncio.wait({self._task})

    async def _serve(self, controlled: Controlled[HandsT]) -> None:
        await asyncio.to_thread(importlib.import_module, _WEB_STACK)
        from kktsim.control.loop_server import LoopServer  # noqa: PLC0415 - just imported in a thread

        self._server = LoopServer(controlled, lambda: self._answering(self.url))
        await self._server.serve([self._listener])

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._listener.close()
        if not task.cancelled() and (error := task.exception()) is not None:
            context = {"message": f"the control API at {self.url} has broken down", "exception": error}
            task.get_loop().call_exception_handler(context)


def _listener(port: int) -> socket.socket:
    """A listening socket. The protocol number matters: by it asyncio knows to switch Nagle's algorithm off on every
    connection, without which an answer waits 40 ms for the acknowledgement of its own header.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        remedy = _REMEDIES.get(error.errno or 0, "Choose another port")
        raise PortError(f"The control API cannot listen on {HOST}:{port}: {error.strerror}", remedy) from error
    except OverflowError:
        listener.close()
        raise PortError(f"There is no port {port}", "Choose one from 1 to 65535, or 0 for any free one") from None
    return listener
