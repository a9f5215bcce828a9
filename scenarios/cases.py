"""In what a scenario is weighed: as it is, in every generation of FN, in its variants; and what is declared there."""

from collections.abc import Iterator
from dataclasses import dataclass

from protocol.atol.kkt_codes import E
from scenarios.playbook import Scenario, Step, Variant, Verdict, Weight


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario with an FN of one model, and its variant. ``variant`` None: nothing else is declared there."""

    scenario: Scenario
    fn: str
    variant: Variant | None = None

    @property
    def title(self) -> str:
        """What tells it from the scenario as it is; empty when nothing does."""
        if self.variant is not None:
            return self.variant.title
        return "" if self.fn == self.scenario.fn else self.fn

    @property
    def arises(self) -> bool:
        """Whether the error is declared to come about."""
        return self.variant is None or self.variant.arises

    @property
    def error(self) -> E | None:
        """The declared wire code."""
        told = None if self.variant is None else self.variant.error
        return told or self.scenario.error

    @property
    def verdict(self) -> Verdict:
        """The declared verdict."""
        told = None if self.variant is None else self.variant.verdict
        return told or self.scenario.verdict

    def weight(self, step: Step) -> Weight | None:
        """The declared weight of a step of the fix; None: none is declared."""
        told = None if self.variant is None else self.variant.weights.get(step.title)
        return told or step.weight


def as_it_is(scenario: Scenario) -> Case:
    """A scenario with its own FN."""
    return Case(scenario, scenario.fn)


def cases_of(scenario: Scenario) -> list[Case]:
    """As it is first, then the other generations, then the variants.

    What is declared for a scenario holds for every generation that has no variant of its own: one of which nothing is
    different but the FN.
    """
    of_fn = {variant.fn: variant for variant in scenario.variants if is_generation(variant)}
    fns = dict.fromkeys((scenario.fn, *scenario.generations))
    return [*(Case(scenario, fn, of_fn.get(fn)) for fn in fns), *_variants(scenario, of_fn.keys() & fns.keys())]


def is_generation(variant: Variant) -> bool:
    """Whether nothing of it is different but the FN."""
    return not (variant.fn is None or variant.model or variant.fn_settings or variant.kkt_settings)


def _variants(scenario: Scenario, told: set[str | None]) -> Iterator[Case]:
    for variant in scenario.variants:
        if not (is_generation(variant) and variant.fn in told):
            yield Case(scenario, variant.fn or scenario.fn, variant)
