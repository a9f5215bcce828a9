"""Options of `kktsim menu` about the terminal itself: restarted, with another firmware, dying at a moment."""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from kktsim.cli.fail import fail
from kktsim.terminal.banner import sticks_in
from kktsim.terminal.memory import FIRMWARE

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Wish:
    """What happens to the terminal beside the place that is chosen; None: nothing."""

    restart: bool
    firmware: str | None
    dies_after: int | None

    @property
    def is_any(self) -> bool:
        """Whether something does."""
        return self != Wish(restart=False, firmware=None, dies_after=None)


def takes_wish(command: F) -> Callable[..., Any]:
    """Give a command the options; its parameter ``wish`` is what they say."""

    @click.option("--restart", is_flag=True, help="Restart the terminal first: its driver sets the till's clock.")
    @click.option(
        "--firmware",
        metavar="VERSION",
        help=f"Install it on the terminal first; a new one has {FIRMWARE}. Before 3.9.1 its banner sticks, once shown.",
    )
    @click.option(
        "--dies-after",
        metavar="HEX",
        help="The terminal's program dies when the till has answered the next command with this byte, as 92.",
    )
    @functools.wraps(command)
    def wished(*args: Any, restart: bool, firmware: str | None, dies_after: str | None, **options: Any) -> Any:
        wish = Wish(restart, _version(firmware), _command(dies_after))
        return command(*args, wish=wish, **options)

    return wished


def _version(text: str | None) -> str | None:
    try:
        if text is not None:
            sticks_in(text)
    except ValueError as error:
        fail(f"--firmware: {error}")
    return text


def _command(text: str | None) -> int | None:
    if text is None:
        return None
    if re.fullmatch("[0-9A-Fa-f]{2}", text) is None:
        fail(f"--dies-after {text!r}: a command is two hexadecimal digits, as 92")
    return int(text, 16)
