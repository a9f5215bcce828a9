"""What commands that ask a running bench share: which bench is meant, and how a failure ends the command.

The bench is the one named by ``--control`` or ``KKTSIM_CONTROL``, else the only one running. Exit codes: 2 when
something is to be asked differently, 3 when no bench is running or answers.
"""

import functools
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Concatenate, ParamSpec

import click

from kktsim.cli.fail import ENVIRONMENT, fail

if TYPE_CHECKING:
    from kktsim.control.client import ControlClient

P = ParamSpec("P")


@contextmanager
def told_as_exit_codes() -> Iterator[None]:
    """Let a failure of the control API end the command."""
    from kktsim.control.client import ControlError, NoAnswerError  # noqa: PLC0415 - not for --help
    from kktsim.control.discover import NoBenchError  # noqa: PLC0415 - the same

    try:
        yield
    except (NoAnswerError, NoBenchError) as error:
        fail(str(error), ENVIRONMENT)
    except ControlError as error:
        fail(str(error))


def _finite(ctx: click.Context, param: click.Parameter, value: float) -> float:
    if not math.isfinite(value):
        raise click.BadParameter("write a number of seconds, as 10")
    return value


def bench_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options ``--control`` and ``--timeout``."""
    which = click.option(
        "--control", envvar="KKTSIM_CONTROL", metavar="URL|PORT", help="Which bench; else the only one running."
    )
    how_long = click.option(
        "--timeout",
        type=click.FloatRange(0, min_open=True),
        callback=_finite,
        default=10.0,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait for the bench.",
    )
    return which(how_long(command))


def on_a_bench(function: Callable[Concatenate["ControlClient", P], None]) -> Callable[..., None]:
    """Give a command the options of a bench, and a client of it as the first argument."""

    @bench_options
    @functools.wraps(function)
    def command(control: str | None, timeout: float, *args: P.args, **kwargs: P.kwargs) -> None:
        from kktsim.control.client import ControlClient  # noqa: PLC0415 - not for --help
        from kktsim.control.discover import find_control  # noqa: PLC0415 - the same

        with told_as_exit_codes(), ControlClient(find_control(control), timeout) as client:
            function(client, *args, **kwargs)

    return command


def deed(group: click.Group, action: str, about: str) -> None:
    """Add the subcommand for an action that takes nothing and tells nothing."""

    @group.command(action.rpartition(" ")[2], help=about)
    @on_a_bench
    def subcommand(client: "ControlClient") -> None:
        client.call(action)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
