"""`kktsim fn info`, `documents`, `export`: what is in an FN.

Named by a file, or by its number in a home; without a name it is the FN in the running till.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from kktsim import __version__
from kktsim.cli import output
from kktsim.cli.fail import ENVIRONMENT, fail
from kktsim.cli.fn_chosen import home_option, opened
from kktsim.cli.on_bench import bench_options, json_option, told_as_exit_codes
from kktsim.cli.output_file import checked

if TYPE_CHECKING:
    from fn_model import FiscalStorage
    from kktsim.control.client import ControlClient

FN_NUMBER_DIGITS = 16
AT_ONCE = 1000
Told = dict[str, Any]


class Seen(Protocol):
    """An FN that tells what is in it."""

    def info(self) -> Told:
        """See `kktsim.fn_view.info`."""

    def documents(self, first: int, count: int) -> Told:
        """See `kktsim.fn_view.documents`."""

    def document(self, number: int) -> Told:
        """See `kktsim.fn_view.document`; ends the command when there is none."""


class _InFile:
    """An FN of a file."""

    def __init__(self, fn: "FiscalStorage") -> None:
        self._fn = fn

    def info(self) -> Told:
        from kktsim import fn_view  # noqa: PLC0415 - not for a running till

        return fn_view.info(self._fn)

    def documents(self, first: int, count: int) -> Told:
        from kktsim import fn_view  # noqa: PLC0415 - not for a running till

        return fn_view.documents(self._fn, first, count)

    def document(self, number: int) -> Told:
        from kktsim import fn_view  # noqa: PLC0415 - not for a running till

        found = fn_view.document(self._fn, number)
        if found is None:
            fail(f"FN {self._fn.number} has no document {number}: its last one is {self._fn.state.document_number}")
        return found


class _InTill:
    """The FN in a running till."""

    def __init__(self, client: "ControlClient") -> None:
        self._client = client

    def info(self) -> Told:
        return self._client.call("fn info")

    def documents(self, first: int, count: int) -> Told:
        return self._client.call("fn documents", since=first, count=count)

    def document(self, number: int) -> Told:
        return self._client.call("fn documents", document=number)


@contextmanager
def _seen(which: str | None, home: str | None, control: str | None, timeout: float) -> Iterator[Seen]:
    if which is not None:
        with opened(home, which) as fn:
            yield _InFile(fn)
        return
    from kktsim.control.client import ControlClient  # noqa: PLC0415 - not for a file
    from kktsim.control.discover import find_control  # noqa: PLC0415 - the same

    with told_as_exit_codes(), ControlClient(find_control(control), timeout) as client:
        yield _InTill(client)


@click.command()
@click.argument("which", required=False, metavar="[FILE|NUMBER]")
@json_option
@home_option
@bench_options
def info(which: str | None, as_json: bool, home: str | None, control: str | None, timeout: float) -> None:
    """Tell what an FN says of itself.

    Number, model, phase, term, registration, shift, exchange with the OFD, room left. FILE is a file of an FN, NUMBER
    one of the home; without either it is the FN in the running till.
    """
    with _seen(which, home, control, timeout) as fn:
        _show(fn.info(), as_json)


@click.command()
@click.argument("words", nargs=-1, metavar="[FD] [FILE|NUMBER]")
@json_option
@click.option("--tlv", "as_tlv", is_flag=True, help="Print the document FD as hex of its STLV.")
@click.option("--text", "as_text", is_flag=True, help="Print lines for a person, which is the default.")
@click.option("-o", "--output", "file", metavar="FILE", help="Write the bytes of the document FD into FILE.")
@home_option
@bench_options
def documents(
    words: tuple[str, ...],
    as_json: bool,
    as_tlv: bool,
    as_text: bool,
    file: str | None,
    home: str | None,
    control: str | None,
    timeout: float,
) -> None:
    """List the documents of an FN, or show the one of number FD with all its requisites.

    FILE is a file of an FN, NUMBER one of the home; without either it is the FN in the running till.
    """
    if as_json + as_tlv + as_text + (file is not None) > 1:
        fail("--json, --tlv, --text and -o say how one document is told: give one of them")
    number, which = _told_apart(words)
    if number is None and (as_tlv or file is not None):
        fail("--tlv and -o are for one document: say its number, like `kktsim fn documents 5 --tlv`")
    with _seen(which, home, control, timeout) as fn:
        if number is None:
            _list(fn, as_json)
            return
        told = fn.document(number)
    if not as_tlv and file is None:
        _show(told, as_json)
    elif "tlv" not in told:
        fail(f"document {number} cannot be read whole any more: look at it with `kktsim fn documents {number}`")
    elif file is None:
        click.echo(told["tlv"])
    else:
        _write(Path(file), bytes.fromhex(told["tlv"]))


@click.command()
@click.argument("which", metavar="FILE|NUMBER")
@click.option("-o", "--output", "file", metavar="OUT", help="Where to; else NUMBER.fnc, and - is stdout.")
@click.option("--whole", is_flag=True, help="Write every document whole that is kept whole, not those alone that must.")
@home_option
def export(which: str, file: str | None, whole: bool, home: str | None) -> None:
    """Write what an FN keeps into a file that other programs read (docs/fn-export.md)."""
    with opened(home, which) as fn:
        from kktsim.fn_export import export as exported  # noqa: PLC0415 - not for --help

        data = exported(fn, f"kktsim {__version__}", whole=whole)
        name = file or f"{fn.number}.fnc"
    if name == "-":
        sys.stdout.buffer.write(data)
        return
    _write(Path(name), data)
    click.echo(name)


def _told_apart(words: tuple[str, ...]) -> tuple[int | None, str | None]:
    """The number of a document and which FN, whichever comes first."""
    numbers = [word for word in words if word.isascii() and word.isdigit() and len(word) < FN_NUMBER_DIGITS]
    others = [word for word in words if word not in numbers]
    if len(numbers) > 1 or len(others) > 1:
        fail(f"{' '.join(words)}: name one document by its number, and one FN by its file or 16 digits")
    return (int(numbers[0]) if numbers else None), (others[0] if others else None)


def _list(fn: Seen, as_json: bool) -> None:
    """All rows, asked for in parts: a full FN has hundreds of thousands."""
    rows: list[Told] = []
    first = 1
    while True:
        told = fn.documents(first, AT_ONCE)
        if as_json:
            rows += told["documents"]
        else:
            click.echo("".join(f"{line}\n" for line in told["text"]), nl=False)
        first += AT_ONCE
        if first > told["last_document"]:
            break
    if as_json:
        click.echo(output.as_json({"fn_number": told["fn_number"], "documents": rows}))


def _show(told: Told, as_json: bool) -> None:
    lines = told.pop("text")
    click.echo(output.as_json(told) if as_json else "\n".join(lines))


def _write(path: Path, data: bytes) -> None:
    try:
        checked(path, "-o").write_bytes(data)
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}", ENVIRONMENT)
