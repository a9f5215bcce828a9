"""«Счётчики»: what the till adds up, of the shift and since registration. Money in kopecks."""

from dataclasses import dataclass, field, replace

from kktsim.device.receipt import Receipt
from kktsim.device.report_counters import ReportCounters
from protocol.atol.commands.flags import ReceiptType


@dataclass(slots=True)
class Totals:
    """«Счётчики»: of the shift, and those that no report resets."""

    cash_kopecks: int = 0
    """What the drawer should hold: below zero when cash control was off."""
    registered: dict[int, int] = field(default_factory=dict)
    """Receipt type to kopecks, this shift."""
    registrations: dict[int, int] = field(default_factory=dict)
    """Receipt type to number of items, this shift."""
    paid: dict[tuple[int, int], int] = field(default_factory=dict)
    """(Receipt type, payment form) to kopecks, this shift."""
    taxes: dict[tuple[int, int], int] = field(default_factory=dict)
    """(Receipt type, tax row) to kopecks, this shift; of 0 % and no VAT the settled sums."""
    discounts: dict[int, int] = field(default_factory=dict)
    """Receipt type to kopecks in closed receipts, this shift."""
    surcharges: dict[int, int] = field(default_factory=dict)
    """Receipt type to kopecks in closed receipts, this shift."""
    receipts: dict[int, int] = field(default_factory=dict)
    """Receipt type to closed receipts, this shift."""
    cancelled: dict[int, int] = field(default_factory=dict)
    """Receipt type to cancelled receipts, this shift."""
    cancelled_sums: dict[int, int] = field(default_factory=dict)
    """Receipt type to kopecks in the receipts that were cancelled, this shift."""
    cash_in_kopecks: int = 0
    cash_in_count: int = 0
    cash_out_kopecks: int = 0
    cash_out_count: int = 0
    documents_in_shift: int = 0
    shift_opening_document: int = 0
    last_shift_income_kopecks: int = 0
    last_shift_outcome_kopecks: int = 0
    non_nullable: dict[int, int] = field(default_factory=dict)
    """Receipt type to kopecks since registration."""
    non_nullable_paid: dict[tuple[int, int], int] = field(default_factory=dict)
    """(Receipt type, payment form) to kopecks since registration."""
    running_receipts: int = 0
    """Receipts since the first, not reset by the shift."""
    running_documents: int = 0
    reports: ReportCounters = field(default_factory=ReportCounters)
    general_resets: int = 0
    """«Счётчик общих гашений»."""

    def copy(self) -> "Totals":
        """Independent totals."""
        return replace(
            self,
            registered=self.registered.copy(),
            registrations=self.registrations.copy(),
            paid=self.paid.copy(),
            taxes=self.taxes.copy(),
            discounts=self.discounts.copy(),
            surcharges=self.surcharges.copy(),
            receipts=self.receipts.copy(),
            cancelled=self.cancelled.copy(),
            cancelled_sums=self.cancelled_sums.copy(),
            non_nullable=self.non_nullable.copy(),
            non_nullable_paid=self.non_nullable_paid.copy(),
            reports=self.reports.copy(),
        )

    @property
    def cash_shown_kopecks(self) -> int:
        """«Наличность в кассе» as the till tells it: nothing while there is less (a guess)."""
        return max(self.cash_kopecks, 0)

    def count_cancelled(self, receipt: Receipt) -> None:
        """A receipt was cancelled by 59h or by a power cut."""
        kind = receipt.type
        self.cancelled[kind] = self.cancelled.get(kind, 0) + 1
        self.cancelled_sums[kind] = self.cancelled_sums.get(kind, 0) + receipt.sum_kopecks

    def close_shift(self) -> None:
        """Reset what belongs to the shift; cash stays."""
        sells = self.registered.get(ReceiptType.SELL, 0) - self.registered.get(ReceiptType.SELL_RETURN, 0)
        buys = self.registered.get(ReceiptType.BUY, 0) - self.registered.get(ReceiptType.BUY_RETURN, 0)
        self.last_shift_income_kopecks = sells
        self.last_shift_outcome_kopecks = buys
        for counter in (
            self.registered,
            self.registrations,
            self.paid,
            self.taxes,
            self.discounts,
            self.surcharges,
            self.receipts,
            self.cancelled,
            self.cancelled_sums,
        ):
            counter.clear()
        self.reports.reset()
        self.cash_in_kopecks = self.cash_in_count = self.cash_out_kopecks = self.cash_out_count = 0
        self.documents_in_shift = 0
