"""Random lives of an FN against a naive model of it: same codes, same counters, nothing lost, nothing left behind."""

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fn_model import load_model
from protocol.ffd.documents import check
from protocol.fn.answers import parse_word
from protocol.fn.archive_answers import FoundDocument
from protocol.fn.commands import FnCode, FnCommand, Operation, Phase, WorkMode
from tests.fn.fn_till import CLOSE_ARCHIVE_DATA, Till, correction_data, receipt_data

MODES = st.sampled_from([WorkMode.NONE, WorkMode.AUTONOMOUS, WorkMode.STRICT_FORM])
HOUR = timedelta(hours=1)


@dataclass
class NaiveFn:
    """What an FN is, told as simply as possible. ``begun``: the command that ends the begun document."""

    phase: Phase = Phase.READY
    shift_is_open: bool = False
    begun: FnCommand | None = None
    is_repeated: bool = False
    is_correction: bool = False
    has_data: bool = False
    shift: int = 0
    receipts: int = 0
    documents: list[bool] = field(default_factory=list)
    """One per document: whether it still waits for its confirmation."""
    is_autonomous: bool = False
    is_awaited: bool = False

    @property
    def head(self) -> int:
        """Number of the document that is sent next; 0 for none."""
        return self.documents.index(True) + 1 if any(self.documents) else 0

    def may_begin(self, command: FnCommand, kind: int) -> bool:
        """Whether a document may be begun."""
        if self.begun is not None or self.phase is Phase.ARCHIVE_READ:
            return False
        if command is FnCommand.BEGIN_SETTLEMENT:
            return self.phase is not Phase.READY
        if self.phase is Phase.POST_FISCAL:
            return False
        if command is FnCommand.BEGIN_REGISTRATION:
            return kind < 2 if self.phase is Phase.READY else kind == 2 and not self.shift_is_open
        return self.phase is Phase.FISCAL and self.shift_is_open is (command in IN_SHIFT)

    def make(self) -> None:
        """Form the begun document."""
        self.documents.append(not self.is_autonomous)
        if self.begun is FnCommand.REGISTER:
            self.phase = Phase.FISCAL
        elif self.begun is FnCommand.OPEN_SHIFT:
            self.shift_is_open, self.shift, self.receipts = True, self.shift + 1, 0
        elif self.begun is FnCommand.CLOSE_SHIFT:
            self.shift_is_open = False
        elif self.begun is FnCommand.COMMIT_RECEIPT:
            self.receipts += 1
        elif self.begun is FnCommand.CLOSE_ARCHIVE:
            self.phase = Phase.POST_FISCAL if any(self.documents) else Phase.ARCHIVE_READ
        self.forget()

    def forget(self) -> None:
        """No document is begun any more."""
        self.begun, self.has_data = None, False


BEGINNINGS = {
    FnCommand.BEGIN_REGISTRATION: FnCommand.REGISTER,
    FnCommand.BEGIN_OPEN_SHIFT: FnCommand.OPEN_SHIFT,
    FnCommand.BEGIN_RECEIPT: FnCommand.COMMIT_RECEIPT,
    FnCommand.BEGIN_CORRECTION: FnCommand.COMMIT_RECEIPT,
    FnCommand.BEGIN_SETTLEMENT: FnCommand.COMMIT_SETTLEMENT,
    FnCommand.BEGIN_CLOSE_SHIFT: FnCommand.CLOSE_SHIFT,
    FnCommand.BEGIN_CLOSE_ARCHIVE: FnCommand.CLOSE_ARCHIVE,
}
IN_SHIFT = (FnCommand.BEGIN_RECEIPT, FnCommand.BEGIN_CORRECTION, FnCommand.BEGIN_CLOSE_SHIFT)
UNDATED = (FnCommand.BEGIN_REGISTRATION, FnCommand.BEGIN_CLOSE_ARCHIVE)
FORMED_WITHOUT_DATA = (FnCommand.CLOSE_SHIFT, FnCommand.COMMIT_SETTLEMENT)
CORRECTABLE = (Operation.SELL, Operation.BUY)


