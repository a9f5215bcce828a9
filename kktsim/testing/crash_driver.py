"""A driver at the port of a till that may be killed at any moment, and the book of what was acknowledged to it.

The book is written from the driver's side alone: requests, and whether a reply came. Nothing in it comes from the till
or its FN until `crash_verdict` has found out what became of the request that nobody answered.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from kktsim.host.till import Till
from kktsim.testing.law import SETTLEMENT_REPORT, is_settlement
from kktsim.testing.ledger import Ledger
from kktsim.testing.ledger_receipt import CASH
from protocol.atol.command import Answer, Command, parse_answer
from protocol.atol.commands.flags import ReceiptType
from protocol.atol.commands.fn import Register
from protocol.atol.commands.items import AddItem, BeginItem, EndItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CashOut, CloseReceipt, OpenReceipt
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.ffd.documents import DocumentType
from protocol.fn.commands import Operation
from scenarios.routine import Refused

CARD = 2
"""Payment form."""
MOST_REGISTRATIONS = 8
"""Of one FN, which takes no more than 12."""
FIRST_TOTAL = 100_000
"""Kopecks of the first receipt; each has a kopeck more than the one before, by which it is told from all others."""
OPENS_SHIFT: tuple[type[Command], ...] = (OpenShift, OpenReceipt, CashIn, CashOut)
"""Commands that open a closed shift."""
IS_ITS_DOCUMENT: tuple[type[Command], ...] = (OpenShift, CloseReceipt, CloseShift, XReport, Register)
"""Commands that are done exactly when their document is made."""
OPERATIONS = {ReceiptType.SELL: Operation.SELL, ReceiptType.SELL_RETURN: Operation.SELL_RETURN}
"""What the FN calls them."""
LAST_DOCUMENT = ReadRegister(register=0x34)


class Due(NamedTuple):
    """A document as it must stand in the FN. ``operation``, and ``total`` in kopecks: 0 when it is no receipt."""

    type: int
    operation: int = 0
    total: int = 0


@dataclass(slots=True)
class Book:
    """What was acknowledged of a till that is registered. ``documents``: in the order of the FN.

    ``signs``: by number, where the driver asked for them.
    """

    ledger: Ledger = field(default_factory=Ledger)
    documents: list[Due] = field(default_factory=lambda: [Due(DocumentType.REGISTRATION)])
    signs: dict[int, int] = field(default_factory=dict)
    shift_is_open: bool = False

    def documents_of(self, request: Command) -> list[Due]:
        """What a request makes when it is done."""
        match request:
            case CloseReceipt() if self.ledger.receipt is not None:
                receipt = self.ledger.receipt
                return [Due(DocumentType.RECEIPT, OPERATIONS[receipt.type], receipt.total)]
            case CloseShift():
                return [Due(DocumentType.SHIFT_CLOSE)]
            case XReport() if is_settlement(request):
                return [Due(DocumentType.SETTLEMENT)]
            case Register():
                return [Due(DocumentType.RE_REGISTRATION)]
        opens = isinstance(request, OPENS_SHIFT) and not self.shift_is_open
        return [Due(DocumentType.SHIFT_OPEN)] if opens else []

    def enter(self, request: Command) -> None:
        """A request was done."""
        for document in self.documents_of(request):
            self.take(document)
        self.ledger.accept(request)

    def take(self, document: Due) -> None:
        """A document was made."""
        self.documents.append(document)
        if document.type in (DocumentType.SHIFT_OPEN, DocumentType.SHIFT_CLOSE):
            self.shift_is_open = document.type == DocumentType.SHIFT_OPEN


class Driver:
    """«Драйвер» of one till. ``before``: called with each request that is about to go out.

    ``settles_in_shift``: whether the FN reports on settlements while a shift is open.
    """

    def __init__(self, random: Random, *, settles_in_shift: bool) -> None:
        self.random = random
        self._settles_in_shift = settles_in_shift
        self.book = Book()
        self.till: Till | None = None
        self.unanswered: Command | None = None
        """What was asked last, when no reply has come to it."""
        self.acknowledged = 0
        """How many documents were."""
        self.before: Callable[[Command], None] | None = None
        self._receipts = 0
        self._registrations = 0

    def hang_up(self) -> None:
        """Let go of the port."""
        if self.till is not None:
            self.till.drop()
            self.till = None

    # ---- what is said

    def ask(self, question: Command) -> Answer:
        """The answer to a question that changes nothing; raises NoAnswerError, and `Refused`."""
        assert self.till is not None
        message = question.to_wire()
        answer = parse_answer(message[0], self.till.send(message))
        if not answer.is_ok:
            raise Refused(message, answer.code, answer.detail)
        return answer

    def tell(self, *requests: Command) -> None:
        """Send commands that must be done, and enter each when its reply has come; raises NoAnswerError, `Refused`."""
        for request in requests:
            self.unanswered = request
            if self.before is not None:
                self.before(request)
            self.ask(request)
            before = len(self.book.documents)
            self.book.enter(request)
            self.acknowledged += len(self.book.documents) - before
            self.unanswered = None

    def enter(self, mode: Mode) -> None:
        """Leave the mode, enter another."""
        self.tell(LeaveMode(), EnterMode(mode=mode))

    def note_sign(self) -> None:
        """Ask for number and sign of the last document, as drivers do behind each."""
        last = LAST_DOCUMENT.read_answer(self.ask(LAST_DOCUMENT).data)
        self.book.signs[int(last["document_number"])] = int(last["fiscal_sign"])

    # ---- a shop at full speed

    def work(self) -> None:
        """One operation, whichever comes."""
        deeds, weights = zip(*_DEEDS, strict=True)
        self.random.choices(deeds, weights)[0](self)
        if self.random.random() < 0.3:
            self.note_sign()

    def begin_again(self) -> None:
        """The first operation behind a restart: by the ordinary routine, whatever was going on."""
        self.random.choices((Driver.sell, Driver.close_shift), (4, 1))[0](self)

    def sell(self, kind: ReceiptType = ReceiptType.SELL) -> None:
        """A receipt of 1 to 5 items, with a total that no other has."""
        random = self.random
        self._receipts += 1
        total = FIRST_TOTAL + self._receipts
        ends = [*sorted(random.sample(range(1, total), random.randrange(5))), total]
        self._go_to_till()
        self.tell(OpenReceipt(type=kind))
        for start, end in zip([0, *ends], ends, strict=False):
            self.tell(*self._item(end - start))
        if random.random() < 0.05:
            self.tell(CancelReceipt())
            return
        if random.random() < 0.3:
            self.tell(AddPayment(payment_form=CARD, sum_kopecks=random.randrange(1, total)))
        rest = total - sum(self.book.ledger.receipt.payments.values()) if self.book.ledger.receipt else 0
        is_paid_out = kind is ReceiptType.SELL_RETURN
        form = CARD if is_paid_out and rest > self.book.ledger.cash else random.choice((CASH, CASH, CARD))
        change = random.randrange(10_000) if form == CASH and not is_paid_out else 0
        self.tell(CloseReceipt(payment_form=form, sum_kopecks=random.choice((0, rest + change))))

    def take_back(self) -> None:
        """A receipt of return."""
        self.sell(ReceiptType.SELL_RETURN)

    def move_cash(self) -> None:
        """Money is brought, or some of it taken away."""
        self._go_to_till()
        cash = self.book.ledger.cash
        if cash and self.random.random() < 0.4:
            self.tell(CashOut(sum_kopecks=self.random.randrange(1, cash + 1)))
        else:
            self.tell(CashIn(sum_kopecks=self.random.randrange(1, 100_000)))

    def close_shift(self) -> None:
        """The Z report; one has to be opened for it first when there is none."""
        if not self.book.shift_is_open:
            self.enter(Mode.REGISTRATION)
            self.tell(OpenShift())
        self.enter(Mode.Z_REPORTS)
        self.tell(CloseShift())

    def report_settlement(self) -> None:
        """The report on the state of settlements, behind a Z report where need be."""
        if self.book.shift_is_open and not self._settles_in_shift:
            self.close_shift()
        self.enter(Mode.X_REPORTS)
        self.tell(XReport(type=SETTLEMENT_REPORT))

    def register_again(self) -> None:
        """A re-registration, behind a Z report."""
        if self._registrations < MOST_REGISTRATIONS:
            self._registrations += 1
            if self.book.shift_is_open:
                self.close_shift()
            self.enter(Mode.FN_ACCESS)
            self.tell(Register())

    def _go_to_till(self) -> None:
        """Registration mode; a closed shift is opened, or left to be opened by what follows."""
        self.enter(Mode.REGISTRATION)
        if not self.book.shift_is_open and self.random.random() < 0.5:
            self.tell(OpenShift())

    def _item(self, price: int) -> tuple[Command, ...]:
        tax = self.random.randrange(1, 7)
        if self.random.random() < 0.3:
            return (AddItem(name="Хлеб", price_kopecks=price, tax=tax),)
        return BeginItem(), EndItem(price_kopecks=price, cost_kopecks=price, tax=tax, name="Чай чёрный")

    # ---- what may have become of the request that nobody answered

    def possible_books(self, fresh: list[Due]) -> list[Book]:
        """The books that may be right, of a till that was killed; ``fresh``: documents that nobody acknowledged."""
        request = self.unanswered
        books = [self.book] if not fresh else []
        if request is None:
            return books
        if fresh != self.book.documents_of(request):
            return books
        done = deepcopy(self.book)
        done.enter(request)
        books.append(done)
        if fresh and not isinstance(request, IS_ITS_DOCUMENT):
            half = deepcopy(self.book)
            for document in fresh:
                half.take(document)
            books.append(half)
        return books


_DEEDS: tuple[tuple[Callable[[Driver], None], int], ...] = (
    (Driver.sell, 70),
    (Driver.take_back, 10),
    (Driver.move_cash, 8),
    (Driver.close_shift, 5),
    (Driver.report_settlement, 4),
    (Driver.register_again, 2),
)
"""What a shop does, and how often."""
