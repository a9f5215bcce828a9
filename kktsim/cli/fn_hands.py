"""`kktsim fn unplug` and the like: the FN of the running till in the operator's hands."""

from typing import TYPE_CHECKING

import click

from kktsim.cli import output
from kktsim.cli.on_bench import json_option, on_a_bench

if TYPE_CHECKING:
    from kktsim.control.client import ControlClient


@click.command()
@on_a_bench
def unplug(client: "ControlClient") -> None:
    """Pull the FN out; its number is printed."""
    click.echo(client.call("fn unplug")["fn_number"])


@click.command()
@click.argument("number", required=False)
@on_a_bench
def plug(client: "ControlClient", number: str | None) -> None:
    """Put an FN from the shelf in.

    The one with NUMBER, else the one pulled out last; its number is printed.
    """
    click.echo(client.call("fn plug", number=number)["fn_number"])


@click.command()
@click.option("--model", metavar="NAME", help="Model of the new FN; else the usual one. `kktsim models` lists them.")
@on_a_bench
def swap(client: "ControlClient", model: str | None) -> None:
    """Replace the FN by a new one.

    The power is off meanwhile; the number of the new one is printed.
    """
    click.echo(client.call("fn swap", model=model)["fn_number"])


@click.command()
@json_option
@on_a_bench
def shelf(client: "ControlClient", as_json: bool) -> None:
    """List the FNs that lie beside the till."""
    told = client.call("fn shelf")
    click.echo(output.as_json(told) if as_json else "".join(f"{one}\n" for one in told["shelf"]), nl=as_json)


@click.command("break")
@click.argument("fault")
@on_a_bench
def break_(client: "ControlClient", fault: str) -> None:
    """Give the FN in the till a fault.

    FAULT is silent (it answers nothing at all), silent_on_signing (nothing is made, nothing answered),
    unheard_on_signing (documents are made, nothing is answered), misreads (what it is to sign arrives damaged, code
    01h), crypto_failed or failed.
    """
    client.call("fn break", fault=fault)


@click.command()
@click.argument("document", type=int)
@on_a_bench
def damage(client: "ControlClient", document: int) -> None:
    """Damage a record in the FN in the till.

    That of document DOCUMENT reads as zeros from now on. While it waits for the OFD, nothing behind it is sent either.
    """
    client.call("fn damage", document=document)


@click.command()
@click.argument("document", type=int)
@click.argument("sign", type=int)
@on_a_bench
def sign(client: "ControlClient", document: int, sign: int) -> None:
    """Choose the fiscal sign of a document to come.

    The document of number DOCUMENT will carry SIGN.
    """
    client.call("fn sign", document=document, sign=sign)


@click.command()
@on_a_bench
def mend(client: "ControlClient") -> None:
    """Take every fault off the FN in the till."""
    client.call("fn mend")
