"""The catalogue of command bytes: what each is called, where it is legal, a request that is done, or why none is.

The list is ``data/kkt_commands.toml`` (its head explains the columns and names the sources); it is read on first use.
It says more than the declared commands: also the bytes that are refused because only their name is public.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from protocol.atol.commands.modes import Mode
from protocol.atol.kkt_codes import E

SOURCES = {
    "manual": "ATOL protocol 3.1, as transcribed by several public clients",
    "driver": "ATOL's driver 10.8 as observed",
    "client": "one public client of ATOL protocol 3.1",
    "evotor": "a decoder of Evotor's logs: the name",
}
"""Key ``by`` of the file to the words for people."""


@dataclass(frozen=True, slots=True)
class CataloguedCommand:
    """One command byte. ``modes``: where it is legal; empty: in any mode."""

    code: int
    chapter: str
    name_ru: str
    name_en: str
    modes: tuple[Mode, ...]
    example: bytes
    """Command byte and parameters that are done in `state`, after `mode` was entered and `before` was sent there."""
    state: str
    mode: Mode
    before: tuple[bytes, ...]
    model: str
    """Name of a till model that has the command; empty: the default one has."""
    reason: str
    """Why the example is refused, or accepted without effect; empty: it is done."""
    refusal: E | None
    """What the example is answered when it is not done."""
    source: str

    @property
    def stands_in_mode(self) -> bool:
        """Whether the till of this state stands in the mode already, and can be in no other."""
        return self.state == RECEIPT_OPEN


RECEIPT_OPEN = "receipt-open"
"""The state of which the till does not let go by leaving the mode."""


def _read(code: int, chapter: str, row: Mapping[str, Any]) -> CataloguedCommand:
    state = row.get("state", "registered")
    usual = Mode.REGISTRATION if state == RECEIPT_OPEN else Mode.SELECTION
    return CataloguedCommand(
        code=code,
        chapter=chapter,
        name_ru=row["ru"],
        name_en=row["en"],
        modes=tuple(Mode(mode) for mode in row.get("modes", ())),
        example=bytes((code,)) + bytes.fromhex(row.get("example", "")),
        state=state,
        mode=Mode(row.get("mode", usual)),
        before=tuple(bytes.fromhex(command) for command in row.get("before", ())),
        model=row.get("model", ""),
        reason=row.get("reason", ""),
        refusal=E(row["refusal"]) if "refusal" in row else None,
        source=SOURCES[row["by"]],
    )


@cache
def catalogue() -> Mapping[int, CataloguedCommand]:
    """Every command by its byte, in the order of the file."""
    text = files("protocol").joinpath("data", "kkt_commands.toml").read_text(encoding="utf-8")
    chapters = tomllib.loads(text)["chapter"]
    found = ((int(code, 16), chapter, row) for chapter, rows in chapters.items() for code, row in rows.items())
    return {code: _read(code, chapter, row) for code, chapter, row in found}
