"""The page of one article in one language, in Markdown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kktsim.testing.articles import by_hand, words
from kktsim.testing.articles.dialogue import dialogue
from kktsim.testing.articles.found import Cell
from kktsim.testing.articles.judgement import Column, Judged
from kktsim.testing.articles.lead import lead
from kktsim.testing.articles.phrases import legend, mark, outcome, setting, why, worth
from kktsim.testing.articles.reasons import because, short
from kktsim.testing.articles.recorded import Session
from kktsim.testing.articles.words import Both, said
from kktsim.testing.lives.counterexamples import known
from scenarios.catalogue import Article
from scenarios.resets import destroyed, done_by, hidden_harm, resets, restored_by
from scenarios.stories import story
from scenarios.translations import Language, in_language


def page(judged: Judged, sessions: Mapping[str, Session], language: Language) -> str:
    """The text. ``sessions``: of each scenario, by id."""
    sections: tuple[tuple[Both, Iterable[str]], ...] = (
        (words.SYMPTOM, _symptom(judged.article, sessions, language)),
        (words.INSIDE, _inside(judged, language)),
        (words.STORY, [story(judged.article.id, language)]),
        (words.STEPS, _steps(judged, language)),
        (words.SMALLEST, _smallest(judged, language)),
        (words.HARMS, _harms(judged, language)),
        (words.RESETS, _resets(judged.article, language)),
        (words.BEYOND, _beyond(judged, language)),
        (words.INSTEAD, _instead(judged, language)),
        (words.COUNTEREXAMPLES, _counterexamples(judged.article, language)),
        (words.DIALOGUE, _dialogue(judged, sessions, language)),
        (words.REPRODUCED, _reproduced(judged, sessions, language)),
        (words.KNOWN, _known(judged, language)),
    )
    told = [*_head(judged, language)]
    for title, lines in sections:
        body = list(lines)
        if body:
            told += ["", f"## {said(title, language)}", "", *body]
    return "\n".join(told) + "\n"


def file_name(article: str, language: Language) -> str:
    """``err_3978.md``, ``err_3978.ru.md``."""
    return f"{article}.md" if language is Language.ENGLISH else f"{article}.ru.md"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of a table."""
    yield _line(head)
    yield _line(["---"] * len(head))
    yield from map(_line, rows)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _head(judged: Judged, language: Language) -> Iterator[str]:
    article = judged.article
    other = Language.RUSSIAN if language is Language.ENGLISH else Language.ENGLISH
    yield f"# {in_language(article.title, language)}"
    yield ""
    yield f"<!-- {said(words.GENERATED, language)} -->"
    index = file_name("README", language)
    links = (
        f"[{said(words.ALL_ARTICLES, language)}]({index})",
        f"[{said(words.OTHER_LANGUAGE, language)}]({file_name(article.id, other)})",
    )
    yield " · ".join((f"`{article.id}`", *links))
    yield ""
    yield from (f"> - {sentence}" for sentence in lead(judged, language))


def _symptom(article: Article, sessions: Mapping[str, Session], language: Language) -> Iterator[str]:
    told = [(words.SCREEN, "<br>".join(f"«{line}»" for line in article.screens))]
    tapes = dict.fromkeys(one.scenario.tape for one in sessions.values() if one.scenario.tape is not None)
    told.append((words.PAPER, "<br>".join(f"«{line}»" for line in tapes)))
    codes = [said(words.WIRE, language).format(f"{code:02X}h ({code})") for code in article.wire_codes]
    codes += [said(words.DRIVER, language).format(code) for code in article.driver_codes]
    codes += [said(words.FN_CODE, language).format(f"{code:02X}h") for code in article.fn_codes]
    codes += [said(words.TAGS, language).format(tag) for tag in article.tags]
    told.append((words.CODES, ", ".join(codes) or said(words.NO_CODES, language)))
    rows = [(f"**{said(name, language)}**", text) for name, text in told if text]
    yield from table(("", ""), rows)


