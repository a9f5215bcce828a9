"""Models of tills: those of ``kktsim/models`` and those a user's file describes, with the firmware they come with or
another: ``NAME@FIRMWARE``.
"""

from dataclasses import fields, replace
from functools import cache
from importlib import resources
from pathlib import Path

from kktsim.device.model import KktModel
from kktsim.model_file import (
    ADDED,
    AT,
    FIRMWARE,
    USUAL,
    Facts,
    ModelFileError,
    UnknownModelError,
    build,
    laid_over,
    parse,
)

DEFAULT_MODEL = "evotor-st2f"

__all__ = [
    "DEFAULT_MODEL",
    "USUAL",
    "ModelFileError",
    "UnknownModelError",
    "base_name",
    "firmwares",
    "load",
    "load_file",
    "names",
    "others",
    "settings_of",
    "with_firmware",
]


def names() -> list[str]:
    """Names of all models, sorted; what other firmware one of them has, `firmwares` tells."""
    folder = resources.files("kktsim").joinpath("models")
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def firmwares(name: str) -> list[str]:
    """The firmware that there is for the model ``name`` besides its own, sorted; raises `UnknownModelError`."""
    return others(_model(base_name(name)))


def others(model: KktModel) -> list[str]:
    """The firmware that the model might have instead, sorted; its own is not told."""
    return sorted(one for one in model.firmwares if one not in ("", model.firmware))


def base_name(name: str) -> str:
    """The name without the firmware."""
    return name.partition(AT)[0]


def load(name: str = DEFAULT_MODEL) -> KktModel:
    """The model called ``name``, which may tell its firmware; raises `UnknownModelError`."""
    base, _, firmware = name.partition(AT)
    return with_firmware(_model(base), firmware)


def with_firmware(model: KktModel, firmware: str) -> KktModel:
    """The same till with another firmware, its own when that is empty or «usual»; raises `UnknownModelError`.

    Settings that were changed since the model was loaded stay changed.
    """
    found = model.firmwares.get("" if firmware == USUAL else firmware)
    if found is None:
        known, base = ", ".join((USUAL, *others(model.firmwares[""]))), base_name(model.name)
        raise UnknownModelError(f"there is no firmware {firmware!r} of the model {base!r}; choose one of: {known}")
    was = model.firmwares[model.firmware].settings
    names = (one.name for one in fields(was))
    changed = {one: now for one in names if (now := getattr(model.settings, one)) != getattr(was, one)}
    return replace(found, settings=replace(found.settings, **changed)) if changed else found


def load_file(path: Path) -> KktModel:
    """The model that a user's file describes; raises `ModelFileError`: which line is wrong, and what would be right."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ModelFileError(f"{path} is no text in UTF-8: byte {error.start} is wrong") from None
    return build(path.stem, parse(text, path.name, _facts), path.name)


@cache
def _model(name: str) -> KktModel:
    return build(name, _facts(name), f"{name}.toml")


def _facts(name: str) -> Facts:
    """What a file may extend: a model, or one with another firmware, which is then the only one."""
    base, at, firmware = name.partition(AT)
    if base not in names():
        raise UnknownModelError(f"there is no till model {base!r}; choose one of: {', '.join(names())}")
    text = resources.files("kktsim").joinpath("models", f"{base}.toml").read_text(encoding="utf-8")
    facts = parse(text, f"{base}.toml", _facts)
    if not at:
        return facts
    with_firmware(_model(base), firmware)
    others = facts.pop(FIRMWARE, {})
    return laid_over(facts, others.get(firmware, {}), ADDED)


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
