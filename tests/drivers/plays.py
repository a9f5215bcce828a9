"""What is played: which till, in which state, through which port, with which checks in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from . import broken, day, documents, paper, queries
from .stage import Check, Model

Port = Literal["pty", "tcp"]

MODELS: Final = (Model("evotor-st2f", 74, "Эвотор СТ2Ф"), Model("atol-77f", 69, "АТОЛ 77Ф"))
"""Numbers and titles of the two tills in the driver's own words."""
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
    day.x_report,
    queries.figures_are_the_ledgers,
    day.z_report,
    documents.every_document_reads_back,
    day.same_till_on_the_other_port,
)


@dataclass(frozen=True, slots=True)
class Play:
    """One till, one connection of the driver, a list of checks. `needs_hands` asks for a control URL."""

    model: Model
    preset: str
    port: Port
    checks: Sequence[Check]
    needs_hands: bool = False

    @property
    def name(self) -> str:
        """Its name in the table, which is also how the child process is told what to play."""
        return f"{self.model.name}/{self.port}/{self.checks[0].__name__ if self.is_broken else 'day'}"

    @property
    def is_broken(self) -> bool:
        """Whether it is about one breakdown."""
        return len(self.checks) == 1


def _days() -> list[Play]:
    return [Play(model, HEALTHY, port, DAY) for model in MODELS for port in PORTS]


def _breakdowns() -> list[Play]:
    """Every breakdown on both models, one over a PTY and the other over TCP."""
    plays = []
    for model, port in zip(MODELS, PORTS, strict=True):
        plays += [
            Play(model, "receipt-open", port, (broken.receipt_left_open,)),
            Play(model, "fn-expired", port, (broken.term_is_over,)),
            Play(model, "ofd-30-days", port, (broken.thirty_days_without_ofd,)),
            Play(model, "shift-25h", port, (broken.shift_of_25_hours,)),
            Play(model, HEALTHY, port, (broken.fn_pulled_out,), needs_hands=True),
        ]
    return plays


PLAYS: Final = (*_days(), *_breakdowns())


def named(name: str) -> Play:
    """Return the play of that name."""
    return next(play for play in PLAYS if play.name == name)
