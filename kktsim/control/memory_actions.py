"""What can be asked of a bench about the till's non-volatile memory."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kktsim.control.action import Action, Answer
from kktsim.control.arguments import Anything, Argument, Choice, Word

if TYPE_CHECKING:
    from kktsim.hands.bench import BenchHands


def _regions() -> Iterable[str]:
    from kktsim.device.regions import DAMAGEABLE  # noqa: PLC0415 - clients need not load the till

    return [region.value for region in DAMAGEABLE]


def _show(hands: "BenchHands", given: Mapping[str, Any]) -> Answer:
    memory = hands.bench.memory
    wanted = given["region"]
    return {
        "regions": {region: told for region, told in memory.show().items() if wanted in (None, region)},
        "bad": memory.bad(),
    }


_REGION = Argument("region", Choice(_regions), "which", required=True)

MEMORY_ACTIONS: tuple["Action[BenchHands]", ...] = (
    Action(
        "memory show",
        "GET",
        "The till's non-volatile memory by region and field, bytes in hex, and which regions were found lost.",
        _show,
        (Argument("region", Choice(_regions), "this one alone"),),
    ),
    Action(
        "memory spoil",
        "POST",
        "Change bytes of a region under its check sum: found lost at the next power-on.",
        lambda hands, given: hands.spoil_memory(given["region"]),
        (_REGION,),
    ),
    Action(
        "memory alter",
        "POST",
        "Set a field of a region under a good check sum: used at once.",
        lambda hands, given: hands.alter_memory(given["region"], given["field"], given["value"]),
        (
            _REGION,
            Argument("field", Word("its name as `memory show` tells it"), "which field", required=True),
            Argument("value", Anything("JSON, or text with it; bytes in hex"), "else the entry is taken away"),
        ),
    ),
    Action(
        "memory lose",
        "POST",
        "Let the battery of the memory go flat: all but serial number and codes is lost at the next power-on.",
        lambda hands, given: hands.lose_memory(),
    ),
)
