"""«Счётчики итогов ФН»: sums by operation, payment and VAT rate, of the shift and of the whole life, and of what is
not confirmed yet. A value: a document makes a new one, nothing is changed in place.

Which sums there are: public clients of FN-1.2 (the layout of 36h) and FNS order ЕД-7-20/662@, appendix 2 (1129-1146).
FN-1 tells none of them, but refuses a receipt that overflows those of its shift.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from operator import add
from struct import Struct
from typing import NamedTuple, TypeAlias

from protocol.ffd.tags import T
from protocol.fn.commands import Operation

Sums: TypeAlias = tuple[int, ...]
"""How many documents, and their sums in kopecks."""
ByOperation: TypeAlias = tuple[Sums, ...]
"""Of operation 1..4."""

SUM_LIMIT = (1 << 48) - 1
"""Kopecks: the largest sum of a shift (u48 in the answers of FN-1.1)."""

SUMMED_TAGS: tuple[int, ...] = (
    *map(int, (T.CASH, T.ELECTRONIC, T.PREPAID, T.CREDIT, T.OTHER)),
    *map(int, (T.VAT_20, T.VAT_10, T.VAT_0, T.VAT_NONE, T.VAT_20_120, T.VAT_10_110)),
)
"""Requisites of a receipt that are summed, in the order of 36h: behind the count and the total."""
_RECEIPT_SUMS = 2 + len(SUMMED_TAGS)
_AMOUNTS = 2
_NO_RECEIPTS: ByOperation = ((0,) * _RECEIPT_SUMS,) * len(Operation)
_NO_AMOUNTS: ByOperation = ((0,) * _AMOUNTS,) * len(Operation)


class Counters(NamedTuple):
    """Of one shift, or of a whole life.

    ``receipts`` by operation: count, total, then `SUMMED_TAGS`; ``corrections`` by operation: count and total.
    """

    receipts: ByOperation = _NO_RECEIPTS
    corrections: ByOperation = _NO_AMOUNTS

    @property
    def document_count(self) -> int:
        """Receipts and corrections of all operations."""
        return sum(one[0] for one in chain(self.receipts, self.corrections))

    @property
    def correction_count(self) -> int:
        """Corrections of all operations."""
        return sum(one[0] for one in self.corrections)


class Totals(NamedTuple):
    """«Счётчики итогов»: of the open shift or the last closed one, of the FN, of the documents not confirmed.

    ``unsent`` by operation: count and total of receipts and corrections together.
    """

    shift: Counters = Counters()
    fn: Counters = Counters()
    unsent: ByOperation = _NO_AMOUNTS

    def opened(self) -> "Totals":
        """After the opening of a shift."""
        return Totals(Counters(), self.fn, self.unsent)

    def with_receipt(
        self, operation: Operation, total_kopecks: int, tags: Mapping[int, bytes], *, is_queued: bool
    ) -> "Totals":
        """After a receipt. ``tags``: what the KKT told of it; ``is_queued``: it waits for a confirmation."""
        place = operation - 1
        more = [1, total_kopecks]
        more += [int.from_bytes(tags[tag], "little") if tag in tags else 0 for tag in SUMMED_TAGS]
        shift, fn, unsent = self
        return Totals(
            Counters(_increased(shift.receipts, place, more), shift.corrections),
            Counters(_increased(fn.receipts, place, more), fn.corrections),
            _increased(unsent, place, (1, total_kopecks)) if is_queued else unsent,
        )

    def with_correction(self, operation: Operation, total_kopecks: int, *, is_queued: bool) -> "Totals":
        """After a correction of an earlier settlement."""
        place, more = operation - 1, (1, total_kopecks)
        shift, fn, unsent = self
        return Totals(
            Counters(shift.receipts, _increased(shift.corrections, place, more)),
            Counters(fn.receipts, _increased(fn.corrections, place, more)),
            _increased(unsent, place, more) if is_queued else unsent,
        )

    def confirmed(self, operation: Operation, total_kopecks: int) -> "Totals":
        """After the confirmation of a receipt or a correction."""
        return self._replace(unsent=_increased(self.unsent, operation - 1, (-1, -total_kopecks)))

    def overflow(self, operation: Operation) -> bool:
        """Whether a sum of that operation is too large for the shift."""
        place = operation - 1
        return max(*self.shift.receipts[place], *self.shift.corrections[place]) > SUM_LIMIT

    def pack(self) -> bytes:
        """1024 bytes: all numbers in their order, u64 each; no shift overflows, so no life of 65535 shifts does."""
        return _NUMBERS.pack(*chain(*self._parts()))

    @classmethod
    def unpack(cls, data: bytes) -> "Totals":
        """From what ``pack`` made; ValueError when it is not."""
        if len(data) != _NUMBERS.size:
            raise ValueError(f"totals have {_NUMBERS.size} bytes, not {len(data)}")
        numbers = iter(_NUMBERS.unpack(data))
        shift, fn = (Counters(_taken(numbers, _RECEIPT_SUMS), _taken(numbers, _AMOUNTS)) for _ in range(2))
        return cls(shift, fn, _taken(numbers, _AMOUNTS))

    def _parts(self) -> Iterator[Sums]:
        return chain(*self.shift, *self.fn, self.unsent)


_NUMBERS = Struct(f"<{sum(map(len, Totals()._parts()))}Q")


def _increased(sums: ByOperation, place: int, more: Sequence[int]) -> ByOperation:
    changed = list(sums)
    changed[place] = tuple(map(add, sums[place], more))
    return tuple(changed)


def _taken(numbers: Iterator[int], width: int) -> ByOperation:
    return tuple(tuple(next(numbers) for _ in range(width)) for _ in Operation)
