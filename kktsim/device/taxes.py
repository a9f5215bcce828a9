"""Chapter «Налоги»: B8 B9, and how taxes are reckoned.

A price has its tax inside: sum = cost x rate / (100 % + rate), halves up; the rates stand in table 13. Rows for 0 %
and for no VAT hold the settled sum itself, as tags 1104 and 1105 do. The tax of a receipt is that of its items
together, or, when table 2 field 114 says so, that of what they cost together (the meaning of the field is a guess);
what B8h tells of a row stands instead of it.
"""

from kktsim.device import tables
from kktsim.device.dispatch import Need, handles
from kktsim.device.forming import open_receipt
from kktsim.device.kkt import Kkt
from kktsim.device.names import tax_name
from kktsim.device.printing import Prints
from kktsim.device.receipt import Receipt
from kktsim.device.refusal import Refusal, extended
from kktsim.printer.paper import roubles
from protocol.atol.commands.modes import Mode
from protocol.atol.commands.taxes import AddTax, VoidTax
from protocol.atol.kkt_codes import E, X
from protocol.ffd.tags import T

TAGS = {1: T.VAT_20, 2: T.VAT_10, 3: T.VAT_20_120, 4: T.VAT_10_110, 5: T.VAT_0, 6: T.VAT_NONE}
"""Row of table 13 to the tag of its sum in the receipt."""
SUMS_OF_COST = frozenset((5, 6))
"""Rows whose tag holds the settled sum, not a tax: 0 % and no VAT."""
_RATED = TAGS.keys() - SUMS_OF_COST
_WHOLE = 10_000
"""Hundredths of a percent."""
_OF_THE_TOTAL = 1
"""Value of table 2 field 114."""


def tax_of(kkt: Kkt, tax: int, cost_kopecks: int) -> int:
    """«Сумма НДС» inside a cost by a row of table 13, in kopecks."""
    if tax not in _RATED:
        return 0
    rate = tables.number(kkt, 13, tax, 2)
    whole = _WHOLE + rate
    return (2 * cost_kopecks * rate + whole) // (2 * whole)


def of_receipt(kkt: Kkt, receipt: Receipt) -> dict[int, int]:
    """Row of table 13 to what stands under its tag, in kopecks; rows that the receipt does not have are left out."""
    sums: dict[int, int] = {}
    costs: dict[int, int] = {}
    for item in receipt.items:
        amount = item.cost_kopecks if item.tax in SUMS_OF_COST else item.tax_sum_kopecks
        sums[item.tax] = sums.get(item.tax, 0) + amount
        costs[item.tax] = costs.get(item.tax, 0) + item.cost_kopecks
    if tables.number(kkt, 2, 1, 114) == _OF_THE_TOTAL:
        for tax in sums.keys() & _RATED:
            sums[tax] = tax_of(kkt, tax, costs[tax])
    return sums | receipt.told_taxes


def check_told(receipt: Receipt, sum_kopecks: int) -> None:
    """Raise `Refusal` (DFh) when a tax that was told is more than the receipt would come to."""
    if any(told > sum_kopecks for told in receipt.told_taxes.values()):
        raise Refusal(E.TAX_EXCEEDS_SUM)


def _check(request: AddTax | VoidTax) -> None:
    if request.area:
        raise Refusal(E.TAX_ON_LAST_IMPOSSIBLE)
    if request.tax not in TAGS:
        raise extended(X.WRONG_VAT_RATE)


@handles(AddTax, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True, prints=Prints.OF_RECEIPT)
def add_tax(kkt: Kkt, request: AddTax, at: float) -> bytes:
    """«Регистрация налога на весь чек»: what is told several times adds up. DFh: more than the receipt comes to.

    Area 1, the last item, is answered E0h (by its text).
    """
    _check(request)
    receipt = open_receipt(kkt)
    told = receipt.told_taxes.get(request.tax, 0) + request.sum_kopecks
    if told > receipt.sum_kopecks:
        raise Refusal(E.TAX_EXCEEDS_SUM)
    _tell(receipt, request.tax, told)
    kkt.paper.pair(f"НАЛОГ {tax_name(kkt, request.tax)}", roubles(request.sum_kopecks))
    return b""


@handles(VoidTax, mode=Mode.REGISTRATION, receipt=Need.OPEN, within_24_hours=True, prints=Prints.OF_RECEIPT)
def void_tax(kkt: Kkt, request: VoidTax, at: float) -> bytes:
    """«Сторно налога на весь чек»; E4h: more than was told. When all is taken back the till reckons again (a guess)."""
    _check(request)
    receipt = open_receipt(kkt)
    left = receipt.told_taxes.get(request.tax, 0) - request.sum_kopecks
    if left < 0:
        raise Refusal(E.TAX_VOID_EXCEEDS)
    _tell(receipt, request.tax, left)
    kkt.paper.pair(f"СТОРНО НАЛОГА {tax_name(kkt, request.tax)}", roubles(-request.sum_kopecks))
    return b""


def _tell(receipt: Receipt, tax: int, sum_kopecks: int) -> None:
    """What is told of a row from now on; 0: nothing. A discount before it is final."""
    receipt.told_taxes[tax] = sum_kopecks
    if not sum_kopecks:
        del receipt.told_taxes[tax]
    receipt.before_discount = None
