"""Numbers of the shift and in the shift. A value: a document makes a new one, nothing is changed in place."""

from datetime import datetime
from typing import NamedTuple

NUMBER_LIMIT = 0xFFFF
"""Shift and receipt numbers are u16."""


class ShiftCounters(NamedTuple):
    """«Счётчики смены»: of the open shift, or of the last closed one; its sums are in ``totals``."""

    number: int = 0
    opened_at: datetime | None = None
    documents: int = 0
    receipts: int = 0

    def opened(self, at: datetime) -> "ShiftCounters":
        """The next shift after its opening report."""
        return ShiftCounters(self.number + 1, at, 1)

    def closed(self) -> "ShiftCounters":
        """The same shift with its closing report."""
        return ShiftCounters(self.number, self.opened_at, self.documents + 1, self.receipts)

    def with_document(self) -> "ShiftCounters":
        """The same shift with one document more that is neither a receipt nor a report on the shift."""
        return self._replace(documents=self.documents + 1)

    def with_receipt(self) -> "ShiftCounters":
        """The same shift with one receipt or correction more: they are numbered together."""
        return ShiftCounters(self.number, self.opened_at, self.documents + 1, self.receipts + 1)

    @property
    def is_full(self) -> bool:
        """Whether one receipt more would have no number."""
        return self.receipts >= NUMBER_LIMIT
