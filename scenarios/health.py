"""How well a till is: what a shopkeeper would not want to find worse after a repair than before.

A till is examined when it trades again, or before anything is wrong with it: a small day is traded, the till gets the
time to send it, and its clock, settings, requisites, sums and FNs are looked at. What is worse than in a till that was
examined before is a `Harm`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from protocol.atol.command import Command
from protocol.atol.commands.fn import AskFn
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.requisites import ReadRequisite
from protocol.atol.commands.tables import ReadTable
from protocol.ffd.tags import T
from protocol.fn.answers import ShiftParameters
from protocol.fn.commands import FnCommand
from scenarios import routine
from scenarios.playbook import Scene
from scenarios.roles import Till
from scenarios.routine import Refused

CLOCK_TOLERANCE_SECONDS = 300
TO_SEND_SECONDS = 300
"""World time in which a till sends what it can send."""
CASH, CLOCK, SHIFT, SINCE_REGISTRATION, LAST_REGISTRATION, RECEIPTS_IN_SHIFT = 0x0A, 0x11, 0x12, 0x28, 0x30, 0x35
"""Registers."""
SELL = 1
CASH_AT_Z = (2, 1, 18)
TAKES_CASH_OUT = 0x04
"""Bit of the field."""
Place = tuple[int, int, int]
UNSET: dict[Place, tuple[str, frozenset[bytes]]] = {
    (19, 1, 1): ("the address of the OFD", frozenset((b"", b"0.0.0.0"))),
    (2, 1, 110): ("the default tax system", frozenset((b"",))),
    (2, 1, 23): ("the access password", frozenset((b"",))),
}
"""Fields of the settings tables that resets destroy (table, row, field), and what they hold when they are not set."""
FIXED: dict[Place, str] = {
    (19, 1, 4): "the channel to the OFD",
    (3, 30, 1): "the password that the terminal uses (table 3, row 30)",
}
"""Fields that had better stay as they are. Another address of the OFD is no harm: whether documents leave, tells."""
REQUISITES: dict[int, str] = {
    T.AGENT: "1057, the agent flags",
    T.TAX_SYSTEMS: "1062, the tax systems",
    T.USER_NAME: "1048, the user",
    T.USER_INN: "1018, the user's INN",
    T.REGISTRATION_NUMBER: "1037, the registration number",
    T.SETTLEMENT_ADDRESS: "1009, the address",
    T.SETTLEMENT_PLACE: "1187, the place",
    T.OFD_INN: "1017, the INN of the OFD",
    T.MACHINE_NUMBER: "1036, the number of the machine",
}
"""Of the registration."""
MASKS = frozenset((T.AGENT, T.TAX_SYSTEMS))
"""Requisites that are flags: one more is no harm."""
PADDING = b"\x00 "
"""Fills a field that is wider than its value."""
_HEAD_BYTES = 5
"""Block count and the head of the requisite."""


@dataclass(frozen=True, slots=True)
class Harm:
    """Something that is worse. ``about``: what it is about, by which two are compared; ``text``: in words."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Books:
    """What the till adds up, money in kopecks; None: it does not tell.

    ``shift``: number of the open one, None: none is; ``receipts``: in it.
    """

    cash: int | None = None
    since_registration: int | None = None
    shift: int | None = None
    receipts: int = 0

    def at_most(self, later: "Books") -> "Books":
        """The shift as it is later, and the greater of the sums."""
        cash = max(self.cash or 0, later.cash or 0)
        return replace(
            later, cash=cash, since_registration=max(self.since_registration or 0, later.since_registration or 0)
        )


@dataclass(frozen=True, slots=True)
class Health:
    """What was found. ``clock_error_seconds``: the till's clock against the world, None: it has no time."""

    trades: bool
    unsent_documents: int
    clock_error_seconds: float | None
    world: float
    """When a fix begins, or when it was examined after it."""
    settings: dict[Place, bytes]
    takes_cash_out: bool
    requisites: dict[int, bytes]
    registered_at: float | None
    """By the FN's last report on registration: world seconds."""
    abandoned: tuple[str, ...]
    """FNs on the shelf whose archive is open or that hold unsent documents, a sentence each."""
    uncounted_receipts: int = 0
    """Receipts of the shift that was open then which the FN has made and the till's sums lack."""
    books: Books = field(default_factory=Books)
    """When the fix was over."""

    def harms(self, before: "Health") -> tuple[Harm, ...]:
        """What is worse than in a till that was examined before."""
        known = {one.about for one in before.troubles()}
        return (*(one for one in self.troubles() if one.about not in known), *self._lost(before))

    def troubles(self) -> Iterator[Harm]:
        """What is wrong by itself."""
        if not self.trades:
            yield Harm("trade", "a sale and a Z do not go through")
        if self.unsent_documents:
            yield Harm("unsent", f"{self.unsent_documents} documents stay unsent")
        if self.clock_error_seconds is None:
            yield Harm("clock", "the till has no date and time")
        elif abs(self.clock_error_seconds) > CLOCK_TOLERANCE_SECONDS:
            yield Harm("clock", f"the till's clock is off by {in_days(self.clock_error_seconds)} days")
        if self.uncounted_receipts:
            yield Harm("shift", f"{self.uncounted_receipts} receipts of the shift are in no sum of the till")
        yield from (Harm(one, one) for one in self.abandoned)

    def _lost(self, before: "Health") -> Iterator[Harm]:
        had, has = before.settings, self.settings
        for place, (name, unset) in UNSET.items():
            if has[place].strip(PADDING) in unset and had[place].strip(PADDING) not in unset:
                yield Harm(f"setting {place}", f"{name} is no longer set")
        for place, name in FIXED.items():
            if had[place] != has[place]:
                yield Harm(f"setting {place}", f"{name} is another than before")
        if before.takes_cash_out and not self.takes_cash_out:
            yield Harm("cash at Z", "the cash is no longer taken out at the end of the shift")
        for tag, name in REQUISITES.items():
            if _is_lost(tag, before.requisites[tag], self.requisites[tag]):
                gone = "is another than before" if self.requisites[tag] else "is gone"
                yield Harm(f"requisite {tag}", f"the requisite {name}, {gone}")
        yield from self._sums_lost(before)
        yield from self._misdated(before)

    def _sums_lost(self, before: "Health") -> Iterator[Harm]:
        had, has = before.books, self.books
        lost = had.receipts - has.receipts
        if has.shift is not None and has.shift == had.shift and lost > 0 and not self.uncounted_receipts:
            yield Harm("shift", f"{lost} receipts of the shift are in no sum of the till")
        if not before.takes_cash_out and has.cash is not None and has.cash < (had.cash or 0):
            yield Harm("cash", "the till has forgotten how much cash is in the drawer")
        if has.since_registration is not None and has.since_registration < (had.since_registration or 0):
            yield Harm("sums", "the sums since the registration begin with zero again")

    def _misdated(self, before: "Health") -> Iterator[Harm]:
        at = self.registered_at
        if at is None or at == before.registered_at:
            return
        if (off := in_days(at - before.world)) <= -1 or at - self.world > CLOCK_TOLERANCE_SECONDS:
            yield Harm("registration", f"the FN is registered with a date that is off by {off} days")


