"""Everything that the pages show is there in English and in Russian."""

import json
from collections.abc import Iterator

import pytest

from kktsim.testing.articles import texts
from kktsim.testing.articles.catalogue import scenarios_of
from kktsim.testing.articles.reasons import because
from scenarios.catalogue import device_articles
from scenarios.health import FIXED, REQUISITES, UNSET
from scenarios.translations import Language, in_language, is_missing, key_of, language_of, translations


def shown() -> Iterator[str]:
    for article in device_articles():
        yield from texts.of_article(article)
        for scenario in scenarios_of(article):
            yield from texts.of_scenario(scenario)


def test_every_text_has_its_other_language() -> None:
    missing = dict.fromkeys(text for text in shown() if is_missing(text))
    ready_to_paste = "\n".join(f'{json.dumps(text, ensure_ascii=False)} = ""' for text in missing)
    assert not missing, f"scenarios/translations.toml lacks:\n{ready_to_paste}"


def test_a_translation_is_in_the_other_language() -> None:
    wrong = [
        text
        for text, other in translations().items()
        if language_of(other) is None or language_of(other) is language_of(text)
    ]
    assert wrong == []


def test_no_translation_is_of_a_text_that_nobody_shows() -> None:
    used = {key_of(text) for text in shown()}
    assert [key for key in translations() if key not in used] == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("sell", Language.ENGLISH),
        ("продать", Language.RUSSIAN),
        ("let ФД 93 get the sign", Language.ENGLISH),
        ("«Настройки» says nothing", Language.ENGLISH),
        ("Настройки → ОФД: «7777»", None),
        ("Настройки → ОФД", None),
        ("Проверить соединение ФН → шлейф", Language.RUSSIAN),
        ("«(!) ОФД»", None),
        ("59", None),
    ],
)
def test_the_language_of_a_text_is_that_of_most_of_its_letters_outside_of_quotes(
    text: str, language: Language | None
) -> None:
    assert language_of(text) is language


@pytest.mark.parametrize(
    ("text", "russian"),
    [
        ("3 documents wait for the OFD", "ждут отправки в ОФД документов: 3"),
        ("the slip says «Обмен: НЕТ ОТВЕТА»", "на чеке диагностики: «Обмен: НЕТ ОТВЕТА»"),
        ("three documents wait for the OFD", "three documents wait for the OFD"),
    ],
)
def test_a_gap_stands_for_what_has_no_language(text: str, russian: str) -> None:
    assert in_language(text, Language.RUSSIAN) == russian


def test_whatever_a_till_can_lose_has_a_russian_name() -> None:
    things = [name for name, _ in UNSET.values()] + list(FIXED.values())
    lost = [f"{name} is no longer set" for name in things]
    lost += [f"the requisite {name}, is gone" for name in REQUISITES.values()]
    for text in lost:
        name = text.removesuffix(" is no longer set").removesuffix(", is gone")
        assert name not in because(f"with it {text}", Language.RUSSIAN), text


def test_a_text_without_words_is_the_same_in_both() -> None:
    assert in_language("Настройки → ОФД", Language.ENGLISH) == "Настройки → ОФД"
    assert not is_missing("59")


@pytest.mark.parametrize(
    ("text", "russian"),
    [
        ("without it everything is the same", "без него всё так же"),
        (
            "without it 3 documents stay unsent; the till's clock is off by -1.6 days",
            "без него остаются неотправленными документы: 3; часы кассы ошибаются на -1.6 сут.",
        ),
    ],
)
def test_why_a_step_matters_is_told_in_russian_too(text: str, russian: str) -> None:
    assert because(text, Language.RUSSIAN) == russian
    assert because(text, Language.ENGLISH) == text
