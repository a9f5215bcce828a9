"""How well a till is: what a shopkeeper would not want to find worse after a repair than before."""

from dataclasses import dataclass

from protocol.atol.command import parse_answer
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.tables import ReadTable
from scenarios import routine
from scenarios.playbook import Scene
from scenarios.roles import Till
from scenarios.routine import Refused

CLOCK_TOLERANCE_SECONDS = 300
_FIELDS = ((2, 1, 18), (2, 1, 23), (2, 1, 85), (2, 1, 110), (3, 30, 1), (19, 1, 1), (19, 1, 2), (19, 1, 4))
"""Fields of the settings tables that resets destroy: cash at Z, passwords, link, СНО, the OFD."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found. ``clock_error_seconds``: the till's clock against the world."""

    trades: bool
    unsent_documents: int | None
    clock_error_seconds: float
    tables: tuple[bytes, ...]
    abandoned: tuple[str, ...]
    """FNs on the shelf whose archive is open or that hold unsent documents."""

    def worse_than(self, other: "Health") -> str:
        """What is worse here than in ``other``, in words; empty when nothing is."""
        troubles = []
        if other.trades and not self.trades:
            troubles.append("a sale and a Z do not go through")
        if (self.unsent_documents or 0) > (other.unsent_documents or 0):
            troubles.append(f"{self.unsent_documents} documents stay unsent")
        if abs(self.clock_error_seconds) > CLOCK_TOLERANCE_SECONDS >= abs(other.clock_error_seconds):
            troubles.append(f"the till's clock is off by {self.clock_error_seconds / 86_400:.1f} days")
        if self.tables != other.tables:
            troubles.append("settings tables differ")
        troubles += [one for one in self.abandoned if one not in other.abandoned]
        return "; ".join(troubles)


def examine(scene: Scene) -> Health:
    """A sale, a Z, the queue, the clock, the tables, the shelf."""
    till = scene.till
    trades = True
    try:
        trade(till)
    except Refused:
        trades = False
    clock = ReadRegister(register=0x11)
    shown = clock.read_answer(parse_answer(clock.code, till.send(clock.to_wire())).data)["at"]
    return Health(
        trades=trades,
        unsent_documents=scene.witness.unsent_documents(),
        clock_error_seconds=routine.to_world(shown) - scene.witness.world(),
        tables=tuple(_field(till, *where) for where in _FIELDS),
        abandoned=tuple(scene.witness.abandoned_fns()),
    )


def _field(till: Till, table: int, row: int, field: int) -> bytes:
    command = ReadTable(table=table, row=row, field=field)
    return till.send(command.to_wire())


def trade(till: Till) -> None:
    """A small day: open the shift unless it is open, sell, close it; raises `Refused`."""
    if not routine.shift_is_open(till):
        routine.open_shift(till)
    routine.sell(till)
    routine.close_shift(till)
