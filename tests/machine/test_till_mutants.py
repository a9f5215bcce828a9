"""Faults put into till and FN on purpose: the machine of random lives finds every one of them.

Each mutant is a patch for the time of a test. That the machine does not complain of a healthy till, `test_till_machine`
shows; here every example is the same in every run.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fn_model import composition, limits, phases, transitions
from fn_model.model import load_model
from fn_model.state import FnState
from fn_model.transitions import Input, Stage
from kktsim.device import HANDLERS, Kkt, booking, discounts, documents, fn_questions, items, taxes
from kktsim.device.documents import Made
from kktsim.device.receipt import Item
from kktsim.device.refusal import Refusal
from kktsim.testing.history import handed_over
from kktsim.testing.inspector import Violation
from kktsim.testing.ledger_receipt import LedgerError
from kktsim.testing.machine import FRUITFUL, TillMachine
from protocol.atol.commands.receipt import CancelReceipt, OpenReceipt
from protocol.fn.commands import FnCommand
from protocol.fn.commands import Phase as LifePhase

HUNT = settings(
    max_examples=500,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    report_multiple_bugs=False,
    print_blob=False,
    suppress_health_check=tuple(HealthCheck),
)


def the_fn_repeats_a_number(patch: pytest.MonkeyPatch) -> None:
    """Every receipt is written down under the number of the document before it."""
    head = composition.head

    def repeat(state: FnState, number: int, at: datetime) -> composition.Tlvs:
        is_receipt = state.shift.receipts > 0 and state.stage is Stage.SHIFT_OPEN
        return head(state, number - 1 if is_receipt else number, at)

    patch.setattr(composition, "head", repeat)


def the_till_does_not_count_a_document(patch: pytest.MonkeyPatch) -> None:
    """The report on closing the shift leaves no trace in the till's mirror."""
    adopt = documents.adopt

    def forget(kkt: Kkt, made: Made) -> None:
        before = kkt.memory.mirror.document_number
        adopt(kkt, made)
        if kkt.volatile.mode == 3:
            kkt.memory.mirror.document_number = before

    patch.setattr(documents, "adopt", forget)


def the_till_ignores_59(patch: pytest.MonkeyPatch) -> None:
    """It says that the receipt is cancelled, and keeps it."""
    row = HANDLERS[CancelReceipt.code]
    patch.setitem(HANDLERS, CancelReceipt.code, replace(row, handler=lambda kkt, request, at: b""))


def the_fn_forgets_the_thirty_days(patch: pytest.MonkeyPatch) -> None:
    """It goes on making documents however old the unsent ones are."""
    patch.setattr(limits, "UNSENT_DAYS", 10_000)


def the_till_miscounts_the_change(patch: pytest.MonkeyPatch) -> None:
    """Its counters take a kopeck of the change for money that was paid."""
    patch.setattr(booking.receipt, "change", lambda receipt: max(receipt.paid_kopecks - receipt.sum_kopecks - 1, 0))


def the_till_loses_kopecks_of_a_discount(patch: pytest.MonkeyPatch) -> None:
    """What cannot be divided evenly among the items of a receipt is given to none."""
    patch.setattr(
        discounts, "share", lambda whole, weights: [whole * weight // (sum(weights) or 1) for weight in weights]
    )


def the_till_taxes_what_was_taken_off(patch: pytest.MonkeyPatch) -> None:
    """A discount changes the cost of an item, and not the tax in it."""
    recosted = items.recosted

    def untaxed(kkt: Kkt, item: Item, *changes: int, **named: int) -> Item:
        return replace(recosted(kkt, item, *changes, **named), tax_sum_kopecks=item.tax_sum_kopecks)

    patch.setattr(discounts, "recosted", untaxed)


def the_till_ignores_b8(patch: pytest.MonkeyPatch) -> None:
    """It says that it knows the tax, and reckons it itself."""
    of_receipt = taxes.of_receipt
    patch.setattr(taxes, "of_receipt", lambda kkt, receipt: of_receipt(kkt, replace(receipt, told_taxes={})))


def the_fn_opens_shifts_after_its_archive_was_closed(patch: pytest.MonkeyPatch) -> None:
    """Two tables of the FN have a row too many."""
    for command in (FnCommand.BEGIN_OPEN_SHIFT, FnCommand.ADD_DATA, FnCommand.OPEN_SHIFT):
        patch.setitem(phases.COMMAND_PHASES[load_model().generation], command, frozenset(LifePhase))
    patch.setitem(transitions.TRANSITIONS, (Stage.ARCHIVE_CLOSED, Input.BEGIN_OPEN_SHIFT), Stage.OPENING_SHIFT)


def the_till_says_yes_after_the_archive_was_closed(patch: pytest.MonkeyPatch) -> None:
    """It opens a receipt that its FN refuses."""
    row = HANDLERS[OpenReceipt.code]

    def open_receipt(kkt: Kkt, request: OpenReceipt, at: float) -> bytes:
        try:
            return row.handler(kkt, request, at)
        except Refusal:
            if fn_questions.ask_status(kkt, at).phase is LifePhase.FISCAL:
                raise
            return b""

    patch.setitem(HANDLERS, OpenReceipt.code, replace(row, handler=open_receipt))


class Hunter(TillMachine):
    """Lives that are not brought to a good end: only rules and invariants hunt."""

    presets = FRUITFUL

    def teardown(self) -> None:
        """Leave it as it is."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault. ``told``: a pattern of what the machine says of it."""

    make: Callable[[pytest.MonkeyPatch], None]
    told: str


MUTANTS = (
    Mutant(the_fn_repeats_a_number, "it has the number"),
    Mutant(the_till_does_not_count_a_document, "the till believes"),
    Mutant(the_till_ignores_59, "3Fh tells of receipt"),
    Mutant(the_fn_forgets_the_thirty_days, "days after the first document that the OFD has not got"),
    Mutant(the_till_miscounts_the_change, "ReadRegister"),
    Mutant(the_till_loses_kopecks_of_a_discount, "kopecks in 1020|3Fh tells of receipt"),
    Mutant(the_till_taxes_what_was_taken_off, "kopecks in 110|tells .* in 1200|ReadRegister"),
    Mutant(the_till_ignores_b8, "kopecks in 110|ReadRegister"),
    Mutant(
        the_fn_opens_shifts_after_its_archive_was_closed,
        "after the archive was closed|OpenReceipt.* was not done, but (changed fn.documents|printed)",
    ),
    Mutant(the_till_says_yes_after_the_archive_was_closed, "till and FN differ|made documents"),
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.make.__name__)
def test_the_machine_finds_the_mutant(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    for preset in Hunter.presets:
        handed_over(Hunter.model, preset)
    mutant.make(monkeypatch)
    with pytest.raises((Violation, LedgerError), match=mutant.told):
        run_state_machine_as_test(Hunter, settings=HUNT)
