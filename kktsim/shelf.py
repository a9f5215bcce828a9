"""FNs that lie beside a till, without power."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from fn_model import FiscalStorage, FnModel
from kktsim.hands.error import HandsError
from protocol.fn.commands import Phase

FIRST_FN_NUMBER = "9999078900000001"


class Shelf(Protocol):
    """Where FNs lie. Whatever cannot be done raises `HandsError`."""

    def numbers(self) -> list[str]:
        """Numbers of the FNs, the last one pulled out last."""

    def put(self, fn: FiscalStorage) -> None:
        """Lay an FN there that was pulled out."""

    def take(self, number: str | None) -> FiscalStorage:
        """Take an FN away, the last one that was pulled out unless told."""

    def new(self, taken: Iterable[str], model: FnModel | None = None) -> FiscalStorage:
        """A fresh FN, not on the shelf; its number follows all that are there and ``taken``.

        ``model``: another one than the shelf's own.
        """

    def fns(self) -> Iterator[FiscalStorage]:
        """The FNs, each to be looked at until the next one is asked for."""

    def fork(self) -> "Shelf":
        """The same FNs in another world; they live in memory."""


class MemoryShelf:
    """A shelf that lives as long as the process. ``model``: of its new FNs."""

    __slots__ = ("_fns", "_model")

    def __init__(self, model: FnModel, fns: Iterable[FiscalStorage] = ()) -> None:
        self._model = model
        self._fns = list(fns)

    def numbers(self) -> list[str]:
        """Numbers of the FNs, the last one pulled out last."""
        return [fn.number for fn in self._fns]

    def put(self, fn: FiscalStorage) -> None:
        """Lay an FN there."""
        self._fns.append(fn)

    def take(self, number: str | None) -> FiscalStorage:
        """Take an FN away, the last one that was put unless told."""
        fitting = [fn for fn in self._fns if number in (None, fn.number)]
        if not fitting:
            raise no_such_fn(self.numbers())
        self._fns.remove(fitting[-1])
        return fitting[-1]

    def new(self, taken: Iterable[str], model: FnModel | None = None) -> FiscalStorage:
        """A fresh FN."""
        return FiscalStorage.new(model or self._model, next_number([*taken, *self.numbers()]))

    def fns(self) -> Iterator[FiscalStorage]:
        """The FNs."""
        return iter(self._fns)

    def fork(self) -> "MemoryShelf":
        """The same FNs in another world."""
        return MemoryShelf(self._model, (fn.copy() for fn in self._fns))


def next_number(taken: Iterable[str]) -> str:
    """The number behind the greatest of ``taken``."""
    return str(max((int(one) for one in taken), default=int(FIRST_FN_NUMBER) - 1) + 1)


def no_such_fn(numbers: Iterable[str]) -> HandsError:
    """What is said when an FN is not on the shelf."""
    return HandsError(f"there is no such FN on the shelf; it holds {', '.join(numbers) or 'nothing'}")


def troubles(shelf: Shelf) -> list[str]:
    """What is wrong with leaving the FNs on a shelf, a sentence each."""
    told = []
    for fn in shelf.fns():
        if fn.phase is Phase.FISCAL:
            told.append(f"FN {fn.number} lies on the shelf with its archive open")
        if unsent := fn.archive.unsent_count():
            told.append(f"FN {fn.number} lies on the shelf with {unsent} unsent documents")
    return told
