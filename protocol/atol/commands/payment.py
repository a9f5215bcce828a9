"""Chapter «Оплата». Source: ATOL protocol 3.1, command 99; its answer as ATOL's driver 10.8 reads it."""

from construct import Struct

from protocol.atol.command import DATA, Command, command, on_wire
from protocol.atol.commands.flags import FLAGS, CommandFlags
from protocol.atol.fields import bcd


@command(0x99, DATA, Struct("remainder_kopecks" / bcd(5), "change_kopecks" / bcd(5)))
class AddPayment(Command):
    """«Расчёт по чеку». ``payment_form``: 1 cash, 2.. the rows of table 12."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    payment_form: int = on_wire(bcd(1), default=1)
    sum_kopecks: int = on_wire(bcd(5))
