"""Hypothesis strategies for a till: commands of a host, right and wrong, and bytes that are none.

Sums in kopecks, quantities in thousandths.
"""

from datetime import time

from hypothesis import strategies as st

from kktsim.device import HANDLERS
from kktsim.testing.ledger import CASH_AT_Z, DISCOUNTS_TABLE, RATES_TABLE, TAX_OF_TOTAL
from protocol.atol.command import COMMANDS, Command, CommandError
from protocol.atol.commands.discounts import AddDiscount, CancelDiscount, DiscountArea
from protocol.atol.commands.flags import CommandFlags, ReceiptType
from protocol.atol.commands.fn import AskFn, CloseArchive, Register
from protocol.atol.commands.items import (
    TAX_IS_PER_UNIT,
    AddItem,
    BeginItem,
    EndItem,
    ReturnItem,
    SellItem,
    VoidItem,
)
from protocol.atol.commands.modes import EnterMode, LeaveMode, Mode, SetTime
from protocol.atol.commands.payment import AddPayment, VoidPayment
from protocol.atol.commands.printing import Beep, CutPaper, PrintText
from protocol.atol.commands.receipt import CancelReceipt, CashIn, CashOut, CloseReceipt, OpenReceipt
from protocol.atol.commands.requisites import WriteRequisite
from protocol.atol.commands.shift import CloseShift, OpenShift, XReport
from protocol.atol.commands.tables import WriteTable
from protocol.atol.commands.taxes import AddTax, VoidTax
from protocol.ffd.tags import T
from protocol.ffd.tlv import tlv
from protocol.fn.commands import FnCommand

WIDEST = 10**10 - 1
"""Kopecks in five BCD bytes."""
GARBAGE_BYTES = 300

