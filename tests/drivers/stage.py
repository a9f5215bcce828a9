"""What a check is given beside the driver: the facts of the till, our ledger, and the way to the other port."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from . import till
from .fptr import Driver
from .ledger import Ledger
from .wire import FaultyWire


@dataclass(frozen=True, slots=True)
class Model:
    """What A5 must say: the model's name for ``--model``, its number in the driver's header, its title."""

    name: str
    number: int
    title: str
    is_evotor: bool = False
    """It tells register 2Bh in eight bytes where this driver wants nine, and the driver knows none of its settings."""


@dataclass(slots=True)
class Stage:
    """One play: the till under test and everything the checks remember between them."""

    model: Model
    port: dict[str, str]
    other_port: dict[str, str]
    control: str
    new_driver: Callable[[], Driver]
    ledger: Ledger = field(default_factory=Ledger)
    wire: FaultyWire | None = None
    """What lies between the driver and the TCP port, when the play wants it to fail."""

    def hands(self, *command: str) -> None:
        """Let the operator do something to the till."""
        till.hands(self.control, *command)


Check = Callable[[Driver, Stage], None]
