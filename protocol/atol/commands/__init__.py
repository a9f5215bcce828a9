"""Every application command we know, one file a chapter of the protocol; importing this declares them all."""

from protocol.atol.commands import (
    discounts,
    fn,
    items,
    modes,
    payment,
    pictures,
    printing,
    receipt,
    registers,
    requisites,
    resets,
    service,
    shift,
    status,
    tables,
    taxes,
)

__all__ = [
    "discounts",
    "fn",
    "items",
    "modes",
    "payment",
    "pictures",
    "printing",
    "receipt",
    "registers",
    "requisites",
    "resets",
    "service",
    "shift",
    "status",
    "tables",
    "taxes",
]
