"""The reader of the table of resets: what is in it, and what harm an article's own steps leave behind."""

import re
from collections.abc import Mapping
from dataclasses import fields

import pytest

from kktsim.device.settings import KktSettings
from kktsim.terminal.memory import TabletMemory
from kktsim.terminal.menu import ARROW, menu
from scenarios.at_terminal import (
    ADDRESS,
    DEFAULT_SNO,
    ENCASHMENT,
    GENERAL_RESET,
    OFD,
    PROTECTION_CODE,
    RESTART,
    SET_CLOCK,
    SET_UP,
    TABLET_CLOCK,
    ZEROING,
)
from scenarios.catalogue import articles
from scenarios.resets import (
    Words,
    destroyed,
    done_by,
    fates,
    hidden_harm,
    organs,
    resets,
    restored_by,
    table,
)
from tests.resets.eyes import seen
from tests.resets.marked import AHEAD_SECONDS
from tests.resets.test_resets_table import MEANS, WAYS
from tests.resets.troubled import before

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
QUOTED = re.compile("«[^»]*»")
LENGTHS = {"zeroing_seconds"}
"""Settings that decide how long a reset takes, and not what it does."""


def words() -> list[Words]:
    found = [effect.words for effect in table().effects.values()]
    found += [reset.words for reset in resets().values()] + [organ.words for organ in organs().values()]
    found += [cell.source for organ in organs().values() for cell in organ.cells.values()]
    found += [organ.matters for organ in organs().values() if organ.matters is not None]
    return found + [trial.words for reset in resets().values() for trial in (*reset.conditions, *reset.afterwards)]


def test_everything_is_told_in_both_languages() -> None:
    for one in words():
        assert one.en and not CYRILLIC.search(QUOTED.sub("", one.en)), one
        assert CYRILLIC.search(one.ru), one


def test_every_effect_has_a_meaning_and_is_used() -> None:
    cells = [cell for organ in organs().values() for cell in organ.cells.values()]
    used = {cell.effect.id for cell in cells}
    assert used == table().effects.keys() == MEANS.keys()
    assert resets().keys() == WAYS.keys()


def test_every_setting_of_the_till_about_resets_is_in_the_table() -> None:
    conditions = {cell.condition.setting for o in organs().values() for cell in o.cells.values() if cell.condition}
    trials = {name for reset in resets().values() for trial in reset.conditions for name in trial.settings}
    told = " ".join(trial.words.en for reset in resets().values() for trial in reset.conditions)
    about = {
        one.name for one in fields(KktSettings) if one.name.startswith(("zeroing_", "general_", "initialization_"))
    }
    for setting in about - LENGTHS:
        assert setting in conditions | trials or f"«{setting}»" in told, setting


def test_a_guess_says_so() -> None:
    cells = [cell for organ in organs().values() for cell in organ.cells.values()]
    assert {cell.is_guess for cell in cells} == {True, False}
    for cell in cells:
        assert cell.is_guess is cell.source.ru.startswith("догадка"), cell


# ---- harm


def harm(*steps: str) -> set[str]:
    return {fate.organ.id for fate in hidden_harm("zeroing", restored_by(steps))}


def test_zeroing_as_article_err_3825_has_it_loses_the_ofd_in_silence() -> None:
    left = harm(ZEROING, DEFAULT_SNO)
    assert {"ofd_address", "clock", "shift_totals", "other_requisites", "cash_at_z"} <= left
    assert "default_tax_system" not in left and "requisites" not in left


def test_what_steps_set_up_again_is_no_hidden_harm() -> None:
    before_steps = harm()
    steps = (f"{SET_UP}: «ofd.example», «7777»", f"{DEFAULT_SNO}: «Патент»", SET_CLOCK, ENCASHMENT)
    assert before_steps - harm(*steps) == {"ofd_address", "default_tax_system", "clock", "cash_at_z"}
    assert harm(f"{SET_UP} → ещё что-то") == before_steps


def test_a_setting_decides_what_is_destroyed() -> None:
    assert "clock" in {fate.organ.id for fate in destroyed("zeroing")}
    kept = {fate.organ.id for fate in destroyed("zeroing", {"zeroing_clears_clock": False})}
    assert "clock" not in kept and "ofd_address" in kept
    assert len(fates("zeroing")) == len(organs())


def test_a_documented_step_is_known_by_its_place_in_the_menu_or_its_words() -> None:
    assert done_by(ZEROING) is resets()["zeroing"]
    assert done_by(GENERAL_RESET) is resets()["general"]
    assert done_by("Через 15 секунд перезагрузите кассу") is resets()["reboot"]
    assert done_by("Закрыть смену / выполнить общее гашение") is resets()["general"]
    assert done_by(SET_UP) is None


