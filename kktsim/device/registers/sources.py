"""Declaring where the values of a register come from, and reading the parameters that many registers share."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from kktsim.device.kkt import Kkt, to_datetime
from kktsim.device.refusal import Refusal, extended
from kktsim.device.tables import PAYMENT_FORMS, TAX_ROWS
from protocol.atol.commands.flags import ReceiptType
from protocol.atol.commands.registers import ReadRegister
from protocol.atol.kkt_codes import E, X

Values = Mapping[str, Any]
Source = Callable[[Kkt, ReadRegister, float], Values]
SOURCES: dict[int, Source] = {}
"""Register to the function that knows its values; filled when the modules beside this one are imported."""


def source(register: int) -> Callable[[Source], Source]:
    """Declare where the values of this register come from."""

    def declare(function: Source) -> Source:
        if register in SOURCES:
            raise ValueError(f"register {register:02X}h has two sources")
        SOURCES[register] = function
        return function

    return declare


def moment(world: float) -> datetime | None:
    """A date of a register; none for world time 0."""
    return to_datetime(world) if world else None


def receipt_type(request: ReadRegister) -> int:
    """The first parameter; 6Ah when it is no receipt type (a guess)."""
    try:
        return ReceiptType(request.first)
    except ValueError:
        raise Refusal(E.WRONG_RECEIPT_TYPE) from None


def payment_form(request: ReadRegister) -> int:
    """The second parameter, a binary number; 7Eh outside of 1..10 (a real Evotor's log for 0)."""
    if request.second not in PAYMENT_FORMS:
        raise Refusal(E.WRONG_PAYMENT_TYPE)
    return request.second


def tax_row(row: int) -> int:
    """A row of table 13; EEh with 0104h when there is none (a guess)."""
    if row not in TAX_ROWS:
        raise extended(X.WRONG_VAT_RATE)
    return row
