"""Numbers of test FNs."""

from protocol.fn.layouts import FN_NUMBER_SIZE

TEST_PREFIX = "9999"
"""Numbers of test FNs («МГМ») begin so; no other number is ever emulated."""


def checked(number: str) -> str:
    """The number itself: 16 digits beginning with 9999; otherwise ValueError says what is wrong with it."""
    if not (len(number) == FN_NUMBER_SIZE and number.isascii() and number.isdigit()):
        raise ValueError(f"an FN number has 16 digits, {number!r} has not: take one like 9999078900000001")
    if not number.startswith(TEST_PREFIX):
        raise ValueError(f"{number} looks like a real FN, only test numbers are emulated: begin it with 9999")
    return number
