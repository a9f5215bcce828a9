"""The KKT: pure code, bytes and times in, bytes out. It meets the FN only as frames on a cable.

Importing this package imports every chapter, and so fills the table of handlers.
"""

from kktsim.device import (
    archive_prints,
    barcodes,
    discounts,
    fn_access,
    items,
    modes,
    old_items,
    payments,
    pictures,
    protection,
    receipts,
    registers,
    registration,
    requisites,
    resets,
    serial_entry,
    service,
    shift,
    status,
    tables,
    tape,
    taxes,
)
from kktsim.device.dispatch import HANDLERS, execute, needs_turn
from kktsim.device.kkt import Kkt

CHAPTERS = (
    archive_prints,
    barcodes,
    discounts,
    fn_access,
    items,
    modes,
    old_items,
    payments,
    pictures,
    protection,
    receipts,
    registers,
    registration,
    requisites,
    resets,
    serial_entry,
    service,
    shift,
    status,
    tables,
    tape,
    taxes,
)

__all__ = ["CHAPTERS", "HANDLERS", "Kkt", "execute", "needs_turn"]
