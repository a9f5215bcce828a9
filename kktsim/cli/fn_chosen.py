"""Which FN a command is about: one in a file, one of a home, or the one in the running till."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kktsim.cli.fail import ENVIRONMENT, USAGE, fail

if TYPE_CHECKING:
    from fn_model import FiscalStorage
    from kktsim.home import Home

home_option = click.option(
    "--home", envvar="KKTSIM_HOME", metavar="DIR", help="Where tills and FNs are kept; also KKTSIM_HOME."
)
till_option = click.option("--till", metavar="NAME", help="Which till of the home. Default: kkt0.")


@contextmanager
def told_as_exit_codes() -> Iterator[None]:
    """Let what is wrong with a home, a till or an FN file end the command."""
    from fn_model.store_file import StoreFileError  # noqa: PLC0415 - not for --help
    from kktsim.hands.error import HandsError  # noqa: PLC0415 - the same
    from kktsim.home import HomeError  # noqa: PLC0415 - the same

    try:
        yield
    except (HomeError, HandsError) as error:
        fail(str(error), USAGE)
    except StoreFileError as error:
        fail(str(error), ENVIRONMENT)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}", ENVIRONMENT)


def in_home(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--home``, which must be said, and the `Home` as the first argument."""

    @home_option
    @functools.wraps(function)
    def command(*args: Any, home: str | None, **kwargs: Any) -> None:
        with told_as_exit_codes():
            function(needed_home(home), *args, **kwargs)

    return command


def needed_home(path: str | None) -> "Home":
    """The home; ends the command when none was named."""
    from kktsim.home import Home  # noqa: PLC0415 - not for --help

    if not path:
        fail("no home was named: say where tills and FNs are kept with --home DIR or KKTSIM_HOME")
    return Home(Path(path))


@contextmanager
def opened(home: str | None, which: str) -> Iterator["FiscalStorage"]:
    """The FN of a file, or of a number in a home; closed again behind."""
    from fn_model.store_file import StoreInUseError  # noqa: PLC0415 - not for --help
    from kktsim.home import is_fn_number, opened_fn  # noqa: PLC0415 - the same

    with told_as_exit_codes():
        path = needed_home(home).fn_file(which) if is_fn_number(which) else Path(which)
        try:
            fn = opened_fn(path)
        except StoreInUseError:
            fail(
                f"FN {path.stem} is in use by another process: a running till is asked by `kktsim fn info` and"
                " `kktsim fn documents` without a number; or end that process first",
                ENVIRONMENT,
            )
        try:
            yield fn
        finally:
            fn.archive.close()
