"""What a control API serves: what can be asked, of whom, and who has to know that something was done."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

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
    come to its end; only then is an answer given. ``abandon`` is called when who has begun it hung up before that, and
    takes it for failed. ``remedy``: what to do about an action that is not here.
    """

    actions: Mapping[str, Action[HandsT]]
    hands: HandsT
    changed: Callable[[], None] = _nobody
    settled: Callable[[], Coroutine[Any, Any, None]] = _at_once
    abandon: Callable[[], None] = _nobody
    remedy: str = "GET / lists the actions"