def _inside(judged: Judged, language: Language) -> Iterator[str]:
    head = ("", said(words.CASE, language), said(words.OUTCOME, language))
    rows = []
    for columns in _by_letter(judged.columns):
        scenario = columns[0].scenario
        case = in_language(judged.article.cases.get(scenario.case, ""), language)
        if judged.shares_its_case(scenario):
            case = f"{case}<br>*{in_language(scenario.title, language)}*"
        rows.append((f"**{columns[0].letter}**", case, _outcomes(columns, language)))
    if rows:
        yield from table(head, rows)


def _by_letter(columns: Iterable[Column]) -> list[list[Column]]:
    found: dict[str, list[Column]] = {}
    for column in columns:
        found.setdefault(column.letter, []).append(column)
    return list(found.values())


def _outcomes(columns: list[Column], language: Language) -> str:
    """How a case ends; with which FN, where that differs."""
    ends: dict[str, list[str]] = {}
    for column in columns:
        ends.setdefault(outcome(column.found, language), []).append(setting(column, language))
    if len(ends) == 1:
        return next(iter(ends))
    return "<br>".join(f"{', '.join(where)}: {end}" for end, where in ends.items())


def _steps(judged: Judged, language: Language) -> Iterator[str]:
    played = [index for index, column in enumerate(judged.columns) if column.found.steps]
    columns = [judged.columns[index] for index in played]
    if not judged.rows or not played:
        yield said(words.NO_STEPS, language)
        return
    heads = (column.name for column in columns)
    head = ("", said(words.STEP, language), *heads, said(words.VERDICT, language), said(words.WHY, language))
    yield legend(judged.rows, language)
    yield ""
    rows = []
    for number, row in enumerate(judged.rows, 1):
        title = short(row.title, language)
        if not row.in_document:
            title = f"{said(words.OTHER_STEP, language)} {title}"
        elif title != short(row.title, Language.RUSSIAN):
            title = f"{title}<br><sub>{row.title}</sub>"
        marks = (mark(row, index) for index in played)
        verdict = f"**{worth(row, judged.columns, language)}**"
        reason = why(row, judged.columns, language)
        rows.append((str(number) if row.in_document else "+", title, *marks, verdict, reason))
    yield from table(head, rows)
    special = [column for column in columns if not column.is_everywhere]
    if special:
        yield ""
        yield "; ".join(f"**{column.name}**: {setting(column, language)}" for column in special)


def _smallest(judged: Judged, language: Language) -> Iterator[str]:
    """Columns of a scenario with the same cure share a line; what cannot be weighed has none."""
    for columns in _by_letter(judged.columns):
        cures: dict[str, list[Column]] = {}
        for column in columns:
            if column.found.reproduced and column.found.arises:
                steps = " → ".join(_any_of(title, column, language) for title in column.found.smallest)
                told = f"{steps or said(words.NO_CURE, language)}{_left_out(column, language)}"
                cures.setdefault(told, []).append(column)
        for told, alike in cures.items():
            head = columns[0].letter if len(cures) == 1 else ", ".join(one.name for one in alike)
            yield f"- **{head}**: {told}"


def _any_of(title: str, column: Column, language: Language) -> str:
    """A step; with those that do as well, where any of them is enough."""
    enough = [step.title for step in column.found.steps if step.cell is Cell.SUFFICIENT]
    told = enough if title in enough else [title]
    return f" {said(words.OR, language)} ".join(f"{short(one, language)}" for one in told)


def _left_out(column: Column, language: Language) -> str:
    """Steps that the fewest do without, and that it is harmful to leave out."""
    told = [
        short(step.title, language)
        for step in column.found.steps
        if step.cell is Cell.HARMFUL_TO_OMIT and step.title not in column.found.smallest
    ]
    return f" ({said(words.CELLS[Cell.HARMFUL_TO_OMIT], language)}: {'; '.join(told)})" if told else ""


def _harms(judged: Judged, language: Language) -> Iterator[str]:
    """What is worse after the fix; the columns by name where it differs within a scenario."""
    for columns in _by_letter(judged.columns):
        harms: dict[str, list[str]] = {}
        for column in columns:
            if column.found.arises:
                harms.setdefault(column.found.harm, []).append(column.name)
        for harm, names in harms.items():
            head = columns[0].letter if len(harms) == 1 else ", ".join(names)
            if harm:
                yield f"- **{head}**: {said(words.FIX_HARMS, language).format(because(harm, language))}"


