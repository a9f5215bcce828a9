"""Chapter «Чек»: 92 4A 59.

Which part of the FN document goes when: 15h at 92h; 07h and 16h at 4Ah. So an FN pulled out in mid-receipt has lost
the document: 4Ah ends in D4h and only 59h cures.
"""

from dataclasses import replace

from kktsim.device import agents, corrections, documents, reports, shift, tables, taxes
from kktsim.device.dispatch import Need, handles
from kktsim.device.forming import open_receipt as the_open_receipt
from kktsim.device.kkt import Kkt, to_datetime
from kktsim.device.names import TYPE_NAMES, payment_name, tax_name
from kktsim.device.payments import by_group, change, check, check_drawer, remainder
from kktsim.device.printing import Prints
from kktsim.device.receipt import Receipt
from kktsim.device.refusal import Refusal, extended
from kktsim.device.requisites import of_document, print_told
from kktsim.device.state import LastReceipt
from kktsim.printer.paper import roubles
from protocol.atol.commands.flags import CommandFlags, PaymentGroup, ReceiptType
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import CancelReceipt, CloseReceipt, OpenReceipt
from protocol.atol.kkt_codes import E, X
from protocol.ffd.documents import qr
from protocol.ffd.tags import T
from protocol.ffd.tlv import byte_tlv, tlv, vln_tlv
from protocol.fn.answers import FnStatus, ReceiptResult
from protocol.fn.commands import CurrentDocument, FnCommand

OPERATIONS = {
    ReceiptType.SELL: 1,
    ReceiptType.SELL_RETURN: 2,
    ReceiptType.BUY: 3,
    ReceiptType.BUY_RETURN: 4,
    **corrections.OPERATIONS,
}
"""Receipt type to «признак расчёта» (tag 1054, first byte behind the date in 16h)."""
CASH_COMES_IN = frozenset((ReceiptType.SELL, ReceiptType.BUY_RETURN, *corrections.CASH_COMES_IN))
_REGISTERED_TAGS = (T.USER_NAME, T.SETTLEMENT_ADDRESS, T.SETTLEMENT_PLACE, T.FNS_SITE, T.MACHINE_NUMBER)
_PAYMENT_TAGS = (
    (PaymentGroup.CASH, T.CASH),
    (PaymentGroup.ELECTRONIC, T.ELECTRONIC),
    (PaymentGroup.PREPAID, T.PREPAID),
    (PaymentGroup.CREDIT, T.CREDIT),
    (PaymentGroup.OTHER, T.OTHER),
)
_DOCUMENT_IS_LOST = frozenset((E.FN_NO_ANSWER, E.FN_WRONG_STATE))
"""Codes of a commit after which the FN has no begun document that could be begun anew, or has made it unheard."""
_BEGUN = frozenset(
    (
        *(CurrentDocument.RECEIPT, CurrentDocument.STRICT_FORM),
        *(CurrentDocument.CORRECTION, CurrentDocument.STRICT_FORM_CORRECTION),
    )
)
"""What 30h of the FN tells while the receipt's document is begun."""


def _opening_prints(kkt: Kkt, request: OpenReceipt) -> Prints:
    return Prints.ON_NOTHING if CommandFlags.NO_PRINT in request.flags else Prints.ALWAYS


@handles(
    OpenReceipt,
    mode=Mode.REGISTRATION,
    receipt=Need.CLOSED,
    registered=True,
    within_24_hours=True,
    makes_document=True,
    prints=_opening_prints,
)
def open_receipt(kkt: Kkt, request: OpenReceipt, at: float) -> bytes:
    """«Открыть чек»; with a closed shift it opens the shift first."""
    corrections.check_type(kkt, request.type)
    begin(kkt, request.type, at, prints=CommandFlags.NO_PRINT not in request.flags)
    return b""


def begin(kkt: Kkt, kind: ReceiptType, at: float, *, prints: bool = True) -> Receipt:
    """Open a receipt, the shift before it when that is closed; raises `Refusal`."""
    shift.ensure_open(kkt, at)
    documents.compare(kkt, at)
    documents.begin(kkt, _beginning(kind), documents.dated(kkt, at), at)
    kkt.memory.receipt = receipt = Receipt(kind, at, prints=prints)
    kkt.volatile.item_requisites = None
    kkt.volatile.change_kopecks = 0
    paper = kkt.paper
    paper.centre(corrections.HEADING if kind in corrections.OPERATIONS else "КАССОВЫЙ ЧЕК")
    paper.centre(TYPE_NAMES[kind])
    paper.line(f"КАССИР {documents.cashier_name(kkt)}")
    print_told(kkt)
    return receipt


def _beginning(kind: ReceiptType) -> FnCommand:
    return FnCommand.BEGIN_CORRECTION if kind in corrections.OPERATIONS else FnCommand.BEGIN_RECEIPT


@handles(CancelReceipt, mode=Mode.REGISTRATION, receipt=Need.OPEN, prints=Prints.OF_RECEIPT)
def cancel_receipt(kkt: Kkt, request: CancelReceipt, at: float) -> bytes:
    """«Аннулирование всего чека»."""
    drop(kkt, at)
    return b""


def drop(kkt: Kkt, at: float) -> None:
    """Cancel the receipt that is open, if one is: by 59h, and when the power comes back.

    The FN cancels its document too; an FN that does not answer has none.
    """
    receipt = kkt.memory.receipt
    if receipt is None:
        return
    kkt.fn.give_up(at)
    kkt.memory.totals.count_cancelled(receipt)
    _forget(kkt)
    if receipt.prints:
        kkt.paper.centre("ЧЕК АННУЛИРОВАН")
        kkt.paper.cut()


