"""What is played: which till, in which state, through which port, with which checks in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final, Literal

from . import broken, day, documents, everything, money, paper, queries, registration, reports, tasks, weather
from .stage import Check, Model

Port = Literal["pty", "tcp"]

MODELS: Final = (
    Model("evotor-st2f", 74, "Эвотор СТ2Ф", is_evotor=True),
    Model("atol-77f", 69, "АТОЛ 77Ф"),
    Model("atol-30f", 61, "АТОЛ 30Ф"),
)
"""Numbers and titles of three tills in the driver's own words."""
PORTS: Final[tuple[Port, ...]] = ("pty", "tcp")
HEALTHY: Final = "registered"
"""The preset of a registered till with a closed shift."""

DAY: Final[tuple[Check, ...]] = (
    queries.model_is_itself,
    queries.clock_is_set,
    queries.status_agrees_with_itself,
    day.shift_opens,
    queries.status_agrees_with_itself,
    queries.shift_ends_in_a_day,
    day.sale_with_change,
    queries.counters_of_the_receipt,
    documents.last_receipt_is_in_the_archive,
    documents.last_receipt_reads_back,
    day.rich_sale,
    queries.counters_of_the_receipt,
    documents.last_receipt_reads_back,
    day.refund,
    queries.counters_of_the_receipt,
    documents.last_receipt_reads_back,
    money.discounts,
    queries.counters_of_the_receipt,
    money.rounding,
    money.told_tax,
    money.ten_payments,
    documents.last_receipt_reads_back,
    money.purchase,
    money.agent,
    money.corrections,
    money.returns_of_corrections,
    queries.figures_are_the_ledgers,
    day.receipt_given_up,
    day.cash_in,
    day.cash_out,
    queries.figures_are_the_ledgers,
    queries.fn_is_healthy,
    queries.fn_has_a_term,
    queries.registration_reads_back,
    queries.ofd_queue_ends_with_the_last_document,
    queries.documents_of_the_shift,
    paper.text_is_printed,
    paper.slip_is_printed,
    paper.barcode_is_printed_or_refused,
    paper.drawer_opens,
    everything.data_queries,
    everything.fn_queries,
    everything.settings,
    everything.raw_commands,
    reports.reports_of_counters,
    reports.reports_of_fn_counters,
    reports.service_prints,
    reports.copies,
    reports.settlement_state,
    queries.figures_are_the_ledgers,
    day.z_report,
    documents.every_document_reads_back,
    day.same_till_on_the_other_port,
)


TASKS: Final[tuple[Check, ...]] = (
    tasks.shift_opens,
    tasks.sale,
    tasks.refund,
    tasks.correction,
    tasks.money_moves,
    tasks.questions,
    tasks.papers,
    tasks.settlement_state,
    tasks.shift_closes,
)
"""A day by JSON tasks."""


@dataclass(frozen=True, slots=True)
class Play:
    """One till, one connection of the driver, a list of checks. `needs_hands` asks for a control URL."""

    model: Model
    preset: str
    port: Port
    checks: Sequence[Check]
    needs_hands: bool = False
    has_faulty_wire: bool = False

    @property
    def name(self) -> str:
        """Its name in the table, which is also how the child process is told what to play."""
        return f"{self.model.name}/{self.port}/{self.title}"

    @property
    def title(self) -> str:
        """What is played."""
        return next((name for name, checks in TITLES.items() if checks is self.checks), self.checks[0].__name__)


TITLES: Final = {"day": DAY, "tasks": TASKS}


def _days() -> list[Play]:
    days = [Play(model, HEALTHY, port, DAY) for model in MODELS for port in PORTS]
    return days + [Play(model, HEALTHY, port, TASKS) for model, port in _spread()]


def _spread() -> list[tuple[Model, Port]]:
    """Every model, its port in turn."""
    return list(zip(MODELS, cycle(PORTS)))


def _lives() -> list[Play]:
    """Registration, re-registration and the end of an FN."""
    plays = []
    for model, port in _spread():
        plays += [
            Play(model, "factory", port, (registration.first_registration,)),
            Play(model, HEALTHY, port, (registration.re_registration,)),
            Play(model, HEALTHY, port, (registration.fn_is_replaced,), needs_hands=True),
        ]
    return plays


def _weathers() -> list[Play]:
    """Every fault of the wire, on one model after the other."""
    faults = (
        *(weather.damaged_answers, weather.dropped_answers, weather.doubled_answers),
        *(weather.late_answers, weather.till_vanishes),
    )
    pairs = zip(faults, cycle(MODELS))
    return [Play(model, HEALTHY, "tcp", (fault,), has_faulty_wire=True) for fault, model in pairs]


def _breakdowns() -> list[Play]:
    """Every breakdown on every model, over a PTY and over TCP in turn."""
    plays = []
    for model, port in _spread():
        plays += [
            Play(model, "receipt-open", port, (broken.receipt_left_open,)),
            Play(model, "fn-expired", port, (broken.term_is_over,)),
            Play(model, "ofd-30-days", port, (broken.thirty_days_without_ofd,)),
            Play(model, "shift-25h", port, (broken.shift_of_25_hours,)),
            Play(model, HEALTHY, port, (broken.fn_pulled_out,), needs_hands=True),
        ]
    return plays


PLAYS: Final = (*_days(), *_breakdowns(), *_lives(), *_weathers())


def named(name: str) -> Play:
    """Return the play of that name."""
    return next(play for play in PLAYS if play.name == name)
