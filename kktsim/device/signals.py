"""What the till does to the world around it: it beeps, opens the drawer, writes to its ports, switches itself off.

A handler leaves it in the volatile memory; the bench looks there after every command. Nothing answers.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that left the till. ``target``: ``beeper``, ``drawer``, ``port N``; ``what``: words or hex."""

    target: str
    what: str


@dataclass(frozen=True, slots=True)
class PowerRequest:
    """The till switches itself off. ``off_seconds``: host time until it comes up again; None: it stays off."""

    off_seconds: float | None
