"""What articles print is in the catalogue, and what is in the catalogue is played by their scenarios."""

from collections.abc import Iterator

import pytest

from kktsim.terminal.menu import MenuError, menu
from kktsim.testing.articles.catalogue import scenarios_of
from kktsim.testing.articles.recorded import session
from protocol.typed_hex import parse_hex
from scenarios.at_terminal import RAW_COMMAND
from scenarios.by_hand import Words
from scenarios.catalogue import Article, articles, device_articles
from scenarios.playbook import Kind, Scenario, Step

DEVICE = device_articles()
each_article = pytest.mark.parametrize("article", DEVICE, ids=lambda article: article.id)


def steps_of(scenario: Scenario) -> Iterator[Step]:
    """All that it plays in some play."""
    yield from (*scenario.reproduce, *scenario.fix, *scenario.prove, *scenario.beyond)
    for alternative in scenario.alternatives:
        yield from alternative.steps


def test_twenty_three_articles_are_the_devices() -> None:
    assert len(DEVICE) == 23
    pointing = [article for article in articles().values() if article.same_as is not None]
    assert {article.same_as for article in pointing} <= {article.id for article in DEVICE}


@each_article
def test_every_cause_and_branch_has_a_scenario(article: Article) -> None:
    assert {scenario.case for scenario in scenarios_of(article)} == set(article.cases)


@each_article
def test_every_documented_step_is_played_by_some_scenario(article: Article) -> None:
    played = {step.title for scenario in scenarios_of(article) for step in steps_of(scenario)}
    assert [title for title in article.steps if title not in played] == []


@each_article
def test_a_documented_step_that_only_informs_tells_why(article: Article) -> None:
    for scenario in scenarios_of(article):
        for step in scenario.fix:
            if step.title in article.steps and step.kind is Kind.INFORMATIONAL:
                assert step.reason


@each_article
def test_every_raw_command_is_typed_as_it_is_printed(article: Article) -> None:
    typed = {word for line in menu_lines(article) if line[1] == RAW_COMMAND for word in line}
    assert [command for command in article.raw_commands if command not in typed] == []
    for command in article.raw_commands:
        assert parse_hex(command)[0]


@each_article
def test_every_path_that_is_printed_is_known_to_the_menu(article: Article) -> None:
    unknown = []
    for path in article.paths:
        try:
            menu().find(path)
        except MenuError:
            unknown.append(path)
    assert unknown == []


@each_article
def test_every_path_that_is_printed_and_does_something_is_gone(article: Article) -> None:
    gone = {menu().find(line[1]).path for line in menu_lines(article)}
    wanted = {place.path for path in article.paths if (place := menu().find(path)).does != "not_modelled"}
    below = {path[: len(path) - 1] for path in gone}
    assert wanted - gone - below == set()


def menu_lines(article: Article) -> Iterator[Words]:
    """What a person types at the menu in all its scenarios."""
    for scenario in scenarios_of(article):
        one = session(scenario)
        known = [step.typed for step in (*one.reproduced, *one.fixed, *one.beyond, *one.proved)]
        known += [step.typed for step in steps_of(scenario) if not callable(step.typed)]
        yield from (line for lines in known for line in lines if line[0] == "menu")
