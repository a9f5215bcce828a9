"""Chapter «Таблицы настроек». Source: ATOL protocol 3.1, commands 46 50."""

from construct import GreedyBytes, Int16ub, Struct

from protocol.atol.command import DATA, Command, command, on_wire
from protocol.atol.fields import BYTE, REST


@command(0x46, DATA, Struct("value" / GreedyBytes))
class ReadTable(Command):
    """«Чтение таблицы»."""

    table: int = on_wire(BYTE)
    row: int = on_wire(Int16ub, default=1)
    field: int = on_wire(BYTE)


@command(0x50)
class WriteTable(Command):
    """«Программирование таблицы»: the value has the field's own width."""

    table: int = on_wire(BYTE)
    row: int = on_wire(Int16ub, default=1)
    field: int = on_wire(BYTE)
    value: bytes = on_wire(REST)
