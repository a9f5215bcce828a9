"""Every error of the till in one table: its numbers, its articles, and how it comes about here or why it does not.

Articles and recipes come as arguments, because only the command line, the control API and tools know the scenarios.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from kktsim.explain import ArticleLike, is_about
from protocol.atol.errors import DriverText, ErrorText, LibraryText, catalogue


class RecipeLike(Protocol):
    """What is needed of a recipe; `scenarios.error_recipes.ErrorRecipe` has it."""

    @property
    def how(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """«Ошибка ККТ» as the table shows it."""

    code: int
    detail: int | None
    name: str
    text_ru: str
    text_en: str
    driver_code: int | None
    libfptr10: int | None
    articles: tuple[str, ...]
    how: str
    """How it comes about here; empty: it does not."""
    no_path: str
    """Why it does not come about here; empty: it does."""


def error_rows(articles: Iterable[ArticleLike], recipes: Mapping[str, RecipeLike]) -> list[ErrorRow]:
    """All errors by byte, each byte followed by its details. ``recipes``: by the error's name."""
    known = tuple(articles)
    return [_row(error, known, recipes.get(error.identifier)) for error in _sorted(catalogue().every())]


def _sorted(errors: Iterable[ErrorText]) -> list[ErrorText]:
    return sorted(errors, key=lambda error: (error.wire_code, -1 if error.detail is None else error.detail))


def _row(error: ErrorText, articles: Iterable[ArticleLike], recipe: RecipeLike | None) -> ErrorRow:
    return ErrorRow(
        code=error.wire_code,
        detail=error.detail,
        name=error.identifier,
        text_ru=error.text_ru,
        text_en=error.text_en,
        driver_code=error.driver_code,
        libfptr10=error.libfptr10,
        articles=tuple(article.id for article in articles if is_about(article, error)),
        how="" if recipe is None else recipe.how,
        no_path=error.no_path,
    )


def drivers_own() -> Iterator[DriverText]:
    """Codes of driver 8 that no error of the till has: they tell of the port, the computer, the driver itself."""
    of_the_till = {error.driver_code for error in catalogue().every()}
    return (text for text in catalogue().driver.values() if text.code not in of_the_till)


def libfptr10_own() -> Iterator[LibraryText]:
    """The same for driver 10."""
    of_the_till = {error.libfptr10 for error in catalogue().every()}
    return (text for text in catalogue().libfptr10.values() if text.code not in of_the_till)
