"""How to bring each error of the till about: a state, then what to do; the last command is answered with the error.

The table is ``scenarios/error_recipes.toml``, read on first use; a section is named as the error in the catalogue. A
step is a command in hexadecimal as for ``kktsim send``, which must be done; ``9A 00 -> 9C`` must be answered with that
byte; ``9A 00 x10`` is sent ten times, ``00*30`` are thirty bytes. ``@sale`` stands for the steps of that name. Anything
else is the operator's hand, as ``kktsim`` is told it: ``fn unplug``, ``clock advance 25h``. World time is `AT` when the
till is handed over, and stands.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

AT = "2026-11-22T10:00"
ANY_MODEL = "evotor-st2f"
"""The till that is taken when a recipe names none."""
_LONG = 500
"""Times a command is sent, from which on it is said that it takes a while."""
_SEND = "kktsim send --port PORT"
_TYPED = re.compile(r"(?P<command>[0-9A-F *]+?)(?: x(?P<times>[0-9]+))?(?: -> (?P<code>[0-9A-F]{2}))?")
_REPEATED = re.compile(r"([0-9A-F]{2})\*([0-9]+)")


@dataclass(frozen=True, slots=True)
class Typed:
    """A command, the byte it must be answered with, how many times it is sent."""

    command: bytes
    code: int = 0
    times: int = 1

    def __str__(self) -> str:
        return self.command.hex(" ").upper()


@dataclass(frozen=True, slots=True)
class Hand:
    """What the operator does: words of the command line."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class ErrorRecipe:
    """How an error comes about. ``error``: its identifier; ``how``: the same in a phrase."""

    error: str
    how: str
    state: str
    steps: tuple[Typed | Hand, ...]
    last: Typed
    """The command that is answered with the error."""
    model: str | None = None
    """None: any till."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Named settings that the till must have."""

    def shell(self) -> Iterator[str]:
        """The recipe as lines for a shell; ``xargs`` puts many commands into few processes."""
        if self.settings:
            told = "".join(f"{name} = {json.dumps(value)}\\n" for name, value in self.settings.items())
            yield f"""printf 'extends = "{self.model or ANY_MODEL}"\\n[settings]\\n{told}' > till.toml"""
        model = " --model-file till.toml" if self.settings else f" --model {self.model}" if self.model else ""
        yield f"kktsim serve{model} --state {self.state} --at {AT} --clock frozen"
        sent: list[str] = []
        for step in (*self.steps, self.last):
            if isinstance(step, Typed) and step.times == 1:
                sent.append(f'"{step}"')
                continue
            if sent:
                yield f"{_SEND} {' '.join(sent)}"
            sent = []
            if isinstance(step, Typed):
                yield f"""yes '"{step}"' | head -n {step.times} | xargs {_SEND}  # {step.times} commands{_long(step)}"""
            else:
                yield f"kktsim {step}"
        yield f"{_SEND} {' '.join(sent)}"


def _long(step: Typed) -> str:
    return ", this takes a while" if step.times >= _LONG else ""


@cache
def error_recipes() -> Mapping[str, ErrorRecipe]:
    """All recipes by the identifier of their error, in the order of the table."""
    data = tomllib.loads(files("scenarios").joinpath("error_recipes.toml").read_text(encoding="utf-8"))
    named: Mapping[str, list[str]] = data.pop("steps")
    found = {}
    for error, row in data.items():
        *steps, last = _steps(row["steps"], named)
        if not isinstance(last, Typed):
            raise ValueError(f"{error}: a till answers no hand")
        found[error] = ErrorRecipe(
            error, row["how"], row["state"], tuple(steps), last, row.get("model"), row.get("settings", {})
        )
    return found


def _steps(lines: Iterable[str], named: Mapping[str, list[str]]) -> Iterator[Typed | Hand]:
    for line in lines:
        if line.startswith("@"):
            yield from _steps(named[line.removeprefix("@")], named)
            continue
        typed = _TYPED.fullmatch(line)
        if typed is None:
            yield Hand(tuple(line.split()))
        else:
            command = _REPEATED.sub(lambda found: found[1] * int(found[2]), typed["command"])
            yield Typed(bytes.fromhex(command), int(typed["code"] or "0", 16), int(typed["times"] or "1"))
