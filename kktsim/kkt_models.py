"""Models of tills: those of ``kktsim/models`` and those a user's file describes."""

from dataclasses import fields
from functools import cache
from importlib import resources
from pathlib import Path

from kktsim.device.model import KktModel
from kktsim.model_file import Facts, ModelFileError, UnknownModelError, build, parse

DEFAULT_MODEL = "evotor-st2f"

__all__ = ["DEFAULT_MODEL", "ModelFileError", "UnknownModelError", "load", "load_file", "names", "settings_of"]


def names() -> list[str]:
    """Names of all models, sorted."""
    folder = resources.files("kktsim").joinpath("models")
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


@cache
def load(name: str = DEFAULT_MODEL) -> KktModel:
    """The model called ``name``; raises `UnknownModelError`."""
    return build(name, _facts(name), f"{name}.toml")


def load_file(path: Path) -> KktModel:
    """The model that a user's file describes; raises `ModelFileError`: which line is wrong, and what would be right."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ModelFileError(f"{path} is no text in UTF-8: byte {error.start} is wrong") from None
    return build(path.stem, parse(text, path.name, _facts), path.name)


def _facts(name: str) -> Facts:
    if name not in names():
        raise UnknownModelError(f"there is no till model {name!r}; choose one of: {', '.join(names())}")
    text = resources.files("kktsim").joinpath("models", f"{name}.toml").read_text(encoding="utf-8")
    return parse(text, f"{name}.toml", _facts)


def settings_of(model: KktModel) -> list[tuple[str, object, str, str, str]]:
    """Rows (name, value, about, source, confidence) of the model's named settings."""
    return [
        (
            one.name,
            getattr(model.settings, one.name),
            one.metadata["about"],
            one.metadata["source"],
            one.metadata["confidence"],
        )
        for one in fields(model.settings)
    ]
