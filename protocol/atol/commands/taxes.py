"""Chapter «Налоги». Source: ATOL protocol 3.1, commands B8 and B9.

The manual has seven bytes of sum, ATOL's driver 10.8 was seen to send five: both are read, five are written.
"""

from typing import Any

from construct import Adapter

from protocol.atol.command import Command, command, on_wire
from protocol.atol.commands.flags import FLAGS, CommandFlags
from protocol.atol.fields import BYTE, REST, FieldError, from_bcd, to_bcd
from protocol.atol.kkt_codes import E

SUM_WIDTHS = (5, 7)
"""Bytes of the sum."""


class _Sum(Adapter):  # type: ignore[misc]
    def _decode(self, obj: bytes, context: object, path: str) -> int:
        if len(obj) not in SUM_WIDTHS:
            raise FieldError(E.BAD_LENGTH)
        return from_bcd(obj)

    def _encode(self, obj: int, context: object, path: str) -> bytes:
        return to_bcd(obj, SUM_WIDTHS[0])


_SUM: Any = _Sum(REST)


@command(0xB8)
class AddTax(Command):
    """«Регистрация налога на весь чек»: its sum by one row of table 13, instead of what the till reckons.

    ``area``: 0, the whole receipt.
    """

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    area: int = on_wire(BYTE, default=0)
    tax: int = on_wire(BYTE)
    sum_kopecks: int = on_wire(_SUM)


@command(0xB9)
class VoidTax(Command):
    """«Сторно налога на весь чек»: takes back what B8h told."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    area: int = on_wire(BYTE, default=0)
    tax: int = on_wire(BYTE)
    sum_kopecks: int = on_wire(_SUM)
