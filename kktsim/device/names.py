"""How operations, receipt types, payment forms and taxes are called on paper.

Source: FNS order ЕД-7-20/662@ for the operations; the others stand in tables 12 and 13 of the till.
"""

from kktsim.device import tables
from kktsim.device.kkt import Kkt
from protocol.atol.commands.flags import ReceiptType as R
from protocol.fn.commands import Operation

OPERATION_NAMES = {
    Operation.SELL: "ПРИХОД",
    Operation.SELL_RETURN: "ВОЗВРАТ ПРИХОДА",
    Operation.BUY: "РАСХОД",
    Operation.BUY_RETURN: "ВОЗВРАТ РАСХОДА",
}
"""«Признак расчёта» (tag 1054) to its printed name."""
TYPE_NAMES: dict[int, str] = {
    R.SELL: OPERATION_NAMES[Operation.SELL],
    R.SELL_RETURN: OPERATION_NAMES[Operation.SELL_RETURN],
    R.BUY: OPERATION_NAMES[Operation.BUY],
    R.BUY_RETURN: OPERATION_NAMES[Operation.BUY_RETURN],
    R.SELL_CORRECTION: "КОРРЕКЦИЯ ПРИХОДА",
    R.SELL_RETURN_CORRECTION: "КОРРЕКЦИЯ ВОЗВРАТА ПРИХОДА",
    R.BUY_CORRECTION: "КОРРЕКЦИЯ РАСХОДА",
    R.BUY_RETURN_CORRECTION: "КОРРЕКЦИЯ ВОЗВРАТА РАСХОДА",
}
"""Receipt type to its printed name."""


def payment_name(kkt: Kkt, form: int) -> str:
    """A payment form: cash, else table 12."""
    return "НАЛИЧНЫМИ" if form == 1 else tables.text(kkt, 12, form - 1, 1)


def tax_name(kkt: Kkt, row: int) -> str:
    """A row of table 13."""
    return tables.text(kkt, 13, row, 1)
