"""The other language of what articles and scenarios say: ``scenarios/translations.toml``, read on first use.

A key is a text, or a pattern with gaps for what is the same in both languages: ``{} documents wait for the OFD``.
"""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

_QUOTED = re.compile(r"«[^«»]*»|[“”][^“”]*”")
_PATH = re.compile(r"[^:→]+( → [^:→а-яa-z][^:→]*)+(:|$)")
"""Every segment of a place of the menu begins with a capital letter."""
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)


GAP = "{}"
"""In a key: anything, and the same in both languages."""


class Language(StrEnum):
    """In which the pages are."""

    ENGLISH = "en"
    RUSSIAN = "ru"


@cache
def translations() -> Mapping[str, str]:
    """A text to the same text in the other language."""
    text = files("scenarios").joinpath("translations.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def language_of(text: str) -> Language | None:
    """By most of its letters outside of quotes; None: it is a place of the menu, or has no words of its own."""
    told = _QUOTED.sub("", text)
    if _PATH.match(told):
        return None
    russian, english = len(_CYRILLIC.findall(told)), len(_LATIN.findall(told))
    if not russian and not english:
        return None
    return Language.RUSSIAN if russian > english else Language.ENGLISH


def in_language(text: str, language: Language) -> str:
    """The text in a language; as it is when nobody has translated it."""
    if language_of(text) in (language, None):
        return text
    return _translated(text) or text


def is_missing(text: str) -> bool:
    """Whether the text has words and no translation."""
    return language_of(text) is not None and key_of(text) is None


def key_of(text: str) -> str | None:
    """What of `translations` tells the other language of a text; None: nothing does."""
    if text in translations():
        return text
    return next((key for key, pattern in _patterns().items() if _fits(pattern, text)), None)


def _translated(text: str) -> str | None:
    key = key_of(text)
    if key is None:
        return None
    found = None if key == text else _patterns()[key].fullmatch(text)
    return translations()[key].format(*(() if found is None else found.groups()))


def _fits(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a text is of a pattern, and the gaps hold nothing that has a language."""
    found = pattern.fullmatch(text)
    return found is not None and not any(map(language_of, found.groups()))


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """Keys with gaps, as expressions."""
    return {key: re.compile("(.+)".join(map(re.escape, key.split(GAP)))) for key in translations() if GAP in key}
