"""Chapter «Скидки и надбавки». Source: ATOL protocol 3.1, commands 43 and 78; ATOL's driver 10.8 as observed."""

from enum import IntEnum

from protocol.atol.command import Command, command, on_wire
from protocol.atol.commands.flags import FLAGS, OPTIONAL_FLAGS, CommandFlags
from protocol.atol.fields import BYTE, bcd, byte_enum


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

    flags: CommandFlags = on_wire(OPTIONAL_FLAGS, default=CommandFlags.NONE)
