"""«Счётчики ФН» of the shift. A value: a document makes a new one, nothing is changed in place."""

from datetime import datetime
from typing import NamedTuple

from protocol.fn.commands import Operation

TOTAL_LIMIT = (1 << 48) - 1
"""Kopecks: the largest shift total per operation (u48 in the counters of FN-1.1)."""
NUMBER_LIMIT = 0xFFFF
"""Shift and receipt numbers are u16."""


class ShiftCounters(NamedTuple):
    """«Счётчики смены»: of the open shift, or of the last closed one. ``totals_kopecks`` by operation 1..4."""

    number: int = 0
    opened_at: datetime | None = None
    documents: int = 0
    receipts: int = 0
    totals_kopecks: tuple[int, int, int, int] = (0, 0, 0, 0)

    def opened(self, at: datetime) -> "ShiftCounters":
        """The next shift after its opening report."""
        return ShiftCounters(self.number + 1, at, 1)

    def closed(self) -> "ShiftCounters":
        """The same shift with its closing report."""
        return ShiftCounters(self.number, self.opened_at, self.documents + 1, self.receipts, self.totals_kopecks)

    def with_document(self) -> "ShiftCounters":
        """The same shift with one document more that is neither a receipt nor a report on the shift."""
        return self._replace(documents=self.documents + 1)

    def with_receipt(self, operation: Operation, total_kopecks: int) -> "ShiftCounters":
        """The same shift with one receipt or correction more: they are numbered together."""
        sell, sell_return, buy, buy_return = self.totals_kopecks
        if operation is Operation.SELL:
            sell += total_kopecks
        elif operation is Operation.SELL_RETURN:
            sell_return += total_kopecks
        elif operation is Operation.BUY:
            buy += total_kopecks
        else:
            buy_return += total_kopecks
        totals = (sell, sell_return, buy, buy_return)
        return ShiftCounters(self.number, self.opened_at, self.documents + 1, self.receipts + 1, totals)

    def overflows(self, operation: Operation, total_kopecks: int) -> bool:
        """Whether one receipt more would not fit."""
        return self.totals_kopecks[operation - 1] + total_kopecks > TOTAL_LIMIT or self.receipts >= NUMBER_LIMIT
