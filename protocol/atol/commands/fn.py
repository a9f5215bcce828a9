"""Chapter «ФН»: asking the FN directly, registration, closing the archive. Source: ATOL protocol 3.1, A4 A6 A7."""

from collections.abc import Mapping
from typing import Any

from protocol.atol.command import DATA, Command, command, on_wire
from protocol.atol.fields import BYTE, REST


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
