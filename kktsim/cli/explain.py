"""``kktsim explain``: what an error code means, in any spelling."""

import dataclasses
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from kktsim.cli.fail import USAGE, fail, say_no

if TYPE_CHECKING:
    from kktsim.error_overview import ErrorRow
    from kktsim.explain import ArticleNote, Explanation, Reading
    from protocol.atol.errors import ErrorText


# A code may begin with a minus; click would take it for an option.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("codes", nargs=-1, metavar="CODE...")
@click.option("--all", "everything", is_flag=True, help="List every error of the till instead, a line each.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def explain(codes: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Tell what an error code means, where it comes from, what cures it and how to get it here.

    CODE is a driver code (-3978), a wire byte (0xEA, EAh, 234), a printed FN error (ФН 234), an FN answer code
    (ФН 12h), a code of register 55 (0x0206), a libfptr10 code (libfptr10 136), the name of any of them, or an
    article (err_3978). All readings of a number are shown. The exit code is 2 if a code is unknown.
    """
    if everything is bool(codes):
        fail("give codes to explain, or --all alone for the list of every error")
    if everything:
        _overview(as_json)
    else:
        _explain(codes, as_json)


def _overview(as_json: bool) -> None:
    from kktsim.error_overview import error_rows  # noqa: PLC0415 - the tables are not for every command
    from scenarios.catalogue import articles  # noqa: PLC0415 - the same
    from scenarios.error_recipes import error_recipes  # noqa: PLC0415 - the same

    rows = error_rows(articles().values(), error_recipes())
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(row) for row in rows], ensure_ascii=False, indent=2))
    else:
        click.echo(OVERVIEW_HEAD)
        click.echo("\n".join(_row(row) for row in rows))


OVERVIEW_HEAD = f"{'code':9}{'name':32}{'driver':>6}{'fptr10':>7}  here  text"


def _row(row: "ErrorRow") -> str:
    code = f"{row.code:02X}h" if row.detail is None else f"{row.code:02X}h/{row.detail:04X}"
    driver = "" if row.driver_code is None else row.driver_code
    library = "" if row.libfptr10 is None else row.libfptr10
    return f"{code:9}{row.name:32}{driver:>6}{library:>7}  {'yes ' if row.how else '    '}  {row.text_ru}"


def _explain(codes: tuple[str, ...], as_json: bool) -> None:
    from kktsim.code_spelling import spellings  # noqa: PLC0415 - the tables are not for every command
    from kktsim.explain import UnknownCodeError  # noqa: PLC0415 - the same
    from kktsim.explain import explain as explain_code  # noqa: PLC0415 - the same
    from scenarios.catalogue import articles  # noqa: PLC0415 - the same

    found: list[Explanation] = []
    unknown: list[str] = []
    for spelling in spellings(codes):
        try:
            found.append(explain_code(spelling, articles().values()))
        except UnknownCodeError as error:
            unknown.append(str(error))
    if as_json:
        listed = [dataclasses.asdict(explanation) for explanation in found]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    elif found:
        click.echo("\n\n".join("\n".join(_lines(explanation)) for explanation in found))
    for message in unknown:
        say_no(message)
    if unknown:
        raise SystemExit(USAGE)


_FORMS = {"WIRE": "{0:02X}h ({0})", "FN": "{0:02X}h ({0})", "DETAIL": "{0:04X}h", "THIRD_BYTE": "{0:02X}h"}
"""How the numbers of a kind are written; the others are decimal."""


def _lines(explanation: "Explanation") -> Iterator[str]:
    yield explanation.spelling
    for reading in explanation.readings:
        yield f"  {_title(reading)}"
        if reading.text_en:
            yield f"    {reading.text_en}"
        if reading.when:
            yield f"    When: {reading.when}"
        for error in reading.errors:
            yield f"    {_codes(error)}"
            if reading.text_ru != error.text_ru:
                yield f"      {error.text_ru}"
            if error.screen_text not in (error.text_ru, reading.text_ru):
                yield f"      On the screen: {error.screen_text}"
            if error.when and not reading.when:
                yield f"      When: {error.when}"
            yield from _here(error, with_commands=len(reading.errors) == 1)
        for note in reading.articles:
            yield from _article_lines(note)


def _here(error: "ErrorText", *, with_commands: bool) -> Iterator[str]:
    """How the error comes about with this emulator, or why it does not."""
    from scenarios.error_recipes import error_recipes  # noqa: PLC0415 - the tables are not for every command

    recipe = error_recipes().get(error.identifier)
    if recipe is None:
        if error.no_path:
            yield f"      Here: never; {error.no_path}"
        return
    yield f"      Here: {recipe.how}"
    if with_commands:
        yield from (f"        {line}" for line in recipe.shell())


def _title(reading: "Reading") -> str:
    """``wire byte EAh (234) FN_RESOURCE_EXHAUSTED: Исчерпан ресурс КС ФН``."""
    number = "" if reading.code is None else " " + _FORMS.get(reading.kind.name, "{0}").format(reading.code)
    name = f" {reading.name}" if reading.name else ""
    return f"{reading.kind.value}{number}{name}: {reading.text_ru or 'no text is published'}"


def _codes(error: "ErrorText") -> str:
    """One error of the till by all its numbers."""
    byte = f"{error.wire_code:02X}h ({error.wire_code})"
    known = [
        f"wire byte {byte}" if error.detail is None else f"wire byte {byte} with detail {error.detail:04X}h",
        "no driver code" if error.driver_code is None else f"driver code {error.driver_code}",
    ]
    if error.libfptr10 is not None:
        known.append(f"libfptr10 code {error.libfptr10}")
    if error.fn_codes:
        known.append("FN answer code " + " or ".join(f"{code:02X}h" for code in error.fn_codes))
    return ", ".join(known)


def _article_lines(note: "ArticleNote") -> Iterator[str]:
    misprint = " (prints this code; the driver's own is another)" if note.misprint else ""
    yield f"    Article {note.id}{misprint}: {note.title}"
    yield f"      Cause: {note.cause}"
    yield f"      Fix: {note.fix}"
    if note.scenarios:
        yield f"      Scenarios: {', '.join(note.scenarios)}"
