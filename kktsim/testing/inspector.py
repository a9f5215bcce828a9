"""An inspector: speaks to the till of a bench and checks, command by command, that nothing happened but what may.

Every command passes `Inspector.tell`: the bench is compared with what it was before, an accepted command is entered
into the ledger, the documents that came of it are read back and judged. `Inspector.standing_faults` tells what is
wrong in the state the bench is left in.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from hypothesis import note

from kktsim.bench import Bench
from kktsim.host.loop_wire import LoopWire
from kktsim.host.till import NoAnswerError, Till
from kktsim.testing.audit import SHIFT_HOURS, Archive, Auditor, Document
from kktsim.testing.law import (
    ON_RECEIPT,
    OPENS_RECEIPT,
    OPENS_SHIFT,
    Standing,
    documents_of,
    may_make,
    unlawful,
    wrong_sums,
)
from kktsim.testing.ledger import MOVES_MONEY, Ledger
from kktsim.testing.ledger_receipt import Receipt
from kktsim.testing.snapshot import (
    A_QUESTION_MAY_CHANGE,
    A_REFUSAL_MAY_CHANGE,
    Snapshot,
    differences,
    snapshot,
)
from kktsim.testing.unheard import Unheard
from protocol.append_log import AppendLog
from protocol.atol.command import ANSWER_MARK, COMMANDS, DATA, Answer, Command, parse_answer
from protocol.atol.commands.flags import CommandFlags
from protocol.atol.commands.fn import Register
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.payment import AddPayment, VoidPayment
from protocol.atol.commands.receipt import CancelReceipt, CloseReceipt
from protocol.atol.commands.status import FullStatus
from protocol.atol.kkt_codes import E
from protocol.fn.commands import Phase
from protocol.fn.frame import ENQ, FrameError, parse_request
from protocol.fn.frame import parse_answer as parse_fn_answer

R = TypeVar("R")
Z_PRINTING = frozenset({0x23, 0x17})
"""Mode bytes while a Z report prints: selection mode comes after it."""
IS_REGISTERED, SHIFT_IS_OPEN = 0x01, 0x02
"""Flags of 3Fh."""
ERROR_LINE = "Ошибка ФН"

FILLS_RECEIPT = (ON_RECEIPT | OPENS_RECEIPT) - {CloseReceipt}
"""Commands that move no money but in the open receipt."""
NOTHING, THE_RECEIPT, BOOKS = range(3)
"""What is to be compared with the ledger when the state is looked at next."""


class Violation(AssertionError):
    """Something that must hold does not."""


class Inspector:
    """«Инспектор» of one bench with virtual host time and frozen world time.

    ``ledger``: the books so far; ``archives``: what was read of its FNs so far.
    """

    def __init__(
        self, bench: Bench, ledger: Ledger, archives: Mapping[str, Archive] | None = None, link: str = "v3"
    ) -> None:
        self.bench = bench
        self.ledger = ledger
        self.wire = LoopWire(bench.open_line(), bench.clock)
        self.till = Till(self.wire, link=link)
        self.auditor = Auditor(self.ask, archives or {})
        self.is_content = True
        """Whether nothing wrong was found, and the last command came to its end."""
        self.was_noisy = False
        """Frames were damaged at some time: the FN may have done what the till does not know of."""
        self.may_be_half_made = False
        """The cable was bad: the FN may wait for the rest of a document, until the till makes the next one."""
        self.unheard: Unheard | None = None
        """What the FN has made and the till has not heard of, and will find out."""
        self.has_given_up = False
        """59h has annulled a receipt that the FN has made: the two differ until a document adopts the FN's numbers."""
        self._in_limbo: Receipt | None = None
        """The till lost its power while it closed this receipt, and has not found out yet what became of it."""
        bench.cable.record = AppendLog()
        self._frames_seen = 0
        self._due = BOOKS
        bench.run_due()
        if archives is None:
            self.demand(*self.auditor.read(by_law=False)[1])

    # ---- what is said

    def ask(self, question: Command) -> Answer:
        """The answer to a question that changes nothing; it is only looked at whether it is an answer."""
        return self._send(question.to_wire())

    def tell(self, request: Command) -> Answer:
        """Send a command to a till that is on; raises `Violation` when something follows that must not."""
        self.bench.run_due()
        self.find_out()
        unheard, standing = self.unheard, self.standing()
        if may_make(request, standing):
            self.quietly(self.auditor.look)
        before, lines = snapshot(self.bench), len(self.bench.kkt.paper)
        answer = self._send(request.to_wire())
        note((request, answer))
        has_found_out = self.find_out()
        flags = getattr(request, "flags", None)
        tried = answer.is_ok and isinstance(flags, CommandFlags) and CommandFlags.CHECK_ONLY in flags
        if answer.is_ok:
            self.demand(*unlawful(request, standing))
        if unheard is not None and self.unheard is None:
            standing = unheard.standing_behind(standing)
        if answer.is_ok and has_found_out and unheard is not None and self._is_answered_by(unheard, request):
            return answer
        if tried or not (answer.is_ok or has_found_out):
            self._left_no_trace(request, standing, before, lines, is_refused=not answer.is_ok)
        elif answer.is_ok:
            self._enter(request, answer, standing)
        self._judge_documents(request, standing, answer.code, is_done=answer.is_ok and not tried)
        if answer.is_ok and not tried and may_make(request, standing):
            self.must_know()
        return answer

    def _is_answered_by(self, unheard: Unheard, request: Command) -> bool:
        """Whether the document that ``request`` wanted was there already."""
        return type(request) is type(unheard.request) and not self._has_more_to_read()

    def find_out(self) -> bool:
        """Enter what the till has found out about documents that it had not heard of; whether it has."""
        memory, unheard = self.bench.kkt.memory, self.unheard
        if unheard is not None and self._is_booked(unheard):
            unheard.enter(self.ledger)
            self.unheard = self._in_limbo = None
        elif self._in_limbo is not None and memory.intent is None:
            self.ledger.receipt, self._in_limbo = self._in_limbo, None
            self.ledger.drop_receipt()
        else:
            return False
        self._due = BOOKS
        return True

    def _is_booked(self, unheard: Unheard) -> bool:
        mirror = self.bench.kkt.memory.mirror
        return mirror.fn_number == unheard.fn_number and mirror.document_number >= unheard.number

    def must_know(self) -> None:
        """The till has just asked its FN: nothing that it has made may be unknown to it any more."""
        self.find_out()
        cable, fn, unheard = self.bench.cable, self.bench.fn, self.unheard
        is_there = fn is not None and unheard is not None and fn.number == unheard.fn_number
        if self.bench.kkt.is_on and is_there and not cable.is_cut and cable.noise is None:
            self.demand(f"the FN has made {unheard}, and the till did not find out")

    def tell_garbage(self, message: bytes) -> Answer:
        """Send a message that is no well-formed command, or only a question."""
        self.bench.run_due()
        before, lines = snapshot(self.bench), len(self.bench.kkt.paper)
        answer = self._send(message)
        note((message.hex(" "), answer))
        changed = differences(before, snapshot(self.bench), A_REFUSAL_MAY_CHANGE | A_QUESTION_MAY_CHANGE)
        self.demand(*(f"{message.hex()} changed {one}" for one in changed))
        self.demand(*(f"{message.hex()} printed {line}" for line in self.bench.tape(lines)))
        return answer

    def speak_in_vain(self, request: Command) -> None:
        """Send a command to a till without power, which must be silent."""
        try:
            reply = self.till.send(request.to_wire())
        except NoAnswerError:
            return
        raise Violation(f"a till without power answered {reply.hex()}")

    def drop_receipt(self) -> None:
        """The till lost its power. What becomes of a receipt that was being closed the FN will tell."""
        self.find_out()
        if self.bench.kkt.memory.closing is not None and self.ledger.receipt is not None:
            self.ledger.receipt, self._in_limbo = None, self.ledger.receipt
        self.ledger.drop_receipt()
        self._due = BOOKS

    def quietly(self, look: Callable[[], R]) -> R:
        """``look`` over a good cable, whatever the present one is like."""
        cable = self.bench.cable
        noise, is_cut = cable.noise, cable.is_cut
        cable.noise, cable.is_cut = None, False
        try:
            return look()
        finally:
            cable.noise, cable.is_cut = noise, is_cut

    def demand(self, *wrong: str) -> None:
        """Raise `Violation` when there is anything wrong."""
        if wrong:
            self.is_content = False
            raise Violation("; ".join(wrong))

    # ---- what is checked of one command

    def _send(self, message: bytes) -> Answer:
        self.is_content = False
        reply = self.till.send(message)
        answer = parse_answer(message[0], reply)
        self.is_content = True
        declared = COMMANDS.get(message[0])
        if not answer.is_ok:
            self.demand(*([] if reply == bytes((ANSWER_MARK, E(answer.code), 0)) else [f"{reply.hex()} is no refusal"]))
        elif declared is not None:
            form = declared.answer
            is_right = reply.startswith(form.head) if form is DATA or answer.data else reply == form.head
            self.demand(*([] if is_right else [f"{reply.hex()} does not answer {message.hex()}"]))
            if declared.answer_layout is not None:
                declared.answer_layout.parse(answer.data)
        return answer

    def standing(self) -> Standing:
        """What the till tells of itself."""
        status = FullStatus()
        told = status.read_answer(self.ask(status).data)
        now = datetime.strptime("20" + (told["date_yymmdd"] + told["time"]).hex(), "%Y%m%d%H%M%S")
        fn, own = self.bench.fn, self.auditor.archives.get(self.bench.kkt.memory.mirror.fn_number)
        opened_at = None if own is None else own.opened_at
        is_open = bool(told["flags"] & SHIFT_IS_OPEN)
        return Standing(
            mode=Mode.SELECTION if told["mode"] in Z_PRINTING else told["mode"] & 0x0F,
            receipt_type=told["receipt_state"],
            shift_is_open=is_open,
            shift_is_too_long=is_open and opened_at is not None and now > opened_at + SHIFT_HOURS,
            is_in_step=self.is_in_step() or self.unheard is not None,
            is_registered=bool(told["flags"] & IS_REGISTERED),
            is_fresh=fn is not None and fn.phase is Phase.READY,
            is_strange=fn is not None and fn.number != self.bench.kkt.memory.mirror.fn_number,
        )

    def is_in_step(self) -> bool:
        """Whether what the till remembers of its FN is what the FN is."""
        fn, mirror = self.bench.fn, self.bench.kkt.memory.mirror
        if fn is None:
            return False
        told = (mirror.fn_number, mirror.document_number, mirror.shift_number)
        is_same_shift = fn.phase is not Phase.FISCAL or fn.shift_is_open is mirror.shift_is_open
        return told == (fn.number, fn.state.document_number, fn.state.shift.number) and is_same_shift

    def _left_no_trace(
        self, request: Command, standing: Standing, before: Snapshot, lines: int, *, is_refused: bool
    ) -> None:
        after = snapshot(self.bench)
        changed = differences(before, after, A_REFUSAL_MAY_CHANGE if is_refused else ())
        doubts = [one["kkt.memory.intent"] != repr(None) for one in (before, after)]
        if is_refused and (self.may_be_half_made or any(doubts)):  # the till cannot know what the FN has of a document
            opens_shift = type(request) in OPENS_SHIFT and not standing.shift_is_open
            changed = [one for one in changed if not one.startswith("fn.") and not opens_shift]
        self.demand(*(f"{request} was not done, but changed {one}" for one in changed))
        printed = self.bench.tape(lines)
        if printed and not printed[0].startswith(ERROR_LINE) and not (self.was_noisy and is_refused):
            raise Violation(f"{request} was not done, but printed {printed}")

    def _enter(self, request: Command, answer: Answer, standing: Standing) -> None:
        if isinstance(request, CancelReceipt) and self.unheard is not None and self.unheard.receipt is not None:
            self.unheard, self.has_given_up = None, True
        self.ledger.accept(request)
        self.may_be_half_made &= not may_make(request, standing)
        if type(request) in MOVES_MONEY or may_make(request, standing):
            self._due = max(self._due, THE_RECEIPT if type(request) in FILLS_RECEIPT else BOOKS)
        receipt = self.ledger.receipt
        if isinstance(request, AddPayment | VoidPayment) and receipt is not None:
            told = request.read_answer(answer.data)
            due = {"remainder_kopecks": receipt.rest, "change_kopecks": receipt.change}
            self.demand(*([] if told == due else [f"{request} was answered {dict(told)}, not {due}"]))
        if isinstance(request, Register) and (standing.is_fresh or standing.is_strange):
            self.unheard = self._in_limbo = None
            self.ledger.change_fn()

    def _judge_documents(self, request: Command, standing: Standing, code: int, *, is_done: bool) -> None:
        fresh: list[Document] = []
        if self._has_more_to_read():
            fresh, wrong = self.quietly(self.auditor.read)
            self.demand(*wrong)
        types = [document.found.type for document in fresh]
        expected = documents_of(request, standing) if is_done else []
        if types and self.bench.cable.record is not None and not len(self.bench.cable.record):
            raise Violation(f"{request} made documents without a frame on the cable")
        can_be_unheard = self.bench.cable.noise is not None or code == E.FN_NO_ANSWER
        if types != expected and (is_done or not can_be_unheard or len(types) > 1):
            raise Violation(f"{request} made documents {types}, not {expected}")
        fn = self.bench.fn
        if types and not is_done and fn is not None and not self.is_in_step():
            self.unheard = Unheard.of(request, fn.number, fresh[-1].number, types[-1], self.ledger)
        if is_done and isinstance(request, CloseReceipt) and self.ledger.last is not None:
            self.demand(*wrong_sums(self.ledger.last, fresh[0]))

    def _has_more_to_read(self) -> bool:
        fn = self.bench.fn
        if fn is None:
            return False
        known = self.auditor.archives.get(fn.number)
        return fn.state.document_number != (0 if known is None else len(known.documents))

    # ---- what is checked of a state

    def standing_faults(self) -> Iterator[str]:
        """What is wrong with the state that the bench is in."""
        self.find_out()
        yield from self._broken_frames()
        yield from self._lost_documents()
        yield from self._disagreements()
        if self.bench.kkt.is_on and self._due:
            yield from self._wrong_books()
            self._due = NOTHING

    def forget_frames(self) -> None:
        """What was on the cable until now was damaged on purpose."""
        record = self.bench.cable.record
        self._frames_seen = 0 if record is None else len(record)

    def _broken_frames(self) -> Iterator[str]:
        record = self.bench.cable.record
        if record is None or self.bench.cable.noise is not None:
            self.forget_frames()
            return
        for frame in record.since(self._frames_seen):
            try:
                if frame.data != ENQ:
                    (parse_request if frame.to_fn else parse_fn_answer)(frame.data)
            except FrameError as error:
                yield f"a frame on the cable: {error}"
        self.forget_frames()

    def _lost_documents(self) -> Iterator[str]:
        sent: dict[str, int] = {}
        for message in self.bench.network.server.store.received():
            number, last = message.number, sent.get(message.fn_number, 0)
            if number != last + 1 and not (self.was_noisy and number == last):
                yield f"the OFD got document {number} of {message.fn_number} behind {last}"
            sent[message.fn_number] = number
        fn = self.bench.fn
        if fn is not None and not self.was_noisy:
            unsent, made = fn.archive.unsent_count(), fn.state.document_number
            if unsent + sent.get(fn.number, 0) != made:
                yield f"of {made} documents {sent.get(fn.number, 0)} were sent and {unsent} wait"

    def _disagreements(self) -> Iterator[str]:
        fn, kkt = self.bench.fn, self.bench.kkt
        if fn is None:
            return
        begun = fn.volatile.begun
        if begun is not None and kkt.memory.receipt is None and not self.may_be_half_made:
            yield f"a document of type {begun.type} is left half made in the FN"
        self.has_given_up &= not self.is_in_step()
        is_own = fn.number == kkt.memory.mirror.fn_number
        if is_own and not (self.is_in_step() or self.has_given_up or self.unheard):
            yield f"the till believes {kkt.memory.mirror}, its FN has {fn.state.document_number} documents"

    def _wrong_books(self) -> Iterator[str]:
        status = FullStatus()
        told = status.read_answer(self.ask(status).data)
        receipt = self.ledger.receipt
        open_one = (0, 0) if receipt is None else (int(receipt.type), receipt.total)
        if (told["receipt_state"], told["receipt_sum_kopecks"]) != open_one:
            yield f"3Fh tells of receipt {told['receipt_state']}, {told['receipt_sum_kopecks']}; it is {open_one}"
        registers = self.ledger.registers() if self._due == BOOKS else self.ledger.registers_of_receipt()
        for register, values in registers:
            read = register.read_answer(self.ask(register).data)
            for name, value in values.items():
                if read.get(name) != value:
                    yield f"{register} tells {name} {read.get(name)}, the book {value}"