def _resets(article: Article, language: Language) -> Iterator[str]:
    """What the resets that the article prescribes destroy, and which of that its own steps do not set up again."""
    prescribed = dict.fromkeys(one.id for step in article.steps if (one := done_by(step)) is not None)
    restored = restored_by((*article.steps, *article.paths))
    for key in prescribed:
        hidden = [fate.organ for fate in hidden_harm(key, restored) if fate.organ.restores]
        if hidden:
            organs = ", ".join(organ.words.in_language(language) for organ in hidden)
            told = said(words.HIDDEN, language).format(file_name("../resets", language), len(destroyed(key)), organs)
            yield f"- {resets()[key].words.in_language(language)}: {told}"


def _counterexamples(article: Article, language: Language) -> Iterator[str]:
    """Lives after which not even all the articles help; of deeds that do as well as each other all are told."""
    either = f" {said(words.OR, language)} "
    for one in known():
        if one.article == article.id:
            parts = (either.join(in_language(deed, language) for deed in sorted(part)) for part in one.parts)
            yield f"- {'; '.join(parts)} → {one.ends}: {in_language(one.why, language)}"


def _beyond(judged: Judged, language: Language) -> Iterator[str]:
    for columns in _by_letter(judged.columns):
        scenario = columns[0].scenario
        if any(column.found.helps_beyond for column in columns):
            yield f"**{columns[0].letter}**: {in_language(scenario.beyond_title, language)}"
            yield ""
            yield from (f"{n}. {short(step.title, language)}" for n, step in enumerate(scenario.beyond, 1))


def _instead(judged: Judged, language: Language) -> Iterator[str]:
    told: dict[tuple[str, str], list[str]] = {}
    for column in judged.columns:
        for one in column.found.alternatives:
            end = words.CURES_NOT if not one.cures else words.CURES_WITH_HARM if one.harm else words.CURES
            text = said(end, language).format(because(one.harm, language))
            letters = told.setdefault((one.title, text), [])
            if column.letter not in letters:
                letters.append(column.letter)
    for (title, ending), letters in told.items():
        yield f"- **{', '.join(letters)}**: {in_language(title, language)}: {ending}"


def _dialogue(judged: Judged, sessions: Mapping[str, Session], language: Language) -> Iterator[str]:
    """Cases with the same one share it."""
    told: dict[str, list[str]] = {}
    for columns in _by_letter(judged.columns):
        text = "\n".join(dialogue(sessions[columns[0].scenario.id], judged.article, language))
        if text:
            told.setdefault(text, []).append(columns[0].letter)
    for text, letters in told.items():
        yield from (f"**{', '.join(letters)}**", "", "```", text, "```", "")


def _reproduced(judged: Judged, sessions: Mapping[str, Session], language: Language) -> Iterator[str]:
    yield said(words.HAND_NOTE, language)
    yield ""
    for columns in _by_letter(judged.columns):
        scenario = columns[0].scenario
        session = sessions[scenario.id]
        state = said(words.STATE, language).format(scenario.preset)
        yield f"<details><summary><b>{columns[0].letter}</b> · <code>{scenario.id}</code></summary>"
        yield ""
        yield f"0. {state}"
        yield from (f"{n}. {short(one.step.title, language)}" for n, one in enumerate(session.reproduced, 1))
        yield from ("", "```sh", by_hand.serve_line(scenario), *by_hand.lines(session, language), "```", "")
        yield "</details>"
        yield ""


def _known(judged: Judged, language: Language) -> Iterator[str]:
    head = ("", said(words.DOCUMENTED, language), said(words.INFERRED, language))
    rows = [
        (columns[0].letter, in_language(one.documented, language), in_language(one.inferred, language))
        for columns in _by_letter(judged.columns)
        for one in (columns[0].scenario,)
        if one.documented or one.inferred
    ]
    if rows:
        yield from table(head, rows)
