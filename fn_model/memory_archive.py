"""An archive in memory, whose forks share their past."""

from bisect import bisect_left
from collections.abc import Iterable

from fn_model.archive import ALWAYS_WHOLE, FORGOTTEN_PER_COMMIT, Document, is_to_forget
from fn_model.state import FnState
from protocol.append_log import AppendLog
from protocol.fn.archive_answers import StoredConfirmation

_SLACK = 1024
"""Forgotten bodies that are still held, besides as many as there are live ones."""


class MemoryArchive:
    """An archive that lives as long as the process.

    Documents are in ``_old`` when their time to be forgotten has come, otherwise in ``_young``, which begins behind
    the first ``_base`` of them. Forks share both logs, so bodies leave memory when ``_young`` is begun anew.
    """

    __slots__ = ("_base", "_confirmations", "_old", "_outgoing", "_young", "damaged", "state")

    def __init__(self, state: FnState) -> None:
        self.wipe(state)

    @classmethod
    def filled(
        cls,
        state: FnState,
        documents: Iterable[Document],
        confirmations: Iterable[StoredConfirmation],
        *,
        forgotten: int,
        damaged: frozenset[int],
    ) -> "MemoryArchive":
        """An archive with that past. ``forgotten``: up to which document bodies are dropped."""
        archive = cls(state)
        for document in documents:
            (archive._old if document.number <= forgotten else archive._young).append(document)
            if document.goes_to_ofd:
                archive._outgoing.append(document.number)
        for confirmation in confirmations:
            archive._confirmations.append(confirmation)
        archive._base = forgotten
        archive.damaged = damaged
        return archive

    @property
    def forgotten(self) -> int:
        """Up to which document bodies are dropped."""
        return len(self._old)

    def commit(
        self, state: FnState, document: Document | None = None, confirmation: StoredConfirmation | None = None
    ) -> None:
        """Keep the new state, the document and the confirmation of the queue's head."""
        if document is not None:
            self._young.append(document)
            if document.goes_to_ofd:
                self._outgoing.append(document.number)
        if confirmation is not None:
            self._confirmations.append(confirmation)
        self._forget()
        self.state = state

    def wipe(self, state: FnState) -> None:
        """Forget everything and begin with ``state``."""
        self._base = 0
        self._old: AppendLog[Document] = AppendLog()
        self._young: AppendLog[Document] = AppendLog()
        self._outgoing: AppendLog[int] = AppendLog()
        self._confirmations: AppendLog[StoredConfirmation] = AppendLog()
        self.damaged: frozenset[int] = frozenset()
        self.state = state

    def damage(self, number: int) -> None:
        """Let the record of that document read as zeros from now on."""
        self.damaged |= {number}

    def get(self, number: int) -> Document | None:
        """The document of that number."""
        if not 0 < number <= self._base + len(self._young):
            return None
        return self._old[number - 1] if number <= len(self._old) else self._young[number - 1 - self._base]

    def tail(self) -> Document | None:
        """The last document."""
        return self._young[-1] if len(self._young) else None

    def head(self) -> Document | None:
        """The first document that waits for its confirmation."""
        confirmed = len(self._confirmations)
        return self.get(self._outgoing[confirmed]) if confirmed < len(self._outgoing) else None

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
        """A second archive that shares the records made so far, in time that does not depend on how many there are."""
        twin = MemoryArchive.__new__(MemoryArchive)
        twin._base = self._base
        twin._old = self._old.fork()
        twin._young = self._young.fork()
        twin._outgoing = self._outgoing.fork()
        twin._confirmations = self._confirmations.fork()
        twin.damaged = self.damaged
        twin.state = self.state
        return twin

    def close(self) -> None:
        """Nothing holds it."""

    def let_read(self, fork: object) -> None:
        """A fork of another archive reads here; nothing goes while it does, for nobody writes."""

    def _place(self, number: int) -> int | None:
        """Index of a document among those made for sending; their numbers grow."""
        place = bisect_left(self._outgoing, number)
        return place if place < len(self._outgoing) and self._outgoing[place] == number else None

    def _forget(self) -> None:
        """Drop the bodies whose time has come, the oldest first; the last document never is one of them."""
        last = self.tail()
        for _ in range(FORGOTTEN_PER_COMMIT):
            document = self.get(len(self._old) + 1)
            if document is None or last is None or not is_to_forget(document.at, last.at):
                break
            if self.is_unsent(document.number):
                break
            self._old.append(document if document.type in ALWAYS_WHOLE else document._replace(body=b""))
        self._let_go()

    def _let_go(self) -> None:
        """Begin ``_young`` anew when most of it is forgotten."""
        forgotten = len(self._old) - self._base
        if forgotten > _SLACK + len(self._young) - forgotten:
            live: AppendLog[Document] = AppendLog()
            for document in self._young.since(forgotten):
                live.append(document)
            self._young, self._base = live, len(self._old)
