"""How a command that serves tells of itself: a word and what belongs to it on stdout, complaints on stderr."""

from collections.abc import Callable

import click


def echo(word: str) -> Callable[[str], None]:
    """Tells what it is given behind the word."""
    return lambda text: click.echo(f"{word} {text}")


def complain(sentence: str) -> None:
    """Tell what a person should know."""
    click.echo(sentence, err=True)