kopecks = st.one_of(st.integers(1, 100_000), st.sampled_from((0, 1, 99, 10**7, WIDEST // 2, WIDEST)))
flags = st.sampled_from(
    (
        *(CommandFlags.NONE,) * 6,
        CommandFlags.CHECK_ONLY,
        CommandFlags.NO_CASH_CONTROL,
        CommandFlags.CHECK_ONLY | CommandFlags.NO_CASH_CONTROL,
    )
)
types = st.sampled_from((*(ReceiptType.SELL,) * 3, ReceiptType.SELL_RETURN, ReceiptType.BUY, ReceiptType.BUY_RETURN))
taxes = st.integers(0, 6)
_whole = st.integers(1, 20).map(lambda pieces: pieces * 1000)
_quantities = st.one_of(_whole, st.integers(1, 5000), st.just(0))
_texts = st.text("Чай и сахар, №1 ёЁ ABC!", min_size=1, max_size=40)


_sold = st.builds(SellItem, flags=flags, price_kopecks=kopecks, quantity_milli=_quantities, section=st.integers(0, 31))
_named = st.builds(
    AddItem, flags=flags, name=_texts, price_kopecks=kopecks, quantity_milli=_quantities, tax=st.integers(0, 7)
)
_returned = st.builds(ReturnItem, flags=flags, price_kopecks=kopecks, quantity_milli=_quantities)
_bits = st.integers(0, 1)
_discounted = st.builds(
    AddItem,
    name=st.just("Пирожок"),
    price_kopecks=kopecks,
    quantity_milli=_quantities,
    discount_type=_bits,
    discount_sign=_bits,
    discount_size=st.integers(0, 12_000),
    tax=taxes,
)


_ended = st.builds(
    EndItem,
    flags=st.sampled_from((CommandFlags.NO_CASH_CONTROL, CommandFlags.NONE, CommandFlags(TAX_IS_PER_UNIT))),
    price_kopecks=kopecks,
    quantity_milli=_quantities,
    cost_kopecks=st.just(0),
    tax=taxes,
    tax_sum_kopecks=st.integers(0, 2),
    subject=st.integers(0, 5),
    method=st.integers(0, 7),
    name=_texts,
)
"""Their cost is left to the till."""
_costed = st.builds(
    EndItem,
    price_kopecks=st.integers(1, 100_000),
    quantity_milli=_quantities,
    cost_kopecks=st.integers(1, 100_000),
    tax=st.integers(1, 6),
    discount_sign=_bits,
    discount_kopecks=st.sampled_from((0, 0, 500)),
    name=_texts,
)
"""Sold at another price than they have."""
item_requisites = st.sampled_from(
    (
        WriteRequisite(data=tlv(1191, "свежий".encode("cp866"))),
        WriteRequisite(data=tlv(1162, bytes.fromhex("444D0000001234"))),
        WriteRequisite(data=tlv(T.ITEM_TYPE, b"\x01")),
        WriteRequisite(data=tlv(1230, b"643")),
    )
)
items: st.SearchStrategy[tuple[Command, ...]] = st.one_of(
    _sold.map(lambda one: (one,)),
    st.one_of(_named, _discounted, _returned).map(lambda one: (one,)),
    st.one_of(_ended, _costed).map(lambda one: (BeginItem(), one)),
    st.tuples(st.just(BeginItem()), item_requisites, st.one_of(_ended, _costed)),
)
"""One item of a receipt, as the command or commands that bring it."""

discounts: st.SearchStrategy[Command] = st.one_of(
    st.builds(AddDiscount, flags=flags, area=st.just(DiscountArea.RECEIPT), sign=_bits, size=st.integers(0, 110)),
    st.builds(
        AddDiscount,
        flags=flags,
        area=st.sampled_from(DiscountArea),
        type=_bits,
        sign=_bits,
        size=st.one_of(st.integers(0, 12_000), kopecks),
    ),
    st.builds(CancelDiscount, flags=flags),
)
"""43h and 78h."""


def some_discounts(largest: int, area: DiscountArea) -> st.SearchStrategy[list[Command]]:
    """At most two commands: a discount or surcharge of so many kopecks at most, and its cancelling."""
    changed = st.builds(AddDiscount, area=st.just(area), sign=_bits, size=st.integers(0, largest))
    return st.tuples(st.lists(changed, max_size=1), st.lists(st.just(CancelDiscount()), max_size=1)).map(
        lambda parts: [*parts[0], *parts[1]] if parts[0] else []
    )


def _told(kind: type[AddTax] | type[VoidTax]) -> st.SearchStrategy[Command]:
    area, sums = st.sampled_from((0, 0, 0, 1)), st.one_of(st.integers(1, 200), kopecks)
    return st.builds(kind, flags=flags, area=area, tax=st.integers(0, 7), sum_kopecks=sums)


told_taxes = st.one_of(_told(AddTax), _told(AddTax), _told(VoidTax))
"""B8h and B9h."""

requisites = st.sampled_from(
    (
        WriteRequisite(data=tlv(T.CASHIER, "Кассир Иванова И.".encode("cp866"))),
        WriteRequisite(data=tlv(T.BUYER_CONTACT, b"buyer@shop.example")),
        WriteRequisite(data=tlv(T.TAX_SYSTEM, b"\x02")),
        WriteRequisite(blocks=2, block=0, data=tlv(T.CASHIER, "Петрова".encode("cp866"))[:6]),
        WriteRequisite(blocks=2, block=1, data=tlv(T.CASHIER, "Петрова".encode("cp866"))[6:]),
    )
)
"""Requisites that belong to whatever document comes next."""
_base = tlv(T.CORRECTION_DATE, bytes(4)) + tlv(T.CORRECTION_ORDER_NUMBER, b"77") + tlv(1177, "Сбой".encode("cp866"))
CORRECTION_REASON = (
    WriteRequisite(data=tlv(T.CORRECTION_TYPE, b"\x00")),
    WriteRequisite(data=tlv(T.CORRECTION_BASE, _base)),
)
"""Why there is a correction."""

IN_PASSING: dict[type[Command], Mode] = {
    OpenShift: Mode.REGISTRATION,
    XReport: Mode.X_REPORTS,
    WriteTable: Mode.PROGRAMMING,
    SetTime: Mode.SELECTION,
}
"""Commands of `in_passing` and the mode in which they are done."""


def _write(place: tuple[int, int, int], value: bytes) -> WriteTable:
    table, row, field = place
    return WriteTable(table=table, row=row, field=field, value=value)


in_passing: st.SearchStrategy[Command] = st.one_of(
    st.builds(OpenShift, flags=flags),
    st.just(XReport()),
    st.sampled_from((b"\x00", b"\x04")).map(lambda value: _write(CASH_AT_Z, value)),
    st.just(SetTime(time=time(12, 30))),
    st.sampled_from((b"\x20\x00", b"\x18\x00", b"\x22\x00")).map(
        lambda rate: WriteTable(table=RATES_TABLE, row=1, field=2, value=rate)
    ),
    st.builds(
        WriteTable,
        table=st.just(DISCOUNTS_TABLE),
        row=st.integers(1, 2),
        field=st.just(1),
        value=st.sampled_from((b"\x00", b"\x01", b"\x02", b"\x03")),
    ),
    st.sampled_from((b"\x00", b"\x01")).map(lambda value: _write(TAX_OF_TOTAL, value)),
)
"""What is done now and then."""

any_command: st.SearchStrategy[Command] = st.one_of(
    items.map(lambda several: several[-1]),
    requisites,
    item_requisites,
    st.builds(OpenReceipt, flags=flags, type=st.sampled_from(tuple(ReceiptType))),
    st.builds(AddPayment, flags=flags, payment_form=st.integers(0, 12), sum_kopecks=kopecks),
    st.builds(VoidPayment, flags=flags, payment_form=st.integers(0, 12), sum_kopecks=kopecks),
    st.builds(VoidItem, flags=flags, price_kopecks=kopecks, quantity_milli=_quantities),
    discounts,
    told_taxes,
    st.builds(CloseReceipt, flags=flags, payment_form=st.integers(0, 6), sum_kopecks=kopecks),
    st.builds(CashIn, flags=flags, sum_kopecks=kopecks),
    st.builds(CashOut, flags=flags, sum_kopecks=kopecks),
    st.builds(EnterMode, mode=st.integers(0, 8), password=st.sampled_from((30, 30, 29, 1, 7777))),
    st.builds(OpenShift, flags=flags),
    st.builds(XReport, type=st.sampled_from((1, 1, 9, 66))),
    st.builds(PrintText, text=_texts),
    st.sampled_from((BeginItem(), LeaveMode(), CancelReceipt(), CloseShift(), CloseArchive(), Register(), Beep())),
    st.just(CutPaper()),
)
"""A well-formed command, whatever the till's state."""


def is_harmless(message: bytes) -> bool:
    """Whether a message (command and parameters) is either no well-formed command at all, or a mere question."""
    row = HANDLERS.get(message[0]) if message else None
    if row is None:
        return True
    if row.while_printing:
        return row.command is not AskFn or message[1:2] != bytes((FnCommand.RESET,))
    try:
        COMMANDS[message[0]].from_wire(message[1:])
    except CommandError:
        return True
    return False


def _spoiled(command: Command, place: int, byte: int, cut: bool) -> bytes:
    wire = command.to_wire()
    place %= len(wire) + 1
    return wire[:place] + (b"" if cut else bytes((byte,)) + wire[place + 1 :])


garbage = st.one_of(
    st.binary(min_size=1, max_size=GARBAGE_BYTES),
    st.builds(_spoiled, any_command, st.integers(0, 300), st.integers(0, 255), st.booleans()),
    st.builds(lambda code, rest: bytes((code,)) + rest, st.sampled_from(sorted(HANDLERS)), st.binary(max_size=20)),
).filter(lambda message: bool(message) and is_harmless(message))
"""Application messages that must change nothing."""

junk = st.one_of(
    st.binary(min_size=1, max_size=64),
    st.binary(max_size=20).map(lambda rest: b"\xfe" + rest),
    st.sampled_from((b"\x05", b"\x04", b"\x15", b"\xfe", b"\xfe\x00\x00\x01\x9d", b"\x05\x02\x00\x00\x45\x03")),
)
"""Bytes on the line below any message."""
