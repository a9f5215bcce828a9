"""The operator's commands, each one request to the control API."""

from typing import TYPE_CHECKING, Any

import click

from kktsim.cli import output
from kktsim.cli.fail import fail
from kktsim.cli.on_bench import bench_options, deed, json_option, on_a_bench, told_as_exit_codes

if TYPE_CHECKING:
    from kktsim.control.client import ControlClient


@click.command()
@json_option
@on_a_bench
def state(client: "ControlClient", as_json: bool) -> None:
    """Show what the operator sees: times, power, shift, FN, cable, OFD."""
    told = client.call("state")
    click.echo(output.as_json(told) if as_json else output.state_table(told))


@click.command()
@click.option("--since", type=click.IntRange(0), default=0, metavar="N", help="Leave out the first N lines.")
@json_option
@on_a_bench
def tape(client: "ControlClient", since: int, as_json: bool) -> None:
    """Show the paper tape; lines that begin with ✂ are cuts.

    With --json the index of the next line is told, for the next --since.
    """
    told = client.call("tape", since=since)
    if as_json:
        click.echo(output.as_json(told))
    else:
        click.echo("".join(f"{line}\n" for line in told["lines"]), nl=False)


# --- time -------------------------------------------------------------------------------------------------------------


@click.group()
def clock() -> None:
    """Move world time, which only goes ahead; the new time is printed. Or stop the till's own clock."""


@clock.command()
@click.argument("span")
@on_a_bench
def advance(client: "ControlClient", span: str) -> None:
    """Let the world go ahead by SPAN: 31d, 12h, 90m, 45s, 1w2d."""
    click.echo(client.call("clock advance", seconds=span)["world_iso"])


@clock.command("set")
@click.argument("moment")
@on_a_bench
def set_(client: "ControlClient", moment: str) -> None:
    """Let the world go ahead to MOMENT: local date and time like 2026-11-22T14:00."""
    click.echo(client.call("clock set", world=moment)["world_iso"])


deed(clock, "clock lose", "Take the cell of the till's clock out.\n\nThe till comes up asking for date and time.")


# --- cable, power -----------------------------------------------------------------------------------------------------


@click.group()
def cable() -> None:
    """Cut, disturb and mend the cable between till and FN."""


@cable.command()
@click.option("--to-fn", type=click.IntRange(0, 100), default=0, metavar="PERCENT", help="Of frames to the FN.")
@click.option("--to-kkt", type=click.IntRange(0, 100), default=0, metavar="PERCENT", help="Of frames to the till.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The same damages the same frames.")
@click.option("--times", type=click.IntRange(1), help="How many frames at most; else until mended.")
@on_a_bench
def noise(client: "ControlClient", to_fn: int, to_kkt: int, seed: int, times: int | None) -> None:
    """Damage frames on the cable with these probabilities."""
    client.call("cable noise", to_fn_percent=to_fn, to_kkt_percent=to_kkt, seed=seed, times=times)


deed(cable, "cable cut", "Cut the cable: it carries nothing any more.")
deed(cable, "cable mend", "Put a new cable in.")


@click.group()
def power() -> None:
    """Switch the till off and on."""


deed(power, "power off", "Switch the till off.")
deed(power, "power on", "Switch the till on.")


# --- board and what hangs on it ---------------------------------------------------------------------------------------


@click.group()
def jumper() -> None:
    """Set the boot jumper of the till's board and take it off."""


deed(jumper, "jumper on", "Set the boot jumper.")
deed(jumper, "jumper off", "Take the boot jumper off.")


@click.group()
def board() -> None:
    """Replace the till's board, or give it another firmware."""


deed(
    board,
    "board replace",
    "Put a board from the spare parts in.\n\nNo serial number, no protection codes. The power is off meanwhile: a till"
    " that was on loses mode and open receipt, one that was off stays off.",
)


@board.command()
@click.argument("firmware")
@on_a_bench
def flash(client: "ControlClient", firmware: str) -> None:
    """Give the till another FIRMWARE of its model, power off meanwhile; what it keeps stays.

    `kktsim models` lists them; usual is the one that the model comes with.
    """
    client.call("board flash", firmware=firmware)


