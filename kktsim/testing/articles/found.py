"""What the plays of one scenario in one case found: plain values, which another process can hand over."""

from dataclasses import dataclass
from enum import StrEnum

from scenarios.playbook import Verdict


class Cell(StrEnum):
    """What a step is worth in one case."""

    NEEDED = "needed"
    HARMFUL_TO_OMIT = "harmful to omit"
    MENDS = "needed only because of another step"
    """Without it the fix fails, and without both it does not."""
    SUFFICIENT = "enough by itself"
    """Another step does the same, and without any of them the error stays."""
    NOTHING = "does nothing"
    HARMFUL = "harmful"
    INFORMATIONAL = "informational"
    PROOF = "the proof"
    """It shows that the till works again."""
    REFUSED = "refused"
    """The till refuses it, and the scenario says so."""
    IN_VAIN = "in vain"
    """It is done, and the fix does not cure: nobody can say what it is worth."""


@dataclass(frozen=True, slots=True)
class CaseKey:
    """A case of a scenario: ``number`` among them. ``variant``: its title, empty when only the FN sets it apart."""

    scenario: str
    number: int
    fn: str
    variant: str = ""


@dataclass(frozen=True, slots=True)
class StepFound:
    """One step of the fix. ``because``: what its absence or its presence did; ``code``: the wire code of a refusal."""

    title: str
    cell: Cell
    because: str = ""
    code: int | None = None


@dataclass(frozen=True, slots=True)
class InsteadFound:
    """Other steps in place of the fix. ``harm``: in what the till is worse off after them."""

    title: str
    cures: bool
    harm: str


@dataclass(frozen=True, slots=True)
class Found:
    """Everything of one case. ``smallest``: titles of the fewest steps that cure; ``harm``: what the fix spoils."""

    case: CaseKey
    arises: bool
    reproduced: bool
    verdict: Verdict | None
    steps: tuple[StepFound, ...] = ()
    smallest: tuple[str, ...] = ()
    harm: str = ""
    alternatives: tuple[InsteadFound, ...] = ()
    is_completed: bool = False
    """The documented fix cures only with the steps that the document lacks."""
    helps_beyond: bool = False
    complaints: tuple[str, ...] = ()
