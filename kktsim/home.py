"""A home: the directory where tills and FNs outlive the process.

``DIR/tills/NAME.till`` is the memory of a till with the record of what hands did to it, ``DIR/fn/NUMBER.fn`` an FN,
whether it is in a till or lies on the shelf. A file that a process has open is locked for every other one. Beside
them ``DIR/ofd/NAME.ofd`` is what the operator inside the till's bench has, ``DIR/tablets/NAME.json`` what the tablet
of its terminal keeps; both belong to whoever has the till open.
"""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from fn_model import FiscalStorage, FnModel
from fn_model.number import checked
from fn_model.sqlite_archive import SqliteArchive
from fn_model.store_file import StoreFileError, StoreInUseError
from kktsim.nvram import DiskNvram
from kktsim.patience import Patience
from kktsim.shelf import FIRST_FN_NUMBER, next_number
from kktsim.till_record import TillRecord

DEFAULT_TILL = "kkt0"
_TILL_NAME = re.compile(r"[\w][\w.-]{0,63}")


class HomeError(Exception):
    """That cannot be done in this home; the message says why and what to do instead."""


class NoSuchTillError(HomeError):
    """There is no till of that name."""


class Slots(NamedTuple):
    """«Гнёзда ФН» of the tills of a home. ``of_number``: FNs in tills at rest, to the name of the till.

    ``running``: tills that a process has open; which FNs are in them only the locks tell.
    ``damaged``: tills that cannot be read, with why not; which FNs are in them nothing tells.
    """

    of_number: dict[str, str]
    running: list[str]
    damaged: dict[str, str]


