"""The verdict on each step of an article, from what the plays of its scenarios found. Nothing here plays anything.

A column is a scenario with those FNs, or in that variant, in which everything about it is the same; a row is a step.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_uppercase

from kktsim.testing.articles.found import CaseKey, Cell, Found, StepFound
from scenarios.catalogue import Article
from scenarios.playbook import GENERATIONS, Scenario, Verdict


class Worth(StrEnum):
    """What a step is worth over all columns in which it is played."""

    NEEDED = "needed"
    HARMFUL_TO_OMIT = "harmful to omit"
    SOMETIMES = "needed only in some states"
    SUFFICIENT = "enough by itself"
    NOTHING = "does nothing on this model"
    HARMFUL = "harmful"
    INFORMATIONAL = "informational"
    PROOF = "the proof"
    IN_VAIN = "cures nothing here"
    NOT_PLAYED = "not played"


_TALK = re.compile(r"\S+ [0-9A-F]{2}( [0-9A-F]{2})* -> ")
"""A line of the conversation, which `kktsim scenario run` shows with the complaint."""
_PASSIVE = (Cell.INFORMATIONAL, Cell.PROOF)
_IDLE = (*_PASSIVE, Cell.NOTHING)
"""What is not worth a row when the document does not tell it."""
HELPS = (Cell.NEEDED, Cell.HARMFUL_TO_OMIT)


class End(StrEnum):
    """How a case ends."""

    CURED = "cured by the documented fix"
    COMPLETED = "cured only with what the article does not tell"
    NOT_CURED = "the documented fix does not cure"
    NO_FIX = "no documented fix"
    BY_ITSELF = "goes away by itself"
    PROCEDURE = "works as documented"
    DOES_NOT_ARISE = "the error does not arise"
    NOT_REPRODUCED = "not reproduced"


_ENDS: Mapping[Verdict, End] = {
    Verdict.CURED: End.CURED,
    Verdict.FIX_DOES_NOTHING: End.NOT_CURED,
    Verdict.CURES_ITSELF: End.BY_ITSELF,
    Verdict.NO_DOCUMENTED_FIX: End.NO_FIX,
    Verdict.PROCEDURE: End.PROCEDURE,
}


def end_of(found: Found) -> End:
    """How a case has ended."""
    if not found.arises:
        return End.DOES_NOT_ARISE
    if not found.reproduced or found.verdict is None:
        return End.NOT_REPRODUCED
    return End.COMPLETED if found.is_completed else _ENDS[found.verdict]


@dataclass(frozen=True, slots=True)
class Column:
    """``letter``: of the scenario; ``name``: ``A``, or ``A2`` where the scenario has several columns."""

    letter: str
    name: str
    scenario: Scenario
    found: Found
    """Of the first of the cases."""
    cases: tuple[CaseKey, ...]
    """Those in which everything about it is the same."""

    @property
    def is_everywhere(self) -> bool:
        """Whether it is the scenario's only one, and that in all generations of FN."""
        return self.name == self.letter and {case.fn for case in self.cases} >= set(GENERATIONS)


@dataclass(frozen=True, slots=True)
class Row:
    """A step. ``cells``: one for each column, None: not played there."""

    title: str
    in_document: bool
    cells: tuple[StepFound | None, ...]
    worth: Worth


@dataclass(frozen=True, slots=True)
class Judged:
    """An article with its table. ``complaints``: what was not as declared, each with its scenario."""

    article: Article
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    complaints: tuple[str, ...]

    @property
    def is_reproduced(self) -> bool:
        """Every cause has a scenario, and each brought the error about."""
        return self.cases_reproduced >= set(self.article.cases)

    @property
    def cases_reproduced(self) -> set[str]:
        """Keys of the article's cases."""
        return {column.scenario.case for column in self.columns if column.found.reproduced} & set(self.article.cases)

    @property
    def passed(self) -> bool:
        """Reproduced, and everything is as declared."""
        return self.is_reproduced and not self.complaints

    def shares_its_case(self, scenario: Scenario) -> bool:
        """Whether another scenario plays the same cause."""
        return any(column.scenario.case == scenario.case and column.scenario != scenario for column in self.columns)

    def letters_by_end(self) -> dict["End", list[str]]:
        """Which scenarios end so; one that ends in several ways counts by its first column."""
        first: dict[str, End] = {}
        for column in self.columns:
            end = end_of(column.found)
            if end not in (End.NOT_REPRODUCED, End.DOES_NOT_ARISE):
                first.setdefault(column.letter, end)
        return {end: [letter for letter, one in first.items() if one is end] for end in End if end in first.values()}

    def worths(self) -> dict[Worth, int]:
        """How many steps of the document are worth that."""
        told = [row.worth for row in self.rows if row.in_document]
        return {worth: told.count(worth) for worth in Worth if worth in told}


