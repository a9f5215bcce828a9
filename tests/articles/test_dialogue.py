"""What a page shows of the talk with the till, by one rule for all articles."""

import pytest

from kktsim.testing.articles.dialogue import LONGEST_BYTES, decisive, dialogue
from kktsim.testing.articles.recorded import Exchange, session
from scenarios.catalogue import device_articles
from scenarios.library import SCENARIOS
from scenarios.playbook import Scenario
from scenarios.translations import Language

LONGEST = 16
"""Lines of one case."""
DONE = Exchange(bytes.fromhex("48"), bytes.fromhex("55 00 00"))
STATE = Exchange(bytes.fromhex("45"), bytes.fromhex("55 01 00"))
SLIP = Exchange(bytes.fromhex("67 01"), bytes.fromhex("55 00 00"), prints=True)
CLOSED = Exchange(bytes.fromhex("EB"), bytes.fromhex("55 9A 00"))
OPEN = Exchange(bytes.fromhex("92 00 01"), bytes.fromhex("55 9B 00"))
EXTENDED = Exchange(bytes.fromhex("4A 00 01"), bytes.fromhex("55 EE 00"))
ASKED = Exchange(bytes.fromhex("91 37 00 00"), bytes.fromhex("55 00 00 4A 02 05 00 00 00 00"))


@pytest.mark.parametrize(
    ("exchanges", "error", "told"),
    [
        ((DONE, OPEN, DONE), 0x9B, (OPEN,)),
        ((OPEN, CLOSED, DONE), 0x9B, (OPEN,)),
        ((OPEN, CLOSED, DONE), None, (DONE,)),
        ((OPEN, SLIP, DONE), None, (SLIP,)),
        ((SLIP, OPEN, DONE), 0x9B, (OPEN,)),
        ((DONE, EXTENDED, DONE, ASKED, CLOSED), 0xEE, (EXTENDED, ASKED)),
        ((DONE, STATE), None, (STATE,)),
        ((), None, ()),
    ],
)
def test_what_decides_is_the_refusal_and_the_question_about_it(
    exchanges: tuple[Exchange, ...], error: int | None, told: tuple[Exchange, ...]
) -> None:
    assert tuple(decisive(exchanges, error)) == told


def lines(scenario: str) -> list[str]:
    one = SCENARIOS[scenario]
    found = next(each for each in device_articles() if each.id == one.article)
    return list(dialogue(session(one), found, Language.ENGLISH))


def test_the_question_of_an_article_is_told_with_its_answer() -> None:
    asked, answered = lines("last_fd_date_time")[1:]
    assert asked.startswith(">> 91 34 00 00   91h ReadRegister")
    assert answered.endswith("document_number=93 at=17.01.2018 12:44 fiscal_sign=184610009")


def test_what_somebody_looks_for_on_the_paper_is_told_behind_what_has_printed_it() -> None:
    told = lines("fn_211_archive_closed")
    at = next(index for index, line in enumerate(told) if line.startswith(">> 82 01 01 00"))
    assert told[at + 1].split() == ["#", "paper:", "Фиск.", "режим", "закрыт", "ДА"]


def test_a_line_that_is_not_there_is_told_so() -> None:
    assert "#   paper: no line «ПРИЗНАК АГЕНТА»" in lines("agent_no_flag")


def test_commands_typed_one_after_the_other_share_a_title() -> None:
    told = lines("err_1057")
    assert "# the fix: «Произвольная команда»: 48 · 56 06 00 00 00 30 · E8 00 01 00 21 04 01 00 00" in told
    assert any(line.startswith(">> 48 ") and line.endswith("<< 55 00 00") for line in told)


ON_PAGES = [one for one in SCENARIOS.values() if one.article in {each.id for each in device_articles()}]
SILENT = "protection_code_no_link"
"""Its till answers nothing."""


@pytest.mark.parametrize("scenario", ON_PAGES, ids=lambda one: one.id)
def test_every_case_of_an_article_tells_something_and_not_too_much(scenario: Scenario) -> None:
    told = lines(scenario.id)
    assert any(line.startswith(">> ") for line in told) is (scenario.id != SILENT)
    assert len(told) <= LONGEST
    assert all(len(line.partition("   ")[0]) <= 3 * LONGEST_BYTES + 80 for line in told)
    if scenario.error is not None and told:
        assert any(line.startswith(f"<< 55 {scenario.error:02X}") for line in told)
