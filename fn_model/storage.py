"""The fiscal storage: one FN with its model, archive, state and faults. Pure: times and bytes come as arguments.

Commands are functions over it, one file per chapter of the interface description: ``status``, ``registration``,
``shift``, ``receipts``, ``settlement``, ``documents`` (what they share), ``ofd_queue``, ``archive_queries``. ``port``
has the frames.
"""

import hashlib
from datetime import datetime

from fn_model import warnings
from fn_model.archive import Archive, Document, StoredFn
from fn_model.faults import FnFault
from fn_model.memory_archive import MemoryArchive
from fn_model.model import FnModel
from fn_model.number import checked
from fn_model.phases import LIFE, LifeEvent
from fn_model.refusal import FnRefusal
from fn_model.settings import FnSettings
from fn_model.state import FnState, Volatile
from fn_model.transitions import TRANSITIONS, Input, Stage
from protocol.fn.archive_answers import StoredConfirmation
from protocol.fn.commands import FnCode, Phase

_NOT_IN_DIGEST = frozenset({"begun", "last_answer", "flags"})
"""Volatile state that is told apart, is a matter of the wire, or follows from the rest."""


class FiscalStorage:
    """«Фискальный накопитель».

    ``faults``: set and taken back by the operator. ``injected_signs``: fiscal signs by document number, for documents
    that must carry a given one. Both are changed from outside; everything else only by commands and power.
    """

    __slots__ = ("archive", "faults", "injected_signs", "is_powered", "model", "number", "volatile")

    def __init__(self, model: FnModel, number: str, archive: Archive) -> None:
        self.model = model
        self.number = number
        self.archive = archive
        self.volatile = Volatile(archive.state.last_at)
        self.is_powered = True
        self.faults: set[FnFault] = set()
        self.injected_signs: dict[int, int] = {}

    @classmethod
    def new(cls, model: FnModel, number: str) -> "FiscalStorage":
        """A fresh FN in memory, powered. ``number``: 16 digits beginning with 9999, otherwise ValueError."""
        return cls(model, checked(number), MemoryArchive(FnState()))

    @classmethod
    def opened(cls, archive: StoredFn) -> "FiscalStorage":
        """The FN that an archive holds, powered: as after a power cut."""
        return cls(archive.model, archive.number, archive)

    @property
    def state(self) -> FnState:
        """The durable state. Never change it: change a copy and ``commit`` that."""
        return self.archive.state

    @property
    def settings(self) -> FnSettings:
        """Named settings of the model."""
        return self.model.settings

    @property
    def phase(self) -> Phase:
        """«Фаза жизни ФН»."""
        return self.state.phase

    @property
    def stage(self) -> Stage:
        """Where the document machine stands."""
        begun = self.volatile.begun
        return self.state.stage if begun is None else begun.stage

    @property
    def shift_is_open(self) -> bool:
        """Whether a shift is open; a begun opening or closing does not change that."""
        return self.state.stage is Stage.SHIFT_OPEN

    def next_stage(self, one: Input) -> Stage:
        """The stage that ``one`` leads to; raises FnRefusal 02h when it leads nowhere."""
        stage = TRANSITIONS.get((self.stage, one))
        if stage is None:
            raise FnRefusal(FnCode.WRONG_STATE)
        return stage

    def commit(
        self, state: FnState, document: Document | None = None, confirmation: StoredConfirmation | None = None
    ) -> None:
        """Make a new state, and a document or confirmation with it, the truth."""
        self.archive.commit(state, document, confirmation)
        self.volatile.flags = None

    def live(self, state: FnState, event: LifeEvent) -> None:
        """Move ``state`` to the phase that ``event`` leads to."""
        state.phase = LIFE[state.phase, event]

    def tell(self, at: datetime) -> None:
        """Let the FN know a date-time: its warnings are judged by the last one."""
        if at != self.volatile.told_at:
            self.volatile.told_at = at
            self.volatile.flags = None

    def warnings(self) -> int:
        """«Флаги предупреждения» by the date-time last told.

        Every answer asks for them, so they are judged anew only after a commit, a new date-time, or with a fault.
        """
        volatile = self.volatile
        if volatile.flags is None or self.faults:
            now = warnings.Circumstances(self.state, self.archive, self.model, volatile.told_at, self.faults)
            flags = warnings.judge(now)
            volatile.flags = None if self.faults else flags
            return flags
        return volatile.flags

    def inject(self, fault: FnFault) -> None:
        """Break the FN. A failure of the FN itself is remembered after it was mended."""
        self.faults.add(fault)
        if fault is FnFault.FAILED and self.settings.critical_flag_is_sticky:
            state = self.state.copy()
            state.has_failed = True
            self.commit(state)

    def mend(self) -> None:
        """Take all faults back."""
        self.faults.clear()

    def power_off(self) -> None:
        """The FN forgets a begun document, the transport flag, what was being read, and its timer."""
        self.is_powered = False
        self.volatile = self._forgetting(self.volatile.timer_world)

    def power_on(self, world: float) -> None:
        """The timer begins anew at ``world`` seconds; what date that is the FN learns with the next document."""
        self.is_powered = True
        self.volatile = self._forgetting(world)

    def _forgetting(self, world: float) -> Volatile:
        """The volatile state after a power cut; ``world``: when the timer begins anew, unless it runs on."""
        volatile = Volatile(self.state.last_at, world)
        if self.settings.timer_survives_power_off:
            volatile.timer_at, volatile.timer_world = self.volatile.timer_at, self.volatile.timer_world
        return volatile

    def damage_document(self, number: int) -> None:
        """Let the record of a document read as zeros; ValueError when there is no such document."""
        if self.archive.get(number) is None:
            raise ValueError(f"there is no document {number} to damage: the last one is {self.state.document_number}")
        self.archive.damage(number)

    def reset(self) -> None:
        """Back to phase 1 with an empty archive: command 60h of test FNs."""
        self.archive.wipe(FnState())
        self.volatile = Volatile()

    def copy(self) -> "FiscalStorage":
        """A fork: the same FN in another world. Takes the same time however many documents there are."""
        twin = FiscalStorage.__new__(FiscalStorage)
        twin.model = self.model
        twin.number = self.number
        twin.archive = self.archive.fork()
        twin.volatile = self.volatile.copy()
        twin.is_powered = self.is_powered
        twin.faults = self.faults.copy()
        twin.injected_signs = self.injected_signs.copy()
        return twin

    def digest(self) -> str:
        """A check sum of all that decides the next answers, except what ENQ repeats; equal for equal histories.

        The last document stands for the archive, whose numbers have no gaps.
        """
        begun = self.volatile.begun
        parts = (
            self.model,
            self.number,
            self.is_powered,
            sorted(self.faults),
            sorted(self.injected_signs.items()),
            [getattr(self.state, name) for name in FnState.__slots__],
            [getattr(self.volatile, name) for name in Volatile.__slots__ if name not in _NOT_IN_DIGEST],
            [getattr(begun, name) for name in begun.__slots__] if begun is not None else None,
            self.archive.tail(),
            self.archive.unsent_count(),
            sorted(self.archive.damaged),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()
