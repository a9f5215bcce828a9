"""Chapter «Запросы»: what the till is, in what state. Source: ATOL protocol 3.1, commands 3F 45 4D 58 9D A5 B3."""

from construct import Byte, Bytes, Optional, Struct

from protocol.atol.command import BARE_DATA, DATA, LEADING_CODE, Command, command, mark, on_wire
from protocol.atol.fields import BYTE, TEXT, bcd


@command(
    0x3F,
    mark(0x44),
    Struct(
        "operator" / bcd(1),
        "number_in_hall" / Byte,
        "date_yymmdd" / Bytes(3),
        "time" / Bytes(3),
        "flags" / Byte,
        "serial" / bcd(4),
        "model" / Byte,
        "version" / Bytes(2),
        "mode" / Byte,
        "receipt_number" / bcd(2),
        "closed_shifts" / bcd(2),
        "receipt_state" / Byte,
        "receipt_sum_kopecks" / bcd(5),
        "decimal_point" / Byte,
        "interface" / Byte,
    ),
)
class FullStatus(Command):
    """«Запрос состояния ККТ»: 30 bytes from 44h to the interface."""


@command(0x45, BARE_DATA, Struct("mode" / Byte, "flags" / Byte))
class StateCode(Command):
    """«Запрос кода состояния ККТ»: the mode byte and the printer's flags."""


@command(0x4D, mark(0x4D), Struct("cash_kopecks" / bcd(7)))
class CashInDrawer(Command):
    """«Запрос наличных»."""


@command(0x58, DATA, Struct("income_kopecks" / bcd(7), "outcome_kopecks" / Optional(bcd(7))))
class LastShiftTotal(Command):
    """«Запрос последнего сменного итога»: income, and on ATOL models outcome, of the last closed shift."""


@command(0x9D, DATA, Struct("version" / bcd(1), "subversion" / bcd(1), "language" / bcd(1), "build" / bcd(2)))
class Versions(Command):
    """«Запрос версии». ``source``: 1 main firmware, 2 fiscal memory, 3 bootloader, 91h internal build."""

    source: int = on_wire(BYTE)


@command(
    0xA5,
    LEADING_CODE,
    Struct("protocol" / Byte, "type" / Byte, "model" / Byte, "modes" / Bytes(2), "version" / Bytes(5), "name" / TEXT),
)
class DeviceType(Command):
    """«Запрос типа устройства»."""


@command(0xB3)
class LastError(Command):
    """«Последний код ошибки»: told in state 7.15 only, as the code of an error."""
