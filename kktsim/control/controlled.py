"""What a control API serves: what can be asked, of whom, and who has to know that something was done."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from kktsim.control.action import Action

HandsT = TypeVar("HandsT")
"""What does what is asked."""


def _nobody() -> None:
    """Nobody has to know."""


async def _at_once() -> None:
    """Nothing has to be waited for."""


@dataclass(frozen=True, slots=True)
class Controlled(Generic[HandsT]):
    """A bench, or an operator of fiscal data that is served alone.

    ``changed`` is called after everything that was done, refused or not. ``settled`` waits until what was begun has
    come to its end; only then is an answer given.
    """

    actions: Mapping[str, Action[HandsT]]
    hands: HandsT
    changed: Callable[[], None] = _nobody
    settled: Callable[[], Awaitable[None]] = _at_once
