"""Registers, the full status and the FN never contradict each other, whatever a till has been told.

`PAIRS` are the sentences that must hold; each is a name and what the till answers on either side of the equality.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from kktsim.bench import Bench
from kktsim.testing import strategies
from protocol.atol.command import Command
from protocol.atol.commands.items import AddItem
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode
from protocol.atol.commands.payment import AddPayment
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CloseReceipt, OpenReceipt
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.atol.commands.status import CashInDrawer, FullStatus, LastShiftTotal, StateCode
from protocol.fn.answers import ExchangeStatus, FnStatus, ShiftParameters, Term, parse_word
from protocol.fn.archive_answers import FoundDocument, ReceiptDetails

from .desk import Desk

MakeBench = Callable[..., Bench]
TYPES = (1, 2, 4, 5, 7, 9)
TOTAL_NUMBERS = {0: 1, 1: 4, 2: 2, 3: 5, 4: 7, 5: 9}
"""First parameter of 0Ch to receipt type."""
FORMS = range(1, 11)
MINUS = (2, 4, 8, 9)
"""Receipt types that money goes out by: revenue is without them."""
CORRECTIONS_OF = {7: 1, 8: 2, 9: 4, 10: 5}
OPERATIONS = {1: 1, 2: 2, 4: 3, 5: 4}
"""Receipt type to the FN's operation."""
Pair = tuple[str, object, object]


