"""How a check fails: one exception and one comparison."""

from __future__ import annotations


class CheckError(Exception):
    """The till answered, and not what it should have."""


def equal(what: str, got: object, wanted: object) -> None:
    """Raise CheckError unless the two are equal."""
    if got != wanted:
        raise CheckError(f"{what}: got {got!r}, wanted {wanted!r}")


def true(what: str, holds: object) -> None:
    """Raise CheckError unless the statement holds."""
    if not holds:
        raise CheckError(f"not so: {what}")
