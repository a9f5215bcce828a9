"""Chapter «Скидки и надбавки». Source: ATOL protocol 3.1, commands 43 and 78; ATOL's driver 10.8 as observed."""

from enum import IntEnum
from typing import Any

from construct import Adapter

from protocol.atol.command import Command, command, on_wire
from protocol.atol.commands.flags import FLAGS, CommandFlags
from protocol.atol.fields import BYTE, REST, FieldError, bcd, byte_enum
from protocol.atol.kkt_codes import E


class _OptionalFlags(Adapter):  # type: ignore[misc]
    def _decode(self, obj: bytes, context: object, path: str) -> CommandFlags:
        if len(obj) > 1:
            raise FieldError(E.BAD_LENGTH)
        return CommandFlags(obj[0]) if obj else CommandFlags.NONE

    def _encode(self, obj: CommandFlags, context: object, path: str) -> bytes:
        return bytes((obj,)) if obj else b""


_OPTIONAL_FLAGS: Any = _OptionalFlags(REST)


class DiscountArea(IntEnum):
    """What a discount is on."""

    RECEIPT = 0
    LAST_ITEM = 1


@command(0x43)
class AddDiscount(Command):
    """«Скидка (надбавка)».

    ``type``: lowest bit 0 percent, 1 sum; ``sign``: 0 discount, 1 surcharge; ``size``: hundredths of a percent, or
    kopecks. Size 0 on a receipt rounds its total down to whole roubles.
    """

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    area: DiscountArea = on_wire(byte_enum(DiscountArea), default=DiscountArea.RECEIPT)
    type: int = on_wire(BYTE, default=1)
    sign: int = on_wire(BYTE, default=0)
    size: int = on_wire(bcd(5))


@command(0x78)
class CancelDiscount(Command):
    """«Отмена последней скидки (надбавки)»; the byte of flags may be left out."""

    flags: CommandFlags = on_wire(_OPTIONAL_FLAGS, default=CommandFlags.NONE)