class Told:
    """What the till answers right now."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.status = dict(FullStatus().read_answer(desk.does(FullStatus())))
        self.fn = FnStatus.parse(desk.does("A4 30"))

    def of(self, register: int, first: int = 0, second: int = 0) -> dict[str, Any]:
        """The fields of a register."""
        return self.desk.register(register, first, second)

    def sum(self, register: int, first: int = 0, second: int = 0) -> int:
        """The sum of a register."""
        return int(self.of(register, first, second)["sum_kopecks"])

    @property
    def shift_is_open(self) -> bool:
        """By 3Fh."""
        return bool(self.status["flags"] & 2)


def _of_the_machine(told: Told) -> Iterator[Pair]:
    status, receipt = told.status, told.of(0x13)
    state = StateCode().read_answer(told.desk.does(StateCode()))
    clock = datetime.strptime("20" + (status["date_yymmdd"] + status["time"]).hex(), "%Y%m%d%H%M%S")
    yield "clock", clock, told.of(0x11)["at"]
    yield "mode of 45h", status["mode"], state["mode"]
    yield "mode of 13h", status["mode"], receipt["mode"]
    yield "model", status["model"], told.of(0x17)["model"]
    yield "cash", CashInDrawer().read_answer(told.desk.does(CashInDrawer()))["cash_kopecks"], told.sum(0x0A)


def _of_the_receipt(told: Told) -> Iterator[Pair]:
    status, receipt, sums = told.status, told.of(0x13), told.of(0x14)
    yield "receipt state", status["receipt_state"], receipt["receipt_state"]
    yield "receipt number", status["receipt_number"], receipt["receipt_number"]
    yield "receipt sum", status["receipt_sum_kopecks"], sums["sum_kopecks"]
    taxes = [told.sum(0x3D, row) for row in range(1, 7)]
    yield "what costs takes room", sums["sum_kopecks"] > 0 and told.of(0x42)["bytes"] == 0, False
    if not status["receipt_state"]:
        yield "no receipt", (sums["sum_kopecks"], sums["remainder_kopecks"], *taxes), (0,) * 8


def _of_the_shift(told: Told) -> Iterator[Pair]:
    is_open, number = told.shift_is_open, told.of(0x35)["shift_number"]
    fn_shift = ShiftParameters.parse(told.desk.does("A4 10"))
    yield "shift of 12h", is_open, bool(told.of(0x12)["shift_is_open"])
    yield "shift of the FN", is_open, fn_shift.is_open
    yield "shift number of the FN", number, fn_shift.shift
    yield "closed shifts of 3Fh", told.status["closed_shifts"], number - is_open
    yield "closed shifts of 15h", told.of(0x15)["closed_shifts"], number - is_open
    documents = told.of(0x3A)
    if is_open:
        yield "receipts of the FN's shift", told.of(0x35)["receipts"], fn_shift.receipt
        since = told.fn.last_document - documents["shift_opening_document"] + 1
        yield "documents since the shift was opened", documents["in_shift"], since
    else:
        yield "nothing in a closed shift", (documents["in_shift"], told.of(0x35)["receipts"]), (0, 0)
        yield "the shift that ended", told.of(0x12)["ends_at"], told.of(0x46)["closed_at"]


def _of_money(told: Told) -> Iterator[Pair]:
    registered = {kind: told.sum(0x01, kind) for kind in TYPES}
    for number, kind in TOTAL_NUMBERS.items():
        yield f"total {number} of the shift", told.sum(0x0C, number), registered[kind]
    for kind in TYPES:
        yield f"payments of type {kind}", sum(told.sum(0x03, kind, form) for form in FORMS), registered[kind]
        paid = sum(told.sum(0x38, kind, form) for form in FORMS)
        yield f"non-nullable payments of type {kind}", paid, told.sum(0x28, kind)
        yield f"non-nullable sum of type {kind} holds the shift's", told.sum(0x28, kind) >= registered[kind], True
    signed = sum(-kopecks if kind in MINUS else kopecks for kind, kopecks in registered.items())
    revenue = told.of(0x0B)
    yield "revenue", -revenue["sum_kopecks"] if revenue["sign"] else revenue["sum_kopecks"], signed
    closed = sum(told.of(0x41, kind)["closed_receipts"] for kind in TYPES)
    yield "closed receipts", closed, told.of(0x35)["receipts"]
    for sum_of, count_of in ((0x04, 0x08), (0x05, 0x09)):
        yield f"slips of {count_of:02X}h", told.sum(sum_of) == 0 or told.of(count_of)["count"] > 0, True


def _of_the_fn(told: Told) -> Iterator[Pair]:
    fn, last, desk = told.fn, told.of(0x34), told.desk
    yield "last document", last["document_number"], fn.last_document
    yield "its date", last["at"], fn.last_document_at
    state, exchange = told.of(0x2F), ExchangeStatus.parse(desk.does("A4 20"))
    yield "FN and phase", (state["fn_number"].decode(), state["fn_phase"]), (fn.number, fn.phase)
    yield "unsent", told.of(0x2C)["unsent_documents"], parse_word(desk.does("A4 42"))
    yield "the queue", told.of(0x2C)["unsent_documents"], exchange.unsent_documents
    yield "first unsent", told.of(0x2D)["first_unsent_at"], exchange.at
    term, left = Term.parse(desk.does("A4 32")), told.of(0x1A)
    yield "registrations made", left["registration_number"], term.registrations_made
    yield "registrations left", left["left"], term.registrations_left
    yield "registration", told.of(0x1B)["registered_on"].date(), told.of(0x30)["at"].date()
    receipt = told.of(0x33)
    if number := receipt["document_number"]:
        found = FoundDocument.parse(desk.does("A4 40" + number.to_bytes(4, "little").hex()))
        assert isinstance(found.details, ReceiptDetails)
        kind = CORRECTIONS_OF.get(receipt["receipt_type"], receipt["receipt_type"])
        yield "operation of the last receipt", OPERATIONS[kind], found.details.operation
        yield "sum of the last receipt", receipt["sum_kopecks"], found.details.total_kopecks
        yield "date of the last receipt", receipt["at"], found.at
        yield "sign of the last receipt", receipt["fiscal_sign"], found.sign


PAIRS = (_of_the_machine, _of_the_receipt, _of_the_shift, _of_money, _of_the_fn)


def check(desk: Desk) -> None:
    told = Told(desk)
    wrong = [pair for pairs in PAIRS for pair in pairs(told) if pair[1] != pair[2]]
    assert not wrong, wrong


def _in(mode: Mode, *commands: Command) -> tuple[Command, ...]:
    return (LeaveMode(), EnterMode(mode=mode), *commands)


def _sale(kind: Any, prices: list[int], tax: int, form: int, part: int) -> tuple[Command, ...]:
    items = [AddItem(name="Хлеб", price_kopecks=price, tax=tax) for price in prices]
    payments = [AddPayment(payment_form=form, sum_kopecks=min(part, sum(prices)))]
    return _in(Mode.REGISTRATION, OpenReceipt(type=kind), *items, *payments, CloseReceipt())


sales = st.builds(
    _sale,
    strategies.types,
    st.lists(st.integers(1, 100_000), min_size=1, max_size=3),
    st.integers(1, 6),
    st.integers(1, 10),
    st.integers(1, 50_000),
)
in_order: st.SearchStrategy[tuple[Command, ...]] = st.one_of(
    sales,
    st.integers(1, 10_000_000).map(lambda kopecks: _in(Mode.REGISTRATION, CashIn(sum_kopecks=kopecks))),
    st.sampled_from(
        (
            _in(Mode.REGISTRATION, OpenShift()),
            _in(Mode.Z_REPORTS, CloseShift()),
            _in(Mode.X_REPORTS, XReport(type=9)),
            _in(Mode.REGISTRATION, OpenReceipt(), AddItem(name="Соль", price_kopecks=7, tax=2), CancelReceipt()),
        )
    ),
    st.lists(strategies.any_command, min_size=1, max_size=3).map(tuple),
)
"""What a host does: something sensible, or anything that is well-formed."""


@pytest.mark.parametrize("model", ["evotor-st2f", "atol-77f"])
@pytest.mark.parametrize("state", ["registered", "receipt-open"])
@settings(max_examples=15)
@given(deeds=st.lists(in_order, max_size=8))
def test_registers_status_and_fn_always_agree(
    make_bench: MakeBench, state: str, model: str, deeds: list[tuple[Command, ...]]
) -> None:
    desk = Desk(make_bench(state, model))
    check(desk)
    for commands in deeds:
        for command in commands:
            answer = desk.answer(command)
            desk.print_out()
        note(f"{commands} ended in {answer}")
        check(desk)


def test_the_sums_of_the_last_shift_are_what_its_registers_told(make_bench: MakeBench) -> None:
    desk = Desk(make_bench("shift-open", "atol-77f"))
    desk.sell(12_345)
    desk.open_receipt(345, type_=2)
    desk.does("4A 00 01 00 00 00 00 00")
    income = desk.register(0x0C, 0)["sum_kopecks"], desk.register(0x0C, 2)["sum_kopecks"]
    desk.close_shift()
    told = LastShiftTotal().read_answer(desk.does(LastShiftTotal()))
    assert income == (12_345, 345) and told == {"income_kopecks": 12_000, "outcome_kopecks": 0}