@click.command()
@json_option
@on_a_bench
def passport(client: "ControlClient", as_json: bool) -> None:
    """Show the till's passport: serial number and protection codes."""
    told = client.call("passport")
    click.echo(output.as_json(told) if as_json else output.passport(told))


@click.command()
@click.option("--since", type=click.IntRange(0), default=0, metavar="N", help="Leave out the first N.")
@json_option
@on_a_bench
def signals(client: "ControlClient", since: int, as_json: bool) -> None:
    """Show what beeper, drawer and ports of the till have got.

    With --json the index of the next one is told, for the next --since.
    """
    told = client.call("signals", since=since)
    if as_json:
        click.echo(output.as_json(told))
    else:
        click.echo("".join(f"{one['target']}: {one['what']}\n" for one in told["signals"]), nl=False)


@click.group()
def paper() -> None:
    """Take the paper out of the till's printer and put a new roll in."""


@paper.command()
@click.option("--lines", type=click.IntRange(0), default=0, metavar="N", help="How many lines are left on the roll.")
@on_a_bench
def out(client: "ControlClient", lines: int) -> None:
    """Take the paper out, or let it end soon."""
    client.call("paper out", lines=lines)


deed(paper, "paper in", "Put a new roll in; what has waited for it is printed.")


@click.group()
def cover() -> None:
    """Open and close the cover of the till's printer."""


deed(cover, "cover open", "Open the cover.")
deed(cover, "cover close", "Close the cover.")


@click.group()
def printer() -> None:
    """Break and mend the till's printer."""


@printer.command("break")
@click.argument("fault")
@on_a_bench
def break_printer(client: "ControlClient", fault: str) -> None:
    """Give the printer a fault.

    FAULT is no_link, mechanical, cutter, overheated, paper_jam or presenter.
    """
    client.call("printer break", fault=fault)


deed(printer, "printer mend", "Take every fault off the printer.\n\nA till locked by one must be restarted.")


# --- settings ---------------------------------------------------------------------------------------------------------


@click.command()
@click.option("--model", metavar="MODEL", help="Of this till model, without asking a bench.")
@click.option("--model-file", metavar="FILE", help="Of a till described by a TOML file of your own, likewise.")
@click.option("--fn-model", metavar="NAME", help="Of this FN model, likewise.")
@json_option
@bench_options
def settings(
    model: str | None, model_file: str | None, fn_model: str | None, control: str | None, timeout: float, as_json: bool
) -> None:
    """List named settings of till and FN: value, what it decides, where it comes from, how sure it is.

    Of the bench; when none is running, of the default till model.
    """
    with told_as_exit_codes():
        is_of_model = any(one is not None for one in (model, model_file, fn_model))
        told = _settings_of_model(model, model_file, fn_model) if is_of_model else _settings_of_bench(control, timeout)
    click.echo(output.as_json(told) if as_json else output.settings_list(told))


def _settings_of_bench(control: str | None, timeout: float) -> dict[str, Any]:
    from kktsim.control.client import ControlClient  # noqa: PLC0415 - not for --help
    from kktsim.control.discover import NoBenchError, find_control  # noqa: PLC0415 - the same

    try:
        url = find_control(control)
    except NoBenchError:
        told = _settings_of_model(None, None, None)
        click.echo(f"No bench is running; these are the settings of the model {told['kkt']['model']}.", err=True)
        return told
    with ControlClient(url, timeout) as client:
        return client.call("settings")


def _settings_of_model(model: str | None, model_file: str | None, fn_model: str | None) -> dict[str, Any]:
    from fn_model import load_model  # noqa: PLC0415 - loads till and FN
    from kktsim.cli.model_choice import chosen  # noqa: PLC0415 - the same
    from kktsim.control.named_settings import of_model  # noqa: PLC0415 - the same

    try:
        of_fn = load_model() if fn_model is None else load_model(fn_model)
    except ValueError as error:
        return fail(str(error))
    return of_model(chosen(model, model_file), of_fn)
