"""Chapter «Счётчики ФН»: 36h-39h, which FN-1 lacks.

Between two shifts those of the last one are told, as 10h tells its number (a guess). A kind of counters or an operation
that does not exist is 01h, «неизвестные параметры» (a guess).
"""

from collections.abc import Callable
from typing import TypeVar

from fn_model.command import Command
from fn_model.refusal import FnRefusal
from fn_model.storage import FiscalStorage
from fn_model.totals import Counters
from protocol.fn.commands import FnCode, FnCommand
from protocol.fn.totals_answers import (
    Amount,
    ByOperation,
    FnTotals,
    OperationTotals,
    ReceiptCounts,
    SettlementTotals,
    SettlementTotalsRequest,
    TotalsKind,
    UnsentTotals,
)

Arguments = TypeVar("Arguments")


def totals(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос счётчиков ФН», 36h."""
    counters = _counters(fn, _arguments(_kind, data))
    return FnTotals(
        fn.state.shift.number,
        counters.document_count,
        ByOperation(*(OperationTotals(*sums) for sums in counters.receipts)),
        counters.correction_count,
        ByOperation(*(Amount(*sums) for sums in counters.corrections)),
    ).build()


def counts(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос счётчиков операций ФН», 37h."""
    counters = _counters(fn, _arguments(_kind, data))
    return ReceiptCounts(
        fn.state.shift.number,
        counters.document_count,
        ByOperation(*(sums[0] for sums in counters.receipts)),
        counters.correction_count,
        ByOperation(*(sums[0] for sums in counters.corrections)),
    ).build()


def settlement_totals(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос счётчиков ФН по типу расчётов», 38h."""
    request = _arguments(SettlementTotalsRequest.parse, data)
    counters, place = _counters(fn, request.kind), request.operation - 1
    return SettlementTotals(
        fn.state.shift.number,
        counters.document_count,
        OperationTotals(*counters.receipts[place]),
        counters.corrections[place][0],
    ).build()


def unsent_totals(fn: FiscalStorage, data: bytes, world: float) -> bytes:
    """«Запрос счётчиков итогов непереданных документов», 39h."""
    unsent = fn.state.totals.unsent
    return UnsentTotals(sum(count for count, _ in unsent), ByOperation(*(Amount(*sums) for sums in unsent))).build()


def _counters(fn: FiscalStorage, kind: TotalsKind) -> Counters:
    return fn.state.totals.shift if kind is TotalsKind.SHIFT else fn.state.totals.fn


def _kind(data: bytes) -> TotalsKind:
    return TotalsKind(data[0])


def _arguments(parse: Callable[[bytes], Arguments], data: bytes) -> Arguments:
    try:
        return parse(data)
    except ValueError:
        raise FnRefusal(FnCode.BAD_FORMAT) from None


COMMANDS = {
    FnCommand.TOTALS: Command(totals, (1,)),
    FnCommand.OPERATION_TOTALS: Command(counts, (1,)),
    FnCommand.SETTLEMENT_TOTALS: Command(settlement_totals, (2,)),
    FnCommand.UNSENT_TOTALS: Command(unsent_totals),
}
