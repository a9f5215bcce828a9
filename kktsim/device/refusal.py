"""A refusal is an exception inside the till and a byte outside; `dispatch.execute` translates it."""

from protocol.atol.kkt_codes import E


class Refusal(Exception):
    """The till will not do it. ``code``: wire code; ``detail``: what register 37h tells (error, data)."""

    def __init__(self, code: E, detail: int = 0, data: bytes = b"") -> None:
        super().__init__(code.name)
        self.code = code
        self.detail = detail
        self.data = data


def extended(error: int, tag: int = 0) -> Refusal:
    """Code EEh: the driver is to read register 37h, which tells ``error`` and the tag it is about."""
    return Refusal(E.EXTENDED, error, tag.to_bytes(2, "big") + bytes(2))
