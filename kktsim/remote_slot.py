"""A till whose FN is outside of this process: how it is wired, and what hands can still do at the FN's place."""

from typing import NoReturn

from fn_model import FiscalStorage, FnModel
from kktsim.device import Kkt
from kktsim.fn_slot import put_in
from kktsim.hands.error import HandsError
from kktsim.remote_cable import RemoteCable
from protocol.fn.commands import FnCommand
from protocol.fn.frame import build_request


class RemoteSlot:
    """The end of a cable that leads outside."""

    __slots__ = ("_cable", "_kkt")

    def __init__(self, kkt: Kkt, cable: RemoteCable) -> None:
        self._kkt = kkt
        self._cable = cable

    @property
    def number(self) -> str | None:
        """The number of the FN, as it was told last; None: it is not plugged in, or was silent."""
        return self._cable.number

    def plugged(self) -> FiscalStorage:
        """Nothing of it is here but what it answers: raises `HandsError`."""
        self._refuse()

    def unplug(self) -> str:
        """Let go of the port; the number of the FN, empty when it was silent."""
        return self._cable.unplug() or ""

    def plug(self, number: str | None, world: float) -> str:
        """Open the port again; the number of the FN there. There is no shelf to choose ``number`` from."""
        if number is not None:
            self._refuse()
        found = self._cable.plug()
        put_in(self._kkt, self, world)
        return found

    def swap(self, world: float, model: FnModel | None = None) -> str:
        """There is no other: raises `HandsError`."""
        self._refuse()

    def power_off(self) -> None:
        """The FN has its power from elsewhere."""

    def power_on(self, world: float) -> None:
        """The same; so a document that was begun before is cancelled, as if the power had been cut."""
        self._cable.exchange(build_request(FnCommand.CANCEL_DOCUMENT), world)

    def _refuse(self) -> NoReturn:
        raise HandsError(
            "the FN of this till is outside of this process: do that where it is served, or put another one there;"
            " here it can be unplugged and plugged in"
        )
