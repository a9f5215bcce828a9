"""A model of FN as people buy it: generation, term, sizes, texts of its answers and its named settings."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from fn_model.settings import FnSettings


class Generation(StrEnum):
    """«Поколение ФН»: FN-1 takes FFD up to 1.05, FN-1.1 up to 1.1, FN-1.1M up to 1.2 and codes of marked goods."""

    FN_1 = "FN-1"
    FN_1_1 = "FN-1.1"
    FN_1_1M = "FN-1.1M"


MOST_ITEMS = 1000
"""Items (1059) in a document; one more is 0Eh. A guess: no source tells how many a real FN takes."""


NOTIFICATION_BYTES = 1 << 18
"""Bytes of the area for notifications about marked goods. A guess: no source tells how large it is."""


@dataclass(frozen=True, slots=True)
class DataLimits:
    """How many bytes of 07h a document takes."""

    registration: int
    shift: int
    receipt: int
    settlement: int
    close_archive: int


@dataclass(frozen=True, slots=True)
class FnModel:
    """«Модель ФН». ``name``: what ``load_model`` takes.

    ``term_days`` counts from the registration report (``terms`` shortens it), ``registrations`` includes the first
    one. ``crypto_resource_signs``: how many documents the keys can sign, 0: they set no limit.
    """

    name: str
    title: str
    generation: Generation
    months: int
    term_days: int
    registrations: int
    version: str
    execution: str
    newest_ffd: int
    archive_documents: int
    storage_bytes: int
    archive_warning_percent: int
    crypto_resource_signs: int
    data_limits: DataLimits
    settings: FnSettings
    most_items: int = MOST_ITEMS
    notification_bytes: int = NOTIFICATION_BYTES


def model_names() -> list[str]:
    """Names of the models that ``load_model`` takes."""
    names = (entry.name for entry in files("fn_model").joinpath("models").iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def load_model(name: str = "fn-1-1-15") -> FnModel:
    """The model of ``models/<name>.toml``; ValueError when there is none."""
    if name not in model_names():
        raise ValueError(f"no FN model {name!r}; there are {', '.join(model_names())}")
    return read_model(name, files("fn_model").joinpath("models", f"{name}.toml").read_text(encoding="utf-8"))


def read_model(name: str, text: str) -> FnModel:
    """The model that a TOML text describes; every key is needed, except those with a default and ``[settings]``'s."""
    row = tomllib.loads(text)
    return FnModel(
        **row
        | {
            "name": name,
            "generation": Generation(row["generation"]),
            "data_limits": DataLimits(**row["data_limits"]),
            "settings": FnSettings.from_mapping(row["settings"]),
        }
    )
