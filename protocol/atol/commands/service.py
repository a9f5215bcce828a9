"""Chapter «Печать и сервис». Source: ATOL protocol 3.1, commands 4C 47 73 75 80 82 CE."""

from enum import IntEnum

from protocol.atol.command import Command, command, on_wire
from protocol.atol.fields import BYTE, REST, TEXT, byte_enum


@command(0x4C)
class PrintText(Command):
    """«Печать строки»."""

    text: str = on_wire(TEXT)


@command(0x47)
class Beep(Command):
    """«Гудок»."""


@command(0x73)
class PrintFooter(Command):
    """«Печать нижней части чека»."""


@command(0x75)
class CutPaper(Command):
    """«Отрезать чек». ``kind``: 0 full, 1 partial; some drivers send 4 for full."""

    kind: int = on_wire(BYTE, default=0)


@command(0x80)
class OpenDrawer(Command):
    """«Открыть денежный ящик»."""


@command(0x82)
class ServicePrint(Command):
    """«Демонстрационная печать»: ``01 type 00``; type 1 information on the till, 6 diagnostics of the OFD link."""

    group: int = on_wire(BYTE, default=1)
    type: int = on_wire(BYTE)
    reserve: bytes = on_wire(REST, default=b"\x00")


class Power(IntEnum):
    """What CEh does."""

    OFF = 0x00
    REBOOT = 0x41


@command(0xCE)
class PowerControl(Command):
    """«Выключить или перезагрузить ККТ»: answered first, done after."""

    action: Power = on_wire(byte_enum(Power))
