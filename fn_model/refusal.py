"""The one exception of the FN: a command that is not done."""

from protocol.fn.commands import FnCode


class FnRefusal(Exception):
    """The FN answers ``code`` (with ``data``) and has changed nothing."""

    def __init__(self, code: FnCode, data: bytes = b"") -> None:
        super().__init__(code.name)
        self.code = code
        self.data = data
