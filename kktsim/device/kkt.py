"""The till itself: its state, its clock, its mode, power. What it does on commands is in the chapters beside it."""

from datetime import datetime, timedelta

from kktsim.device.fn_link import CableEnd, FnLink
from kktsim.device.model import KktModel
from kktsim.device.nvram import LiveNvram, Nvram
from kktsim.device.refusal import NotKeptError
from kktsim.device.regions import Region
from kktsim.device.state import ClockRegion, Memory, Volatile
from kktsim.printer.paper import Paper
from protocol.atol.commands.modes import Mode

DAY_SECONDS = 86_400
MEMORIES_DIFFER, NOT_INITIALISED = 0x97, 0xA7
"""Mode bytes in states 7.9 «расхождение памятей» and 7.10 «ККТ не инициализирована»."""
FN_ERROR = 0xE7
"""Mode byte in state 7.14, «блокировка из-за ошибки ФН»."""
HARDWARE_LOCK = 0xF7
"""Mode byte in state 7.15, «блокировка из-за аппаратной ошибки»."""
PAYING = 0x40
"""Submode 4 of registration mode, state 1.4, in the mode byte."""
_EPOCH = datetime(1970, 1, 1)


def to_datetime(world: float) -> datetime:
    """Civil time of ``world`` seconds, to the second."""
    return _EPOCH + timedelta(seconds=int(world))


def to_world(moment: datetime) -> float:
    """Seconds of a civil time."""
    return (moment - _EPOCH).total_seconds()


class Kkt:
    """«ККТ». Times: ``now`` is the host's (how long a report prints), ``at`` the world's (what the clocks show)."""

    __slots__ = ("fn", "is_on", "memory", "model", "now", "nvram", "paper", "settings", "troubles", "volatile")

    def __init__(self, model: KktModel, cable: CableEnd) -> None:
        self.model = model
        self.settings = model.settings
        self.memory = Memory()
        self.nvram: Nvram = LiveNvram(self.memory)
        self.volatile = Volatile()
        self.fn = FnLink(cable)
        self.paper = Paper(model.characters)
        self.now = 0.0
        self.is_on = True
        self.troubles: list[str] = []
        """Sentences for a person, until somebody collects them: what holds the till up that is no till's trouble."""

    def copy(self) -> "Kkt":
        """A fork of the till with its cable and FN."""
        twin = Kkt.__new__(Kkt)
        twin.model = self.model
        twin.settings = self.settings
        twin.memory = self.memory.copy()
        twin.nvram = self.nvram.fork(twin.memory)
        twin.volatile = self.volatile.copy()
        twin.fn = FnLink(self.fn.cable.copy())
        twin.fn.last_command = self.fn.last_command
        twin.paper = self.paper.copy()
        twin.now = self.now
        twin.is_on = self.is_on
        twin.troubles = []
        return twin

    def clock(self, at: float) -> float:
        """The till's own clock, in seconds of civil time."""
        return at + self.memory.clock_offset

    @property
    def access_password(self) -> bytes:
        """Two BCD bytes that open every request (table 2, field 23)."""
        return self.memory.tables.get((2, 1, 23), b"\x00\x00")

    @property
    def is_registered(self) -> bool:
        """«ККТ фискализирована»."""
        return bool(self.memory.mirror.fn_number)

    def shift_is_too_long(self, at: float) -> bool:
        """An open shift older than 24 hours by the till's clock."""
        mirror = self.memory.mirror
        return mirror.shift_is_open and self.clock(at) - mirror.shift_opened_world > DAY_SECONDS

    @property
    def memory_lock(self) -> int:
        """The mode byte of a till whose memory is lost for good: 7.10 without its mirror of the FN, else 7.9; 0: it is
        not (which of the two it is, is a guess)."""
        if not self.memory.bad_regions:
            return 0
        return NOT_INITIALISED if Region.MIRROR in self.memory.bad_regions else MEMORIES_DIFFER

    @property
    def mode_byte(self) -> int:
        """(submode << 4) | mode, as 3Fh and 45h show it."""
        volatile = self.volatile
        if self.memory_lock:
            return self.memory_lock
        if self.memory.clock_region is not ClockRegion.GOOD:
            return self.memory.clock_region
        if self.memory.printer.is_locked:
            return HARDWARE_LOCK
        if volatile.busy_until is not None:
            left = volatile.busy_until - self.now
            return next((byte for end, byte in volatile.busy_modes if left > end), volatile.busy_modes[-1][1])
        if volatile.mode is Mode.SELECTION and volatile.latch and self.settings.mirror_mismatch == "state-7.14":
            return FN_ERROR
        return volatile.mode | PAYING if volatile.mode is Mode.REGISTRATION and self.paying else volatile.mode

    @property
    def paying(self) -> bool:
        """Whether payments of the open receipt are being accepted: it takes no more items."""
        receipt = self.memory.receipt
        return receipt is not None and bool(receipt.payments)

    @property
    def receipt_state(self) -> int:
        """0: closed, else the type of the open receipt."""
        receipt = self.memory.receipt
        return 0 if receipt is None else receipt.type

    def start_printing(
        self,
        seconds: float,
        mode_byte: int,
        mode_after: Mode,
        *,
        first: tuple[float, int] | None = None,
        document: int = 0,
    ) -> None:
        """Show ``mode_byte`` for so long, then be in ``mode_after``.

        ``first``: seconds and the byte before it. ``document``: what is printed is this one, unprinted until the end.
        """
        if document:
            self.memory.unprinted_report = document
        self.volatile.busy_document = document
        before, byte_before = first or (0.0, mode_byte)
        self.volatile.busy_until = self.now + before + seconds
        self.volatile.busy_modes = ((seconds, byte_before), (0.0, mode_byte))
        self.volatile.mode_after = mode_after

    def stop_printing(self) -> None:
        """The report that prints comes to no end: be in the mode behind it."""
        if self.volatile.busy_until is not None:
            self.volatile.busy_until = None
            self.volatile.mode = self.volatile.mode_after

    def settle(self, now: float) -> None:
        """End what had to end by ``now``."""
        self.now = now
        volatile = self.volatile
        if volatile.busy_until is not None and now >= volatile.busy_until:
            volatile.busy_until = None
            volatile.mode = volatile.mode_after
            if volatile.busy_document == self.memory.unprinted_report:
                self.memory.unprinted_report = 0
                self.keep_if_it_can()

    def keep(self) -> None:
        """Let the memory as it is now outlive the power; raises `NotKeptError`."""
        self.nvram.commit(self.memory)

    def keep_if_it_can(self) -> None:
        """The same for what follows from what is kept already; what cannot be kept now is with the next command."""
        try:
            self.keep()
        except NotKeptError as error:
            self.troubles.append(str(error))

    def take_back(self) -> None:
        """What could not be kept has not happened: be where the memory was kept last, and print no report.

        A document that the FN has made meanwhile is one of a pending intent then.
        """
        self.memory = self.nvram.load()
        self.stop_printing()

    def power_off(self) -> None:
        """Lose what is not kept: of the memory, what was changed since the last commit."""
        self.is_on = False
        self.memory = self.nvram.load()
        self.volatile = Volatile()

    def power_on(self, at: float) -> None:
        """Come back, the memory verified. What the till does then about receipt and FN is for others."""
        self.is_on = True
        self.memory = self.nvram.load()
        self.volatile.started_world = at
        self.memory.printer = self.memory.printer.tested()
