"""Sentences about a judged article, in either language."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from kktsim.terminal.menu import ARROW
from kktsim.testing.articles.found import Cell, Found
from kktsim.testing.articles.judgement import Column, End, Judged, Row, Worth, end_of
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
from scenarios.at_terminal import RAW_COMMAND
from scenarios.catalogue import Article
from scenarios.translations import Language, in_language, language_of

_RAW_COMMAND = RAW_COMMAND.split(ARROW)[-1]
_HELPING = (Cell.NEEDED, Cell.HARMFUL_TO_OMIT)


def short(title: str, language: Language) -> str:
    """Title of a step; of a place of the menu its last words, and what is typed there."""
    if language_of(title) is not None or ARROW not in title:
        return in_language(title, language)
    path, _, typed = title.partition(": ")
    place = path.split(ARROW)[-1]
    told = f"`{typed}`" if place == _RAW_COMMAND else typed
    return f"«{place}»: {told}" if typed else f"«{place}»"


def setting(column: Column, language: Language) -> str:
    """FNs and variants of a column, in words."""
    fns = [case.fn for case in column.cases if case.variant is None]
    told = [said(GENERATIONS[fn], language) for fn in fns]
    variants = [case.variant for case in column.cases if case.variant is not None]
    told += [in_language(column.scenario.variants[index].title, language) for index in variants]
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
        return text.format(where=_where(row, columns, _HELPING))
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
    acting = [cell for cell in cells if cell.cell in (*_HELPING, Cell.HARMFUL)]
    if acting:
        return because(acting[0].because, language)
    informing = [cell for cell in cells if cell.cell is Cell.INFORMATIONAL]
    return in_language(informing[0].because, language) if informing else ""


_TELLS_NOTHING = ("", "it only looks")
_WITHOUT_IT = re.compile(r"without it «(.+)» ends in (.+)")
_NO_VALUE = re.compile(r"the value \S+ is not known")
_SCREEN = re.compile(r"«[^»]*» does not show «[^»]*», but: (.+)")


def _without_it(title: str, end: str) -> str:
    step = short(title, Language.RUSSIAN)
    if _NO_VALUE.fullmatch(end):
        return f"без него неизвестно, что вводить в «{step}»"
    return f"без него «{step}» кончается отказом: {_russian(end)}"


_BECAUSE: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"without it everything is the same"), lambda found: "без него всё так же"),
    (_WITHOUT_IT, lambda found: _without_it(found[1], found[2])),
    (re.compile(r"without it (.+)"), lambda found: f"без него {_russian(found[1])}"),
    (re.compile(r"with it (.+)"), lambda found: f"с ним {_russian(found[1])}"),
    (re.compile(r"a sale and a Z do not go through"), lambda found: "продажа и Z-отчёт не проходят"),
    (re.compile(r"(\d+) documents stay unsent"), lambda found: f"остаются неотправленными документы: {found[1]}"),
    (re.compile(r"the till's clock is off by (\S+) days"), lambda found: f"часы кассы ошибаются на {found[1]} сут."),
    (
        re.compile(r"FN (\d+) lies on the shelf with its archive open"),
        lambda found: f"ФН {found[1]} лежит на полке с открытым архивом",
    ),
    (
        re.compile(r"FN (\d+) lies on the shelf with (\d+) unsent documents"),
        lambda found: f"ФН {found[1]} лежит на полке с неотправленными документами: {found[2]}",
    ),
    (re.compile(r"settings tables differ"), lambda found: "настройки в таблицах другие"),
    (re.compile(r"[A-Z_0-9]+ \(\d+\)"), lambda found: found[0]),
    (re.compile(r"it is not so: (.+)"), lambda found: f"не так: {in_language(found[1], Language.RUSSIAN)}"),
    (_SCREEN, lambda found: f"на экране «{found[1]}»"),
)


def because(text: str, language: Language) -> str:
    """Why, as the plays tell it; in Russian by the patterns of what they tell, and by the translations."""
    if language is Language.RUSSIAN:
        return _russian(text)
    found = _WITHOUT_IT.fullmatch(_SCREEN.sub(r"«\1» on the screen", text))
    if found is None:
        return text
    if _NO_VALUE.fullmatch(found[2]):
        return f"without it nobody knows what to type at «{short(found[1], language)}»"
    return f"without it «{short(found[1], language)}» ends in {found[2]}"


def _russian(text: str) -> str:
    return "; ".join(_one_russian(part) for part in text.split("; "))


def _one_russian(text: str) -> str:
    for pattern, told in _BECAUSE:
        found = pattern.fullmatch(text)
        if found is not None:
            return told(found)
    return in_language(text, Language.RUSSIAN)


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
