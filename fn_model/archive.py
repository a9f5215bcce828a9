"""The archive of an FN: documents, confirmations and the durable state, behind one seam.

``commit`` is the only write and one write per FN command: with it everything the command has done is there, without
it nothing. Documents are numbered from 1 without gaps; the queue for the OFD is served strictly in order, so it is the
list of documents made for sending and the count of those confirmed.
"""

from bisect import bisect_left
from datetime import datetime
from typing import NamedTuple, Protocol

from fn_model.state import FnState
from protocol.append_log import AppendLog
from protocol.ffd.documents import DocumentType
from protocol.fn.archive_answers import StoredConfirmation


class Document(NamedTuple):
    """«Фискальный документ» in the archive. ``body``: the value of its STLV; ``sign``: ФПД as a number."""

    number: int
    type: DocumentType
    at: datetime
    sign: int
    body: bytes
    goes_to_ofd: bool


class Archive(Protocol):
    """The seam behind which an FN keeps what survives a power cut."""

    state: FnState
    """The state last committed."""

    def commit(
        self, state: FnState, document: Document | None = None, confirmation: StoredConfirmation | None = None
    ) -> None:
        """Write, durably and as a whole, the new state with at most one new document or confirmation."""

    def wipe(self, state: FnState) -> None:
        """Forget everything and begin with ``state``."""

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
        """A second archive with the same contents, in time that does not depend on how many there are."""


class MemoryArchive:
    """An archive that lives as long as the process."""

    __slots__ = ("_confirmations", "_documents", "_outgoing", "state")

    def __init__(self, state: FnState) -> None:
        self.wipe(state)

    def commit(
        self, state: FnState, document: Document | None = None, confirmation: StoredConfirmation | None = None
    ) -> None:
        """Keep the new state, the document and the confirmation of the queue's head."""
        if document is not None:
            self._documents.append(document)
            if document.goes_to_ofd:
                self._outgoing.append(document.number)
        if confirmation is not None:
            self._confirmations.append(confirmation)
        self.state = state

    def wipe(self, state: FnState) -> None:
        """Forget everything and begin with ``state``."""
        self._documents: AppendLog[Document] = AppendLog()
        self._outgoing: AppendLog[int] = AppendLog()
        self._confirmations: AppendLog[StoredConfirmation] = AppendLog()
        self.state = state

    def get(self, number: int) -> Document | None:
        """The document of that number."""
        return self._documents[number - 1] if 0 < number <= len(self._documents) else None

    def tail(self) -> Document | None:
        """The last document."""
        return self._documents[-1] if len(self._documents) else None

    def head(self) -> Document | None:
        """The first document that waits for its confirmation."""
        confirmed = len(self._confirmations)
        return self._documents[self._outgoing[confirmed] - 1] if confirmed < len(self._outgoing) else None

    def unsent_count(self) -> int:
        """How many documents wait for their confirmation."""
        return len(self._outgoing) - len(self._confirmations)

    def confirmation(self, number: int) -> StoredConfirmation | None:
        """The confirmation of the document of that number."""
        place = self._place(number)
        return self._confirmations[place] if place is not None and place < len(self._confirmations) else None

    def is_unsent(self, number: int) -> bool:
        """Whether that document waits for its confirmation."""
        place = self._place(number)
        return place is not None and place >= len(self._confirmations)

    def fork(self) -> "MemoryArchive":
        """A second archive that shares the records made so far."""
        twin = MemoryArchive.__new__(MemoryArchive)
        twin._documents = self._documents.fork()
        twin._outgoing = self._outgoing.fork()
        twin._confirmations = self._confirmations.fork()
        twin.state = self.state
        return twin

    def _place(self, number: int) -> int | None:
        """Index of a document among those made for sending; their numbers grow."""
        place = bisect_left(self._outgoing, number)
        return place if place < len(self._outgoing) and self._outgoing[place] == number else None
