"""How the command line says no: one sentence on stderr and the exit code."""

import re
from typing import NoReturn

import click

EXPECTATION, USAGE, ENVIRONMENT = 1, 2, 3
"""Exit codes: what was expected did not happen; asked wrongly; something outside is not as needed."""


_LONG_NAME = re.compile(r"(\S{200})\S+")


def fail(sentence: str, code: int = USAGE) -> NoReturn:
    """End the command with one clear sentence."""
    say_no(sentence)
    raise SystemExit(code)


def say_no(sentence: str) -> None:
    """Say what is wrong and go on; of a very long name that somebody has typed its beginning is told."""
    click.echo("kktsim: " + _LONG_NAME.sub(r"\1…", sentence), err=True)
