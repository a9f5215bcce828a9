"""`kktsim ofd state` and `documents`: what an OFD has.

It is the one inside the running till's bench, one that is served alone (--control), or what a directory keeps.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kktsim.cli import output
from kktsim.cli.fail import ENVIRONMENT, fail
from kktsim.cli.on_bench import bench_options, json_option, on_a_bench, told_as_exit_codes

if TYPE_CHECKING:
    from kktsim.control.client import ControlClient

Told = dict[str, Any]
Ask = Callable[..., Told]
"""Answers as the action ``ofd documents`` does."""


@click.command()
@json_option
@on_a_bench
def state(client: "ControlClient", as_json: bool) -> None:
    """Tell how many documents the OFD has, and which messages it has refused, and why."""
    told = client.call("ofd state")
    if as_json:
        click.echo(output.as_json(told))
        return
    click.echo(f"ИНН ОФД / INN: {told['inn']}")
    click.echo(f"Касс / tills: {told['tills']}, документов / documents: {told['documents']}")
    click.echo(f"Отвергнуто сообщений / messages refused: {told['refused']}")
    click.echo("".join(f"  {sentence}\n" for sentence in told["refusals"]), nl=False)


@click.command()
@click.argument("fd", type=click.IntRange(1), required=False)
@click.option("--fn", metavar="NUMBER", help="Of this FN alone.")
@json_option
@click.option("--text", "as_text", is_flag=True, help="Print lines for a person, which is the default.")
@click.option("--hex", "as_hex", is_flag=True, help="Print the container of the document FD in hex, a line a version.")
@click.option(
    "--store",
    metavar="DIR|FILE",
    help="Read what `kktsim ofd serve` keeps in DIR, or the OFD inside a till of a home in HOME/ofd/TILL.ofd;"
    " no process has it open.",
)
@bench_options
def documents(
    fd: int | None,
    fn: str | None,
    as_json: bool,
    as_text: bool,
    as_hex: bool,
    store: str | None,
    control: str | None,
    timeout: float,
) -> None:
    """List the documents that the OFD has stored, or show the one of number FD, every version, with its confirmation.

    It is the OFD inside the running till's bench, the one served alone that --control names, or what --store keeps.
    """
    if as_json + as_text + as_hex > 1:
        fail("--json, --text and --hex say how a document is told: give one of them")
    if as_hex and fd is None:
        fail("--hex is for one document: say its number, like `kktsim ofd documents 5 --hex`")
    if store == "":
        fail("--store names nothing: say the DIR that `kktsim ofd serve --store DIR` was told, or the file of an OFD")
    with _asked(control, timeout) if store is None else _kept(Path(store)) as ask:
        if fd is None:
            _list(ask, fn, as_json)
            return
        told = ask(document=fd, fn=fn)
    if as_hex:
        click.echo("\n".join(version["container"] for version in told["versions"]))
        return
    lines = told.pop("text")
    click.echo(output.as_json(told) if as_json else "\n".join(lines))


def _list(ask: Ask, fn: str | None, as_json: bool) -> None:
    """All rows, asked for in parts: there may be hundreds of thousands."""
    from kktsim.control.ofd_actions import pages  # noqa: PLC0415 - not for --help

    told = ask(fn=fn, count=0)
    rows: list[Told] = []
    for till, headline in zip(told["tills"], told.pop("text"), strict=True):
        if not as_json:
            click.echo(headline)
        for row in pages(ask, till["fn_number"]):
            line = row.pop("text")
            if as_json:
                rows.append(row)
            else:
                click.echo(line)
    if as_json:
        click.echo(output.as_json({**told, "documents": rows}))


@contextmanager
def _asked(control: str | None, timeout: float) -> Iterator[Ask]:
    from kktsim.control.client import ControlClient  # noqa: PLC0415 - not for --help
    from kktsim.control.discover import find_control  # noqa: PLC0415 - the same

    with told_as_exit_codes(), ControlClient(find_control(control), timeout) as client:
        yield partial(client.call, "ofd documents")


@contextmanager
def _kept(place: Path) -> Iterator[Ask]:
    """The store of a directory or a file, asked as a running operator is."""
    from fn_model.store_file import StoreFileError, StoreInUseError  # noqa: PLC0415 - not for --help
    from kktsim.control.arguments import ArgumentError  # noqa: PLC0415 - the same
    from kktsim.control.ofd_actions import OPERATOR_ACTIONS  # noqa: PLC0415 - the same
    from kktsim.hands.ofd_server import OfdServerHands  # noqa: PLC0415 - the same
    from kktsim.ofd.server import OfdServer  # noqa: PLC0415 - the same
    from kktsim.ofd.sqlite_store import FILE_NAME, SqliteStore  # noqa: PLC0415 - the same
    from kktsim.ofd.store import NotStoredError  # noqa: PLC0415 - the same

    try:
        path = place if place.is_file() else place / FILE_NAME
        is_there = path.exists()
    except OSError as error:
        fail(f"--store {place}: {error.strerror}", ENVIRONMENT)
    if not is_there:
        fail(
            f"there is no {FILE_NAME} in {place}: name the DIR that `kktsim ofd serve --store DIR` was told, or the"
            " file HOME/ofd/TILL.ofd"
        )
    try:
        store = SqliteStore.open(path)
    except StoreInUseError:
        fail(f"{path} is in use by another process: ask that one, by --control URL without --store", ENVIRONMENT)
    except StoreFileError as error:
        fail(str(error), ENVIRONMENT)
    hands = OfdServerHands(OfdServer(store))
    try:
        yield lambda **given: OPERATOR_ACTIONS["ofd documents"](hands, given)
    except ArgumentError as error:
        fail(str(error))
    except NotStoredError as error:
        fail(str(error), ENVIRONMENT)
    finally:
        store.close()
