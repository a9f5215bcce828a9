"""Chapter «Позиции чека». Source: ATOL protocol 3.1, commands 52 57 41 4E E6 EA EB.

Prices and sums in kopecks, quantities in thousandths; the tax number is the row of table 13, which is also the
coding of tag 1199: 1 20 %, 2 10 %, 3 20/120, 4 10/110, 5 0 %, 6 no VAT.
"""

from construct import Bytes

from protocol.atol.command import Command, command, on_wire
from protocol.atol.commands.flags import FLAGS, CommandFlags
from protocol.atol.fields import BYTE, REST, TEXT, bcd, fixed_text

TAX_IS_PER_UNIT = 0x04
"""Bit of the flags of EBh: the tax sum is that of one unit (ATOL's driver 10.8 as observed)."""


@command(0x52)
class SellItem(Command):
    """«Регистрация», the old form without a name; the name may come before it by 4Ch."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    price_kopecks: int = on_wire(bcd(5))
    quantity_milli: int = on_wire(bcd(5), default=1000)
    section: int = on_wire(bcd(1), default=0)


@command(0x57)
class ReturnItem(Command):
    """«Возврат»: an item of a return receipt, the old form without name and section."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    price_kopecks: int = on_wire(bcd(5))
    quantity_milli: int = on_wire(bcd(5), default=1000)


@command(0x4E)
class VoidItem(Command):
    """«Сторно»: takes an item, or some of its quantity, out of the open receipt; it is found by its price."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    price_kopecks: int = on_wire(bcd(5))
    quantity_milli: int = on_wire(bcd(5), default=1000)


@command(0xE6)
class AddItem(Command):
    """«Регистрация позиции»: one command of 104 bytes with the name inside."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    name: str = on_wire(fixed_text(64))
    price_kopecks: int = on_wire(bcd(6))
    quantity_milli: int = on_wire(bcd(5), default=1000)
    discount_type: int = on_wire(BYTE, default=0)
    discount_sign: int = on_wire(BYTE, default=0)
    discount_size: int = on_wire(bcd(6), default=0)
    tax: int = on_wire(BYTE, default=0)
    section: int = on_wire(bcd(1), default=0)
    text: bytes = on_wire(Bytes(16), default=bytes(16))
    reserve: int = on_wire(BYTE, default=0)


@command(0xEA)
class BeginItem(Command):
    """«Начать формирование позиции»: requisites of the item (E8h) may follow. Two or three bytes, drivers differ."""

    parameters: bytes = on_wire(REST, default=b"\x00\x01\x00")


@command(0xEB)
class EndItem(Command):
    """«Завершить формирование позиции».

    ``tax_sum_kopecks`` 0 leaves the sum to the till. ``subject`` is tag 1212, ``method`` tag 1214; 0: not told.
    The discount is told for the paper only: ``cost_kopecks`` has it already. Besides the common ones ATOL's driver
    10.8 sets two flags: `TAX_IS_PER_UNIT`, and 10h for goods sold by the piece.
    """

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    price_kopecks: int = on_wire(bcd(7))
    quantity_milli: int = on_wire(bcd(5), default=1000)
    cost_kopecks: int = on_wire(bcd(7))
    tax: int = on_wire(BYTE, default=6)
    tax_sum_kopecks: int = on_wire(bcd(7), default=0)
    section: int = on_wire(bcd(1), default=0)
    subject: int = on_wire(BYTE, default=1)
    method: int = on_wire(BYTE, default=4)
    discount_sign: int = on_wire(BYTE, default=0)
    discount_kopecks: int = on_wire(bcd(7), default=0)
    reserve: bytes = on_wire(Bytes(2), default=bytes(2))
    name: str = on_wire(TEXT)
