"""The shelf beside a till of a home."""

from collections.abc import Callable, Iterable, Iterator

from fn_model import FiscalStorage, FnModel
from fn_model.sqlite_archive import SqliteArchive
from fn_model.store_file import StoreFileError
from kktsim.hands.error import HandsError
from kktsim.home import Home, HomeError, opened_fn
from kktsim.patience import Patience
from kktsim.shelf import MemoryShelf, next_number, no_such_fn
from kktsim.till_record import TillRecord


class HomeShelf:
    """The shelf beside a till of a home: every FN of the home that is in no till.

    ``record`` is the till's: what is taken from here is in its slot. ``model``: of new FNs.
    """

    __slots__ = ("_home", "_model", "_pulled", "_record", "_till")

    def __init__(self, home: Home, till: str, record: TillRecord, model: FnModel) -> None:
        self._home = home
        self._till = till
        self._record = record
        self._model = model
        self._pulled: dict[str, FiscalStorage] = {}
        """What was pulled out, in that order, with what hands have broken in it; their files are closed."""

    def numbers(self) -> list[str]:
        """Numbers of the FNs, the last one pulled out last."""
        slots = self._home.slots(but=self._till)
        in_tills = {*slots.of_number, self._record.fn_number}
        numbers = [one for one in self._home.fn_numbers() if one not in in_tills]
        if slots.running:
            numbers = [one for one in numbers if not self._is_in_use(one)]
        return sorted(numbers, key=self._place)

    def put(self, fn: FiscalStorage) -> None:
        """Lay an FN there; its file is closed."""
        self._record.fn_number = None
        fn.archive.close()
        self._pulled.pop(fn.number, None)
        self._pulled[fn.number] = fn

    def take(self, number: str | None) -> FiscalStorage:
        """Take an FN away, the last one that was put unless told."""
        numbers = self.numbers()
        if number is None and numbers:
            number = numbers[-1]
        in_tills = self._home.slots(self._till, Patience()).of_number
        if number in in_tills:
            till = in_tills[number]
            raise HandsError(f"FN {number} is in the till {till}: take it out with `kktsim fn remove --till {till}`")
        if number is None or number not in numbers:
            raise no_such_fn(numbers)
        wanted = number
        return self._in_slot(lambda: self._home.open_fn(wanted))

    def new(self, taken: Iterable[str], model: FnModel | None = None) -> FiscalStorage:
        """A fresh FN, in a file of its own."""
        number = next_number([*taken, *self._home.fn_numbers()])
        return self._in_slot(lambda: self._home.new_fn(model or self._model, number))

    def fns(self) -> Iterator[FiscalStorage]:
        """The FNs, each open until the next one is asked for."""
        for number in self.numbers():
            try:
                fn = opened_fn(self._home.fn_file(number))
            except StoreFileError:
                continue
            try:
                yield fn
            finally:
                fn.archive.close()

    def fork(self) -> MemoryShelf:
        """The same FNs in another world; they live in memory."""
        return MemoryShelf(self._model, [fn.copy() for fn in self.fns()])

    def _place(self, number: str) -> int:
        return [*self._pulled].index(number) if number in self._pulled else -1

    def _is_in_use(self, number: str) -> bool:
        try:
            self._home.open_fn(number, Patience(0)).close()
        except (HomeError, StoreFileError):
            return True
        return False

    def _in_slot(self, opened: Callable[[], SqliteArchive]) -> FiscalStorage:
        """The FN of a file, which is in the slot from now on."""
        try:
            archive = opened()
        except (HomeError, StoreFileError) as error:
            raise HandsError(str(error)) from error
        try:
            self._record.fn_number = archive.number
        except StoreFileError as error:
            archive.close()
            raise HandsError(str(error)) from error
        fn = self._pulled.pop(archive.number, None)
        if fn is None:
            fn = FiscalStorage.opened(archive)
            fn.power_off()
        fn.archive = archive
        return fn
