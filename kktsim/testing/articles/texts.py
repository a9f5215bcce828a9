"""Every text of articles and scenarios that the pages show, and that must be there in both languages."""

from collections.abc import Iterator

from kktsim.testing.lives.counterexamples import known
from scenarios.catalogue import Article
from scenarios.playbook import Scenario


def of_article(article: Article) -> Iterator[str]:
    """Its title, what it tells to do, its causes, and from where it does not help."""
    yield article.title
    yield from article.steps
    yield from article.cases.values()
    for one in known():
        if one.article == article.id:
            yield one.why
            yield from (deed for part in one.parts for deed in sorted(part))


def of_scenario(scenario: Scenario) -> Iterator[str]:
    """Its title, its steps, what it tries beside them, what is documented of it."""
    yield scenario.title
    for step in (*scenario.reproduce, *scenario.fix, *scenario.prove, *scenario.beyond):
        yield step.title
        yield step.reason
    yield from (alternative.title for alternative in scenario.alternatives)
    yield from (variant.title for variant in scenario.variants)
    yield scenario.beyond_title
    yield scenario.documented
    yield scenario.inferred
