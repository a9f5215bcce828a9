"""Chapter «Чек»: opening, closing, cancelling, cash in and out. Source: ATOL protocol 3.1, commands 92 4A 59 49 4F."""

from protocol.atol.command import Command, command, on_wire
from protocol.atol.commands.flags import FLAGS, CommandFlags, ReceiptType
from protocol.atol.fields import REST, bcd, byte_enum
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
    """«Аннулирование всего чека». ``flags``: a byte that some drivers add."""

    flags: bytes = on_wire(REST, default=b"")


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
