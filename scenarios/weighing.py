"""What each step of a fix is worth: the fix is played with the step left out; and the fewest steps that cure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from scenarios.health import Health, worse
from scenarios.outcome import Weighing
from scenarios.playbook import Kind, Step, Weight
from scenarios.plays import Mapper, Part, Play, play

NOTHING_DIFFERS = "without it everything is the same"
ANOTHER_DOES_IT = "it cures alone, and so does another step"


def acting(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Those that do something."""
    return tuple(step for step in steps if step.kind is not Kind.INFORMATIONAL)


def weigh(fix: Part, cure: Play, before: Health, mapper: Mapper) -> list[Weighing]:
    """Every acting step of a fix left out. ``cure``: the play of the whole fix, ``before``: of the till before it."""
    steps = acting(fix.steps)
    rests = [_of(fix, f"without: {one.title}", tuple(step for step in steps if step is not one)) for one in steps]
    found = [_weighed(step, cure, result, before) for step, result in zip(steps, mapper(play, rests), strict=True)]
    enough = _enough(fix, [one.step for one in found if one.weight is Weight.SUPERFLUOUS], mapper)
    return [
        Weighing(one.step, Weight.SUFFICIENT, ANOTHER_DOES_IT) if _is_among(one.step, enough) else one for one in found
    ]


def _enough(fix: Part, superfluous: list[Step], mapper: Mapper) -> list[Step]:
    """Of steps that can each be left out: those that cure with no other of them, where leaving all out does not."""

    def without(*others: Step) -> Part:
        return _of(fix, "one of them", tuple(step for step in acting(fix.steps) if not _is_among(step, others)))

    if len(superfluous) < 2 or play(without(*superfluous)).works:
        return []
    alone = [without(*(other for other in superfluous if other is not one)) for one in superfluous]
    return [one for one, result in zip(superfluous, mapper(play, alone), strict=True) if result.works]


def _is_among(step: Step, steps: Iterable[Step]) -> bool:
    return any(one is step for one in steps)


def _of(fix: Part, title: str, steps: tuple[Step, ...]) -> Part:
    return replace(fix, title=title, steps=steps)


def _weighed(step: Step, cure: Play, without: Play, before: Health) -> Weighing:
    if without.failed is not None:
        return Weighing(step, Weight.NEEDED, f"without it «{without.failed.step.title}» ends in {_end(without)}")
    assert cure.health is not None and without.health is not None
    harm_with, harm_without = cure.health.harms(before), without.health.harms(before)
    gained, lost = worse(harm_without, harm_with), worse(harm_with, harm_without)
    because = "; ".join(_pieces("without it", gained)) or NOTHING_DIFFERS
    if lost:
        harm = "; ".join(_pieces("with it", lost))
        return Weighing(step, *((Weight.HARMFUL_TO_OMIT, f"{because}; {harm}") if gained else (Weight.HARMFUL, harm)))
    return Weighing(step, Weight.HARMFUL_TO_OMIT if gained else Weight.SUPERFLUOUS, because)


def _pieces(head: str, told: str) -> Iterator[str]:
    """Every piece with its head, so that none is taken for another's."""
    yield from (f"{head} {piece}" for piece in told.split("; ") if piece)


def _end(play: Play) -> str:
    return play.trouble if play.code is None else f"{play.code.name} ({int(play.code)})"


def smallest(fix: Part, weighings: list[Weighing], cure: Play, before: Health) -> tuple[Step, ...] | None:
    """All steps that are needed, or harmful to omit, and as few of the others as it takes; None: no choice cures.

    Of these none is left that the rest can do without, and be no worse off: a step that only mends what another one
    does goes with it.
    """
    kept = [one.step for one in weighings if one.weight in (Weight.NEEDED, Weight.HARMFUL_TO_OMIT)]
    others = [step for step in acting(fix.steps) if not _is_among(step, kept)]
    harms = () if cure.health is None else cure.health.harms(before)

    def is_as_good(steps: tuple[Step, ...]) -> bool:
        result = play(_of(fix, "the fewest steps", steps))
        return result.health is not None and not worse(result.health.harms(before), harms)

    for size in range(len(others) + 1):
        for more in combinations(others, size):
            chosen = tuple(step for step in fix.steps if _is_among(step, (*kept, *more)))
            if play(_of(fix, "the fewest steps", chosen)).works:
                return _reduced(chosen, is_as_good) if size < len(others) else chosen
    return None


def _reduced(chosen: tuple[Step, ...], is_as_good: Callable[[tuple[Step, ...]], bool]) -> tuple[Step, ...]:
    for step in chosen:
        rest = tuple(one for one in chosen if one is not step)
        if is_as_good(rest):
            return _reduced(rest, is_as_good)
    return chosen
