"""What hands do at the FN's place in a till: pull it out, put one in."""

from typing import Protocol

from fn_model import FiscalStorage, FnModel, FnPort
from kktsim.cable import Cable
from kktsim.device import Kkt, comparison
from kktsim.hands.error import HandsError
from kktsim.shelf import Shelf


class Slot(Protocol):
    """«Гнездо ФН», wherever the FN is. World times in seconds; what cannot be done raises `HandsError`."""

    @property
    def number(self) -> str | None:
        """The number of the FN; None: there is none."""

    def plugged(self) -> FiscalStorage:
        """The FN in the till."""

    def unplug(self) -> str:
        """Pull the FN out; its number."""

    def plug(self, number: str | None, world: float) -> str:
        """Put an FN in, the last one that was pulled out unless told; its number."""

    def swap(self, world: float, model: FnModel | None = None) -> str:
        """Put a new FN in the place of what is there, of the usual model unless told; its number."""

    def power_off(self) -> None:
        """The till has no power any more."""

    def power_on(self, world: float) -> None:
        """The till has power."""


class FnSlot:
    """The end of a cable inside this process, with the shelf beside it."""

    __slots__ = ("_kkt", "_shelf")

    def __init__(self, kkt: Kkt, shelf: Shelf) -> None:
        self._kkt = kkt
        self._shelf = shelf

    @property
    def _cable(self) -> Cable:
        cable = self._kkt.fn.cable
        assert isinstance(cable, Cable)
        return cable

    @property
    def _fn(self) -> FiscalStorage | None:
        port = self._cable.fn
        return port.storage if isinstance(port, FnPort) else None

    @property
    def number(self) -> str | None:
        """The number of the FN; None: there is none."""
        return None if self._fn is None else self._fn.number

    def plugged(self) -> FiscalStorage:
        """The FN in the till; raises `HandsError` when there is none."""
        if self._fn is None:
            raise HandsError("no FN is plugged in: put one in with `fn plug`")
        return self._fn

    def unplug(self) -> str:
        """Pull the FN out and lay it on the shelf; its number."""
        fn = self.plugged()
        self._shelf.put(fn)
        fn.power_off()
        self._cable.fn = None
        return fn.number

    def plug(self, number: str | None, world: float) -> str:
        """Put an FN from the shelf in, the last one that was pulled out unless told; its number."""
        if self._cable.fn is not None:
            raise HandsError(f"FN {self.plugged().number} is plugged in: pull it out with `fn unplug` first")
        return self._put_in(self._shelf.take(number), world)

    def swap(self, world: float, model: FnModel | None = None) -> str:
        """Put a new FN in the place of what is there, of the usual model unless told; its number."""
        taken = [] if self._cable.fn is None else [self.unplug()]
        return self._put_in(self._shelf.new(taken, model), world)

    def power_off(self) -> None:
        """The FN loses its power with the till."""
        if self._fn is not None:
            self._fn.power_off()

    def power_on(self, world: float) -> None:
        """The FN gets power with the till."""
        if self._fn is not None:
            self._fn.power_on(world)

    def _put_in(self, fn: FiscalStorage, world: float) -> str:
        self._cable.fn = FnPort(fn)
        put_in(self._kkt, self, world)
        return fn.number


def put_in(kkt: Kkt, slot: Slot, world: float) -> None:
    """An FN came into the slot of a till: one that is on powers it, compares, and keeps what came of that."""
    if kkt.is_on:
        slot.power_on(world)
        comparison.at_plug(kkt, world)
        kkt.keep_if_it_can()
