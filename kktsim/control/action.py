"""One thing that can be asked of a bench, or of an operator that is served alone: how it is declared, and done.

A reader of the declaration needs no bench: what belongs to one is imported when an action runs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from kktsim.control.arguments import Argument, read_arguments

HandsT_contra = TypeVar("HandsT_contra", contravariant=True)
"""What does it: more able hands do the same."""
Answer = dict[str, Any]
"""What goes out as JSON."""


@dataclass(frozen=True, slots=True)
class Action(Generic[HandsT_contra]):
    """One thing to see (GET), to do (POST) or to put there (PUT).

    ``outcome``: what is told when everything that was begun has come to its end, which may take a while; without it,
    what ``run`` has told.
    """

    name: str
    method: Literal["GET", "POST", "PUT"]
    about: str
    run: Callable[[HandsT_contra, Mapping[str, Any]], Answer | None]
    arguments: tuple[Argument, ...] = ()
    outcome: Callable[[HandsT_contra], Answer] | None = None
    place: str = ""
    """Where it is, when not by its name."""
    is_opaque: bool = False
    """What is given is no arguments, but an object that ``run`` gets as it is."""

    @property
    def path(self) -> str:
        """``/fn/unplug`` of ``fn unplug``."""
        return self.place or "/" + self.name.replace(" ", "/")

    @property
    def changes(self) -> bool:
        """Whether the bench may be another one afterwards."""
        return self.method != "GET"

    def __call__(self, hands: HandsT_contra, given: Mapping[str, object]) -> Answer:
        """Do it; raises ArgumentError, or HandsError and ClockError of the bench. Empty: nothing is to be told."""
        return self.run(hands, given if self.is_opaque else read_arguments(self.arguments, given)) or {}

    def describe(self) -> Answer:
        """The declaration for people who read the API."""
        arguments = [
            {"name": one.name, "about": one.about, "form": one.kind.form, "required": one.required}
            for one in self.arguments
        ]
        return {
            "name": self.name,
            "method": self.method,
            "path": self.path,
            "about": self.about,
            "arguments": arguments,
        }
