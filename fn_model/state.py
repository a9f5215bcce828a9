"""All mutable state of an FN: what survives a power cut, and what does not.

A durable state, once committed to the archive, is never changed: a command that succeeds changes a copy and commits
that. So a refused command leaves no trace, and forks share durable states.
"""

from dataclasses import dataclass
from datetime import date, datetime

from fn_model.counters import ShiftCounters
from fn_model.transitions import Stage
from protocol.ffd.documents import DocumentType
from protocol.fn.commands import Phase, WorkMode
from protocol.fn.requests import Registration


@dataclass(frozen=True, slots=True)
class RegistrationReport:
    """A registration or re-registration report as the FN remembers it. ``reason``: tag 1101, None in the first one."""

    document_number: int
    request: Registration
    reason: int | None
    is_autonomous: bool
    makes_strict_forms: bool

    @classmethod
    def of(cls, document_number: int, request: Registration, reason: int | None) -> "RegistrationReport":
        """The report that ``request`` has made."""
        mode = request.work_mode
        return cls(document_number, request, reason, WorkMode.AUTONOMOUS in mode, WorkMode.STRICT_FORM in mode)


class FnState:
    """Durable state.

    ``stage`` is a resting one; ``identity`` holds the TLVs that every document begins with; ``unsent_bytes`` counts
    the documents that wait for their confirmation; ``last_at`` is the date-time of the last document.
    """

    __slots__ = (
        "document_number",
        "expires_on",
        "identity",
        "last_at",
        "phase",
        "reports",
        "shift",
        "stage",
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
        self.unsent_bytes = 0

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
        twin.unsent_bytes = self.unsent_bytes
        return twin

    @property
    def is_autonomous(self) -> bool:
        """Whether documents go to no OFD."""
        return bool(self.reports) and self.reports[-1].is_autonomous

    def days_left(self, day: date) -> int:
        """Days of the term after ``day``; never negative, 0 before the registration."""
        return 0 if self.expires_on is None else max(0, (self.expires_on - day).days)


class BegunDocument:
    """A document between its first and its last command.

    ``at``: its date-time, None when the last command brings it; ``told_world``: world seconds of the first command;
    ``tags``: the first value of each requisite received.
    """

    __slots__ = ("at", "data", "size_bytes", "stage", "tags", "told_world", "type")

    def __init__(self, stage: Stage, document_type: DocumentType, at: datetime | None, told_world: float) -> None:
        self.stage = stage
        self.type = document_type
        self.at = at
        self.told_world = told_world
        self.data: list[bytes] = []
        self.size_bytes = 0
        self.tags: dict[int, bytes] = {}

    def copy(self) -> "BegunDocument":
        """An independent document in the same state."""
        twin = BegunDocument(self.stage, self.type, self.at, self.told_world)
        twin.data = self.data.copy()
        twin.size_bytes = self.size_bytes
        twin.tags = self.tags.copy()
        return twin


class Volatile:
    """What a power cut destroys.

    ``flags``: the warnings as last judged, None when they are to be judged anew. ``last_answer``: the frame that ENQ
    repeats. ``message``: the OFD message being read. ``document_rest``, ``registration_rest``: TLVs that 46h and 47h
    still have to give, None when no listing is begun. ``told_at``: the date-time last told by an accepted document
    command. ``timer_at``: the date-time told at ``timer_world``; None after power-on, the FN has no calendar.
    """

    __slots__ = (
        "begun",
        "document_rest",
        "flags",
        "has_transport",
        "is_waiting",
        "last_answer",
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
        twin.message = self.message
        twin.is_waiting = self.is_waiting
        twin.last_answer = self.last_answer
        twin.document_rest = self.document_rest
        twin.registration_rest = self.registration_rest
        twin.timer_at = self.timer_at
        return twin
