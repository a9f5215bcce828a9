"""What a check is given beside the driver: the facts of the till, our ledger, and the way to the other port."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from . import till
from .fptr import Driver
from .ledger import Ledger


@dataclass(frozen=True, slots=True)
class Model:
    """What A5 must say: the model's name for ``--model``, its number in the driver's header, its title."""

    name: str
    number: int
    title: str


@dataclass(slots=True)
class Stage:
    """One play: the till under test and everything the checks remember between them."""

    model: Model
    port: dict[str, str]
    other_port: dict[str, str]
    control: str
    new_driver: Callable[[], Driver]
    ledger: Ledger = field(default_factory=Ledger)

    def hands(self, *command: str) -> None:
        """Let the operator do something to the till."""
        till.hands(self.control, *command)


Check = Callable[[Driver, Stage], None]
