"""Chapter «Печать»: text, the parts of a receipt, paper, beeper, drawer, port.

Source: ATOL protocol 3.1, commands 4C 87 6C 73 75 95 97 47 88 80 85 8F; their fields also as ATOL's driver 10.8 fills
them.
"""

from construct import Int16ub

from protocol.atol.command import Command, command, on_wire
from protocol.atol.commands.flags import FLAGS, CommandFlags
from protocol.atol.fields import BYTE, REST, TEXT, bcd

BEEPER_HERTZ = 921_600
"""Clock of the beeper: 88h tells how far its counter stands from 65536 (ATOL protocol 3.1)."""


@command(0x4C)
class PrintText(Command):
    """«Печать строки»: 09h makes the next character twice as wide."""

    text: str = on_wire(TEXT)


@command(0x87)
class PrintField(Command):
    """«Печать поля»: text with its own looks, 11 bytes of them.

    0 stands for what table 2 says. ``multiplier``: 1 twice as high, 3 plain (ATOL's driver 10.8). ``tape`` and
    ``journal``: 1 prints. ``brightness`` is BCD in table 2; a real Evotor's terminal sends it in binary here.
    """

    flags: CommandFlags = on_wire(FLAGS, default=CommandFlags.NONE)
    printer: int = on_wire(BYTE, default=1)
    font: int = on_wire(BYTE, default=0)
    multiplier: int = on_wire(BYTE, default=0)
    spacing: int = on_wire(BYTE, default=0)
    brightness: int = on_wire(BYTE, default=0)
    tape: int = on_wire(BYTE, default=1)
    journal: int = on_wire(BYTE, default=1)
    format: int = on_wire(BYTE, default=0)
    reserve: int = on_wire(Int16ub, default=0)
    text: str = on_wire(TEXT)


@command(0x6C)
class PrintCliche(Command):
    """«Печать клише чека»."""


@command(0x73)
class PrintFooter(Command):
    """«Печать нижней части чека»."""


@command(0x75)
class CutPaper(Command):
    """«Отрезать чек». ``kind``: 0 full, 1 partial; some drivers send 4 for full."""

    kind: int = on_wire(BYTE, default=0)


@command(0x95)
class PrintCopy(Command):
    """«Повторная печать последнего документа»."""


@command(0x97)
class ForgetDocument(Command):
    """«Очистка буфера последнего документа»."""


@command(0x47)
class Beep(Command):
    """«Гудок»."""


@command(0x88)
class Sound(Command):
    """«Звуковой сигнал». ``divider``: 65536 - 921600 / hertz; ``duration``: in 10 ms."""

    divider: int = on_wire(Int16ub)
    duration: int = on_wire(BYTE)

    @property
    def hertz(self) -> int:
        """The tone."""
        return round(BEEPER_HERTZ / (0x1_0000 - self.divider))


@command(0x80)
class OpenDrawer(Command):
    """«Открыть денежный ящик»."""


@command(0x85)
class PulseDrawer(Command):
    """«Импульсное открытие денежного ящика». ``on`` and ``off``: in 10 ms; ``count``: pulses."""

    on: int = on_wire(bcd(2))
    off: int = on_wire(bcd(2))
    count: int = on_wire(BYTE)


@command(0x8F)
class SendToPort(Command):
    """«Передать данные в порт»: 1 to 94 bytes for what is connected to a port of the till."""

    port: int = on_wire(BYTE)
    data: bytes = on_wire(REST)
