"""All mutable state of an FN: what survives a power cut, and what does not.

A durable state, once committed to the archive, is never changed: a command that succeeds changes a copy and commits
that. So a refused command leaves no trace, and forks share durable states.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from fn_model.counters import ShiftCounters
from fn_model.marking_state import Marking, MarkingSession, ReceiptMarking
from fn_model.totals import Totals
from fn_model.transitions import Stage
from protocol.ffd.documents import DocumentType
from protocol.ffd.formats import FFD_1_05
from protocol.fn.commands import ExtendedMode, FnWarning, Phase, WorkMode
from protocol.fn.requests import FullRegistration, Registration

AnyRegistration: TypeAlias = Registration | FullRegistration
"""What a registration report was made of: 03h or A3h."""


@dataclass(frozen=True, slots=True)
class RegistrationReport:
    """A registration or re-registration report as the FN remembers it.

    ``reason``: tag 1101, or the mask of 1205 under A3h; None in the first report. ``ffd``: value of 1209.
    ``conditions``: flags of A3h, or what the requisites of an 03h said; ``agents``: tag 1057, 0 when it did not come.
    """

    document_number: int
    request: AnyRegistration
    reason: int | None
    ffd: int
    conditions: ExtendedMode
    agents: int
    is_autonomous: bool
    makes_strict_forms: bool

    @classmethod
    def of(
        cls,
        document_number: int,
        request: AnyRegistration,
        reason: int | None,
        ffd: int,
        conditions: ExtendedMode = ExtendedMode.NONE,
        agents: int = 0,
    ) -> "RegistrationReport":
        """The report that ``request`` has made."""
        return cls(
            document_number=document_number,
            request=request,
            reason=reason,
            ffd=ffd,
            conditions=conditions,
            agents=agents,
            is_autonomous=WorkMode.AUTONOMOUS in request.work_mode,
            makes_strict_forms=WorkMode.STRICT_FORM in request.work_mode,
        )

    @property
    def sells_marked(self) -> bool:
        """Whether goods with codes («маркировка») may be sold."""
        return ExtendedMode.MARKED_GOODS in self.conditions


class FnState:
    """Durable state.

    ``stage`` is a resting one; ``identity`` holds the TLVs that every document begins with; ``unsent_bytes`` counts
    the documents that wait for their confirmation; ``last_at`` is the date-time of the last document; ``has_failed``:
    the FN has broken down once; ``ofd_flags``: warnings that the last confirmation has set.
    """

    __slots__ = (
        "document_number",
        "expires_on",
        "has_failed",
        "identity",
        "last_at",
        "marking",
        "ofd_flags",
        "phase",
        "reports",
        "shift",
        "stage",
        "totals",
        "unsent_bytes",
    )

    def __init__(self) -> None:
        self.phase = Phase.READY
        self.stage = Stage.UNREGISTERED
        self.reports: tuple[RegistrationReport, ...] = ()
        self.identity: dict[int, bytes] = {}
        self.expires_on: date | None = None
        self.document_number = 0
        self.last_at: datetime | None = None
        self.shift = ShiftCounters()
        self.totals = Totals()
        self.unsent_bytes = 0
        self.has_failed = False
        self.ofd_flags = FnWarning.NONE
        self.marking = Marking()

    def copy(self) -> "FnState":
        """A state to change; all parts are values."""
        twin = FnState.__new__(FnState)
        twin.phase = self.phase
        twin.stage = self.stage
        twin.reports = self.reports
        twin.identity = self.identity
        twin.expires_on = self.expires_on
        twin.document_number = self.document_number
        twin.last_at = self.last_at
        twin.shift = self.shift
        twin.totals = self.totals
        twin.unsent_bytes = self.unsent_bytes
        twin.has_failed = self.has_failed
        twin.ofd_flags = self.ofd_flags
        twin.marking = self.marking
        return twin

    @property
    def ffd(self) -> int:
        """«Версия ФФД» of the last registration, value of 1209; 0 before the first one."""
        return self.reports[-1].ffd if self.reports else 0

    @property
    def is_autonomous(self) -> bool:
        """Whether documents go to no OFD."""
        return bool(self.reports) and self.reports[-1].is_autonomous

    def days_left(self, day: date) -> int:
        """Days of the term after ``day``; never negative, 0 before the registration."""
        return 0 if self.expires_on is None else max(0, (self.expires_on - day).days)


NO_MARKING = ReceiptMarking()


class BegunDocument:
    """A document between its first and its last command.

    ``at``: its date-time, None when the last command brings it; ``told_world``: world seconds of the first command;
    ``tags``: the first value of each requisite received; ``ffd``: the format it is made in, value of 1209; ``items``:
    how many of 1059 came; ``item_kinds``: bit n is set when one of them is of kind n (1212). ``size_bytes``: of all
    data; ``marking``: what of it came by B7h.
    """

    __slots__ = (
        "at",
        "data",
        "ffd",
        "item_kinds",
        "items",
        "marking",
        "size_bytes",
        "stage",
        "tags",
        "told_world",
        "type",
    )

    def __init__(
        self, stage: Stage, document_type: DocumentType, at: datetime | None, told_world: float, ffd: int = FFD_1_05
    ) -> None:
        self.stage = stage
        self.ffd = ffd
        self.items = 0
        self.item_kinds = 0
        self.type = document_type
        self.at = at
        self.told_world = told_world
        self.data: list[bytes] = []
        self.size_bytes = 0
        self.tags: dict[int, bytes] = {}
        self.marking = NO_MARKING

    def copy(self) -> "BegunDocument":
        """An independent document in the same state."""
        twin = BegunDocument(self.stage, self.type, self.at, self.told_world, self.ffd)
        twin.data = self.data.copy()
        twin.size_bytes = self.size_bytes
        twin.tags = self.tags.copy()
        twin.items, twin.item_kinds = self.items, self.item_kinds
        twin.marking = self.marking
        return twin


class Volatile:
    """What a power cut destroys.

    ``flags``: the warnings as last judged, None when they are to be judged anew. ``last_answer``: the frame that ENQ
    repeats. ``message``: the OFD message being read. ``document_rest``, ``registration_rest``: TLVs that 46h and 47h
    still have to give, None when no listing is begun. ``told_at``: the date-time last told by an accepted document
    command. ``timer_at``: the date-time told at ``timer_world``; None after power-on, the FN has no calendar.
    ``marking``: the codes under check.
    """

    __slots__ = (
        "begun",
        "document_rest",
        "flags",
        "has_transport",
        "is_waiting",
        "last_answer",
        "marking",
        "message",
        "registration_rest",
        "timer_at",
        "timer_world",
        "told_at",
    )

    def __init__(self, told_at: datetime | None = None, timer_world: float = 0.0) -> None:
        self.begun: BegunDocument | None = None
        self.flags: int | None = None
        self.has_transport = False
        self.marking = MarkingSession()
        self.message: bytes | None = None
        self.is_waiting = False
        self.last_answer: bytes | None = None
        self.document_rest: bytes | None = None
        self.registration_rest: bytes | None = None
        self.told_at = told_at
        self.timer_world = timer_world
        self.timer_at: datetime | None = None

    def copy(self) -> "Volatile":
        """An independent state, equal to this one."""
        twin = Volatile(self.told_at, self.timer_world)
        twin.begun = None if self.begun is None else self.begun.copy()
        twin.flags = self.flags
        twin.has_transport = self.has_transport
        twin.marking = self.marking
        twin.message = self.message
        twin.is_waiting = self.is_waiting
        twin.last_answer = self.last_answer
        twin.document_rest = self.document_rest
        twin.registration_rest = self.registration_rest
        twin.timer_at = self.timer_at
        return twin
