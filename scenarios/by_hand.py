"""What a person types for what hands do: a method of `scenarios.roles.Hands` to the command line that does the same."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

Words = tuple[str, ...]

EPOCH = datetime(1970, 1, 1)
OF_THE_WORLD = frozenset({"advance", "set_world"})
"""What lets time go by."""


def command_line(method: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Words:
    """The words behind ``kktsim``; raises KeyError: no command line does that."""
    return LINES[method](*arguments, **options)


def _always(*words: str) -> Callable[..., Words]:
    return lambda: words


def _then(*words: str) -> Callable[..., Words]:
    return lambda *arguments: (*words, *(str(one) for one in arguments if one is not None))


def _noise(to_fn_percent: int, to_kkt_percent: int, seed: int = 1, times: int | None = None) -> Words:
    scope = () if times is None else ("--times", str(times))
    shares = ("--to-fn", str(to_fn_percent), "--to-kkt", str(to_kkt_percent))
    return ("cable", "noise", *shares, "--seed", str(seed), *scope)


def _fault(failure: str, times: int | None = 1, seconds: float | None = None) -> Words:
    scope = ("--until-cleared",) if times is None else ("--times", str(times))
    return ("ofd", "fault", failure, *scope, *(() if seconds is None else ("--seconds", f"{seconds:g}s")))


def _advance(seconds: float) -> Words:
    return ("clock", "advance", f"{seconds:g}s")


def _set_world(world: float) -> Words:
    return ("clock", "set", (EPOCH + timedelta(seconds=world)).isoformat(timespec="minutes"))


LINES: Mapping[str, Callable[..., Words]] = {
    "unplug_fn": _always("fn", "unplug"),
    "plug_fn": _then("fn", "plug"),
    "swap_fn": lambda model=None: ("fn", "swap", *(() if model is None else ("--model", model))),
    "break_fn": _then("fn", "break"),
    "mend_fn": _always("fn", "mend"),
    "damage_document": _then("fn", "damage"),
    "inject_sign": _then("fn", "sign"),
    "cut_cable": _always("cable", "cut"),
    "make_noise": _noise,
    "mend_cable": _always("cable", "mend"),
    "power_off": _always("power", "off"),
    "power_on": _always("power", "on"),
    "lose_clock": _always("clock", "lose"),
    "set_jumper": lambda on: ("jumper", "on" if on else "off"),
    "replace_board": _always("board", "replace"),
    "flash": lambda firmware: ("board", "flash", firmware or "usual"),
    "spoil_memory": _then("memory", "spoil"),
    "lose_memory": _always("memory", "lose"),
    "alter_memory": _then("memory", "alter"),
    "ofd_down": _always("ofd", "down"),
    "ofd_up": _always("ofd", "up"),
    "ofd_fault": _fault,
    "ofd_clear": _then("ofd", "clear"),
    "ofd_host": _then("ofd", "host"),
    "use_uplink": _then("ofd", "uplink"),
    "try_ofd": _always("ofd", "try"),
    "advance": _advance,
    "set_world": _set_world,
}
"""Only what scenarios do; a method that is not here has a command line too, which nobody needed yet."""
