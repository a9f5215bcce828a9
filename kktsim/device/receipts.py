"""Chapter «Чек»: 92 4A 59.

Which part of the FN document goes when: 15h at 92h; 07h and 16h at 4Ah. So an FN pulled out in mid-receipt has lost
the document: 4Ah ends in D4h and only 59h cures. A setting begins the document at 4Ah as well: any FN would take it
then, so till and FN are compared first.
"""

from kktsim.device import (
    agents,
    booking,
    comparison,
    corrections,
    documents,
    fn_questions,
    shift,
    tables,
    taxes,
)
from kktsim.device.booking.receipt import OPERATIONS, annul, cash_kopecks
from kktsim.device.dispatch import Need, handles
from kktsim.device.forming import by_group, remainder
from kktsim.device.forming import open_receipt as the_open_receipt
from kktsim.device.kkt import Kkt
from kktsim.device.names import TYPE_NAMES
from kktsim.device.payments import check, check_drawer
from kktsim.device.printing import Prints
from kktsim.device.receipt import Receipt
from kktsim.device.refusal import Refusal, extended
from kktsim.device.requisites import of_document, print_told
from kktsim.device.state import Closing
from protocol.atol.commands.flags import CommandFlags, PaymentGroup, ReceiptType
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.receipt import CancelReceipt, CloseReceipt, OpenReceipt
from protocol.atol.kkt_codes import E, X
from protocol.ffd.documents import DocumentType
from protocol.ffd.tags import T
from protocol.ffd.tlv import byte_tlv, vln_tlv
from protocol.fn.answers import ReceiptResult
from protocol.fn.commands import CurrentDocument, FnCommand

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
    if kkt.settings.tax_system_checked_at == "92h":
        tax_system(kkt)
    shift.ensure_open(kkt, at)
    comparison.compare(kkt, at)
    shift.ensure_open(kkt, at)  # it was closed unheard
    if kkt.settings.fn_begin_at == "92h":
        documents.begin(kkt, _beginning(kind), documents.dated(kkt, at), at)
    kkt.memory.receipt = receipt = Receipt(kind, at, prints=prints, told_taxes=kkt.memory.left_taxes.copy())
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
    """«Аннулирование всего чека»: the FN cancels its document too; an FN that does not answer has none.

    A commit that was not answered is given up by it. When the FN has made the receipt all the same, the two differ from
    now on (article err_3933).
    """
    kkt.fn.give_up(at)
    if kkt.memory.closing is not None:
        documents.forget_intents(kkt)
    annul(kkt, the_open_receipt(kkt))
    return b""


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

    After a commit that was not answered the FN is asked first: a receipt that it has made is closed by that, whatever
    is tendered now. A receipt without items is EEh, register 37h tells 0206h and tag 1059 (a guess: the document must
    have one).
    """
    if kkt.memory.closing is not None and _was_made_unheard(kkt, at):
        return b""
    receipt = _paid(kkt, request)
    if not receipt.items:
        raise extended(X.REQUISITE_MISSING, T.ITEM)
    is_correction = receipt.type in corrections.OPERATIONS
    if is_correction:
        corrections.check_requisites(kkt)
    agents.check(kkt, [] if is_correction else receipt.items, at)
    is_controlled = receipt.checks_cash and CommandFlags.NO_CASH_CONTROL not in request.flags
    check_drawer(kkt, cash_kopecks(kkt, receipt), is_controlled=is_controlled)
    taxes.check_told(receipt, receipt.sum_kopecks)
    closing = Closing(receipt, tax_system(kkt), kkt.volatile.operator, taxes.of_receipt(kkt, receipt))
    requisites = _requisites(kkt, closing)
    operation, total = bytes((OPERATIONS[receipt.type],)), receipt.sum_kopecks.to_bytes(5, "little")
    arguments = documents.dated(kkt, at) + operation + total
    if kkt.settings.fn_begin_at == "4Ah":
        comparison.compare(kkt, at)
    intent = documents.intend(kkt, DocumentType.CORRECTION if is_correction else DocumentType.RECEIPT, at)
    if kkt.settings.fn_begin_at == "4Ah":
        documents.begin(kkt, _beginning(receipt.type), documents.dated(kkt, at), at)
    try:
        answer = documents.finish(kkt, intent, requisites, (FnCommand.COMMIT_RECEIPT, arguments), at, closing)
    except Refusal as refusal:
        if refusal.code not in _DOCUMENT_IS_LOST:
            _begin_anew(kkt, receipt, at)
        raise
    result = ReceiptResult.parse(answer)
    booking.complete(kkt, intent, documents.Made(result.number, result.sign, intent.world))
    return b""


def _paid(kkt: Kkt, request: CloseReceipt) -> Receipt:
    """The receipt with the last payment in it, as a copy; raises `Refusal`: not enough, too much that is no cash."""
    receipt, form = the_open_receipt(kkt), request.payment_form
    rest = remainder(receipt)
    tendered = request.sum_kopecks or rest
    check(kkt, receipt, form, tendered)
    if tendered < rest:
        raise Refusal(E.PAYMENTS_BELOW_TOTAL if receipt.payments else E.TENDERED_BELOW_TOTAL)
    paid = receipt.copy()
    if tendered:
        paid.payments[form] = paid.payments.get(form, 0) + tendered
    return paid


def _was_made_unheard(kkt: Kkt, at: float) -> bool:
    """After silence: whether the FN has made the document. It may hold data of it, or have forgotten it, as well."""
    status = fn_questions.ask(kkt, at)
    if status.document not in _BEGUN:
        comparison.compare(kkt, at)
        return kkt.memory.receipt is None
    documents.forget_intents(kkt)
    if status.has_data:
        _begin_anew(kkt, the_open_receipt(kkt), at)
    return False


def _begin_anew(kkt: Kkt, receipt: Receipt, at: float) -> None:
    """After a refused commit the FN holds data that cannot be taken back: cancel, and begin the document as it was."""
    try:
        kkt.fn.do(FnCommand.CANCEL_DOCUMENT, b"", at)
        if kkt.settings.fn_begin_at == "92h":
            kkt.fn.do(_beginning(receipt.type), documents.dated(kkt, receipt.begun_world), at)
    except Refusal:
        return


def tax_system(kkt: Kkt) -> int:
    """«СНО», one bit: told by E8h (1055), else the till's default, else the only one registered; EEh/0103h if none."""
    registered = int.from_bytes(kkt.memory.requisites.get(T.TAX_SYSTEMS, b""), "little")
    told = kkt.volatile.operation_requisites.get(T.TAX_SYSTEM)
    system = told[0] if told else tables.number(kkt, 2, 1, 110) or registered
    if system & registered != system or system.bit_count() != 1:
        raise extended(X.WRONG_TAX_SYSTEM, T.TAX_SYSTEM)
    return system


def _requisites(kkt: Kkt, closing: Closing) -> list[bytes]:
    """The TLVs of the receipt that the till forms, for 07h."""
    told, receipt = kkt.volatile.operation_requisites, closing.receipt
    groups = by_group(kkt, receipt)
    return [
        *documents.ffd_version(kkt),
        *documents.cashier(kkt),
        byte_tlv(T.TAX_SYSTEM, closing.tax_system),
        *[item.tlv for item in receipt.items if receipt.type not in corrections.OPERATIONS],
        *[vln_tlv(tag, groups.get(group, 0)) for group, tag in _PAYMENT_TAGS],
        *[vln_tlv(taxes.TAGS[tax], amount) for tax, amount in sorted(closing.taxes.items())],
        *documents.registered(kkt, *_REGISTERED_TAGS, but=told),
        *of_document(kkt, receipt.type),
    ]
