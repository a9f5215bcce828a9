"""A connection to the operator inside the bench: the same bytes as on a real one, in world time, without sockets."""

import heapq

from kktsim.ofd.events import Closed, Connected, Event, Received
from kktsim.ofd.server import OfdLine, OfdServer, Reply


class InnerCall:
    """One call from the till to the operator in this process."""

    __slots__ = ("_coming", "_line", "_order")

    def __init__(self, server: OfdServer, world: float) -> None:
        self._line = server.connect()
        self._order = 0
        self._coming: list[tuple[float, int, Event]] = [(world, 0, Connected())]
        """A heap: when something comes, in which order, and what."""
        self._expect(self._line.opened(world), world)

    def copy(self, server: OfdServer) -> "InnerCall":
        """The same call of a till's fork to the operator's fork."""
        twin = InnerCall.__new__(InnerCall)
        twin._line = self._line.copy(server)
        twin._order = self._order
        twin._coming = self._coming.copy()
        return twin

    @property
    def line(self) -> OfdLine:
        """The operator's end."""
        return self._line

    def send(self, data: bytes, world: float) -> None:
        """Bytes to the operator."""
        self._expect(self._line.receive(data, world), world)

    def take(self, world: float) -> Event | None:
        """The next thing that has come by now."""
        if self._coming and self._coming[0][0] <= world:
            return heapq.heappop(self._coming)[2]
        return None

    def next_event(self) -> float | None:
        """World time at which something comes; None: nothing will, unless more is sent."""
        return self._coming[0][0] if self._coming else None

    def _expect(self, replies: list[Reply], world: float) -> None:
        for reply in replies:
            if reply.data:
                self._later(world + reply.after, Received(reply.data))
            if reply.closes:
                self._later(world + reply.after, Closed())

    def _later(self, world: float, event: Event) -> None:
        self._order += 1
        heapq.heappush(self._coming, (world, self._order, event))
