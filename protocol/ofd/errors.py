"""What is wrong with an OFD message: one error for both layers, with the reason that the FN gives to its KKT."""

from protocol.fn.commands import OfdRefusal


class OfdFormatError(ValueError):
    """An OFD message that cannot be read or built. ``reason``: what an FN would answer to command 26h."""

    def __init__(self, reason: OfdRefusal, message: str) -> None:
        super().__init__(message)
        self.reason = reason
