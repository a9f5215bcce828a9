"""What happens inside, as prose: both languages of each article tell the same, with numbers that exist."""

import re

import pytest
from click.testing import CliRunner

from kktsim.cli import main
from protocol.atol.command import COMMANDS
from protocol.atol.commands.registers import REGISTERS
from protocol.atol.errors import catalogue
from protocol.ffd.tags import TAGS
from protocol.fn.commands import FnCommand
from protocol.fn.errors import fn_errors
from scenarios.catalogue import device_articles
from scenarios.stories import stories, story
from scenarios.translations import Language, language_of

IDS = [article.id for article in device_articles()]
SHORTEST, LONGEST = 500, 1_300
"""Characters of one paragraph."""
BYTE = re.compile(r"\b([0-9A-F]{2})h\b")
DETAIL = re.compile(r"\b([0-9A-F]{4})h\b")
DRIVER = re.compile(r"-(\d{4})\b")
TAG = re.compile(r"\b(1[0-2]\d\d)\b")


def found(pattern: re.Pattern[str], text: str) -> set[str]:
    return set(pattern.findall(text))


def test_each_article_has_one_and_nothing_is_left_over() -> None:
    assert set(stories()) == set(IDS)
    assert all(set(texts) == {"en", "ru"} for texts in stories().values())


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("article", IDS)
def test_it_is_a_paragraph_in_its_language(article: str, language: Language) -> None:
    told = story(article, language)
    assert SHORTEST < len(told) < LONGEST
    assert told.endswith(".")
    assert told.count("«") == told.count("»")
    assert told.count("`") % 2 == 0
    assert language_of(told) is language


@pytest.mark.parametrize("article", IDS)
def test_both_languages_name_the_same_numbers(article: str) -> None:
    english, russian = (story(article, language) for language in (Language.ENGLISH, Language.RUSSIAN))
    for pattern in (BYTE, DETAIL, DRIVER, TAG, re.compile(r"`(.+?)`")):
        assert found(pattern, english) == found(pattern, russian)


@pytest.mark.parametrize("article", IDS)
def test_every_number_that_it_names_exists(article: str) -> None:
    told = story(article, Language.ENGLISH)
    known = catalogue()
    bytes_known = {*COMMANDS, *known.wire, *REGISTERS, *fn_errors(), *FnCommand}
    details = {detail for _, detail in known.details}
    assert {int(code, 16) for code in found(BYTE, told)} <= bytes_known
    assert {int(code, 16) for code in found(DETAIL, told)} <= details
    assert {-int(code) for code in found(DRIVER, told)} <= set(known.driver)
    assert {int(tag) for tag in found(TAG, told)} <= set(TAGS)


def test_a_person_at_the_command_line_reads_it_too() -> None:
    told = CliRunner().invoke(main, ["articles", "fn_210", "--lang", "ru"]).stdout
    assert story("fn_210", Language.RUSSIAN).replace("`", "") in told.replace("\n", " ")
