"""Chapter «Чек»: 92 4A 59.

Which part of the FN document goes when: 15h at 92h; 07h and 16h at 4Ah. So an FN pulled out in mid-receipt has lost
the document: 4Ah ends in D4h and only 59h cures.
"""

from dataclasses import replace

from kktsim.device import documents, shift, tables
from kktsim.device.dispatch import Need, handles
from kktsim.device.items import open_receipt as the_open_receipt
from kktsim.device.kkt import Kkt
from kktsim.device.payments import by_group, change, check, remainder
from kktsim.device.refusal import Refusal, extended
from kktsim.device.state import Item, LastReceipt, Receipt
from kktsim.printer.paper import roubles
from protocol.atol.commands.flags import CommandFlags, PaymentGroup, ReceiptType
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import CancelReceipt, CloseReceipt, OpenReceipt
from protocol.atol.kkt_codes import E, X
from protocol.ffd.tags import T
from protocol.ffd.tlv import byte_tlv, quantity, text, tlv, vln_tlv
from protocol.fn.answers import FnStatus, ReceiptResult
from protocol.fn.commands import CurrentDocument, FnCommand

OPERATIONS = {ReceiptType.SELL: 1, ReceiptType.SELL_RETURN: 2, ReceiptType.BUY: 3, ReceiptType.BUY_RETURN: 4}
"""Receipt type to «признак расчёта» (tag 1054, first byte behind the date in 16h)."""
TITLES = {
    ReceiptType.SELL: "ПРИХОД",
    ReceiptType.SELL_RETURN: "ВОЗВРАТ ПРИХОДА",
    ReceiptType.BUY: "РАСХОД",
    ReceiptType.BUY_RETURN: "ВОЗВРАТ РАСХОДА",
}
WIDEST_NAME = 128
"""Bytes of an item's name in a document (tag 1030)."""
CASH_COMES_IN = frozenset((ReceiptType.SELL, ReceiptType.BUY_RETURN))
_PAYMENT_TAGS = (
    (PaymentGroup.CASH, T.CASH),
    (PaymentGroup.ELECTRONIC, T.ELECTRONIC),
    (PaymentGroup.PREPAID, T.PREPAID),
    (PaymentGroup.CREDIT, T.CREDIT),
    (PaymentGroup.OTHER, T.OTHER),
)
_TAX_TAGS = {1: T.VAT_20, 2: T.VAT_10, 3: T.VAT_20_120, 4: T.VAT_10_110, 5: T.VAT_0, 6: T.VAT_NONE}
_SUMS_OF_COST = frozenset((5, 6))
"""Tax rows whose tag holds the settled sum, not a tax: 0 % and no VAT."""
_DOCUMENT_IS_LOST = frozenset((E.FN_NO_ANSWER, E.FN_WRONG_STATE))
"""Codes of a commit after which the FN has no begun document that could be begun anew, or has made it unheard."""
_OWN_TAGS = frozenset((T.CASHIER, T.CASHIER_INN, T.TAX_SYSTEM, T.FFD_VERSION))


@handles(
    OpenReceipt, mode=Mode.REGISTRATION, receipt=Need.CLOSED, registered=True, within_24_hours=True, makes_document=True
)
def open_receipt(kkt: Kkt, request: OpenReceipt, at: float) -> bytes:
    """«Открыть чек»; with a closed shift it opens the shift first."""
    if request.type not in OPERATIONS:
        raise Refusal(E.WRONG_RECEIPT_TYPE)
    mirror = kkt.memory.mirror
    if not mirror.shift_is_open:
        if not kkt.settings.receipt_opens_shift:
            raise Refusal(E.SHIFT_CLOSED)
        told = kkt.volatile.operation_requisites
        shift.open_new(kkt, at)
        kkt.volatile.operation_requisites = told
    documents.compare(kkt, at)
    documents.begin(kkt, FnCommand.BEGIN_RECEIPT, documents.dated(kkt, at), at)
    quiet = CommandFlags.NO_PRINT in request.flags
    kkt.memory.receipt = Receipt(request.type, at, prints=not quiet)
    kkt.volatile.item_requisites = None
    kkt.volatile.paying = False
    kkt.volatile.change_kopecks = 0
    paper = kkt.paper
    paper.centre("КАССОВЫЙ ЧЕК")
    paper.centre(TITLES[request.type])
    paper.line(f"КАССИР {documents.cashier_name(kkt)}")
    return b""


