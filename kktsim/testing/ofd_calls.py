"""Connections to the operator inside a bench that fare as they are told: cut after so many bytes, late, in pieces.

A `Script` is put in the place of a network's plain connections::

    script = Script(bench.network)
    script.fates.append(Fate(to_till=17))
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from kktsim.ofd.events import Closed, Event, Received
from kktsim.ofd.inner import InnerCall
from kktsim.ofd.network import Network
from kktsim.ofd.server import OfdServer, Reply


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one connection.

    ``to_operator``, ``to_till``: how many bytes pass before it dies; None: all. ``is_silent``: a dead connection is not
    told of. ``stands_after``: seconds until the call is answered. ``splits``: places in an answer behind which the next
    piece of it begins, ``gap_seconds`` later each. ``alter``: what an answer is replaced by.
    """

    to_operator: int | None = None
    to_till: int | None = None
    is_silent: bool = False
    stands_after: float = 0.0
    splits: tuple[int, ...] = ()
    gap_seconds: float = 0.0
    alter: Callable[[bytes], bytes] | None = None


class ScriptedCall(InnerCall):
    """One connection with its fate."""

    __slots__ = ("_fate", "_heard", "_is_dead", "_said")

    def __init__(self, server: OfdServer, world: float, fate: Fate) -> None:
        self._fate = fate
        self._said = self._heard = 0
        """Bytes that have passed to the operator, and to the till."""
        self._is_dead = False
        super().__init__(server, world + fate.stands_after)

    def copy(self, server: OfdServer) -> "ScriptedCall":
        """The same call of a till's fork to the operator's fork."""
        twin = ScriptedCall.__new__(ScriptedCall)
        twin._line, twin._order, twin._coming = self._line.copy(server), self._order, self._coming.copy()
        twin._fate, twin._said, twin._heard, twin._is_dead = self._fate, self._said, self._heard, self._is_dead
        return twin

    def send(self, data: bytes, world: float) -> None:
        """Bytes to the operator, as far as they get."""
        if self._is_dead:
            return
        limit = self._fate.to_operator
        passing = data if limit is None else data[: limit - self._said]
        self._said += len(passing)
        super().send(passing, world)
        if len(passing) < len(data):
            self._die(world)

    def take(self, world: float) -> Event | None:
        """The next thing that has come by now, as far as it gets."""
        event, limit = super().take(world), self._fate.to_till
        if not isinstance(event, Received) or limit is None or self._is_dead:
            return event
        passing = event.data[: limit - self._heard]
        self._heard += len(passing)
        if self._heard == limit:
            self._die(world)
        return Received(passing) if passing else super().take(world)

    def _die(self, world: float) -> None:
        self._is_dead = True
        self._coming.clear()
        if not self._fate.is_silent:
            self._later(world, Closed())

    def _expect(self, replies: list[Reply], world: float) -> None:
        super()._expect([piece for reply in replies for piece in self._pieces(reply)], world)

    def _pieces(self, reply: Reply) -> list[Reply]:
        fate = self._fate
        data = reply.data if fate.alter is None or not reply.data else fate.alter(reply.data)
        edges = (0, *(split for split in fate.splits if split < len(data)), len(data))
        last = len(edges) - 2
        return [
            Reply(reply.after + number * fate.gap_seconds, data[start:end], closes=reply.closes and number == last)
            for number, (start, end) in enumerate(pairwise(edges))
        ]


class Script:
    """What becomes of the next connections of a network, one after the other; those behind them fare well."""

    def __init__(self, network: Network) -> None:
        self.fates: deque[Fate] = deque()
        self.met = 0
        """How many connections had a fate."""
        network.inner = self._call

    def _call(self, server: OfdServer, world: float) -> InnerCall:
        if not self.fates:
            return InnerCall(server, world)
        self.met += 1
        return ScriptedCall(server, world, self.fates.popleft())