class FnMachine(RuleBasedStateMachine):
    """One FN, one naive model, and a till that commands both."""

    @initialize(one_sided=st.booleans())
    def take_an_fn(self, one_sided: bool) -> None:
        self.till = Till(load_model(), time_step_one_sided=one_sided)
        self.naive = NaiveFn()

    def expect(self, expected: bool, command: FnCommand, data: bytes = b"") -> bool:
        """Ask; compare with what the model says; a refusal leaves no trace."""
        before = self.till.fn.digest()
        code, _ = self.till.ask(command, data)
        assert (code == FnCode.OK) is expected, (command.name, FnCode(code).name)
        if not expected:
            assert self.till.fn.digest() == before
        return expected

    @rule(command=st.sampled_from(list(BEGINNINGS)), kind=st.integers(0, 2))
    def begin(self, command: FnCommand, kind: int) -> None:
        registers = command is FnCommand.BEGIN_REGISTRATION
        data = bytes((kind,)) if registers else b"" if command in UNDATED else self.till.dated()
        if self.expect(self.naive.may_begin(command, kind), command, data):
            self.naive.begun = BEGINNINGS[command]
            self.naive.is_repeated = kind == 2
            self.naive.is_correction = command is FnCommand.BEGIN_CORRECTION

    @rule(is_whole=st.booleans())
    def add_data(self, is_whole: bool) -> None:
        naive = self.naive
        sells = naive.begun is FnCommand.COMMIT_RECEIPT
        data = CLOSE_ARCHIVE_DATA
        if sells:
            data = correction_data() if naive.is_correction else receipt_data()
        expected = naive.begun is not None and not naive.has_data and is_whole
        if self.expect(expected, FnCommand.ADD_DATA, data if is_whole else data[:-1]):
            naive.has_data = True

    @rule(command=st.sampled_from(list(BEGINNINGS.values())), mode=MODES, operation=st.sampled_from(Operation))
    def form(self, command: FnCommand, mode: WorkMode, operation: Operation) -> None:
        till, naive = self.till, self.naive
        arguments = {
            FnCommand.REGISTER: till.registration(mode, reason=4 if naive.is_repeated else None),
            FnCommand.COMMIT_RECEIPT: till.receipt(operation=operation),
            FnCommand.CLOSE_ARCHIVE: till.closing(),
        }
        expected = naive.begun is command and (naive.has_data or command in FORMED_WITHOUT_DATA)
        if command is FnCommand.COMMIT_RECEIPT and naive.is_correction:
            expected &= operation in CORRECTABLE
        if self.expect(expected, command, arguments.get(command, b"")):
            if command is FnCommand.REGISTER:
                naive.is_autonomous = mode is WorkMode.AUTONOMOUS
            naive.make()

    @rule()
    def cancel(self) -> None:
        if self.expect(self.naive.phase is not Phase.ARCHIVE_READ, FnCommand.CANCEL_DOCUMENT):
            self.naive.forget()

    @rule()
    def cut_the_power(self) -> None:
        self.till.fn.power_off()
        self.till.fn.power_on(self.till.world)
        self.naive.forget()
        self.naive.is_awaited = False

    @precondition(lambda self: not self.naive.shift_is_open)
    @rule(hours=st.integers(1, 20))
    def wait(self, hours: int) -> None:
        if self.naive.begun is None and (self.till.at - Till().at) < 400 * HOUR:
            self.till.at += hours * HOUR

    @rule()
    def read_message(self) -> None:
        if self.naive.phase in (Phase.READY, Phase.ARCHIVE_READ):
            self.expect(False, FnCommand.SET_TRANSPORT, b"\1")
            return
        self.till.do(FnCommand.SET_TRANSPORT, b"\1")
        if self.naive.head:
            self.till.read_message()
            self.naive.is_awaited = True
        else:
            self.expect(False, FnCommand.BEGIN_MESSAGE)

    @rule(off_by=st.integers(0, 1))
    def confirm(self, off_by: int) -> None:
        naive = self.naive
        expected = naive.is_awaited and not off_by
        data = self.till.confirmation(max(naive.head, 1) + off_by)
        if self.expect(expected, FnCommand.PUT_CONFIRMATION, data):
            naive.documents[naive.head - 1] = False
            naive.is_awaited = False
            if naive.phase is Phase.POST_FISCAL and not naive.head:
                naive.phase = Phase.ARCHIVE_READ

    @rule()
    def go_on_with_a_fork(self) -> None:
        before = self.till.fn.digest()
        self.till.port = self.till.port.copy()
        assert self.till.fn.digest() == before

    @invariant()
    def status_is_that_of_the_model(self) -> None:
        naive, status = self.naive, self.till.status()
        assert (status.phase, status.shift_is_open, status.has_data) == (
            naive.phase,
            naive.shift_is_open,
            naive.has_data,
        )
        assert bool(status.document) is (naive.begun is not None)
        assert status.last_document == len(naive.documents)
        remembered = self.till.fn.warnings()
        self.till.fn.volatile.flags = None
        assert self.till.fn.warnings() == remembered == status.warnings
        assert parse_word(self.till.do(FnCommand.UNSENT_COUNT)) == sum(naive.documents)
        shift = self.till.fn.state.shift
        assert (shift.number, shift.receipts) == (naive.shift, naive.receipts)

    @invariant()
    def the_last_document_is_found_and_well_formed(self) -> None:
        number = len(self.naive.documents)
        code, data = self.till.ask(FnCommand.FIND_DOCUMENT, number.to_bytes(4, "little"))
        assert (code == FnCode.OK) is bool(number)
        if number:
            found, document = FoundDocument.parse(data), self.till.fn.archive.get(number)
            assert document is not None
            assert (found.number, found.sign, found.at) == (number, document.sign, document.at)
            if found.type in (3, 4, 31, 41):
                assert check(found.type, document.body) == []


TestFnMachine = FnMachine.TestCase
TestFnMachine.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