@handles(CancelReceipt, mode=Mode.REGISTRATION, receipt=Need.OPEN)
def cancel_receipt(kkt: Kkt, request: CancelReceipt, at: float) -> bytes:
    """«Аннулирование всего чека»: the FN cancels its document too; an FN that does not answer has none."""
    receipt = the_open_receipt(kkt)
    kkt.fn.give_up(at)
    totals = kkt.memory.totals
    totals.cancelled[receipt.type] = totals.cancelled.get(receipt.type, 0) + 1
    _forget(kkt)
    kkt.paper.centre("ЧЕК АННУЛИРОВАН")
    kkt.paper.cut()
    return b""


@handles(
    CloseReceipt, mode=Mode.REGISTRATION, receipt=Need.OPEN, registered=True, within_24_hours=True, makes_document=True
)
def close_receipt(kkt: Kkt, request: CloseReceipt, at: float) -> bytes:
    """«Закрыть чек (со сдачей)». What is refused leaves the receipt open as it was.

    A receipt without items is EEh, register 37h tells 0206h and tag 1059 (a guess: the document must have one).
    """
    receipt = _paid(kkt, request)
    if receipt.is_in_doubt:
        _ask_what_is_left(kkt, receipt, at)
    if not receipt.items:
        raise extended(X.REQUISITE_MISSING, T.ITEM)
    total, groups = receipt.sum_kopecks, by_group(kkt, receipt)
    cash = groups.get(PaymentGroup.CASH, 0)
    checks_cash = receipt.checks_cash and CommandFlags.NO_CASH_CONTROL not in request.flags
    if receipt.type not in CASH_COMES_IN and checks_cash and cash > kkt.memory.totals.cash_kopecks:
        raise Refusal(E.NOT_ENOUGH_CASH)
    requisites = _requisites(kkt, receipt, groups)
    arguments = documents.dated(kkt, at) + bytes((OPERATIONS[receipt.type],)) + total.to_bytes(5, "little")
    try:
        answer = documents.finish(kkt, requisites, (FnCommand.COMMIT_RECEIPT, arguments), at)
    except Refusal as refusal:
        if refusal.code is E.FN_NO_ANSWER:
            the_open_receipt(kkt).is_in_doubt = True
        if refusal.code not in _DOCUMENT_IS_LOST:
            _begin_anew(kkt, receipt, at)
        raise
    result = ReceiptResult.parse(answer)
    made = documents.adopt(kkt, result.number, result.sign, documents.minute(kkt, at))
    _count(kkt, receipt, total, cash)
    kkt.memory.last_receipt = LastReceipt(made.number, receipt.type, total, made.world, made.sign)
    _print_end(kkt, receipt, total)
    documents.print_footer(kkt, made)
    _forget(kkt)
    kkt.volatile.change_kopecks = change(receipt)
    return b""


def _paid(kkt: Kkt, request: CloseReceipt) -> Receipt:
    """The receipt with the last payment in it, as a copy; raises `Refusal`: not enough, too much that is no cash."""
    receipt = the_open_receipt(kkt)
    rest = remainder(receipt)
    tendered = request.sum_kopecks or rest
    check(kkt, receipt, request.payment_form, tendered)
    if tendered < rest:
        raise Refusal(E.PAYMENTS_BELOW_TOTAL if receipt.payments else E.TENDERED_BELOW_TOTAL)
    payments = receipt.payments.copy()
    if tendered:
        payments[request.payment_form] = payments.get(request.payment_form, 0) + tendered
    return replace(receipt, payments=payments)


def _ask_what_is_left(kkt: Kkt, receipt: Receipt, at: float) -> None:
    """After silence: the FN may have made the document unheard (1Eh), hold data of it, or have forgotten it."""
    status = FnStatus.parse(kkt.fn.do(FnCommand.STATUS, b"", at))
    if status.document is not CurrentDocument.RECEIPT:
        documents.compare(kkt, at)
    elif status.has_data:
        _begin_anew(kkt, receipt, at)


def _begin_anew(kkt: Kkt, receipt: Receipt, at: float) -> None:
    """After a refused commit the FN holds data that cannot be taken back: cancel, and begin the document again."""
    try:
        kkt.fn.do(FnCommand.CANCEL_DOCUMENT, b"", at)
        kkt.fn.do(FnCommand.BEGIN_RECEIPT, documents.dated(kkt, receipt.begun_world), at)
    except Refusal:
        return


def _forget(kkt: Kkt) -> None:
    kkt.memory.receipt = None
    kkt.volatile.paying = False
    kkt.volatile.item_requisites = None
    kkt.volatile.operation_requisites = {}


