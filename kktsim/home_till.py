"""Tills of a home: how a new one moves in, and how one that is there comes up again."""

from contextlib import ExitStack
from pathlib import Path

from fn_model import FiscalStorage, load_model
from fn_model.memory_archive import MemoryArchive
from fn_model.sqlite_archive import SqliteArchive
from fn_model.store_file import StoreInUseError
from kktsim import kkt_models
from kktsim.bench import Bench
from kktsim.clock import ClockKind
from kktsim.device.model import KktModel
from kktsim.home import Home, HomeError, made_directory
from kktsim.home_shelf import HomeShelf
from kktsim.nvram import DiskNvram
from kktsim.till_record import TillRecord


class HomeTill:
    """A till of a home that is up. ``bench``: with everything around it."""

    def __init__(self, bench: Bench, nvram: DiskNvram, record: TillRecord) -> None:
        self.bench = bench
        self.record = record
        self._nvram = nvram
        bench.clock.keep_by(self._keep_world)
        record.ofd_is_up = bench.ofd.is_up

    def _keep_world(self, world: float) -> None:
        self.record.world = world
        self.record.ofd_is_up = self.bench.ofd.is_up

    def close(self) -> None:
        """Let go of the files; the till finds itself as after a power cut."""
        self.record.ofd_is_up = self.bench.ofd.is_up
        if self.bench.fn is not None:
            self.bench.fn.archive.close()
        self._nvram.close()


def come_up(
    home: Home, name: str, world: float, kind: ClockKind, number: str | None = None, *, virtual: bool = False
) -> HomeTill:
    """A till that is there comes up by a power-on.

    ``world``: what time it is, unless the till has reached a later one; ``number``: this FN is put into it first;
    ``virtual``: host time stands until somebody waits.
    """
    with ExitStack() as held:
        try:
            nvram = DiskNvram.open(home.till_file(name), is_synced=home.is_synced)
        except StoreInUseError:
            raise HomeError(
                f"the till {name} is running in another process: end that one, or name another with --till NAME"
            ) from None
        held.callback(nvram.close)
        record = TillRecord(nvram.run)
        model = _model(name, record)
        if number is not None and number != record.fn_number:
            home.refuse_in_other_till(number, name)
            home.open_fn(number).close()
            record.fn_number = number
        fn = None
        if record.fn_number is not None:
            fn = FiscalStorage.opened(home.open_fn(record.fn_number))
            held.callback(fn.archive.close)
        shelf = HomeShelf(home, name, record, load_model() if fn is None else fn.model)
        bench = Bench(model, max(world, record.world), kind, virtual=virtual, fn=fn, shelf=shelf)
        bench.ofd.is_up = record.ofd_is_up
        bench.kkt.nvram = nvram
        bench.power_off()
        bench.power_on()
        held.pop_all()
        return HomeTill(bench, nvram, record)


def move_in(home: Home, name: str, bench: Bench, model_file: Path | None, archive: SqliteArchive | None) -> HomeTill:
    """A new till with its FN, so far in memory, lives on in a home as it is; nobody switches it off.

    ``archive``: the file of the FN, where that has lived until now; a new one is made otherwise.
    """
    fn = bench.fn
    assert fn is not None and isinstance(fn.archive, MemoryArchive)
    path = home.till_file(name)
    made_directory(path.parent)
    if archive is None:
        fn.archive = home.new_fn(fn.model, fn.number, fn.archive)
    else:
        live_on(bench, archive, is_synced=home.is_synced)
    nvram = DiskNvram.create(path, bench.kkt.memory, is_synced=home.is_synced)
    record = TillRecord(nvram.run)
    record.model = bench.kkt.model.name
    record.model_file = None if model_file is None else str(model_file.resolve())
    record.fn_number = fn.number
    bench.kkt.nvram = nvram
    bench.shelf = HomeShelf(home, name, record, fn.model)
    return HomeTill(bench, nvram, record)


def fn_to_begin_with(archive: SqliteArchive) -> FiscalStorage:
    """The FN of a file in memory, to play a till's history with."""
    return FiscalStorage(archive.model, archive.number, archive.fork())


def live_on(bench: Bench, archive: SqliteArchive, *, is_synced: bool) -> SqliteArchive:
    """Let the FN in a bench's till, so far in memory, live on in the file it was taken from; that file, opened.

    The file gets the whole history at once: one that is interrupted leaves it as it was.
    """
    fn = bench.fn
    assert fn is not None and isinstance(fn.archive, MemoryArchive)
    if fn.state.document_number != archive.state.document_number:
        path, draft = archive.path, archive.path.with_suffix(".moving")
        draft.unlink(missing_ok=True)
        SqliteArchive.create(draft, fn.number, fn.model, contents=fn.archive).close()
        archive.close()
        draft.replace(path)
        archive = SqliteArchive.open(path, is_synced=is_synced)
    fn.archive = archive
    return archive


def _model(till: str, record: TillRecord) -> KktModel:
    try:
        if record.model_file is not None:
            return kkt_models.load_file(Path(record.model_file))
        return kkt_models.load(record.model or kkt_models.DEFAULT_MODEL)
    except (kkt_models.ModelFileError, kkt_models.UnknownModelError) as error:
        raise HomeError(f"the till {till} is of a model that cannot be had: {error}") from None
