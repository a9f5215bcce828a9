"""What happens inside while an error of an article lasts, as prose: ``scenarios/stories.toml``, read on first use."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from scenarios.translations import Language


def story(article: str, language: Language) -> str:
    """One paragraph about the article with this id. Raises KeyError."""
    return " ".join(stories()[article][language].split())


@cache
def stories() -> Mapping[str, Mapping[str, str]]:
    """By article id and language, with line breaks wherever the file has them."""
    return tomllib.loads(files("scenarios").joinpath("stories.toml").read_text(encoding="utf-8"))
