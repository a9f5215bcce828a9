"""Named settings of an FN: where sources disagree or are silent, a default is chosen, and said why.

A model (``models/*.toml``) overrides defaults; so does whoever makes an FN: ``dataclasses.replace(model,
settings=...)``. The rows are in ``settings_of_time``, ``settings_of_life`` and ``settings_of_data``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from fn_model.setting import Confidence
from fn_model.settings_of_data import DataSettings
from fn_model.settings_of_life import LifeSettings
from fn_model.settings_of_time import TimeSettings

__all__ = ["Confidence", "FnSettings"]


@dataclass(frozen=True)
class FnSettings(DataSettings, LifeSettings, TimeSettings):
    """The settings of one FN; defaults are those of FN-1.1."""

    @classmethod
    def from_mapping(cls, overrides: Mapping[str, Any]) -> "FnSettings":
        """Defaults with some values replaced; ValueError names a setting or a value that does not exist."""
        known = {one.name: one for one in fields(cls)}
        unknown = sorted(overrides.keys() - known.keys())
        if unknown:
            raise ValueError(f"no FN setting {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        return cls(**{name: _chosen(name, value, known[name].metadata) for name, value in overrides.items()})


def _chosen(name: str, value: Any, metadata: Mapping[str, Any]) -> Any:
    for choice in metadata["choices"]:
        if choice == value and isinstance(choice, bool) == isinstance(value, bool):
            return choice
    choices = ", ".join(str(choice) for choice in metadata["choices"])
    raise ValueError(f"setting {name} cannot be {value!r}; choose one of {choices}")