class Home:
    """«Дом»: a directory of tills and FNs.

    ``is_synced``: what is written survives a power cut of the machine, not only a kill of the process.
    """

    def __init__(self, path: Path, *, is_synced: bool = False) -> None:
        self.path = path
        self.is_synced = is_synced

    # ---- tills

    def till_file(self, name: str) -> Path:
        """Where the till of that name is kept, if there is one; raises `HomeError` when that is no name."""
        if _TILL_NAME.fullmatch(name) is None:
            raise HomeError(f"{name!r} is no name of a till: take letters, digits, - and _, up to 64 of them")
        return self.path / "tills" / f"{name}.till"

    def ofd_file(self, name: str) -> Path:
        """Where the operator inside the till's bench keeps its documents."""
        return self.path / "ofd" / f"{name}.ofd"

    def tablet_file(self, name: str) -> Path:
        """Where the memory of the tablet at the till is kept."""
        return self.path / "tablets" / f"{name}.json"

    def tills(self) -> list[str]:
        """Names of the tills."""
        return sorted(path.stem for path in self.path.glob("tills/*.till"))

    def has_till(self, name: str) -> bool:
        """Whether there is a till of that name; one that was cut off while it moved in is taken away."""
        try:
            with self.record(name):
                return True
        except StoreInUseError:
            return True
        except NoSuchTillError:
            return False

    @contextmanager
    def record(self, name: str) -> Iterator[TillRecord]:
        """The record of a till that is not running, to look at and to change."""
        with closing(self.open_till(name, Patience())) as nvram:
            yield nvram.record

    def open_till(self, name: str, patience: Patience) -> DiskNvram:
        """The memory of a till that is not running; raises `NoSuchTillError` and `StoreFileError`.

        A till that was killed while it moved in is there when its FN has got its history, and never was otherwise.
        """
        nvram = self._opened_till(name, patience)
        try:
            if self._is_moved_in(nvram.record):
                return nvram
            nvram.path.unlink()
            raise self._no_such_till(name)
        except BaseException:
            nvram.close()
            raise

    def slots(self, but: str | None = None, patience: Patience | None = None) -> "Slots":
        """Which FNs are in tills; the till ``but`` is left out. ``patience``: with others that look; none unless told.

        Without it a till that somebody looks at counts as running.
        """
        slots = Slots({}, [], {})
        patience = patience or Patience(0)
        for name in self.tills():
            if name == but:
                continue
            try:
                with closing(self._opened_till(name, patience)) as nvram:
                    number = nvram.record.fn_number
            except StoreInUseError:
                slots.running.append(name)
            except StoreFileError as error:
                slots.damaged[name] = str(error)
            except NoSuchTillError:
                continue
            else:
                if number is not None:
                    slots.of_number[number] = name
        return slots

    def insert(self, number: str, till: str) -> None:
        """Put an FN into a till that is not running."""
        self.refuse_in_other_till(number, till)
        with self._resting(till, "kktsim fn plug") as record:
            if record.fn_number is not None:
                raise _is_in_till(record.fn_number, till)
            self.open_fn(number).close()
            record.fn_number = number

    def refuse_in_other_till(self, number: str, till: str) -> None:
        """Raise `HomeError` when an FN is in another till, or there is none of that number."""
        self.fn_file(number)
        in_tills = self.slots(till, Patience()).of_number
        if number in in_tills:
            raise _is_in_till(number, in_tills[number])

    def remove(self, till: str) -> str:
        """Take the FN out of a till that is not running; its number."""
        with self._resting(till, "kktsim fn unplug") as record:
            number = record.fn_number
            if number is None:
                raise HomeError(f"no FN is in the till {till}: put one in with `kktsim fn insert NUMBER --till {till}`")
            record.fn_number = None
        return number

    def _opened_till(self, name: str, patience: Patience) -> DiskNvram:
        path = self.till_file(name)
        if not path.exists():
            raise self._no_such_till(name)
        return patience.open(lambda: DiskNvram.open(path, is_synced=self.is_synced))

    def _is_moved_in(self, record: TillRecord) -> bool:
        """Whether the FN has got the history with which the till has moved in."""
        if record.awaited_sign is None:
            return True
        if record.fn_number not in self.fn_numbers():
            return False
        with closing(self.open_fn(record.fn_number)) as archive:
            last = archive.tail()
        if last is None or last.sign != record.awaited_sign:
            return False
        record.move_in()
        return True

    def _no_such_till(self, name: str) -> NoSuchTillError:
        return NoSuchTillError(
            f"there is no till {name} in {self.path}: `kktsim serve --home {self.path} --till {name}` makes one"
        )

    @contextmanager
    def _resting(self, till: str, command: str) -> Iterator[TillRecord]:
        """The record of a till; ``command`` does the same with one that is running."""
        try:
            with self.record(till) as record:
                yield record
        except StoreInUseError:
            raise HomeError(f"the till {till} is running: `{command}` does that with a running till") from None

    # ---- FNs

    def fn_file(self, number: str) -> Path:
        """Where the FN of that number is kept; raises `HomeError` when there is none."""
        path = self._fn_path(number)
        if not path.exists():
            raise HomeError(
                f"there is no FN {number} in {self.path}; it holds {', '.join(self.fn_numbers()) or 'none'}:"
                " `kktsim fn new` makes one"
            )
        return path

    def fn_numbers(self) -> list[str]:
        """Numbers of all FNs."""
        shelf = self.path / "fn"
        return sorted(path.stem for path in shelf.iterdir() if path.suffix == ".fn") if shelf.is_dir() else []

    def must_exist(self) -> None:
        """Raise `HomeError` when no till and no FN was ever here."""
        if not any((self.path / name).is_dir() for name in ("fn", "tills")):
            raise HomeError(f"{self.path} is no home of tills and FNs: `kktsim fn new --home {self.path}` makes one")

    def number_of(self, text: str) -> str:
        """The number of an FN of this home that is told by its number or its file; raises `HomeError`."""
        path = self._fn_path(text) if is_fn_number(text) else Path(text)
        if path.resolve() != self._fn_path(path.stem).resolve():
            raise HomeError(f"{text} is no FN of {self.path}: move the file to {self._fn_path('NUMBER')} first")
        return path.stem

    def next_fn_number(self) -> str:
        """The number that a new FN gets."""
        return next_number(self.fn_numbers())

    def new_fn(self, model: FnModel, number: str | None) -> SqliteArchive:
        """A new FN, opened; the next number unless told."""
        number = next_number(self.fn_numbers()) if number is None else number
        try:
            path = self._fn_path(checked(number))
        except ValueError as error:
            raise HomeError(str(error)) from None
        if path.exists():
            raise HomeError(f"there is an FN {number} in {self.path}: take another number, or none for the next one")
        made_directory(path.parent)
        return SqliteArchive.create(path, number, model, is_synced=self.is_synced)

    def open_fn(self, number: str, patience: Patience | None = None) -> SqliteArchive:
        """The FN of that number, opened; raises `HomeError` and `StoreFileError`."""
        path = self.fn_file(number)
        try:
            return (patience or Patience()).open(lambda: SqliteArchive.open(path, is_synced=self.is_synced))
        except StoreInUseError:
            raise HomeError(
                f"FN {number} is in use by a running till: take it out of that with `kktsim fn unplug` first"
            ) from None

    def _fn_path(self, number: str) -> Path:
        return self.path / "fn" / f"{number}.fn"


def _is_in_till(number: str, till: str) -> HomeError:
    return HomeError(f"FN {number} is in the till {till}: take it out with `kktsim fn remove --till {till}` first")


def made_directory(path: Path) -> None:
    """Make a directory of a home, if need be; raises `HomeError`."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HomeError(f"{path} cannot be made ({error.strerror}): choose another directory with --home") from None


def is_fn_number(text: str) -> bool:
    """Whether that is a number of an FN, and not the name of a file."""
    return len(text) == len(FIRST_FN_NUMBER) and text.isascii() and text.isdigit()


def opened_fn(path: Path, patience: Patience | None = None) -> FiscalStorage:
    """The FN of a file, without power; raises `StoreFileError`."""
    fn = FiscalStorage.opened((patience or Patience()).open(lambda: SqliteArchive.open(path)))
    fn.power_off()
    return fn
