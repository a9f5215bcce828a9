"""Chapter «Чек»: opening, closing, cancelling, cash in and out. Source: ATOL protocol 3.1, commands 92 4A 59 49 4F."""

from protocol.atol.command import Command, command, on_wire
from protocol.atol.commands.flags import FLAGS, OPTIONAL_FLAGS, CommandFlags, ReceiptType
from protocol.atol.fields import bcd, byte_enum
from protocol.atol.kkt_codes import E


@command(0x92)
class OpenReceipt(Command):
    """«Открыть чек»."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    type: ReceiptType = on_wire(byte_enum(ReceiptType, E.WRONG_RECEIPT_TYPE), default=ReceiptType.SELL)


@command(0x4A)
class CloseReceipt(Command):
    """«Закрыть чек (со сдачей)». ``sum_kopecks``: tendered; 0 means exactly what remains to be paid."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    payment_form: int = on_wire(bcd(1), default=1)
    sum_kopecks: int = on_wire(bcd(5), default=0)


@command(0x59)
class CancelReceipt(Command):
    """«Аннулирование всего чека»; the byte of flags is one that some drivers add."""

    flags: CommandFlags = on_wire(OPTIONAL_FLAGS, default=CommandFlags.NONE)


@command(0x49)
class CashIn(Command):
    """«Внесение денег»."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    sum_kopecks: int = on_wire(bcd(5))


@command(0x4F)
class CashOut(Command):
    """«Выплата денег»."""

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    sum_kopecks: int = on_wire(bcd(5))
