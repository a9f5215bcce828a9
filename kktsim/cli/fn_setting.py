"""Option ``--fn-set``: named settings of a new FN; they are kept in its file, and last as long as the FN does."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from fn_model import FnModel

fn_set_option = click.option(
    "--fn-set",
    multiple=True,
    metavar="NAME=VALUE",
    help="A named setting of the new FN, which keeps it for life (`kktsim models fn-1-1-15` tells them); may be given"
    " again.",
)


def with_settings(model: "FnModel", said: Iterable[str]) -> "FnModel":
    """The model with settings as people type them, ``ofd_sign=any``; ValueError says what cannot be."""
    from fn_model import FnSettings  # noqa: PLC0415 - not for --help

    known = {one.name: one.metadata["choices"] for one in fields(FnSettings)}
    chosen: dict[str, Any] = {}
    for text in said:
        name, is_one, value = text.partition("=")
        if not is_one:
            raise ValueError(f"--fn-set {text!r} is no setting: write it as NAME=VALUE, as ofd_sign=any")
        if name not in known:
            raise ValueError(f"--fn-set {text}: no FN setting {name!r}; there are {', '.join(sorted(known))}")
        choices = {_written(choice): choice for choice in known[name]}
        if value.lower() not in choices:
            raise ValueError(f"--fn-set {text}: {name} cannot be {value!r}; choose one of {', '.join(choices)}")
        chosen[name] = choices[value.lower()]
    return replace(model, settings=replace(model.settings, **chosen)) if chosen else model


def _written(choice: object) -> str:
    """As `kktsim models` writes it, in small letters."""
    if isinstance(choice, int) and not isinstance(choice, bool):
        return f"{choice:02x}h"
    return str(choice).lower()
