"""A second archive that goes on from where one in a file stands; it lives in memory and costs nothing to begin.

What was made before is read from the file, where documents and confirmations are only ever added. What else the file
is going to lose it hands over first: the body of a document, or, when it is closed or wiped, everything.
"""

from bisect import bisect_left
from collections.abc import Mapping
from typing import Protocol

from fn_model.archive import ALWAYS_WHOLE, FORGOTTEN_PER_COMMIT, Document, is_to_forget
from fn_model.state import FnState
from protocol.append_log import AppendLog
from protocol.fn.archive_answers import StoredConfirmation


class Past(Protocol):
    """Where documents and confirmations made before the fork can be read, perhaps with later ones behind them."""

    def get(self, number: int) -> Document | None:
        """The document of that number."""

    def confirmation(self, number: int) -> StoredConfirmation | None:
        """The confirmation of the document of that number."""

    def let_read(self, fork: "ArchiveFork") -> None:
        """``fork`` reads here from now on, and is to be told before something goes."""


class ArchiveFork:
    """An archive whose documents up to ``_last``, and confirmations of those before ``_first``, are in ``_past``."""

    __slots__ = (
        *("__weakref__", "_confirmations", "_first", "_forgotten", "_head", "_last", "_past", "_saved", "_tail"),
        *("_made", "_unsent", "damaged", "state"),
    )

    def __init__(
        self,
        past: Past,
        state: FnState,
        *,
        ends: tuple[Document | None, Document | None],
        unsent: int,
        forgotten: int,
        damaged: frozenset[int],
    ) -> None:
        """``ends``: the last document and the first unsent one; ``forgotten``: up to which one bodies are dropped."""
        self._tail, self._head = ends
        self._past = past
        self._last = 0 if self._tail is None else self._tail.number
        self._first = self._last + 1 if self._head is None else self._head.number
        self._unsent = unsent
        self._forgotten = forgotten
        self._saved: Mapping[int, Document] = {}
        """Documents of the past whose bodies have gone there since."""
        self._made: AppendLog[Document] = AppendLog()
        self._confirmations: AppendLog[StoredConfirmation] = AppendLog()
        self.damaged = damaged
        self.state = state
        past.let_read(self)

    # ---- what the past tells

    def save(self, document: Document) -> None:
        """The body of a document of the past is about to go."""
        if self._forgotten < document.number <= self._last:
            self._saved = {**self._saved, document.number: document}

    def move(self, past: Past) -> None:
        """The past can be read there from now on; bodies that were saved may be missing."""
        self._past = past
        past.let_read(self)

    # ---- the archive

    def commit(
        self, state: FnState, document: Document | None = None, confirmation: StoredConfirmation | None = None
    ) -> None:
        """Keep the new state, the document and the confirmation of the queue's head."""
        if document is not None:
            self._made.append(document)
            self._tail = document
            if document.goes_to_ofd:
                self._head = self._head or document
                self._unsent += 1
        if confirmation is not None:
            self._confirmations.append(confirmation)
            self._unsent -= 1
            self._head = self._next_to_send(confirmation.number) if self._unsent else None
        self._forget()
        self.state = state

    def wipe(self, state: FnState) -> None:
        """Forget everything and begin with ``state``."""
        self._tail = self._head = None
        self._last = self._unsent = self._forgotten = 0
        self._first = 1
        self._saved = {}
        self._made, self._confirmations = AppendLog(), AppendLog()
        self.damaged = frozenset()
        self.state = state

    def damage(self, number: int) -> None:
        """Let the record of that document read as zeros from now on."""
        self.damaged |= {number}

    def get(self, number: int) -> Document | None:
        """The document of that number."""
        if number > self._last:
            place = number - self._last - 1
            document = self._made[place] if place < len(self._made) else None
        else:
            document = self._saved.get(number) or self._past.get(number)
        if document is None or number > self._forgotten or document.type in ALWAYS_WHOLE:
            return document
        return document._replace(body=b"")

    def tail(self) -> Document | None:
        """The last document."""
        return self._tail

    def head(self) -> Document | None:
        """The first document that waits for its confirmation."""
        return self._head

    def unsent_count(self) -> int:
        """How many documents wait for their confirmation."""
        return self._unsent

    def confirmation(self, number: int) -> StoredConfirmation | None:
        """The confirmation of the document of that number."""
        if number < self._first:
            return self._past.confirmation(number)
        own = self._confirmations
        place = bisect_left(own, number, key=lambda one: one.number)
        return own[place] if place < len(own) and own[place].number == number else None

    def is_unsent(self, number: int) -> bool:
        """Whether that document waits for its confirmation."""
        if self._head is None or number < self._head.number:
            return False
        document = self.get(number)
        return document is not None and document.goes_to_ofd

    def fork(self) -> "ArchiveFork":
        """A second archive that goes on from here."""
        twin = ArchiveFork.__new__(ArchiveFork)
        twin._past, twin._last, twin._first, twin._saved = self._past, self._last, self._first, self._saved
        twin._tail, twin._head, twin._unsent, twin._forgotten = self._tail, self._head, self._unsent, self._forgotten
        twin._made = self._made.fork()
        twin._confirmations = self._confirmations.fork()
        twin.damaged = self.damaged
        twin.state = self.state
        twin._past.let_read(twin)
        return twin

    def close(self) -> None:
        """Nothing holds it."""

    def _next_to_send(self, number: int) -> Document | None:
        """The first document behind ``number`` that goes to the OFD."""
        following = number + 1
        while (document := self.get(following)) is not None and not document.goes_to_ofd:
            following += 1
        return document

    def _forget(self) -> None:
        """Drop the bodies whose time has come, the oldest first; the last document never is one of them."""
        for _ in range(FORGOTTEN_PER_COMMIT):
            document = self.get(self._forgotten + 1)
            if document is None or self._tail is None or not is_to_forget(document.at, self._tail.at):
                break
            if self.is_unsent(document.number):
                break
            self._forgotten = document.number
