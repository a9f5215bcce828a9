"""A refusal is an exception inside the till and a byte outside; `dispatch.execute` translates it."""

from typing import Final

from protocol.atol.kkt_codes import E

INTERNAL_ERROR: Final = b"\x55\xf6\x03"
"""«Внутренняя ошибка ККТ»: what the host gets when it is nothing of the till's that has failed, but what plays it."""


class Refusal(Exception):
    """The till will not do it. ``code``: wire code; ``detail``: what register 37h tells (error, data)."""

    def __init__(self, code: E, detail: int = 0, data: bytes = b"") -> None:
        super().__init__(code.name)
        self.code = code
        self.detail = detail
        self.data = data


class NotKeptError(Refusal):
    """The till's memory cannot be written, so nothing may change. The text is a sentence for a person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(E(INTERNAL_ERROR[1]))
        self.args = (sentence,)


def extended(error: int, tag: int = 0) -> Refusal:
    """Code EEh: the driver is to read register 37h, which tells ``error`` and the tag it is about."""
    return Refusal(E.EXTENDED, error, tag.to_bytes(2, "big") + bytes(2))
