"""Paths of the menu as people and articles write them."""

from collections import Counter
from types import SimpleNamespace

import pytest

from kktsim.terminal.actions import ACTIONS
from kktsim.terminal.goods import AGENTS, KINDS, TAX_SYSTEMS, VAT
from kktsim.terminal.menu import Item, Menu, MenuError, menu
from kktsim.terminal.screen import NOT_MODELLED
from kktsim.terminal.terminal import Terminal
from scenarios import at_terminal
from scenarios.catalogue import articles

from .stage import Scripted

SPELLED = [
    ("Настройки → ОФД", "ofd"),
    ("«Настройки» → «ОФД»", "ofd"),
    ("настройки > офд", "ofd"),
    ("НАСТРОЙКИ/ОФД", "ofd"),
    ("ОФД", "ofd"),
    ("Настройки — ОФД — Настроить ОФД", "ofd_set_up"),
    ("Настроить ОФД", "ofd_set_up"),
    ("Настройки, обслуживание кассы, проверка связи с ОФД", "ofd_check"),
    ("Доп. операции / Адрес ОФД", "ofd_address"),
    ("доп. операции → техн. обн.", "technological_zeroing"),
    ("Распечатать документ по номеру", "print_document"),
    ("прогон 1", "test_run"),
    ("Доп. операции", "more_service"),
    ("закрыть смену", "close_shift"),
    ("О терминале", "about_terminal"),
    ("EvoBackups", "storage"),
]

OTHER_ARTICLES = frozenset(
    {
        *("card_5i_freeze_before_error", "card_payment_not_completed", "tablet_reset_keep_data", "tablet_reset"),
        *("phone_registration_error", "backup_usb_create", "backup_usb_restore", "scanner_check_on_pc"),
        *("scanner_till_settings", "print_hang", "android_recovery", "egais_mark_accounting", "alcohol_ean_type"),
        *("egais_beer_not_written_off", "egais_open_container_failed", "egais_unaccounted_beer"),
        *("no_lk_ofd_connection", "exchange_load_400", "lk_phone_number"),
    }
)
"""Articles of which the till can show nothing."""


@pytest.mark.parametrize(("text", "id"), SPELLED)
def test_a_path_is_found_however_it_is_written(text: str, id: str) -> None:
    assert menu().find(text).id == id


@pytest.mark.parametrize("item", menu().items, ids=lambda item: item.id)
def test_every_place_is_found_by_its_own_path_and_by_the_printed_ones(item: Item) -> None:
    assert menu().find(str(item)) is item
    assert all(menu().find(" — ".join(path)) is item for path in item.printed)


@pytest.mark.parametrize("path", [text for text in vars(at_terminal).values() if isinstance(text, str) and "→" in text])
def test_every_place_that_a_scenario_names_is_there(path: str) -> None:
    assert str(menu().find(path)) == path


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "'' names nothing: write a path, as «Настройки → ОФД»"),
        ("→ /", "names nothing"),
        ("Настройки → ОФТ", "the menu has no «Настройки → ОФТ»; the nearest is «Настройки → ОФД» or"),
        ("Прверка связи с ОФД", "the nearest is «Настройки → Обслуживание кассы → Проверка связи с ОФД» or"),
        ("Кассовые отчеты", "is a section of the menu: choose «Отчеты → Кассовые отчеты → Закрыть смену»"),
        ("Еще → Обмен", "is a section of the menu: choose «Еще → Обмен → Загрузить данные»"),
        ("ОФД → Настройки", "the menu has no «ОФД → Настройки»"),
        ("кассы → Проверка связи с ОФД", "the menu has no"),
    ],
)
def test_what_means_no_place_is_told_with_those_that_are_near(text: str, sentence: str) -> None:
    with pytest.raises(MenuError) as told:
        menu().find(text)
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_a_section_is_told_with_what_comes_next_though_another_path_ends_like_it() -> None:
    with pytest.raises(MenuError) as told:
        menu().find("Настройки")

    assert str(told.value) == (
        "«Настройки» is a section of the menu: choose «Настройки → ОФД» or «Настройки → Дата и время» or"
        " «Настройки → Правила торговли» or «Настройки → Оборудование» or «Настройки → ЕГАИС» or"
        " «Настройки → Обслуживание кассы»"
    )


def test_an_ending_of_two_places_is_ambiguous_and_a_whole_path_is_not() -> None:
    places = Menu(
        tuple(Item(str(number), path, "send", "", ()) for number, path in enumerate([("А", "Б"), ("В", "Б"), ("Б",)]))
    )

    assert places.find("А Б").id == "0"
    assert places.find("Б").id == "2"
    with pytest.raises(MenuError, match="«Б» may be «А → Б» or «В → Б»: write more of the path"):
        Menu(places.items[:2]).find("Б")


def test_every_place_has_an_id_of_its_own_and_an_action_and_every_action_a_place() -> None:
    assert [id for id, times in Counter(item.id for item in menu().items).items() if times > 1] == []
    assert {item.does for item in menu().items} == set(ACTIONS)


def test_only_what_sends_commands_is_told_which() -> None:
    sending = {item.id for item in menu().items if item.does in {"send", "report"}}

    assert {item.id for item in menu().items if item.commands} == sending
    assert {item.id for item in menu().items if item.in_any_state} == {"general_reset", "technological_zeroing"}


def test_the_articles_of_the_menu_are_those_of_the_catalogue_and_those_of_which_the_till_shows_nothing() -> None:
    named = {article for item in menu().items for article in item.articles}

    assert named - set(articles()) == OTHER_ARTICLES


def test_the_words_of_a_form_are_those_that_the_actions_know() -> None:
    words = {field.title: set(field.words) for item in menu().items for field in item.fields if field.words}

    assert words == {
        "Признак агента": set(AGENTS),
        "СНО": set(TAX_SYSTEMS),
        "НДС": set(VAT),
        "Вид": set(KINDS),
        "Инкассация": {"Да", "Нет"},
    }


@pytest.mark.parametrize("item", [item for item in menu().items if not item.is_modelled], ids=lambda item: item.id)
def test_what_is_not_modelled_says_so_and_asks_the_till_nothing(item: Item) -> None:
    assert item.about.startswith("not modelled yet: ")
    terminal = Terminal(Scripted(), lambda: 0.0, SimpleNamespace())

    assert terminal.choose(str(item)) == (NOT_MODELLED,)
