"""How the world goes ahead: it stops at each event that changes something until the work that this causes is done.

A call to another process takes host time, so an advance may have to wait for it, and goes on when something has come.
"""

from typing import Protocol

from kktsim.clock import Clock
from kktsim.device import Kkt
from kktsim.ofd.client import OfdClient
from kktsim.ofd.network import Network


class Stand(Protocol):
    """What goes ahead."""

    clock: Clock
    kkt: Kkt
    client: OfdClient
    network: Network

    @property
    def world(self) -> float:
        """World time in seconds."""

    def run_due(self, at_most: int | None = None) -> None:
        """Let everything happen that is due."""


class Advance:
    """One bench's way to a later time."""

    __slots__ = ("_attempts", "_target")

    def __init__(self) -> None:
        self._target: float | None = None
        self._attempts = 0
        """How often the till had tried to reach its operator when it set out."""

    @property
    def goes_on(self) -> bool:
        """Whether it has not arrived."""
        return self._target is not None

    def start(self, stand: Stand, target: float) -> None:
        """Go ahead to ``target``, as far as nobody has to be waited for; raises `ClockError` when that lies behind."""
        if target < stand.world:
            stand.clock.set_world(target)
        self._target, self._attempts = target, stand.client.attempts
        self.go_on(stand)

    def go_on(self, stand: Stand) -> None:
        """What had to be waited for has come, it may be."""
        while (target := self._target) is not None:
            stand.run_due()
            if stand.network.is_outside:
                return
            client = stand.client
            if client.failed_attempts and client.attempts > self._attempts and stand.network.is_steady:
                client.skip(stand.kkt, target)
            world = stand.world
            due = client.next_event(stand.kkt, stand.network, world)
            if due is None or due > target or not stand.kkt.is_on:
                self._target = None
                stand.clock.set_world(max(target, world))
                return
            stand.clock.set_world(max(due, world))

    def lose_patience(self, stand: Stand) -> None:
        """Wait no more for the other process: go on to where the till gives up, if that is on the way."""
        target = self._target
        if target is None or not stand.network.is_outside:
            return
        given_up = stand.client.next_event(stand.kkt, stand.network, stand.world)
        stop = target if given_up is None else min(given_up, target)
        stand.clock.set_world(max(stand.world, stop))
        stand.run_due()
        if stop == target:
            self._target = None
        self.go_on(stand)
