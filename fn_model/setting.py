"""How a named setting of an FN is declared: default, what it decides, where the default comes from, how sure it is."""

from dataclasses import field
from enum import StrEnum
from typing import TypeVar

Value = TypeVar("Value")

BOTH = (True, False)
"""The choices of a setting that is a yes or a no."""


class Confidence(StrEnum):
    """How sure a default is."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"


def setting(default: Value, *, about: str, source: str, confidence: Confidence, choices: tuple[Value, ...]) -> Value:
    """One field of the settings."""
    description = {"about": about, "source": source, "confidence": confidence, "choices": choices}
    described: Value = field(default=default, metadata=description)
    return described