def tax_system(kkt: Kkt) -> int:
    """«СНО», one bit: told by E8h (1055), else the till's default, else the only one registered; EEh/0103h if none."""
    registered = int.from_bytes(kkt.memory.requisites.get(T.TAX_SYSTEMS, b""), "little")
    told = kkt.volatile.operation_requisites.get(T.TAX_SYSTEM)
    system = told[0] if told else tables.number(kkt, 2, 1, 110) or registered
    if system & registered != system or system.bit_count() != 1:
        raise extended(X.WRONG_TAX_SYSTEM, T.TAX_SYSTEM)
    return system


def _requisites(kkt: Kkt, receipt: Receipt, groups: dict[int, int]) -> list[bytes]:
    """The TLVs of the receipt that the till forms, for 07h. ``groups``: payment group to kopecks."""
    taxes: dict[int, int] = {}
    for item in receipt.items:
        amount = item.cost_kopecks if item.tax in _SUMS_OF_COST else item.tax_sum_kopecks
        taxes[item.tax] = taxes.get(item.tax, 0) + amount
    told = kkt.volatile.operation_requisites
    return [
        tlv(T.FFD_VERSION, documents.FFD_1_05),
        *documents.cashier(kkt),
        byte_tlv(T.TAX_SYSTEM, tax_system(kkt)),
        *[tlv(T.ITEM, _item_value(item)) for item in receipt.items],
        *[vln_tlv(tag, groups.get(group, 0)) for group, tag in _PAYMENT_TAGS],
        *[vln_tlv(_TAX_TAGS[tax], amount) for tax, amount in sorted(taxes.items())],
        *documents.registered(kkt, T.USER_NAME, T.SETTLEMENT_ADDRESS, T.SETTLEMENT_PLACE, T.FNS_SITE, T.MACHINE_NUMBER),
        *[tlv(tag, value) for tag, value in told.items() if tag not in _OWN_TAGS],
    ]


def _item_value(item: Item) -> bytes:
    """The value of tag 1059."""
    parts = [
        tlv(T.ITEM_NAME, text(item.name)[:WIDEST_NAME]),
        vln_tlv(T.PRICE, item.price_kopecks),
        tlv(T.QUANTITY, quantity(item.quantity_milli)),
        vln_tlv(T.ITEM_SUM, item.cost_kopecks),
        byte_tlv(T.VAT_RATE, item.tax),
    ]
    if item.tax not in _SUMS_OF_COST:
        parts.append(vln_tlv(T.ITEM_VAT, item.tax_sum_kopecks))
    if item.method and T.SETTLEMENT_METHOD not in item.requisites:
        parts.append(byte_tlv(T.SETTLEMENT_METHOD, item.method))
    if item.subject and T.ITEM_TYPE not in item.requisites:
        parts.append(byte_tlv(T.ITEM_TYPE, item.subject))
    parts += [tlv(tag, value) for tag, value in item.requisites.items()]
    return b"".join(parts)


def _count(kkt: Kkt, receipt: Receipt, total: int, cash_kopecks: int) -> None:
    totals, kind = kkt.memory.totals, receipt.type
    totals.registered[kind] = totals.registered.get(kind, 0) + total
    totals.registrations[kind] = totals.registrations.get(kind, 0) + len(receipt.items)
    totals.receipts[kind] = totals.receipts.get(kind, 0) + 1
    totals.non_nullable[kind] = totals.non_nullable.get(kind, 0) + total
    totals.running_receipts += 1
    back = change(receipt)
    for form, paid in receipt.payments.items():
        given = min(back, paid) if tables.payment_group(kkt, form) == PaymentGroup.CASH else 0
        back -= given
        totals.paid[kind, form] = totals.paid.get((kind, form), 0) + paid - given
    for item in receipt.items:
        key = (int(kind), item.tax)
        totals.taxes[key] = totals.taxes.get(key, 0) + item.tax_sum_kopecks
    totals.cash_kopecks += cash_kopecks if kind in CASH_COMES_IN else -cash_kopecks


def _print_end(kkt: Kkt, receipt: Receipt, total: int) -> None:
    paper = kkt.paper
    paper.pair("ИТОГ", f"={roubles(total)}")
    for form, paid in receipt.payments.items():
        paper.pair(shift.payment_name(kkt, form), f"={roubles(paid)}")
    back = change(receipt)
    if back:
        paper.pair("СДАЧА", f"={roubles(back)}")