@pytest.mark.parametrize(
    ("article", "hidden"),
    [
        ("err_minus16", set()),
        ("err_3825", {"ofd_address"}),
        ("err_3905", {"ofd_address"}),
        ("err_3969", {"clock", "ofd_address", "default_tax_system"}),
        ("err_3933", {"clock"}),
        ("ofd_banner", {"clock", "default_tax_system"}),
    ],
)
def test_the_lists_of_the_articles_leave_this_undone_after_zeroing(article: str, hidden: set[str]) -> None:
    told = articles()[article]
    assert any(done_by(step) is resets()["zeroing"] for step in told.steps)
    left = {fate.organ.id for fate in hidden_harm("zeroing", restored_by((*told.steps, *told.paths)))}
    assert left & {"clock", "ofd_address", "default_tax_system"} == hidden
    assert {"shift_totals", "other_requisites", "cash_at_z"} <= left


def test_the_words_of_documented_steps_are_those_of_an_article() -> None:
    told = [step.casefold() for article in articles().values() for step in article.steps]
    restore = [step for organ in organs().values() for step in organ.restores]
    for phrase in (*restore, *(step for reset in resets().values() for step in reset.by)):
        assert ARROW in phrase or any(phrase.casefold() in step for step in told), phrase


# ---- what sets an organ up again

NOT_MODELLED = {"Еще → Обмен → Загрузить данные"}


def test_steps_are_places_of_the_menu() -> None:
    steps = [step for organ in organs().values() for step in organ.restores if ARROW in step]
    steps += [step for reset in resets().values() for step in reset.by if ARROW in step]
    for step in steps:
        item = menu().find(step)
        assert str(item) == step
        assert (item.does == "not_modelled") is (step in NOT_MODELLED)


SOON = "02.03.2026 15:00"
OFD_TYPED = (SET_UP, "10.1.2.3", "7778")
TAX_SYSTEM_TYPED = (DEFAULT_SNO, "УСН доход")
TYPED: Mapping[tuple[str, str], tuple[str | None, ...]] = {
    ("clock", SET_CLOCK): (SET_CLOCK, SOON),
    ("clock", "корректные дату и время"): (SET_CLOCK, SOON),
    ("clock", "проверьте дату и время"): (SET_CLOCK, SOON),
    ("clock", RESTART): (RESTART,),
    ("clock", "перезагрузите кассу"): (RESTART,),
    ("ofd_address", OFD): OFD_TYPED,
    ("ofd_address", SET_UP): OFD_TYPED,
    ("ofd_address", "адрес и порт"): OFD_TYPED,
    ("ofd_address", ADDRESS): (ADDRESS, None, None, "10.1.2.3", "7778"),
    ("default_tax_system", DEFAULT_SNO): TAX_SYSTEM_TYPED,
    ("default_tax_system", "СНО по умолчанию"): TAX_SYSTEM_TYPED,
    ("cash_at_z", ENCASHMENT): (ENCASHMENT, "Да"),
    ("cash_at_z", "«Инкассация»"): (ENCASHMENT, "Да"),
    ("protection_codes", PROTECTION_CODE): (PROTECTION_CODE, "2", None),
    ("tablet_clock", TABLET_CLOCK): (TABLET_CLOCK, SOON),
}
"""Organ and step to where a person goes for it, and what is typed there; the code is in the till's passport."""


@pytest.mark.parametrize(
    ("organ", "step"),
    [(organ.id, step) for organ in organs().values() for step in organ.restores if step not in NOT_MODELLED],
)
def test_a_step_sets_up_again_what_the_table_says(organ: str, step: str) -> None:
    stage = before(organ, closed=False, settings={"zeroing_keeps_codes": False})
    marked = seen(stage, organ)
    assert WAYS["zeroing"][0](stage)
    stage.tablet = TabletMemory(ahead_seconds=0.0 if organ == "tablet_clock" else AHEAD_SECONDS)
    if organ != "clock":
        stage.set_clock()
    assert seen(stage, organ) != marked
    path, *typed = TYPED[organ, step]
    assert path is not None
    if organ == "protection_codes":
        stage.terminal.choose(path, "1", stage.hands.passport_code(1))
        typed[1] = stage.hands.passport_code(2)
    stage.terminal.choose(path, *typed)
    assert seen(stage, organ) == marked
