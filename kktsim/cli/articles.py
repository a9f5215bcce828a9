"""`kktsim articles`: the support articles, all played now, or the table of one."""

import json
import sys
import textwrap
import time
from collections.abc import Iterator
from typing import Any

import click

from kktsim.cli.fail import EXPECTATION, fail
from kktsim.testing.articles import words
from kktsim.testing.articles.catalogue import Progress, judged, scenarios_of
from kktsim.testing.articles.judgement import End, Judged, end_of
from kktsim.testing.articles.lead import lead
from kktsim.testing.articles.phrases import codes, legend, mark, outcome, setting, why, worth
from kktsim.testing.articles.reasons import short
from kktsim.testing.articles.words import COUNTED, ENDS, said
from scenarios.catalogue import Article, device_articles
from scenarios.catalogue import articles as all_articles
from scenarios.named import nearest
from scenarios.stories import story
from scenarios.translations import Language, in_language

LINE = 110
"""Characters of a line of prose."""


@click.command()
@click.argument("name", metavar="[ID]", required=False)
@click.option(
    "--lang", default="en", show_default=True, type=click.Choice([one.value for one in Language]), help="Language."
)
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
def articles(name: str | None, lang: str, as_json: bool) -> None:
    """Play every scenario of the support articles, in every FN generation and variant, and tell what each step of
    their cures is worth; with ID the whole table of one article.

    Ends with exit code 1 when something is not as the scenarios declare.
    """
    language = Language(lang)
    chosen = device_articles() if name is None else [_find(name)]
    started = time.monotonic()
    done: list[Judged] = []
    for one in judged(chosen, _progress(chosen)):
        done.append(one)
        if as_json:
            continue
        for line in [_line(one, language)] if name is None else _tables(one, language):
            click.echo(line)
        for complaint in one.complaints:
            click.echo(f"  ! {complaint}")
    if as_json:
        click.echo(json.dumps([_json(one) for one in done], ensure_ascii=False, indent=2))
    passed = sum(one.passed for one in done)
    if name is None and not as_json:
        click.echo(
            f"{said(words.DONE, language).format(done=passed, all=len(done))}, {time.monotonic() - started:.1f} s"
        )
    if passed < len(done):
        sys.exit(EXPECTATION)


def _find(name: str) -> Article:
    """An article, by its own id or by that of one that points to it."""
    known = all_articles()
    if name in known and known[name].same_as is not None:
        name = str(known[name].same_as)
    device = {article.id: article for article in device_articles()}
    if name not in device:
        near = nearest(name, device)
        meant = f"the nearest {'is' if len(near) == 1 else 'are'} {', '.join(near)}; " if near else ""
        reason = "is none that a till alone can show" if name in known else "does not exist"
        fail(f"the article {name!r} {reason}; {meant}`kktsim articles` lists all {len(device)}")
    return device[name]


def _progress(chosen: list[Article]) -> Progress:
    """A line on stderr that counts the scenarios, where a person looks at it."""
    total = sum(len(scenarios_of(article)) for article in chosen)
    seen: set[str] = set()

    def tell(scenario: str) -> None:
        seen.add(scenario)
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[K{len(seen)}/{total} {scenario}\r", err=True, nl=False)

    return tell


def _line(one: Judged, language: Language) -> str:
    ends = one.letters_by_end().items()
    verdicts = ", ".join(f"{said(ENDS[end], language)} {len(letters)}" for end, letters in ends)
    counts = ", ".join(said(COUNTED[worth], language).format(n=number) for worth, number in one.worths().items())
    state = said(words.REPRODUCED_ALL if one.is_reproduced else ENDS[End.NOT_REPRODUCED], language)
    cases = f"{len(one.cases_reproduced)}/{len(one.article.cases)}"
    title = in_language(one.article.title, language)
    told = f"{one.article.id:<28}{codes(one.article):<22}{title}"
    return f"{told}\n    {state} {cases}; {verdicts or '-'}; {counts}"


def _tables(one: Judged, language: Language) -> Iterator[str]:
    """Cases, then a line a step: its marks, its verdict, what it is."""
    yield f"{one.article.id}  {codes(one.article)}  {in_language(one.article.title, language)}".rstrip()
    yield from (sentence.replace("**", "") for sentence in lead(one, language))
    yield ""
    yield from textwrap.wrap(story(one.article.id, language).replace("`", ""), LINE)
    yield ""
    for column in one.columns:
        case = one.article.cases.get(column.scenario.case) or column.scenario.title
        yield f"{column.name:<3} {in_language(case, language)}"
        yield f"    {column.scenario.id}, {setting(column, language)}: {outcome(column.found, language)}"
    yield ""
    widths = [
        max(len(column.name), *(len(mark(row, index)) for row in one.rows)) for index, column in enumerate(one.columns)
    ]
    yield "    " + " ".join(column.name.ljust(width) for column, width in zip(one.columns, widths, strict=True))
    for number, row in enumerate(one.rows, 1):
        marks = " ".join(mark(row, index).ljust(width) for index, width in enumerate(widths))
        yield f"{number if row.in_document else '+':>3} {marks}  {short(row.title, language).replace('`', '')}"
        because = why(row, one.columns, language)
        told = f"{worth(row, one.columns, language)}" + (f": {because}" if because else "")
        yield f"    {' ' * len(marks)}    {told}"
    yield ""
    yield legend(one.rows, language)


def _json(one: Judged) -> dict[str, Any]:
    return {
        "id": one.article.id,
        "title": one.article.title,
        "passed": one.passed,
        "reproduced": one.is_reproduced,
        "columns": [
            {
                "name": column.name,
                "scenario": column.scenario.id,
                "case": column.scenario.case,
                "played": [{"fn": case.fn, "variant": case.variant} for case in column.cases],
                "end": end_of(column.found),
                "smallest": list(column.found.smallest),
                "harm": column.found.harm,
            }
            for column in one.columns
        ],
        "steps": [
            {
                "title": row.title,
                "in_document": row.in_document,
                "worth": row.worth,
                "cells": [None if cell is None else {"cell": cell.cell, "because": cell.because} for cell in row.cells],
            }
            for row in one.rows
        ],
        "complaints": list(one.complaints),
    }
