"""Counters of the FN: 36h-39h, and the requisites made of them."""

from decimal import Decimal

import pytest

from fn_model import load_model
from fn_model.totals import SUM_LIMIT, Counters, Totals
from fn_model.totals_tlvs import fn_totals, shift_totals, unsent_totals
from protocol.ffd.requisites import Requisites
from protocol.ffd.tlv import Input, decode_all, encode
from protocol.fn.commands import FnCode, FnCommand, Operation, WorkMode
from protocol.fn.layouts import LayoutError
from protocol.fn.requests import CommitReceipt
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
from tests.fn.fn_till import CASHIER, FFD, PLACE, Till

SHIFT, WHOLE = bytes((TotalsKind.SHIFT,)), bytes((TotalsKind.FN,))
NOTHING, NONE = OperationTotals(), Amount()


@pytest.fixture
def till() -> Till:
    """A registered FN with an open shift."""
    till = Till()
    till.register()
    till.open_shift()
    return till


def sell(till: Till, operation: Operation, paid: dict[int, int], taxed: dict[int, int]) -> None:
    """A receipt for what is ``paid``, sums by tag of the payment; ``taxed``: sums by tag of the tax."""
    total = sum(paid.values())
    item: list[tuple[int, Input]] = [(1030, "Чай"), (1079, total), (1043, total), (1214, 4)]
    sums = {**dict.fromkeys((1031, 1081, 1215, 1216, 1217), 0), **paid, **taxed}
    parts = [FFD, encode(1055, 1), CASHIER, PLACE, encode(1059, [*item, (1023, Decimal("1.000")), (1199, 6)])]
    till.do(FnCommand.BEGIN_RECEIPT, till.dated())
    till.do(FnCommand.ADD_DATA, b"".join([*parts, *(encode(tag, number) for tag, number in sums.items())]))
    till.do(FnCommand.COMMIT_RECEIPT, CommitReceipt(till.at, operation, total).build())


def totals(till: Till, kind: bytes) -> FnTotals:
    return FnTotals.parse(till.do(FnCommand.TOTALS, kind))


def unsent(till: Till) -> UnsentTotals:
    return UnsentTotals.parse(till.do(FnCommand.UNSENT_TOTALS))


def test_answers_have_their_sizes(till: Till) -> None:
    of_sell = SettlementTotalsRequest(TotalsKind.SHIFT, Operation.SELL).build()
    assert len(till.do(FnCommand.TOTALS, SHIFT)) == 354
    assert len(till.do(FnCommand.OPERATION_TOTALS, SHIFT)) == 46
    assert len(till.do(FnCommand.SETTLEMENT_TOTALS, of_sell)) == 86
    assert len(till.do(FnCommand.UNSENT_TOTALS)) == 44


def test_every_payment_and_every_tax_has_a_place_of_its_own(till: Till) -> None:
    paid = {1031: 1, 1081: 20, 1215: 300, 1216: 4000, 1217: 50000}
    taxed = {1102: 1, 1103: 2, 1104: 3, 1105: 4, 1106: 5, 1107: 6}
    sell(till, Operation.BUY_RETURN, paid, taxed)
    told = totals(till, SHIFT)
    assert told.totals == ByOperation(
        NOTHING, NOTHING, NOTHING, OperationTotals(1, 54321, 1, 20, 300, 4000, 50000, 1, 2, 3, 4, 5, 6)
    )
    assert (told.shift, told.receipts_in_all, told.corrections) == (1, 1, 0)


def test_the_bytes_of_36_are_those_that_clients_read(till: Till) -> None:
    sell(till, Operation.SELL, {1031: 0x0102}, {1105: 0x0102})
    data = till.do(FnCommand.TOTALS, SHIFT)
    assert data[:2] == b"\x01\0"
    assert data[2:6] == b"\x01\0\0\0"
    sums = b"\x02\x01\0\0\0\0" * 2 + bytes(6 * 7) + b"\x02\x01\0\0\0\0" + bytes(6 * 2)
    assert data[6:82] == b"\x01\0\0\0" + sums
    assert data[82:] == bytes(272)


