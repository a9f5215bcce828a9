"""Chapter «Оплата». Source: ATOL protocol 3.1, commands 99 and 9B; the answer as ATOL's driver 10.8 reads it."""

from construct import Struct

from protocol.atol.command import DATA, Command, command, on_wire
from protocol.atol.commands.flags import FLAGS, CommandFlags
from protocol.atol.fields import bcd

_STANDING = Struct("remainder_kopecks" / bcd(5), "change_kopecks" / bcd(5))


@command(0x99, DATA, _STANDING)
class AddPayment(Command):
    """«Расчёт по чеку». ``payment_form``: 1 cash, 2.. the rows of table 12."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    payment_form: int = on_wire(bcd(1), default=1)
    sum_kopecks: int = on_wire(bcd(5))


@command(0x9B, DATA, _STANDING)
class VoidPayment(Command):
    """«Сторно расчёта по чеку»: takes back what was tendered in one form."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    payment_form: int = on_wire(bcd(1), default=1)
    sum_kopecks: int = on_wire(bcd(5))
