"""Paths of the menu as people and articles write them."""

import pytest

from kktsim.terminal.actions import ACTIONS
from kktsim.terminal.menu import Item, Menu, MenuError, menu
from scenarios.catalogue import articles

SPELLED = [
    ("Настройки → ОФД", "ofd"),
    ("Настройки → ОФД.", "ofd"),
    ("Настройки-ОФД", "ofd"),
    ("«Настройки» → «ОФД»", "ofd"),
    ("настройки > офд", "ofd"),
    ("НАСТРОЙКИ/ОФД", "ofd"),
    ("ОФД", "ofd"),
    ("Настройки — ОФД — Настроить ОФД", "ofd_set_up"),
    ("Настроить ОФД", "ofd_set_up"),
    ("Настройки, обслуживание кассы, проверка связи с ОФД", "ofd_check"),
    ("Настройки — Обслуживание кассы — Дополнительные операции — Адрес ОФД", "ofd_address"),
    ("Доп. операции / Адрес ОФД", "ofd_address"),
    ("Настройки» → Обслуживание кассы → Дополнительные операции → Произвольная команда", "any_command"),
    ("Настройки → Обслуживание кассы → Доп.операции → Технологическое обнуление", "technological_zeroing"),
    ("доп. операции → техн. обн.", "technological_zeroing"),
    ("Распечатать документ по номеру", "print_document"),
    ("Ещё → Браузер", "browser"),
    ("Еще → Браузер", "browser"),
]


@pytest.mark.parametrize(("text", "id"), SPELLED)
def test_a_path_is_found_however_it_is_written(text: str, id: str) -> None:
    assert menu().find(text).id == id


@pytest.mark.parametrize("item", menu().items, ids=lambda item: item.id)
def test_every_place_is_found_by_its_own_path_and_by_the_printed_ones(item: Item) -> None:
    assert menu().find(str(item)) is item
    assert all(menu().find(" — ".join(path)) is item for path in item.printed)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "'' names nothing: write a path, as «Настройки → ОФД»"),
        ("→ /", "names nothing"),
        ("Настройки → ОФТ", "the menu has no «Настройки → ОФТ»; the nearest is «Настройки → ОФД» or"),
        ("Прверка связи с ОФД", "the nearest is «Настройки → Обслуживание кассы → Проверка связи с ОФД» or"),
        ("Доп. операции", "«Доп. операции» is a section of the menu: choose «Настройки → Обслуживание кассы → "),
        ("ОФД → Настройки", "the menu has no «ОФД → Настройки»"),
        ("кассы → Проверка связи с ОФД", "the menu has no"),
    ],
)
def test_what_means_no_place_is_told_with_those_that_are_near(text: str, sentence: str) -> None:
    with pytest.raises(MenuError) as told:
        menu().find(text)
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_an_ending_of_two_places_is_ambiguous_and_a_whole_path_is_not() -> None:
    places = Menu(
        tuple(Item(str(number), path, "send", "", ()) for number, path in enumerate([("А", "Б"), ("В", "Б"), ("Б",)]))
    )

    assert places.find("А Б").id == "0"
    assert places.find("Б").id == "2"
    with pytest.raises(MenuError, match="«Б» may be «А → Б» or «В → Б»: write more of the path"):
        Menu(places.items[:2]).find("Б")


def test_every_place_has_an_action_and_every_action_a_place() -> None:
    assert {item.does for item in menu().items} == set(ACTIONS)


def test_only_the_action_send_is_told_what_to_send() -> None:
    assert [item.id for item in menu().items if bool(item.commands) is not (item.does == "send")] == []


def test_the_articles_of_the_menu_are_those_of_the_catalogue() -> None:
    assert {article for item in menu().items for article in item.articles} <= set(articles())
