"""Sentences about a judged article, in either language."""

from collections.abc import Iterable, Mapping, Sequence

from kktsim.testing.articles.found import Cell, Found
from kktsim.testing.articles.judgement import HELPS, Column, Row, Worth, end_of
from kktsim.testing.articles.reasons import because
from kktsim.testing.articles.words import (
    ANY_FN,
    CELLS,
    ENDS,
    GENERATIONS,
    MARKS,
    WORTHS,
    said,
)
from scenarios import playbook
from scenarios.catalogue import Article
from scenarios.translations import Language, in_language


def setting(column: Column, language: Language) -> str:
    """FNs and variants of a column, in words."""
    plain = [case.fn for case in column.cases if not case.variant]
    fns = [ANY_FN] if set(plain) >= set(playbook.GENERATIONS) else [GENERATIONS[fn] for fn in plain]
    variants = (in_language(case.variant, language) for case in column.cases if case.variant)
    return ", ".join((*(said(fn, language) for fn in fns), *variants))


def outcome(found: Found, language: Language) -> str:
    """How a case ends."""
    return said(ENDS[end_of(found)], language)


def mark(row: Row, index: int) -> str:
    """What stands in a cell of the table; a refusal with its byte."""
    cell = row.cells[index]
    if cell is None:
        return ""
    return f"{MARKS[cell.cell]} {cell.code:02X}h" if cell.code is not None else MARKS[cell.cell]


def legend(rows: Iterable[Row], language: Language) -> str:
    """What the marks of a table mean."""
    used = {cell.cell for row in rows for cell in row.cells if cell is not None}
    return ", ".join(f"{MARKS[cell]} {said(CELLS[cell], language)}" for cell in Cell if cell in used)


def worth(row: Row, columns: Sequence[Column], language: Language) -> str:
    """The verdict on a step."""
    if row.worth is Worth.HARMFUL:
        return _by_cells(row, columns, language)
    told = [said(WORTHS[row.worth], language).format(where=_where(row, columns, _WHERE.get(row.worth, ())))]
    if row.worth is Worth.SOMETIMES and (where := _where(row, columns, _WHERE[Worth.SUFFICIENT])):
        told.append(said(WORTHS[Worth.SUFFICIENT], language).format(where=where))
    return "; ".join(told)


_WHERE: Mapping[Worth, tuple[Cell, ...]] = {Worth.SOMETIMES: HELPS, Worth.SUFFICIENT: (Cell.SUFFICIENT,)}


def _by_cells(row: Row, columns: Sequence[Column], language: Language) -> str:
    """A step that does harm somewhere: what it does, and where."""
    kinds = [cell for cell in Cell if any(one is not None and one.cell is cell for one in row.cells)]
    if len(kinds) == 1:
        return said(CELLS[kinds[0]], language)
    return "; ".join(f"{said(CELLS[kind], language)}: {_where(row, columns, (kind,))}" for kind in kinds)


def _where(row: Row, columns: Sequence[Column], kinds: tuple[Cell, ...]) -> str:
    """The columns in which a step is of these kinds; a scenario whose columns all are, by its letter alone."""
    having = [
        column for column, cell in zip(columns, row.cells, strict=True) if cell is not None and cell.cell in kinds
    ]
    told = []
    for letter in dict.fromkeys(column.letter for column in having):
        mine = [column for column in having if column.letter == letter]
        whole = len(mine) == sum(column.letter == letter for column in columns)
        told.append(letter if whole else ", ".join(column.name for column in mine))
    return ", ".join(told)


def why(row: Row, columns: Sequence[Column], language: Language) -> str:
    """Why a step is needed or does harm; of one that informs, why it changes nothing."""
    acting = [cell for cell in row.cells if cell is not None and cell.cell in (*HELPS, Cell.HARMFUL)]
    if acting:
        return because(acting[0].because, language)
    told: dict[str, list[str]] = {}
    for column, cell in zip(columns, row.cells, strict=True):
        if cell is not None and cell.cell is Cell.INFORMATIONAL:
            letters = told.setdefault(cell.because, [])
            letters += [] if column.letter in letters else [column.letter]
    texts = {in_language(text, language): letters for text, letters in told.items() if text not in _TELLS_NOTHING}
    if len(told) == len(texts) == 1:
        return next(iter(texts))
    return "; ".join(f"{', '.join(letters)}: {text}" for text, letters in texts.items())


_TELLS_NOTHING = ("", "it only looks")


def codes(article: Article) -> str:
    """``EAh -3978``: bytes and codes of the driver, as one word each."""
    return " ".join((*(f"{code:02X}h" for code in article.wire_codes), *map(str, article.driver_codes)))
