"""Correction receipts: what 92h, the items, E8h and 4Ah do otherwise than with a receipt of sale.

Under FFD 1.05 the document of a correction has sums and no items: the one item only feeds the sums. Why it is made is
told by the requisites 1173 and 1174, before or after 92h. Sources: FNS order ЕД-7-20/662@, appendix 2, table 28; ATOL
protocol 3.1, command 92 and register 37h, codes 0101h and 0206h; ATOL's driver 10.8 as observed (order of commands).
"""

from collections.abc import Mapping

from kktsim.device.kkt import Kkt
from kktsim.device.receipt import Receipt
from kktsim.device.refusal import Refusal, extended
from protocol.atol.commands.flags import ReceiptType
from protocol.atol.kkt_codes import E, X
from protocol.ffd.tags import T
from protocol.ffd.tlv import split
from protocol.fn.commands import Operation

OPERATIONS: Mapping[ReceiptType, Operation] = {
    ReceiptType.SELL_CORRECTION: Operation.SELL,
    ReceiptType.SELL_RETURN_CORRECTION: Operation.SELL_RETURN,
    ReceiptType.BUY_CORRECTION: Operation.BUY,
    ReceiptType.BUY_RETURN_CORRECTION: Operation.BUY_RETURN,
}
"""Type of a correction to «признак расчёта» (tag 1054)."""
CASH_COMES_IN = frozenset((ReceiptType.SELL_CORRECTION, ReceiptType.BUY_RETURN_CORRECTION))
HEADING = "КАССОВЫЙ ЧЕК КОРРЕКЦИИ"
_OF_RETURNS = frozenset((ReceiptType.SELL_RETURN_CORRECTION, ReceiptType.BUY_RETURN_CORRECTION))
_FFD_1_2 = 4
"""Value of tag 1209."""
_INSIDE_BASE = (T.CORRECTION_DATE, T.CORRECTION_ORDER_NUMBER)


def check_type(kkt: Kkt, kind: ReceiptType) -> None:
    """Raise `Refusal` 6Ah for a correction of a return under an FFD below 1.2, as that of every document here is."""
    *_, in_use = kkt.model.ffd
    if kind in _OF_RETURNS and in_use < _FFD_1_2:
        raise Refusal(E.WRONG_RECEIPT_TYPE)


def check_item(kkt: Kkt, receipt: Receipt | None) -> None:
    """Raise `Refusal` EEh/0101h when a correction already has its item."""
    if receipt is None or receipt.type not in OPERATIONS or not receipt.items:
        return
    if kkt.settings.correction_items == "one":
        raise extended(X.MORE_THAN_ONE_CORRECTION_ITEM)


def check_requisites(kkt: Kkt) -> None:
    """Raise `Refusal` EEh/0206h, with the tag, for the first requisite that a correction lacks."""
    told = kkt.volatile.operation_requisites
    asks_all = kkt.settings.correction_requisites == "all"
    if asks_all and T.CORRECTION_TYPE not in told:
        raise extended(X.REQUISITE_MISSING, T.CORRECTION_TYPE)
    if T.CORRECTION_BASE not in told:
        raise extended(X.REQUISITE_MISSING, T.CORRECTION_BASE)
    base = dict(split(told[T.CORRECTION_BASE]))
    for tag in _INSIDE_BASE if asks_all else _INSIDE_BASE[1:]:
        if not base.get(tag):
            raise extended(X.REQUISITE_MISSING, tag)
