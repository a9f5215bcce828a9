"""`kktsim fn new`, `list`, `insert`, `remove`: FNs of a home, and the slots of tills that are not running."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kktsim.cli import output
from kktsim.cli.fail import fail
from kktsim.cli.fn_chosen import in_home, till_option
from kktsim.cli.fn_setting import fn_set_option, with_settings
from kktsim.cli.on_bench import json_option

if TYPE_CHECKING:
    from kktsim.home import Home, Slots
    from kktsim.patience import Patience


@click.command()
@click.argument("number", required=False)
@click.option("--model", metavar="NAME", help="Which FN; `kktsim models` lists them. Default: fn-1-1-15.")
@fn_set_option
@in_home
def new(home: "Home", number: str | None, model: str | None, fn_set: tuple[str, ...]) -> None:
    """Make a new FN on the shelf of a home.

    Its number is printed: NUMBER, 16 digits that begin with 9999, else the next free one.
    """
    from fn_model import load_model  # noqa: PLC0415 - not for --help

    try:
        fn_model = with_settings(load_model() if model is None else load_model(model), fn_set)
    except ValueError as error:
        fail(str(error))
    archive = home.new_fn(fn_model, number)
    archive.close()
    click.echo(archive.number)


@click.command("list")
@json_option
@in_home
def list_(home: "Home", as_json: bool) -> None:
    """List the FNs of a home: number, model, phase, last document, where it is."""
    from kktsim.patience import Patience  # noqa: PLC0415 - not for --help

    home.must_exist()
    patience = Patience()
    slots = home.slots(patience=patience)
    rows = [_row(home.fn_file(number), slots, patience) for number in home.fn_numbers()]
    for till, why in slots.damaged.items():
        click.echo(f"till {till}: {why}; which FN is in it is not known", err=True)
    click.echo(output.as_json({"fns": rows}) if as_json else "".join(_line(row) for row in rows), nl=as_json)


@click.command()
@click.argument("number")
@till_option
@in_home
def insert(home: "Home", number: str, till: str | None) -> None:
    """Put the FN of a number into a till that is not running; a running one takes it by `kktsim fn plug`."""
    from kktsim.home import DEFAULT_TILL  # noqa: PLC0415 - not for --help

    home.insert(number, till or DEFAULT_TILL)


@click.command()
@till_option
@in_home
def remove(home: "Home", till: str | None) -> None:
    """Take the FN out of a till that is not running; its number is printed.

    Out of a running one it comes by `kktsim fn unplug`.
    """
    from kktsim.home import DEFAULT_TILL  # noqa: PLC0415 - not for --help

    click.echo(home.remove(till or DEFAULT_TILL))


def _row(path: Path, slots: "Slots", patience: "Patience") -> dict[str, Any]:
    """An FN for people and programs; of one that cannot be opened the number alone, and why.

    ``maybe_in``: tills so damaged that they may be where it is.
    """
    from fn_model.store_file import StoreFileError, StoreInUseError  # noqa: PLC0415 - not for --help
    from kktsim.home import opened_fn  # noqa: PLC0415 - the same

    till = slots.of_number.get(path.stem)
    maybe_in = [] if till is not None else [*slots.damaged]
    row: dict[str, Any] = {"fn_number": path.stem, "till": till, "maybe_in": maybe_in, "trouble": None}
    try:
        fn = opened_fn(path, patience)
    except StoreInUseError:
        return row | {"trouble": "в работающей кассе / in a running till"}
    except StoreFileError as error:
        return row | {"trouble": str(error)}
    row |= {
        "model": fn.model.name,
        "phase": int(fn.phase),
        "last_document": fn.state.document_number,
        "unsent_documents": fn.archive.unsent_count(),
    }
    fn.archive.close()
    return row


def _line(row: dict[str, Any]) -> str:
    from protocol.atol.words import PHASES  # noqa: PLC0415 - not for --help

    if row["trouble"] is not None:
        return f"{row['fn_number']}  {row['trouble']}\n"
    where = f"в кассе / in till {row['till']}" if row["till"] else "на полке / on the shelf"
    if row["maybe_in"]:
        where = f"на полке или в кассе / on the shelf or in till {', '.join(row['maybe_in'])}"
    return (
        f"{row['fn_number']}  {row['model']:<12}  {PHASES[row['phase']]:<25}"
        f"  ФД {row['last_document']:<6}  не передано / unsent {row['unsent_documents']:<5}  {where}\n"
    )
