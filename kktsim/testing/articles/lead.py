"""What an article comes to: which cases its fix cures as printed, what the others take, which of its steps matter."""

from collections.abc import Iterator, Mapping

from kktsim.testing.articles.found import Cell
from kktsim.testing.articles.judgement import HELPS, End, Judged, Worth
from kktsim.testing.articles.phrases import worth
from kktsim.testing.articles.reasons import short
from kktsim.testing.articles.words import COUNTED, Both, said
from scenarios.translations import Language

_WHOLE: Mapping[End, Both] = {
    End.CURED: ("The fix as printed cures.", "Инструкция лечит."),
    End.COMPLETED: (
        "The fix as printed cures only with what it does not tell{extra}.",
        "Инструкция лечит лишь вместе с тем, чего в ней нет{extra}.",
    ),
    End.NOT_CURED: ("The fix as printed does not cure.", "Инструкция не лечит."),
    End.NO_FIX: ("The article tells no fix.", "Статья не говорит, как лечить."),
    End.BY_ITSELF: ("It goes away by itself.", "Проходит само."),
    End.PROCEDURE: ("Not an error: the procedure works as printed.", "Не ошибка: всё верно, как напечатано."),
}
_PART: Mapping[End, Both] = {
    End.CURED: ("The fix as printed cures {where}.", "Инструкция лечит {where}."),
    End.COMPLETED: (
        "{where}: only with what the article does not tell{extra}.",
        "{where}: лишь вместе с тем, чего в статье нет{extra}.",
    ),
    End.NOT_CURED: ("{where}: the fix as printed does not cure.", "{where}: инструкция не лечит."),
    End.NO_FIX: ("{where}: the article tells no fix.", "{where}: статья не говорит, как лечить."),
    End.BY_ITSELF: ("{where}: goes away by itself.", "{where}: проходит само."),
    End.PROCEDURE: ("{where}: the procedure works as printed.", "{where}: всё верно, как напечатано."),
}
_SHARE: Mapping[End, tuple[Both, Both]] = {
    End.CURED: (("cures", "лечит"), ("cures {n} of {all} cases", "лечит случаев: {n} из {all}")),
    End.COMPLETED: (
        ("cures only with more", "лечит лишь с дополнением"),
        ("cures {n} only with more", "лечит с дополнением: {n}"),
    ),
    End.NOT_CURED: (("does not cure", "не лечит"), ("does not cure {n}", "не лечит: {n}")),
    End.NO_FIX: (("tells no fix", "нет указаний"), ("tells no fix for {n}", "нет указаний: {n}")),
    End.BY_ITSELF: (("goes away by itself", "проходит само"), ("{n} by themselves", "проходят сами: {n}")),
    End.PROCEDURE: (("works as printed", "верно, как напечатано"), ("{n} as printed", "верно, как напечатано: {n}")),
}
_STEPS: Both = ("Steps of the article by number: {told}.", "Шаги статьи по номерам: {told}.")
_ONE_STEP: Both = ("Its only step: {what}.", "Единственный шаг: {what}.")
_ALWAYS: Both = ("{n} always", "всегда {n}")
_SOMETIMES: Both = ("{n} in some states", "иногда {n}")
_NONE: Both = ("none", "ни одного")
_OF_ALL: Both = ("{told}; of {n}", "{told}; из {n}")


def lead(judged: Judged, language: Language) -> Iterator[str]:
    """The verdict in sentences: on the cases, end by end, and on the steps."""
    ends = judged.letters_by_end()
    forms = _WHOLE if len(ends) == 1 else _PART
    for end, letters in ends.items():
        extra = _extra(judged, set(letters), language) if end is End.COMPLETED else ""
        yield said(forms[end], language).format(where=", ".join(letters), extra=extra and f": {extra}")
    if steps := _of_steps(judged, language):
        yield steps


def _extra(judged: Judged, letters: set[str], language: Language) -> str:
    """What has to be done beside the fix; in which cases, where that differs."""
    told = []
    for title, where in left_out(judged).items():
        mine = [letter for letter in where if letter in letters]
        if mine:
            suffix = "" if set(mine) == letters else f" ({', '.join(mine)})"
            told.append(f"**{short(title, language)}**{suffix}")
    return "; ".join(told)


def left_out(judged: Judged) -> dict[str, list[str]]:
    """Steps that it takes and the article does not tell; each with the letters of the cases."""
    told: dict[str, list[str]] = {}
    for row in judged.rows:
        for column, cell in zip(judged.columns, row.cells, strict=True):
            if not row.in_document and cell is not None and cell.cell in (*HELPS, Cell.MENDS):
                letters = told.setdefault(row.title, [])
                letters += [] if column.letter in letters else [column.letter]
    return told


def _of_steps(judged: Judged, language: Language) -> str:
    numbered = [(number, row) for number, row in enumerate(judged.rows, 1) if row.in_document]
    if not judged.rows or not numbered:
        return ""
    if len(numbered) == 1:
        return said(_ONE_STEP, language).format(what=worth(numbered[0][1], judged.columns, language))
    told = []
    for one in Worth:
        numbers = ", ".join(str(number) for number, row in numbered if row.worth is one)
        if numbers:
            told.append(said(COUNTED[one], language).format(n=numbers))
    return said(_STEPS, language).format(told="; ".join(told))


def shares(judged: Judged, language: Language) -> str:
    """How many of the cases end in which way."""
    ends = judged.letters_by_end()
    cases = sum(map(len, ends.values()))
    if len(ends) == 1:
        return said(_SHARE[next(iter(ends))][0], language)
    told = (said(_SHARE[end][1], language).format(n=len(letters), all=cases) for end, letters in ends.items())
    return "; ".join(told)


def how_many_matter(judged: Judged, language: Language) -> str:
    """Of the steps of the article: how many are needed, always and in some states."""
    worths = judged.worths()
    counts = (
        (_ALWAYS, worths.get(Worth.NEEDED, 0) + worths.get(Worth.HARMFUL_TO_OMIT, 0)),
        (_SOMETIMES, worths.get(Worth.SOMETIMES, 0) + worths.get(Worth.SUFFICIENT, 0)),
    )
    told = ", ".join(said(form, language).format(n=number) for form, number in counts if number)
    return said(_OF_ALL, language).format(told=told or said(_NONE, language), n=sum(worths.values()))
