"""The archive of an FN: documents, confirmations and the durable state, behind one seam.

``commit`` is the only write of a command and one write per FN command: with it everything the command has done is
there, without it nothing. Documents are numbered from 1 without gaps; the queue for the OFD is served strictly in
order. The short form of a document and its confirmation stay for ever; its body goes when `is_to_forget` says so.
"""

from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from fn_model.model import FnModel
from fn_model.state import FnState
from protocol.ffd.documents import DocumentType
from protocol.fn.archive_answers import StoredConfirmation

WHOLE_FOR = timedelta(days=30)
ALWAYS_WHOLE = frozenset({DocumentType.REGISTRATION, DocumentType.RE_REGISTRATION, DocumentType.CLOSE_ARCHIVE})
"""Documents whose every requisite is stored for 5 years (FNS order ЕД-7-20/662@, appendix 2)."""
FORGOTTEN_PER_COMMIT = 2
"""How many documents a commit looks at to drop their bodies: more than it can add, so that none are left behind."""


class ArchiveError(Exception):
    """The archive could not be read or written; nothing of the command is kept. The text says why."""


class Document(NamedTuple):
    """«Фискальный документ» in the archive.

    ``sign``: ФПД as a number; ``body``: the value of its STLV, empty when it is forgotten; ``short``: the details of
    40h; ``ffd``: the format it was made in, value of 1209.
    """

    number: int
    type: DocumentType
    at: datetime
    sign: int
    body: bytes
    goes_to_ofd: bool
    short: bytes
    ffd: int


class Archive(Protocol):
    """The seam behind which an FN keeps what survives a power cut. All but ``close`` may raise ArchiveError."""

    @property
    def state(self) -> FnState:
        """The state last committed."""

    @property
    def damaged(self) -> frozenset[int]:
        """Numbers of the documents whose records read as zeros."""

    def commit(
        self, state: FnState, document: Document | None = None, confirmation: StoredConfirmation | None = None
    ) -> None:
        """Write, durably and as a whole, the new state with at most one new document or confirmation."""

    def wipe(self, state: FnState) -> None:
        """Forget everything and begin with ``state``."""

    def damage(self, number: int) -> None:
        """Let the record of that document read as zeros from now on."""

    def get(self, number: int) -> Document | None:
        """The document of that number."""

    def tail(self) -> Document | None:
        """The last document."""

    def head(self) -> Document | None:
        """The first document that waits for its confirmation."""

    def unsent_count(self) -> int:
        """How many documents wait for their confirmation."""

    def confirmation(self, number: int) -> StoredConfirmation | None:
        """The confirmation of the document of that number."""

    def is_unsent(self, number: int) -> bool:
        """Whether that document waits for its confirmation."""

    def fork(self) -> "Archive":
        """A second archive with the same contents, in memory."""

    def close(self) -> None:
        """Let go of what holds it; nothing more is asked of it."""


class StoredFn(Archive, Protocol):
    """The archive of an FN that knows whose it is."""

    @property
    def number(self) -> str:
        """Number of the FN."""

    @property
    def model(self) -> FnModel:
        """Its model, with its own settings."""


def is_to_forget(at: datetime, last_at: datetime) -> bool:
    """Whether a document of ``at`` that nobody waits for is too old for its body, the last document being of then."""
    return last_at - at > WHOLE_FOR
