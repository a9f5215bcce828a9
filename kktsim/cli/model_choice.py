"""Options ``--model`` and ``--model-file``: which till a command is about."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kktsim.cli.fail import fail
from kktsim.device.model import KktModel
from kktsim.kkt_models import DEFAULT_MODEL, ModelFileError, UnknownModelError, load, load_file

F = TypeVar("F", bound=Callable[..., Any])

MODEL_FILE = click.option(
    "--model-file", metavar="FILE", help="A till described by a TOML file of your own, instead of --model."
)


def takes_model(command: F) -> Callable[..., Any]:
    """Give a command both options; its parameter ``model`` is the `KktModel` that is meant."""

    @click.option(
        "--model",
        metavar="NAME[@FIRMWARE]",
        help=f"Which till, with which firmware; `kktsim models` lists them. Default: {DEFAULT_MODEL}",
    )
    @MODEL_FILE
    @functools.wraps(command)
    def loaded(*args: Any, model: str | None, model_file: str | None, **options: Any) -> Any:
        return command(*args, model=chosen(model, model_file), **options)

    return loaded


def chosen(name: str | None, file: str | None) -> KktModel:
    """The model of a name or a file; ends the command when there is none, or when both are given."""
    if name is not None and file is not None:
        fail("--model and --model-file both name a till: give one of them")
    try:
        return load(name or DEFAULT_MODEL) if file is None else load_file(Path(file))
    except (UnknownModelError, ModelFileError) as error:
        return fail(str(error))