def test_corrections_are_counted_apart(till: Till) -> None:
    till.sell(700)
    till.correct(100)
    till.correct(30, Operation.BUY)
    told = totals(till, SHIFT)
    assert (told.receipts_in_all, told.corrections, told.totals.sell.count) == (3, 2, 1)
    assert told.correction_totals == ByOperation(Amount(1, 100), NONE, Amount(1, 30), NONE)
    counts = ReceiptCounts.parse(till.do(FnCommand.OPERATION_TOTALS, SHIFT))
    assert counts == ReceiptCounts(1, 3, ByOperation(1, 0, 0, 0), 2, ByOperation(1, 0, 1, 0))


def test_the_opening_of_a_shift_begins_its_counters_anew_and_its_closing_does_not(till: Till) -> None:
    till.sell(700)
    till.close_shift()
    assert totals(till, SHIFT) == totals(till, WHOLE)
    till.open_shift()
    assert totals(till, SHIFT) == FnTotals(2, 0, ByOperation(*[NOTHING] * 4), 0, ByOperation(*[NONE] * 4))
    till.sell(50)
    assert totals(till, SHIFT).totals.sell.total_kopecks == 50
    assert totals(till, WHOLE).totals.sell.total_kopecks == 750


def test_38_tells_one_operation(till: Till) -> None:
    till.sell(700)
    till.correct(30, Operation.BUY)
    for operation, told, corrections in zip(Operation, totals(till, WHOLE).totals, (0, 0, 1, 0), strict=True):
        request = SettlementTotalsRequest(TotalsKind.FN, operation).build()
        answer = SettlementTotals.parse(till.do(FnCommand.SETTLEMENT_TOTALS, request))
        assert answer == SettlementTotals(1, 2, told, corrections)


def test_what_is_confirmed_leaves_39(till: Till) -> None:
    till.sell(700)
    till.correct(30, Operation.BUY)
    assert unsent(till) == UnsentTotals(2, ByOperation(Amount(1, 700), NONE, Amount(1, 30), NONE))
    for _ in range(2):
        till.send_one()
    assert unsent(till).receipts_in_all == 2
    till.send_one()
    assert unsent(till) == UnsentTotals(1, ByOperation(NONE, NONE, Amount(1, 30), NONE))
    till.send_one()
    assert unsent(till) == UnsentTotals(0, ByOperation(*[NONE] * 4))
    assert totals(till, SHIFT).receipts_in_all == 2


def test_an_autonomous_fn_waits_for_nothing() -> None:
    till = Till()
    till.register(WorkMode.AUTONOMOUS)
    till.open_shift()
    till.sell(700)
    assert unsent(till).receipts_in_all == 0
    assert totals(till, SHIFT).receipts_in_all == 1


def test_a_refused_receipt_is_not_counted(till: Till) -> None:
    before = totals(till, SHIFT)
    till.begin_receipt()
    till.refused(FnCommand.COMMIT_RECEIPT, bytes(11))
    till.cancel()
    assert totals(till, SHIFT) == before


@pytest.mark.parametrize(
    ("command", "data"),
    [
        *((FnCommand.TOTALS, data) for data in (b"", b"\2", b"\0\0")),
        *((FnCommand.OPERATION_TOTALS, data) for data in (b"", b"\xff")),
        *((FnCommand.SETTLEMENT_TOTALS, data) for data in (b"\0", b"\0\0", b"\1\5", b"\2\1")),
        (FnCommand.UNSENT_TOTALS, b"\0"),
    ],
)
def test_other_arguments_are_01(till: Till, command: FnCommand, data: bytes) -> None:
    assert till.refused(command, data) == FnCode.BAD_FORMAT


@pytest.mark.parametrize("command", [FnCommand.TOTALS, FnCommand.OPERATION_TOTALS, FnCommand.UNSENT_TOTALS])
def test_fn_1_has_no_counters(command: FnCommand) -> None:
    till = Till(load_model("fn-1-13"))
    till.register()
    data = b"" if command is FnCommand.UNSENT_TOTALS else SHIFT
    assert till.refused(command, data) == FnCode.BAD_FORMAT