def _is_lost(tag: int, had: bytes, has: bytes) -> bool:
    """Whether something of a requisite is no longer there."""
    if tag in MASKS and has:
        return bool(int.from_bytes(had, "little") & ~int.from_bytes(has, "little"))
    return had not in (b"", has)


def in_days(seconds: float) -> float:
    """Days with one digit."""
    return round(seconds / 86_400, 1)


def worse(mine: tuple[Harm, ...], other: tuple[Harm, ...]) -> str:
    """The harm here that is not there, in words; empty when there is none."""
    known = {one.about for one in other}
    return "; ".join(one.text for one in mine if one.about not in known)


def examine(scene: Scene, books: Books) -> Health:
    """Trade a small day, let five minutes go by, and look. ``books``: as they were before the proof."""
    till = scene.till
    trades, uncounted = True, uncounted_receipts(till)
    try:
        trade(till)
    except Refused:
        trades = False
    scene.hands.advance(TO_SEND_SECONDS)
    world = scene.witness.world()
    shown = _moment(till, CLOCK)
    cash_at_z = _field(till, CASH_AT_Z)
    return Health(
        trades=trades,
        unsent_documents=scene.witness.unsent_documents() or 0,
        clock_error_seconds=None if shown is None else shown - world,
        world=world,
        settings={place: _field(till, place) for place in (*UNSET, *FIXED)},
        takes_cash_out=bool(cash_at_z) and bool(cash_at_z[0] & TAKES_CASH_OUT),
        requisites={tag: _requisite(till, tag) for tag in REQUISITES},
        registered_at=_moment(till, LAST_REGISTRATION),
        abandoned=tuple(scene.witness.abandoned_fns()),
        uncounted_receipts=uncounted,
        books=books,
    )


def read_books(till: Till) -> Books:
    """What the till adds up now; the FN is not asked. Nothing of a till that does not answer."""
    try:
        return _read_books(till)
    except TimeoutError:
        return Books()


def _read_books(till: Till) -> Books:
    cash = _register(till, ReadRegister(register=CASH)).get("sum_kopecks")
    sums = _register(till, ReadRegister(register=SINCE_REGISTRATION, first=SELL)).get("sum_kopecks")
    shift = _register(till, ReadRegister(register=RECEIPTS_IN_SHIFT))
    is_open = _register(till, ReadRegister(register=SHIFT)).get("shift_is_open")
    return Books(cash, sums, shift.get("shift_number") if is_open else None, shift.get("receipts", 0))


def uncounted_receipts(till: Till) -> int:
    """Receipts of the open shift that the FN has made and the till's sums lack: no report will have them.

    By the FN's 10h and register 35h; 0: one of them does not tell.
    """
    counted = _register(till, ReadRegister(register=RECEIPTS_IN_SHIFT)).get("receipts")
    told = _asked(till, AskFn(command=FnCommand.SHIFT_PARAMETERS))
    if counted is None or not told:
        return 0
    shift = ShiftParameters.parse(told)
    return max(shift.receipt - int(counted), 0) if shift.is_open else 0


def _asked(till: Till, command: Command) -> bytes:
    """The data of the answer; nothing when the till refuses."""
    try:
        return routine.ask(till, command).data
    except Refused:
        return b""


def _register(till: Till, register: ReadRegister) -> Mapping[str, Any]:
    data = _asked(till, register)
    return register.read_answer(data) if data else {}


def _moment(till: Till, register: int) -> float | None:
    """Date and time of a register, in world seconds."""
    at: datetime | None = _register(till, ReadRegister(register=register)).get("at")
    return None if at is None else routine.to_world(at)


def _field(till: Till, place: Place) -> bytes:
    table, row, field = place
    return _asked(till, ReadTable(table=table, row=row, field=field))


def _requisite(till: Till, tag: int) -> bytes:
    """The value of its first block."""
    return _asked(till, ReadRequisite(tag=tag))[_HEAD_BYTES:]


def trade(till: Till) -> None:
    """A small day: open the shift unless it is open, sell, close it; raises `Refused`."""
    if not routine.shift_is_open(till):
        routine.open_shift(till)
    routine.sell(till)
    routine.close_shift(till)
