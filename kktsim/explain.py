"""What a code means: every reading of what somebody copied from a screen, a paper or a log.

    explain("ФН 234", articles) -> the wire byte EAh, «Исчерпан ресурс КС ФН», -3978, its article and scenarios

One number can be several things: 136 is a byte of the wire (the shift is longer than 24 hours) and a code of libfptr10
(the FN's crypto resource is exhausted). All of them are given. The articles come as an argument, because only the
command line and the control API know the scenarios.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from kktsim.code_spelling import Candidate, Kind, candidates, detail_candidate
from protocol.atol.errors import ErrorText, catalogue
from protocol.ffd.tags import TAGS
from protocol.fn.errors import fn_errors

FIRST_TAG = 1000
"""Smaller tags are whole documents."""


class ArticleLike(Protocol):
    """What is needed of an article; `scenarios.catalogue.Article` has it."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def cause(self) -> str: ...
    @property
    def fix(self) -> str: ...
    @property
    def wire_codes(self) -> tuple[int, ...]: ...
    @property
    def details(self) -> tuple[int, ...]: ...
    @property
    def driver_codes(self) -> tuple[int, ...]: ...
    @property
    def misprinted_codes(self) -> tuple[int, ...]: ...
    @property
    def fn_codes(self) -> tuple[int, ...]: ...
    @property
    def tags(self) -> tuple[int, ...]: ...
    @property
    def scenarios(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class ArticleNote:
    """An article that is about a reading. ``misprint``: it prints this driver code where the driver has another."""

    id: str
    title: str
    cause: str
    fix: str
    scenarios: tuple[str, ...]
    misprint: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of a spelling. ``errors``: the till's errors that are this, or that this code may stand for."""

    kind: Kind
    code: int | None
    """None: an article, which has no number of its own."""
    name: str
    """Constant or id; empty if it has none."""
    text_ru: str
    text_en: str
    when: str
    errors: tuple[ErrorText, ...]
    articles: tuple[ArticleNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """All readings of one spelling; at least one."""

    spelling: str
    readings: tuple[Reading, ...]


class UnknownCodeError(ValueError):
    """No table knows the spelling; the message says what can be asked."""

    def __init__(self, spelling: str) -> None:
        super().__init__(
            f"nothing is known about {spelling!r}: give a driver code (-3978), a wire byte (EAh, 0xEA or 234),"
            " a printed FN error («ФН 234»), a code of register 55 (0x0206), «libfptr10 136» or an article (err_3978)"
        )


def explain(spelling: str, articles: Iterable[ArticleLike] = ()) -> Explanation:
    """Every reading of ``spelling``; raises `UnknownCodeError` when there is none."""
    known = tuple(articles)
    found = [_of_article(article) for article in known if article.id == spelling.strip()]
    for candidate in [*_constants(spelling.strip().upper()), *candidates(spelling)]:
        reading = _LOOKUPS[candidate.kind](candidate)
        if reading is not None:
            found.append(replace(reading, articles=tuple(_notes(reading, known))))
    if not found:
        raise UnknownCodeError(spelling)
    return Explanation(spelling, tuple(found))


def _constants(name: str) -> Iterator[Candidate]:
    """What is called ``RECEIPT_OPEN`` or ``LIBFPTR_ERROR_BUSY``."""
    for error in catalogue().every():
        if error.identifier != name:
            continue
        if error.detail is None:
            yield Candidate(Kind.WIRE, error.wire_code)
        else:
            yield detail_candidate(error.wire_code, error.detail)
    yield from (Candidate(Kind.FN, error.code) for error in fn_errors().values() if error.id == name)
    yield from (Candidate(Kind.LIBFPTR10, text.code) for text in catalogue().libfptr10.values() if text.name == name)


# --- one lookup per kind ----------------------------------------------------------------------------------------------


def _of_wire(candidate: Candidate) -> Reading | None:
    error = catalogue().wire.get(candidate.number)
    return _of_error(Kind.WIRE, candidate.number, error) if error else None


def _of_detail(candidate: Candidate) -> Reading | None:
    error = catalogue().details.get((candidate.byte, candidate.number))
    return _of_error(candidate.kind, candidate.number, error) if error else None


def _of_error(kind: Kind, code: int, error: ErrorText) -> Reading:
    return Reading(kind, code, error.identifier, error.text_ru, error.text_en, error.when, (error,))


def _of_driver(candidate: Candidate) -> Reading | None:
    text = catalogue().driver.get(candidate.number)
    if text is None:
        return None
    errors = tuple(error for error in catalogue().every() if error.driver_code == text.code)
    return Reading(Kind.DRIVER, text.code, "", text.text_ru, text.text_en, "", errors)


def _of_fn(candidate: Candidate) -> Reading | None:
    answer = fn_errors().get(candidate.number)
    if answer is None:
        return None
    errors = tuple(error for error in catalogue().every() if answer.code in error.fn_codes)
    return Reading(Kind.FN, answer.code, answer.id, answer.name_ru, answer.name_en, answer.when, errors)


def _of_libfptr10(candidate: Candidate) -> Reading | None:
    text = catalogue().libfptr10.get(candidate.number)
    if text is None:
        return None
    errors = tuple(error for error in catalogue().every() if error.libfptr10 == text.code)
    return Reading(Kind.LIBFPTR10, text.code, text.name, text.text_ru, "", "", errors)


def _of_tag(candidate: Candidate) -> Reading | None:
    tag = TAGS.get(candidate.number)
    if tag is None or tag.number < FIRST_TAG:
        return None
    return Reading(Kind.TAG, tag.number, tag.json_name, tag.name_ru, "", "", ())


_LOOKUPS: Mapping[Kind, Callable[[Candidate], Reading | None]] = {
    Kind.WIRE: _of_wire,
    Kind.DETAIL: _of_detail,
    Kind.THIRD_BYTE: _of_detail,
    Kind.DRIVER: _of_driver,
    Kind.FN: _of_fn,
    Kind.LIBFPTR10: _of_libfptr10,
    Kind.TAG: _of_tag,
}


# --- articles ---------------------------------------------------------------------------------------------------------

_ARTICLE_CODES: Mapping[Kind, Callable[[ArticleLike], tuple[int, ...]]] = {
    Kind.DRIVER: lambda article: (*article.driver_codes, *article.misprinted_codes),
    Kind.FN: lambda article: article.fn_codes,
    Kind.TAG: lambda article: article.tags,
}
"""Where an article names codes of that kind itself; for the other kinds its bytes tell."""


def _of_article(article: ArticleLike) -> Reading:
    errors = tuple(error for error in catalogue().every() if is_about(article, error))
    return Reading(Kind.ARTICLE, None, article.id, article.title, "", "", errors, (_note(article, misprint=False),))


def _notes(reading: Reading, articles: Iterable[ArticleLike]) -> Iterator[ArticleNote]:
    codes = _ARTICLE_CODES.get(reading.kind)
    for article in articles:
        if codes is None:
            if any(is_about(article, error) for error in reading.errors):
                yield _note(article, misprint=False)
        elif reading.code in codes(article):
            misprint = reading.kind is Kind.DRIVER and reading.code in article.misprinted_codes
            yield _note(article, misprint)


def is_about(article: ArticleLike, error: ErrorText) -> bool:
    """Whether the article tells of the error."""
    if error.wire_code not in article.wire_codes:
        return False
    return error.detail is None or error.detail in article.details


def _note(article: ArticleLike, misprint: bool) -> ArticleNote:
    return ArticleNote(article.id, article.title, article.cause, article.fix, article.scenarios, misprint)
