"""Tests that need a running loop and real sockets: bounded in time, and nothing may go wrong in the loop unseen."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from typing import Any

PATIENCE_SECONDS = 20.0


def on_loop(test: Callable[[], Coroutine[Any, Any, None]], *, bugs: int = 0) -> None:
    """Run a test to its end. ``bugs``: how many exceptions must have been left to the loop."""
    left: list[dict[str, Any]] = []

    async def watched() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: left.append(context))
        await asyncio.wait_for(test(), PATIENCE_SECONDS)
        await turns()

    asyncio.run(watched())
    assert len(left) == bugs, left


async def turns(count: int = 3) -> None:
    """Let the loop handle all that is ready now."""
    for _ in range(count):
        await asyncio.sleep(0)


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that other callbacks of the loop bring about."""
    while not holds():
        await asyncio.sleep(0.001)


def nobody_listens() -> tuple[socket.socket, int]:
    """A port at which calls are refused, as long as the socket is kept."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    return taken, taken.getsockname()[1]
