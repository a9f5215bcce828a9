"""How well a till is: what a shopkeeper would not want to find worse after a repair than before."""

from dataclasses import dataclass

from protocol.atol.command import parse_answer
from protocol.atol.commands.fn import AskFn
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.tables import ReadTable
from protocol.fn.answers import ShiftParameters
from protocol.fn.commands import FnCommand
from scenarios import routine
from scenarios.playbook import Scene
from scenarios.roles import Till
from scenarios.routine import Refused

CLOCK_TOLERANCE_SECONDS = 300
RECEIPTS_IN_SHIFT = 0x35
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
    uncounted_receipts: int = 0
    """Receipts of the open shift that the FN has made and the till's sums lack: no report will have them."""

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
        if self.uncounted_receipts > other.uncounted_receipts:
            troubles.append(f"{self.uncounted_receipts} receipts of the shift are in no sum of the till")
        troubles += [one for one in self.abandoned if one not in other.abandoned]
        return "; ".join(troubles)


def examine(scene: Scene) -> Health:
    """A sale, a Z, the queue, the clock, the tables, the shelf."""
    till = scene.till
    trades, uncounted = True, _uncounted(till)
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
        uncounted_receipts=uncounted,
    )


def _uncounted(till: Till) -> int:
    """What the FN counts in the open shift (10h) and the till does not (register 35h); 0: one of them does not tell."""
    try:
        shift = ShiftParameters.parse(routine.ask(till, AskFn(command=FnCommand.SHIFT_PARAMETERS)).data)
        register = ReadRegister(register=RECEIPTS_IN_SHIFT)
        counted = register.read_answer(routine.ask(till, register).data)["receipts"]
    except Refused:
        return 0
    return max(shift.receipt - int(counted), 0) if shift.is_open else 0


def _field(till: Till, table: int, row: int, field: int) -> bytes:
    command = ReadTable(table=table, row=row, field=field)
    return till.send(command.to_wire())


def trade(till: Till) -> None:
    """A small day: open the shift unless it is open, sell, close it; raises `Refused`."""
    if not routine.shift_is_open(till):
        routine.open_shift(till)
    routine.sell(till)
    routine.close_shift(till)
