"""How the command line says no: one sentence on stderr and the exit code."""

from typing import NoReturn

import click

EXPECTATION, USAGE, ENVIRONMENT = 1, 2, 3
"""Exit codes: what was expected did not happen; asked wrongly; something outside is not as needed."""


def fail(sentence: str, code: int = USAGE) -> NoReturn:
    """End the command with one clear sentence."""
    click.echo(f"kktsim: {sentence}", err=True)
    raise SystemExit(code)
