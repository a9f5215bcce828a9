"""The catalogue of the FN's answer codes: what people call them and when they come.

The table is ``protocol/data/fn_errors.toml``; it is read on first use.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class FnError:
    """«Код ответа ФН»: official Russian name, English name, when it is answered. ``id``: the member of FnCode.

    ``generations``: which FNs have it, as «FN-1», «FN-1.1», «FN-1.1M».
    """

    code: int
    id: str
    generations: tuple[str, ...]
    name_ru: str
    name_en: str
    when: str


@cache
def fn_errors() -> dict[int, FnError]:
    """The catalogue by code."""
    text = files("protocol").joinpath("data", "fn_errors.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["error"]
    return {row["code"]: FnError(**row | {"generations": tuple(row["generations"])}) for row in rows}
