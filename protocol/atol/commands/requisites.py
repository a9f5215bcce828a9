"""Chapter «Реквизиты» (TLV by blocks). Source: ATOL protocol 3.1, commands E8 E9."""

from enum import IntFlag

from construct import Byte, GreedyBytes, Int16ul, Struct

from protocol.atol.command import DATA, Command, command, on_wire
from protocol.atol.fields import BYTE, REST


class RequisiteFlags(IntFlag):
    """Flags byte of E8h."""

    NONE = 0
    PRINT = 1
    """Print it where it belongs."""
    USER = 2
    """«Реквизит пользователя»: tags 15000-15004 texts, 15010-15014 buffers."""


@command(0xE8)
class WriteRequisite(Command):
    """«Запись реквизита». Block 0 of ``blocks`` begins with tag and length, both little-endian.

    ``flags``: 1 print it, 2 a requisite of the user.
    """

    flags: int = on_wire(BYTE, default=0)
    blocks: int = on_wire(BYTE, default=1)
    block: int = on_wire(BYTE, default=0)
    data: bytes = on_wire(REST)


@command(0xE9, DATA, Struct("blocks" / Byte, "tlv" / GreedyBytes))
class ReadRequisite(Command):
    """«Чтение реквизита»: block 0 of the answer is ``blocks tag(2) length(2) value``."""

    tag: int = on_wire(Int16ul)
    block: int = on_wire(BYTE, default=0)
