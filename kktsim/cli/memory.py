"""`kktsim memory`: the non-volatile memory of the running till."""

import json
from typing import TYPE_CHECKING

import click

from kktsim.cli import output
from kktsim.cli.on_bench import deed, json_option, on_a_bench

if TYPE_CHECKING:
    from kktsim.control.client import ControlClient


@click.group()
def memory() -> None:
    """Show, spoil and alter the till's non-volatile memory.

    Its regions are clock, tables, passwords, receipt, totals, mirror, identity and requisites.
    """


@memory.command()
@click.argument("region", required=False)
@json_option
@on_a_bench
def show(client: "ControlClient", region: str | None, as_json: bool) -> None:
    """Show what the memory holds, or one REGION of it, field by field.

    Bytes are hex; settings that have their defaults are not kept.
    """
    told = client.call("memory show", region=region)
    if as_json:
        click.echo(output.as_json(told))
        return
    for name, fields in told["regions"].items():
        click.echo(f"{name}{' (lost)' if name in told['bad'] else ''}")
        for field, value in fields.items():
            click.echo(f"  {field} = {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")


@memory.command()
@click.argument("region")
@on_a_bench
def spoil(client: "ControlClient", region: str) -> None:
    """Change bytes of REGION under its check sum.

    The till finds that out when it is switched on next, and takes the region for lost.
    """
    client.call("memory spoil", region=region)


@memory.command()
@click.argument("region")
@click.argument("field")
@click.argument("value", required=False)
@on_a_bench
def alter(client: "ControlClient", region: str, field: str, value: str | None) -> None:
    """Set FIELD of REGION to VALUE under a good check sum.

    The till uses it at once: `memory alter tables 2/1/19 FF`. Fields are named as `memory show` tells them; VALUE is
    JSON, or hex where it shows hex. Without VALUE the entry is taken away.
    """
    client.call("memory alter", region=region, field=field, value=value)


deed(
    memory,
    "memory lose",
    "Let the battery of the memory go flat.\n\nAll but serial number and codes is found lost when the till is switched"
    " on next.",
)
