"""`kktsim ofd fault` and the like: what is wrong with the OFD and with the way to it, in the operator's hands."""

from typing import TYPE_CHECKING, Any

import click

from kktsim.cli import output
from kktsim.cli.on_bench import json_option, on_a_bench
from kktsim.ofd.failures import Failure

if TYPE_CHECKING:
    from kktsim.control.client import ControlClient

_FAILURES = "\n".join(f"  {failure.value:<13} {failure.about}" for failure in Failure)
_SLOW = Failure.SLOW.value


@click.command()
@on_a_bench
def down(client: "ControlClient") -> None:
    """Let connections to the OFD be refused."""
    client.call("ofd down")


@click.command()
@on_a_bench
def up(client: "ControlClient") -> None:
    """Let nothing be wrong with the OFD and the way to it.

    The till tries at once.
    """
    client.call("ofd up")


@click.command("try")
@on_a_bench
def try_(client: "ControlClient") -> None:
    """Let the till try the OFD at once, and not wait for its timer."""
    client.call("ofd try")


@click.command(
    help="Let the OFD, or the way to it, fail once, or as often as told.\n\n"
    "A failure of the way strikes on the way into the Internet that is in use.\n\n"
    f"\b\nNAME is one of\n{_FAILURES}"
)
@click.argument("name")
@click.option("--times", type=click.IntRange(1), metavar="N", help="How often it strikes before it ends. Default: 1.")
@click.option("--until-cleared", is_flag=True, help="It does not end before `kktsim ofd clear`.")
@click.option("--from-document", type=click.IntRange(1), metavar="FD", help="No document before this one is struck.")
@click.option("--percent", type=click.IntRange(1, 100), default=100, show_default=True, help="How probably it strikes.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The same strikes the same calls.")
@click.option("--seconds", metavar="SPAN", help=f"How late `{_SLOW}` answers: 90, 5m. Default: 2m.")
@click.option("--fn", metavar="NUMBER", help="Only the till with this FN is struck.")
@on_a_bench
def fault(
    client: "ControlClient",
    name: str,
    times: int | None,
    until_cleared: bool,
    from_document: int | None,
    percent: int,
    seed: int,
    seconds: str | None,
    fn: str | None,
) -> None:
    """Plan a failure."""
    client.call(
        "ofd fault",
        failure=name,
        times=times,
        until_cleared=until_cleared,
        from_document=from_document,
        percent=percent,
        seed=seed,
        seconds=seconds,
        fn=fn,
    )


@click.command()
@click.argument("name", required=False)
@on_a_bench
def clear(client: "ControlClient", name: str | None) -> None:
    """End every failure NAME, without it all failures; an OFD that was down is up then."""
    client.call("ofd clear", failure=name)


@click.command()
@json_option
@on_a_bench
def faults(client: "ControlClient", as_json: bool) -> None:
    """List the failures that are still to come, with what is left of them."""
    told = client.call("ofd faults")
    if as_json:
        click.echo(output.as_json(told))
    else:
        click.echo(output.columns([_HEAD, *(_row(one) for one in told["failures"])]))


_HEAD = ("failure", "where", "left", "percent", "from", "FN", "")


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    left = "until cleared" if one["times_left"] is None else str(one["times_left"])
    late = "" if one["seconds"] is None else f" ({one['seconds']:g} s)"
    return (
        *(one["failure"], one["where"], left, str(one["percent"])),
        *(str(one["from_document"] or ""), one["fn_number"] or "", one["about"] + late),
    )


@click.command()
@click.argument("host")
@click.argument("place")
@on_a_bench
def host(client: "ControlClient", host: str, place: str) -> None:
    """Let a host lead to another place.

    HOST is a name or an address, and the port at which tills find it unless that is 7777: ofd.example:21101. PLACE is
    inner (the OFD inside the bench), unknown (no such name), unreachable, or HOST:PORT of a process on this machine.
    """
    client.call("ofd host", host=host, place=place)


@click.command()
@click.argument("host")
@on_a_bench
def forget(client: "ControlClient", host: str) -> None:
    """Take a host out of the table of names."""
    client.call("ofd forget", host=host)


@click.command()
@json_option
@on_a_bench
def hosts(client: "ControlClient", as_json: bool) -> None:
    """List the names and addresses that the till's network knows, and where they lead."""
    told = client.call("ofd hosts")
    if as_json:
        click.echo(output.as_json(told))
    else:
        click.echo(
            output.columns(
                [("host", "port", "place"), *((one["host"], str(one["port"]), one["place"]) for one in told["hosts"])]
            )
        )


@click.command()
@click.argument("way")
@on_a_bench
def uplink(client: "ControlClient", way: str) -> None:
    """Let the terminal get into the Internet another way.

    WAY is wifi or sim. What is wrong with one of them does not touch the other.
    """
    client.call("ofd uplink", uplink=way)
