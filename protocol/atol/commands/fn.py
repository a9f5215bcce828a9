"""Chapter «ФН»: asking the FN directly, registration, closing the archive, printing what the FN holds.

Source: ATOL protocol 3.1, commands A4 A6 A7 A8 AB EE; 55 for EE is what a Java client sends.
"""

from collections.abc import Mapping
from typing import Any

from protocol.atol.command import DATA, Command, command, on_wire
from protocol.atol.fields import BYTE, REST, bcd


@command(0xA4, DATA)
class AskFn(Command):
    """«Выполнить команду ФН»: the FN's own command and data pass through; the data of its answer come back."""

    command: int = on_wire(BYTE)
    data: bytes = on_wire(REST, default=b"")

    def read_answer(self, data: bytes) -> Mapping[str, Any]:
        """The FN's answer by its own layout."""
        from protocol.fn.reading import read_fields  # noqa: PLC0415 - only people reading answers need it

        return read_fields(self.command, data)


@command(0xA6)
class Register(Command):
    """«Регистрация или перерегистрация»: from the requisites written by E8h; activates the FN."""


@command(0xA7)
class CloseArchive(Command):
    """«Закрытие архива ФН»: there is no way back."""


@command(0xA8)
class PrintSummary(Command):
    """«Печать итогов регистрации»: what the FN's last registration report says."""


@command(0xAB)
class PrintDocument(Command):
    """«Печать фискального документа по номеру»: the short form that the FN keeps."""

    number: int = on_wire(bcd(5))


@command(0xEE)
class FinishReport(Command):
    """«Допечатать фискальный отчёт»: print the report that is in the FN but whose printing was interrupted.

    ``group``: with bytes behind it the command is one of the marking group.
    """

    group: bytes = on_wire(REST, default=b"")


@command(0x55)
class FinishReportOld(Command):
    """«Допечатать фискальный отчёт» under the byte that one client sends."""
