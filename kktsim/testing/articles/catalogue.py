"""All articles judged, and everything of them that is written down."""

from collections.abc import Callable, Iterable, Iterator

from kktsim.testing.articles import words
from kktsim.testing.articles.judgement import Judged, judge
from kktsim.testing.articles.lead import how_many_matter, left_out, shares
from kktsim.testing.articles.page import file_name, page, table
from kktsim.testing.articles.phrases import codes
from kktsim.testing.articles.reasons import short
from kktsim.testing.articles.recorded import session
from kktsim.testing.articles.runs import found_in, keys
from kktsim.testing.articles.words import said
from scenarios.catalogue import Article, device_articles
from scenarios.library import SCENARIOS
from scenarios.playbook import Scenario
from scenarios.translations import Language, in_language

Progress = Callable[[str], None]


def scenarios_of(article: Article) -> list[Scenario]:
    """In the order in which the article names them."""
    return [SCENARIOS[name] for name in article.scenarios]


def judged(articles: Iterable[Article], progress: Progress = lambda scenario: None) -> Iterator[Judged]:
    """Each of the articles, as soon as all its cases are played. ``progress``: called with every scenario's id."""
    chosen = list(articles)
    found = found_in(keys(scenario for article in chosen for scenario in scenarios_of(article)))
    for article in chosen:
        mine = scenarios_of(article)
        results = []
        for case in keys(mine):
            progress(case.scenario)
            results.append(next(found))
        yield judge(article, mine, results)


def pages() -> dict[str, str]:
    """Every page of the catalogue by its file name."""
    all_judged = list(judged(device_articles()))
    told: dict[str, str] = {}
    for language in Language:
        told[file_name("README", language)] = index(all_judged, language)
    for one in all_judged:
        sessions = {scenario.id: session(scenario) for scenario in scenarios_of(one.article)}
        for language in Language:
            told[file_name(one.article.id, language)] = page(one, sessions, language)
    return told


def index(all_judged: list[Judged], language: Language) -> str:
    """The page that leads to the others."""
    other = Language.RUSSIAN if language is Language.ENGLISH else Language.ENGLISH
    heads = (words.ARTICLE, words.CODES, words.FIX_AS_PRINTED, words.STEPS_THAT_MATTER, words.LEFT_OUT)
    rows = [
        (
            f"[{in_language(one.article.title, language)}]({file_name(one.article.id, language)})",
            codes(one.article),
            shares(one, language),
            how_many_matter(one, language),
            "; ".join(short(title, language) for title in left_out(one)),
        )
        for one in all_judged
    ]
    done = sum(one.passed for one in all_judged)
    lines = (
        f"# {said(words.INDEX, language)}",
        "",
        f"<!-- {said(words.GENERATED, language)} -->",
        f"[{said(words.OTHER_LANGUAGE, language)}]({file_name('README', other)})",
        "",
        said(words.INDEX_ABOUT, language),
        "",
        said(words.DONE, language).format(done=done, all=len(all_judged)),
        "",
        *table([said(head, language) for head in heads], rows),
    )
    return "\n".join(lines) + "\n"
