"""Faults put into the FN on purpose: the machine of random lives finds every one of them.

That it does not complain of a healthy FN, `test_fn_machine` shows; here every life is the same in every run.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fn_model import archive_queries, composition, documents, limits, ofd_queue, phases, port, warnings
from fn_model.state import FnState, Volatile
from fn_model.storage import FiscalStorage
from fn_model.totals import Totals
from fn_model.transitions import TRANSITIONS, Input, Stage
from protocol.fn.commands import FnCommand, OfdRefusal, Operation
from protocol.fn.commands import Phase as LifePhase
from tests.fn.fn_machine import FnMachine

HUNT = settings(
    max_examples=400,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    report_multiple_bugs=False,
    print_blob=False,
    suppress_health_check=tuple(HealthCheck),
)


def it_repeats_a_number(patch: pytest.MonkeyPatch) -> None:
    """A receipt has the number of the document before it."""
    head = composition.head

    def repeat(state: FnState, number: int, at: datetime) -> Mapping[int, bytes]:
        return head(state, number - (state.shift.receipts > 0), at)

    patch.setattr(composition, "head", repeat)


def it_forgets_the_thirty_days(patch: pytest.MonkeyPatch) -> None:
    """It goes on making documents however old the unsent ones are."""
    patch.setattr(limits, "UNSENT_DAYS", 10_000)


def it_has_long_shifts(patch: pytest.MonkeyPatch) -> None:
    """It takes receipts for two days."""
    patch.setattr(limits, "SHIFT_LENGTH", timedelta(hours=48))


def it_lags_two_hours(patch: pytest.MonkeyPatch) -> None:
    """A shift may begin two hours before the last document."""
    patch.setattr(limits, "OPENING_LAG", timedelta(hours=2))


def it_has_no_timer(patch: pytest.MonkeyPatch) -> None:
    """It believes every date."""
    patch.setattr(limits, "TIMER_TOLERANCE_SECONDS", 1e9)


def it_warns_late(patch: pytest.MonkeyPatch) -> None:
    """That the OFD is silent it tells after a month."""
    patch.setattr(warnings, "OFD_TIMEOUT", timedelta(days=30))


def it_remembers_a_begun_document(patch: pytest.MonkeyPatch) -> None:
    """A power cut does not take it."""
    power_off = FiscalStorage.power_off

    def keep(fn: FiscalStorage) -> None:
        begun = fn.volatile.begun
        power_off(fn)
        fn.volatile.begun = begun

    patch.setattr(FiscalStorage, "power_off", keep)
    patch.setattr(FiscalStorage, "power_on", lambda fn, world: setattr(fn, "is_powered", True))


def it_keeps_the_counters_of_the_last_shift(patch: pytest.MonkeyPatch) -> None:
    """A new shift goes on with them."""
    patch.setattr(Totals, "opened", lambda totals: totals)


def it_counts_corrections_among_receipts(patch: pytest.MonkeyPatch) -> None:
    """In 36h a correction is a receipt."""

    def count(totals: Totals, operation: Operation, total_kopecks: int, *, is_queued: bool) -> Totals:
        return totals.with_receipt(operation, total_kopecks, {}, is_queued=is_queued)

    patch.setattr(Totals, "with_correction", count)


def it_never_takes_a_sum_off_the_queue(patch: pytest.MonkeyPatch) -> None:
    """In 39h what is confirmed still waits."""
    patch.setattr(Totals, "confirmed", lambda totals, operation, total_kopecks: totals)


def it_trusts_any_signature(patch: pytest.MonkeyPatch) -> None:
    """It takes a confirmation with a wrong sign."""
    rules = tuple(rule for rule in ofd_queue.CONFIRMATION_RULES if rule[0] is not OfdRefusal.SIGN)
    patch.setattr(ofd_queue, "CONFIRMATION_RULES", rules)


def it_forgets_documents_early(patch: pytest.MonkeyPatch) -> None:
    """After a week only the short form is left."""
    patch.setattr(archive_queries, "WHOLE_FOR", timedelta(days=7))


def it_loses_the_last_requisites(patch: pytest.MonkeyPatch) -> None:
    """Of the data of 07h the last byte is not kept."""
    add_data = documents.add_data

    def lose(fn: FiscalStorage, data: bytes, world: float) -> bytes:
        answer = add_data(fn, data, world)
        begun = fn.volatile.begun
        assert begun is not None
        begun.data[-1] = begun.data[-1][:-1] + b"\0"
        return answer

    name, command = port._BY_NUMBER[FnCommand.ADD_DATA]
    patch.setitem(port._BY_NUMBER, FnCommand.ADD_DATA, (name, replace(command, action=lose)))


def it_opens_shifts_after_its_archive_was_closed(patch: pytest.MonkeyPatch) -> None:
    """Two tables have a row too many."""
    for rows in phases.COMMAND_PHASES.values():
        for command in (FnCommand.BEGIN_OPEN_SHIFT, FnCommand.ADD_DATA, FnCommand.OPEN_SHIFT):
            patch.setitem(rows, command, frozenset(LifePhase))
    patch.setitem(TRANSITIONS, (Stage.ARCHIVE_CLOSED, Input.BEGIN_OPEN_SHIFT), Stage.OPENING_SHIFT)


def its_forks_share_what_is_begun(patch: pytest.MonkeyPatch) -> None:
    """A fork forgets the document that was begun."""
    copy = Volatile.copy

    def forget(volatile: Volatile) -> Volatile:
        twin = copy(volatile)
        twin.begun = None
        return twin

    patch.setattr(Volatile, "copy", forget)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault. ``told``: a pattern of what the machine says of it; ``generation``: whose rule it breaks."""

    make: Callable[[pytest.MonkeyPatch], None]
    told: str
    generation: str = "FN-1.1"


MUTANTS = (
    Mutant(it_repeats_a_number, "1040 is"),
    Mutant(it_forgets_the_thirty_days, "code 00h, the ledger has 14h"),
    Mutant(it_forgets_the_thirty_days, "the ledger has 15h", "FN-1"),
    Mutant(it_has_long_shifts, "code .*, the ledger has (16|07)h"),
    Mutant(it_lags_two_hours, "11h .*code 00h, the ledger has 07h"),
    Mutant(it_has_no_timer, "code 00h, the ledger has 17h"),
    Mutant(it_warns_late, "30h|warning bit"),
    Mutant(it_remembers_a_begun_document, "30h|code"),
    Mutant(it_keeps_the_counters_of_the_last_shift, "36h 00"),
    Mutant(it_counts_corrections_among_receipts, "36h 0[01]"),
    Mutant(it_never_takes_a_sum_off_the_queue, "39h"),
    Mutant(it_trusts_any_signature, "26h .*code 00h, the ledger has 20h"),
    Mutant(it_forgets_documents_early, "45h .*code 08h, the ledger has 00h"),
    Mutant(it_loses_the_last_requisites, "not the requisites of 07h"),
    Mutant(it_opens_shifts_after_its_archive_was_closed, "the ledger has 0[12]h"),
    Mutant(its_forks_share_what_is_begun, "30h|code"),
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.make.__name__}-{mutant.generation}")
def test_the_machine_finds_the_mutant(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    class Hunter(FnMachine):
        pass

    Hunter.generation, Hunter.seen = mutant.generation, set()
    mutant.make(monkeypatch)
    with pytest.raises(AssertionError, match=mutant.told):
        run_state_machine_as_test(Hunter, settings=HUNT)
