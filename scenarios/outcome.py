"""What the plays of a scenario found. Texts are English; `scenarios.translations` has the other language of each."""

from dataclasses import dataclass, field

from scenarios.cases import Case
from scenarios.playbook import Alternative, Scenario, Step, Verdict, Weight
from scenarios.plays import Play, Told


@dataclass(frozen=True, slots=True)
class Weighing:
    """What leaving one step out did. ``because``: pieces joined by «; », each «without it ...» or «with it ...»."""

    step: Step
    weight: Weight
    because: str


@dataclass(frozen=True, slots=True)
class Instead:
    """What other steps in place of the fix did. ``harm``: in what the till is worse off than after the fix."""

    alternative: Alternative
    cures: bool
    harm: str = ""


@dataclass(slots=True)
class Outcome:
    """Everything that was found, and whether it is what is declared."""

    case: Case
    reproduced: bool = False
    told: tuple[Told, ...] = ()
    """Of the steps that lead to the error."""
    why_not: str = ""
    """Of an error that does not come about: which step ended otherwise, and how."""
    screen: tuple[str, ...] = ()
    """The last screen of the terminal before the fix."""
    fixed: Play | None = None
    complete: Play | None = None
    """Fix with the steps that the document lacks; None when it lacks none."""
    control: Play | None = None
    """No fix at all."""
    weighings: list[Weighing] = field(default_factory=list)
    """One for every step of the fix that does anything."""
    smallest: tuple[Step, ...] | None = None
    """The fewest steps that pass the proof, in their order; None: nothing cures, or nobody looked for them."""
    harm: str = ""
    """What is worse after the fix, as it cures, than before the error; pieces joined by «; »."""
    alternatives: list[Instead] = field(default_factory=list)
    beyond: Play | None = None
    verdict: Verdict | None = None
    complaints: list[str] = field(default_factory=list)
    """Where what was found is not what is declared."""

    @property
    def scenario(self) -> Scenario:
        """What was played."""
        return self.case.scenario

    @property
    def variant(self) -> str:
        """What tells the case from the scenario as it is."""
        return self.case.title

    @property
    def passed(self) -> bool:
        """Whether everything is as declared."""
        return not self.complaints

    @property
    def cure(self) -> Play | None:
        """The play that cures: the documented fix, or with the steps that the document lacks."""
        return next((one for one in (self.complete, self.fixed) if one is not None and one.works), None)
