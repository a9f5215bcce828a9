"""An operator on a real port, and clients of it, on one loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from kktsim.clock import Clock
from kktsim.ofd.server import OfdServer
from kktsim.ofd.tcp_server import Limits, Onlooker, TcpServer
from kktsim.ports.parse import TcpAddress
from protocol.ofd import confirmation

from .messages import WORLD, answers, message

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]
CONFIRMATION_BYTES = 157
HEADER_BYTES = 30


class Stand:
    """A server, and clients of it."""

    def __init__(self, limits: Limits, address: TcpAddress) -> None:
        self.complaints: list[str] = []
        self.seen: list[tuple[str, object]] = []
        self.operator = OfdServer()
        self.operator.complain = self.complaints.append
        loop = asyncio.get_running_loop()
        clock = Clock(WORLD)
        self.server = TcpServer(loop, self.operator, clock, address, limits, self.complaints.append, self.watching)
        self.watched = False

    def watching(self, peer: str) -> list[Onlooker]:
        return [Seeing(self.seen)] if self.watched else []

    async def connect(self) -> Client:
        host, _, port = self.server.name.rpartition(":")
        return await asyncio.open_connection(host, int(port))

    async def says(self, data: bytes, size: int) -> bytes:
        """What a client of its own is answered, so many bytes at most."""
        reader, writer = await self.connect()
        writer.write(data)
        try:
            return await reader.readexactly(size)
        except asyncio.IncompleteReadError as error:
            return error.partial
        finally:
            await hang_up(writer)

    async def is_fine(self) -> None:
        """A till that knows nothing of the others is served."""
        answer = await self.says(message(1), CONFIRMATION_BYTES)
        assert confirmation.parse(answers(answer)[0]).document_number == 1


class Seeing:
    """Writes down what passes."""

    def __init__(self, seen: list[tuple[str, object]]) -> None:
        self._seen = seen

    def heard(self, data: bytes) -> None:
        self._seen.append(("till", data))

    def said(self, data: bytes) -> None:
        self._seen.append(("operator", data))

    def ended(self, *, by_operator: bool) -> None:
        self._seen.append(("by operator", by_operator))


@asynccontextmanager
async def serving(limits: Limits | None = None, host: str = "127.0.0.1") -> AsyncIterator[Stand]:
    stand = Stand(limits or Limits(), TcpAddress(host, 0))
    stand.server.start()
    yield stand
    stand.server.close()
    assert stand.server.connections == 0


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def is_cut(reader: asyncio.StreamReader) -> None:
    """Read to the end of a connection."""
    with suppress(ConnectionError):
        await reader.read()
