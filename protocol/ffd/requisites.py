"""The requisites of one document or structure, asked for by tag and type: for rules and for readers of documents."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from protocol.ffd.tlv import Value, decode_all

_NO_TIME = datetime(1970, 1, 1)


class Requisites:
    """«Реквизиты» of one STLV: decoded values by tag.

    Each question gives the first value of that type; absent numbers are 0, texts and bytes empty, times 1970-01-01.
    Ask ``tag in requisites`` where absent and 0 differ.
    """

    __slots__ = ("_values",)

    def __init__(self, parts: Iterable[tuple[int, Value]]) -> None:
        self._values: dict[int, list[Value]] = {}
        for tag, value in parts:
            self._values.setdefault(tag, []).append(value)

    @classmethod
    def parse(cls, data: bytes) -> "Requisites":
        """From concatenated TLVs. Raises TlvError."""
        return cls(decode_all(data))

    def __contains__(self, tag: int) -> bool:
        return tag in self._values

    def numbers(self, tag: int) -> list[int]:
        """All values of a number tag."""
        return [value for value in self._values.get(tag, ()) if isinstance(value, int)]

    def number(self, tag: int) -> int:
        """The value of a number tag."""
        return next(iter(self.numbers(tag)), 0)

    def decimal(self, tag: int) -> Decimal:
        """The value of a decimal tag."""
        return next((value for value in self._values.get(tag, ()) if isinstance(value, Decimal)), Decimal(0))

    def text(self, tag: int) -> str:
        """The value of a text tag."""
        return next((value for value in self._values.get(tag, ()) if isinstance(value, str)), "")

    def raw(self, tag: int) -> bytes:
        """The value of a tag of bytes."""
        return next((value for value in self._values.get(tag, ()) if isinstance(value, bytes)), b"")

    def time(self, tag: int) -> datetime:
        """The value of a time tag."""
        return next((value for value in self._values.get(tag, ()) if isinstance(value, datetime)), _NO_TIME)

    def structures(self, tag: int) -> list["Requisites"]:
        """All values of a tag that are STLVs."""
        return [Requisites(value) for value in self._values.get(tag, ()) if isinstance(value, list)]
