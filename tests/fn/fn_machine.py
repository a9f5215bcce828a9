"""A machine of random lives: one FN, its ledger, and a till that commands both through frames only.

Every answer must be as the ledger has it; after every step the state, and what was made, is asked for.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from fn_model import load_model
from protocol.ffd.documents import check
from protocol.fn.commands import FnCode, FnCommand, Operation, WorkMode
from protocol.fn.frame import build_request, parse_answer
from tests.fn import ledger_commands
from tests.fn.fn_till import EPOCH, NUMBER, Till
from tests.fn.ledger import ARCHIVE_DOCUMENTS, FISCAL, REGISTRATIONS, RULES, Ledger
from tests.fn.ledger_bytes import date_time, number, split, u16, u32
from tests.fn.ledger_queries import is_unsure
from tests.fn.machine_data import (
    EDGES,
    ENDS,
    FAULTS,
    FLAWED_DATA,
    FLAWS,
    LATER,
    MODES,
    PAUSES,
    STEPS,
    C,
    arguments_of,
    confirmation_of,
    data_of,
    is_coherent,
)


class FnMachine(RuleBasedStateMachine):
    """One FN, its ledger, and a till that commands both."""

    generation: ClassVar[str]
    seen: ClassVar[set[tuple[int, int]]]
    """Commands and codes, of all lives."""

    @initialize(start=st.sampled_from(["fresh", "registered", "trading", "trading"]), mode=MODES, ffd=st.integers(2, 4))
    def take_an_fn(self, start: str, mode: WorkMode, ffd: int) -> None:
        model = load_model(RULES[self.generation]["model"])
        self.till = Till(replace(model, registrations=REGISTRATIONS, archive_documents=ARCHIVE_DOCUMENTS))
        self.ledger = Ledger(self.generation, NUMBER)
        self.is_sound = True
        self.checked = 0
        self.counted = (-1, -1)
        if start != "fresh":
            self.register(mode, 0, ffd)
        if start == "trading":
            self.document(C.BEGIN_OPEN_SHIFT)

    def ask(self, command: int, data: bytes = b"") -> bytes | None:
        """Data of the answer, which must be that of the ledger; None for a refusal or silence."""
        if command == C.BEGIN_DOCUMENT_TLV and len(data) == 4 and is_unsure(self.ledger, number(data)):
            return None
        self.is_sound = False
        told = ledger_commands.ask(self.ledger, command, data, self.till.world)
        answer = self.till.port.exchange(build_request(command, data), self.till.world)
        asked = f"{command:02X}h {data.hex(' ')}"
        if told.code is None:
            assert answer is None, f"{asked}: the FN must be silent"
            self.is_sound = True
            return None
        assert answer is not None, f"{asked}: the FN is silent"
        code, payload = parse_answer(answer)
        self.seen.add((command, told.code))
        assert code & 0x7F == told.code, f"{asked}: code {code & 0x7F:02X}h, the ledger has {told.code:02X}h"
        unknown = told.unknown(payload)
        assert unknown is not None, f"{asked}: {payload.hex(' ')}, the ledger has {told.parts}"
        assert bool(code & 0x80) is bool(self.ledger.warnings()), f"{asked}: the warning bit of {code:02X}h"
        self.is_sound = True
        if told.code:
            return None
        if command in ledger_commands.SIGNING:
            self.ledger.documents[-1]["sign"] = unknown[0]
        if command == C.BEGIN_MESSAGE:
            self.ledger.message_bytes = number(payload)
        return payload

    def dated(self, minutes: int = 0) -> bytes:
        """DATE_TIME by the till's clock, or off it."""
        return date_time(self.till.at + timedelta(minutes=minutes))

    def begin(self, command: FnCommand, kind: int = 0, minutes: int = 0, ffd: int = 2) -> None:
        undated = {
            C.BEGIN_REGISTRATION: bytes((kind,)),
            C.BEGIN_FULL_REGISTRATION: bytes((kind, ffd)),
            C.BEGIN_CLOSE_ARCHIVE: b"",
        }
        self.ask(command, undated[command] if command in undated else self.dated(minutes))

    def add_data(
        self, flaw: str = "", total: int = 10_000, tax_system: int = 1, mode: WorkMode = WorkMode.NONE
    ) -> None:
        begun, data = self.ledger.begun, data_of(self.ledger, total, tax_system, mode)
        looks = self.ledger.rules["looks_into_tlvs"]
        if flaw == "cut" or looks:
            data = FLAWED_DATA[flaw](data)
        elif begun and begun["data"]:
            return  # FN-1 takes requisites twice, and such a document is wrong
        self.ask(C.ADD_DATA, data)

    def form(
        self,
        command: FnCommand,
        mode: WorkMode = WorkMode.NONE,
        operation: Operation = Operation.SELL,
        total: int = 10_000,
        minutes: int = 0,
        is_same: bool = True,
    ) -> None:
        arguments = arguments_of(command, self.till, self.ledger, mode, operation, total, is_same)
        self.ask(command, self.dated(minutes) + arguments if arguments else b"")

    def cancel(self) -> None:
        self.ask(C.CANCEL_DOCUMENT)

    def document(self, command: FnCommand, *, tax_system: int = 1, **told: Any) -> None:
        """A whole document, at one go."""
        self.begin(command)
        self.add_data(tax_system=tax_system, **{name: told[name] for name in told if name in ("total", "mode")})
        self.form(ENDS[command], **told)

    @rule(step=STEPS)
    def step(self, step: tuple[str, dict[str, Any]]) -> None:
        """One command, or one misfortune, out of turn."""
        name, arguments = step
        getattr(self, name)(**arguments)

    @rule(mode=MODES, kind=st.integers(0, 1), ffd=st.integers(2, 4))
    def register(self, mode: WorkMode, kind: int, ffd: int) -> None:
        """Under the newest format of the FN that is not above ``ffd``."""
        ffd = min(ffd, self.ledger.rules["newest_ffd"])
        command = C.BEGIN_REGISTRATION if ffd == 2 else C.BEGIN_FULL_REGISTRATION
        self.begin(command, 2 if self.ledger.reports else kind, ffd=ffd)
        self.add_data(mode=mode)
        self.form(ENDS[command], mode=mode)

    @rule(
        receipts=st.integers(1, 3),
        operation=st.sampled_from(Operation),
        flaw=st.sampled_from(FLAWS),
        days=st.sampled_from([0, 1, 1, 3, 11]),
    )
    def trade_for_a_day(self, receipts: int, operation: Operation, flaw: int, days: int) -> None:
        """What a till does from morning to morning, ``days`` later."""
        self.cancel()
        if self.ledger.shift["is_open"]:
            self.turn_the_shift(1)
        self.turn_the_shift(10)
        for sold in range(receipts):
            self.document(C.BEGIN_CORRECTION if sold else C.BEGIN_RECEIPT, operation=operation, total=100 + sold)
        self.turn_the_shift(60)
        self.deliver(receipts + 1, flaw)
        self.till.wait(days=days)

    @precondition(lambda self: self.ledger.phase == FISCAL)
    @rule(edges=st.lists(st.sampled_from(list(EDGES)), min_size=1, max_size=4))
    def go_to_edges(self, edges: list[str]) -> None:
        """The moments at which a rule of time begins or ends, one after the other."""
        for edge in edges:
            self.go_to(edge)
        for place in range(1, 6):
            self.ask(C.BEGIN_DOCUMENT_TLV, u32(place))

    def go_to(self, edge: str) -> None:
        """A document a minute off on the forbidden side, then nearer, until one is made."""
        moment, command, in_shift, is_earliest, by_clock = EDGES[edge]
        self.cancel()
        if in_shift is not None and self.ledger.shift["is_open"] is not in_shift:
            self.turn_the_shift(0)
        at = moment(self.ledger, self.till.world) if self.ledger.shift["is_open"] or not in_shift else None
        if at is None:
            return
        made = len(self.ledger.documents)
        for minutes in (-1, 0, 1) if is_earliest else (1, 0, -1):
            if not by_clock and at > self.till.at:
                self.till.at = at
            self.till.set_clock(at + timedelta(minutes=minutes))
            self.document(command)
            self.ask(C.STATUS)
            self.cancel()
            if len(self.ledger.documents) > made:
                return

    @rule(
        command=st.sampled_from(list(ENDS)),
        misfortune=st.sampled_from([("cut_the_power", {}), ("go_on_with_a_fork", {}), ("cancel", {})]),
    )
    def interrupt(self, command: FnCommand, misfortune: tuple[str, dict[str, Any]]) -> None:
        """A document between whose beginning and end something happens."""
        self.begin(command, 2 if self.ledger.reports else 0, ffd=3)
        self.add_data()
        self.step(misfortune)
        self.form(ENDS[command])

    @rule(minutes=st.integers(1, 600))
    def turn_the_shift(self, minutes: int) -> None:
        self.document(C.BEGIN_CLOSE_SHIFT if self.ledger.shift["is_open"] else C.BEGIN_OPEN_SHIFT)
        self.till.wait(minutes=minutes)

    @precondition(lambda self: self.ledger.shift["is_open"])
    @rule(
        operation=st.sampled_from(Operation),
        total=st.integers(0, 10_000_000),
        is_correction=st.booleans(),
        tax_system=st.sampled_from([1, 1, 1, 16]),
        times=st.integers(0, 4),
        minutes=LATER,
        flaw=st.sampled_from(["", "", "", "", "poor", "long"]),
        pause=st.sampled_from([0, 0, 0, 61, 1440 * 31, 1440 * 500]),
    )
    def sell(
        self,
        operation: Operation,
        total: int,
        is_correction: bool,
        tax_system: int,
        times: int,
        minutes: int,
        flaw: str,
        pause: int,
    ) -> None:
        """Receipts, or corrections; before the till forms the last one, which may be flawed, it thinks for a while."""
        command = C.BEGIN_CORRECTION if is_correction else C.BEGIN_RECEIPT
        for _ in range(times):
            self.document(command, operation=operation, total=total, tax_system=tax_system)
            self.till.wait(minutes=1)
        self.begin(command, minutes=minutes)
        self.add_data(flaw, total, tax_system)
        self.till.wait(minutes=pause)
        self.form(C.COMMIT_RECEIPT, operation=operation, total=total)
        self.cancel()

    @rule()
    def settle(self) -> None:
        self.document(C.BEGIN_SETTLEMENT)

    @precondition(lambda self: len(self.ledger.documents) > 4)
    @rule(pause=st.sampled_from([0, 0, 1440 * 500]), minutes=st.sampled_from([0, 0, -600]))
    def close_the_archive(self, pause: int, minutes: int) -> None:
        self.begin(C.BEGIN_CLOSE_ARCHIVE)
        self.add_data()
        self.till.wait(minutes=pause)
        self.form(C.CLOSE_ARCHIVE, minutes=minutes)

    @rule(documents=st.integers(1, 30), flaw=st.sampled_from(FLAWS))
    def deliver(self, documents: int, flaw: int) -> None:
        """The OFD gets as many documents as there are, at most so many, byte for byte as 46h tells them."""
        self.ask(C.SET_TRANSPORT, b"\1")
        for head in self.ledger.queue[:documents]:
            size, message = self.ask(C.BEGIN_MESSAGE), b""
            while size is not None and len(message) < number(size):
                message += self.ask(C.READ_MESSAGE, u16(len(message)) + u16(1024)) or b""
            body = self.body(head["number"])
            assert body is not None, "it waits for its confirmation"
            assert u16(head["kind"]) + u16(len(body)) + body in message, "the OFD gets another document"
            self.ask(C.END_MESSAGE)
            self.confirm(flaw)
            self.confirm(0)

    def confirm(self, flaw: int) -> None:
        head = self.ledger.queue[0]["number"] if self.ledger.queue else 1
        self.ledger.confirmation = (flaw, EPOCH + timedelta(seconds=self.till.world))
        self.ask(C.PUT_CONFIRMATION, confirmation_of(head, self.till.world, flaw))

    @rule(minutes=PAUSES)
    def wait(self, minutes: int) -> None:
        self.till.wait(minutes=minutes)

    def set_the_clock(self, minutes: int) -> None:
        self.till.set_clock(self.till.at + timedelta(minutes=minutes))

    def cut_the_power(self) -> None:
        self.till.fn.power_off()
        assert self.till.port.exchange(build_request(C.STATUS, b""), self.till.world) is None, "without power"
        self.till.fn.power_on(self.till.world)
        self.ledger.cut_power()

    def break_and_mend(self, fault: str) -> None:
        self.till.fn.inject(FAULTS[fault])
        self.ledger.break_down(fault)
        self.turn_the_shift(1)
        self.till.fn.mend()
        self.ledger.faults.clear()

    def go_on_with_a_fork(self) -> None:
        self.till.port = self.till.port.copy()

    def reset(self, argument: int) -> None:
        """Only of an FN that has lived."""
        if len(self.ledger.documents) > 9:
            self.ask(C.RESET, bytes((argument,)))
            self.checked = len(self.ledger.documents)

    def question_of_the_registration(self, days: int, tag: int) -> None:
        self.ask(C.DAYS_LEFT, self.dated(days * 24 * 60))
        if self.ledger.reports:
            self.ask(C.REGISTRATION_REQUISITE, u16(tag))

    def ask_with_a_wrong_length(self, command: FnCommand, size: int) -> None:
        if size not in ledger_commands.COMMANDS[command].sizes:
            self.ask(command, bytes(size))

    def body(self, place: int) -> bytes | None:
        """A document as 45h and 46h tell it; None when it is forgotten."""
        header = self.ask(C.BEGIN_DOCUMENT_TLV, u32(place))
        if header is None:
            return None
        parts: list[bytes] = []
        while len(b"".join(parts)) < number(header[2:]):
            parts.append(self.till.do(C.NEXT_DOCUMENT_TLV))
        assert self.till.ask(C.NEXT_DOCUMENT_TLV)[0] == FnCode.NO_DATA, "more than the header told"
        return b"".join(parts)

    @invariant()
    def the_state_is_that_of_the_ledger(self) -> None:
        for command in (C.STATUS, C.SHIFT_PARAMETERS, C.EXCHANGE_STATUS, C.UNSENT_COUNT):
            self.ask(command)

    @invariant()
    def the_counters_are_the_sums_over_the_documents(self) -> None:
        """Asked when they may have changed, and at the end of the life."""
        ledger = self.ledger
        now = (len(ledger.documents), len(ledger.queue))
        if now == self.counted:
            return
        self.counted = now
        for kind in (b"\0", b"\1"):
            self.ask(C.TOTALS, kind)
            self.ask(C.OPERATION_TOTALS, kind)
            self.ask(C.SETTLEMENT_TOTALS, kind + bytes((1 + now[0] % 4,)))
        self.ask(C.UNSENT_TOTALS)

    @invariant()
    def a_new_document_is_found_and_right(self) -> None:
        for document in self.ledger.documents[self.checked :]:
            self.ask(C.FIND_DOCUMENT, u32(document["number"]))
            body = self.body(document["number"])
            if body is not None:
                self.is_right(document, body)
            self.checked += 1

    def is_right(self, document: dict[str, Any], body: bytes) -> None:
        """Whether the bytes tell what the ledger has, and keep to the format."""
        told = dict(split(body))
        facts = {1040: document["number"], 1012: int((document["at"] - EPOCH).total_seconds())}
        facts |= {1038: document["shift"]} if "shift" in document else {}
        facts |= {1054: document["operation"], 1020: document["total"]} if "operation" in document else {}
        for tag, fact in facts.items():
            assert number(told[tag]) == fact, f"{tag} is {number(told[tag])}, the ledger has {fact}"
        assert told[1041].decode() == NUMBER, "another FN"
        assert told[1077][2:] == document["sign"][::-1], "another fiscal sign"
        assert body.endswith(document["data"]), "not the requisites of 07h"
        faults = check(document["kind"], body) if is_coherent(document) else []
        assert not faults, f"document {document['number']}: {faults}"

    def teardown(self) -> None:
        """The counters and the whole archive, once more."""
        if not getattr(self, "is_sound", False):
            return
        self.counted = (-1, -1)
        self.the_counters_are_the_sums_over_the_documents()
        for document in self.ledger.documents:
            self.ask(C.FIND_DOCUMENT, u32(document["number"]))
            self.ask(C.FIND_CONFIRMATION, u32(document["number"]))