def test_counters_survive_a_power_cut_and_not_a_reset(till: Till) -> None:
    till.sell(700)
    before = totals(till, WHOLE)
    till.fn.power_off()
    till.fn.power_on(till.world)
    assert totals(till, WHOLE) == before
    till.do(FnCommand.RESET, b"\x16")
    till.register()
    assert totals(till, WHOLE).receipts_in_all == 0


def some_totals() -> Totals:
    """A receipt and a correction, the latter not confirmed."""
    tags = {1031: b"\x64", 1102: b"\x10\x01"}
    return (
        Totals()
        .with_receipt(Operation.SELL, 100, tags, is_queued=True)
        .with_correction(Operation.BUY_RETURN, SUM_LIMIT, is_queued=True)
        .confirmed(Operation.SELL, 100)
        .opened()
        .with_receipt(Operation.BUY, 7, {}, is_queued=False)
    )


def test_totals_are_packed_without_loss() -> None:
    assert Totals.unpack(some_totals().pack()) == some_totals()
    assert len(some_totals().pack()) == len(Totals().pack())
    with pytest.raises(ValueError, match="bytes"):
        Totals.unpack(some_totals().pack()[:-1])


def test_a_shift_overflows_by_any_of_its_sums() -> None:
    brim = Totals().with_receipt(Operation.SELL, 1, {1102: SUM_LIMIT.to_bytes(6, "little")}, is_queued=True)
    assert not brim.overflow(Operation.SELL)
    more = brim.with_receipt(Operation.SELL, 1, {1102: b"\1"}, is_queued=True)
    assert more.overflow(Operation.SELL)
    assert not more.overflow(Operation.BUY)
    assert not more.opened().overflow(Operation.SELL)


def test_a_life_that_is_too_rich_reads_as_the_largest_sum() -> None:
    assert Amount(1, SUM_LIMIT + 5).build() == b"\1\0\0\0" + b"\xff" * 6


@pytest.mark.parametrize(
    "parse", [FnTotals.parse, ReceiptCounts.parse, SettlementTotals.parse, UnsentTotals.parse, Amount.parse]
)
def test_answers_of_another_size_are_refused(parse: object) -> None:
    assert callable(parse)
    with pytest.raises(LayoutError, match="layout has"):
        parse(bytes(47))


def test_the_requisites_tell_the_same_as_the_answers() -> None:
    whole = Requisites.parse(fn_totals(some_totals())).structures(1157)[0]
    assert whole.number(1134) == 3
    sells = whole.structures(1129)[0]
    assert [sells.number(tag) for tag in (1135, 1201, 1136, 1138, 1139, 1183)] == [1, 100, 100, 0, 272, 0]
    corrections = whole.structures(1133)[0]
    assert corrections.number(1144) == 1
    assert corrections.structures(1233)[0].number(1201) == SUM_LIMIT
    shift = Requisites.parse(shift_totals(some_totals())).structures(1194)[0]
    assert (shift.number(1134), shift.structures(1131)[0].number(1201)) == (1, 7)
    waiting = Requisites.parse(unsent_totals(some_totals())).structures(1158)[0]
    assert waiting.number(1144) == 1
    assert waiting.structures(1233)[0].number(1201) == SUM_LIMIT
    assert waiting.structures(1145)[0].number(1135) == 0


def test_the_requisites_fit_their_lengths_and_stand_once() -> None:
    million = (1_000_000,) * 13
    rich = Totals(fn=Counters(receipts=(million,) * 4))
    (tag, parts), *others = decode_all(fn_totals(rich))
    assert (tag, others) == (1157, [])
    assert isinstance(parts, list)
    tags = [tag for tag, _ in parts]
    assert tags == [1134, 1129, 1130, 1131, 1132, 1133]
    assert len(fn_totals(rich)) <= 708 + 4