@handles(
    CloseReceipt,
    mode=Mode.REGISTRATION,
    receipt=Need.OPEN,
    registered=True,
    within_24_hours=True,
    makes_document=True,
    prints=Prints.OF_RECEIPT,
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
    is_correction = receipt.type in corrections.OPERATIONS
    if is_correction:
        corrections.check_requisites(kkt)
    agents.check(kkt, [] if is_correction else receipt.items, at)
    total, groups = receipt.sum_kopecks, by_group(kkt, receipt)
    cash = groups.get(PaymentGroup.CASH, 0)
    cash = cash if receipt.type in CASH_COMES_IN else -cash
    is_controlled = receipt.checks_cash and CommandFlags.NO_CASH_CONTROL not in request.flags
    check_drawer(kkt, cash, is_controlled=is_controlled)
    taxes.check_told(receipt, total)
    tax_sums = taxes.of_receipt(kkt, receipt)
    requisites = _requisites(kkt, receipt, groups, tax_sums)
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
    reports.count(kkt, receipt, tax_system(kkt), at)
    made = documents.adopt(kkt, result.number, result.sign, documents.minute(kkt, at))
    _count(kkt, receipt, cash, tax_sums)
    kkt.memory.last_receipt = LastReceipt(made.number, receipt.type, total, made.world, made.sign)
    _print_end(kkt, receipt, tax_sums)
    operation = OPERATIONS[receipt.type]
    fn_number = kkt.memory.mirror.fn_number
    documents.print_footer(kkt, made, qr(to_datetime(made.world), total, fn_number, made.number, made.sign, operation))
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
    if status.document not in _BEGUN:
        documents.compare(kkt, at)
    elif status.has_data:
        _begin_anew(kkt, receipt, at)


def _begin_anew(kkt: Kkt, receipt: Receipt, at: float) -> None:
    """After a refused commit the FN holds data that cannot be taken back: cancel, and begin the document again."""
    try:
        kkt.fn.do(FnCommand.CANCEL_DOCUMENT, b"", at)
        kkt.fn.do(_beginning(receipt.type), documents.dated(kkt, receipt.begun_world), at)
    except Refusal:
        return


def _forget(kkt: Kkt) -> None:
    kkt.memory.receipt = None
    kkt.volatile.item_requisites = None
    documents.forget_requisites(kkt)


def tax_system(kkt: Kkt) -> int:
    """«СНО», one bit: told by E8h (1055), else the till's default, else the only one registered; EEh/0103h if none."""
    registered = int.from_bytes(kkt.memory.requisites.get(T.TAX_SYSTEMS, b""), "little")
    told = kkt.volatile.operation_requisites.get(T.TAX_SYSTEM)
    system = told[0] if told else tables.number(kkt, 2, 1, 110) or registered
    if system & registered != system or system.bit_count() != 1:
        raise extended(X.WRONG_TAX_SYSTEM, T.TAX_SYSTEM)
    return system


def _requisites(kkt: Kkt, receipt: Receipt, groups: dict[int, int], tax_sums: dict[int, int]) -> list[bytes]:
    """The TLVs of the receipt that the till forms, for 07h. ``groups``: payment group to kopecks."""
    told = kkt.volatile.operation_requisites
    return [
        tlv(T.FFD_VERSION, documents.FFD_1_05),
        *documents.cashier(kkt),
        byte_tlv(T.TAX_SYSTEM, tax_system(kkt)),
        *[item.tlv for item in receipt.items if receipt.type not in corrections.OPERATIONS],
        *[vln_tlv(tag, groups.get(group, 0)) for group, tag in _PAYMENT_TAGS],
        *[vln_tlv(taxes.TAGS[tax], amount) for tax, amount in sorted(tax_sums.items())],
        *documents.registered(kkt, *_REGISTERED_TAGS, but=told),
        *of_document(kkt, receipt.type),
    ]


def _count(kkt: Kkt, receipt: Receipt, cash_kopecks: int, tax_sums: dict[int, int]) -> None:
    totals, kind, total = kkt.memory.totals, receipt.type, receipt.sum_kopecks
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
        totals.non_nullable_paid[kind, form] = totals.non_nullable_paid.get((kind, form), 0) + paid - given
    for tax, amount in tax_sums.items():
        totals.taxes[kind, tax] = totals.taxes.get((kind, tax), 0) + amount
    for discount in (receipt.discount_kopecks, *[item.discount_kopecks for item in receipt.items]):
        if discount:
            counter = totals.discounts if discount > 0 else totals.surcharges
            counter[kind] = counter.get(kind, 0) + abs(discount)
    totals.cash_kopecks += cash_kopecks


def _print_end(kkt: Kkt, receipt: Receipt, tax_sums: dict[int, int]) -> None:
    paper = kkt.paper
    paper.pair("ИТОГ", f"={roubles(receipt.sum_kopecks)}")
    for tax, amount in sorted(tax_sums.items()):
        paper.pair(f"СУММА {tax_name(kkt, tax)}", f"={roubles(amount)}")
    for form, paid in receipt.payments.items():
        paper.pair(payment_name(kkt, form), f"={roubles(paid)}")
    back = change(receipt)
    if back:
        paper.pair("СДАЧА", f"={roubles(back)}")
