"""Documents and archives to try the seam with, without an FN."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from fn_model import load_model
from fn_model.archive import Archive, Document
from fn_model.sqlite_archive import SqliteArchive
from fn_model.state import FnState
from protocol.ffd.documents import DocumentType
from protocol.fn.archive_answers import StoredConfirmation

NUMBER = "9999078900000001"
FIRST_DAY = datetime(2026, 1, 10, 9, 0)


def document(
    number: int, day: int = 0, document_type: DocumentType = DocumentType.RECEIPT, *, goes_to_ofd: bool = True
) -> Document:
    """A document of the day so many days behind the first."""
    at, body = FIRST_DAY + timedelta(days=day), bytes([number % 256]) * (1 + number % 40)
    return Document(number, document_type, at, number * 7919, body, goes_to_ofd, bytes([number % 256, 1]), 2)


def confirmation(number: int) -> StoredConfirmation:
    """What the OFD said to the document of that number."""
    return StoredConfirmation(FIRST_DAY + timedelta(seconds=number), number.to_bytes(18, "big"), number)


def after(archive: Archive) -> FnState:
    """A state with one document more than the archive's."""
    state = archive.state.copy()
    state.document_number += 1
    return state


def add(archive: Archive, made: Document) -> None:
    """Commit a document as an FN does."""
    archive.commit(after(archive), made)


def confirm(archive: Archive) -> None:
    """Commit the confirmation of the queue's head."""
    head = archive.head()
    assert head is not None
    archive.commit(archive.state.copy(), confirmation=confirmation(head.number))


def new_file(directory: Path, name: str = "one.fn") -> SqliteArchive:
    """The archive of a fresh FN in a file."""
    return SqliteArchive.create(directory / name, NUMBER, load_model())


class Answers(NamedTuple):
    """All that can be asked of an archive."""

    documents: list[Document | None]
    confirmations: list[StoredConfirmation | None]
    unsent: list[bool]
    tail: Document | None
    head: Document | None
    unsent_count: int
    damaged: frozenset[int]
    state: list[object]


def answers(archive: Archive) -> Answers:
    """Everything an archive tells, of numbers that it has not too."""
    numbers = range(archive.state.document_number + 3)
    return Answers(
        [archive.get(number) for number in numbers],
        [archive.confirmation(number) for number in numbers],
        [archive.is_unsent(number) for number in numbers],
        archive.tail(),
        archive.head(),
        archive.unsent_count(),
        archive.damaged,
        [getattr(archive.state, name) for name in FnState.__slots__],
    )
