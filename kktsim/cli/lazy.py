"""Groups of commands that import a command's module when the command is called, so that the others stay cheap."""

import importlib
from collections.abc import Mapping

import click

Places = Mapping[str, tuple[str, str, str]]
"""Name to (module, attribute, one line of help)."""


class LazyGroup(click.Group):
    """Knows its commands by name and loads one when it is asked for."""

    def __init__(self, *args: object, places: Places, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order of the table."""
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, loaded."""
        if cmd_name not in self.places:
            return None
        module, attribute, _ = self.places[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, without loading what it names."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, _, about) in self.places.items()])
