"""Data of the FN's answers about its counters (36h-39h) as values <-> bytes, both roles. FN-1 has none of them.

Sources: public clients of FN-1.2 for 36h, for the first 42 bytes of 37h and for the size of the others; the names that
ATOL's own driver gives to what 37h and 39h tell. All ``parse`` raise ValueError on a wrong length or value; ``build``
writes a number that is too large for its place as the largest that fits.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from enum import IntEnum
from itertools import accumulate
from typing import Generic, TypeVar

from protocol.fn.commands import Operation
from protocol.fn.layouts import LayoutError

Part = TypeVar("Part")

WORD, COUNT, SUM = 2, 4, 6
"""Bytes of a shift number, of a count, of a sum in kopecks."""


class TotalsKind(IntEnum):
    """«Тип счётчиков»: the first argument of 36h, 37h and 38h."""

    SHIFT = 0
    FN = 1


def _pack(*numbers: tuple[int, int]) -> bytes:
    """Numbers with their widths, little-endian."""
    return b"".join(min(number, (1 << 8 * width) - 1).to_bytes(width, "little") for number, width in numbers)


def _cut(data: bytes, *sizes: int) -> list[bytes]:
    """``data`` in pieces; LayoutError when it has not exactly their sizes."""
    if len(data) != sum(sizes):
        raise LayoutError(f"{len(data)} bytes where the layout has {sum(sizes)}")
    ends = list(accumulate(sizes))
    return [data[end - size : end] for size, end in zip(sizes, ends, strict=True)]


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


@dataclass(frozen=True, slots=True)
class Amount:
    """How many documents, and their sum."""

    count: int = 0
    sum_kopecks: int = 0

    def build(self) -> bytes:
        """10 bytes."""
        return _pack((self.count, COUNT), (self.sum_kopecks, SUM))

    @classmethod
    def parse(cls, data: bytes) -> "Amount":
        """From 10 bytes."""
        return cls(*map(_number, _cut(data, COUNT, SUM)))


@dataclass(frozen=True, slots=True)
class OperationTotals:
    """«Счётчики операций» of receipts of one operation: how many, their total, their payments, their taxes.

    ``vat_0_kopecks`` and ``vat_none_kopecks`` are turnovers, the other four are sums of tax.
    """

    count: int = 0
    total_kopecks: int = 0
    cash_sum_kopecks: int = 0
    electronic_sum_kopecks: int = 0
    prepaid_sum_kopecks: int = 0
    credit_sum_kopecks: int = 0
    other_sum_kopecks: int = 0
    vat_20_kopecks: int = 0
    vat_10_kopecks: int = 0
    vat_0_kopecks: int = 0
    vat_none_kopecks: int = 0
    vat_20_120_kopecks: int = 0
    vat_10_110_kopecks: int = 0

    def build(self) -> bytes:
        """76 bytes."""
        count, *sums = (getattr(self, field.name) for field in fields(self))
        return _pack((count, COUNT), *((one, SUM) for one in sums))

    @classmethod
    def parse(cls, data: bytes) -> "OperationTotals":
        """From 76 bytes."""
        return cls(*map(_number, _cut(data, COUNT, *[SUM] * 12)))


_AMOUNT_SIZE = COUNT + SUM
_OPERATION_SIZE = COUNT + 12 * SUM


@dataclass(frozen=True, slots=True)
class ByOperation(Generic[Part]):
    """The same of every operation, in the order of its code."""

    sell: Part
    sell_return: Part
    buy: Part
    buy_return: Part

    def __iter__(self) -> Iterator[Part]:
        return iter((self.sell, self.sell_return, self.buy, self.buy_return))


def _parts(parse: Callable[[bytes], Part], data: bytes) -> ByOperation[Part]:
    """Four parts of one size that follow each other."""
    size = len(data) // 4
    return ByOperation(*(parse(data[start : start + size]) for start in range(0, len(data), size)))


@dataclass(frozen=True, slots=True)
class FnTotals:
    """«Счётчики ФН», command 36h. ``receipts_in_all`` counts corrections too, ``totals`` by operation do not."""

    shift: int
    receipts_in_all: int
    totals: ByOperation[OperationTotals]
    corrections: int
    correction_totals: ByOperation[Amount]

    def build(self) -> bytes:
        """354 bytes."""
        head = _pack((self.shift, WORD), (self.receipts_in_all, COUNT))
        totals = b"".join(one.build() for one in self.totals)
        corrections = b"".join(one.build() for one in self.correction_totals)
        return head + totals + _pack((self.corrections, COUNT)) + corrections

    @classmethod
    def parse(cls, data: bytes) -> "FnTotals":
        """From 354 bytes."""
        shift, receipts, totals, count, corrections = _cut(
            data, WORD, COUNT, 4 * _OPERATION_SIZE, COUNT, 4 * _AMOUNT_SIZE
        )
        return cls(
            _number(shift),
            _number(receipts),
            _parts(OperationTotals.parse, totals),
            _number(count),
            _parts(Amount.parse, corrections),
        )


@dataclass(frozen=True, slots=True)
class ReceiptCounts:
    """«Счётчики операций ФН», command 37h. ``receipts_in_all`` counts corrections too, ``counts`` by operation do not.

    ``reserved``: the last four bytes; what they tell is not public, an FN of ours says 0 (a guess).
    """

    shift: int
    receipts_in_all: int
    counts: ByOperation[int]
    corrections: int
    correction_counts: ByOperation[int]
    reserved: int = 0

    def build(self) -> bytes:
        """46 bytes."""
        counts = (self.receipts_in_all, *self.counts, self.corrections, *self.correction_counts, self.reserved)
        return _pack((self.shift, WORD), *((one, COUNT) for one in counts))

    @classmethod
    def parse(cls, data: bytes) -> "ReceiptCounts":
        """From 46 bytes."""
        shift, receipts, counts, count, corrections, reserved = _cut(
            data, WORD, COUNT, 4 * COUNT, COUNT, 4 * COUNT, COUNT
        )
        return cls(
            _number(shift),
            _number(receipts),
            _parts(_number, counts),
            _number(count),
            _parts(_number, corrections),
            _number(reserved),
        )


@dataclass(frozen=True, slots=True)
class SettlementTotals:
    """«Счётчики ФН по типу расчётов», command 38h: one operation of 36h.

    Only the size is public. That the beginning is that of 36h and that a count of corrections ends it is a guess.
    """

    shift: int
    receipts_in_all: int
    totals: OperationTotals
    corrections: int

    def build(self) -> bytes:
        """86 bytes."""
        head = _pack((self.shift, WORD), (self.receipts_in_all, COUNT))
        return head + self.totals.build() + _pack((self.corrections, COUNT))

    @classmethod
    def parse(cls, data: bytes) -> "SettlementTotals":
        """From 86 bytes."""
        shift, receipts, totals, corrections = _cut(data, WORD, COUNT, _OPERATION_SIZE, COUNT)
        return cls(_number(shift), _number(receipts), OperationTotals.parse(totals), _number(corrections))


@dataclass(frozen=True, slots=True)
class UnsentTotals:
    """«Счётчики итогов непереданных документов», command 39h: receipts and corrections together, by operation."""

    receipts_in_all: int
    totals: ByOperation[Amount]

    def build(self) -> bytes:
        """44 bytes."""
        return _pack((self.receipts_in_all, COUNT)) + b"".join(one.build() for one in self.totals)

    @classmethod
    def parse(cls, data: bytes) -> "UnsentTotals":
        """From 44 bytes."""
        receipts, totals = _cut(data, COUNT, 4 * _AMOUNT_SIZE)
        return cls(_number(receipts), _parts(Amount.parse, totals))


@dataclass(frozen=True, slots=True)
class SettlementTotalsRequest:
    """«Запрос счётчиков ФН по типу расчётов», command 38h: of the shift or of the FN, and of which operation."""

    kind: TotalsKind
    operation: Operation

    def build(self) -> bytes:
        """2 bytes."""
        return bytes((self.kind, self.operation))

    @classmethod
    def parse(cls, data: bytes) -> "SettlementTotalsRequest":
        """From 2 bytes."""
        kind, operation = map(_number, _cut(data, 1, 1))
        return cls(TotalsKind(kind), Operation(operation))