def judge(article: Article, scenarios: Sequence[Scenario], results: Iterable[Found]) -> Judged:
    """The table of an article."""
    found = list(results)
    columns = tuple(_columns(scenarios, found))
    complaints = tuple(
        f"{_name(one.case)}: {text}" for one in found for text in one.complaints if not _TALK.match(text)
    )
    return Judged(article, columns, tuple(_rows(article, columns)), complaints)


def _name(case: CaseKey) -> str:
    return " ".join((case.scenario, case.fn, *([f"[{case.variant}]"] if case.variant else [])))


def _columns(scenarios: Sequence[Scenario], found: list[Found]) -> Iterator[Column]:
    for letter, scenario in zip(_letters(), scenarios, strict=False):
        alike: dict[object, list[Found]] = {}
        for one in found:
            if one.case.scenario == scenario.id:
                alike.setdefault(_likeness(one), []).append(one)
        for number, group in enumerate(alike.values(), 1):
            name = letter if _arising(alike.values()) < 2 else f"{letter}{number}"
            yield Column(letter, name, scenario, group[0], tuple(one.case for one in group))


def _arising(groups: Iterable[list[Found]]) -> int:
    """How many columns a scenario has in the table of steps: where the error does not arise, no step is played."""
    return sum(group[0].arises for group in groups)


def _likeness(one: Found) -> object:
    """What two cases must have in common to share a column."""
    cells = tuple((step.title, step.cell, step.code) for step in one.steps)
    return end_of(one), cells, one.smallest, one.harm, one.alternatives


def _letters() -> Iterator[str]:
    yield from ascii_uppercase
    yield from (f"A{letter}" for letter in ascii_uppercase)


def _rows(article: Article, columns: Sequence[Column]) -> Iterator[Row]:
    for title, nth in _numbered(article.steps):
        yield _row(title, nth, True, columns)
    listed = set(article.steps)
    others = dict.fromkeys(
        (step.title, nth)
        for column in columns
        for step, (_, nth) in zip(column.found.steps, _numbered(s.title for s in column.found.steps), strict=True)
        if step.title not in listed and step.cell not in _PASSIVE
    )
    added = (_row(title, nth, False, columns) for title, nth in others)
    yield from (row for row in added if any(cell is not None and cell.cell not in _IDLE for cell in row.cells))


def _numbered(titles: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Each with how many of the same stand before it."""
    seen: dict[str, int] = {}
    for title in titles:
        nth = seen.get(title, 0)
        seen[title] = nth + 1
        yield title, nth


def _row(title: str, nth: int, in_document: bool, columns: Sequence[Column]) -> Row:
    cells = tuple(_cell(column, title, nth) for column in columns)
    return Row(title, in_document, cells, _worth([cell.cell for cell in cells if cell is not None]))


def _cell(column: Column, title: str, nth: int) -> StepFound | None:
    of_that_title = [step for step in column.found.steps if step.title == title]
    return of_that_title[nth] if nth < len(of_that_title) else None


def _worth(cells: list[Cell]) -> Worth:
    if not cells:
        return Worth.NOT_PLAYED
    acting = [cell for cell in cells if cell not in _PASSIVE]
    if not acting:
        return Worth.INFORMATIONAL if Cell.INFORMATIONAL in cells else Worth.PROOF
    if Cell.HARMFUL in acting:
        return Worth.HARMFUL
    helping = [cell for cell in acting if cell in HELPS]
    if helping:
        everywhere = Worth.NEEDED if Cell.NEEDED in helping else Worth.HARMFUL_TO_OMIT
        return everywhere if len(helping) == len(cells) else Worth.SOMETIMES
    if Cell.SUFFICIENT in acting:
        return Worth.SUFFICIENT
    return Worth.NOTHING if {Cell.NOTHING, Cell.MENDS} & set(acting) else Worth.IN_VAIN
