"""The names of ATOL's driver, read from its own header when the tests run.

The header is the documentation of the C API and is not ours to copy: the enumerations and the names of settings
are parsed out of it. `Constants` gives them without the common prefix: ``LIBFPTR_RT_SELL`` is ``names.RT_SELL``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

PREFIX: Final = "LIBFPTR_"
_ENUM: Final = re.compile(r"\benum\s+\w+\s*\{(?P<body>[^}]*)\}")
_COMMENT: Final = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_SETTING: Final = re.compile(r'^#define\s+LIBFPTR_SETTING_(?P<name>\w+)\s+L"(?P<key>\w+)"', re.MULTILINE)


class Constants:
    """Integers of the header by their names without ``LIBFPTR_``, and setting keys by ``setting(NAME)``.

    An unknown name raises AttributeError, so a misspelt one cannot pass as zero.
    """

    __slots__ = ("_settings", "_values")

    def __init__(self, header: Path) -> None:
        text = _COMMENT.sub("", header.read_text(encoding="utf-8-sig"))
        self._values = parse_enums(text)
        self._settings = {match["name"]: match["key"] for match in _SETTING.finditer(text)}

    def __getattr__(self, name: str) -> int:
        try:
            return self._values[PREFIX + name]
        except KeyError:
            raise AttributeError(f"the driver's header has no {PREFIX}{name}") from None

    def setting(self, name: str) -> str:
        """Return the key under which ``libfptr_set_single_setting`` knows LIBFPTR_SETTING_<name>."""
        return self._settings[name]

    def parameter(self, name: str) -> int:
        """Return the number of LIBFPTR_PARAM_<name>."""
        return self.__getattr__(f"PARAM_{name}")


def parse_enums(text: str) -> dict[str, int]:
    """Return every enumerator of a C header without comments.

    A value is a literal or an earlier enumerator; one without a value is the one before it plus one, as in C.
    """
    values: dict[str, int] = {}
    for enum in _ENUM.finditer(text):
        following = 0
        for entry in filter(None, map(str.strip, enum["body"].split(","))):
            name, _, written = map(str.strip, entry.partition("="))
            values[name] = _value(written, values) if written else following
            following = values[name] + 1
    return values


def _value(written: str, known: dict[str, int]) -> int:
    return known[written] if written in known else int(written, 0)
