"""uvicorn as a guest on a running loop: no signal handlers, no polling, no log of requests.

Importing this costs some 150 ms, so `serve` does it in a thread.
"""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
import uvicorn.lifespan.off  # by name when the server starts: too late, that is on the loop
from uvicorn.protocols.http.h11_impl import H11Protocol

from kktsim.control.app import create_app
from kktsim.control.controlled import Controlled, HandsT

_KEEP_ALIVE_SECONDS = 86_400
"""A client may think for long between two requests; it never finds its connection closed in its face."""
_FAREWELL_SECONDS = 1


class LoopServer(uvicorn.Server):
    """Serves the control API on sockets it is given, until it is stopped."""

    def __init__(self, controlled: Controlled[HandsT], answering: Callable[[], None]) -> None:
        """Called on the loop. ``answering`` is called once requests are answered."""
        config = uvicorn.Config(
            create_app(controlled),
            http=H11Protocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_FAREWELL_SECONDS,
        )
        super().__init__(config)
        self._answering = answering
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Let `serve` come to its end."""
        self._stopped.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell so."""
        await super().startup(sockets)
        self._answering()

    async def main_loop(self) -> None:
        """Wait for `stop`; uvicorn's own would wake up ten times a second."""
        await self._stopped.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program whose loop this is."""
        yield
