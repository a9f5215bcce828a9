"""Models of tills: finds and loads ``kktsim/models/NAME.toml``."""

import tomllib
from dataclasses import fields, replace
from importlib import resources

from kktsim.device.model import KktModel
from kktsim.device.settings import KktSettings

DEFAULT_MODEL = "evotor-st2f"
_HEX = ("modes",)
_TUPLES = ("version", "ffd")


class UnknownModelError(ValueError):
    """There is no model of that name; the message names those there are."""


def names() -> list[str]:
    """Names of all models, sorted."""
    folder = resources.files("kktsim").joinpath("models")
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def load(name: str = DEFAULT_MODEL) -> KktModel:
    """The model called ``name``; raises `UnknownModelError`."""
    if name not in names():
        raise UnknownModelError(f"there is no till model {name!r}; choose one of: {', '.join(names())}")
    text = resources.files("kktsim").joinpath("models", f"{name}.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    for key in _HEX:
        data[key] = bytes.fromhex(data[key])
    for key in _TUPLES:
        data[key] = tuple(data[key])
    data["register_widths"] = {int(key, 16): width for key, width in data.pop("register_widths", {}).items()}
    data["settings"] = replace(KktSettings(), **data.pop("settings", {}))
    return KktModel(name=name, **data)


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
        for one in fields(KktSettings)
    ]
