"""The catalogue of support articles: which code each is about, what it tells to do, which scenarios reproduce it.

The table is ``scenarios/articles.toml``; it is read on first use. An article's id is its key there.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Article:
    """«Статья поддержки»: an error as its users are told about it. Texts in Russian are the article's own."""

    id: str
    title: str
    cause: str
    """In one line, our own words."""
    fix: str
    screens: tuple[str, ...]
    """What the article shows on the screen or the paper."""
    wire_codes: tuple[int, ...]
    details: tuple[int, ...]
    """Register 55 after the byte EEh."""
    driver_codes: tuple[int, ...]
    misprinted_codes: tuple[int, ...]
    """Driver codes that the article prints and the driver gives to another byte."""
    fn_codes: tuple[int, ...]
    tags: tuple[int, ...]
    """Requisites that the article calls by number."""
    same_as: str | None
    """Id of the article this one points to."""
    scenarios: tuple[str, ...]
    cases: Mapping[str, str]
    """Key to the cause or branch that a scenario plays; empty: the device alone cannot show the error."""
    steps: tuple[str, ...]
    """What it tells to do, in its order: titles of steps."""
    raw_commands: tuple[str, ...]
    """Exactly as printed."""
    paths: tuple[str, ...]
    """Places of the menu, as printed."""


@cache
def articles() -> Mapping[str, Article]:
    """All articles by id, in the order of the table."""
    text = files("scenarios").joinpath("articles.toml").read_text(encoding="utf-8")
    return {key: _article(key, row) for key, row in tomllib.loads(text).items()}


def device_articles() -> list[Article]:
    """Those whose error the till, its FN and the way to the OFD show by themselves, each once."""
    return [article for article in articles().values() if article.cases]


def _article(key: str, row: Mapping[str, Any]) -> Article:
    return Article(
        id=key,
        title=row["title"],
        cause=row["cause"],
        fix=row["fix"],
        screens=tuple(row.get("screens", ())),
        wire_codes=tuple(row.get("wire", ())),
        details=tuple(row.get("detail", ())),
        driver_codes=tuple(row.get("driver", ())),
        misprinted_codes=tuple(row.get("misprinted", ())),
        fn_codes=tuple(row.get("fn", ())),
        tags=tuple(row.get("tags", ())),
        same_as=row.get("same_as"),
        scenarios=tuple(row["scenarios"]),
        cases=dict(row.get("cases", {})),
        steps=tuple(row.get("steps", ())),
        raw_commands=tuple(row.get("raw", ())),
        paths=tuple(row.get("paths", ())),
    )
