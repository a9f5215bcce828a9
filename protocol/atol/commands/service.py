"""Chapter «Сервис». Source: ATOL protocol 3.1, commands 82 CE."""

from enum import IntEnum

from protocol.atol.command import Command, command, on_wire
from protocol.atol.fields import BYTE, REST, byte_enum


class ServiceSlip(IntEnum):
    """«Вид демонстрационной печати»."""

    DEMONSTRATION = 0
    INFORMATION = 1
    DEMONSTRATION_2 = 2
    TEST_RUN = 3
    OFD_DIAGNOSTICS = 6


@command(0x82)
class ServicePrint(Command):
    """«Демонстрационная печать»: ``01 type 00``; ``00 type 00`` only asks whether it could be done."""

    execute: int = on_wire(BYTE, default=1)
    type: ServiceSlip = on_wire(byte_enum(ServiceSlip))
    reserve: bytes = on_wire(REST, default=b"\x00")


class Power(IntEnum):
    """What CEh does."""

    OFF = 0x00
    REBOOT = 0x41


@command(0xCE)
class PowerControl(Command):
    """«Выключить или перезагрузить ККТ»: answered first, done after."""

    action: Power = on_wire(byte_enum(Power))
