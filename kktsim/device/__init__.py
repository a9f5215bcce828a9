"""The KKT: pure code, bytes and times in, bytes out. It meets the FN only as frames on a cable.

Importing this package imports every chapter, and so fills the table of handlers.
"""

from kktsim.device import (
    fn_access,
    items,
    modes,
    payments,
    receipts,
    registers,
    registration,
    requisites,
    service,
    shift,
    status,
    tables,
)
from kktsim.device.dispatch import HANDLERS, execute, waits
from kktsim.device.kkt import Kkt

CHAPTERS = (
    fn_access,
    items,
    modes,
    payments,
    receipts,
    registers,
    registration,
    requisites,
    service,
    shift,
    status,
    tables,
)

__all__ = ["CHAPTERS", "HANDLERS", "Kkt", "execute", "waits"]
