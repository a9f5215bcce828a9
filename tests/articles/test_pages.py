"""The pages of the articles: current, whole in both languages, with links that lead somewhere."""

import re
from pathlib import Path

import pytest

from kktsim.kkt_models import load
from kktsim.testing.articles.catalogue import pages
from scenarios.catalogue import device_articles
from scenarios.translations import Language, language_of
from tools.generate_article_pages import FOLDER, outdated

NAMES = sorted(
    {"README.md", "README.ru.md"}
    | {f"{article.id}{ending}" for article in device_articles() for ending in (".md", ".ru.md")}
)
_LINK = re.compile(r"\]\(([^)#]+)\)")
_STEP = re.compile(r"\| (\d+|\+) \|")
_BAR = re.compile(r"(?<!\\)\|")


def text_of(name: str) -> str:
    """As it is in the repository, which is as it would be written now."""
    return (FOLDER / name).read_text(encoding="utf-8")


def test_the_pages_are_current() -> None:
    assert outdated(pages()) == []


def test_every_article_of_the_device_has_a_page_in_both_languages() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == NAMES


def test_all_of_them_are_reproduced_and_judged() -> None:
    assert "23 of 23 reproduced and judged" in text_of("README.md")
    assert "разобрано 23 из 23" in text_of("README.ru.md")


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_a_page_leads_to_a_page(name: str) -> None:
    assert [link for link in _LINK.findall(text_of(name)) if not (FOLDER / link).is_file()] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_of_a_table_are_as_long_as_its_head(name: str) -> None:
    width = 0
    for line in text_of(name).splitlines():
        bars = len(_BAR.findall(line)) if line.startswith("|") else 0
        assert bars in (0, width) or not width
        width = bars


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".ru.md")])
def test_a_russian_page_tells_in_russian_why_a_step_matters(name: str) -> None:
    reasons = [line.split(" | ")[-1].removesuffix(" |") for line in text_of(name).splitlines() if _STEP.match(line)]
    assert [reason for reason in reasons if language_of(reason) is Language.ENGLISH] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_till_that_is_to_be_served_exists(name: str) -> None:
    models = re.findall(r"kktsim serve.* --model (\S+)", text_of(name))
    assert all(load(model) for model in models)


def test_a_page_that_is_missing_changed_or_nobodys_is_outdated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.generate_article_pages.FOLDER", tmp_path)
    for name in ("same.md", "changed.md", "nobodys.md"):
        (tmp_path / name).write_text("text")
    wanted = {"same.md": "text", "changed.md": "another", "missing.md": "text"}
    assert outdated(wanted) == ["changed.md", "missing.md", "nobodys.md"]
