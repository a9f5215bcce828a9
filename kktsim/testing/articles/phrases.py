"""Sentences about a judged article, in either language."""

from collections.abc import Iterable, Mapping, Sequence

from kktsim.testing.articles.found import Cell, Found
from kktsim.testing.articles.judgement import HELPS, Column, End, Judged, Row, Worth, end_of
from kktsim.testing.articles.reasons import because, short
from kktsim.testing.articles.words import (
    CELLS,
    COUNTED,
    ENDS,
    GENERATIONS,
    MARKS,
    WORTHS,
    Both,
    said,
)
from scenarios.catalogue import Article
from scenarios.translations import Language, in_language


def setting(column: Column, language: Language) -> str:
    """FNs and variants of a column, in words."""
    told = (
        in_language(case.variant, language) if case.variant else said(GENERATIONS[case.fn], language)
        for case in column.cases
    )
    return ", ".join(told)


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
    text = said(WORTHS[row.worth], language)
    if row.worth is Worth.SOMETIMES:
        return text.format(where=_where(row, columns, HELPS))
    if row.worth is Worth.NEEDED and all(cell is None or cell.cell is not Cell.NEEDED for cell in row.cells):
        return said(CELLS[Cell.HARMFUL_TO_OMIT], language)
    return text


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


def why(row: Row, language: Language) -> str:
    """Why a step is needed or does harm; of one that informs, why it changes nothing."""
    cells = [cell for cell in row.cells if cell is not None and cell.because not in _TELLS_NOTHING]
    acting = [cell for cell in cells if cell.cell in (*HELPS, Cell.HARMFUL)]
    if acting:
        return because(acting[0].because, language)
    informing = [cell for cell in cells if cell.cell is Cell.INFORMATIONAL]
    return in_language(informing[0].because, language) if informing else ""


_TELLS_NOTHING = ("", "it only looks")


# ---- the lead


_ALONE: Mapping[End, Both] = {
    End.CURED: ("The documented fix cures.", "Инструкция лечит."),
    End.PROCEDURE: ("Not an error: the procedure works as printed.", "Не ошибка: всё верно, как напечатано."),
}
_SOME: Both = ("The documented fix cures {where}; {rest}.", "Инструкция лечит {where}; {rest}.")
_STEPS: Both = ("Of its {n} steps: {counts}.", "Из шагов инструкции ({n}): {counts}.")
_ONE_STEP: Both = ("Its only step: {what}.", "Единственный шаг: {what}.")
_BESIDE: Both = ("Beside them it takes: {titles}.", "Кроме них нужно: {titles}.")


def lead(judged: Judged, language: Language) -> str:
    """The verdict in two or three sentences."""
    parts = (_cures(judged, language), _of_steps(judged, language), _beside(judged, language))
    return " ".join(part for part in parts if part)


def _cures(judged: Judged, language: Language) -> str:
    ends = {end: ", ".join(letters) for end, letters in judged.letters_by_end().items()}
    if not ends:
        return said(ENDS[End.NOT_REPRODUCED], language).capitalize() + "."
    if len(ends) == 1 and (only := next(iter(ends))) in _ALONE:
        return said(_ALONE[only], language)
    told = [f"{where}: {said(ENDS[end], language)}" for end, where in ends.items() if end is not End.CURED]
    if End.CURED in ends:
        return said(_SOME, language).format(where=ends[End.CURED], rest="; ".join(told))
    return "; ".join(told) + "."


def _of_steps(judged: Judged, language: Language) -> str:
    worths = judged.worths()
    total = sum(worths.values())
    if not total:
        return ""
    if total == 1:
        row = next(row for row in judged.rows if row.in_document)
        return said(_ONE_STEP, language).format(what=worth(row, judged.columns, language))
    counts = ", ".join(said(COUNTED[one], language).format(n=number) for one, number in worths.items())
    return said(_STEPS, language).format(n=total, counts=counts)


def _beside(judged: Judged, language: Language) -> str:
    missing = [
        short(row.title, language)
        for row in judged.rows
        if not row.in_document and row.worth in (Worth.NEEDED, Worth.SOMETIMES)
    ]
    return said(_BESIDE, language).format(titles="; ".join(f"**{title}**" for title in missing)) if missing else ""


def codes(article: Article) -> str:
    """``EAh -3978``: bytes and codes of the driver, as one word each."""
    return " ".join((*(f"{code:02X}h" for code in article.wire_codes), *map(str, article.driver_codes)))
