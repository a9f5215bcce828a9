"""How the world goes ahead: it stops at each event that changes something until the work that this causes is done.

A call to another process takes host time, so an advance may have to wait for it, and goes on when something has come.
"""

from typing import Protocol

from kktsim.cable import Cable
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
    def cable(self) -> Cable:
        """The cable between till and FN."""

    @property
    def world(self) -> float:
        """World time in seconds."""

    def run_due(self, at_most: int | None = None) -> None:
        """Let everything happen that is due."""


class Advance:
    """One bench's way to a later time."""

    __slots__ = ("_attempts", "_stride", "_target")

    def __init__(self) -> None:
        self._target: float | None = None
        self._attempts = 0
        """How often the till had tried to reach its operator when it set out, or last could have had other luck."""

        self._stride = 1
        """How many attempts to reach another process are left out before the next one."""

    @property
    def goes_on(self) -> bool:
        """Whether it has not arrived."""
        return self._target is not None

    def start(self, stand: Stand, target: float) -> None:
        """Go ahead to ``target``, as far as nobody has to be waited for; raises `ClockError` when that lies behind."""
        if target < stand.world:
            stand.clock.set_world(target)
        self._target, self._attempts, self._stride = target, stand.client.attempts, 1
        self.go_on(stand)

    def go_on(self, stand: Stand) -> None:
        """What had to be waited for has come, it may be."""
        while (target := self._target) is not None:
            was_steady = _is_steady(stand)
            stand.run_due()
            if stand.network.is_outside:
                return
            client = stand.client
            if not was_steady:
                self._attempts = client.attempts
            is_known = client.failed_attempts and client.attempts > self._attempts and _is_steady(stand)
            if is_known or client.is_held(stand.kkt):
                client.skip(stand.kkt, self._skipped_until(stand, target))
            world = stand.world
            due = client.next_event(stand.kkt, stand.network, world)
            if due is None or due > target or not stand.kkt.is_on:
                self._target = None
                stand.clock.set_world(max(target, world))
                return
            stand.clock.set_world(max(due, world))

    def stop(self) -> None:
        """Stay where the world has come."""
        self._target = None

    def lose_patience(self, stand: Stand) -> None:
        """Wait no more for the other process: go on to where the till gives up, if that is on the way."""
        target = self._target
        if target is None:
            return
        if stand.network.is_outside:
            given_up = stand.client.next_event(stand.kkt, stand.network, stand.world)
            stop = target if given_up is None else min(given_up, target)
            stand.clock.set_world(max(stand.world, stop))
            stand.run_due()
            if stop == target:
                self._target = None
        self.go_on(stand)

    def _skipped_until(self, stand: Stand, target: float) -> float:
        """World time up to which attempts can be left out: all of them, when it is known here how they fare.

        Another process is asked again, ever more seldom, and once more at the end of the way.
        """
        if not stand.network.reached_outside:
            return target
        self._stride *= 2
        pause = stand.client.pause_seconds(stand.kkt)
        return min(stand.world + self._stride * pause, target - pause)


def _is_steady(stand: Stand) -> bool:
    """Whether what fails now fails again in the same way."""
    return stand.network.is_steady and stand.cable.is_steady
