"""«Память планшета»: what survives a restart of the terminal, and not a reset of the tablet.

That print tasks are kept there is an inference from article err_3801_3802: its last cure is the reset. The till, whose
own memory is another, notices nothing of either.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, TypeVar, get_origin, get_type_hints

from kktsim.terminal.banner import sticks_in
from kktsim.terminal.goods import Goods

Made = TypeVar("Made")

FIRMWARE = "3.9.1"
"""Before it the banner stays (article ofd_banner)."""


@dataclass(frozen=True, slots=True)
class Sale:
    """What is to be sold: ``cost_kopecks`` is what is paid, ``tax_systems`` what the sale names, 0: nothing."""

    goods: Goods
    quantity_milli: int
    cost_kopecks: int
    tax_systems: int = 0


@dataclass(frozen=True, slots=True)
class PrintTask:
    """«Задание печати»: a sale, the stage that is to be done next, and what the stages before have found out."""

    number: int
    sale: Sale
    stage: int = 0
    looks: tuple[int, ...] = ()
    """Font, spacing and brightness as the till's tables had them."""
    last_document: int = 0
    """The till's last document before the receipt."""


@dataclass(slots=True)
class TabletMemory:
    """Everything that the tablet keeps; goods by their name."""

    ahead_seconds: float = 0.0
    """The tablet's clock against the world."""
    firmware: str = FIRMWARE
    banner_is_shown: bool = False
    tax_systems: int | None = None
    """Tag 1062 as the till told it last; None: it was not asked yet."""
    goods: dict[str, Goods] = field(default_factory=dict)
    tasks: list[PrintTask] = field(default_factory=list)
    last_task: int = 0
    is_dead: bool = False
    """The program has died, and nobody has started it again."""

    def reset(self) -> None:
        """What a reset of the tablet leaves: the clock and the firmware."""
        new = TabletMemory(self.ahead_seconds, self.firmware)
        for one in fields(self):
            setattr(self, one.name, getattr(new, one.name))

    def copy(self) -> "TabletMemory":
        """The same once more."""
        return replace(self, goods=dict(self.goods), tasks=list(self.tasks))

    def to_json(self) -> dict[str, Any]:
        """For keeping it elsewhere."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "TabletMemory":
        """What `to_json` gave; raises TypeError, KeyError, AttributeError or ValueError when it did not."""
        values = dict(kept)
        values["goods"] = {name: _made(Goods, one) for name, one in values.get("goods", {}).items()}
        values["tasks"] = [_task(one) for one in values.get("tasks", ())]
        memory = cls(**values)
        for name, is_right in _RIGHT.items():
            if not is_right(getattr(memory, name)):
                raise ValueError(f"{getattr(memory, name)!r} is no {name}")
        sticks_in(memory.firmware)  # else it is no version
        return memory


def _is_span(value: Any) -> bool:
    return isinstance(value, int | float) and -_LONGEST_SECONDS < value < _LONGEST_SECONDS


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and value >= 0


_LONGEST_SECONDS = 1e9
_RIGHT: Mapping[str, Callable[[Any], bool]] = {
    "ahead_seconds": _is_span,
    "firmware": lambda value: isinstance(value, str),
    "banner_is_shown": lambda value: isinstance(value, bool),
    "tax_systems": lambda value: value is None or _is_count(value),
    "last_task": _is_count,
    "is_dead": lambda value: isinstance(value, bool),
}
"""What the plain fields may hold."""


def _task(kept: Mapping[str, Any]) -> PrintTask:
    sale = dict(kept["sale"])
    sale["goods"] = _made(Goods, sale["goods"])
    return _made(PrintTask, {**kept, "sale": _made(Sale, sale), "looks": tuple(kept["looks"])})


def _made(kind: type[Made], values: Mapping[str, Any]) -> Made:
    """Of these values, each of the type of its field; raises TypeError or ValueError."""
    made = kind(**values)
    for name, wanted in get_type_hints(kind).items():
        if not isinstance(getattr(made, name), get_origin(wanted) or wanted):
            raise ValueError(f"{getattr(made, name)!r} is no {name}")
    return made
