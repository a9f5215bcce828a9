"""A model of FN as people buy it: generation, term, sizes, texts of its answers and its named settings."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from fn_model.settings import FnSettings


class Generation(StrEnum):
    """«Исполнение ФН»."""

    FN_1_1 = "FN-1.1"


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
    """«Модель ФН». ``term_days`` counts from the registration report, ``registrations`` includes the first one."""

    name: str
    generation: Generation
    term_days: int
    registrations: int
    version: str
    execution: str
    newest_ffd: int
    archive_documents: int
    storage_bytes: int
    archive_warning_percent: int
    data_limits: DataLimits
    settings: FnSettings


def model_names() -> list[str]:
    """Names of the models that ``load_model`` takes."""
    names = (entry.name for entry in files("fn_model").joinpath("models").iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def load_model(name: str = "fn-1-1-15") -> FnModel:
    """The model of ``models/<name>.toml``; ValueError when there is none."""
    if name not in model_names():
        raise ValueError(f"no FN model {name!r}; there are {', '.join(model_names())}")
    return read_model(files("fn_model").joinpath("models", f"{name}.toml").read_text(encoding="utf-8"))


def read_model(text: str) -> FnModel:
    """The model that a TOML text describes; every key is needed, except in ``[settings]``."""
    row = tomllib.loads(text)
    return FnModel(
        **row
        | {
            "generation": Generation(row["generation"]),
            "data_limits": DataLimits(**row["data_limits"]),
            "settings": FnSettings.from_mapping(row["settings"]),
        }
    )
