"""Every application command we know, one file a chapter of the protocol; importing this declares them all."""

from protocol.atol.commands import (
    fn,
    items,
    modes,
    payment,
    receipt,
    registers,
    requisites,
    service,
    shift,
    status,
    tables,
)

__all__ = [
    "fn",
    "items",
    "modes",
    "payment",
    "receipt",
    "registers",
    "requisites",
    "service",
    "shift",
    "status",
    "tables",
]
