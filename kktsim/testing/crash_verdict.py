"""What a driver finds behind a till that was killed, against the book of what had been acknowledged to it.

The till is asked by its own commands, its FN through it (A4h 10h, 30h, 40h); at the end of a home the FN's file is
read without a till.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

from fn_model.sqlite_archive import SqliteArchive
from kktsim.ofd.sqlite_store import SqliteStore
from kktsim.testing.audit import LAWS_OF_HISTORY, Archive, Document
from kktsim.testing.crash_driver import LAST_DOCUMENT, Book, Driver, Due
from protocol.atol.commands.fn import AskFn, FinishReport
from protocol.atol.commands.modes import LeaveMode
from protocol.atol.commands.registers import ReadRegister
from protocol.fn.answers import FnStatus, ShiftParameters
from protocol.fn.archive_answers import FoundDocument, ReceiptDetails, layout
from protocol.fn.commands import CurrentDocument, FnCommand

UNPRINTED = 0xF0
"""Bits of register 3Bh at which ATOL's driver 10.8 has the till print what is left to be printed."""
CLOCK, SHIFT, RECEIPTS, FLAGS = (ReadRegister(register=number) for number in (0x11, 0x12, 0x35, 0x3B))


class Wrong(AssertionError):
    """Something was lost, made twice, or does not agree; the message says what was seen."""


class Verdict:
    """What was read of one home so far."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self._archive = Archive()
        self._totals: set[int] = set()
        self._clock = datetime.min

    def find_out(self) -> bool:
        """Judge a till that has come up again, and learn what became of what nobody answered; raises `Wrong`.

        True: the FN has a document that was not acknowledged, and the till has booked it.
        """
        driver = self.driver
        driver.ask(LeaveMode())
        if self._register(FLAGS)["flags"] & UNPRINTED:
            driver.ask(FinishReport())
        clock = self._register(CLOCK)["at"]
        _demand(clock >= self._clock, f"the clock has gone back from {self._clock} to {clock}")
        self._clock = clock
        status = FnStatus.parse(self._fn(FnCommand.STATUS))
        _demand(status.document is CurrentDocument.NONE, f"the FN is left with {status.document!r} begun")
        for number in range(len(self._archive.documents) + 1, status.last_document + 1):
            found = self._fn(FnCommand.FIND_DOCUMENT, number.to_bytes(4, "little"))
            self._read(Document(number, FoundDocument.parse(found), None))
        fresh = self._not_acknowledged()
        books = driver.possible_books(fresh)
        _demand(bool(books), f"{driver.unanswered} was not answered, and the FN has made {fresh}")
        driver.book = self._right_one(books)
        driver.unanswered = None
        self._compare_standing()
        return bool(fresh)

    def read_files(self, path: Path, operator: Path) -> None:
        """Judge the whole FN by its file, which no till has open, and by its operator's; raises `Wrong`."""
        self._archive = Archive()
        self._totals.clear()
        file = SqliteArchive.open(path)
        try:
            for number in range(1, file.state.document_number + 1):
                one = file.get(number)
                if one is None:
                    raise Wrong(f"document {number} is not in the file")
                short = layout(one.type).parse(one.short)
                self._read(Document(number, FoundDocument(one.type, False, one.at, number, one.sign, short), one.body))
            sent = file.state.document_number - file.unsent_count()
        finally:
            file.close()
        _demand_sent(operator, file.number, sent)
        fresh = self._not_acknowledged()
        _demand(not fresh, f"the file has {fresh}, which the till did not know of")

    # ---- documents

    def _read(self, document: Document) -> None:
        """The next document of the FN: it is lawful, and its total is nobody else's."""
        for law in LAWS_OF_HISTORY:
            for problem in law(self._archive, document):
                raise Wrong(f"document {document.number}: {problem}")
        self._archive.take(document)
        total = _due(document).total
        _demand(total not in self._totals, f"document {document.number}: the receipt of {total} is there twice")
        if total:
            self._totals.add(total)

    def _not_acknowledged(self) -> list[Due]:
        """The documents behind those that are in the book, which must all be there as they were acknowledged."""
        book, found = self.driver.book, self._archive.documents
        for number, (due, document) in enumerate(zip(book.documents, found, strict=False), start=1):
            _demand(_due(document) == due, f"document {number} is {_due(document)}, {due} was acknowledged")
            sign = book.signs.get(number, document.found.sign)
            _demand(document.found.sign == sign, f"document {number} has another sign than {sign}")
        lost = book.documents[len(found) :]
        _demand(not lost, f"lost are {lost}: the FN has {len(found)} documents")
        return [_due(document) for document in found[len(book.documents) :]]

    # ---- the till

    def _right_one(self, books: list[Book]) -> Book:
        """The book that the till agrees with, the open receipt annulled in it."""
        told: dict[ReadRegister, Mapping[str, Any]] = {}
        differences = []
        for book in map(deepcopy, books):
            book.ledger.drop_receipt()
            wrong = []
            for register, values in book.ledger.registers():
                if register not in told:
                    told[register] = self._register(register)
                wrong += [
                    f"{register} tells {name} {told[register].get(name)}, the book {value}"
                    for name, value in values.items()
                    if told[register].get(name) != value
                ]
            if not wrong:
                return book
            differences.append(", ".join(wrong))
        raise Wrong(f"{self.driver.unanswered} was not answered, the till is as no book is: {' | '.join(differences)}")

    def _compare_standing(self) -> None:
        """The last document and the shift, as till, FN and book have them."""
        last, shift = self._register(LAST_DOCUMENT), self._register(SHIFT)
        document = self._archive.documents[-1]
        of_fn = (document.number, document.found.sign)
        told = (last["document_number"], last["fiscal_sign"])
        _demand(told == of_fn, f"register 34h tells of document {told}, the FN has {of_fn}")
        parameters = ShiftParameters.parse(self._fn(FnCommand.SHIFT_PARAMETERS))
        is_open = self.driver.book.shift_is_open
        shifts = {
            "register 12h and 35h": (bool(shift["shift_is_open"]), self._register(RECEIPTS)["shift_number"]),
            "the FN's state": (parameters.is_open, parameters.shift),
            "the FN's documents": (self._archive.opened_at is not None, self._archive.shift),
        }
        for who, (opened, number) in shifts.items():
            expected = self._archive.shift
            _demand((opened, number) == (is_open, expected), f"{who} tell of shift {number}, open: {opened}")

    def _register(self, register: ReadRegister) -> Mapping[str, Any]:
        return register.read_answer(self.driver.ask(register).data)

    def _fn(self, command: FnCommand, data: bytes = b"") -> bytes:
        return self.driver.ask(AskFn(command=command, data=data)).data


def _demand_sent(operator: Path, fn_number: str, sent: int) -> None:
    """What the FN holds for sent its operator has, each document once; one more may be there whose answer was lost."""
    store = SqliteStore.open(operator)
    try:
        stored = [one.number for one in store.received() if one.fn_number == fn_number]
    finally:
        store.close()
    told = f"the FN has sent {sent} documents, its operator has {stored}"
    _demand(stored == list(range(1, len(stored) + 1)) and len(stored) - sent in (0, 1), told)


def _due(document: Document) -> Due:
    """A document of the FN as the book has it."""
    details = document.found.details
    if isinstance(details, ReceiptDetails):
        return Due(document.found.type, details.operation, details.total_kopecks)
    return Due(document.found.type)


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Wrong(otherwise)
