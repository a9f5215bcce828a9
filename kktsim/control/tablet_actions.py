"""What can be asked of a bench about the terminal's tablet: its memory is kept there, and nobody looks into it."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kktsim.control.action import Action, Answer
from kktsim.control.arguments import ArgumentError

if TYPE_CHECKING:
    from kktsim.hands.bench import BenchHands

MOST_BYTES = 65_536
"""Of the object, written in UTF-8."""


def _show(hands: "BenchHands", given: Mapping[str, Any]) -> Answer | None:
    return hands.bench.tablet


def _keep(hands: "BenchHands", given: Mapping[str, Any]) -> None:
    try:
        size = len(json.dumps(given, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, RecursionError):
        raise ArgumentError("the object has a number or a text that JSON cannot tell: leave it out") from None
    if size > MOST_BYTES:
        raise ArgumentError(f"the object is {size} bytes long: at most {MOST_BYTES} are kept")
    hands.bench.put_tablet(dict(given))


TABLET_ACTIONS: tuple["Action[BenchHands]", ...] = (
    Action("tablet", "GET", "What the terminal's tablet keeps; nothing: no terminal was there yet.", _show),
    Action(
        "tablet keep",
        "PUT",
        f"Keep the object that is sent, up to {MOST_BYTES} bytes, as the memory of the terminal's tablet.",
        _keep,
        place="/tablet",
        is_opaque=True,
    ),
)
